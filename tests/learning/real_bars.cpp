#define CAF_SUITE learning_real_bars
#include "tests/support/test.hpp"

#include "core/learning/symbol_model.hpp"
#include "core/market/session_reader.hpp"

#include <cmath>

using namespace sentio;

namespace {

struct outcome {
  bool finite = true;
  bool identity = true;
  std::uint64_t bars = 0;
  learner_health health;
};

outcome run(const std::filesystem::path& folder, const std::string& symbol,
            const learner_parameters& parameters) {
  session_bar_source source(folder, {symbol});
  symbol_model model(parameters, best_instruction_set());
  market_day day;
  outcome result;
  while (source.next(day)) {
    model.begin_session(day.hours);
    for (const bar& b : day.bars[0]) {
      const symbol_signal signal = model.update(b);
      result.finite = result.finite && std::isfinite(signal.edge_bp) && std::isfinite(signal.confidence) &&
                      signal.probability > 0 && signal.probability < 1;
      ++result.bars;
    }
    model.end_session();
    const learning_counts& counts = model.session_counts();
    for (std::size_t h = 0; h < parameters.horizons.size(); ++h)
      result.identity = result.identity && counts.updates[h] == counts.unmasked - counts.dropped[h];
  }
  result.health = model.health();
  return result;
}

} // namespace

TEST(both learners stay bounded on real bars with real holes) {
  const auto folder = test::real_bars();
  if (!folder)
    return;
  for (const std::string symbol : {"TQQQ", "ERY"})
    for (const learner_kind kind : {learner_kind::stationary, learner_kind::classic}) {
      learner_parameters parameters;
      parameters.kind = kind;
      const outcome found = run(*folder, symbol, parameters);
      CHECK(found.bars > 20'000u);
      CHECK(found.finite);
      CHECK(found.identity);
      CHECK(found.health.finite);
      CHECK(found.health.smallest_diagonal > 0);
      if (kind == learner_kind::stationary)
        CHECK(found.health.largest_diagonal <= 1 + 1e-9);
    }
}
