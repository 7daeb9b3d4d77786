#include "core/features/trend_features.hpp"

namespace sentio::rolling {
namespace {

/// Below any price step over any price: sums of log moves this small are rounding, not movement.
constexpr double no_move = 1e-12;

} // namespace

void range_windows::update(const bar_inputs& in) {
  constexpr extreme_windows<5>::lengths windows{100, 28, 26, 20, 14};
  highs_.update(in.number, in.now.high, windows);
  lows_.update(in.number, -in.now.low, windows);
}

void moving_average_state::update(const bar_inputs& in, const compact_state& shared, feature_values& values) {
  constexpr std::array<int, 5> window_bars{5, 10, 50, 100, 200};
  std::array<double, 5> deviation{};
  for (std::size_t i = 0; i < windows_.size(); ++i) {
    const auto bars = static_cast<std::uint64_t>(window_bars[i]);
    windows_[i].add(in.quantised_close);
    if (in.number >= bars)
      windows_[i].remove(quantised(shared.log_closes()[in.number - bars]));
    deviation[i] = windows_[i].deviation(in.quantised_close, window_bars[i]);
  }
  deviation_50_ = deviation[2];
  const double scale = in.inverse_sigma;
  at(values, feature::close_sma_5) = deviation[0] * scale * per_root(5 / 3.0);
  at(values, feature::close_sma_10) = deviation[1] * scale * per_root(10 / 3.0);
  at(values, feature::close_sma_20) = shared.deviation_20() * scale * per_root(20 / 3.0);
  at(values, feature::close_sma_50) = deviation[2] * scale * per_root(50 / 3.0);
  at(values, feature::close_sma_100) = deviation[3] * scale * per_root(100 / 3.0);
  at(values, feature::close_sma_200) = deviation[4] * scale * per_root(200 / 3.0);
  at(values, feature::sma_20_100) = (deviation[3] - shared.deviation_20()) * scale * per_root(30);
  at(values, feature::sma_50_200) = (deviation[4] - deviation[2]) * scale * per_root(60);

  constexpr std::array<int, 4> average_bars{5, 10, 50, 200};
  for (std::size_t i = 0; i < averages_.size(); ++i) {
    if (in.number == 0)
      averages_[i].start(in.log_close);
    averages_[i].add(in.log_close, ema_weight(average_bars[i]));
  }
  const double ema_5 = averages_[0].value();
  const double ema_50 = averages_[2].value();
  at(values, feature::close_ema_5) = (in.log_close - ema_5) * scale * per_root(5 / 4.0);
  at(values, feature::close_ema_10) = (in.log_close - averages_[1].value()) * scale * per_root(10 / 4.0);
  at(values, feature::close_ema_50) = (in.log_close - ema_50) * scale * per_root(50 / 4.0);
  at(values, feature::close_ema_200) = (in.log_close - averages_[3].value()) * scale * per_root(200 / 4.0);
  at(values, feature::ema_5_20) = (ema_5 - shared.ema_20()) * scale * per_root(5);
  at(values, feature::ema_20_50) = (shared.ema_20() - ema_50) * scale * per_root(10);
}

void momentum_state::update(const bar_inputs& in, const compact_state& shared, const range_windows& ranges,
                            double true_range_14, feature_values& values) {
  update_oscillators(in, ranges, values);
  update_averages(in, values);
  update_direction(in, true_range_14, values);

  const history<256>& closes = shared.log_closes();
  const std::uint64_t number = in.number;
  const double scale = in.inverse_sigma;
  at(values, feature::roc_10) = (in.log_close - closes[number - 10]) * scale * per_root(10);
  at(values, feature::roc_60) = (in.log_close - closes[number - 60]) * scale * per_root(60);
  at(values, feature::acceleration_5) =
      (in.log_close - closes[number - 5] - (closes[number - 5] - closes[number - 10])) * scale * per_root(10);

  const double move = in.inner_change;
  moves_14_.add({move, std::abs(move)});
  if (number >= 14) {
    const double old = shared.inner_changes()[number - 14];
    moves_14_.subtract({old, std::abs(old)});
  }
  at(values, feature::cmo_14) = shared.flat_run().covers(14) ? 0 : 2 * moves_14_[0] / moves_14_[1];
}

void momentum_state::update_oscillators(const bar_inputs& in, const range_windows& ranges,
                                        feature_values& values) {
  constexpr std::array<int, 2> rsi_bars{7, 21};
  const double move = in.inner_change;
  for (std::size_t i = 0; i < rsi_bars.size(); ++i) {
    gain_[i].add(move > 0 ? move : 0, wilder_weight(rsi_bars[i]));
    loss_[i].add(move < 0 ? -move : 0, wilder_weight(rsi_bars[i]));
  }
  at(values, feature::rsi_7) = 2 * balance(gain_[0].value(), loss_[0].value(), no_move);
  at(values, feature::rsi_21) = 2 * balance(gain_[1].value(), loss_[1].value(), no_move);

  const double stochastic = ranges.position(in.now.close, range_windows::bars_14);
  stochastic_.put(in.number, stochastic);
  at(values, feature::stochastic_k_14) = stochastic;
  at(values, feature::stochastic_d_14) =
      (stochastic + stochastic_[in.number - 1] + stochastic_[in.number - 2]) / 3;
  at(values, feature::williams_r_28) = ranges.position(in.now.close, range_windows::bars_28);
  // Both 0 on a flat window, since the latest bar counts on ties.
  at(values, feature::aroon_25) = 2 *
                                  (static_cast<double>(ranges.high_bar(range_windows::bars_26)) -
                                   static_cast<double>(ranges.low_bar(range_windows::bars_26))) /
                                  25;

  // The mean deviation has no running form: a fixed pass over 20 values, relative to the newest so that
  // equal values give exactly 0.
  const double newest = (in.log_high + in.log_low + in.log_close) / 3;
  typical_.put(in.number, newest);
  constexpr std::size_t lanes = 4; // sums side by side, since one sum waits for each of its additions
  std::array<double, 20> relative;
  std::array<double, lanes> sums{};
  for (std::size_t i = 0; i < relative.size(); ++i) {
    relative[i] = typical_[in.number - i] - newest;
    sums[i % lanes] += relative[i];
  }
  const double mean = ((sums[0] + sums[1]) + (sums[2] + sums[3])) / 20;
  std::array<double, lanes> distances{};
  for (std::size_t i = 0; i < relative.size(); ++i)
    distances[i % lanes] += std::abs(relative[i] - mean);
  const double distance = (distances[0] + distances[1]) + (distances[2] + distances[3]);
  at(values, feature::cci_20) = distance > no_move ? -mean / (1.5 * distance / 20) : 0;
}

void momentum_state::update_averages(const bar_inputs& in, feature_values& values) {
  const double scale = in.inverse_sigma;
  auto& a = averages_;
  if (in.number == 0)
    for (const named started : {close_12, close_26, once_9, twice_9, thrice_9})
      a[started].start(in.log_close);
  a[close_12].add(in.log_close, ema_weight(12));
  a[close_26].add(in.log_close, ema_weight(26));
  const double line = a[close_12].value() - a[close_26].value();
  a[macd_9].add(line, ema_weight(9)); // the line starts at 0, and so does its average
  at(values, feature::macd_line) = line * scale * 0.5;
  at(values, feature::macd_histogram) = (line - a[macd_9].value()) * scale;

  const double thrice_before = a[thrice_9].value();
  a[once_9].add(in.log_close, ema_weight(9));
  a[twice_9].add(a[once_9].value(), ema_weight(9));
  a[thrice_9].add(a[twice_9].value(), ema_weight(9));
  at(values, feature::trix_9) = 5 * (a[thrice_9].value() - thrice_before) * scale;

  a[change_25].add(in.inner_change, ema_weight(25));
  a[change_13].add(a[change_25].value(), ema_weight(13));
  a[size_25].add(std::abs(in.inner_change), ema_weight(25));
  a[size_13].add(a[size_25].value(), ema_weight(13));
  const double size = a[size_13].value();
  at(values, feature::tsi_25_13) = size > no_move ? 2 * a[change_13].value() / size : 0;
}

void momentum_state::update_direction(const bar_inputs& in, double true_range_14, feature_values& values) {
  // A night's gap is no directional move of a minute.
  const double up = in.opens_session ? 0 : in.log_high - in.log_high_before;
  const double down = in.opens_session ? 0 : in.log_low_before - in.log_low;
  auto& a = averages_;
  a[rise_14].add(up > down && up > 0 ? up : 0, wilder_weight(14));
  a[fall_14].add(down > up && down > 0 ? down : 0, wilder_weight(14));
  const double rise = a[rise_14].value();
  const double fall = a[fall_14].value();
  const bool moves = rise + fall > no_move;
  a[direction_14].add(std::abs(balance(rise, fall, no_move)), wilder_weight(14));
  at(values, feature::adx_14) = moves ? 8 * a[direction_14].value() - 2 : 0;
  at(values, feature::di_difference_14) = true_range_14 > no_move ? 2 * (rise - fall) / true_range_14 : 0;
}

} // namespace sentio::rolling
