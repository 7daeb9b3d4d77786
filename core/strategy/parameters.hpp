// Parameters of strength and ranking. Section numbers: the strategy specification.
#pragma once

#include <cstdint>

namespace sentio {

enum class strength_formula : std::uint8_t { edge, legacy };

/// Section 4.
struct ranking_parameters {
  strength_formula formula = strength_formula::edge;
  double min_probability = 0; ///< entry filters; the legacy profile has .51, .01, .005
  double min_confidence = 0;
  double min_strength = -1e9;
  bool smoothing = false; ///< legacy: 0.3 new + 0.7 old
  double smoothing_new = 0.3;
  bool filter_stale = true;
  std::uint32_t max_staleness_minutes = 5; ///< without a bar for longer: not rankable

  friend bool operator==(const ranking_parameters&, const ranking_parameters&) = default;
};

} // namespace sentio
