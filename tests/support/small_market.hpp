// A generated market in memory, for tests that run the whole graph without files.
#pragma once

#include "actors/csv_source.hpp"
#include "actors/mock_run.hpp"
#include "core/generator/market.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

namespace sentio::test {

struct market_options {
  std::vector<std::string> symbols{"SDS", "SQQQ", "TQQQ"};
  int days = 4;
  int warmup_days = 2;
  double edge = 0.15;
  std::uint64_t seed = 3;
  civil_date start{2025, 11, 24}; ///< the week of a holiday and a half day
};

/// Blocks as the feed would send them, by sorted symbol.
inline std::vector<session_block_ptr> small_market(const market_options& options = {}) {
  generator_options asked;
  asked.seed = options.seed;
  asked.days = options.days;
  asked.start = options.start;
  asked.symbols = options.symbols;
  asked.edge = options.edge;
  const synthetic_market market(asked);
  std::vector<generated_series> series;
  auto sorted = options.symbols;
  std::sort(sorted.begin(), sorted.end());
  for (const auto& symbol : sorted)
    series.push_back(market.series(symbol));
  std::vector<session_block_ptr> blocks;
  for (const auto& hours : market.sessions()) {
    auto block = std::make_shared<session_block>();
    block->hours = hours;
    block->warmup = static_cast<int>(blocks.size()) < options.warmup_days;
    for (const auto& one : series) {
      auto& row = block->bars.emplace_back();
      for (const auto& b : one.bars)
        if (b.label >= hours.open && b.label < hours.close)
          row.push_back(b);
    }
    blocks.push_back(std::move(block));
  }
  return blocks;
}

/// A setup on the 16-feature experts, which learn in microseconds.
inline mock_setup small_setup(const std::vector<std::string>& symbols = {"SDS", "SQQQ", "TQQQ"}) {
  mock_setup setup;
  setup.config = decode_configuration("{}", "defaults").value;
  setup.config.symbols = symbols;
  std::erase_if(setup.config.learner.experts,
                [](const expert_parameters& expert) { return expert.features == feature_set::full126; });
  setup.run_ahead = 16;
  return setup;
}

struct small_run {
  replay_outcome outcome;
  log_hash hash;
  run_products products;
};

/// Runs the blocks to their end and hashes the logs.
inline small_run run_blocks(engine& runtime, const mock_setup& setup, std::vector<session_block_ptr> blocks,
                            const between_steps& tick = {}) {
  small_run result;
  session_plan plan;
  for (const auto& block : blocks)
    if (!block->warmup)
      plan.traded.push_back(block->hours.date);
  auto hashed = std::make_shared<log_hash>();
  auto graph =
      mock_graph(setup, plan, make_hash_sink(hashed), result.products, make_memory_source(std::move(blocks)));
  result.outcome = run_replay(runtime, std::move(graph), tick);
  result.hash = *hashed;
  return result;
}

} // namespace sentio::test
