// The 16 features of the compact set, and the per-bar quantities that the other 110 share with them.
// Private to the features.
#pragma once

#include "core/features/inputs.hpp"
#include "core/features/rolling.hpp"

namespace sentio::rolling {

class compact_state {
public:
  /// A new session begins with the next bar.
  void begin_session();
  /// Completes `in` (change, sigma) from the bar's prices, then writes the 16 values.
  /// in.log_open is needed on a session's first bar.
  void update(bar_inputs& in, feature_values& values);

  const history<256>& log_closes() const { return log_closes_; }
  const history<128>& inner_changes() const { return inner_changes_; }
  const history<16>& changes() const { return changes_; }
  const log_price_window& closes_20() const { return closes_20_; }
  std::int64_t closes_20_sum_before() const { return closes_20_sum_before_; }
  double deviation_20() const { return deviation_20_; } ///< C - mean(C, 20)
  double variance_20() const { return variance_20_; }
  double ema_20() const { return ema_20_.value(); }
  double ema_100() const { return ema_100_.value(); }
  double squares_20() const { return squares_20_[0]; } ///< sum(u^2, 20)
  const idle_run& flat_run() const { return flat_run_; }
  bool has_moved() const { return sigma_sum_ > 0; } ///< some u was not 0

  double log_session_open() const { return log_session_open_; }
  double overnight_gap() const { return overnight_gap_; } ///< of this session, a log return
  double session_open() const { return session_open_; }
  double session_volume() const { return session_volume_; }
  /// Of (h + l + c) / 3 relative to the session's open, minus 1: weighted by volume since the open, and of
  /// this bar.
  double mean_displacement() const { return mean_displacement_; }
  double bar_displacement() const { return bar_displacement_; }
  double known_volume() const {
    return known_volume_;
  } ///< since the open, where the profile knows the minute
  double expected_volume() const { return expected_volume_; } ///< of the same minutes

  template <class Archive>
  void visit(Archive& archive) {
    archive(log_closes_);
    archive(inner_changes_);
    archive(changes_);
    archive(closes_20_);
    archive(closes_20_sum_before_);
    archive(squares_20_);
    archive(ema_20_);
    archive(ema_100_);
    archive(gain_14_);
    archive(loss_14_);
    archive(flat_run_);
    archive(profile_);
    for (double* field : {&sigma_sum_, &sigma_weight_, &deviation_20_, &variance_20_, &log_session_open_,
                          &overnight_gap_, &session_open_, &session_volume_, &weighted_displacement_,
                          &mean_displacement_, &bar_displacement_, &known_volume_, &expected_volume_})
      archive(*field);
  }

private:
  void update_returns(bar_inputs& in);
  void update_trend(const bar_inputs& in, feature_values& values);
  void update_volume(const bar_inputs& in, feature_values& values);

  history<256> log_closes_;
  history<128> inner_changes_;
  history<16> changes_;
  log_price_window closes_20_;
  std::int64_t closes_20_sum_before_ = 0;
  window_sums<1> squares_20_;
  average ema_20_;
  average ema_100_;
  average gain_14_;
  average loss_14_;
  idle_run flat_run_;
  /// Usual volume of each minute of the session; negative while no session had a bar there.
  std::array<double, 390> profile_ = [] {
    std::array<double, 390> unknown{};
    unknown.fill(-1);
    return unknown;
  }();

  double sigma_sum_ = 0;
  double sigma_weight_ = 0;
  double deviation_20_ = 0;
  double variance_20_ = 0;
  double log_session_open_ = 0;
  double overnight_gap_ = 0;
  double session_open_ = 0;
  double session_volume_ = 0;
  double weighted_displacement_ = 0;
  double mean_displacement_ = 0;
  double bar_displacement_ = 0;
  double known_volume_ = 0;
  double expected_volume_ = 0;
};

} // namespace sentio::rolling
