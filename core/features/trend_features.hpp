// Moving averages and momentum. Private to the features.
#pragma once

#include "core/features/compact_features.hpp"

namespace sentio::rolling {

/// The highest highs and lowest lows of the windows that several groups share.
class range_windows {
public:
  enum window : std::size_t { bars_100, bars_28, bars_26, bars_20, bars_14 };

  void update(const bar_inputs& in);
  double high(window w) const { return highs_.value(w); }
  double low(window w) const { return -lows_.value(w); }
  std::uint64_t high_bar(window w) const { return highs_.bar(w); }
  std::uint64_t low_bar(window w) const { return lows_.bar(w); }
  double position(double price, window w) const { return position_between(price, low(w), high(w)); }
  template <class Archive>
  void visit(Archive& archive) {
    archive(highs_);
    archive(lows_);
  }

private:
  extreme_windows<5> highs_;
  extreme_windows<5> lows_; // of the negated lows
};

class moving_average_state {
public:
  void update(const bar_inputs& in, const compact_state& shared, feature_values& values);
  double deviation_50() const { return deviation_50_; } ///< C - mean(C, 50)
  double variance_50() const { return windows_[2].variance(50); }
  double variance_100() const { return windows_[3].variance(100); }
  template <class Archive>
  void visit(Archive& archive) {
    archive(windows_);
    archive(averages_);
    archive(deviation_50_);
  }

private:
  std::array<log_price_window, 5> windows_; // 5, 10, 50, 100, 200; 20 is in compact_state
  std::array<average, 4> averages_;         // 5, 10, 50, 200; 20 and 100 are in compact_state
  double deviation_50_ = 0;
};

class momentum_state {
public:
  void update(const bar_inputs& in, const compact_state& shared, const range_windows& ranges,
              double true_range_14, feature_values& values);
  template <class Archive>
  void visit(Archive& archive) {
    archive(typical_);
    archive(stochastic_);
    archive(gain_);
    archive(loss_);
    archive(moves_14_);
    archive(averages_);
  }

private:
  enum named : std::size_t {
    close_12,
    close_26,
    macd_9,
    rise_14,
    fall_14,
    direction_14,
    once_9,
    twice_9,
    thrice_9,
    change_25,
    change_13,
    size_25,
    size_13,
    named_count
  };
  void update_oscillators(const bar_inputs& in, const range_windows& ranges, feature_values& values);
  void update_averages(const bar_inputs& in, feature_values& values);
  void update_direction(const bar_inputs& in, double true_range_14, feature_values& values);

  history<32> typical_; // (H + L + C) / 3
  history<4> stochastic_;
  std::array<average, 2> gain_; // 7, 21; 14 is in compact_state
  std::array<average, 2> loss_;
  window_sums<2> moves_14_; // u, |u|
  std::array<average, named_count> averages_;
};

} // namespace sentio::rolling
