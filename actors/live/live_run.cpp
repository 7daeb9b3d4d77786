#include "actors/live/live_run.hpp"

#include "actors/live/tape_sync.hpp"
#include "actors/live/tape_watch.hpp"
#include "actors/live/watchdog.hpp"
#include "actors/live/word_carrier.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <thread>
#include <unistd.h>

namespace sentio {

namespace {

constexpr std::chrono::milliseconds turn_length{10};
constexpr std::chrono::seconds answer_time{1};
/// For the graph to be built, which folds what a tape holds of the session: seconds, with many symbols.
constexpr std::chrono::minutes start_time{5};
/// For actors that have nothing left to do to end.
constexpr std::chrono::seconds stop_time{60};
/// For a word to be on the tape; shorter than a gap that is taken for a standstill of this process.
constexpr std::chrono::milliseconds record_time{800};
constexpr std::chrono::seconds sync_interval{1};
/// A disk that has not answered for so long is frozen. Slow ones answer within fractions of a second.
constexpr std::chrono::seconds disk_patience{5};
/// Before the process ends because of a stuck handler.
constexpr std::chrono::seconds last_sync_patience{2};
/// Between two looks at the tape's file. What one of them finds counts when the next one finds it too: a
/// tape's successor cuts a torn record away before it is known here.
constexpr std::chrono::milliseconds look_interval{250};
/// A longer gap between two turns is one in which this process did not run.
constexpr std::chrono::steady_clock::duration longest_turn = std::chrono::seconds(1);

/// Between two turns: the tape is made durable, and handlers that do not come back are found.
class keeper {
public:
  using steady = std::chrono::steady_clock;

  keeper(caf::actor_system& system, const graph_config& config, supervisor_actor supervisor,
         std::shared_ptr<graph_handles> handles)
      : config_(config), supervisor_(std::move(supervisor)), handles_(std::move(handles)), watchdog_(system),
        last_(steady::now()), synced_(last_), looked_(last_) {}

  void turn(live_session& session) {
    const auto now = steady::now();
    attended_ += std::min(now - last_, longest_turn);
    last_ = now;
    if (now - synced_ >= sync_interval) {
      synced_ = now;
      watch_all();
      if (const int tape = config_.progress->tape_descriptor; tape >= 0 && tape_problem_.empty())
        disk_.ask(tape);
    }
    look_at_disk(session);
    if (now - looked_ >= look_interval) {
      looked_ = now;
      look_at_tape(session);
    }
    if (const auto stuck = watchdog_.look(attended_))
      end_process(*stuck);
  }

  /// The session is over and its logs are closed, and an actor does not end: nobody has to wait for it.
  [[noreturn]] void leave_stuck_actors() {
    say("ALARM the session is over, and an actor has not ended for 60 s: the process ends without it");
    if (const auto& live = *config_.live->live; live.last_words)
      live.last_words();
    _exit(1);
  }

  /// Why everything was sold; empty: the tape was whole to the end.
  const std::string& tape_problem() const { return tape_problem_; }

private:
  void watch_all() {
    const auto graph = handles_->view();
    const auto watch = [&](const std::string& name, const auto& handle) {
      watchdog_.watch(name, caf::actor_cast<caf::actor>(handle), attended_);
    };
    watch("feed", graph.actors.feed);
    watch("clock", graph.actors.clock);
    watch("tape", graph.tape);
    for (std::size_t i = 0; i < graph.actors.symbols.size(); ++i)
      watch(config_.symbols[i].name, graph.actors.symbols[i]);
    watch("ranking", graph.actors.ranking);
    watch("portfolio", graph.actors.portfolio);
    watch("gateway", graph.actors.gateway);
    watch("journal", graph.actors.journal);
    watch("supervisor", supervisor_);
  }

  /// The tape is synced against the loss of power; a killed process loses nothing that was written.
  void look_at_disk(live_session& session) {
    const auto result = disk_.result();
    if (!disk_.waits() || result)
      answered_ = attended_;
    // EBADF and the like: the tape may just have been closed, or opened again.
    if (result == EIO || result == ENOSPC || result == EDQUOT || result == EROFS)
      sell_everything(session, std::string("cannot be made durable: ") + std::strerror(*result),
                      "not durable");
    if (attended_ - answered_ >= disk_patience)
      leave_frozen_disk("has not answered for 5 s");
  }

  /// Nothing can be written down, so that nothing may be decided, and who writes hangs in the kernel: what is
  /// held is sold past the tape, and the next start finds out from the venue.
  [[noreturn]] void leave_frozen_disk(const std::string& what) {
    const auto& live = *config_.live->live;
    const auto problem = "the disk of the tape " + config_.live->tape.place.file + " " + what;
    say("ALARM HALTED: " + problem + ": nothing can be decided any more, and the process ends");
    if (live.close_without_tape && !live.dry_run) {
      say("everything is sold at the venue now, past the tape");
      say(live.close_without_tape());
    }
    // The latch's disk may be the same one.
    std::thread([latch = live.latch, problem] {
      if (latch)
        latch(true, problem);
    }).detach();
    if (live.last_words)
      live.last_words();
    _exit(1);
  }

  void look_at_tape(live_session& session) {
    const auto& file = config_.live->tape.place.file;
    if (file.empty() || config_.progress->tape_descriptor < 0 || config_.progress->finished ||
        !tape_problem_.empty())
      return;
    if (!watch_)
      watch_.emplace(file);
    if (const auto writer = handles_->view().tape; writer != writer_) { // it has a successor
      writer_ = writer;
      watch_->forget();
      seen_.clear();
    }
    const auto found = watch_->look();
    const bool again = !found.empty() && !seen_.empty();
    seen_ = found;
    if (again)
      sell_everything(session, found, "lost");
  }

