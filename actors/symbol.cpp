#include "actors/symbol.hpp"

#include <stdexcept>

namespace sentio {

void symbol_state::begin(const session_start& day) {
  warmup = day.warmup;
  model->begin_session(day.hours);
}

std::shared_ptr<const std::vector<symbol_signal>> symbol_state::learn(const bar_batch& batch) {
  const auto& row = batch.block->bars[config.index];
  auto signals = std::make_shared<std::vector<symbol_signal>>();
  signals->reserve(batch.last - batch.first);
  for (std::uint32_t i = batch.first; i < batch.last; ++i) {
    const bar& b = row[i];
    // Each bar is learned once: the tape never sends one twice, and nothing older than the last.
    if (b.label <= last_label)
      throw std::logic_error(config.name + ": a bar was sent for learning twice or out of order");
    last_label = b.label;
    signals->push_back(model->update(b));
    ++bars;
  }
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
  return {
      [self](const session_start& day) {
        self->state.count();
        self->state.begin(day);
      },
      [self, ranking](const bar_batch& batch) {
        auto& s = self->state;
        s.count();
        self->send(ranking, signal_batch{s.config.index, s.warmup, s.learn(batch)});
      },
      [self](const session_end&) {
        self->state.count();
        self->state.end();
      },
      [self, tape](save_atom) {
        auto& s = self->state;
        s.count();
        self->send(tape, learner_state{s.config.index, s.model->save()});
      },
      [self](status_atom) {
        return self->state.status_of(self->state.config.name, {{"bars", self->state.bars}});
      },
  };
}

} // namespace sentio
