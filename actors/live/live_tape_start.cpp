#include "actors/live/live_tape_moves.hpp"

#include <algorithm>

namespace sentio {

namespace {

/// Takes the state of a session that was cut off from its history. The actors fold it themselves; nothing is
/// sent again.
struct restorer {
  live_tape_state& s;

  void take(const live_bar& arrived) const {
    s.last_label.at(arrived.symbol) = arrived.value.label;
    ++s.came.at(arrived.symbol);
    ++s.bars;
    if (decision_time(arrived.value) == s.minute)
      s.delivered[arrived.symbol] = true;
    else
      ++s.late;
  }
  void take(const cut_off& minute) const {
    s.delivered.assign(s.delivered.size(), false);
    s.minute = minute.at + minute_ms;
    s.undecided = minute.at;
    s.config.tape.progress->rounds.fetch_add(1);
  }
  void take(const ranked_round_ptr&) const { s.undecided.reset(); }
  void take(const round_closed&) const { ++s.undecided_rounds; }
  void take(const phase_change& change) const {
    s.opened = s.opened || change.phase == session_phase::open;
    s.closed = s.closed || change.phase == session_phase::close;
  }
  void take(const operator_command& command) const {
    note_pause(s, command);
    if (command.sender == late_sender)
      s.behind = command.kind == command_kind::maintenance_on;
  }
  void take(const symbol_change& change) const { s.down.at(change.symbol) = !change.up; }
  void take(const session_end&) const { s.over = true; }
  template <class Entry>
  void take(const std::shared_ptr<const Entry>& entry) const {
    take(*entry);
  }
  // What leaves no trace in the tape's own state.
  void take(const session_start&) const {}
  void take(const halt_change&) const {}
  void take(const venue_event&) const {}
  void take(const order_intent&) const {}
  void take(const cancel_intent&) const {}
};

} // namespace

void live_admitter::begin() const {
  auto& s = state();
  const auto& hours = live().hours;
  s.last_label.assign(graph().symbols.size(), 0);
  s.came.assign(graph().symbols.size(), 0);
  s.silent.assign(graph().symbols.size(), false);
  s.delivered.assign(graph().symbols.size(), false);
  s.down.assign(graph().symbols.size(), false);
  s.config.tape.progress->sessions.fetch_add(1);
  s.config.tape.progress->tape_descriptor = recorder().descriptor();
  self->send(graph().journal, s.config.warmup);
  self->send(graph().journal, session_start{hours, false});
  if (s.config.resumed) {
    restore(*s.config.resumed);
    join();
    take_held();
    return;
  }
  recorder().warmup(s.config.warmup);
  for (symbol_index symbol = 0; symbol < s.config.learners.size(); ++symbol)
    recorder().learner({symbol, s.config.learners[symbol]});
  recorder().session(hours);
  recorder().flush();
  s.last_at = hours.open;
  s.minute = hours.open + minute_ms;
  const session_start day{hours, false};
  s.memory.remember(day);
  self->send(graph().gateway, day);
  self->send(graph().portfolio, day);
  for (const auto& symbol : graph().symbols)
    self->send(symbol, day);
  self->send(graph().ranking, day);
  join();
  take_held();
}

void live_admitter::restore(const resumed_session& resumed) const {
  auto& s = state();
  s.minute = live().hours.open + minute_ms;
  s.last_at = resumed.last_at;
  s.revisions = resumed.revisions;
  auto& progress = *s.config.tape.progress;
  progress.rounds = 0; // counted again from the tape, also when only its actor is new
  progress.sessions = 1;
  for (const auto& entry : *resumed.past)
    std::visit([&s](const auto& one) { restorer{s}.take(one); }, entry);
  progress.symbol_bars = s.bars;
  progress.venue_time = s.minute - minute_ms;
  if (s.undecided)
    self->delayed_send(self, decision_deadline, round_deadline{*s.undecided});
  if (s.over)
    ask_for_learners();
}
void live_admitter::join() const {
  auto& s = state();
  const auto& c = live();
  const auto& file = s.config.tape.maintenance_file;
  const bool paused = !file.empty() && std::filesystem::exists(file);
  const bool resumed = s.config.resumed != nullptr;
  const bool catching_up = c.joined_at >= (resumed ? s.minute + c.grace_ms : c.hours.open);
  std::vector<live_tape_state::input> first;
  // Whoever paused entries before the cut is not there any more to say that they may go on.
  for (const auto& sender : resumed ? s.paused_by : std::set<std::string>{})
    if (sender != late_sender)
      first.emplace_back(operator_command{command_kind::maintenance_off, s.last_at, sender});
  if (catching_up) {
    first.emplace_back(operator_command{command_kind::maintenance_on, c.hours.open, "back-fill"});
    if (!s.opened)
      first.emplace_back(phase_change{session_phase::open, c.hours.open});
    // Closed before its missing minutes are decided: they are learned and written down, and nothing is
    // ordered.
    if (c.only_finishes() && !s.closed)
      first.emplace_back(phase_change{session_phase::close, c.hours.close});
    add_back_fill(first);
  } else if (paused && !resumed) {
    first.emplace_back(operator_command{command_kind::maintenance_on, c.hours.open, "maintenance file"});
  }
  if (!resumed)
    for (const auto& adopted : c.adopted)
      first.emplace_back(adopted);
  // Cut off between a minute's last bar and its end: nothing else is waited for.
  const bool all_heard = std::find(s.delivered.begin(), s.delivered.end(), false) == s.delivered.end();
  if (resumed && !catching_up && all_heard)
    first.emplace_back(minute_due{s.minute});
  if (catching_up && !paused)
    first.emplace_back(operator_command{command_kind::maintenance_off, c.joined_at, "back-fill"});
  s.waiting.insert(s.waiting.begin(), first.begin(), first.end());
}

void live_admitter::add_back_fill(std::vector<live_tape_state::input>& inputs) const {
  const auto& c = live();
  std::vector<std::size_t> next(c.back_fill.size());
  for (time_ms at = c.hours.open + minute_ms; at + c.grace_ms <= c.joined_at && at <= c.hours.close;
       at += minute_ms) {
    for (symbol_index symbol = 0; symbol < c.back_fill.size(); ++symbol) {
      const auto& row = c.back_fill[symbol];
      auto& i = next[symbol];
      for (; i < row.size() && decision_time(row[i]) <= at; ++i)
        inputs.emplace_back(live_bar{symbol, row[i], false});
    }
    inputs.emplace_back(minute_due{at});
  }
}

} // namespace sentio
