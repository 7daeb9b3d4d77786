#include "actors/simulation/session_trial.hpp"

#include "actors/csv_source.hpp"
#include "actors/schedule_trials.hpp"
#include "actors/simulation/session_run.hpp"
#include "core/market/session_reader.hpp"

#include <algorithm>
#include <stdexcept>

namespace sentio {

namespace {

constexpr std::uint32_t warmup_sessions = 15;
constexpr std::uint64_t full_features_every = 100; ///< seeds

mock_setup learned(mock_setup setup, const std::vector<std::string>& symbols,
                   const std::vector<session_block_ptr>& warmup) {
  setup.checkpoint = learn_warmup(setup, symbols, make_memory_source(warmup), warmup.back()->hours.date);
  return setup;
}

} // namespace

session_trials::session_trials(mock_setup setup, trial_options options) : options_(std::move(options)) {
  std::vector<std::string> symbols;
  for (const auto& active : active_instruments(setup.config))
    symbols.push_back(active.name);
  setup.config.symbols = symbols;
  const auto available = list_sessions(setup.data_dir, symbols);
  if (available.size() <= options_.days)
    throw std::invalid_argument("the data has " + std::to_string(available.size()) +
                                " sessions; at least one must lie before the " +
                                std::to_string(options_.days) + " to trade");
  const auto first = available[available.size() - options_.days];
  const auto plan = plan_sessions(available, {first, available.back()}, warmup_sessions, 1);
  auto source =
      make_csv_source({setup.data_dir, symbols, plan.first_read, plan.first_traded, plan.last, true});
  std::vector<session_block_ptr> warmup;
  session_block_ptr before;
  while (auto block = source->next()) {
    if (block->warmup) {
      warmup.push_back(block);
    } else {
      auto market = std::make_shared<session_market>();
      market->hours = block->hours;
      market->symbols = symbols;
      market->bars = block->bars;
      for (std::size_t i = 0; before && i < market->bars.size(); ++i)
        if (!before->bars[i].empty())
          market->bars[i].insert(market->bars[i].begin(), before->bars[i].back());
      markets_.push_back(std::move(market));
    }
    before = block;
  }
  if (options_.full != trial_options::features::none)
    full_ = learned(setup, symbols, warmup);
  std::erase_if(setup.config.learner.experts,
                [](const expert_parameters& expert) { return expert.features == feature_set::full126; });
  small_ = learned(std::move(setup), symbols, warmup);
}

mock_setup session_trials::setup_of(std::uint64_t seed) const {
  using features = trial_options::features;
  const bool full = options_.full == features::all ||
                    (options_.full == features::each_hundredth && seed % full_features_every == 0);
  return full ? full_ : small_;
}

fault_profile session_trials::profile(std::uint64_t seed, const fault_groups& groups) const {
  return draw_profile(seed, groups, hours(seed), symbols());
}

trial_result session_trials::run(std::uint64_t seed, const fault_profile& faults) const {
  const auto setup = setup_of(seed);
  return session_run(seed, setup, market_of(seed), faults, options_).go();
}

still_result session_trials::run_still(std::uint64_t seed, const still_plan& plan) const {
  const auto setup = setup_of(seed);
  const fault_profile none;
  return session_run(seed, setup, market_of(seed), none, options_, &plan).go_still();
}

fault_profile session_trials::shrink(std::uint64_t seed, fault_profile failing, std::size_t tries) const {
  const auto still_fails = [&](const fault_profile& p) { return !run(seed, p).violations.empty(); };
  // Delta debugging (Zeller, Hildebrandt 2002), with ever smaller pieces.
  for (auto piece = std::max<std::size_t>(1, part_count(failing) / 2); tries > 0;) {
    bool smaller = false;
    for (std::size_t from = 0; from < part_count(failing) && tries > 0;) {
      std::vector<bool> keep(part_count(failing), true);
      for (std::size_t i = from; i < std::min(from + piece, keep.size()); ++i)
        keep[i] = false;
      auto candidate = with_parts(failing, keep);
      --tries;
      if (still_fails(candidate)) {
        failing = std::move(candidate);
        smaller = true;
      } else {
        from += piece;
      }
    }
    if (piece == 1 && !smaller)
      break;
    piece = std::max<std::size_t>(1, piece / 2);
  }
  return failing;
}

} // namespace sentio
