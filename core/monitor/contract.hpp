// What every message of tools/sentio-hub/web/contract.md has in common: its limits, texts, unknown numbers
// and classes of durations.
#pragma once

#include "core/market/bar.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace sentio {

inline constexpr int contract_protocol = 1;
inline constexpr std::size_t longest_contract_text = 500;  ///< bytes
inline constexpr std::size_t most_contract_rows = 5'000;   ///< of a list; also of events and marks
inline constexpr std::size_t most_contract_points = 2'000; ///< of a series
inline constexpr std::size_t most_contract_counters = 200;
/// Up to so many symbols a history has the prices of all; beyond, of those held or traded.
inline constexpr std::size_t most_symbols_with_prices = 20;
inline constexpr time_ms latest_contract_time = 4'102'444'800'000; ///< 2100, exclusive

/// Upper bounds of the order latency classes, milliseconds; the last class has no bound.
inline constexpr std::array<double, 10> latency_bounds_ms{0.1, 0.2, 0.5, 1, 2, 5, 10, 50, 100, 1'000};

/// The text as plain_text makes it, its line ends kept, cut between characters.
std::string clean_text(std::string_view text, std::size_t most = longest_contract_text);

/// Null for what is not finite.
nlohmann::json number_or_null(double value);
nlohmann::json time_or_null(time_ms at); ///< null for 0 and before, and from 2100

/// Compact, whatever bytes the texts have.
std::string text_of(const nlohmann::json& message);

/// The q quantile (0 to 1) of a histogram, linear inside its classes; of the last, unbounded class its lower
/// bound. `counts` has one more entry than `bounds`. NaN when there is nothing.
double quantile_of(std::span<const double> bounds, std::span<const std::uint64_t> counts, double q);

/// [[bound, count up to it], ..., ["+Inf", all]].
nlohmann::json cumulative_classes(std::span<const double> bounds, std::span<const std::uint64_t> counts);

} // namespace sentio
