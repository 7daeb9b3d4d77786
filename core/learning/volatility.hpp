// sigma_t: the volatility of one-minute log returns that scales targets and edges.
#pragma once

#include "core/market/bar.hpp"
#include "core/numeric/bytes.hpp"

#include <cstdint>

namespace sentio {

/// Exponentially weighted mean of squared open-to-open log returns inside the session, half-life 60 bars; a
/// return over k minutes (a hole) counts as r^2 / k. It starts as the plain mean of the first returns, and is
/// carried over night without the gap.
class volatility {
public:
  static constexpr double floor = 0.5e-4; ///< half a basis point

  void begin_session() { has_previous_ = false; }
  void update(time_ms label, double log_open);
  /// Per minute, >= floor.
  double sigma() const;

  void save(byte_writer& out) const;
  void load(byte_reader& in);

private:
  bool has_previous_ = false;
  time_ms previous_label_ = 0;
  double previous_log_open_ = 0;
  double mean_square_ = 0;
  std::uint64_t returns_ = 0;
};

} // namespace sentio
