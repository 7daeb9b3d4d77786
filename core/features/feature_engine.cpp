#include "core/features/feature_engine.hpp"

#include "core/features/archive.hpp"
#include "core/features/bar_shape_features.hpp"
#include "core/features/compact_features.hpp"
#include "core/features/spread_features.hpp"
#include "core/features/trend_features.hpp"
#include "core/features/volume_features.hpp"
#include "core/numeric/elementary.hpp"
#include "core/numeric/hash.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace sentio {
namespace {

using namespace rolling;

constexpr double bound = 5;
constexpr std::uint32_t state_magic = 0x31544546; // "FET1"
// The range in which sums of quantised log prices cannot overflow.
constexpr double lowest_price = 1e-9;
constexpr double highest_price = 1e12;

std::uint32_t longest_warm_up(bool compact_only) {
  std::uint32_t longest = 0;
  for (const feature_row& row : feature_table())
    if (row.compact || !compact_only)
      longest = std::max(longest, row.warm_up_bars);
  return longest;
}

/// Several values side by side, since a single sum would wait for each of its additions.
template <std::size_t Lanes, std::size_t Count>
void clip_all(std::array<double, Count>& values) {
  static_assert(Count % Lanes == 0);
  std::array<double, Lanes> poison{}; // stays 0 unless a value is NaN or infinite
  for (std::size_t i = 0; i < Count; i += Lanes)
    for (std::size_t lane = 0; lane < Lanes; ++lane) {
      double& x = values[i + lane];
      poison[lane] += x * 0;
      x = x < -bound ? -bound : x;
      x = x > bound ? bound : x;
    }
  double sum = 0;
  for (const double lane : poison)
    sum += lane;
  if (sum != 0) // true for NaN
    throw std::logic_error("a feature is not finite");
}

/// The 110 features outside the compact set.
struct remaining_state {
  bar_shape_state shape;
  range_windows ranges;
  moving_average_state means;
  momentum_state momentum;
  volatility_state volatility;
  volume_state volume;
  statistics_state statistics;

  void update(const bar_inputs& in, const compact_state& shared, feature_values& values) {
    shape.update(in, shared, values);
    ranges.update(in);
    means.update(in, shared, values);
    volatility.update_true_range(in);
    momentum.update(in, shared, ranges, volatility.true_range_14(), values);
    volatility.update(in, shared, means, ranges, values);
    volume.update(in, shared, values);
    statistics.update(in, shared, means, volatility, values);
  }
  template <class Archive>
  void visit(Archive& archive) {
    archive(shape);
    archive(ranges);
    archive(means);
    archive(momentum);
    archive(volatility);
    archive(volume);
    archive(statistics);
  }
};

} // namespace

struct feature_engine::state {
  explicit state(feature_set set)
      : largest(set), full_warm_up(longest_warm_up(false)), compact_warm_up(longest_warm_up(true)) {
    if (set == feature_set::full126)
      remaining = std::make_unique<remaining_state>();
  }

  bool computes_all() const { return remaining != nullptr; }
  void fill_inputs(const bar& b, bar_inputs& in) const;
  void hold_back_unready();
  void clip();
  template <class Archive>
  void visit(Archive& archive) {
    archive(bars_seen);
    archive(session_open);
    archive(session_close);
    archive(last.label);
    for (double* field : {&last.open, &last.high, &last.low, &last.close, &last.volume, &last_log_high,
                          &last_log_low, &last_log_close})
      archive(*field);
    archive(compact);
    archive(compact_values);
    if (remaining) {
      archive(*remaining);
      archive(values);
    }
  }

  feature_set largest;
  std::uint32_t full_warm_up;
  std::uint32_t compact_warm_up;
  std::uint64_t bars_seen = 0;
  time_ms session_open = 0;
  time_ms session_close = 0; // 0 before the first session
  bar last;
  double last_log_high = 0;
  double last_log_low = 0;
  double last_log_close = 0;
  compact_state compact;
  std::unique_ptr<remaining_state> remaining;
  feature_values values{};
  std::array<double, compact_feature_count> compact_values{};
};

feature_engine::feature_engine(feature_set largest) : state_(std::make_unique<state>(largest)) {}
feature_engine::feature_engine(feature_engine&&) noexcept = default;
feature_engine& feature_engine::operator=(feature_engine&&) noexcept = default;
feature_engine::~feature_engine() = default;

