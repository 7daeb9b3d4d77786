#include "core/monitor/contract.hpp"

#include <cmath>
#include <limits>

namespace sentio {

namespace {

/// Bytes of the UTF-8 character that begins there; 0 when none does.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto first = byte(0);
  const std::size_t length = first < 0x80                    ? 1
                             : first >= 0xc2 && first < 0xe0 ? 2
                             : first >= 0xe0 && first < 0xf0 ? 3
                             : first >= 0xf0 && first < 0xf5 ? 4
                                                             : 0;
  if (length == 0 || length > text.size())
    return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0) != 0x80)
      return 0;
  // Overlong forms, surrogates, and beyond Unicode's end.
  if ((first == 0xe0 && byte(1) < 0xa0) || (first == 0xed && byte(1) >= 0xa0) ||
      (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) >= 0x90))
    return 0;
  return length;
}

} // namespace

std::string clean_text(std::string_view text, std::size_t most) {
  std::string out;
  out.reserve(std::min(text.size(), most));
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const std::size_t taken = length == 0 ? 1 : length;
    if (out.size() + taken > most)
      break;
    if (length == 0)
      out += '?';
    else
      out.append(text.substr(0, length));
    text.remove_prefix(taken);
  }
  return out;
}

nlohmann::json number_or_null(double value) {
  return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
}

nlohmann::json time_or_null(time_ms at) {
  return at > 0 && at < latest_contract_time ? nlohmann::json(at) : nlohmann::json(nullptr);
}

std::string text_of(const nlohmann::json& message) {
  return message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

double quantile_of(std::span<const double> bounds, std::span<const std::uint64_t> counts, double q) {
  std::uint64_t all = 0;
  for (const std::uint64_t count : counts)
    all += count;
  if (all == 0)
    return std::numeric_limits<double>::quiet_NaN();
  const double wanted = q * static_cast<double>(all);
  double below = 0;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    const auto here = static_cast<double>(counts[i]);
    if (here > 0 && below + here >= wanted) {
      const double lower = i == 0 ? 0 : bounds[i - 1];
      return lower + (bounds[i] - lower) * std::max(0.0, wanted - below) / here;
    }
    below += here;
  }
  return bounds.back();
}

nlohmann::json cumulative_classes(std::span<const double> bounds, std::span<const std::uint64_t> counts) {
  nlohmann::json out = nlohmann::json::array();
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    all += counts[i];
    if (i < bounds.size())
      out.push_back({bounds[i], all});
    else
      out.push_back({"+Inf", all});
  }
  return out;
}

} // namespace sentio
