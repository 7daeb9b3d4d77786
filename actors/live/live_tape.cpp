#include "actors/live/live_tape_moves.hpp"

#include <algorithm>

namespace sentio {

namespace {

/// How old a minute may be when it is decided: of venue time, and at least so much of real time.
constexpr time_ms lag_ms = 20'000;
constexpr std::chrono::milliseconds patience{400};
constexpr std::chrono::milliseconds mending_wait{50};

/// Pauses that this program makes for itself.
bool is_automatic(const operator_command& command) {
  return command.sender.starts_with("gateway: ") || command.sender.starts_with("feed: ") ||
         command.sender == "back-fill" || command.sender == late_sender;
}

} // namespace

bool note_pause(live_tape_state& s, const operator_command& command) {
  const bool on = command.kind == command_kind::maintenance_on;
  if (!on && command.kind != command_kind::maintenance_off)
    return true;
  if (!is_automatic(command)) {
    s.paused_by_person = on;
    return true;
  }
  if (on)
    s.paused_by.insert(command.sender);
  else
    s.paused_by.erase(command.sender);
  return on || (s.paused_by.empty() && !s.paused_by_person);
}

void live_admitter::take(live_tape_state::input input) const {
  auto& s = state();
  const auto handling = s.count();
  s.waiting.push_back(std::move(input));
  pump();
}

void live_admitter::pump() const {
  auto& s = state();
  while (s.graph && s.mending == 0 && s.held.empty() && !s.undecided && !s.over && !s.waiting.empty()) {
    const auto next = std::move(s.waiting.front());
    s.waiting.pop_front();
    std::visit([this](const auto& input) { admit(input); }, next);
  }
}

/// The feed has room for one bar more; it is told of many at once.
void live_admitter::return_credit() const {
  auto& s = state();
  if (++s.taken < std::max(1u, live().bar_window / 4) || !graph().feed)
    return;
  self->send(graph().feed, credit{std::exchange(s.taken, 0u)});
}

void live_admitter::admit(const live_bar& arrived) const {
  auto& s = state();
  const bar& b = arrived.value;
  const auto& hours = live().hours;
  const bool next_minute = !arrived.revision && b.label >= hours.open && b.label < hours.close &&
                           b.label > s.last_label[arrived.symbol] && decision_time(b) > s.minute;
  if (next_minute) {
    // The minute before was never closed: its end comes first.
    s.waiting.emplace_front(arrived);
    close_minute();
    return;
  }
  return_credit();
  if (b.label < hours.open || b.label >= hours.close) {
    ++s.outside;
    return;
  }
  auto& last = s.last_label[arrived.symbol];
  if (arrived.revision) {
    ++s.revisions;
    recorder().revision(stamp(), {arrived.symbol, b});
    recorder().flush();
    return;
  }
  if (b.label <= last) {
    ++s.duplicates;
    return;
  }
  last = b.label;
  ++s.bars;
  ++s.came[arrived.symbol];
  if (s.silent[arrived.symbol]) {
    s.silent[arrived.symbol] = false;
    if (live().say)
      live().say("tape: bars of " + name_of(arrived.symbol) + " come again");
  }
  recorder().bar_of(arrived.symbol, b);
  recorder().flush();
  s.memory.remember(live_bar{arrived.symbol, b, false});
  s.config.tape.progress->symbol_bars.fetch_add(1);
  learn(arrived.symbol, b);
  if (decision_time(b) < s.minute) {
    ++s.late;
    return;
  }
  s.delivered[arrived.symbol] = true;
  if (std::find(s.delivered.begin(), s.delivered.end(), false) == s.delivered.end())
    close_minute();
}

void live_admitter::learn(symbol_index symbol, const bar& b) const {
  if (state().down[symbol])
    return;
  auto block = std::make_shared<session_block>();
  block->bars.resize(graph().symbols.size());
  block->bars[symbol].push_back(b);
  self->send(graph().symbols[symbol], bar_batch{std::move(block), 0, 1});
}

void live_admitter::admit(const minute_due& due) const {
  auto& s = state();
  if (due.at < s.minute)
    return;
  if (due.at > s.minute)
    s.waiting.emplace_front(due);
  close_minute();
}

/// A process that was frozen hears old bars first. They are learned and positions are looked after, but
/// nothing is bought on what is no longer true.
void live_admitter::watch_lag() const {
  auto& s = state();
  const auto& c = live();
  const auto least = static_cast<time_ms>(static_cast<double>(patience.count()) * c.time->speed());
  const bool behind = c.time->now() - s.minute > c.grace_ms + std::max<time_ms>(lag_ms, least) &&
                      s.minute + c.grace_ms > c.joined_at;
  if (behind == s.behind)
    return;
  s.behind = behind;
  admit(operator_command{behind ? command_kind::maintenance_on : command_kind::maintenance_off, s.last_at,
                         late_sender});
}

void live_admitter::close_minute() const {
  auto& s = state();
  watch_lag();
  cut_off minute{s.minute, {}};
  for (symbol_index symbol = 0; symbol < s.delivered.size(); ++symbol)
    if (!s.delivered[symbol] || s.down[symbol])
      minute.absent.push_back(symbol);
  watch_silence(minute);
  s.delivered.assign(s.delivered.size(), false);
  s.minute += minute_ms;
  s.undecided = minute.at;
  stamp(minute.at);
  live().latency->round_closed(minute.at, live().time->steady_now());
  s.config.tape.progress->venue_time = minute.at;
  s.config.tape.progress->rounds.fetch_add(1);
  recorder().minute(minute);
  recorder().flush();
  s.memory.remember(minute);
  self->send(graph().portfolio, minute);
  self->delayed_send(self, decision_deadline, round_deadline{minute.at});
  self->send(graph().ranking, std::move(minute));
}

void live_admitter::give_up(time_ms at) const {
  auto& s = state();
  if (s.undecided != at)
    return;
  if (s.mending > 0) { // the ranking may be among those that are replaced
    self->delayed_send(self, mending_wait, round_deadline{at});
    return;
  }
  ++s.undecided_rounds;
  round_closed round{at, {}};
  for (symbol_index symbol = 0; symbol < s.delivered.size(); ++symbol)
    round.missing.push_back(symbol);
  recorder().closed(round);
  recorder().flush();
  s.memory.remember(round);
  self->send(graph().ranking, std::move(round));
}

void live_admitter::admit(const phase_change& change) const {
  const phase_change now{change.phase, stamp(change.at)};
  state().opened = state().opened || now.phase == session_phase::open;
  recorder().phase(now);
  recorder().flush();
  state().memory.remember(now);
  self->send(graph().portfolio, now);
}

void live_admitter::admit(const venue_event& word) const {
  venue_event event = word;
  event.at = stamp();
  if (event.kind == venue_event_kind::fill || event.kind == venue_event_kind::adjustment)
    event.fill.at = event.at;
  recorder().venue(event);
  recorder().flush();
  state().memory.remember_shared(event);
  self->send(graph().portfolio, std::move(event));
}

void live_admitter::admit(const operator_command& command) const {
  if (!note_pause(state(), command))
    return; // somebody else's pause goes on
  operator_command now = command;
  now.at = stamp(command.at);
  recorder().command(now);
  recorder().flush();
  state().memory.remember_shared(now);
  if (now.kind == command_kind::flatten || now.kind == command_kind::halt ||
      now.kind == command_kind::close_session)
    self->send(graph().gateway,
               wake{now.at}); // an exit that waits for another attempt does not wait any more
  const auto at = now.at;
  const bool resumed_by_person = now.kind == command_kind::maintenance_off && !is_automatic(now);
  self->send(graph().portfolio, std::move(now));
  // A person ends a person's pause. What a machine cannot do yet it says once more, or entries would go on.
  if (resumed_by_person && !state().paused_by.empty())
    admit(operator_command{command_kind::maintenance_on, at, *state().paused_by.begin()});
}

void live_admitter::admit(const operator_word& word) const {
  admit(word.command);
  caf::anon_send(word.carrier, word_recorded{word.number});
}

void live_admitter::admit(const halt_change& change) const {
  const halt_change now{change.symbol, change.on, stamp()};
  recorder().halt(now);
  recorder().flush();
  state().memory.remember(now);
  self->send(graph().portfolio, now);
}

void live_admitter::admit(const symbol_change& change) const {
  symbol_change now = change;
  now.at = stamp();
  state().down.at(now.symbol) = !now.up;
  recorder().symbol(now);
  recorder().flush();
  state().memory.remember_shared(now);
  self->send(graph().portfolio, std::move(now));
}

void live_admitter::admit(const feed_change& change) const {
  recorder().feed(stamp(), change);
  recorder().flush();
}

void live_admitter::admit(const session_over&) const {
  auto& s = state();
  s.over = true;
  std::vector<named_value> counts{{"bars", s.bars},
                                  {"late_bars", s.late},
                                  {"revisions", s.revisions},
                                  {"duplicates", s.duplicates},
                                  {"out_of_session", s.outside},
                                  {"undecided_rounds", s.undecided_rounds}};
  for (auto& missing : missing_minutes())
    counts.push_back(std::move(missing));
  const auto& hours = live().hours;
  recorder().counts(stamp(), counts);
  recorder().flush();
  const session_end end{hours.date, counts};
  s.memory.remember_shared(end);
  self->send(graph().portfolio, end);
  self->send(graph().ranking, end);
  for (const auto& symbol : graph().symbols)
    self->send(symbol, end);
  ask_for_learners();
}

live_tape_actor::behavior_type live_tape(actor_pointer<live_tape_actor, live_tape_state> self,
                                         live_tape_config config, supervisor_actor supervisor) {
  report_failures(self, supervisor, "tape");
  auto& state = self->state;
  state.config = std::move(config);
  const auto& tape = state.config.tape;
  if (const auto& resumed = state.config.resumed) {
    state.recorder = std::make_unique<tape_recorder>(tape.place, resumed->good, tape.header.symbols.size());
    state.memory = session_memory(*resumed);
  } else {
    state.recorder = std::make_unique<tape_recorder>(tape.place, tape.header);
  }
  const live_admitter moves{self};
  return {
      // Cases are tried in this order: the frequent ones first.
      [moves](const live_bar& arrived) { moves.take(arrived); },
      [moves](const portfolio_step_ptr& step) { moves.hold(step); },
      [self, moves](const wiring& graph) {
        const auto handling = self->state.count();
        self->state.graph = graph;
        moves.begin();
      },
      // Steps, blocks and wake-ups belong to the virtual runtime.
      [self](step_atom) { const auto handling = self->state.count(); },
      [self](const session_block_ptr&) { const auto handling = self->state.count(); },
      [self](const end_of_data&) { const auto handling = self->state.count(); },
      [self](const wake_at&) { const auto handling = self->state.count(); },
      [moves](const venue_event& event) { moves.take(event); },
      [moves](const operator_command& command) { moves.take(command); },
      [moves](const session_closed& day) { moves.hold(day); },
      [self, moves](const learner_state& learner) {
        const auto handling = self->state.count();
        moves.keep(learner);
      },
      [self](const warmup_summary&) { const auto handling = self->state.count(); },
      [self, moves](status_atom) {
        const auto& s = self->state;
        std::vector<named_value> counts{{"records", s.recorder->records()},
                                        {"bars", s.bars},
                                        {"late_bars", s.late},
                                        {"revisions", s.revisions},
                                        {"duplicates", s.duplicates},
                                        {"outside", s.outside},
                                        {"waiting", s.waiting.size()},
                                        {"paused", s.paused_by_person || !s.paused_by.empty()},
                                        {"refolded_outputs", s.memory.folded()},
                                        {"undecided_rounds", s.undecided_rounds}};
        for (symbol_index symbol = 0; symbol < s.silent.size(); ++symbol)
          if (s.silent[symbol])
            counts.emplace_back(std::string(silent_counter) + moves.name_of(symbol),
                                static_cast<std::uint64_t>(moves.silence_of(symbol, s.minute - minute_ms)));
        return status_of(self, "tape", std::move(counts));
      },
      [moves](const minute_due& due) { moves.take(due); },
      [moves](const phase_change& change) { moves.take(change); },
      [moves](const halt_change& change) { moves.take(change); },
      [moves](const feed_change& change) { moves.take(change); },
      [moves](const operator_word& word) { moves.take(word); },
      [moves](const session_over& end) { moves.take(end); },
      [moves](const symbol_change& change) { moves.take(change); },
      [self, moves](const mend_request& request) {
        const auto handling = self->state.count();
        return moves.mend(request);
      },
      [self, moves](const wiring_ptr& graph) {
        const auto handling = self->state.count();
        moves.rewire(*graph);
      },
      [self, moves](const round_deadline& deadline) {
        const auto handling = self->state.count();
        moves.give_up(deadline.at);
      },
  };
}

} // namespace sentio
