#include "actors/live/live_tape_moves.hpp"

#include <algorithm>

namespace sentio {

int live_admitter::silence_of(symbol_index symbol, time_ms cut_off) const {
  const time_ms since = std::max(live().hours.open, state().last_label[symbol] + minute_ms);
  return static_cast<int>(std::max<time_ms>(0, cut_off - since) / minute_ms);
}

void live_admitter::watch_silence(const cut_off& minute) const {
  auto& s = state();
  std::string never, again;
  for (const symbol_index symbol : minute.absent) {
    if (s.silent[symbol] || s.down[symbol] || silence_of(symbol, minute.at) < silent_minutes)
      continue;
    s.silent[symbol] = true;
    auto& names = s.last_label[symbol] == 0 ? never : again;
    names += (names.empty() ? "" : ", ") + name_of(symbol);
  }
  if (!live().say)
    return;
  const std::string minutes = std::to_string(silent_minutes) + " minutes";
  const std::string advice = ": not bought meanwhile; is it halted, and does the feed have it?";
  if (!never.empty())
    live().say("tape: ALARM no bar of " + never + " since the open, " + minutes + " ago or more" + advice);
  if (!again.empty())
    live().say("tape: ALARM no bar of " + again + " for " + minutes + advice);
}

std::vector<named_value> live_admitter::missing_minutes() const {
  const auto& s = state();
  const auto planned = static_cast<int>((s.minute - minute_ms - live().hours.open) / minute_ms);
  std::vector<named_value> missing;
  for (symbol_index symbol = 0; symbol < s.came.size(); ++symbol)
    if (2 * s.came[symbol] < planned)
      missing.emplace_back(std::string(missing_counter) + name_of(symbol),
                           static_cast<std::uint64_t>(planned - s.came[symbol]));
  return missing;
}

void live_admitter::ask_for_learners() const {
  auto& s = state();
  s.learned.resize(graph().symbols.size());
  for (symbol_index symbol = 0; symbol < graph().symbols.size(); ++symbol)
    if (s.down[symbol])
      keep({symbol, {}}); // nobody is there to ask
    else
      self->send(graph().symbols[symbol], save_atom_v);
}

void live_admitter::keep(const learner_state& learner) const {
  auto& s = state();
  auto& kept = s.learned.at(learner.symbol);
  if (kept) // asked twice, because its actor was replaced meanwhile
    return;
  kept = learner.bytes;
  finish_when_complete();
}

/// The day's totals and every learner: then nothing is left to come.
void live_admitter::finish_when_complete() const {
  auto& s = state();
  if (!s.over || !s.memory.closed || s.learned.empty() ||
      !std::all_of(s.learned.begin(), s.learned.end(), [](const auto& one) { return one.has_value(); }) ||
      s.config.tape.progress->finished)
    return;
  if (s.config.tape.learners) {
    s.config.tape.learners->clear();
    // A symbol that ended without its actor has learned nothing that can be vouched for.
    const bool whole = std::find(s.down.begin(), s.down.end(), true) == s.down.end();
    for (auto& one : s.learned)
      if (whole)
        s.config.tape.learners->push_back(*one);
  }
  recorder().close();
  s.config.tape.progress->finished = true;
}

void live_admitter::take_held() const {
  auto& s = state();
  while (s.graph && s.mending == 0 && !s.held.empty()) {
    const auto next = std::move(s.held.front());
    s.held.pop_front();
    std::visit([this](const auto& one) { carry_out(one); }, next);
  }
  pump();
}

void live_admitter::carry_out(const portfolio_step_ptr& step) const {
  auto& s = state();
  std::vector<const cancel_intent*> cancels;
  std::vector<const order_intent*> orders;
  each_output(*step, [&](record_kind kind, time_ms at, const auto& payload) {
    // A portfolio that folds the session again makes its outputs again; what is on the record was acted on.
    const auto bytes = encode(payload);
    if (!s.memory.is_new(kind, bytes))
      return;
    recorder().output(kind, at, bytes);
    using made = std::decay_t<decltype(payload)>;
    if constexpr (std::is_same_v<made, ranked_round>)
      s.memory.remember(step->round);
    if constexpr (std::is_same_v<made, cancel_intent>) {
      s.memory.remember_shared(payload);
      cancels.push_back(&payload);
    }
    if constexpr (std::is_same_v<made, order_intent>) {
      s.memory.remember_shared(payload);
      orders.push_back(&payload);
    }
  });
  recorder().flush();
  if (s.memory.is_new_step(step)) {
    if (step->latch && live().latch)
      live().latch(!step->latch->empty(), *step->latch);
    self->send(graph().journal, step);
  }
  for (const auto* intent : cancels)
    self->send(graph().gateway, *intent);
  for (const auto* intent : orders)
    self->send(graph().gateway, *intent);
  if (step->round && s.undecided == step->round->at)
    s.undecided.reset();
}

void live_admitter::carry_out(const session_closed& day) const {
  auto& s = state();
  if (s.memory.closed)
    return;
  s.memory.closed = day;
  self->send(graph().journal, day);
  finish_when_complete();
}

history_ptr live_admitter::mend(const mend_request& request) const {
  auto& s = state();
  ++s.mending;
  if (request.role == actor_role::portfolio) {
    s.held.clear(); // not on the record, so the successor makes it again
    s.memory.refold();
  }
  return s.memory.past();
}

/// An actor has its successor: what only this one was told is told again.
void live_admitter::rewire(const wiring& now) const {
  auto& s = state();
  const auto before = std::exchange(*s.graph, now);
  s.mending = std::max(0, s.mending - 1);
  if (now.feed != before.feed)
    s.taken = 0; // it begins with all its credit
  if (now.journal != before.journal) {
    self->send(now.journal, s.config.warmup);
    self->send(now.journal, session_start{live().hours, false});
    for (const auto& step : s.memory.steps())
      self->send(now.journal, step);
    if (s.memory.closed)
      self->send(now.journal, *s.memory.closed);
  }
  for (symbol_index symbol = 0; s.over && symbol < now.symbols.size(); ++symbol)
    if (now.symbols[symbol] != before.symbols[symbol])
      self->send(now.symbols[symbol], save_atom_v);
  take_held();
}

} // namespace sentio
