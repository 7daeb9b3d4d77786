// The faults of the present plan with their windows and the strikes they have left.
#pragma once

#include "core/exchange/faults.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sentio::venue {

/// A fault of the plan at its place in time.
struct placed_fault {
  fault what;
  time_ms from = 0;
  time_ms until = 0;       ///< exclusive; max() when open
  std::int64_t left = -1;  ///< strikes; -1: no limit
  bool started = false;
  bool ended = false;

  double value() const { return what.value.value_or(description_of(what.kind).default_value); }
  time_ms delay() const { return what.delay_ms.value_or(description_of(what.kind).default_delay_ms); }
  bool concerns(std::string_view symbol) const {
    return what.symbol.empty() || symbol.empty() || what.symbol == symbol;
  }
};

/// The window of a fault opened (start) or closed.
struct fault_edge {
  placed_fault fault;
  bool start = false;
};

class fault_board {
public:
  /// Replaces the plan. Windows that were open end without an edge: the caller asks for them before.
  void set(fault_plan plan, time_ms now);
  const fault_plan& plan() const { return plan_; }
  const std::vector<placed_fault>& placed() const { return placed_; }

  /// The first fault of a kind whose window holds `now`, that has strikes left and that concerns the symbol.
  const placed_fault* active(fault_kind kind, time_ms now, std::string_view symbol = {}) const;
  /// As active, and uses up one strike.
  const placed_fault* strike(fault_kind kind, time_ms now, std::string_view symbol = {});

  /// As strike, for the first fault of which `fits` is true.
  template <class Predicate>
  const placed_fault* strike_if(fault_kind kind, time_ms now, const Predicate& fits) {
    for (placed_fault& p : placed_)
      if (p.what.kind == kind && now >= p.from && now < p.until && p.left != 0 && fits(p.what)) {
        p.left -= p.left > 0 ? 1 : 0;
        ++met_[kind];
        return &p;
      }
    return nullptr;
  }

  /// How often a fault of each kind was met: asked about and on.
  const std::map<fault_kind, std::uint64_t>& met() const { return met_; }

  /// The next instant at which a window opens or closes.
  std::optional<time_ms> next_edge() const;
  /// Windows that opened or closed up to now, each told once.
  std::vector<fault_edge> take_edges(time_ms now);

private:
  fault_plan plan_;
  std::vector<placed_fault> placed_;
  mutable std::map<fault_kind, std::uint64_t> met_;
};

} // namespace sentio::venue
