// A run shown to a hub: folds what the journal and the actors say into messages, offers them to the uplink
// process, and brings back operators' commands. All of it on a thread of its own; the run never waits for it.
#pragma once

#include "actors/step_window.hpp"
#include "core/monitor/command_gate.hpp"
#include "core/monitor/session_view.hpp"
#include "tools/sentio-actors/uplink_process.hpp"

#include <atomic>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace sentio {

/// What only the run itself knows at a moment.
struct watched_state {
  std::vector<actor_status> actors;
  time_ms venue_time = 0;
  bool paused = false;
  std::vector<double> latencies_ms; ///< of all orders so far
};

/// A command that passed the gate.
struct admitted_command {
  remote_command what;
  std::string sender; ///< for the tape: "ann (operator 3f2a...)"
};

/// Where a run is shown, and as whom.
struct monitor_target {
  std::string hub;                    ///< HOST:PORT
  std::filesystem::path certificates; ///< an instance's folder that passed check_certificates
  instance_identity who;
  std::filesystem::path counters; ///< file for the counters of accepted commands; empty: none is accepted
};

/// Alarms on their way from the actors' threads to the link's. Has a lock of its own, since the link asks
/// actors while it holds its own; may outlive the link.
class alarm_box {
public:
  struct alarm {
    time_ms at = 0;
    std::string actor; ///< "gateway"
    std::string text;
  };
  /// Takes a line of an actor, "gateway: ALARM ...", that says ALARM or CRITICAL; other lines are nothing.
  /// What a flood brings beyond `most` until the next take() is counted only.
  void hear(time_ms at, const std::string& line);
  std::vector<alarm> take();

private:
  static constexpr std::size_t most = 50;
  std::mutex mutex_;
  std::vector<alarm> waiting_;
  std::uint64_t left_out_ = 0;
};

class monitor_link {
public:
  /// Throws file_problem when the operators' keys cannot be read.
  monitor_link(const monitor_target& target, std::vector<std::string> symbols, std::string data_note);
  /// Sends what is there for a second more, then ends the child.
  ~monitor_link();
  monitor_link(const monitor_link&) = delete;
  monitor_link& operator=(const monitor_link&) = delete;

  /// For the journal.
  std::shared_ptr<step_window> window() const { return window_; }
  /// `ask` is called on the link's thread about once a second, until forget() or the end.
  void observe(std::function<watched_state()> ask);
  /// After this `ask` is not called any more.
  void forget();
  /// The same from the run's own thread, for runs whose actors nobody else may ask.
  void show(watched_state state);
  /// Is a new state due? For show().
  bool wants_state() const { return wants_state_; }

  /// What the console says, for the page and the hub's webhook.
  std::shared_ptr<alarm_box> alarms() const { return alarms_; }

  std::vector<admitted_command> take_commands();
  /// Tells the operator what became of a command.
  void answer(const admitted_command& command, bool good, const std::string& text);

  /// One line for status: connected or why not, restarts, dropped, refused commands.
  std::string state_text() const;

private:
  void run();
  void look(bool end);
  void fold(std::vector<watched_entry> entries);
  void take_state(watched_state state);
  void note_alarms();
  void offer_snapshot(time_ms now);
  void offer_history();
  bool has_gaps() const;
  bool another_day_is_due(bool end) const;
  void offer_events();
  void judge(const std::string& text);
  void say(const remote_command& to, bool good, const std::string& text);

  std::string id_;
  time_ms venue_time_ = 0; ///< as last heard
  std::string data_note_;
  std::shared_ptr<alarm_box> alarms_ = std::make_shared<alarm_box>();
  std::shared_ptr<step_window> window_ = std::make_shared<step_window>();
  session_view view_; ///< the thread's
  std::optional<session_hours> day_;
  bool day_closed_ = false;
  bool another_day_ = false; ///< of which the hub has not been told
  std::uint64_t superseded_seen_ = 0;
  bool hasty_ = false;      ///< days pass faster than anybody looks
  bool round_seen_ = false; ///< since the last turn
  std::chrono::steady_clock::time_point looked_{};
  std::chrono::steady_clock::time_point told_{}; ///< the last snapshot
  std::vector<actor_report> last_actors_;
  std::chrono::steady_clock::time_point told_history_{};
  time_ms told_venue_time_ = 0;
  std::size_t latencies_taken_ = 0;
  std::optional<command_gate> gate_; ///< the thread's; none without operators' keys

  mutable std::mutex mutex_;
  std::function<watched_state()> ask_;
  std::optional<watched_state> shown_;
  std::deque<admitted_command> commands_;
  struct said_answer {
    remote_command to;
    bool good;
    std::string text;
  };
  std::deque<said_answer> answers_;
  std::string state_text_;

  std::atomic<bool> wants_state_{true};
  std::atomic<bool> commands_wait_{false};
  std::atomic<bool> ending_{false};
  uplink_process uplink_; ///< the thread's
  std::thread thread_;
};

} // namespace sentio
