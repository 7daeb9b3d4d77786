#define CAF_SUITE learning_power
#include "tests/learning/synthetic_bars.hpp"
#include "tests/support/test.hpp"

#include <algorithm>
#include <numeric>

using namespace sentio;
using namespace sentio::test;

namespace {

row ranks(const row& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  row result(values.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    result[order[i]] = static_cast<double>(i);
  return result;
}

double rank_correlation(const row& a, const row& b) {
  const row ra = ranks(a);
  const row rb = ranks(b);
  const double mean = static_cast<double>(a.size() - 1) / 2;
  double product = 0;
  double square = 0;
  for (std::size_t i = 0; i < ra.size(); ++i) {
    product += (ra[i] - mean) * (rb[i] - mean);
    square += (ra[i] - mean) * (ra[i] - mean);
  }
  return product / square;
}

struct power {
  double model = 0;
  double oracle = 0;
  double slope = 0; ///< realised over five bars on the expected edge, least squares
};

/// Rank correlations with the five-bar return from the next open, over the second half of the sessions.
power measure(const learner_parameters& parameters, double effect, std::uint64_t seed) {
  synthetic_parameters p;
  p.seed = seed;
  p.sessions = 40;
  p.effect = effect;
  const auto sessions = synthetic_sessions(p);
  symbol_model model(parameters, best_instruction_set());
  const auto signals = run(model, sessions);
  row predicted, known, realised, edge;
  std::size_t at = 0;
  for (std::size_t day = 0; day < sessions.size(); ++day) {
    const std::vector<bar>& bars = sessions[day].bars;
    for (std::size_t t = 0; t < bars.size(); ++t, ++at) {
      if (day < sessions.size() / 2 || t + 6 >= bars.size())
        continue;
      double z = 0;
      for (std::size_t i = 0; i < signals[at].expert_count; ++i)
        z += signals[at].expert_weight[i] * signals[at].expert_z[i];
      predicted.push_back(z);
      edge.push_back(signals[at].edge_bp);
      known.push_back(effect * (bars[t].close / bars[t].open - 1)); // all that can be known of the future
      realised.push_back(1e4 * std::log(bars[t + 6].open / bars[t + 1].open));
    }
  }
  power result;
  result.model = rank_correlation(predicted, realised);
  result.oracle = rank_correlation(known, realised);
  const double square = dot(edge, edge);
  result.slope = square > 0 ? dot(edge, realised) / square : 0;
  return result;
}

/// One draw of 20 sessions has a standard error of .025, as large as half the effect: four are averaged.
power mean_of_four(const learner_parameters& parameters, double effect) {
  power mean;
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    const power one = measure(parameters, effect, seed);
    mean.model += one.model / 4;
    mean.oracle += one.oracle / 4;
    mean.slope += one.slope / 4;
  }
  CAF_MESSAGE("model " << mean.model << ", oracle " << mean.oracle << ", slope " << mean.slope);
  return mean;
}

} // namespace

TEST(a planted effect is found at least half as well as by an oracle) {
  for (const double effect : {0.2, -0.2}) {
    const power found = mean_of_four(learner_parameters{}, effect);
    CHECK(found.oracle > 0.05);
    CHECK(found.model >= 0.5 * found.oracle);
    // The edge is a return: neither shrunk nor blown up beyond a factor of two.
    CHECK(found.slope > 0.5);
    CHECK(found.slope < 2);
  }
}

TEST(white noise gives no information) {
  const power found = mean_of_four(learner_parameters{}, 0);
  CHECK(std::fabs(found.model) < 0.04); // three standard errors
}

TEST(a planted effect is found by hedged compact experts too) {
  learner_parameters parameters = compact_only();
  parameters.mixture = mixture_kind::fixed_share;
  const power found = mean_of_four(parameters, 0.2);
  CHECK(found.model >= 0.5 * found.oracle);
}
