// Made-up sessions for the model's tests: an AR(1) in one-minute returns, with holes and half days when
// asked.
#pragma once

#include "tests/learning/support.hpp"

#include "core/market/bar.hpp"
#include "core/market/calendar.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

namespace sentio::test {

struct synthetic_session {
  session_hours hours;
  std::vector<bar> bars;
};

struct synthetic_parameters {
  std::uint64_t seed = 1;
  int sessions = 5;
  double effect = 0;        ///< part of a minute's return that goes on in the next minute
  double volatility = 5e-4; ///< per minute
  double hole_share = 0;
  civil_date from{2025, 6, 25}; ///< reaches the half day of 2025-07-03 in its seventh session
};

inline std::vector<synthetic_session> synthetic_sessions(const synthetic_parameters& p) {
  random_source random(p.seed);
  std::vector<synthetic_session> result;
  civil_date day = p.from;
  double price = 50;
  double change = 0;
  for (int session = 0; session < p.sessions; ++session, day = add_days(day, 1)) {
    day = next_session(day);
    synthetic_session one{*session_on(day), {}};
    for (int minute = 0; minute < one.hours.minutes(); ++minute) {
      change = p.effect * change + p.volatility * noise(random);
      bar b;
      b.label = one.hours.open + minute * minute_ms;
      b.open = price;
      price *= 1 + change;
      b.close = price;
      b.high = std::fmax(b.open, b.close) * (1 + 0.3 * p.volatility * random.uniform());
      b.low = std::fmin(b.open, b.close) * (1 - 0.3 * p.volatility * random.uniform());
      b.volume = 1000 + 9000 * random.uniform();
      if (random.uniform() >= p.hole_share)
        one.bars.push_back(b);
    }
    result.push_back(one);
  }
  return result;
}

/// Every signal of a model over the sessions.
inline std::vector<symbol_signal> run(symbol_model& model, const std::vector<synthetic_session>& sessions) {
  std::vector<symbol_signal> signals;
  for (const synthetic_session& session : sessions) {
    model.begin_session(session.hours);
    for (const bar& b : session.bars)
      signals.push_back(model.update(b));
    model.end_session();
  }
  return signals;
}

inline learner_parameters compact_only() {
  learner_parameters parameters;
  parameters.experts.erase(parameters.experts.begin());
  return parameters;
}

} // namespace sentio::test
