#include "actors/symbol.hpp"

#include <cmath>
#include <stdexcept>

namespace sentio {

void symbol_state::begin(const session_start& day) {
  warmup = day.warmup;
  model->begin_session(day.hours);
}

symbol_signal symbol_state::learn_one(const bar& b) {
  // Each bar is learned once: the tape never sends one twice, and nothing older than the last.
  if (b.label <= last_label)
    throw std::logic_error(config.name + ": a bar was sent for learning twice or out of order");
  last_label = b.label;
  ++bars;
  auto signal = model->update(b);
  // What is not finite now stays so; nobody may trade on it.
  if (!std::isfinite(signal.probability) || !std::isfinite(signal.edge_bp) || !std::isfinite(signal.sigma))
    throw std::runtime_error(config.name + ": the learner's state is no longer finite");
  return signal;
}

std::shared_ptr<const std::vector<symbol_signal>> symbol_state::learn(const bar_batch& batch) {
  const auto& row = batch.block->bars[config.index];
  auto signals = std::make_shared<std::vector<symbol_signal>>();
  signals->reserve(batch.last - batch.first);
  for (std::uint32_t i = batch.first; i < batch.last; ++i)
    signals->push_back(learn_one(row[i]));
  last = {config.index, warmup, signals};
  return signals;
}

void symbol_state::end() {
  model->end_session();
  const auto& counts = model->session_counts();
  for (std::size_t h = 0; h < config.learner.horizons.size(); ++h)
    if (counts.updates[h] + counts.dropped[h] != counts.unmasked)
      throw std::logic_error(config.name + ": updates + dropped labels differ from unmasked bars");
  if (!model->health().finite)
    throw std::logic_error(config.name + ": the learner's state is no longer finite");
}

void symbol_state::fold(const history& past) {
  auto unused = std::make_shared<std::vector<symbol_signal>>();
  for (const auto& entry : past) {
    if (const auto* day = std::get_if<session_start>(&entry))
      begin(*day);
    else if (const auto* arrived = std::get_if<live_bar>(&entry); arrived && arrived->symbol == config.index)
      unused->push_back(learn_one(arrived->value));
    else if (std::holds_alternative<ranked_round_ptr>(entry))
      unused->clear();
    else if (std::holds_alternative<std::shared_ptr<const session_end>>(entry))
      end();
  }
  last = {config.index, warmup, std::move(unused)};
}

symbol_actor::behavior_type symbol_behavior(actor_pointer<symbol_actor, symbol_state> self,
                                            symbol_config config, ranking_actor ranking, tape_actor tape,
                                            supervisor_actor supervisor) {
  auto& state = self->state;
  state.config = std::move(config);
  report_failures(self, supervisor, "symbol " + state.config.name);
  state.model.emplace(state.config.learner, state.config.isa);
  if (state.config.checkpoint)
    if (const auto problem = state.model->load(*state.config.checkpoint); !problem.empty())
      throw std::runtime_error("checkpoint of " + state.config.name + ": " + problem);
  state.ranking = std::move(ranking);
  if (state.config.past) {
    state.fold(*state.config.past);
    state.config.past = nullptr;
    self->send(state.ranking, state.last);
  }
  return {
      [self](const session_start& day) {
        const auto handling = self->state.count();
        self->state.begin(day);
      },
      [self](const bar_batch& batch) {
        auto& s = self->state;
        const auto handling = s.count();
        s.learn(batch);
        self->send(s.ranking, s.last);
      },
      [self](const session_end&) {
        const auto handling = self->state.count();
        self->state.end();
      },
      [self, tape](save_atom) {
        auto& s = self->state;
        const auto handling = s.count();
        self->send(tape, learner_state{s.config.index, s.model->save()});
      },
      [self](const wiring_ptr& graph) {
        auto& s = self->state;
        const auto handling = s.count();
        if (graph->ranking == s.ranking)
          return;
        s.ranking = graph->ranking;
        if (s.last.signals)
          self->send(s.ranking, s.last);
      },
      [self](status_atom) {
        const auto& s = self->state;
        auto status = status_of(self, s.config.name, {{"bars", s.bars}});
        const auto health = s.model->health();
        status.learner = learner_report{s.config.name, health.leverage, health.smallest_diagonal,
                                        health.largest_diagonal, s.bars};
        return status;
      },
  };
}

} // namespace sentio
