// Rules that keep a symbol from being entered.
#pragma once

#include <cstdint>

namespace sentio {

/// Rules that may refuse an entry; counted per session, shown in every report. In every round inside a
/// session each symbol that is not held is either entered or counts exactly one, the first that stopped it
/// (strategy.hpp).
enum class refusal : std::uint8_t {
  probability,
  confidence,
  strength,
  stale,
  not_ready,
  threshold,
  cost_band,
  rank,
  cooldown,
  order_open,
  correlation,
  book_full,
  rotation_delta,
  minimum_hold,
  entry_cutoff,
  round_incomplete,
  exits_only,
  zero_shares,
  cash,
  risk_gateway,
  count_
};
const char* to_string(refusal rule);

} // namespace sentio
