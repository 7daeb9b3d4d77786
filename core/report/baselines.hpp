// What the same windows and costs would have earned without the model: every symbol held equally, and random
// picks. A window is a round trip's time from the bar that filled its entry to the bar that filled its exit,
// with the money it put in. Prices follow the run's fill model; a window that outlasts its session ends at
// the last close.
#pragma once

#include "core/account/fill_models.hpp"
#include "core/account/parameters.hpp"
#include "core/market/calendar.hpp"
#include "core/market/instrument.hpp"
#include "core/numeric/random.hpp"
#include "core/report/round_trips.hpp"
#include "core/report/statistics.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sentio {

inline constexpr std::size_t random_draws = 200;
inline constexpr std::uint64_t random_pick_seed = 20'250'401;

struct baseline_result {
  std::uint64_t windows = 0;
  std::vector<double> equal_hold_returns; ///< per session, after costs
  std::vector<double> random_mrd;         ///< of each draw, ascending, after costs
  std::vector<double> excess_bp; ///< per window: the run's gross return minus the mean of all symbols'
};

class baseline_runner {
public:
  baseline_runner(std::vector<instrument> instruments, const cost_parameters& costs);

  /// trips: those entered in this session.
  void take_session(const session_hours& hours, const session_bars& bars,
                    std::span<const closed_trip* const> trips, money opening_equity);
  baseline_result finish();

private:
  struct window_return {
    double gross = 0;
    double net = 0;
  };
  std::optional<window_return> return_of(const session_hours& hours, const session_bars& bars,
                                         symbol_index symbol, const closed_trip& window) const;

  std::vector<instrument> instruments_;
  cost_parameters costs_;
  std::vector<random_source> draws_;
  std::vector<double> draw_sums_;
  baseline_result result_;
};

} // namespace sentio
