#include "actors/replay.hpp"

namespace sentio {

namespace {

/// Asks every actor for its status, one after the other.
std::vector<actor_status> last_words(engine& runtime, const graph_view& graph,
                                     const supervisor_actor& supervisor) {
  std::vector<actor_status> answers;
  caf::scoped_actor asker{runtime.system()};
  const auto ask = [&](const auto& handle) {
    if (!handle)
      return;
    auto request = asker->request(handle, caf::infinite, status_atom_v);
    runtime.run_until_idle();
    request.receive([&](actor_status& status) { answers.push_back(std::move(status)); },
                    [](const caf::error&) {
                      // A dead actor has no status; why it died is in the run's error.
                    });
  };
  ask(graph.actors.feed);
  ask(graph.actors.clock);
  ask(graph.tape);
  for (const auto& symbol : graph.actors.symbols)
    ask(symbol);
  ask(graph.actors.ranking);
  ask(graph.actors.portfolio);
  ask(graph.actors.gateway);
  ask(graph.actors.journal);
  ask(supervisor);
  return answers;
}

class watched_replay final : public replay_session {
public:
  watched_replay(engine& runtime, std::shared_ptr<graph_handles> handles, supervisor_actor supervisor,
                 run_progress_ptr progress)
      : runtime_(runtime), handles_(std::move(handles)), supervisor_(std::move(supervisor)),
        progress_(std::move(progress)) {}

  std::vector<actor_status> status() override { return last_words(runtime_, handles_->view(), supervisor_); }
  void command(command_kind kind, const std::string& sender) override {
    caf::anon_send(handles_->view().tape, operator_command{kind, progress_->venue_time, sender});
    runtime_.run_until_idle();
  }
  const run_progress& progress() const override { return *progress_; }

private:
  engine& runtime_;
  std::shared_ptr<graph_handles> handles_;
  supervisor_actor supervisor_;
  run_progress_ptr progress_;
};

} // namespace

replay_outcome run_replay(engine& runtime, std::shared_ptr<graph_config> config, const between_steps& tick,
                          const watch_replay& watch) {
  replay_outcome outcome;
  const auto progress = config->progress;
  auto handles = std::make_shared<graph_handles>();
  auto supervisor = caf::actor_cast<supervisor_actor>(
      runtime.system().spawn(supervisor_behavior, std::move(config), handles));
  runtime.run_until_idle();
  auto tape = handles->view().tape; // in a replay nobody is replaced
  const auto show = [&] {
    if (!watch)
      return;
    watched_replay session(runtime, handles, supervisor, progress);
    watch(session);
  };
  while (!progress->finished && !progress->failed) {
    show();
    if (tick && !tick(*progress)) {
      outcome.interrupted = true;
      break;
    }
    const auto before = progress->steps.load();
    caf::anon_send(tape, step_atom_v);
    runtime.run_until_idle();
    if (progress->steps == before && !progress->failed)
      progress->fail("the graph is stalled: the tape did not take a step");
  }
  show();
  outcome.actors = last_words(runtime, handles->view(), supervisor);
  outcome.schedule_hash = runtime.schedule_hash();
  caf::anon_send(supervisor, stop_atom_v);
  runtime.run_until_idle();
  supervisor = nullptr;
  tape = nullptr;
  handles->set({});
  runtime.run_until_idle();
  outcome.error = progress->error();
  outcome.completed = progress->finished && !progress->failed;
  return outcome;
}

} // namespace sentio
