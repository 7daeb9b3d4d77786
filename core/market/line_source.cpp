#include "core/market/line_source.hpp"

#include "core/market/data_error.hpp"
#include "core/numeric/special_file.hpp"

#include <cerrno>
#include <cstring>
#include <system_error>
#include <zlib.h>

namespace sentio {

namespace {

gzFile gz(void* handle) {
  return static_cast<gzFile>(handle);
}

std::string system_message() {
  return std::generic_category().message(errno);
}

} // namespace

void line_source::closer::operator()(void* handle) const {
  gzclose_r(gz(handle)); // a reader has nothing to flush, and read errors were reported when they came
}

line_source::line_source(std::filesystem::path file, std::size_t buffer_bytes)
    : file_(std::move(file)), buffer_bytes_(buffer_bytes) {
  open();
  fill();
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (std::string_view(buffer_.data(), end_).starts_with(byte_order_mark))
    begin_ = byte_order_mark.size();
}

void line_source::open() {
  if (const auto why = why_no_regular_file(file_); !why.empty())
    throw data_error(file_.string() + ": cannot read the file: " + why);
  errno = 0;
  handle_.reset(gzopen(file_.c_str(), "rb"));
  if (!handle_)
    throw data_error(file_.string() + ": cannot open the file (" + system_message() +
                     "); it must exist and be readable");
  if (offset_ != 0 && gzseek(gz(handle_.get()), offset_, SEEK_SET) != offset_)
    throw data_error(file_.string() + ": cannot return to byte " + std::to_string(offset_) +
                     "; the file must not change while it is read");
  buffer_.resize(buffer_bytes_);
}

void line_source::fill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (end_ == buffer_.size())
    throw data_error(file_.string() + ":" + std::to_string(line_number_ + 1) + ": a line of more than " +
                     std::to_string(buffer_.size()) + " bytes; a bar file has one bar a line");
  errno = 0;
  const int got =
      gzread(gz(handle_.get()), buffer_.data() + end_, static_cast<unsigned>(buffer_.size() - end_));
  int code = Z_OK;
  const char* const message = gzerror(gz(handle_.get()), &code);
  // A truncated archive gives its bytes first, and Z_BUF_ERROR with or after the last of them.
  if (got < 0 || code == Z_BUF_ERROR || code == Z_DATA_ERROR)
    throw data_error(file_.string() + ": cannot read the file (" +
                     (code == Z_ERRNO ? system_message() : std::string(message)) +
                     "); it must be plain text or a whole gzip archive");
  at_end_ = got == 0;
  end_ += static_cast<std::size_t>(got);
  offset_ += got;
}

bool line_source::next(std::string_view& line) {
  if (!handle_)
    open();
  std::size_t searched = 0;
  for (;;) {
    const char* const from = buffer_.data() + begin_;
    const std::size_t available = end_ - begin_;
    const void* const newline =
        available > searched ? std::memchr(from + searched, '\n', available - searched) : nullptr;
    if (newline || (at_end_ && available != 0)) {
      const std::size_t length =
          newline ? static_cast<std::size_t>(static_cast<const char*>(newline) - from) : available;
      begin_ += length + (newline ? 1 : 0);
      line = {from, length != 0 && from[length - 1] == '\r' ? length - 1 : length};
      ++line_number_;
      return true;
    }
    if (at_end_)
      return false;
    searched = available;
    fill();
  }
}

void line_source::rest() {
  if (!handle_ || gzdirect(gz(handle_.get())) == 0)
    return;
  offset_ -= static_cast<std::int64_t>(end_ - begin_);
  begin_ = 0;
  end_ = 0;
  at_end_ = false;
  handle_.reset();
  std::vector<char>().swap(buffer_);
}

} // namespace sentio
