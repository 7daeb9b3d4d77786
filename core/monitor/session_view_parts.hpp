// The inside of session_view: what it keeps.
#pragma once

#include "core/monitor/contract.hpp"
#include "core/monitor/session_view.hpp"

#include <deque>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace sentio {

struct session_view::parts {
  /// What is shown of one symbol.
  struct symbol_part {
    std::string name;
    bool seen = false; ///< a round had a signal of it
    bool fresh = false;
    double strength = 0;
    double probability = 0.5;
    double confidence = 0;
    double edge_bp = 0;
    double sigma_bp = 0;
    double close = 0;
    std::int32_t rank = 0;
    std::int32_t staleness_s = 0;
    entry_bar barred = entry_bar::no_signal;
    std::vector<std::pair<time_ms, double>> closes; ///< fresh ones, by round
    // Of the last fresh bar, to judge the next one's direction by:
    bool judged_before = false;
    double last_close = 0;
    double last_probability = 0.5;
    std::uint64_t right = 0;
    std::uint64_t judged = 0;
    std::uint64_t bars = 0;
    bool traded = false;
  };
  struct event {
    time_ms at = 0;
    std::string kind;
    std::string symbol;
    std::string actor;
    std::string text;
    bool is_fill = false;
    order_side side = order_side::buy;
    std::int64_t shares = 0;
    money price;
  };
  struct mark {
    time_ms at = 0;
    symbol_index symbol = 0;
    order_side side = order_side::buy;
    std::int64_t shares = 0;
    money price;
    std::string reason;
  };
  struct equity_point {
    time_ms at = 0;
    money equity;
    double drawdown = 0;
  };
  struct count_at {
    time_ms at = 0;
    std::uint64_t messages = 0;
  };

  instance_identity who;
  std::vector<symbol_part> symbols;

  // The session; nothing of it before begin().
  bool begun = false;
  session_hours hours;
  std::string data_note;
  money opening_equity;
  std::string phase = "waiting";
  time_ms venue_time = 0;
  time_ms round_at = 0;
  time_ms book_at = 0;
  money cash;
  money equity;
  money peak;
  double drawdown = 0;
  double max_drawdown = 0;
  std::vector<book_position> positions;
  std::vector<equity_point> curve;
  std::deque<event> events;
  std::uint64_t events_in_all = 0; ///< number after the last of `events`
  std::uint64_t events_taken = 0;  ///< by take_events
  std::deque<mark> marks;
  std::unordered_set<std::string> told; ///< keys of decisions, orders, fills and alerts taken
  std::uint64_t orders = 0;
  bool halted = false;
  std::string halt_reason;
  bool paused = false;

  // The process; it outlives sessions.
  std::vector<actor_report> actors;
  std::unordered_map<std::string, std::deque<count_at>> rates;
  std::vector<learner_report> learners; ///< by symbol's place
  std::array<std::uint64_t, latency_bounds_ms.size() + 1> latency{};
  double latency_sum_ms = 0;
  std::vector<std::pair<std::string, std::uint64_t>> counters;

  // session_view_fold.cpp
  void forget();
  void fold(const ranked_round& round);
  void fold(const book_snapshot& book);
  void fold(const trade& booked);
  void book_fill(const trade& booked);
  void add(event made);
  void add(time_ms at, std::string kind, std::string symbol, std::string actor, std::string text);
  bool first_time(std::string key);
  const std::string& name_of(symbol_index symbol) const;

  // session_view_text.cpp
  nlohmann::json session_json() const;
  nlohmann::json account_json() const;
  nlohmann::json positions_json() const;
  nlohmann::json ranking_json() const;
  nlohmann::json actors_json() const;
  nlohmann::json learners_json() const;
  nlohmann::json latency_json() const;
  nlohmann::json counters_json() const;
  nlohmann::json closes_json() const;
  static nlohmann::json event_json(const event& happened);
};

} // namespace sentio
