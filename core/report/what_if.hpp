// What the same signals would have led to with kappa, the cost band, at other values.
#pragma once

#include "core/account/fill_models.hpp"
#include "core/config/configuration.hpp"
#include "core/report/round_trips.hpp"
#include "core/report/statistics.hpp"
#include "core/portfolio/portfolio.hpp"

#include <memory>
#include <optional>
#include <span>
#include <vector>

namespace sentio {

struct what_if_result {
  double kappa = 0;
  std::uint64_t round_trips = 0;
  std::uint64_t entries = 0;
  money gross;
  money cost;
  money net;
  double mrd = 0;
  std::optional<double> win_rate;
  std::uint64_t cost_band_refusals = 0;
};

/// Trades each session again for every kappa, from the logged rounds.
class what_if_runner {
public:
  /// instruments: the run's, sorted by name. fresh_daily: each session starts with the capital again.
  what_if_runner(const configuration& config, std::vector<instrument> instruments, money capital,
                 bool fresh_daily, std::span<const double> kappas);
  ~what_if_runner();

  void take_session(const session_hours& hours, std::span<const ranked_round> rounds,
                    const session_bars& bars);
  std::vector<what_if_result> finish() const;

private:
  struct variant;
  void begin_account(variant& one) const;

  configuration config_;
  std::vector<instrument> instruments_;
  std::vector<std::string> names_;
  money capital_;
  bool fresh_daily_;
  std::vector<std::unique_ptr<variant>> variants_;
};

} // namespace sentio
