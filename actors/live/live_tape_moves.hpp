// The moves of the live tape, in parts: inputs (live_tape.cpp), the beginning and the way back
// (live_tape_start.cpp), outputs, the end and successors (live_tape_outputs.cpp).
#pragma once

#include "actors/live/live_tape.hpp"

namespace sentio {

inline constexpr const char* late_sender = "decisions are late";
/// Deciding takes real time, however fast the venue's clock runs.
inline constexpr std::chrono::milliseconds decision_deadline{500};

/// Keeps book of who paused entries. False: a machine's "go on" that does not count, since somebody else's
/// pause lasts.
bool note_pause(live_tape_state& s, const operator_command& command);

struct live_admitter {
  actor_pointer<live_tape_actor, live_tape_state> self;

  live_tape_state& state() const { return self->state; }
  const wiring& graph() const { return *state().graph; }
  tape_recorder& recorder() const { return *state().recorder; }
  const live_config& live() const { return *state().config.live; }
  const std::string& name_of(symbol_index symbol) const {
    return state().config.tape.header.symbols.at(symbol);
  }

  /// Venue time of an input that has none of its own; never before the one before it.
  time_ms stamp() const { return stamp(live().time->now()); }
  time_ms stamp(time_ms at) const {
    auto& s = state();
    return s.last_at = std::max(s.last_at, at);
  }

  void take(live_tape_state::input input) const;
  /// Admits what waits, up to the next cut-off.
  void pump() const;

  void begin() const;
  void restore(const resumed_session& resumed) const;
  void join() const;
  void add_back_fill(std::vector<live_tape_state::input>& inputs) const;

  void admit(const live_bar& arrived) const;
  void admit(const minute_due& due) const;
  void admit(const phase_change& change) const;
  void admit(const venue_event& word) const;
  void admit(const operator_command& command) const;
  void admit(const operator_word& word) const;
  void admit(const halt_change& change) const;
  void admit(const symbol_change& change) const;
  void admit(const feed_change& change) const;
  void admit(const session_over&) const;
  void return_credit() const;
  void learn(symbol_index symbol, const bar& b) const;
  void watch_lag() const;
  /// Raises an alarm for symbols without a bar in the `silent_minutes` up to the cut-off, once until the next
  /// bar comes. Nothing of it is on the tape: what is decided does not depend on it.
  void watch_silence(const cut_off& minute) const;
  /// Minutes up to a cut-off without a bar of the symbol: since its last one, or since the open.
  int silence_of(symbol_index symbol, time_ms cut_off) const;
  /// By symbol with less than half of the minutes so far: how many are missing, as a counter of the session.
  std::vector<named_value> missing_minutes() const;
  void close_minute() const;
  void give_up(time_ms at) const;

  /// What the portfolio made, now or as soon as the graph is whole.
  template <class Made>
  void hold(const Made& made) const {
    const auto handling = state().count();
    state().held.emplace_back(made);
    take_held();
  }
  void take_held() const;
  void carry_out(const portfolio_step_ptr& step) const;
  void carry_out(const session_closed& day) const;
  void ask_for_learners() const;
  void keep(const learner_state& learner) const;
  void finish_when_complete() const;
  history_ptr mend(const mend_request& request) const;
  void rewire(const wiring& now) const;
};

} // namespace sentio
