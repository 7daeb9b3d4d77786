#include "actors/gateway.hpp"

#include <stdexcept>

namespace sentio {

namespace {

using pointer = actor_pointer<gateway_actor, gateway_state>;

void ask_for_wake(pointer self, const tape_actor& tape) {
  auto& s = self->state;
  const auto next = s.venue->next_time();
  if (next == s.asked)
    return;
  s.asked = next;
  self->send(tape, wake_at{next.value_or(0)});
}

void begin_day(gateway_state& s, const session_hours& hours) {
  const auto found = s.market.find(hours.date);
  if (found == s.market.end())
    throw std::logic_error("the venue was not given the market of " + to_string(hours.date));
  s.today = found->second;
  s.market.erase(s.market.begin(), std::next(found));
  s.asked.reset();
  s.venue->begin_session(hours, std::shared_ptr<const session_bars>(s.today, &s.today->bars));
}

} // namespace

gateway_actor::behavior_type simulated_gateway(actor_pointer<gateway_actor, gateway_state> self,
                                               gateway_config config, tape_actor tape,
                                               supervisor_actor supervisor) {
  report_failures(self, supervisor, "gateway");
  self->state.venue.emplace(std::move(config.instruments), config.costs, config.cash);
  return {
      [self](const session_block_ptr& block) {
        const auto handling = self->state.count();
        self->state.market.emplace(block->hours.date, block);
      },
      [self](const session_start& day) {
        const auto handling = self->state.count();
        begin_day(self->state, day.hours);
      },
      [self, tape](const order_intent& order) {
        auto& s = self->state;
        const auto handling = s.count();
        ++s.orders;
        s.venue->submit(order, order.released_at);
        ask_for_wake(self, tape);
      },
      [self, tape](const cancel_intent& order) {
        auto& s = self->state;
        const auto handling = s.count();
        s.venue->cancel(order, order.decided_at);
        ask_for_wake(self, tape);
      },
      [self, tape](const wake& instant) {
        auto& s = self->state;
        const auto handling = s.count();
        s.asked.reset(); // the tape forgets a wake-up that it has delivered
        for (auto& word : s.venue->advance(instant.at))
          self->send(tape, std::move(word));
        ask_for_wake(self, tape);
      },
      [self](status_atom) {
        return status_of(self, "gateway", {{"orders", self->state.orders}});
      },
  };
}

gateway_actor::behavior_type recorded_gateway(actor_pointer<gateway_actor, counted_state> self,
                                              supervisor_actor supervisor) {
  report_failures(self, supervisor, "gateway");
  return {
      [self](const session_block_ptr&) { const auto handling = self->state.count(); },
      [self](const session_start&) { const auto handling = self->state.count(); },
      [self](const order_intent&) { const auto handling = self->state.count(); },
      [self](const cancel_intent&) { const auto handling = self->state.count(); },
      [self](const wake&) { const auto handling = self->state.count(); },
      [self](status_atom) { return status_of(self, "gateway"); },
  };
}

} // namespace sentio
