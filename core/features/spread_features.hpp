// Volatility and statistics: how far the price moves, and how its moves are distributed. Private to the
// features.
#pragma once

#include "core/features/trend_features.hpp"

namespace sentio::rolling {

class volatility_state {
public:
  /// First in the bar: others divide by the true range.
  void update_true_range(const bar_inputs& in);
  void update(const bar_inputs& in, const compact_state& shared, const moving_average_state& means,
              const range_windows& ranges, feature_values& values);
  double true_range_14() const { return range_14_.value(); }
  template <class Archive>
  void visit(Archive& archive) {
    archive(range_14_);
    archive(range_100_);
    archive(squares_100_);
    archive(signed_squares_50_);
    archive(estimates_20_);
    archive(spans_);
    archive(garman_klass_);
    archive(rogers_satchell_);
    archive(still_run_);
  }
  double squares_50() const { return signed_squares_50_[1]; } ///< sum(u^2, 50)
  double squares_100() const { return squares_100_[0]; }

private:
  void update_estimates(const bar_inputs& in, feature_values& values);
  void update_bands(const bar_inputs& in, const compact_state& shared, const moving_average_state& means,
                    const range_windows& ranges, feature_values& values) const;

  average range_14_;
  average range_100_;
  window_sums<1> squares_100_;
  window_sums<2> signed_squares_50_; // u |u|, u^2
  window_sums<3> estimates_20_;      // Parkinson, Garman-Klass, Rogers-Satchell
  history<32> spans_;                // H - L
  history<32> garman_klass_;
  history<32> rogers_satchell_;
  idle_run still_run_; // bars without a range
};

class statistics_state {
public:
  void update(const bar_inputs& in, const compact_state& shared, const moving_average_state& means,
              const volatility_state& volatility, feature_values& values);
  template <class Archive>
  void visit(Archive& archive) {
    archive(moments_50_);
    archive(sums_20_);
    archive(five_bar_squares_100_);
    archive(regression_20_);
    archive(closes_60_);
    archive(regression_60_);
  }

private:
  void update_moments(const bar_inputs& in, const compact_state& shared, const volatility_state& volatility,
                      feature_values& values);
  void update_regressions(const bar_inputs& in, const compact_state& shared, feature_values& values);

  window_sums<4> moments_50_; // u, u^3, u^4, u u[1]
  window_sums<2> sums_20_;    // u, |u|
  window_sums<1> five_bar_squares_100_;
  time_regression regression_20_;
  log_price_window closes_60_;
  time_regression regression_60_;
};

} // namespace sentio::rolling
