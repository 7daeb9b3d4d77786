#include "tools/sentio-actors/monitor_link.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace sentio {

namespace {

using json = nlohmann::json;
using steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds turn_length{50};
constexpr std::chrono::milliseconds hasty_turn_length{200}; ///< when days pass faster than anybody looks
constexpr std::chrono::milliseconds snapshot_interval{1'000};
/// A snapshot costs hub and watchers something, too, and may cost it on the processors that trade: best just
/// after a round, when its orders are out, and never just before one.
constexpr std::chrono::milliseconds after_round{20};
constexpr std::chrono::milliseconds soonest_snapshot{500}; ///< after the one before
constexpr std::chrono::milliseconds history_interval{5'000};
constexpr std::chrono::milliseconds day_interval{2'000};
constexpr std::chrono::milliseconds hasty_interval{5'000}; ///< of days and of snapshots
constexpr std::chrono::milliseconds farewell{1'000};
constexpr std::size_t most_commands = 64; ///< that wait for the run

time_ms real_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string dump(const json& message) {
  return message.dump(-1, ' ', false, json::error_handler_t::replace);
}

const char* phase_at(const session_hours& hours, time_ms at, bool closed) {
  if (closed || at >= hours.close)
    return "closed";
  if (at < hours.open)
    return "waiting";
  return at >= hours.liquidation ? "liquidation" : "open";
}

/// The supervisor knows who died; the others know what they did.
std::vector<actor_report> reports_of(const std::vector<actor_status>& statuses) {
  std::map<std::string, actor_report> reports;
  std::vector<std::string> order;
  const auto place = [&](const std::string& name) -> actor_report& {
    const auto [found, is_new] = reports.try_emplace(name);
    if (is_new) {
      found->second.name = name;
      found->second.role = "other";
      order.push_back(name);
    }
    return found->second;
  };
  for (const auto& status : statuses) {
    auto& report = place(status.name);
    report.mailbox = status.mailbox;
    report.messages = status.messages;
    report.handler = status.handler;
    report.handler_sum_us = status.handler_sum_us;
    if (status.name == "supervisor")
      report.role = status.name;
    for (const auto& watched : status.watched) {
      auto& of = place(watched.name);
      of.role = watched.role;
      of.state = watched.state;
      of.restarts = watched.restarts;
      of.last_error = watched.last_error;
    }
  }
  std::vector<actor_report> out;
  for (const auto& name : order)
    out.push_back(std::move(reports[name]));
  return out;
}

std::vector<std::pair<std::string, std::uint64_t>> counters_of(const std::vector<actor_status>& statuses) {
  std::vector<std::pair<std::string, std::uint64_t>> counters;
  for (const auto& status : statuses)
    if (!status.learner && status.name != "supervisor")
      for (const auto& [name, value] : status.counts)
        counters.emplace_back(status.name + "_" + name, value);
  return counters;
}

uplink_options options_of(const monitor_target& target) {
  uplink_options options;
  options.hub = target.hub;
  options.certificates = target.certificates;
  options.who = target.who;
  return options;
}

std::string text_of(const uplink_status& status) {
  std::string text = status.connected ? "connected" : "not connected: " + status.why;
  const auto add = [&](const char* name, std::uint64_t value) {
    if (value > 0)
      text += ", " + std::to_string(value) + " " + name;
  };
  add("restarts", status.restarts);
  add("texts dropped", status.dropped);
  add("malformed", status.malformed);
  add("times frozen", status.frozen);
  return text;
}

} // namespace

void alarm_box::hear(time_ms at, const std::string& line) {
  for (const std::string_view word : {"ALARM ", "CRITICAL "}) {
    const auto found = line.find(word);
    if (found == line.npos)
      continue;
    const auto actor = found > 2 ? line.substr(0, found - 2) : std::string();
    const std::lock_guard lock(mutex_);
    if (waiting_.size() < most)
      waiting_.push_back({at, actor, line.substr(found)});
    else
      ++left_out_;
    return;
  }
}

std::vector<alarm_box::alarm> alarm_box::take() {
  const std::lock_guard lock(mutex_);
  auto taken = std::exchange(waiting_, {});
  if (const auto more = std::exchange(left_out_, 0); more > 0)
    taken.push_back({taken.back().at, "", "and " + std::to_string(more) + " alarms more: see the console"});
  return taken;
}

monitor_link::monitor_link(const monitor_target& target, std::vector<std::string> symbols,
                           std::string data_note)
    : id_(target.who.id), data_note_(std::move(data_note)), view_(target.who, std::move(symbols)),
      uplink_(options_of(target)) {
  const auto keys = target.certificates / "operator.pub";
  if (std::filesystem::exists(keys) && !target.counters.empty())
    gate_.emplace(id_, keys, target.counters, real_now());
  thread_ = std::thread([this] { run(); });
}

monitor_link::~monitor_link() {
  forget();
  ending_ = true;
  thread_.join();
}

void monitor_link::observe(std::function<watched_state()> ask) {
  const std::lock_guard lock(mutex_);
  ask_ = std::move(ask);
}

void monitor_link::forget() {
  const std::lock_guard lock(mutex_); // held while it is called
  ask_ = nullptr;
}

void monitor_link::show(watched_state state) {
  wants_state_ = false;
  const std::lock_guard lock(mutex_);
  shown_ = std::move(state);
}

std::vector<admitted_command> monitor_link::take_commands() {
  if (!commands_wait_.exchange(false))
    return {}; // a replay asks after every step
  const std::lock_guard lock(mutex_);
  std::deque<admitted_command> taken;
  taken.swap(commands_);
  return {std::make_move_iterator(taken.begin()), std::make_move_iterator(taken.end())};
}

void monitor_link::answer(const admitted_command& command, bool good, const std::string& text) {
  const std::lock_guard lock(mutex_);
  answers_.push_back({command.what, good, text});
}

std::string monitor_link::state_text() const {
  const std::lock_guard lock(mutex_);
  return state_text_;
}

void monitor_link::run() {
  auto next = steady::now();
  for (;;) {
    const bool end = ending_;
    if (end)
      next = steady::now(); // the last word is the session's end
    look(end);
    if (std::exchange(round_seen_, false) && !hasty_)
      next = std::min(next, std::max(steady::now() + after_round, told_ + soonest_snapshot));
    std::optional<watched_state> state;
    {
      const std::lock_guard lock(mutex_);
      state = std::exchange(shown_, std::nullopt);
      if (!state && ask_ && steady::now() >= next)
        state = ask_();
    }
    if (state)
      take_state(std::move(*state));
    for (const auto& text : uplink_.take_commands())
      judge(text);
    std::deque<said_answer> answers;
    {
      const std::lock_guard lock(mutex_);
      answers.swap(answers_);
    }
    for (const auto& one : answers)
      say(one.to, one.good, one.text);
    if (uplink_.whole_wanted() || has_gaps() || another_day_is_due(end))
      offer_history();
    note_alarms();
    offer_events();
    if (steady::now() >= next) {
      told_ = steady::now();
      next = told_ + (hasty_ ? hasty_interval : snapshot_interval);
      offer_snapshot(real_now());
      wants_state_ = true;
    }
    if (end) {
      uplink_.finish(farewell);
      return;
    }
    uplink_.turn(hasty_ ? hasty_turn_length : turn_length);
  }
}

/// When days pass faster than anybody looks, one is taken when another is due to be shown.
void monitor_link::look(bool end) {
  const auto superseded = window_->superseded();
  hasty_ = superseded != std::exchange(superseded_seen_, superseded);
  if (hasty_ && !end && steady::now() - looked_ < hasty_interval)
    return;
  looked_ = steady::now();
  fold(window_->take());
}

void monitor_link::fold(std::vector<watched_entry> entries) {
  for (const auto& entry : entries) {
    if (const auto* day = std::get_if<watched_day>(&entry)) {
      const bool another = !day_ || day_->date != day->hours.date;
      day_ = day->hours;
      day_closed_ = day_closed_ && !another;
      view_.begin(day->hours, day->opening_equity, data_note_);
      another_day_ = another_day_ || another;
    } else if (const auto* step = std::get_if<portfolio_step_ptr>(&entry)) {
      view_.take((*step)->at, (*step)->round.get(), (*step)->output);
      round_seen_ = round_seen_ || (*step)->round;
      if ((*step)->latch)
        view_.set_halted(!(*step)->latch->empty(), *(*step)->latch);
      view_.set_entries_stopped((*step)->entries_stopped);
    } else {
      day_closed_ = true;
      view_.set_phase("closed", std::get<session_closed>(entry).hours.close);
    }
  }
}

void monitor_link::take_state(watched_state state) {
  // The journal may be a day ahead of what was asked a moment ago.
  if (day_ && state.venue_time < day_->open - 12 * 60 * minute_ms)
    state.venue_time = day_->open;
  // Or days behind it: what is shown is then a day that is over.
  if (day_ && state.venue_time > day_->close + 12 * 60 * minute_ms)
    state.venue_time = day_->close;
  venue_time_ = state.venue_time;
  auto actors = reports_of(state.actors);
  for (const auto& now : actors) {
    const auto before = std::find_if(last_actors_.begin(), last_actors_.end(),
                                     [&](const actor_report& one) { return one.name == now.name; });
    const auto known = before == last_actors_.end() ? 0 : before->restarts;
    if (now.restarts > known)
      view_.note(state.venue_time, "restart", now.name,
                 now.name + " was brought back" + (now.last_error.empty() ? "" : ": " + now.last_error));
    if (now.state != "up" && (before == last_actors_.end() || before->state == "up"))
      view_.note(state.venue_time, "fault", now.name,
                 now.name + " is " + now.state + (now.last_error.empty() ? "" : ": " + now.last_error));
  }
  last_actors_ = actors;
  std::vector<learner_report> learners;
  for (const auto& status : state.actors)
    if (status.learner)
      learners.push_back(*status.learner);
  view_.set_learners(std::move(learners));
  auto counters = counters_of(state.actors);
  counters.emplace_back("monitor_steps_dropped", window_->dropped());
  if (gate_) {
    counters.emplace_back("commands_accepted", gate_->accepted());
    for (std::size_t i = 0; i < command_refusals; ++i) {
      const auto refusal = static_cast<command_refusal>(i);
      if (gate_->refused(refusal) > 0)
        counters.emplace_back("commands_refused_" + std::string(to_string(refusal)), gate_->refused(refusal));
    }
  }
  view_.set_counters(std::move(counters));
  view_.set_actors(std::move(actors), real_now());
  view_.set_paused(state.paused);
  latency_report latest;
  for (; latencies_taken_ < state.latencies_ms.size(); ++latencies_taken_)
    latest.samples_ms.push_back(state.latencies_ms[latencies_taken_]);
  view_.add_latency(latest);
  if (day_)
    view_.set_phase(phase_at(*day_, state.venue_time, day_closed_), state.venue_time);
}

/// The hub hears of a day at once, but of no more than one in two seconds: a replay has many in that time.
bool monitor_link::another_day_is_due(bool end) const {
  return another_day_ && (end || steady::now() - told_history_ >= day_interval);
}

void monitor_link::offer_snapshot(time_ms now) {
  if (!day_ || another_day_)
    return; // of a day that the hub does not know yet
  uplink_.offer(uplink_kind::snapshot, dump(view_.snapshot(now)));
  auto text = text_of(uplink_.status());
  const std::lock_guard lock(mutex_);
  state_text_ = std::move(text);
}

/// A run that is faster than a minute a snapshot leaves minutes out at the hub; its history has them all.
bool monitor_link::has_gaps() const {
  return day_ && steady::now() - told_history_ > history_interval &&
         venue_time_ - told_venue_time_ > 2 * minute_ms * (history_interval / snapshot_interval);
}

void monitor_link::offer_history() {
  if (!day_)
    return;
  told_history_ = steady::now();
  another_day_ = false;
  told_venue_time_ = venue_time_;
  view_.take_events(); // a history has them
  uplink_.offer(uplink_kind::session, dump(view_.history()));
  uplink_.offer(uplink_kind::snapshot, dump(view_.snapshot(real_now())));
}

void monitor_link::note_alarms() {
  if (!day_)
    return; // they wait for their day
  for (const auto& one : alarms_->take())
    view_.note(one.at, "alert", one.actor, one.text);
}

void monitor_link::offer_events() {
  if (another_day_)
    return; // the history that is due has them
  for (const auto& event : view_.take_events())
    uplink_.offer(uplink_kind::report, dump(event));
}

void monitor_link::judge(const std::string& text) {
  if (!gate_)
    return; // without keys nobody commands from afar, and `certs` says so
  auto verdict = gate_->judge(text, real_now());
  const auto at = venue_time_ > 0 ? venue_time_ : real_now();
  if (!verdict.accepted) {
    view_.note(at, "alert", "operator",
               "a command was refused (" + std::string(to_string(verdict.refusal)) + "): " + verdict.why);
    std::string why;
    if (const auto asked = parse_command(text, why); asked && !verdict.key.empty())
      say(asked->value, false, verdict.why);
    return;
  }
  admitted_command admitted{*verdict.accepted, verdict.accepted->sender + " (operator " + verdict.key + ")"};
  view_.note(at, "command", "operator",
             admitted.what.command +
                 (admitted.what.argument.empty() || admitted.what.command == "configure"
                      ? ""
                      : " " + admitted.what.argument) +
                 " by " + admitted.sender);
  const std::lock_guard lock(mutex_);
  if (commands_.size() < most_commands) {
    commands_.push_back(std::move(admitted));
    commands_wait_ = true;
  } else {
    answers_.push_back({admitted.what, false, "too many commands wait already"});
  }
}

void monitor_link::say(const remote_command& to, bool good, const std::string& text) {
  uplink_.offer(
      uplink_kind::answer,
      dump({{"type", "answer"}, {"instance", id_}, {"counter", to.counter}, {"good", good}, {"text", text}}));
}

} // namespace sentio
