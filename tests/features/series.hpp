// Bars for the feature tests: made by hand, by chance, or read from the folder of real bars.
#pragma once

#include "core/features/feature_engine.hpp"

#include <filesystem>
#include <vector>

namespace sentio::test {

struct series {
  std::vector<session_hours> sessions;
  std::vector<bar> bars;
  std::vector<std::size_t> session_of; ///< per bar, index into sessions
};

/// The session number `index` of a made-up calendar of weekdays from Monday 2025-01-06 on.
session_hours made_up_session(std::size_t index, bool half_day = false);

/// A random walk in cents with volatility clustering, holes, half days, gaps, flat stretches and bars without
/// volume.
series random_walk(std::uint64_t seed, std::size_t sessions);

/// One bar a minute of one price and one volume.
series constant_series(std::size_t sessions);

/// SYM_RTH_NH.csv, cut to at most `sessions` sessions.
series real_series(const std::filesystem::path& file, std::size_t sessions);

series scaled(series s, double price_factor, double volume_factor);

/// Feeds bars [from, to) to the engine, beginning sessions where they begin.
void feed(feature_engine& engine, const series& s, std::size_t from, std::size_t to);

/// Calls visit(bar number) after every bar.
template <class Visit>
void feed_each(feature_engine& engine, const series& s, Visit visit) {
  for (std::size_t t = 0; t < s.bars.size(); ++t) {
    feed(engine, s, t, t + 1);
    visit(t);
  }
}

} // namespace sentio::test
