#include "core/monitor/contract.hpp"

#include "core/numeric/plain_text.hpp"

#include <cmath>
#include <limits>

namespace sentio {

std::string clean_text(std::string_view text, std::size_t most) {
  std::string out = plain_text(text, line_ends::kept);
  if (out.size() <= most)
    return out;
  std::size_t kept = 0;
  for (std::string_view rest = out;; rest.remove_prefix(first_character(rest).bytes)) {
    const auto next = kept + first_character(rest).bytes;
    if (next > most)
      break;
    kept = next;
  }
  out.resize(kept);
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
