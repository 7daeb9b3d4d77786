#include "core/numeric/special_file.hpp"

#include <system_error>

namespace sentio {

std::string why_no_regular_file(const std::filesystem::path& path) {
  std::error_code unknown; // opening it tells more
  switch (std::filesystem::status(path, unknown).type()) {
  case std::filesystem::file_type::directory:
    return "it is a directory";
  case std::filesystem::file_type::fifo:
    return "it is a pipe, and a regular file is needed";
  case std::filesystem::file_type::socket:
    return "it is a socket, and a regular file is needed";
  case std::filesystem::file_type::block:
  case std::filesystem::file_type::character:
    return "it is a device, and a regular file is needed";
  default:
    return {};
  }
}

} // namespace sentio