void feature_engine::begin_session(const session_hours& hours) {
  state& s = *state_;
  if (hours.open < s.session_close || hours.minutes() < 2 || hours.minutes() > 390)
    throw std::logic_error("a feature engine's session must follow the one before and have 2 to 390 minutes");
  s.session_open = hours.open;
  s.session_close = hours.close;
  s.compact.begin_session();
  if (s.computes_all()) {
    constexpr time_ms day_ms = 24 * 60 * minute_ms;
    const auto days = hours.open / day_ms; // the regular session lies within one UTC day
    s.remaining->shape.begin_session(static_cast<int>((days + 3) % 7),
                                     hours.date.day); // day 0 was a Thursday
    s.remaining->volume.begin_session();
  }
}

void feature_engine::state::fill_inputs(const bar& b, bar_inputs& in) const {
  if (b.label < session_open || b.label >= session_close)
    throw std::logic_error("a bar outside the session was given to a feature engine");
  if (bars_seen > 0 && b.label <= last.label)
    throw std::logic_error("a feature engine takes strictly newer bars only");
  if (!(b.low >= lowest_price && b.high <= highest_price))
    throw std::logic_error("a feature engine takes prices of 1e-9 to 1e12 dollars only");
  in.now = b;
  in.number = bars_seen;
  in.opens_session = bars_seen == 0 || last.label < session_open;
  in.minute = static_cast<int>((b.label - session_open) / minute_ms);
  in.session_minutes = static_cast<int>((session_close - session_open) / minute_ms);
  in.log_close = det_log(b.close);
  if (computes_all() || in.opens_session)
    in.log_open = det_log(b.open);
  if (computes_all()) {
    in.log_high = det_log(b.high);
    in.log_low = det_log(b.low);
  }
  in.before = last;
  in.log_close_before = last_log_close;
  in.log_high_before = last_log_high;
  in.log_low_before = last_log_low;
  if (bars_seen == 0) {
    in.before = {b.label - minute_ms, b.open, b.open, b.open, b.open, 0};
    in.log_close_before = in.log_high_before = in.log_low_before = in.log_open;
  }
}

void feature_engine::update(const bar& b) {
  state& s = *state_;
  bar_inputs in;
  s.fill_inputs(b, in);
  s.compact.update(in, s.values);
  if (s.computes_all())
    s.remaining->update(in, s.compact, s.values);
  s.last = b;
  s.last_log_close = in.log_close;
  s.last_log_high = in.log_high;
  s.last_log_low = in.log_low;
  ++s.bars_seen;
  s.hold_back_unready();
  s.clip();
}

void feature_engine::state::hold_back_unready() {
  if (bars_seen >= full_warm_up)
    return;
  for (const feature_row& row : feature_table())
    if (bars_seen < row.warm_up_bars)
      at(values, row.index) = 0;
}

void feature_engine::state::clip() {
  const std::span<const feature, compact_feature_count> members = compact_features();
  if (computes_all()) {
    clip_all<6>(values);
    for (std::size_t i = 0; i < compact_feature_count; ++i)
      compact_values[i] = at(values, members[i]);
  } else {
    for (std::size_t i = 0; i < compact_feature_count; ++i)
      compact_values[i] = at(values, members[i]);
    clip_all<4>(compact_values);
  }
}

bool feature_engine::ready(feature_set set) const {
  const state& s = *state_;
  if (set == feature_set::compact16)
    return s.bars_seen >= s.compact_warm_up;
  return s.computes_all() && s.bars_seen >= s.full_warm_up;
}

std::span<const double> feature_engine::values(feature_set set) const {
  if (set == feature_set::compact16)
    return state_->compact_values;
  if (!state_->computes_all())
    throw std::logic_error("a compact feature engine has no full set");
  return state_->values;
}

void feature_engine::save(byte_writer& out) const {
  byte_writer payload;
  state_writer writer(payload);
  state_->visit(writer);
  out.put(state_magic);
  out.put(state_->largest);
  out.put(feature_table_hash());
  out.put(crc32(payload.bytes()));
  out.put_text(payload.bytes());
}

bool feature_engine::load(byte_reader& in) {
  const auto magic = in.get<std::uint32_t>();
  const auto set = in.get<feature_set>();
  const auto table = in.get<std::uint64_t>();
  const auto checksum = in.get<std::uint32_t>();
  const std::string_view payload = in.get_raw(in.get<std::uint32_t>());
  if (in.failed() || magic != state_magic || set != state_->largest || table != feature_table_hash() ||
      checksum != crc32(payload))
    return false;
  auto loaded = std::make_unique<state>(set);
  byte_reader fields(payload);
  state_reader reader(fields);
  loaded->visit(reader);
  if (fields.failed() || fields.remaining() != 0)
    return false;
  state_ = std::move(loaded);
  return true;
}

} // namespace sentio
