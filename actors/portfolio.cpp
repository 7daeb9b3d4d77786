#include "actors/portfolio.hpp"

#include <algorithm>
#include <stdexcept>

namespace sentio {

namespace {

using pointer = actor_pointer<portfolio_actor, portfolio_state>;

/// One input's way through the fold and out: to the tape, which writes before the gateway acts, and to the
/// journal.
struct stepper {
  pointer self;
  tape_actor tape;
  journal_actor journal;

  void emit(time_ms at, ranked_round_ptr round) const {
    auto& fold = *self->state.fold;
    fold.check_invariants();
    auto output = fold.take();
    if (!round && output.empty())
      return;
    auto step =
        std::make_shared<const portfolio_step>(portfolio_step{at, std::move(round), std::move(output)});
    self->send(tape, step);
    self->send(journal, std::move(step));
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
    self->send(journal, session_closed{s.today, s.fold->totals(), end.counts});
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
};

} // namespace

portfolio_actor::behavior_type portfolio_behavior(actor_pointer<portfolio_actor, portfolio_state> self,
                                                  portfolio_config config, tape_actor tape,
                                                  journal_actor journal, supervisor_actor supervisor) {
  report_failures(self, supervisor, "portfolio");
  auto& state = self->state;
  state.config = std::move(config);
  const auto& c = state.config;
  state.fold.emplace(c.parameters, c.instruments, c.capital, c.session_tag);
  const stepper steps{self, tape, journal};
  return {
      [self, steps](const session_start& day) {
        auto& s = self->state;
        s.count();
        s.today = day.hours;
        s.fold->begin_session(day.hours);
        self->send(steps.journal, day);
        steps.emit(day.hours.open, nullptr);
      },
      [self, steps](const phase_change& change) {
        auto& s = self->state;
        s.count();
        // Never held back: an open round is closed without entries by the phase itself.
        s.fold->on_phase(change.phase, change.at);
        steps.emit(change.at, nullptr);
      },
      [self, steps](const cut_off& minute) {
        self->state.count();
        steps.in_order(minute);
      },
      [self, steps](const ranked_round_ptr& round) {
        auto& s = self->state;
        s.count();
        if (s.awaited != round->at) {
          s.early.push_back(round);
          return;
        }
        steps.decide(round);
        steps.release();
      },
      [self, steps](const venue_event& event) {
        self->state.count();
        steps.in_order(event);
      },
      [self, steps](const operator_command& command) {
        auto& s = self->state;
        s.count();
        s.fold->on_command(command.kind, command.at);
        steps.emit(command.at, nullptr);
      },
      [self, steps](const halt_change& change) {
        auto& s = self->state;
        s.count();
        s.fold->on_halt(change.symbol, change.on);
        steps.emit(change.at, nullptr);
      },
      [self, steps](const session_end& end) {
        self->state.count();
        steps.in_order(end);
      },
      [self](status_atom) {
        const auto totals = self->state.fold->totals();
        const auto& s = self->state;
        return s.status_of("portfolio", {{"rounds", totals.rounds},
                                         {"fills", totals.fills},
                                         {"positions", s.fold->book().holdings().size()},
                                         {"live_orders", s.fold->live_orders()}});
      },
  };
}

} // namespace sentio
