// One session on the live runtime, from the first bar to closed logs.
#pragma once

#include "actors/engine.hpp"
#include "actors/mock_run.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sentio {

/// The graph of a live session. The symbols start from the setup's checkpoint; capital is what the account
/// holds. `resumed`: an interrupted session to go on with; the checkpoint is on its tape, the capital must be
/// that of its header. Throws std::invalid_argument when it was another configuration's.
std::shared_ptr<graph_config> live_graph(const mock_setup& setup, const std::string& title, live_config live,
                                         money capital, std::shared_ptr<log_sink> sink,
                                         const run_products& products,
                                         std::shared_ptr<const resumed_session> resumed = nullptr);
/// The order tag that such a session has.
std::string live_session_tag(const mock_setup& setup, const std::string& title, civil_date date,
                             money capital);

/// The running session, for whoever operates it. Not thread-safe: used between two turns of run_live's loop.
class live_session {
public:
  live_session(caf::actor_system& system, supervisor_actor supervisor, std::shared_ptr<graph_handles> graph,
               run_progress_ptr progress, std::shared_ptr<venue_time> time, caf::actor carrier)
      : system_(system), supervisor_(std::move(supervisor)), graph_(std::move(graph)),
        progress_(std::move(progress)), time_(std::move(time)), carrier_(std::move(carrier)) {}

  /// Every actor's answer; one that does not answer within a second is left out.
  std::vector<actor_status> status();
  /// True as soon as the word is on the tape, which takes milliseconds. False when it is not there after 0.8
  /// seconds: the tape may just be dead; its successor is told then.
  bool command(command_kind kind, const std::string& sender);
  /// Kills one actor, for drills; false when none has that name. The session goes on.
  bool kill(const std::string& actor);
  struct book_size {
    std::uint64_t positions = 0;
    std::uint64_t live_orders = 0; ///< without a known end
  };
  /// What the portfolio says that it holds and waits for; empty when it does not answer.
  std::optional<book_size> book();
  void end(const std::string& why);
  const run_progress& progress() const { return *progress_; }
  time_ms now() const { return time_->now(); }

private:
  caf::actor_system& system_;
  supervisor_actor supervisor_;
  std::shared_ptr<graph_handles> graph_;
  run_progress_ptr progress_;
  std::shared_ptr<venue_time> time_;
  caf::actor carrier_; ///< of words to the tape
};

struct live_outcome {
  bool completed = false; ///< the session's end was reached, logs and tape are closed
  std::string error;
  std::string
      tape_problem; ///< everything was sold because the tape was lost or not durable; empty: it was not
  std::vector<actor_status> actors; ///< their last words
};

/// Runs until the session is over or an actor fails. `turn` is called every 10 ms of real time, first before
/// the venue can have said anything. The tape is synced once a second. A handler that is stuck for 5 s ends
/// the process with exit code 1, since it cannot be interrupted.
live_outcome run_live(live_runtime& runtime, const std::shared_ptr<graph_config>& config,
                      const std::function<void(live_session&)>& turn);

} // namespace sentio
