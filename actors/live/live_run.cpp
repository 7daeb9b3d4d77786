#include "actors/live/live_run.hpp"

#include <thread>

namespace sentio {

namespace {

constexpr std::chrono::milliseconds turn_length{10};
constexpr std::chrono::seconds answer_time{1};

} // namespace

std::vector<actor_status> live_session::status() {
  std::vector<actor_status> answers;
  caf::scoped_actor asker{system_};
  const auto ask = [&](const auto& handle) {
    if (!handle)
      return;
    asker->request(handle, answer_time, status_atom_v)
        .receive([&](actor_status& status) { answers.push_back(std::move(status)); },
                 [](const caf::error&) {
                   // It is dead or busy: the others' answers are still worth having.
                 });
  };
  const auto graph = graph_->view();
  ask(graph.actors.feed);
  ask(graph.actors.clock);
  ask(graph.tape);
  for (const auto& symbol : graph.actors.symbols)
    ask(symbol);
  ask(graph.actors.ranking);
  ask(graph.actors.portfolio);
  ask(graph.actors.gateway);
  ask(graph.actors.journal);
  ask(supervisor_);
  return answers;
}

void live_session::command(command_kind kind, const std::string& sender) {
  caf::anon_send(graph_->view().tape, operator_command{kind, time_->now(), sender});
}

bool live_session::kill(const std::string& actor) {
  bool known = false;
  caf::scoped_actor asker{system_};
  asker->request(supervisor_, answer_time, kill_request{actor})
      .receive([&](bool found) { known = found; },
               [](const caf::error&) {
                 // A supervisor that does not answer has killed nobody.
               });
  return known;
}

bool live_session::flat() {
  bool flat = false;
  caf::scoped_actor asker{system_};
  asker->request(graph_->view().actors.portfolio, answer_time, status_atom_v)
      .receive(
          [&](const actor_status& status) {
            flat = true;
            for (const auto& [name, value] : status.counts)
              if ((name == "positions" || name == "live_orders") && value != 0)
                flat = false;
          },
          [](const caf::error&) {
            // No answer is no proof that the book is flat.
          });
  return flat;
}

void live_session::end(const std::string& why) {
  caf::anon_send(caf::actor_cast<caf::actor>(graph_->view().tape), session_over{why});
}

live_outcome run_live(live_runtime& runtime, const std::shared_ptr<graph_config>& config,
                      const std::function<void(live_session&)>& turn) {
  live_outcome outcome;
  const auto progress = config->progress;
  auto handles = std::make_shared<graph_handles>();
  auto supervisor =
      caf::actor_cast<supervisor_actor>(runtime.system().spawn(supervisor_behavior, config, handles));
  {
    // Its answer means that the graph is wired and the handles may be read.
    caf::scoped_actor asker{runtime.system()};
    asker->request(supervisor, caf::infinite, status_atom_v)
        .receive([](const actor_status&) {},
                 [&](const caf::error& problem) {
                   progress->fail("the supervisor did not start: " + runtime.system().render(problem));
                 });
    live_session session{runtime.system(), supervisor, handles, progress, config->live->live->time};
    while (!progress->finished && !progress->failed) {
      std::this_thread::sleep_for(turn_length);
      turn(session);
    }
    outcome.actors = session.status();
    asker->monitor(supervisor);
    caf::anon_send(supervisor, stop_atom_v);
    asker->receive([](const caf::down_msg&) {});
  }
  supervisor = nullptr;
  handles->set({});
  outcome.error = progress->error();
  outcome.completed = progress->finished && !progress->failed;
  return outcome;
}

} // namespace sentio
