// The live tape between mock actors: tests say what arrives and when it is, and look at what is passed on.
#pragma once

#include "tests/support/actor_fixture.hpp"

#include "actors/live/live_tape.hpp"
#include "core/tape/codec.hpp"
#include "core/tape/reader.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace sentio::test {

/// Symbols AAA and BBB. Rounds are decided only when a test says so, unless `decide_at_once`.
struct live_tape_bench : actor_fixture {
  scratch_folder folder;
  session_hours day = *session_on({2025, 6, 3});
  std::shared_ptr<venue_time> time =
      std::make_shared<venue_time>(1, day.open - minute_ms, venue_time::steady::now());
  run_progress_ptr progress = std::make_shared<run_progress>();
  std::shared_ptr<std::vector<std::string>> learners = std::make_shared<std::vector<std::string>>();
  live_tape_config config;
  bool decide_at_once = true;
  std::function<void()> before_wiring;

  /// What reached the portfolio, in order: "phase 0", "cut 1", "fill s-1", "command 0 back-fill", "halt 1
  /// on".
  std::vector<std::string> to_portfolio;
  std::vector<std::pair<symbol_index, time_ms>> to_symbols; ///< symbol, label
  std::vector<cut_off> to_ranking;
  std::vector<round_closed> given_up;
  std::vector<order_intent> to_gateway;
  std::vector<std::uint32_t> to_feed; ///< credit, bars at a time
  std::vector<std::string> ended;     ///< who heard of the session's end
  std::vector<time_ms> times;         ///< of everything that reached the portfolio

  live_tape_actor tape;
  std::vector<symbol_actor> symbols;
  ranking_actor ranking;
  portfolio_actor portfolio;
  gateway_actor gateway;
  journal_actor journal;
  feed_actor feed;

  live_tape_bench() {
    config.tape.header.title = "test";
    config.tape.header.symbols = {"AAA", "BBB"};
    config.tape.place.file = (folder.path() / "day.tape").string();
    config.tape.progress = progress;
    config.tape.learners = learners;
    config.learners = {"a-start", "b-start"};
    spawn_mocks();
  }
  ~live_tape_bench() {
    if (tape)
      stop(tape);
    stop(symbols[0], symbols[1], ranking, portfolio, gateway, journal, feed);
  }

  /// Starts the tape with what the live configuration says.
  void start(live_config live = {}) {
    live.hours = day;
    live.time = time;
    live.symbols = {"AAA", "BBB"};
    config.live = std::make_shared<const live_config>(std::move(live));
    tape = sys.spawn(live_tape, config, supervisor);
    if (before_wiring)
      before_wiring();
    wiring graph;
    graph.symbols = symbols;
    graph.ranking = ranking;
    graph.portfolio = portfolio;
    graph.gateway = gateway;
    graph.journal = journal;
    graph.feed = feed;
    tell(tape, graph);
  }
  /// Venue time from now on.
  void set_time(time_ms at) { time->correct(at, venue_time::steady::now()); }
  time_ms at(int minute) const { return day.open + minute * minute_ms; }
  int minute_of(time_ms when) const { return static_cast<int>((when - day.open) / minute_ms); }

  bar bar_at(int minute) const {
    bar b;
    b.label = at(minute);
    b.open = b.high = b.low = b.close = 50;
    b.volume = 100;
    return b;
  }
  /// The bar that is complete at minute + 1.
  void give(symbol_index symbol, int minute, bool revision = false) {
    tell(tape, live_bar{symbol, bar_at(minute), revision});
  }
  void fill(const std::string& id) {
    venue_event event;
    event.kind = venue_event_kind::fill;
    event.client_order_id = id;
    event.fill.client_order_id = id;
    event.fill.execution_id = id + "#1";
    event.fill.shares = 1;
    event.fill.price = from_dollars(50);
    tell(tape, event);
  }
  /// The portfolio's decision of a round.
  void decide(int minute, std::vector<order_intent> orders = {}) {
    tell(tape, decision_of(at(minute), std::move(orders)));
  }
  static portfolio_step_ptr decision_of(time_ms when, std::vector<order_intent> orders = {}) {
    auto round = std::make_shared<ranked_round>();
    round->at = when;
    round->symbols.resize(2);
    round->order = {0, 1};
    auto step = std::make_shared<portfolio_step>();
    step->at = when;
    step->round = round;
    step->output.orders = std::move(orders);
    return step;
  }
  /// Delivers the timers that are due.
  void pass_deadline() {
    scheduler().advance_time(std::chrono::milliseconds{501});
    run();
  }
  std::uint64_t count_of(const std::string& name) {
    const auto status = status_of(tape);
    for (const auto& [known, value] : status.counts)
      if (known == name)
        return value;
    CAF_FAIL("the tape does not count " << name);
    return 0;
  }

