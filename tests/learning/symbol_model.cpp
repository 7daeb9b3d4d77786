#define CAF_SUITE symbol_model
#include "tests/learning/synthetic_bars.hpp"
#include "tests/support/test.hpp"

#include "core/learning/learner_error.hpp"

#include <cmath>
#include <functional>

using namespace sentio;
using namespace sentio::test;

namespace {

template <class F>
std::string refusal(F action) {
  try {
    action();
  } catch (const learner_error& error) {
    return error.what();
  }
  return "";
}

bool finite(const symbol_signal& s) {
  bool good = std::isfinite(s.sigma) && std::isfinite(s.probability) && std::isfinite(s.confidence) &&
              std::isfinite(s.edge_bp) && s.probability > 0 && s.probability < 1 && s.confidence >= 0 &&
              s.confidence <= 1 && s.sigma > 0;
  for (const double value : s.prediction)
    good = good && std::isfinite(value);
  for (const double value : s.expert_z)
    good = good && std::isfinite(value);
  return good;
}

bool all_finite(const std::vector<symbol_signal>& signals) {
  bool good = true;
  for (const symbol_signal& signal : signals)
    good = good && finite(signal);
  return good;
}

} // namespace

TEST(a signal repeats its bar and its weights sum to one) {
  symbol_model model(learner_parameters{}, best_instruction_set());
  const auto sessions = synthetic_sessions({});
  const auto signals = run(model, sessions);
  const symbol_signal& last = signals.back();
  const bar& b = sessions.back().bars.back();
  CHECK_EQUAL(last.label, b.label);
  CHECK_EQUAL(last.open, b.open);
  CHECK_EQUAL(last.close, b.close);
  CHECK_EQUAL(last.volume, b.volume);
  CHECK_EQUAL(int{last.horizon_count}, 3);
  CHECK_EQUAL(int{last.expert_count}, 4);
  CHECK_EQUAL(last.expert_z[3], 0.0);
  double sum = 0;
  double z = 0;
  for (std::size_t i = 0; i < last.expert_count; ++i) {
    sum += last.expert_weight[i];
    z += last.expert_weight[i] * last.expert_z[i];
  }
  CHECK(close_to(sum, 1, 1e-12));
  CHECK(close_to(last.sigma, 5e-4, 0.3));
  const double by_horizon = 0.3 * last.prediction[0] * std::sqrt(5.0) + 0.5 * last.prediction[1] +
                            0.2 * last.prediction[2] * std::sqrt(0.5);
  CHECK(close_to(z, by_horizon, 1e-12));
  CHECK(z != 0);
  CHECK((last.edge_bp > 0) == (z > 0) || last.edge_bp == 0);
}

TEST(the update identity holds in every session with holes and a half day) {
  synthetic_parameters p;
  p.sessions = 9;
  p.hole_share = 0.2;
  symbol_model model(compact_only(), best_instruction_set());
  bool half_day = false;
  for (const synthetic_session& session : synthetic_sessions(p)) {
    half_day = half_day || session.hours.half_day;
    model.begin_session(session.hours);
    for (const bar& b : session.bars)
      model.update(b);
    model.end_session();
    const learning_counts& counts = model.session_counts();
    CHECK_EQUAL(counts.bars, session.bars.size());
    for (std::size_t h = 0; h < 3; ++h)
      CHECK_EQUAL(counts.updates[h], counts.unmasked - counts.dropped[h]);
  }
  CHECK(half_day);
}

TEST(a full day without holes learns 379 bars for every horizon) {
  symbol_model model(compact_only(), best_instruction_set());
  synthetic_parameters p;
  p.sessions = 1;
  run(model, synthetic_sessions(p));
  CHECK_EQUAL(model.session_counts().unmasked, 379u);
  for (std::size_t h = 0; h < 3; ++h)
    CHECK_EQUAL(model.session_counts().updates[h], 379u);
}

