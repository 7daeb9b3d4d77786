// Sub-minute paths of the indexes that every fund follows.
#pragma once

#include "core/generator/fund_profile.hpp"
#include "core/generator/options.hpp"

namespace sentio {

/// One index on one trading day. A minute has `steps` prices; its first is the open, its last the close.
struct index_day {
  std::vector<double> ratio;      ///< [minute * steps + step] price / previous day's close
  std::vector<double> volatility; ///< [minute] standard deviation of that minute's return
  /// [minute] planted expectation, known at the end of the minute, of the index's return over the five
  /// minutes that follow; 0 without an edge
  std::vector<double> expected_return;
};

struct index_paths {
  std::vector<session_hours> sessions;
  std::size_t steps = 0;
  /// [index][session]
  std::array<std::vector<index_day>, market_index_count> days;
};

/// Synthetic paths: Gaussian steps under a stochastic volatility with a slow and a fast part (half-lives of
/// about three days and half an hour; Taylor 1986) and a leverage effect, an intraday shape of volatility,
/// gaps overnight, and the planted momentum of each index. Volatility futures move against large caps and
/// with the changes of their volatility.
index_paths synthetic_paths(const generator_options& options);

/// Paths through the open, low, high and close of real index bars (low before high when a minute rose).
/// Indexes without bars of their own follow SPY with their usual sensitivity and a noise of their own.
index_paths base_paths(const generator_options& options);

/// Average activity of a minute, from the fraction of the session that has passed (0 ... 1): a U, mean 1.
std::vector<double> volume_shape(int minutes);
/// The same for volatility, mean square 1.
std::vector<double> volatility_shape(int minutes);

} // namespace sentio
