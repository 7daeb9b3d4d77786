// A session as the hub's page shows it (tools/sentio-hub/web/contract.md): folded from the same rounds,
// decisions, fills and books that the logs are written from. Live instances and finished sessions use this
// one fold.
#pragma once

#include "core/monitor/observation.hpp"
#include "core/strategy/portfolio.hpp"
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

  /// A session begins: everything of the last one is forgotten.
  void begin(const session_hours& hours, money opening_equity, const std::string& data_note);
  /// One step of the portfolio; `round` is null when no round was ranked. A step that is not after the last
  /// one taken (a journal that was restarted tells them again) changes nothing.
  void take(time_ms at, const ranked_round* round, const portfolio_output& output);
  /// Anything else that happened: `kind` of contract.md (alert, fault, restart, command, phase).
  void note(time_ms at, const std::string& kind, const std::string& actor, const std::string& text);
  void set_phase(const std::string& phase, time_ms venue_time);
  void set_actors(std::vector<actor_report> actors, time_ms at);
  void set_learners(std::vector<learner_report> learners);
  void add_latency(const latency_report& latest);
  void set_counters(std::vector<std::pair<std::string, std::uint64_t>> counters);
  void set_paused(bool paused);
  void set_halted(bool halted, const std::string& reason);

  /// Messages of the contract, with type and instance.
  nlohmann::json snapshot(time_ms at) const;
  nlohmann::json history() const;
  /// Events since the last call, oldest first.
  std::vector<nlohmann::json> take_events();

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace sentio