TEST(a model is ready after its warm up and masked bars still predict) {
  symbol_model model(learner_parameters{}, best_instruction_set());
  const auto signals = run(model, synthetic_sessions({}));
  CHECK(!signals[0].ready);
  CHECK(!signals[100].ready); // the ten-bar horizon has had 90 targets
  std::size_t first = 0;
  while (first < signals.size() && !signals[first].ready)
    ++first;
  CHECK(first >= 110);
  CHECK(first < 2 * 390);
  bool stays = true;
  for (std::size_t i = first; i < signals.size(); ++i)
    stays = stays && signals[i].ready;
  CHECK(stays);
  const symbol_signal& closing = signals.back(); // 15:59
  CHECK(closing.prediction[0] != 0);
  CHECK(closing.prediction[0] != signals[signals.size() - 2].prediction[0]);
}

TEST(a constant series gives no opinion and no NaN) {
  for (const learner_kind kind : {learner_kind::stationary, learner_kind::classic}) {
    learner_parameters parameters;
    parameters.kind = kind;
    parameters.bollinger.enabled = true;
    symbol_model model(parameters, best_instruction_set());
    auto sessions = synthetic_sessions({});
    for (synthetic_session& session : sessions)
      for (bar& b : session.bars)
        b.open = b.high = b.low = b.close = 20;
    const auto signals = run(model, sessions);
    CHECK(all_finite(signals));
    CHECK_EQUAL(signals.back().sigma, 0.5e-4);
    CHECK_EQUAL(signals.back().edge_bp, 0.0);
    CHECK_EQUAL(signals.back().probability, 0.5);
    CHECK(model.health().finite);
  }
}

TEST(any prices leave the model finite and its covariance inside its bounds) {
  symbol_model model(learner_parameters{}, best_instruction_set());
  auto sessions = synthetic_sessions({});
  random_source random(77);
  for (synthetic_session& session : sessions)
    for (bar& b : session.bars) {
      const int kind = static_cast<int>(random.below(4));
      const double factor = kind == 0 ? 1e-4 : kind == 1 ? 1e4 : 1;
      const double a = b.open * factor;
      const double c = kind == 2 ? a : b.close * factor;
      b.open = a;
      b.close = c;
      b.high = std::fmax(a, c) * (kind == 3 ? 3 : 1);
      b.low = std::fmin(a, c);
      b.volume = kind == 1 ? 0 : b.volume * factor;
    }
  CHECK(all_finite(run(model, sessions)));
  const learner_health health = model.health();
  CHECK(health.finite);
  CHECK(health.smallest_diagonal > 0);
  CHECK(health.largest_diagonal <= 1 + 1e-9);
  CHECK(health.leverage >= 0);
  CHECK(health.leverage < 1);
}

TEST(every instruction set gives the same signals and the same checkpoint) {
  const auto sessions = synthetic_sessions({});
  symbol_model narrow(learner_parameters{}, instruction_set::sse2);
  const auto expected = run(narrow, sessions);
  const std::string checkpoint = narrow.save();
  for (const instruction_set isa : {instruction_set::avx2, instruction_set::avx512}) {
    if (!is_supported(isa)) {
      CAF_MESSAGE("skipped: this machine has no " << std::string(to_string(isa)));
      continue;
    }
    symbol_model wide(learner_parameters{}, isa);
    CHECK(run(wide, sessions) == expected);
    CHECK(wide.save() == checkpoint);
  }
}

