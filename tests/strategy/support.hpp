// A trading day in small: ranker, portfolio and simulated venue driven by bars and by opinions a test makes
// up.
#pragma once

#include "core/account/simulated_venue.hpp"
#include "core/numeric/random.hpp"
#include "core/portfolio/portfolio.hpp"
#include "core/strategies/rotation/rotation.hpp"
#include "core/strategy/ranking.hpp"
#include "tests/account/support.hpp"

#include <functional>
#include <iterator>
#include <memory>
#include <vector>

namespace sentio::test {

/// What a symbol thinks after a bar: edge in basis points, or a whole signal.
using opinion = std::function<void(symbol_index symbol, int minute, symbol_signal& signal)>;

inline symbol_signal signal_of(const bar& b, double edge_bp = 0) {
  symbol_signal signal;
  signal.label = b.label;
  signal.open = b.open;
  signal.close = b.close;
  signal.volume = b.volume;
  signal.ready = true;
  signal.sigma = 0.001;
  signal.probability = 0.6;
  signal.confidence = 0.5;
  signal.edge_bp = edge_bp;
  return signal;
}

template <class T>
void append(std::vector<T>& to, std::vector<T>& from) {
  std::move(from.begin(), from.end(), std::back_inserter(to));
}

/// A portfolio's parameters with those of the strategy that it asks.
struct rotation_setup : portfolio_parameters {
  rotation_parameters rotation;

  std::shared_ptr<const strategy> rules() const { return make_rotation(rotation); }
};

struct trading_day {
  trading_day(const rotation_setup& p, std::vector<instrument> funds, const session_hours& day,
              double capital, const ranking_parameters& r = {})
      : parameters(p), instruments(std::move(funds)), hours(day),
        bars(std::make_shared<session_bars>(instruments.size())), ranks(r, instruments),
        venue(instruments, p.costs, from_dollars(capital)),
        book(p, p.rules(), instruments, from_dollars(capital), "test") {}

  void begin() {
    next_bar.assign(instruments.size(), 0);
    ranks.begin_session();
    venue.begin_session(hours, bars);
    book.begin_session(hours);
    book.on_phase(session_phase::open, hours.open);
  }
  time_ms at(int minute) const { return hours.open + minute * minute_ms; }
  int minute_of(time_ms when) const { return static_cast<int>((when - hours.open) / minute_ms); }

  /// Carries outputs to the venue and keeps them.
  void forward(time_ms now) {
    book.check_invariants();
    portfolio_output out = book.take();
    for (const order_intent& intent : out.orders)
      venue.submit(intent, now);
    for (const cancel_intent& intent : out.cancels)
      venue.cancel(intent, now);
    append(log.decisions, out.decisions);
    append(log.orders, out.orders);
    append(log.cancels, out.cancels);
    append(log.trades, out.trades);
    append(log.snapshots, out.snapshots);
    append(log.alerts, out.alerts);
  }
  void venue_until(time_ms when) {
    while (venue.next_time() && *venue.next_time() <= when) {
      const time_ms now = *venue.next_time();
      for (const venue_event& event : venue.advance(now)) {
        book.on_venue(event);
        forward(now);
      }
    }
  }
  /// Gives the ranker every bar complete by the minute and closes the round.
  ranked_round round_of(int minute) {
    for (symbol_index s = 0; s < instruments.size(); ++s)
      for (std::size_t& next = next_bar[s];
           next < (*bars)[s].size() && decision_time((*bars)[s][next]) <= at(minute); ++next) {
        symbol_signal signal = signal_of((*bars)[s][next]);
        if (think)
          think(s, minute, signal);
        ranks.take(s, signal);
      }
    return ranks.close(at(minute));
  }
  /// Everything that happens at a minute boundary, in the tape's order: fills, phases, cut-off, round.
  void minute(int number) {
    venue_until(at(number));
    if (at(number) == hours.liquidation)
      book.on_phase(session_phase::liquidation, at(number));
    if (at(number) == hours.close)
      book.on_phase(session_phase::close, at(number));
    forward(at(number));
    book.on_cut_off(at(number));
    forward(at(number));
    book.on_round(round_of(number));
    forward(at(number));
  }
  void run(int from, int to) {
    for (int m = from; m <= to; ++m)
      minute(m);
  }
  void whole_day() {
    begin();
    run(1, hours.minutes());
  }

  std::vector<decision> decisions_of(decision_kind kind) const {
    std::vector<decision> found;
    for (const decision& d : log.decisions)
      if (d.kind == kind)
        found.push_back(d);
    return found;
  }
  const decision* decided(int minute, symbol_index symbol) const {
    for (const decision& d : log.decisions)
      if (d.at == at(minute) && d.symbol == symbol)
        return &d;
    return nullptr;
  }
  std::uint64_t refused(refusal rule) const { return book.totals().refused[static_cast<std::size_t>(rule)]; }

  rotation_setup parameters;
  std::vector<instrument> instruments;
  session_hours hours;
  std::shared_ptr<session_bars> bars;
  ranker ranks;
  simulated_venue venue;
  portfolio book;
  opinion think;
  portfolio_output log;
  std::vector<std::size_t> next_bar;
};

/// Bars of a random walk per symbol, with a share of missing minutes.
inline void random_bars(trading_day& day, std::uint64_t seed, double holes = 0.1, double step = 0.002) {
  day.bars = std::make_shared<session_bars>(day.instruments.size());
  for (std::size_t s = 0; s < day.instruments.size(); ++s) {
    random_source random(seed * 1'000 + s);
    double price = 20 + 10 * static_cast<double>(s);
    for (int m = 0; m < day.hours.minutes(); ++m) {
      const double open = price * (1 + step * (random.uniform() - 0.5));
      price = open * (1 + step * (random.uniform() - 0.5));
      if (random.uniform() >= holes)
        (*day.bars)[s].push_back(bar_of(day.hours.open + m * minute_ms, open, price));
    }
  }
}

/// Edges that wander, so that ranks change every few minutes.
inline opinion wandering(std::uint64_t seed, std::size_t symbols, double size = 4) {
  auto edges = std::make_shared<std::vector<double>>(symbols, 0.0);
  auto random = std::make_shared<random_source>(seed);
  return [=](symbol_index s, int, symbol_signal& signal) {
    const double push = size * (random->uniform() - 0.5);
    (*edges)[s] = 0.8 * (*edges)[s] + push;
    signal.edge_bp = (*edges)[s];
    signal.sigma = 0.0005 + 0.001 * random->uniform();
    signal.probability = 0.5 + 0.4 * random->uniform();
    signal.confidence = random->uniform();
  };
}

inline std::vector<instrument> funds(std::size_t count) {
  std::vector<instrument> list;
  for (std::size_t i = 0; i < count; ++i)
    list.push_back(
        fund(std::string(1, static_cast<char>('A' + i / 26)) + static_cast<char>('A' + i % 26), 1));
  return list;
}

} // namespace sentio::test
