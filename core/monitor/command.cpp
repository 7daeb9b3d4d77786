#include "core/monitor/command.hpp"

#include "core/monitor/certificates.hpp"
#include "core/monitor/openssl_pieces.hpp"
#include "core/numeric/base64.hpp"
#include "core/numeric/bytes.hpp"
#include "core/numeric/plain_text.hpp"

#include <nlohmann/json.hpp>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

namespace sentio {

namespace {

using json = nlohmann::ordered_json;
using digest_pointer = std::unique_ptr<EVP_MD_CTX, openssl::freed_by<EVP_MD_CTX_free>>;

constexpr std::size_t public_key_bytes = 32;
constexpr std::size_t signature_bytes = 64;
constexpr std::size_t longest_instance = 64;
constexpr std::size_t longest_word = 16;
constexpr std::uint64_t largest_counter =
    (std::uint64_t{1} << 53) - 1; ///< what every JSON reader keeps whole
constexpr std::size_t longest_key_file = 16 * 1024;
constexpr std::size_t most_keys = 16;
/// No signature for another purpose can ever be one of a command.
constexpr std::string_view signed_purpose = "sentio operator command 1\n";
constexpr std::array<std::string_view, 7> words{"pause", "resume", "flatten",  "halt",
                                                "kill",  "rearm",  "configure"};

EVP_PKEY* raw(const std::shared_ptr<void>& key) {
  return static_cast<EVP_PKEY*>(key.get());
}

std::shared_ptr<void> shared(EVP_PKEY* key) {
  return {key, [](void* one) { EVP_PKEY_free(static_cast<EVP_PKEY*>(one)); }};
}

const unsigned char* octets(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

/// The 64 bytes of a signature; nothing for any text but the one that base64() makes of them.
std::optional<std::string> signature_from(std::string_view text) {
  auto bytes = parse_base64(text);
  return bytes && bytes->size() == signature_bytes && base64(*bytes) == text ? std::move(bytes)
                                                                             : std::nullopt;
}

/// An argument may be a configuration, with lines and tabs.
bool is_plain_argument(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\t' || c == '\r'; }, ' ');
  return is_plain(text, line_ends::kept);
}

bool is_word(std::string_view text) {
  return !text.empty() && text.size() <= longest_word &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

bool is_instance_id(std::string_view text) {
  // The names of certificates are shorter, the characters are the same.
  return !text.empty() && text.size() <= longest_instance &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_certificate_name({&c, 1});
         });
}

/// A sentence about the first field that is out of its range; "" when all are good.
std::string field_problem(const remote_command& command) {
  if (!is_instance_id(command.instance))
    return "its instance is no id (1 to 64 characters of A-Z a-z 0-9 . _ -)";
  if (command.counter == 0 || command.counter > largest_counter)
    return "its counter is not from 1 to 2^53-1";
  if (command.expires <= 0)
    return "it has no time at which it expires";
  if (!is_word(command.command))
    return "its command is no word";
  if (command.argument.size() > longest_command_argument || !is_plain_argument(command.argument))
    return "its argument is longer than " + std::to_string(longest_command_argument) +
           " bytes or has control characters";
  if (command.sender.empty() || command.sender.size() > longest_command_sender || !is_plain(command.sender))
    return "its sender is no name of 1 to 64 characters";
  return "";
}

std::string fingerprint_of(EVP_PKEY* key) {
  std::array<unsigned char, public_key_bytes> bytes{};
  std::size_t length = bytes.size();
  openssl::must(EVP_PKEY_get_raw_public_key(key, bytes.data(), &length) == 1 && length == bytes.size(),
                "read an operator's key");
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256(bytes.data(), bytes.size(), digest.data());
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const unsigned char byte : digest) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

/// The public key in the next block of a PEM text, a null one for any other block; nothing at the end or at
/// damage, and OpenSSL's last error then says which.
std::optional<std::shared_ptr<void>> next_block(BIO* bio) {
  char* name = nullptr;
  char* header = nullptr;
  unsigned char* bytes = nullptr;
  long length = 0;
  if (PEM_read_bio(bio, &name, &header, &bytes, &length) != 1)
    return std::nullopt;
  const unsigned char* at = bytes;
  EVP_PKEY* key = std::string_view(name) == PEM_STRING_PUBLIC ? d2i_PUBKEY(nullptr, &at, length) : nullptr;
  OPENSSL_free(name);
  OPENSSL_free(header);
  OPENSSL_free(bytes);
  return shared(key);
}

bool is_fingerprint(std::string_view text) {
  return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

/// Takes the fields of an object out one by one; the first that is missing or of another type is told.
class field_taker {
public:
  explicit field_taker(const json& object) : object_(object) {}

  std::string text(const char* name) {
    const json* found = find(name);
    if (found && !found->is_string())
      complain(std::string(name) + " is no text");
    return found && found->is_string() ? found->get<std::string>() : std::string();
  }
  std::uint64_t number(const char* name) {
    const json* found = find(name);
    if (found && !found->is_number_unsigned())
      complain(std::string(name) + " is no whole number from 0 on");
    return found && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
  }
  /// "" when every field was there and no other one is.
  std::string problem() const {
    if (problem_.empty() && object_.size() != taken_)
      return "it has fields that no command has";
    return problem_;
  }

private:
  const json* find(const char* name) {
    const auto at = object_.find(name);
    if (at == object_.end()) {
      complain(std::string(name) + " is missing");
      return nullptr;
    }
    ++taken_;
    return &*at;
  }
  void complain(const std::string& what) {
    if (problem_.empty())
      problem_ = what;
  }

  const json& object_;
  std::size_t taken_ = 0;
  std::string problem_;
};

/// The object in a text; nothing for anything else, also for one whose keys are not unique: two readers
/// could take two different values from it.
std::optional<json> object_from(std::string_view text) {
  std::set<std::string> keys;
  bool unique = true;
  const auto watch = [&](int depth, json::parse_event_t event, json& value) {
    if (event == json::parse_event_t::key && depth == 1)
      unique = keys.insert(value.get<std::string>()).second && unique;
    return true;
  };
  auto out = json::parse(text, watch, false);
  if (!unique || !out.is_object())
    return std::nullopt;
  return out;
}

} // namespace

bool is_operator_command(std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string canonical_bytes(const remote_command& command) {
  byte_writer out;
  out.put_raw(signed_purpose);
  out.put_text(command.instance);
  out.put(command.counter);
  out.put(command.expires);
  out.put_text(command.command);
  out.put_text(command.argument);
  out.put_text(command.sender);
  return out.take();
}

std::optional<signed_command> parse_command(std::string_view text, std::string& why) {
  if (text.size() > longest_command_text) {
    why = "a command has at most " + std::to_string(longest_command_text) + " bytes, not " +
          std::to_string(text.size());
    return std::nullopt;
  }
  const auto object = object_from(text);
  if (!object) {
    why = "a command is one JSON object with each field once";
    return std::nullopt;
  }
  field_taker take(*object);
  const auto type = take.text("type");
  signed_command out;
  out.value.instance = take.text("instance");
  out.value.counter = take.number("counter");
  const auto expires = take.number("expires");
  out.value.command = take.text("command");
  out.value.argument = take.text("argument");
  out.value.sender = take.text("sender");
  out.key = take.text("key");
  const auto signature = signature_from(take.text("signature"));
  why = take.problem();
  if (why.empty() && type != "command")
    why = "its type is not command";
  if (why.empty() && expires > largest_counter)
    why = "it has no time at which it expires";
  out.value.expires = static_cast<time_ms>(std::min(expires, largest_counter));
  if (why.empty())
    why = field_problem(out.value);
  if (why.empty() && !is_fingerprint(out.key))
    why = "its key is no fingerprint of 64 hexadecimal digits";
  if (why.empty() && !signature)
    why = "its signature is not 64 bytes in base64";
  if (!why.empty())
    return std::nullopt;
  out.signature = *signature;
  return out;
}

operator_public_key::operator_public_key(std::shared_ptr<void> key)
    : key_(std::move(key)), fingerprint_(fingerprint_of(raw(key_))) {}

std::vector<operator_public_key> operator_public_key::load(const std::filesystem::path& file) {
  const std::string text = read_guarded(file, file_guard::own_to_write, longest_key_file);
  const openssl::bio_pointer bio{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
  openssl::must(bio != nullptr, "make a buffer");
  std::vector<operator_public_key> keys;
  while (auto block = next_block(bio.get())) {
    if (!*block || EVP_PKEY_get_id(raw(*block)) != EVP_PKEY_ED25519)
      throw file_problem(file.string() + " holds something that is no Ed25519 public key; an operator.pub of "
                                         "`sentio-actors certs` holds nothing else");
    keys.push_back(operator_public_key(*block));
  }
  const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (keys.empty() || !at_end || keys.size() > most_keys)
    throw file_problem(file.string() +
                       (keys.size() > most_keys ? " holds more than " + std::to_string(most_keys) + " keys"
                                                : " holds no public keys in PEM form, or a damaged one") +
                       "; the operator.pub of `sentio-actors certs` belongs there");
  return keys;
}

bool operator_public_key::verify(const signed_command& command) const {
  if (command.signature.size() != signature_bytes)
    return false;
  const auto bytes = canonical_bytes(command.value);
  const digest_pointer context{EVP_MD_CTX_new()};
  openssl::must(context && EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, raw(key_)) == 1,
                "prepare the check of a signature");
  const bool good = EVP_DigestVerify(context.get(), octets(command.signature), command.signature.size(),
                                     octets(bytes), bytes.size()) == 1;
  ERR_clear_error();
  return good;
}

operator_key::operator_key(std::shared_ptr<void> key) : public_key_(std::move(key)) {}

operator_key operator_key::load(const std::filesystem::path& file) {
  auto key = openssl::private_key_from(read_guarded(file, file_guard::owner_only, longest_key_file));
  if (!key || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519)
    throw file_problem(file.string() + " holds no Ed25519 private key in PEM form; the operator.key of "
                                       "`sentio-actors certs` is one");
  return operator_key(shared(key.release()));
}

std::string operator_key::sign(const remote_command& command) const {
  const std::string problem =
      is_operator_command(command.command) ? field_problem(command) : command.command + " is no command";
  if (!problem.empty())
    throw std::invalid_argument("a command cannot be signed: " + problem);
  const auto bytes = canonical_bytes(command);
  std::string signature(signature_bytes, '\0');
  std::size_t length = signature.size();
  const digest_pointer context{EVP_MD_CTX_new()};
  openssl::must(
      context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, raw(public_key_.key_)) == 1 &&
          EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &length,
                         octets(bytes), bytes.size()) == 1 &&
          length == signature_bytes,
      "sign a command");
  const json text{
      {"type", "command"},          {"instance", command.instance}, {"counter", command.counter},
      {"expires", command.expires}, {"command", command.command},   {"argument", command.argument},
      {"sender", command.sender},   {"key", fingerprint()},         {"signature", base64(signature)}};
  std::string out;
  try {
    out = text.dump();
  } catch (const json::exception&) {
    throw std::invalid_argument("a command cannot be signed: a text of it is not UTF-8");
  }
  if (out.size() > longest_command_text)
    throw std::invalid_argument("a command cannot be signed: it is longer than " +
                                std::to_string(longest_command_text) + " bytes as JSON");
  return out;
}

} // namespace sentio
