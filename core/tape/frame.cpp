#include "core/tape/frame.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace sentio {
namespace {

EVP_MD_CTX* as_context(void* context) {
  return static_cast<EVP_MD_CTX*>(context);
}

void require_hash(bool done) {
  if (!done)
    throw std::runtime_error("OpenSSL's SHA-256 failed; the tape's hash chain cannot go on");
}

} // namespace

std::array<char, tape_start_bytes> tape_start() {
  std::array<char, tape_start_bytes> start{};
  tape_magic.copy(start.data(), tape_magic.size());
  std::memcpy(start.data() + tape_magic.size(), &tape_format_version, sizeof tape_format_version);
  return start;
}

void put_frame_head(char* out, const frame_head& head) {
  std::memcpy(out, &head.payload_bytes, 4);
  out[4] = static_cast<char>(head.kind);
  out[5] = static_cast<char>(head.flags);
  std::memcpy(out + 6, &head.reserved, 2);
  std::memcpy(out + 8, &head.sequence, 8);
  std::memcpy(out + 16, &head.time, 8);
}

frame_head get_frame_head(const char* bytes) {
  frame_head head;
  std::memcpy(&head.payload_bytes, bytes, 4);
  head.kind = static_cast<record_kind>(bytes[4]);
  head.flags = static_cast<std::uint8_t>(bytes[5]);
  std::memcpy(&head.reserved, bytes + 6, 2);
  std::memcpy(&head.sequence, bytes + 8, 8);
  std::memcpy(&head.time, bytes + 16, 8);
  return head;
}

std::string to_hex(const chain_value& chain) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (const char byte : chain) {
    const auto code = static_cast<unsigned char>(byte);
    text += digits[code >> 4];
    text += digits[code & 15];
  }
  return text;
}

void hash_chain::release::operator()(void* context) const {
  EVP_MD_CTX_free(as_context(context));
}

hash_chain::hash_chain() : context_(EVP_MD_CTX_new()), value_(tape_start()) {
  require_hash(context_ != nullptr &&
               EVP_DigestInit_ex(as_context(context_.get()), EVP_sha256(), nullptr) == 1);
}

const chain_value& hash_chain::advance(std::string_view frame) {
  EVP_MD_CTX* context = as_context(context_.get());
  unsigned char digest[EVP_MAX_MD_SIZE];
  // The algorithm stays chosen: a null type starts over without looking it up again.
  require_hash(EVP_DigestInit_ex(context, nullptr, nullptr) == 1 &&
               EVP_DigestUpdate(context, value_.data(), value_.size()) == 1 &&
               EVP_DigestUpdate(context, frame.data(), frame.size()) == 1 &&
               EVP_DigestFinal_ex(context, digest, nullptr) == 1);
  std::memcpy(value_.data(), digest, value_.size());
  return value_;
}

} // namespace sentio
