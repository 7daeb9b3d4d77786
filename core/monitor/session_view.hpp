// A session as the hub's page shows it (tools/sentio-hub/web/contract.md): folded from the same rounds,
// decisions, fills and books that the logs are written from. Live instances and finished sessions use this
// one fold.
#pragma once

#include "core/monitor/observation.hpp"
#include "core/portfolio/output.hpp"
#include "core/strategy/ranking.hpp"

#include <nlohmann/json_fwd.hpp>

#include <memory>
#include <string>
#include <vector>

namespace sentio {

/// Not thread-safe. Bounded: 5,000 events, a point a minute for equity and prices, counters as given.
class session_view {
public:
  session_view(instance_identity who, std::vector<std::string> symbols);
  ~session_view();
  session_view(session_view&&) noexcept;
  session_view& operator=(session_view&&) noexcept;

  /// A session begins: everything of the last one is forgotten. The same date again (a journal that was
  /// restarted says so) changes nothing.
  void begin(const session_hours& hours, money opening_equity, const std::string& data_note);
  /// One step of the portfolio; `round` is null when no round was ranked. Rounds, books, decisions, orders,
  /// fills and alerts that were taken before (a journal that was restarted tells them again) change nothing.
  /// Fills move cash and positions until the next round's book replaces them.
  void take(time_ms at, const ranked_round* round, const portfolio_output& output);
  /// Anything else that happened: `kind` of contract.md (alert, fault, restart, command, phase).
  void note(time_ms at, const std::string& kind, const std::string& actor, const std::string& text);
  /// waiting, open, liquidation or closed. Another one than before is an event.
  void set_phase(const std::string& phase, time_ms venue_time);
  /// `at`: real time; the rate of messages is over the last 5 s of it.
  void set_actors(std::vector<actor_report> actors, time_ms at);
  void set_learners(std::vector<learner_report> learners);
  void add_latency(const latency_report& latest);
  void set_counters(std::vector<std::pair<std::string, std::uint64_t>> counters);
  void set_paused(bool paused);
  void set_halted(bool halted, const std::string& reason);
  /// Why entries are stopped without HALTED; empty = they are not. HALTED goes before it.
  void set_entries_stopped(const std::string& reason);

  /// Messages of the contract, with type and instance. `at`: real time; the snapshot is whole. Beyond the
  /// contract: actors have `handler_buckets` ([[le_us, count up to it], ..., ["+Inf", all]]) and
  /// `handler_sum_us`, latency has `buckets_ms` and `sum_ms`; and a history of more than 20 symbols has
  /// `closes`: {"times":[t,...],"values": {SYM:[close or null,...]}}, from which the hub answers `prices`.
  nlohmann::json snapshot(time_ms at) const;
  /// With `all_prices` every symbol's, however many there are.
  nlohmann::json history(bool all_prices = false) const;
  /// Events since the last call, oldest first. A history has them too: whoever sends one takes, and drops,
  /// the events before it.
  std::vector<nlohmann::json> take_events();

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace sentio
