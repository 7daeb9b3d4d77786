// What a terminal knows of the hub and of the one instance that it looks at: folded from the hub's messages,
// bounded whatever they hold.
#pragma once

#include "tools/sentio-monitor/view_rows.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

/// An instance's answer to a signed command, as the hub relayed it.
struct command_answer {
  std::int64_t counter = 0; ///< of the command; 0 when the answer does not say
  bool accepted = false;
  std::string text;
};

/// Not thread-safe; knows no clock: whoever calls says when it is, in milliseconds of any steady clock.
class terminal_view {
public:
  static constexpr std::int64_t stale_after_ms = 5'000;
  static constexpr std::size_t most_events = 2'000; ///< of each of the two lists
  static constexpr std::size_t most_answers = 20;

  /// Takes a message of the contract, or an answer. False, and counted, when it is neither. Messages about
  /// another instance than the chosen one, which may still be on their way, are left out.
  bool take(std::string_view text, std::int64_t now_ms);
  /// Looks at another instance: what is known of the last one is forgotten.
  void choose(const std::string& instance);
  /// The connection is gone: nothing on the screen is fresh until the next snapshot.
  void forget_freshness() { snapshot_at_ = 0; }

  const std::string& chosen() const { return chosen_; }
  const std::vector<instance_row>& instances() const { return instances_; }
  /// The chosen instance in the hub's list; null when it is not in it.
  const instance_row* chosen_row() const;
  const std::string& hub_version() const { return hub_version_; }
  /// Why the hub turned this terminal away; empty when it did not.
  const std::string& refusal() const { return refusal_; }

  bool has_snapshot() const { return last_snapshot_at_ != 0; }
  /// No newer snapshot for five seconds, no uplink, or nothing yet.
  bool is_stale(std::int64_t now_ms) const;
  /// Milliseconds since the newest snapshot came; -1 when there is none since the connection was made.
  std::int64_t snapshot_age_ms(std::int64_t now_ms) const;

  const session_row& session() const { return session_; }
  const account_row& account() const { return account_; }
  const std::vector<position_row>& positions() const { return positions_; }
  const std::vector<ranking_row>& ranking() const { return ranking_; }
  std::int64_t ranking_at() const { return ranking_at_; }
  const std::vector<actor_row>& actors() const { return actors_; }
  const std::vector<learner_row>& learners() const { return learners_; }
  const latency_row& latency() const { return latency_; }
  const std::vector<std::pair<std::string, double>>& counters() const { return counters_; }
  const std::vector<std::pair<std::int64_t, double>>& equity() const { return equity_; }
  /// Decisions, orders and fills, oldest first.
  const std::deque<event_row>& orders() const { return orders_; }
  /// Alerts, faults, restarts, commands and phases, oldest first.
  const std::deque<event_row>& faults() const { return faults_; }
  /// Answers that nobody took yet, oldest first.
  std::deque<command_answer> take_answers();
  /// Messages that were not understood, since the program began.
  std::uint64_t refused() const { return refused_; }

private:
  void take_snapshot(snapshot_rows rows, std::int64_t now_ms);
  void take_history(history_rows rows);
  void take_event(event_row event);

  std::string chosen_;
  std::vector<instance_row> instances_;
  std::string hub_version_;
  std::string refusal_;
  std::int64_t last_snapshot_at_ = 0; ///< the instance's own time
  std::int64_t snapshot_at_ = 0;      ///< when it came, by the caller's clock
  session_row session_;
  account_row account_;
  std::vector<position_row> positions_;
  std::vector<ranking_row> ranking_;
  std::int64_t ranking_at_ = 0;
  std::vector<actor_row> actors_;
  std::vector<learner_row> learners_;
  latency_row latency_;
  std::vector<std::pair<std::string, double>> counters_;
  std::vector<std::pair<std::int64_t, double>> equity_;
  std::deque<event_row> orders_;
  std::deque<event_row> faults_;
  std::deque<command_answer> answers_;
  std::uint64_t refused_ = 0;
};

} // namespace sentio
