#include "actors/ranking.hpp"

#include "actors/fold_history.hpp"

#include <algorithm>
#include <stdexcept>

namespace sentio {

void ranking_state::begin(const session_start& day) {
  if (!rounds.empty())
    throw std::logic_error("ranking: a day begins while a round of the last one is open");
  for (auto& of_symbol : pending)
    of_symbol = answers{};
  if (!day.warmup)
    ranks->begin_session();
}

void ranking_state::take(const signal_batch& batch) {
  if (batch.warmup) {
    shares->take(batch.symbol, *batch.signals);
    return;
  }
  auto& known = pending.at(batch.symbol);
  const auto& all = *batch.signals;
  const auto fresh = std::find_if(all.begin(), all.end(),
                                  [&](const symbol_signal& signal) { return signal.label > known.newest; });
  if (fresh == all.end())
    return;
  known.newest = all.back().label;
  known.batches.push_back(fresh == all.begin()
                              ? batch.signals
                              : std::make_shared<const std::vector<symbol_signal>>(fresh, all.end()));
}

void ranking_state::expect(const cut_off& minute) {
  rounds.push_back({minute.at, minute.absent});
}

void ranking_state::give_up(const round_closed& record) {
  for (auto& round : rounds)
    if (round.at == record.at) {
      round.absent.insert(round.absent.end(), record.missing.begin(), record.missing.end());
      std::sort(round.absent.begin(), round.absent.end());
    }
}

void ranking_state::take_next(answers& of_symbol) {
  if (++of_symbol.next < of_symbol.batches.front()->size())
    return;
  of_symbol.batches.pop_front();
  of_symbol.next = 0;
}

const symbol_signal* ranking_state::answer(symbol_index symbol, time_ms at) {
  auto& of_symbol = pending[symbol];
  // A bar that came after its cut-off was learned, but its round is over: what it says is not used.
  while (!of_symbol.batches.empty() && (*of_symbol.batches.front())[of_symbol.next].label + minute_ms < at)
    take_next(of_symbol);
  if (of_symbol.batches.empty())
    return nullptr;
  const auto& signal = (*of_symbol.batches.front())[of_symbol.next];
  return signal.label + minute_ms == at ? &signal : nullptr;
}

ranked_round_ptr ranking_state::close_next() {
  if (rounds.empty())
    return nullptr;
  const auto& round = rounds.front();
  const auto expected = [&](symbol_index symbol) {
    return !std::binary_search(round.absent.begin(), round.absent.end(), symbol);
  };
  const auto count = static_cast<symbol_index>(pending.size());
  for (symbol_index symbol = 0; symbol < count; ++symbol)
    if (expected(symbol) && !answer(symbol, round.at))
      return nullptr;
  for (symbol_index symbol = 0; symbol < count; ++symbol) {
    if (!expected(symbol))
      continue;
    ranks->take(symbol, *answer(symbol, round.at));
    take_next(pending[symbol]);
  }
  auto closed_round = std::make_shared<const ranked_round>(ranks->close(round.at));
  rounds.pop_front();
  ++closed;
  return closed_round;
}

void ranking_state::fold_round(const ranked_round& recorded) {
  if (rounds.empty() || rounds.front().at != recorded.at)
    throw std::logic_error("ranking: the record has a round at " + std::to_string(recorded.at) +
                           " that no cut-off asked for");
  const auto& absent = rounds.front().absent;
  for (symbol_index symbol = 0; symbol < pending.size(); ++symbol) {
    const auto& signal = recorded.symbols.at(symbol).signal;
    if (signal.label + minute_ms != recorded.at || std::binary_search(absent.begin(), absent.end(), symbol))
      continue;
    ranks->take(symbol, signal);
    pending[symbol].newest = signal.label;
  }
  if (ranks->close(recorded.at) != recorded)
    throw std::logic_error("ranking: the recorded round at " + std::to_string(recorded.at) +
                           " does not follow from its signals");
  rounds.pop_front();
  ++closed;
}

void ranking_state::fold(const history_entry& entry) {
  if (const auto* day = std::get_if<session_start>(&entry))
    begin(*day);
  else if (const auto* minute = std::get_if<cut_off>(&entry))
    expect(*minute);
  else if (const auto* given_up = std::get_if<round_closed>(&entry))
    give_up(*given_up);
  else if (const auto* round = std::get_if<ranked_round_ptr>(&entry))
    fold_round(**round);
  else if (std::holds_alternative<std::shared_ptr<const session_end>>(entry))
    shares->end_session();
}

void ranking_state::set_up(const ranking_config& config) {
  ranks.emplace(config.parameters, config.instruments);
  shares.emplace(config.parameters, config.thresholds, config.instruments);
  warmup = config.warmup;
  pending.resize(config.instruments.size());
}

ranking_actor::behavior_type ranking_behavior(actor_pointer<ranking_actor, ranking_state> self,
                                              ranking_config config, portfolio_actor portfolio,
                                              tape_actor tape, supervisor_actor supervisor) {
  report_failures(self, supervisor, "ranking");
  auto& state = self->state;
  state.set_up(config);
  if (config.past)
    fold_history(*config.past, [&state](const history_entry& entry) { state.fold(entry); });
  const auto close_rounds = [self, portfolio] {
    while (auto round = self->state.close_next())
      self->send(portfolio, std::move(round));
  };
  close_rounds(); // one that was given up on needs no answer
  return {
      [self](const session_start& day) {
        const auto handling = self->state.count();
        self->state.begin(day);
      },
      [self, close_rounds](const signal_batch& batch) {
        const auto handling = self->state.count();
        self->state.take(batch);
        close_rounds();
      },
      [self, close_rounds](const cut_off& minute) {
        const auto handling = self->state.count();
        self->state.expect(minute);
        close_rounds();
      },
      [self, close_rounds](const round_closed& record) {
        const auto handling = self->state.count();
        self->state.give_up(record);
        close_rounds();
      },
      [self](const session_end&) {
        const auto handling = self->state.count();
        self->state.shares->end_session();
      },
      [self, tape](summary_atom) {
        auto& s = self->state;
        const auto handling = s.count();
        self->send(tape, s.warmup ? *s.warmup : s.shares->summary());
      },
      [self](status_atom) {
        return status_of(self, "ranking", {{"rounds", self->state.closed}});
      },
  };
}

} // namespace sentio
