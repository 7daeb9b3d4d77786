#include "tools/sentio-exchange/chunked_body.hpp"

#include <algorithm>
#include <charconv>

namespace sentio::serving {

namespace {

constexpr std::size_t longest_line = 4'096; ///< chunk extensions and trailers are read over

} // namespace

chunked_body::progress chunked_body::read(std::string_view bytes, std::string& body, std::size_t longest) {
  while (!bytes.empty()) {
    if (expected_ == expected::data) {
      const std::size_t taken = std::min(remaining_, bytes.size());
      body.append(bytes.substr(0, taken));
      bytes.remove_prefix(taken);
      remaining_ -= taken;
      if (remaining_ == 0)
        expected_ = expected::data_end;
      continue;
    }
    const std::size_t end = bytes.find('\n');
    line_.append(bytes.substr(0, end));
    if (line_.size() > longest_line)
      return progress::malformed;
    if (end == bytes.npos)
      return progress::more;
    bytes.remove_prefix(end + 1);
    if (!line_.ends_with('\r'))
      return progress::malformed;
    line_.pop_back();
    const progress so_far = read_line(body, longest);
    line_.clear();
    if (so_far != progress::more)
      return so_far;
  }
  return progress::more;
}

chunked_body::progress chunked_body::read_line(std::string& body, std::size_t longest) {
  if (expected_ == expected::data_end) {
    expected_ = expected::size;
    return line_.empty() ? progress::more : progress::malformed;
  }
  if (expected_ == expected::trailer)
    return line_.empty() ? progress::complete : progress::more;
  const std::string_view digits = std::string_view(line_).substr(0, line_.find_first_of("; \t"));
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), remaining_, 16);
  if (problem == std::errc::result_out_of_range)
    return progress::too_long;
  if (problem != std::errc() || end != digits.data() + digits.size())
    return progress::malformed;
  if (remaining_ > longest - std::min(longest, body.size()))
    return progress::too_long;
  expected_ = remaining_ == 0 ? expected::trailer : expected::data;
  return progress::more;
}

} // namespace sentio::serving
