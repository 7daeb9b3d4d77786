#include "core/learning/horizon_bank.hpp"

#include <algorithm>
#include <cmath>

namespace sentio {

horizon_bank::horizon_bank(const std::vector<std::uint32_t>& horizons) : horizons_(horizons) {
  for (const std::uint32_t horizon : horizons_)
    root_horizon_.push_back(std::sqrt(static_cast<double>(horizon)));
  pending_.resize(horizons_.back() + 2);
}

void horizon_bank::begin_session(const session_hours& hours) {
  bars_ = 0;
  counts_ = {};
  last_learning_label_ = hours.close - static_cast<time_ms>(horizons_.back() + 2) * minute_ms;
}

std::span<const completed_target> horizon_bank::advance(time_ms label, double log_open, double sigma) {
  const std::uint64_t now = bars_++;
  pending_bar& current = pending_[now % pending_.size()];
  current = {log_open, sigma, label <= last_learning_label_};
  ++counts_.bars;
  counts_.unmasked += current.learns ? 1u : 0u;
  std::size_t found = 0;
  for (std::size_t h = 0; h < horizons_.size(); ++h) {
    if (now < horizons_[h] + 1)
      break; // ascending horizons: the longer ones wait too
    const std::size_t slot = (now - 1 - horizons_[h]) % pending_.size();
    const pending_bar& start = pending_[slot];
    if (!start.learns)
      continue;
    const double entry = pending_[(now - horizons_[h]) % pending_.size()].log_open;
    const double target = (log_open - entry) / (start.sigma * root_horizon_[h]);
    completed_[found++] = {h, slot, std::clamp(target, -clip, clip)};
    ++counts_.updates[h];
  }
  return {completed_.data(), found};
}

void horizon_bank::end_session() {
  for (std::size_t h = 0; h < horizons_.size(); ++h) {
    const std::uint64_t waiting = std::min<std::uint64_t>(bars_, horizons_[h] + 1);
    for (std::uint64_t bar = bars_ - waiting; bar < bars_; ++bar)
      counts_.dropped[h] += pending_[bar % pending_.size()].learns ? 1u : 0u;
  }
  bars_ = 0;
}

void horizon_bank::save(byte_writer& out) const {
  for (const pending_bar& bar : pending_) {
    out.put(bar.log_open);
    out.put(bar.sigma);
    out.put(bar.learns);
  }
  out.put(bars_);
  out.put(last_learning_label_);
  out.put(counts_.bars);
  out.put(counts_.unmasked);
  out.put_array(std::span<const std::uint64_t>(counts_.updates));
  out.put_array(std::span<const std::uint64_t>(counts_.dropped));
}

void horizon_bank::load(byte_reader& in) {
  for (pending_bar& bar : pending_) {
    bar.log_open = in.get<double>();
    bar.sigma = in.get<double>();
    bar.learns = in.get_bool();
  }
  bars_ = in.get<std::uint64_t>();
  last_learning_label_ = in.get<time_ms>();
  counts_.bars = in.get<std::uint64_t>();
  counts_.unmasked = in.get<std::uint64_t>();
  in.get_array(std::span<std::uint64_t>(counts_.updates));
  in.get_array(std::span<std::uint64_t>(counts_.dropped));
}

} // namespace sentio
