// The market behind the exchange: one-minute bars of one or more sessions, from files or made up.
#pragma once

#include "core/market/bar.hpp"
#include "core/market/calendar.hpp"

#include <memory>
#include <string>
#include <vector>

namespace sentio {

/// Bars of all symbols by session. The exchange shows of them only what its time has reached.
class market_source {
public:
  market_source() = default;
  market_source(const market_source&) = delete;
  market_source& operator=(const market_source&) = delete;
  virtual ~market_source() = default;

  /// Sorted by name.
  virtual const std::vector<std::string>& symbols() const = 0;
  /// Bars of one symbol with labels in [from, to), ascending; empty when there are none.
  virtual std::vector<bar> bars(const std::string& symbol, time_ms from, time_ms to) const = 0;
};

/// Bars kept in memory: [symbol][ascending labels], symbols sorted.
std::unique_ptr<market_source> make_memory_market(std::vector<std::string> symbols,
                                                  std::vector<std::vector<bar>> bars);

} // namespace sentio
