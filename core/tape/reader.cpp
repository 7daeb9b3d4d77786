#include "core/tape/reader.hpp"

#include "core/numeric/hash.hpp"
#include "core/numeric/special_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace sentio {
namespace {

constexpr std::size_t first_buffer_bytes = 256 * 1024;

std::string hex32(std::uint32_t value) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (int shift = 28; shift >= 0; shift -= 4)
    text += digits[value >> shift & 15];
  return text;
}

} // namespace

tape_reader::tape_reader(std::filesystem::path path)
    : path_(std::move(path)), buffer_(first_buffer_bytes), good_chain_(chain_.value()) {
  if (const auto why = why_no_regular_file(path_); !why.empty()) {
    fault_ = tape_fault::unreadable;
    error_ = path_.string() + ": cannot read the tape: " + why;
    return;
  }
  file_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (file_ < 0) {
    fault_ = tape_fault::unreadable;
    error_ = path_.string() + ": cannot open the tape: " + std::generic_category().message(errno);
  }
}

tape_reader::tape_reader(const tape_memory& memory, std::filesystem::path name)
    : path_(std::move(name)), memory_(memory.bytes), in_memory_(true), buffer_(first_buffer_bytes),
      good_chain_(chain_.value()) {}

tape_reader::~tape_reader() {
  if (file_ >= 0)
    ::close(file_);
}

std::string tape_reader::place(const tape_record& record) const {
  return path_.string() + ": record " + std::to_string(record.sequence) + " at byte " +
         std::to_string(record.position);
}

bool tape_reader::refuse(tape_fault fault, const std::string& what) {
  fault_ = fault;
  error_ = path_.string() + ": record " + std::to_string(records_) + " at byte " + std::to_string(position_) +
           ": " + what;
  return false;
}

std::ptrdiff_t tape_reader::read_some(char* out, std::size_t most) {
  if (!in_memory_)
    return ::read(file_, out, most);
  const std::size_t count = std::min(most, memory_.size());
  std::memcpy(out, memory_.data(), count);
  memory_.remove_prefix(count);
  return static_cast<std::ptrdiff_t>(count);
}

/// Reads until `wanted` bytes are at hand; false at the end of the file or on an error. The buffer doubles as
/// bytes really arrive, so that an altered length cannot make it grow beyond the file.
bool tape_reader::fill(std::size_t wanted) {
  while (available() < wanted) {
    if (begin_ > 0) {
      std::memmove(buffer_.data(), data(), available());
      end_ -= begin_;
      begin_ = 0;
    }
    if (end_ == buffer_.size())
      buffer_.resize(2 * buffer_.size());
    const auto count = read_some(buffer_.data() + end_, buffer_.size() - end_);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      refuse(tape_fault::unreadable, "cannot read: " + std::generic_category().message(errno));
    if (count <= 0)
      return false;
    end_ += static_cast<std::size_t>(count);
  }
  return true;
}

bool tape_reader::read_start() {
  const bool whole = fill(tape_start_bytes);
  if (fault_ != tape_fault::none)
    return false;
  if (!whole || std::string_view(data(), tape_magic.size()) != tape_magic) {
    fault_ = tape_fault::not_a_tape;
    error_ = path_.string() + ": not a tape: it does not begin with \"sentio-tape\"";
    return false;
  }
  std::uint32_t version = 0;
  std::memcpy(&version, data() + tape_magic.size(), sizeof version);
  if (version != tape_format_version) {
    fault_ = tape_fault::wrong_version;
    error_ = path_.string() + ": the tape has format version " + std::to_string(version) +
             "; this program reads version " + std::to_string(tape_format_version);
    return false;
  }
  begin_ += tape_start_bytes;
  position_ = tape_start_bytes;
  started_ = true;
  return true;
}

bool tape_reader::check(const frame_head& head, std::string_view frame, const char* tail) {
  std::uint32_t stored = 0;
  std::memcpy(&stored, tail, sizeof stored);
  const std::uint32_t computed = crc32(frame);
  if (stored != computed)
    return refuse(tape_fault::checksum, "the checksum does not match (stored " + hex32(stored) +
                                            ", computed " + hex32(computed) +
                                            "): the record is damaged or was altered");
  if (head.flags != 0 || head.reserved != 0 || !is_known(head.kind))
    return refuse(tape_fault::malformed, "kind " + std::to_string(static_cast<int>(head.kind)) +
                                             " with flags " + std::to_string(head.flags) +
                                             " is no record of format version " +
                                             std::to_string(tape_format_version));
  if (head.sequence != records_)
    return refuse(tape_fault::sequence, "has the sequence number " + std::to_string(head.sequence) +
                                            ": records were removed, repeated or exchanged");
  const chain_value& chain = chain_.advance({frame.data(), frame.size() + sizeof stored});
  if (std::memcmp(chain.data(), tail + sizeof stored, chain.size()) != 0)
    return refuse(tape_fault::chain, "the hash chain is broken: this record or one before it was exchanged");
  good_chain_ = chain;
  return true;
}

bool tape_reader::refuse_short(std::size_t needed) {
  if (fault_ != tape_fault::none)
    return false; // a read error, already told
  if (available() == 0)
    return refuse(tape_fault::missing_end, "the tape stops here, without an end record");
  return refuse(tape_fault::truncated, "the tape stops inside this record: " + std::to_string(available()) +
                                           " bytes are there, it needs " + std::to_string(needed));
}

/// Brings the next frame into the buffer, unchecked but for its length.
bool tape_reader::read_frame(frame_head& head) {
  if (!fill(frame_head_bytes))
    return refuse_short(frame_head_bytes + frame_tail_bytes);
  head = get_frame_head(data());
  if (head.payload_bytes > max_payload_bytes)
    return refuse(tape_fault::wrong_length, "says that it has " + std::to_string(head.payload_bytes) +
                                                " bytes; at most " + std::to_string(max_payload_bytes) +
                                                " are allowed");
  const std::size_t whole = frame_head_bytes + head.payload_bytes + frame_tail_bytes;
  return fill(whole) || refuse_short(whole);
}

read_status tape_reader::next(tape_record& out) {
  if (fault_ != tape_fault::none || (!started_ && !read_start()))
    return read_status::error;
  if (ended_) {
    if (fill(1))
      refuse(tape_fault::trailing, "something follows the end record; a tape ends there");
    return fault_ == tape_fault::none ? read_status::end : read_status::error;
  }
  frame_head head;
  if (!read_frame(head))
    return read_status::error;
  const std::string_view frame(data(), frame_head_bytes + head.payload_bytes);
  if (!check(head, frame, frame.data() + frame.size()))
    return read_status::error;
  out = {head.sequence, head.kind, head.time, frame.substr(frame_head_bytes), position_};
  begin_ += frame.size() + frame_tail_bytes;
  position_ += frame.size() + frame_tail_bytes;
  ++records_;
  ended_ = head.kind == record_kind::end;
  return read_status::record;
}

namespace {

tape_prefix prefix_of(tape_reader& reader) {
  tape_record record;
  while (reader.next(record) == read_status::record) {
  }
  tape_prefix prefix;
  prefix.records = reader.records();
  prefix.bytes = reader.position();
  prefix.fault = reader.fault();
  prefix.error = reader.error();
  prefix.chain = reader.chain();
  return prefix;
}

} // namespace

tape_prefix check_prefix(const std::filesystem::path& path) {
  tape_reader reader(path);
  return prefix_of(reader);
}

tape_prefix check_prefix(const tape_memory& memory) {
  tape_reader reader(memory, "memory");
  return prefix_of(reader);
}

} // namespace sentio
