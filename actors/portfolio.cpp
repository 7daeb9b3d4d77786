#include "actors/portfolio.hpp"

#include "actors/fold_history.hpp"

#include <algorithm>
#include <stdexcept>

namespace sentio {

namespace {

using pointer = actor_pointer<portfolio_actor, portfolio_state>;

/// One input's way through the fold and out to the tape, which writes before gateway and journal hear of it.
struct stepper {
  pointer self;
  tape_actor tape;

  void emit(time_ms at, ranked_round_ptr round) const {
    auto& fold = *self->state.fold;
    fold.check_invariants();
    auto output = fold.take();
    if (!round && output.empty())
      return;
    std::optional<std::string> latch;
    if (output.latch_changed)
      latch = fold.halted() ? fold.halt_reason() : std::string();
    self->send(tape, std::make_shared<const portfolio_step>(portfolio_step{
                         at, std::move(round), std::move(output), std::move(latch), fold.entries_stopped()}));
  }

  void decide(const ranked_round_ptr& round) const {
    self->state.awaited.reset();
    self->state.fold->on_round(*round);
    emit(round->at, round);
  }

  void apply(const venue_event& event) const {
    self->state.fold->on_venue(event);
    emit(event.at, nullptr);
  }

  void apply(const cut_off& minute) const {
    auto& s = self->state;
    s.awaited = minute.at;
    s.fold->on_cut_off(minute.at);
    emit(minute.at, nullptr);
    const auto early = std::find_if(s.early.begin(), s.early.end(),
                                    [&](const ranked_round_ptr& round) { return round->at == minute.at; });
    if (early == s.early.end())
      return;
    const auto round = *early;
    s.early.erase(early);
    decide(round);
  }

  void apply(const session_end& end) const {
    auto& s = self->state;
    self->send(tape, session_closed{s.today, s.fold->totals(), end.counts});
  }

  /// Inputs that follow a cut-off wait until its round is decided.
  template <class Input>
  void in_order(const Input& input) const {
    if (self->state.awaited)
      self->state.held.emplace_back(input);
    else
      apply(input);
  }

  void release() const {
    auto& s = self->state;
    while (!s.awaited && !s.held.empty()) {
      const auto next = std::move(s.held.front());
      s.held.pop_front();
      std::visit([this](const auto& input) { apply(input); }, next);
    }
  }

  void on(const session_start& day) const {
    auto& s = self->state;
    s.today = day.hours;
    s.fold->begin_session(day.hours);
    emit(day.hours.open, nullptr);
  }
  /// Never held back: an open round is closed without entries by the phase itself.
  void on(const phase_change& change) const {
    self->state.fold->on_phase(change.phase, change.at);
    emit(change.at, nullptr);
  }
  void on(const cut_off& minute) const { in_order(minute); }
  void on(const ranked_round_ptr& round) const {
    auto& s = self->state;
    if (s.awaited != round->at) {
      s.early.push_back(round);
      return;
    }
    decide(round);
    release();
  }
  void on(const venue_event& event) const { in_order(event); }
  void on(const operator_command& command) const {
    self->state.fold->on_command(command.kind, command.at);
    emit(command.at, nullptr);
  }
  void on(const halt_change& change) const {
    self->state.fold->on_halt(change.symbol, change.on);
    emit(change.at, nullptr);
  }
  void on(const symbol_change& change) const {
    self->state.fold->on_symbol(change.symbol, change.up, change.at);
    emit(change.at, nullptr);
  }
  void on(const session_end& end) const { in_order(end); }
  // Of a session's history the rest is not the portfolio's: bars, rounds given up, and what it made itself.
  void on(const live_bar&) const {}
  void on(const round_closed&) const {}
  void on(const order_intent&) const {}
  void on(const cancel_intent&) const {}
  template <class Shared>
  void on(const std::shared_ptr<const Shared>& entry) const {
    on(*entry);
  }
};

} // namespace

portfolio_actor::behavior_type portfolio_behavior(actor_pointer<portfolio_actor, portfolio_state> self,
                                                  portfolio_config config, tape_actor tape,
                                                  supervisor_actor supervisor) {
  report_failures(self, supervisor, "portfolio");
  auto& state = self->state;
  state.config = std::move(config);
  const auto& c = state.config;
  state.fold.emplace(c.parameters, c.rules, c.instruments, c.capital, c.session_tag);
  const stepper steps{self, tape};
  if (c.past)
    fold_history(*c.past, [&steps](const history_entry& entry) {
      std::visit([&steps](const auto& one) { steps.on(one); }, entry);
    });
  state.config.past = nullptr;
  const auto take = [self, steps](const auto& input) {
    const auto handling = self->state.count();
    steps.on(input);
  };
  return {
      [take](const session_start& day) { take(day); },
      [take](const phase_change& change) { take(change); },
      [take](const cut_off& minute) { take(minute); },
      [take](const ranked_round_ptr& round) { take(round); },
      [take](const venue_event& event) { take(event); },
      [take](const operator_command& command) { take(command); },
      [take](const halt_change& change) { take(change); },
      [take](const symbol_change& change) { take(change); },
      [take](const session_end& end) { take(end); },
      [self](status_atom) {
        const auto totals = self->state.fold->totals();
        const auto& s = self->state;
        auto status = status_of(self, "portfolio",
                                {{"rounds", totals.rounds},
                                 {"fills", totals.fills},
                                 {"positions", s.fold->book().holdings().size()},
                                 {"live_orders", s.fold->live_orders()},
                                 {"impossible", s.fold->impossible()},
                                 {"halted", s.fold->halted()}});
        status.entries_stopped = s.fold->entries_stopped();
        return status;
      },
  };
}

} // namespace sentio
