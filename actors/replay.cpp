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

} // namespace

replay_outcome run_replay(engine& runtime, std::shared_ptr<graph_config> config, const between_steps& tick) {
  replay_outcome outcome;
  const auto progress = config->progress;
  auto handles = std::make_shared<graph_handles>();
  auto supervisor = caf::actor_cast<supervisor_actor>(
      runtime.system().spawn(supervisor_behavior, std::move(config), handles));
  runtime.run_until_idle();
  auto tape = handles->view().tape; // in a replay nobody is replaced
  while (!progress->finished && !progress->failed) {
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
