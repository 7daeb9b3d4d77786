// Lines of a plain or gzip-compressed text file, through one fixed buffer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

/// Reads a file line by line in constant memory. LF and CRLF end a line; a missing last line end and
/// a byte order mark at the start are tolerated. zlib finds out by itself whether the file is compressed.
/// Throws data_error when the file cannot be opened or read, is a damaged or truncated
/// archive, or has a line longer than the buffer.
class line_source {
public:
  explicit line_source(std::filesystem::path file, std::size_t buffer_bytes = 64 * 1024);

  /// The next line without its end; valid until the next call. False at the end of the file.
  bool next(std::string_view& line);

  /// Number of the last line given, from 1.
  std::uint64_t line_number() const { return line_number_; }
  const std::filesystem::path& file() const { return file_; }

  /// Closes the file and frees the buffer until the next call of next(). Only for uncompressed files
  /// (no effect on others): thousands of symbols then need neither thousands of handles nor buffers.
  void rest();

private:
  struct closer {
    void operator()(void* handle) const;
  };

  void open();
  void fill();

  std::filesystem::path file_;
  std::size_t buffer_bytes_;
  std::unique_ptr<void, closer> handle_; ///< a gzFile; zlib.h stays out of this header
  std::vector<char> buffer_;
  std::size_t begin_ = 0; ///< unread bytes are [begin_, end_)
  std::size_t end_ = 0;
  std::int64_t offset_ = 0; ///< place in the uncompressed text of buffer_[end_]
  std::uint64_t line_number_ = 0;
  bool at_end_ = false;
};

} // namespace sentio