TEST(symbols do not learn from each other whatever their order) {
  synthetic_parameters other;
  other.seed = 2;
  const auto a = synthetic_sessions({});
  const auto b = synthetic_sessions(other);
  symbol_model alone_a(learner_parameters{}, best_instruction_set());
  symbol_model alone_b(learner_parameters{}, best_instruction_set());
  const auto expected_a = run(alone_a, a);
  const auto expected_b = run(alone_b, b);
  for (const bool a_first : {true, false}) {
    symbol_model model_a(learner_parameters{}, best_instruction_set());
    symbol_model model_b(learner_parameters{}, best_instruction_set());
    std::vector<symbol_signal> found_a;
    std::vector<symbol_signal> found_b;
    for (std::size_t day = 0; day < a.size(); ++day) {
      model_a.begin_session(a[day].hours);
      model_b.begin_session(b[day].hours);
      for (std::size_t i = 0; i < a[day].bars.size(); ++i) {
        if (a_first)
          found_a.push_back(model_a.update(a[day].bars[i]));
        found_b.push_back(model_b.update(b[day].bars[i]));
        if (!a_first)
          found_a.push_back(model_a.update(a[day].bars[i]));
      }
      model_a.end_session();
      model_b.end_session();
    }
    CHECK(found_a == expected_a);
    CHECK(found_b == expected_b);
  }
}

TEST(later bars change no earlier signal) {
  const auto sessions = synthetic_sessions({});
  symbol_model whole(learner_parameters{}, best_instruction_set());
  const auto expected = run(whole, sessions);
  symbol_model part(learner_parameters{}, best_instruction_set());
  auto cut = sessions;
  cut.resize(3);
  cut.back().bars.resize(200);
  const auto found = run(part, cut);
  CHECK(std::equal(found.begin(), found.end(), expected.begin()));
}

TEST(a closest horizon stands in for five bars) {
  learner_parameters parameters = compact_only();
  parameters.horizons = {2, 20};
  parameters.horizon_weights = {0.5, 0.5};
  parameters.mixture = mixture_kind::fixed_share;
  symbol_model model(parameters, best_instruction_set());
  synthetic_parameters p;
  p.effect = 0.3;
  p.sessions = 10;
  const auto signals = run(model, synthetic_sessions(p));
  CHECK(all_finite(signals));
  const symbol_signal& last = signals.back();
  CHECK_EQUAL(int{last.horizon_count}, 2);
  CHECK_EQUAL(last.prediction[2], 0.0);
  CHECK(last.edge_bp != 0);
}

TEST(legacy maps stay within their bounds) {
  learner_parameters parameters;
  parameters.kind = learner_kind::classic;
  parameters.experts = {{feature_set::full126, 0.999, 0.001}};
  parameters.zero_expert = false;
  parameters.probability = probability_map::legacy_tanh;
  parameters.confidence = confidence_kind::legacy;
  parameters.bollinger.enabled = true;
  symbol_model model(parameters, best_instruction_set());
  const auto signals = run(model, synthetic_sessions({}));
  CHECK(all_finite(signals));
  bool within = true;
  bool moved = false;
  for (const symbol_signal& signal : signals) {
    within = within && signal.probability >= 0.05 && signal.probability <= 0.95 && signal.confidence <= 0.95;
    moved = moved || signal.probability > 0.51;
  }
  CHECK(within);
  CHECK(moved);
  CHECK_EQUAL(int{signals.back().expert_count}, 1);
}

TEST(use out of order is refused in words) {
  symbol_model model(compact_only(), best_instruction_set());
  const auto sessions = synthetic_sessions({});
  const synthetic_session& day = sessions[1];
  CHECK(refusal([&] { model.update(day.bars[0]); }).find("not inside the session") != std::string::npos);
  CHECK(refusal([&] { model.end_session(); }).find("never begun") != std::string::npos);
  model.begin_session(day.hours);
  CHECK(refusal([&] { model.begin_session(sessions[2].hours); }).find("has ended") != std::string::npos);
  model.update(day.bars[5]);
  CHECK(refusal([&] { model.update(day.bars[5]); }).find("ascend") != std::string::npos);
  bar late = day.bars[6];
  late.label = day.hours.close;
  CHECK(refusal([&] { model.update(late); }).find("16:00") != std::string::npos);
  model.end_session();
  CHECK(refusal([&] { model.begin_session(sessions[0].hours); }).find("ascend") != std::string::npos);
  learner_parameters broken;
  broken.horizons.clear();
  CHECK(refusal([&] { symbol_model refused(broken, instruction_set::sse2); }).find("horizons") !=
        std::string::npos);
}
