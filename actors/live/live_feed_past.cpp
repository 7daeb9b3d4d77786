#include "actors/live/live_feed.hpp"

#include <algorithm>

namespace sentio {

namespace {

/// What the session has shown so far, for a feed that is born into it.
void recall(live_feed_state& state, const history& past) {
  for (const auto& entry : past)
    if (const auto* arrived = std::get_if<live_bar>(&entry)) {
      if (!arrived->revision)
        state.idle.at(arrived->symbol).is_idle(arrived->value, state.config->hours.open);
      state.newest = std::max(state.newest, arrived->value.label);
      state.last_close.at(arrived->symbol) = arrived->value.close;
    } else if (const auto* halt = std::get_if<halt_change>(&entry)) {
      state.halted.at(halt->symbol) = halt->on;
    } else if (const auto* command = std::get_if<std::shared_ptr<const operator_command>>(&entry);
               command && (*command)->sender == no_stream) {
      state.refused = (*command)->kind == command_kind::maintenance_on;
    }
}

} // namespace

void know_the_past(live_feed_state& state) {
  const auto& c = *state.config;
  state.halted.assign(c.symbols.size(), false);
  // Without a measure an impossible first bar would become one, and every good bar after it be refused.
  state.last_close = c.closes_before;
  state.last_close.resize(c.symbols.size(), 0);
  state.idle.resize(c.symbols.size());
  for (std::size_t symbol = 0; symbol < c.back_fill.size(); ++symbol)
    if (const auto& row = c.back_fill[symbol]; !row.empty()) {
      state.newest = std::max(state.newest, row.back().label);
      state.last_close[symbol] = row.back().close;
      state.idle[symbol].is_idle(row.back(), c.hours.open);
    }
  if (c.past)
    recall(state, *c.past);
}

} // namespace sentio
