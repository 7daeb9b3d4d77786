// Writes a tape.
#pragma once

#include "core/tape/codec.hpp"
#include "core/tape/frame.hpp"
#include "core/tape/reader.hpp"
#include "core/tape/tape_error.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace sentio {

/// Numbers records and writes them in their order. Until create() it is a null writer, which only numbers.
///
/// Once flush() returned, the records before it survive the end of the process (kill -9 included); once
/// sync() returned, also the loss of power. Every failure throws tape_error, and from then on every call
/// does: a tape is never continued after a hole. The destructor closes without flushing; call close() for an
/// orderly end, and append an end record before it.
class tape_writer {
public:
  tape_writer() = default;
  ~tape_writer();
  tape_writer(const tape_writer&) = delete;
  tape_writer& operator=(const tape_writer&) = delete;

  /// Starts the file. Only before the first record. Empty on success, else a sentence for the user: the file
  /// is there already (without `overwrite`), is no tape (overwrite replaces nothing but tapes), cannot be
  /// made.
  std::string create(const std::filesystem::path& path, bool overwrite);
  /// The same in memory, which must outlive the writer. What it holds is replaced.
  void create(tape_memory& memory);
  /// Goes on after the good records of a tape that was cut off; what lies behind them is cut away. Only before
  /// the first record. Empty on success, else a sentence: the tape is complete or damaged, cannot be opened.
  std::string resume(const std::filesystem::path& path, const tape_prefix& good);
  std::string resume(tape_memory& memory, const tape_prefix& good);

  /// Takes a record into memory and returns its sequence number. Flushes by itself only when more than
  /// buffer_bytes wait. Throws std::logic_error for a payload over 64 MiB and after close().
  std::uint64_t append(record_kind kind, time_ms time, std::string_view payload);
  /// The same of a structure. Throws std::logic_error when records of that kind hold another one.
  template <tape_payload X>
  std::uint64_t append(record_kind kind, time_ms time, const X& payload) {
    if (!has_file())
      return number();
    require_fit(holds<X>(kind), kind);
    payload_.clear();
    encode(payload_, payload);
    return append(kind, time, payload_.bytes());
  }

  /// write(2) of all that waits in memory. Call it before anybody acts on the records.
  void flush();
  /// flush() and fdatasync(2).
  void sync();
  /// sync() and close; nothing may be appended any more. Without effect on a null writer.
  void close();

  bool has_file() const { return !path_.empty(); }
  int descriptor() const { return file_; } ///< -1 without a file
  const std::filesystem::path& path() const { return path_; }
  std::uint64_t records() const { return records_; }
  std::uint64_t bytes() const { return written_ + buffer_.size(); } ///< of the file once flushed
  const chain_value& chain() const { return chain_.value(); }

  static constexpr std::size_t buffer_bytes = std::size_t{4} << 20;

private:
  std::uint64_t number();
  /// Bytes written, or -1 with errno.
  std::ptrdiff_t write_some(std::string_view bytes);
  void require_unused() const;
  void go_on_after(const tape_prefix& good);
  static void require_fit(bool fits, record_kind kind);
  void check_usable() const;
  [[noreturn]] void fail(const char* action, int error);

  std::filesystem::path path_;
  int file_ = -1;
  tape_memory* memory_ = nullptr;
  bool closed_ = false;
  std::string failure_;
  std::string buffer_;
  byte_writer payload_;
  hash_chain chain_;
  std::uint64_t records_ = 0;
  std::uint64_t written_ = 0;
};

} // namespace sentio
