#include "core/learning/volatility.hpp"

#include <cmath>

namespace sentio {
namespace {

constexpr double one_minus_decay = 0.01148597964710385; // 1 - 2^(-1/60)

} // namespace

void volatility::update(time_ms label, double log_open) {
  if (has_previous_) {
    const double change = log_open - previous_log_open_;
    const double minutes = static_cast<double>(label - previous_label_) / static_cast<double>(minute_ms);
    ++returns_;
    const double weight = std::fmax(one_minus_decay, 1 / static_cast<double>(returns_));
    mean_square_ += weight * (change * change / minutes - mean_square_);
  }
  has_previous_ = true;
  previous_label_ = label;
  previous_log_open_ = log_open;
}

double volatility::sigma() const {
  return std::fmax(floor, std::sqrt(mean_square_));
}

void volatility::save(byte_writer& out) const {
  out.put(has_previous_);
  out.put(previous_label_);
  out.put(previous_log_open_);
  out.put(mean_square_);
  out.put(returns_);
}

void volatility::load(byte_reader& in) {
  has_previous_ = in.get_bool();
  previous_label_ = in.get<time_ms>();
  previous_log_open_ = in.get<double>();
  mean_square_ = in.get<double>();
  returns_ = in.get<std::uint64_t>();
}

} // namespace sentio
