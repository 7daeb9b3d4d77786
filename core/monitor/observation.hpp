// What a running instance shows of itself beyond its logs: the state of its actors and learners.
#pragma once

#include "core/market/calendar.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace sentio {

/// Which instance speaks. `id`: at most 64 characters of A-Z a-z 0-9 . _ -, unique at its hub.
struct instance_identity {
  std::string id;
  std::string name;
  std::string kind; ///< mock, paper, real or finished
};

/// Upper bounds of the handler time histogram, microseconds; the last class has no bound.
inline constexpr std::array<double, 12> handler_bounds_us{0.5, 1,   2,   5,     10,     20,
                                                          50,  100, 500, 1'000, 10'000, 100'000};
using handler_histogram = std::array<std::uint64_t, handler_bounds_us.size() + 1>;

/// One actor at one moment.
struct actor_report {
  std::string name;           ///< unique in its instance: "feed", "TQQQ"
  std::string role;           ///< feed, clock, gateway, tape, symbol, ranking, portfolio, journal, supervisor
  std::string state = "up";   ///< up, restarting or down
  std::uint64_t mailbox = 0;  ///< messages that wait
  std::uint64_t messages = 0; ///< handled since its start
  std::uint64_t restarts = 0;
  std::string last_error;
  handler_histogram handler{}; ///< sampled handler times, a count per class (not cumulative)
  double handler_sum_us = 0;   ///< of the sampled ones
};

/// What a learner knows of itself; NaN where it is unknown.
struct learner_report {
  std::string symbol;
  double leverage = std::numeric_limits<double>::quiet_NaN(); ///< x'k of the last bar, 0 to 1
  double p_min = std::numeric_limits<double>::quiet_NaN(); ///< smallest diagonal element of the covariance,
                                                           ///< over its bound
  double p_max = std::numeric_limits<double>::quiet_NaN();
  std::uint64_t bars = 0; ///< learned
};

/// From the event that closed a round to the last byte of its orders.
struct latency_report {
  std::vector<double> samples_ms; ///< new ones since the last report
};

} // namespace sentio
