// Every feature again, straight from the formulas of the table: plain loops over whole windows in long
// double, sums around the mean in a second pass, averages over the whole history. Nothing is shared with the
// engine.
#pragma once

#include "core/features/feature_table.hpp"
#include "tests/features/series.hpp"

#include <vector>

namespace sentio::test {

using real = long double;
using real_series_values = std::vector<real>;

class reference {
public:
  explicit reference(const series& s);
  /// The values after bar t, clipped, with 0 before the warm-up.
  std::array<double, full_feature_count> values(std::size_t t) const;

private:
  using values_by_feature = std::array<real, full_feature_count>;

  void prepare_averages();
  void prepare_volume_profile();
  void calendar_and_price_action(std::size_t t, values_by_feature& out) const;
  void patterns_and_lags(std::size_t t, values_by_feature& out) const;
  void moving_averages(std::size_t t, values_by_feature& out) const;
  void momentum(std::size_t t, values_by_feature& out) const;
  void volatility(std::size_t t, values_by_feature& out) const;
  void volume(std::size_t t, values_by_feature& out) const;
  void volume_windows(std::size_t t, values_by_feature& out) const;
  void statistics(std::size_t t, values_by_feature& out) const;
  void regressions(std::size_t t, values_by_feature& out) const;

  real mean_close(std::size_t t, std::size_t n) const;
  real deviation_close(std::size_t t, std::size_t n) const; ///< population standard deviation, 0 when flat
  real position(std::size_t t, std::size_t n) const;
  const bar& bar_at(std::size_t t) const { return s_.bars[t]; }
  std::size_t session_start(std::size_t t) const;
  int minute(std::size_t t) const;

  series s_;
  real_series_values O, H, L, C, r, u, sigma;
  real_series_values typical_price, typical_log, true_range, flow, location;
  std::vector<real_series_values> ema_close_; // by position in ema_lengths
  real_series_values gain_7, loss_7, gain_14, loss_14, gain_21, loss_21;
  real_series_values macd, macd_signal, trix, tsi_change, tsi_size, rise, fall, direction;
  real_series_values range_14, range_100, force, force_size;
  real_series_values usual_volume; // -1 where the minute is new
};

} // namespace sentio::test
