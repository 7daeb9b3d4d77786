#include "core/learning/legacy_probability.hpp"

#include "core/numeric/elementary.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace sentio {
namespace {

constexpr double lowest = 0.05;
constexpr double highest = 0.95;

} // namespace

double legacy_probability(double predicted_return) {
  return std::clamp(0.5 + 0.4 * det_tanh(50 * predicted_return), lowest, highest);
}

bollinger_amplifier::bollinger_amplifier(const bollinger_parameters& parameters)
    : parameters_(parameters), closes_(parameters.enabled ? parameters.period : 0) {}

void bollinger_amplifier::update(double close) {
  if (parameters_.enabled)
    closes_[count_++ % closes_.size()] = close;
}

double bollinger_amplifier::amplify(double probability) const {
  if (!parameters_.enabled || count_ < closes_.size() || probability == 0.5)
    return probability;
  double mean = 0;
  for (const double close : closes_)
    mean += close;
  mean /= static_cast<double>(closes_.size());
  double square = 0;
  for (const double close : closes_)
    square += (close - mean) * (close - mean);
  const double reach = parameters_.deviations * std::sqrt(square / static_cast<double>(closes_.size()));
  if (!(reach > 0))
    return probability;
  const double last = closes_[(count_ - 1) % closes_.size()];
  const double above_lower = (last - (mean - reach)) / (2 * reach);
  const bool rise = probability > 0.5;
  const double distance = rise ? above_lower : 1 - above_lower;
  const double nearness = std::clamp(1 - distance / parameters_.proximity, 0.0, 1.0);
  const double push = parameters_.factor * nearness;
  return std::clamp(rise ? probability + push : probability - push, lowest, highest);
}

void bollinger_amplifier::save(byte_writer& out) const {
  out.put_array(std::span<const double>(closes_));
  out.put(count_);
}

void bollinger_amplifier::load(byte_reader& in) {
  in.get_array(std::span<double>(closes_));
  count_ = in.get<std::uint64_t>();
}

} // namespace sentio
