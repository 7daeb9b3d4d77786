#define CAF_SUITE learner_parameters
#include "tests/support/test.hpp"

#include "core/learning/learner_parameters.hpp"

#include <cmath>
#include <functional>
#include <set>

using namespace sentio;

TEST(the defaults can be used) {
  CHECK_EQUAL(problem_with(learner_parameters{}), "");
}

TEST(what cannot be used is named with what is allowed) {
  const std::pair<std::string, std::function<void(learner_parameters&)>> cases[] = {
      {"horizons", [](auto& p) { p.horizons.clear(); }},
      {"ascend",
       [](auto& p) {
         p.horizons = {5, 5, 10};
       }},
      {"1 to 120",
       [](auto& p) {
         p.horizons = {1, 5, 121};
       }},
      {"horizon weights for", [](auto& p) { p.horizon_weights.pop_back(); }},
      {"sum of the horizon weights",
       [](auto& p) {
         p.horizon_weights = {0.5, 0.5, 0.5};
       }},
      {"a horizon weight",
       [](auto& p) {
         p.horizon_weights = {-0.5, 1, 0.5};
       }},
      {"experts", [](auto& p) { p.experts.clear(); }},
      {"6 in all", [](auto& p) { p.experts.resize(6); }},
      {"a2", [](auto& p) { p.experts[0].a2 = 1; }},
      {"rho", [](auto& p) { p.experts[0].rho = std::nan(""); }},
      {"lambda", [](auto& p) { p.classic.lambda = 0.9; }},
      {"initial_variance", [](auto& p) { p.classic.initial_variance = 0; }},
      {"regularization", [](auto& p) { p.classic.regularization = -1; }},
      {"hedge_eta", [](auto& p) { p.hedge_eta = -1; }},
      {"hedge_share", [](auto& p) { p.hedge_share = 2; }},
      {"period", [](auto& p) { p.bollinger.period = 1; }},
  };
  for (const auto& [word, alter] : cases) {
    learner_parameters parameters;
    alter(parameters);
    CHECK(problem_with(parameters).find(word) != std::string::npos);
  }
}

TEST(every parameter changes the fingerprint) {
  const std::function<void(learner_parameters&)> changes[] = {
      [](auto&) {},
      [](auto& p) { p.kind = learner_kind::classic; },
      [](auto& p) {
        p.horizons = {1, 5, 11};
      },
      [](auto& p) {
        p.horizon_weights = {0.3, 0.4, 0.3};
      },
      [](auto& p) { p.experts.pop_back(); },
      [](auto& p) { p.experts[1].features = feature_set::full126; },
      [](auto& p) { p.experts[1].a2 = 0.99990001; },
      [](auto& p) { p.experts[1].rho = 0.002; },
      [](auto& p) { p.zero_expert = false; },
      [](auto& p) { p.mixture = mixture_kind::fixed_share; },
      [](auto& p) { p.hedge_eta = 0.25; },
      [](auto& p) { p.hedge_share = 0.002; },
      [](auto& p) { p.classic.lambda = 0.99; },
      [](auto& p) { p.classic.initial_variance = 11; },
      [](auto& p) { p.classic.regularization = 0.2; },
      [](auto& p) { p.classic.warmup_samples = 101; },
      [](auto& p) { p.probability = probability_map::legacy_tanh; },
      [](auto& p) { p.confidence = confidence_kind::legacy; },
      [](auto& p) { p.bollinger.enabled = true; },
      [](auto& p) { p.bollinger.period = 21; },
      [](auto& p) { p.bollinger.deviations = 2.5; },
      [](auto& p) { p.bollinger.proximity = 0.31; },
      [](auto& p) { p.bollinger.factor = 0.2; },
  };
  std::set<std::uint64_t> seen;
  std::size_t made = 0;
  for (const auto& change : changes) {
    learner_parameters parameters;
    change(parameters);
    seen.insert(fingerprint(parameters));
    ++made;
  }
  CHECK_EQUAL(seen.size(), made);
}
