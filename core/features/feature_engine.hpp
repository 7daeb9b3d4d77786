// 126 scale-free, causal, O(1)-per-bar features of one symbol; and the compact set of 16 among them.
#pragma once

#include "core/market/bar.hpp"
#include "core/market/calendar.hpp"
#include "core/numeric/bytes.hpp"

#include <cstddef>
#include <memory>
#include <span>

namespace sentio {

inline constexpr std::size_t full_feature_count = 126;
inline constexpr std::size_t compact_feature_count = 16;

enum class feature_set : std::uint8_t { compact16, full126 };

constexpr std::size_t feature_count(feature_set set) {
  return set == feature_set::full126 ? full_feature_count : compact_feature_count;
}

/// Owns the rolling state of one symbol. Deterministic: the values are a fold over the bars.
class feature_engine {
public:
  /// With compact16, only what the 16 features need is computed.
  explicit feature_engine(feature_set largest);
  feature_engine(feature_engine&&) noexcept;
  feature_engine& operator=(feature_engine&&) noexcept;
  ~feature_engine();

  /// A new session: resets what is per day (VWAP, minute of session). Call before its first bar.
  /// Throws std::logic_error when it opens before the last one closed, or has not 2 to 390 minutes.
  void begin_session(const session_hours& hours);
  /// Folds one valid bar, strictly newer than the last, of the session begun last. No allocation.
  /// Throws std::logic_error, with the state as it was, for another label or a price outside 1e-9 ... 1e12
  /// dollars.
  void update(const bar& b);

  /// True once every feature of the set has had its warm-up.
  bool ready(feature_set set) const;
  /// Values after the last bar, each within [-5, 5]; size feature_count(set). Valid until the next update.
  /// Features that are not warmed up yet hold their neutral value 0. Throws std::logic_error when a compact
  /// engine is asked for the full set.
  std::span<const double> values(feature_set set) const;

  /// Checkpoint: the whole state, bit for bit. load refuses (returns false) what it cannot have written.
  void save(byte_writer& out) const;
  bool load(byte_reader& in);

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace sentio