  struct kept {
    record_kind kind;
    time_ms time;
    std::string payload;
  };
  /// The file's records; the last read status says whether the tape is whole.
  std::pair<std::vector<kept>, read_status> records() const {
    std::vector<kept> found;
    tape_reader reader(config.tape.place.file);
    tape_record record;
    auto status = reader.next(record);
    for (; status == read_status::record; status = reader.next(record))
      found.push_back({record.kind, record.time, std::string(record.payload)});
    return {std::move(found), status};
  }
  std::vector<record_kind> kinds() const {
    std::vector<record_kind> found;
    for (const auto& record : records().first)
      found.push_back(record.kind);
    return found;
  }
  std::size_t recorded(record_kind kind) const {
    const auto all = kinds();
    return static_cast<std::size_t>(std::count(all.begin(), all.end(), kind));
  }

private:
  void heard(std::string what, time_ms when) {
    to_portfolio.push_back(std::move(what));
    times.push_back(when);
  }
  void spawn_mocks() {
    for (symbol_index index = 0; index < 2; ++index)
      symbols.push_back(sys.spawn([this, index](symbol_actor::pointer self) -> symbol_actor::behavior_type {
        return {
            [](const session_start&) {},
            [this, index](const bar_batch& batch) {
              for (auto i = batch.first; i < batch.last; ++i)
                to_symbols.emplace_back(index, batch.block->bars[index][i].label);
            },
            [this, index](const session_end&) { ended.push_back("symbol " + std::to_string(index)); },
            [this, index, self](save_atom) {
              self->send(caf::actor_cast<tape_actor>(tape),
                         learner_state{index, "learned " + std::to_string(index)});
            },
            [](const wiring_ptr&) {},
            [](status_atom) { return actor_status{}; },
        };
      }));
    ranking = sys.spawn([this]() -> ranking_actor::behavior_type {
      return {
          [](const session_start&) {},
          [](const signal_batch&) {},
          [this](const cut_off& minute) { to_ranking.push_back(minute); },
          [this](const round_closed& round) { given_up.push_back(round); },
          [this](const session_end&) { ended.push_back("ranking"); },
          [](summary_atom) {},
          [](status_atom) { return actor_status{}; },
      };
    });
    portfolio = sys.spawn([this](portfolio_actor::pointer self) -> portfolio_actor::behavior_type {
      return {
          [](const session_start&) {},
          [this](const phase_change& change) {
            heard("phase " + std::to_string(static_cast<int>(change.phase)), change.at);
          },
          [this, self](const cut_off& minute) {
            heard("cut " + std::to_string(minute_of(minute.at)), minute.at);
            if (decide_at_once)
              self->send(caf::actor_cast<tape_actor>(tape), decision_of(minute.at));
          },
          [](const ranked_round_ptr&) {},
          [this](const venue_event& event) { heard("fill " + event.client_order_id, event.at); },
          [this](const operator_command& command) {
            heard("command " + std::to_string(static_cast<int>(command.kind)) + " " + command.sender,
                  command.at);
          },
          [this](const halt_change& change) {
            heard("halt " + std::to_string(change.symbol) + (change.on ? " on" : " off"), change.at);
          },
          [this](const symbol_change& change) {
            heard("symbol " + std::to_string(change.symbol) + (change.up ? " up" : " down"), change.at);
          },
          [this, self](const session_end& end) {
            ended.push_back("portfolio");
            self->send(caf::actor_cast<tape_actor>(tape), session_closed{day, {}, end.counts});
          },
          [](status_atom) { return actor_status{}; },
      };
    });
    feed = sys.spawn([this]() -> feed_actor::behavior_type {
      return {
          [this](const credit& more) { to_feed.push_back(more.blocks); },
          [](status_atom) { return actor_status{}; },
      };
    });
    gateway = sys.spawn([this]() -> gateway_actor::behavior_type {
      return {
          [](const session_block_ptr&) {},
          [](const session_start&) {},
          [this](const order_intent& order) { to_gateway.push_back(order); },
          [](const cancel_intent&) {},
          [](const wake&) {},
          [](status_atom) { return actor_status{}; },
      };
    });
    journal = sys.spawn([]() -> journal_actor::behavior_type {
      return {
          [](const session_start&) {},
          [](const warmup_summary&) {},
          [](const portfolio_step_ptr&) {},
          [](const session_closed&) {},
          [](status_atom) { return actor_status{}; },
      };
    });
  }
};

} // namespace sentio::test
