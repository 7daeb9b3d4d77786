#include "core/journal/json_lines.hpp"

#include "core/journal/log_reader.hpp"
#include "core/numeric/special_file.hpp"

#include <cstring>

namespace sentio {

namespace {
constexpr std::size_t chunk = std::size_t{1} << 18;

/// Null when it cannot be opened.
std::FILE* open_log(const std::filesystem::path& file) {
  if (const auto why = why_no_regular_file(file); !why.empty())
    throw log_error(file.string() + ": cannot be read: " + why);
  return std::fopen(file.c_str(), "rb");
}
} // namespace

json_line_source::json_line_source(const std::filesystem::path& file)
    : name_(file.filename().string()), handle_(open_log(file), std::fclose),
      buffer_(chunk + simdjson::SIMDJSON_PADDING) {
  if (!handle_)
    throw log_error(file.string() + ": cannot be opened; is this the log directory of a run?");
}

bool json_line_source::refill() {
  if (at_end_)
    return false;
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  if (buffer_.size() - simdjson::SIMDJSON_PADDING == end_)
    buffer_.resize(2 * buffer_.size()); // a line longer than the buffer
  const std::size_t room = buffer_.size() - simdjson::SIMDJSON_PADDING - end_;
  const std::size_t got = std::fread(buffer_.data() + end_, 1, room, handle_.get());
  if (std::ferror(handle_.get()))
    throw log_error(name_ + ": cannot be read to its end");
  end_ += got;
  at_end_ = got < room;
  return true;
}

std::optional<json_fields> json_line_source::next() {
  const char* stop = nullptr;
  while (true) {
    if (begin_ < end_)
      stop = static_cast<const char*>(std::memchr(buffer_.data() + begin_, '\n', end_ - begin_));
    if (stop || !refill())
      break;
  }
  if (begin_ == end_)
    return std::nullopt;
  ++line_;
  if (!stop)
    throw log_error(name_ + ":" + std::to_string(line_) + ": the line has no end; the file was cut off");
  const char* start = buffer_.data() + begin_;
  const auto length = static_cast<std::size_t>(stop - start);
  begin_ += length + 1;
  simdjson::dom::object object;
  const auto error = parser_.parse(start, length, false).get(object);
  if (error)
    throw log_error(name_ + ":" + std::to_string(line_) + ": not a JSON object (" +
                    simdjson::error_message(error) + ")");
  return json_fields(object, name_, line_);
}

} // namespace sentio
