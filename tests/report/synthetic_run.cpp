#include "tests/report/synthetic_run.hpp"

#include "core/journal/log_lines.hpp"
#include "core/journal/run_file.hpp"
#include "core/numeric/random.hpp"
#include "core/report/session_replay.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <stdexcept>

namespace sentio::test {

void write_text(const std::filesystem::path& file, const std::string& text) {
  std::FILE* out = std::fopen(file.c_str(), "wb");
  if (!out || std::fwrite(text.data(), 1, text.size(), out) != text.size() || std::fclose(out) != 0)
    throw std::runtime_error("cannot write " + file.string());
}

namespace {

/// Sum of uniforms: near enough to a bell, and the same everywhere.
double bell(random_source& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i)
    sum += random.uniform();
  return sum;
}

class market {
public:
  market(const synthetic_run& what) : what_(what), random_(what.seed), prices_(what.symbols.size()) {
    for (double& price : prices_)
      price = 20 + 60 * random_.uniform();
  }

  std::shared_ptr<session_bars> day(const session_hours& hours) {
    auto bars = std::make_shared<session_bars>(what_.symbols.size());
    for (std::size_t s = 0; s < prices_.size(); ++s) {
      prices_[s] *= 1 + 0.01 * bell(random_);
      for (time_ms label = hours.open; label < hours.close; label += minute_ms) {
        const double open = prices_[s] * (1 + 0.0002 * bell(random_));
        const double close = open * (1 + 0.0009 * bell(random_));
        prices_[s] = close;
        const double volume = std::floor(1000 + 9000 * random_.uniform());
        if (random_.uniform() < 0.03)
          continue; // a minute without a trade
        const double cents_open = std::round(open * 100) / 100;
        const double cents_close = std::round(close * 100) / 100;
        (*bars)[s].push_back({label, cents_open, std::max(cents_open, cents_close),
                              std::min(cents_open, cents_close), cents_close, volume});
      }
    }
    return bars;
  }

  symbol_signal answer(const std::vector<bar>& own, std::size_t at) {
    const bar& b = own[at];
    symbol_signal signal;
    signal.label = b.label;
    signal.open = b.open;
    signal.close = b.close;
    signal.volume = b.volume;
    signal.ready = at >= 5;
    signal.sigma = 0.0009;
    const std::size_t next = std::min(at + 1, own.size() - 1);
    const std::size_t later = std::min(at + 6, own.size() - 1);
    const double truth = own[later].open / own[next].open - 1;
    signal.edge_bp = 1e4 * what_.skill * truth + 3 * bell(random_);
    signal.probability = std::clamp(0.5 + (what_.contrary ? -1 : 1) * signal.edge_bp / 400, 0.05, 0.95);
    signal.confidence = 0.5 + 0.02 * random_.uniform();
    signal.horizon_count = 3;
    signal.expert_count = 4;
    for (std::size_t h = 0; h < 3; ++h)
      signal.prediction[h] = signal.edge_bp / 20;
    for (std::size_t e = 0; e < 3; ++e) {
      signal.expert_z[e] = signal.edge_bp / 20 + 0.2 * bell(random_);
      signal.expert_weight[e] = 0.25;
    }
    signal.expert_weight[3] = 0.25;
    return signal;
  }

private:
  const synthetic_run& what_;
  random_source random_;
  std::vector<double> prices_;
};

std::vector<ranked_round> rounds_of(market& source, ranker& ranks, const session_hours& hours,
                                    const session_bars& bars) {
  std::vector<ranked_round> rounds;
  std::vector<std::size_t> next(bars.size(), 0);
  ranks.begin_session();
  for (time_ms at = hours.open + minute_ms; at <= hours.close; at += minute_ms) {
    for (std::size_t s = 0; s < bars.size(); ++s)
      if (next[s] < bars[s].size() && decision_time(bars[s][next[s]]) == at)
        ranks.take(static_cast<symbol_index>(s), source.answer(bars[s], next[s]++));
    rounds.push_back(ranks.close(at));
  }
  return rounds;
}

struct day_logs {
  std::string signals;
  std::string decisions;
  std::string trades;
  std::string positions;
};

} // namespace

void write_synthetic_run(const std::filesystem::path& folder, const synthetic_run& what) {
  configuration config;
  config.symbols = what.symbols;
  config.instruments = default_instruments();
  config.rotation.kappa = what.kappa;
  config.portfolio.book.breaker_equity_floor = what.equity_floor;
  std::vector<instrument> instruments;
  for (const std::string& name : what.symbols)
    instruments.push_back(*std::find_if(config.instruments.begin(), config.instruments.end(),
                                        [&](const instrument& one) { return one.name == name; }));
  run_description run;
  run.title = "mock";
  run.data_note = what.data_note;
  run.config_json = canonical_json(config);
  run.symbols = what.symbols;
  run.capital = from_dollars(config.capital);
  run.session_tag = "0123abcd";
  run.fresh_daily = what.fresh_daily;
  const std::uint64_t seen = what.without_warmup ? 0 : 46'000;
  run.warmup = {20,
                46'800,
                {{"rotation_manager_config.min_strength_to_enter", seen / 2, seen},
                 {"signal_aggregator_config.min_probability", 0, 0}}};
  cost_parameters venue_costs = config.portfolio.costs;
  if (what.venue_fills) {
    venue_costs.spread = false;
    venue_costs.fees.clear();
  }

  market source(what);
  ranker ranks(config.ranking, instruments);
  portfolio fold(config.portfolio, make_strategy(config), instruments, run.capital, run.session_tag);
  simulated_venue venue(instruments, venue_costs, run.capital);
  std::string summaries;
  civil_date date = next_session({2025, 6, 2});
  for (std::uint32_t day = 0; day < what.sessions; ++day, date = next_session(add_days(date, 1))) {
    const session_hours hours = session_on(date).value();
    const auto bars = source.day(hours);
    const auto rounds = rounds_of(source, ranks, hours, *bars);
    const std::string session = to_string(date);
    if (what.fresh_daily) {
      fold = portfolio(config.portfolio, make_strategy(config), instruments, run.capital, run.session_tag);
      venue = simulated_venue(instruments, venue_costs, run.capital);
    }
    day_logs logs;
    std::array<log_stamp, 4> stamps{log_stamp{session}, log_stamp{session}, log_stamp{session},
                                    log_stamp{session}};
    for (const ranked_round& round : rounds)
      append_signal_lines(logs.signals, stamps[0], round, what.symbols);
    replay_session(fold, venue, hours, rounds, bars, [&](const portfolio_output& output) {
      for (const decision& made : output.decisions)
        append_decision_line(logs.decisions, stamps[1], made, what.symbols);
      for (const trade& booked : output.trades)
        append_trade_line(logs.trades, stamps[2], booked, what.symbols);
      for (const book_snapshot& book : output.snapshots)
        append_position_line(logs.positions, stamps[3], book, what.symbols);
    });
    write_text(folder / log_file_name("signals", session), logs.signals);
    write_text(folder / log_file_name("decisions", session), logs.decisions);
    write_text(folder / log_file_name("trades", session), logs.trades);
    write_text(folder / log_file_name("positions", session), logs.positions);
    append_session_summary(summaries,
                           {date, fold.totals(), {{"bars accepted", 2'270}, {"missing minutes", 70}}});
    run.sessions.push_back(date);
  }
  write_text(folder / run_file_name, write_run_file(run));
  write_text(folder / sessions_file_name, summaries);
}

} // namespace sentio::test
