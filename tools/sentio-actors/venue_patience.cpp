#include "tools/sentio-actors/venue_patience.hpp"

#include "tools/sentio-actors/run_console.hpp"

#include <chrono>
#include <thread>
#include <utility>

namespace sentio {

namespace {

using steady = std::chrono::steady_clock;

/// The venue cannot be asked for the time.
time_ms machine_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// Of the day, or the next one that has any.
session_hours session_to_come(time_ms now) {
  const auto today = session_on(new_york_date(now));
  return today && now < today->close ? *today : *session_on(next_session(add_days(new_york_date(now), 1)));
}

} // namespace

venue_patience::venue_patience(const live_options& options, std::vector<std::string> symbols,
                               std::string lock_name)
    : options_(options), symbols_(std::move(symbols)), lock_name_(std::move(lock_name)) {}

bool venue_patience::wait(start_refusal refusal, const std::string& why) {
  if (options_.recover_only)
    return false;
  open_ = look_for_open_session(options_, lock_name_);
  const auto pause = wait_before_start(refusal, {open_.has_value(), options_.every_session}, rounds_++);
  if (!pause)
    return false;
  const auto alarm =
      "ALARM " + why + ". Trying again in " + std::to_string(pause->count()) + " s" + what_is_open();
  say_line(alarm);
  tell_hub(alarm);
  const auto end = steady::now() + *pause;
  while (!interrupted() && steady::now() < end)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return true;
}

int venue_patience::give_up() const {
  say_line("stopped while waiting for the venue: nothing was ordered" + what_is_open());
  return 1;
}

void venue_patience::over() {
  monitor_.reset();
}

void venue_patience::tell_hub(const std::string& alarm) {
  const auto now = machine_now();
  if (!monitor_) {
    monitor_ = run_monitor::start_without_commands(options_.monitor, options_.real ? "real" : "paper",
                                                   symbols_, "waiting for the venue");
    if (!monitor_)
      return;
    monitor_->link().window()->put(watched_day{session_to_come(now), money()});
  }
  monitor_->link().alarms()->hear(now, alarm);
  watched_state state;
  state.venue_time = now;
  monitor_->link().show(std::move(state));
}

std::string venue_patience::what_is_open() const {
  if (!open_)
    return {};
  std::string held;
  try {
    const auto book = folded_book(*open_->session);
    for (const auto& one : book.book().holdings())
      held += (held.empty() ? "" : ", ") + std::to_string(one.shares) + " " +
              open_->session->header.symbols.at(one.symbol);
  } catch (const std::exception&) {
    held = "an unknown number of shares"; // the recovery itself says what is wrong with the tape
  }
  return "; the session in " + open_->log_dir.string() + " is open and holds " +
         (held.empty() ? "nothing" : held) + " by its tape";
}

} // namespace sentio
