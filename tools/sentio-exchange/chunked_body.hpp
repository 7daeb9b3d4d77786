// A request body in chunks (RFC 9112, section 7.1), which libwebsockets hands on as it came.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace sentio::serving {

class chunked_body {
public:
  enum class progress { more, complete, malformed, too_long };

  /// Takes the next bytes and appends what they hold to `body`, which may grow to `longest` bytes. What follows the
  /// end of the body is left alone.
  progress read(std::string_view bytes, std::string& body, std::size_t longest);

private:
  enum class expected { size, data, data_end, trailer };

  progress read_line(std::string& body, std::size_t longest);

  expected expected_ = expected::size;
  std::string line_;         ///< of the size, of the trailer, or behind a chunk, so far
  std::size_t remaining_ = 0; ///< bytes of the chunk
};

} // namespace sentio::serving
