#include "actors/schedule_trials.hpp"

#include "actors/csv_source.hpp"

#include <stdexcept>

namespace sentio {

checkpoint_file learn_warmup(const mock_setup& setup, const std::vector<std::string>& symbols,
                             std::shared_ptr<session_source> source, civil_date last_session,
                             const between_steps& tick) {
  run_products products;
  auto hashed = std::make_shared<log_hash>();
  session_plan nothing_traded;
  auto graph = mock_graph(setup, nothing_traded, make_hash_sink(hashed), products, std::move(source));
  graph->tape.collect_learners = true;
  auto runtime = make_stepwise_engine();
  const auto outcome = run_replay(*runtime, std::move(graph), tick);
  if (!outcome.error.empty())
    throw std::runtime_error(outcome.error);
  if (!outcome.completed)
    throw std::runtime_error("interrupted: no checkpoint was written");
  return make_checkpoint(setup.config.learner, *products.warmup, last_session, symbols, *products.learners);
}

schedule_trials::schedule_trials(mock_setup setup, const session_plan& plan)
    : setup_(std::move(setup)), plan_(plan) {
  std::vector<std::string> symbols;
  for (const auto& active : active_instruments(setup_.config))
    symbols.push_back(active.name);
  auto source =
      make_csv_source({setup_.data_dir, symbols, plan.first_read, plan.first_traded, plan.last, true});
  std::vector<session_block_ptr> warmup;
  civil_date last_learned = plan.first_read;
  while (auto block = source->next()) {
    if (block->warmup)
      last_learned = block->hours.date;
    (block->warmup ? warmup : traded_).push_back(block);
  }
  learned_ = learn_warmup(setup_, symbols, make_memory_source(std::move(warmup)), last_learned);
  setup_.checkpoint = learned_;
}

schedule_trials::trial schedule_trials::run(engine& runtime, std::uint32_t run_ahead) const {
  auto setup = setup_;
  setup.run_ahead = run_ahead;
  run_products products;
  auto hashed = std::make_shared<log_hash>();
  auto graph = mock_graph(setup, plan_, make_hash_sink(hashed), products, make_memory_source(traded_));
  const auto outcome = run_replay(runtime, std::move(graph));
  return {outcome.schedule_hash, *hashed, products.progress->symbol_bars,
          outcome.completed ? std::string() : "not completed: " + outcome.error};
}

} // namespace sentio
