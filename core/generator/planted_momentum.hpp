// The small predictability that a generated market may carry, and what a perfect observer would know of it.
#pragma once

namespace sentio {

/// Makes one-minute returns depend weakly on the returns before them. In units of the minute's volatility,
///
///   z(t) = g m(t-1) + e(t),   m(t) = s E(t),   E(t) = a E(t-1) + (1-a) z(t),
///
/// with white noise e, a = 39/41 (an exponential average of 40 minutes) and s = sqrt((1+a)/(1-a)), which
/// gives m unit variance when g = 0. Everybody can observe m: it is an average of past returns, scaled by
/// their volatility. Gaps overnight are not part of it. Known m(t), the next five minutes are expected to
/// bring
///
///   g m(t) (1 + r + r^2 + r^3 + r^4),   r = a + (1-a) s g,
///
/// which is the oracle's forecast. The gain g solves: correlation of this forecast with the sum of the
/// next five z, for Gaussian e, = 2 sin(pi X / 6); the rank correlation of the two is then X (Pearson 1907).
class planted_momentum {
public:
  /// rank_correlation = X, 0 ... 0.2.
  explicit planted_momentum(double rank_correlation);

  double gain() const { return gain_; }
  /// Expected z of the next minute.
  double expected_next() const { return gain_ * momentum(); }
  /// Expected sum of z over the next five minutes.
  double expected_five() const { return expected_next() * five_minute_factor_; }
  /// Takes in the z of a minute that has passed. Beyond 4 in size it counts as 4: one wild minute must not
  /// become a trend.
  void update(double z);

private:
  double momentum() const;

  double gain_ = 0;
  double five_minute_factor_ = 0;
  double average_ = 0;
};

} // namespace sentio
