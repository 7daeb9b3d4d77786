// Reads a tape and trusts none of its bytes.
#pragma once

#include "core/tape/frame.hpp"
#include "core/tape/memory.hpp"
#include "core/tape/tape_error.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

enum class read_status : std::uint8_t { record, end, error };

/// Gives the records of a file one by one, each checked: length, checksum, sequence, chain. Memory is one
/// buffer as large as the largest record met, whatever the length of the file. After the first error
/// nothing more is given.
class tape_reader {
public:
  /// A file that cannot be opened is the error of the first next().
  explicit tape_reader(std::filesystem::path path);
  /// The same of a tape in memory, whose bytes must outlive the reader and stay as they are.
  tape_reader(const tape_memory& memory, std::filesystem::path name);
  ~tape_reader();
  tape_reader(const tape_reader&) = delete;
  tape_reader& operator=(const tape_reader&) = delete;

  /// record: `out` is the next one, its payload valid until the next call. The end record is given too.
  /// end: the whole tape was read and is complete. error: see fault() and error().
  read_status next(tape_record& out);

  tape_fault fault() const { return fault_; }
  /// "FILE: record 1234 at byte 56789: the checksum does not match ...".
  const std::string& error() const { return error_; }

  const std::filesystem::path& path() const { return path_; }
  std::uint64_t records() const { return records_; }       ///< good ones so far
  std::uint64_t position() const { return position_; }     ///< bytes of the file that are good so far
  const chain_value& chain() const { return good_chain_; } ///< after the good records
  /// "FILE: record 1234 at byte 56789": for errors that a user of the records finds.
  std::string place(const tape_record& record) const;

private:
  bool fill(std::size_t wanted);
  bool read_frame(frame_head& head);
  bool refuse_short(std::size_t needed);
  bool read_start();
  bool check(const frame_head& head, std::string_view frame, const char* tail);
  bool refuse(tape_fault fault, const std::string& what);
  std::size_t available() const { return end_ - begin_; }
  const char* data() const { return buffer_.data() + begin_; }

  /// read(2) of the file, or of the bytes in memory.
  std::ptrdiff_t read_some(char* out, std::size_t most);

  std::filesystem::path path_;
  int file_ = -1;
  std::string_view memory_; ///< not yet read
  bool in_memory_ = false;
  std::vector<char> buffer_;
  std::size_t begin_ = 0; ///< unread bytes are [begin_, end_)
  std::size_t end_ = 0;
  std::uint64_t position_ = 0;
  std::uint64_t records_ = 0;
  bool started_ = false;
  bool ended_ = false;
  hash_chain chain_;
  chain_value good_chain_;
  tape_fault fault_ = tape_fault::none;
  std::string error_;
};

/// How much of a tape is good.
struct tape_prefix {
  std::uint64_t records = 0;
  std::uint64_t bytes = 0; ///< position after the last good record; 0 when not even the start is good
  chain_value chain{};
  /// none: complete. truncated: the tail is torn, and may be cut at `bytes` to go on from there. missing_end:
  /// one may go on at `bytes` at once. Any other: the tape was damaged, and must not be continued.
  tape_fault fault = tape_fault::none;
  std::string error; ///< as of tape_reader; empty when complete
};

tape_prefix check_prefix(const std::filesystem::path& path);
tape_prefix check_prefix(const tape_memory& memory);

} // namespace sentio
