// Rolling quantities with constant work per bar, whatever the window and however long the history. Private to
// the features.
//
// No quantity drifts. Sums of log prices are integers, hence exact; other sums carry the rounding error of
// each addition along (Neumaier 1974), so that what leaves the window really leaves it: the error stays near
// 1e-32 of the largest value ever seen, where plain running sums reach 2e4 and anchored prefix sums 4e-8
// relative.
#pragma once

#include "core/numeric/bytes.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace sentio::rolling {

__extension__ using wide = __int128;

/// Within 2 ulp, without a call into the compiler's library.
inline double to_double(wide x) {
  __extension__ using unsigned_wide = unsigned __int128;
  const auto size = x < 0 ? -static_cast<unsigned_wide>(x) : static_cast<unsigned_wide>(x);
  const double value = static_cast<double>(static_cast<std::uint64_t>(size >> 64)) * 0x1p64 +
                       static_cast<double>(static_cast<std::uint64_t>(size));
  return x < 0 ? -value : value;
}

/// The last `Size` values, by bar number. A number from before the first bar gives 0.
template <std::size_t Size>
class history {
  static_assert((Size & (Size - 1)) == 0);

public:
  void put(std::uint64_t bar, double value) { values_[bar & (Size - 1)] = value; }
  double operator[](std::uint64_t bar) const { return values_[bar & (Size - 1)]; }
  template <class Archive>
  void visit(Archive& archive) {
    archive(values_);
  }

private:
  std::array<double, Size> values_{};
};

/// `Count` window sums side by side, so that the compiler may add several at once.
template <std::size_t Count>
class window_sums {
public:
  using terms = std::array<double, Count>;

  void add(const terms& x) {
    for (std::size_t i = 0; i < Count; ++i)
      add_one(i, x[i]);
  }
  void subtract(const terms& x) {
    for (std::size_t i = 0; i < Count; ++i)
      add_one(i, -x[i]);
  }
  double operator[](std::size_t i) const { return sum_[i] + lost_[i]; }
  template <class Archive>
  void visit(Archive& archive) {
    archive(sum_);
    archive(lost_);
  }

private:
  void add_one(std::size_t i, double x) {
    const double sum = sum_[i] + x;
    const double added = sum - sum_[i];
    lost_[i] += (sum_[i] - (sum - added)) + (x - added); // Knuth's exact error of one addition
    sum_[i] = sum;
  }
  terms sum_{};
  terms lost_{};
};

/// A log price in units of 2^-50: below 1e-15, the spacing of doubles near ln 50. |log price| <= 28.
inline constexpr double log_price_unit = 0x1p-50;
inline std::int64_t quantised(double log_price) {
  return static_cast<std::int64_t>(log_price * 0x1p50);
}

/// Mean and variance of the log prices in a window, exact up to the quantisation; a flat window has variance
/// 0.
class log_price_window {
public:
  void add(std::int64_t price) {
    sum_ += price;
    squares_ += static_cast<wide>(price) * price;
  }
  void remove(std::int64_t price) {
    sum_ -= price;
    squares_ -= static_cast<wide>(price) * price;
  }
  /// price - mean, without cancellation.
  double deviation(std::int64_t price, std::int64_t count) const {
    return static_cast<double>(count * price - sum_) / static_cast<double>(count) * log_price_unit;
  }
  double variance(std::int64_t count) const {
    const wide scaled = count * squares_ - static_cast<wide>(sum_) * sum_; // count^2 variances
    return to_double(scaled) / static_cast<double>(count * count) * (log_price_unit * log_price_unit);
  }
  std::int64_t sum() const { return sum_; }
  template <class Archive>
  void visit(Archive& archive) {
    archive(sum_);
    archive(squares_);
  }

private:
  std::int64_t sum_ = 0;
  wide squares_ = 0;
};

/// Least squares of the log prices in a window on time; slide it together with the window's sum.
class time_regression {
public:
  /// The newest price enters at the end of `count` bars; `oldest` leaves (0 while the window fills).
  /// `sum_without_newest` is the window's sum before the newest entered, the oldest still in.
  void slide(std::int64_t newest, std::int64_t oldest, std::int64_t sum_without_newest, std::int64_t count) {
    weighted_ += static_cast<wide>(newest) * (count - 1) - (sum_without_newest - oldest);
  }
  /// Change of the log price per bar.
  double slope(std::int64_t sum, std::int64_t count) const {
    const wide numerator = 2 * weighted_ - static_cast<wide>(sum) * (count - 1);
    return to_double(numerator) * 6 / static_cast<double>(count * (count * count - 1)) * log_price_unit;
  }
  template <class Archive>
  void visit(Archive& archive) {
    archive(weighted_);
  }

private:
  wide weighted_ = 0; // sum of j * price_j, j = 0 for the oldest
};

/// The largest value, and its bar, of several windows at once, for the price of one monotonic queue: each
/// window keeps its own head in it. Amortised constant. On ties the latest bar counts.
template <std::size_t Windows>
class extreme_windows {
public:
  using lengths = std::array<std::uint64_t, Windows>;

  /// `windows` in bars, the longest first, at most `capacity`.
  void update(std::uint64_t bar, double value, const lengths& windows) {
    while (end_ > heads_[0] && values_[(end_ - 1) % capacity] <= value)
      --end_;
    values_[end_ % capacity] = value;
    bars_[end_ % capacity] = bar;
    for (std::size_t i = 0; i < Windows; ++i) {
      if (heads_[i] > end_)
        heads_[i] = end_;
      while (bars_[heads_[i] % capacity] + windows[i] <= bar && heads_[i] < end_)
        ++heads_[i];
    }
    ++end_;
  }
  double value(std::size_t window) const { return values_[heads_[window] % capacity]; }
  std::uint64_t bar(std::size_t window) const { return bars_[heads_[window] % capacity]; }
  template <class Archive>
  void visit(Archive& archive) {
    archive(values_);
    archive(bars_);
    archive(heads_);
    archive(end_);
  }
  static constexpr std::uint64_t capacity = 128;

private:
  std::array<double, capacity> values_{};
  std::array<std::uint64_t, capacity> bars_{};
  std::array<std::uint64_t, Windows> heads_{};
  std::uint64_t end_ = 0;
};

/// Exponential average with a fixed weight of the newest value.
class average {
public:
  void start(double value) { value_ = value; }
  void add(double value, double weight) { value_ += weight * (value - value_); }
  double value() const { return value_; }
  template <class Archive>
  void visit(Archive& archive) {
    archive(value_);
  }

private:
  double value_ = 0;
};

constexpr double ema_weight(int bars) {
  return 2.0 / (bars + 1);
}
constexpr double wilder_weight(int bars) {
  return 1.0 / bars;
}

/// (a - b) / (a + b), 0 when a + b is not above `flat`. For a, b >= 0.
inline double balance(double a, double b, double flat = 0) {
  return a + b > flat ? (a - b) / (a + b) : 0;
}

/// Where x lies between low and high: -1 ... 1, 0 when there is no room.
inline double position_between(double x, double low, double high) {
  return high > low ? ((x - low) - (high - x)) / (high - low) : 0;
}

/// Counts the bars in a row, up to the newest, for which nothing happened.
class idle_run {
public:
  void update(bool idle) { bars_ = idle ? bars_ + 1 : 0; }
  bool covers(std::uint64_t window) const { return bars_ >= window; }
  template <class Archive>
  void visit(Archive& archive) {
    archive(bars_);
  }

private:
  std::uint64_t bars_ = 0;
};

} // namespace sentio::rolling
