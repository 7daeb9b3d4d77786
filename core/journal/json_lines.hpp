// One JSON object per line from a file, in chunks: memory stays flat whatever the file's size.
#pragma once

#include "core/journal/json_fields.hpp"

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sentio {

class json_line_source {
public:
  /// Throws log_error when the file cannot be opened. Messages name the file without its folder.
  explicit json_line_source(const std::filesystem::path& file);

  /// The next line's object, valid until the next call; empty at the end. Throws log_error.
  std::optional<json_fields> next();
  std::uint64_t count() const { return line_; }

private:
  bool refill();

  std::string name_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> handle_;
  std::vector<char> buffer_; ///< text and simdjson's padding behind it
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  bool at_end_ = false;
  std::uint64_t line_ = 0;
  simdjson::dom::parser parser_;
};

} // namespace sentio