  /// What is decided from here on could not be recovered after a crash.
  void sell_everything(live_session& session, const std::string& what, const std::string& word) {
    tape_problem_ = "the tape " + config_.live->tape.place.file + " " + what;
    if (const auto& latch = config_.live->live->latch)
      latch(true, tape_problem_);
    say("ALARM HALTED: " + tape_problem_ +
        "; everything is sold, and nothing is bought until an operator re-arms. Mend the disk, start again, "
        "re-arm");
    const auto sender = "tape: " + word;
    session.command(command_kind::halt, sender);
    session.command(command_kind::flatten, sender);
  }

  /// A handler cannot be interrupted, and nothing goes on without its actor: what is on the tape is the way
  /// back. Acts first and speaks after, since nobody may listen.
  [[noreturn]] void end_process(const std::string& stuck) {
    const int tape = config_.progress->tape_descriptor;
    const bool durable = tape < 0 || disk_.now(tape, last_sync_patience);
    if (!durable && disk_.waits())
      leave_frozen_disk("does not answer, and " + stuck + " has not answered for 5 s");
    say("ALARM " + stuck +
        " has not answered for 5 s: its handler is stuck and cannot be interrupted. The process "
        "ends now; the same command goes on with the session where its tape ends");
    if (!durable)
      say("ALARM the tape could not be made durable"); // its bytes are the kernel's already
    if (const auto& live = *config_.live->live; live.last_words)
      live.last_words();
    _exit(1);
  }

  void say(const std::string& text) const {
    if (const auto& live = *config_.live->live; live.say)
      live.say(text);
  }

  const graph_config& config_;
  supervisor_actor supervisor_;
  std::shared_ptr<graph_handles> handles_;
  watchdog watchdog_;
  tape_sync disk_;
  steady::duration answered_{}; ///< by attended_: when the disk answered last, or had not been asked
  steady::time_point last_;
  steady::time_point synced_;
  steady::time_point looked_;
  steady::duration attended_{};
  std::optional<tape_watch> watch_;
  tape_actor writer_; ///< who wrote what the watch has seen
  std::string seen_;  ///< at the last look
  std::string tape_problem_;
};

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

bool live_session::command(command_kind kind, const std::string& sender) {
  bool recorded = false;
  caf::scoped_actor asker{system_};
  asker->request(carrier_, record_time, operator_command{kind, time_->now(), sender})
      .receive([&](bool told) { recorded = told; },
               [](const caf::error&) {
                 // Not yet: the carrier goes on trying.
               });
  return recorded;
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

std::optional<live_session::book_size> live_session::book() {
  std::optional<book_size> size;
  caf::scoped_actor asker{system_};
  asker->request(graph_->view().actors.portfolio, answer_time, status_atom_v)
      .receive(
          [&](const actor_status& status) {
            size.emplace();
            for (const auto& [name, value] : status.counts) {
              if (name == "positions")
                size->positions = value;
              if (name == "live_orders")
                size->live_orders = value;
            }
          },
          [](const caf::error&) {
            // No answer is no proof that the book is flat.
          });
  return size;
}

void live_session::end(const std::string& why) {
  caf::anon_send(caf::actor_cast<caf::actor>(graph_->view().tape), session_over{why});
}

namespace {

/// A journal that died in the last moments is on its way back when the tape is closed: it writes the day
/// anew. After this patience the run has failed.
constexpr std::chrono::seconds journal_time{20};

bool day_is_written(const graph_config& config) {
  auto& table = *config.journal.table;
  const std::lock_guard lock(table.mutex);
  return table.lines.contains(config.live->live->hours.date);
}

void wait_for_logs(const graph_config& config) {
  const auto end = std::chrono::steady_clock::now() + journal_time;
  while (!day_is_written(config) && !config.progress->failed) {
    if (std::chrono::steady_clock::now() > end)
      config.progress->fail(
          "the session is over, and its logs were not closed in time; `sentio-actors replay TAPE "
          "--log-dir DIR` writes them anew");
    std::this_thread::sleep_for(turn_length);
  }
}

} // namespace

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
    asker->request(supervisor, start_time, status_atom_v)
        .receive([](const actor_status&) {},
                 [&](const caf::error& problem) {
                   progress->fail("the supervisor did not start: " + runtime.system().render(problem));
                 });
    const auto carrier = runtime.system().spawn(word_carrier, handles);
    live_session session{runtime.system(), supervisor, handles, progress, config->live->live->time, carrier};
    keeper keeping{runtime.system(), *config, supervisor, handles};
    while (!progress->finished && !progress->failed) {
      turn(session); // at once: what it says first comes before anything of the venue's
      keeping.turn(session);
      std::this_thread::sleep_for(turn_length);
    }
    if (progress->finished)
      wait_for_logs(*config);
    outcome.tape_problem = keeping.tape_problem();
    outcome.actors = session.status();
    caf::anon_send_exit(carrier, caf::exit_reason::user_shutdown);
    asker->monitor(supervisor);
    caf::anon_send(supervisor, stop_atom_v);
    asker->receive([](const caf::down_msg&) {},
                   caf::after(stop_time) >> [&] { keeping.leave_stuck_actors(); });
  }
  supervisor = nullptr;
  handles->set({});
  outcome.error = progress->error();
  outcome.completed = progress->finished && !progress->failed;
  return outcome;
}

} // namespace sentio
