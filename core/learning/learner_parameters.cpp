#include "core/learning/learner_parameters.hpp"

#include "core/numeric/hash.hpp"

#include <charconv>
#include <cmath>
#include <concepts>
#include <string_view>

namespace sentio {
namespace {

template <class T>
std::string number(T value) {
  char text[40];
  const auto written = std::to_chars(text, text + sizeof text, value);
  return {text, written.ptr};
}

class canonical_writer {
public:
  void line(std::string_view name, std::string_view value) {
    text_.append(name).append(" ").append(value).append("\n");
  }
  template <class T>
  requires std::is_arithmetic_v<T>
  void line(std::string_view name, T value) { line(name, number(value)); }
  template <class T>
  void line(std::string_view name, const std::vector<T>& values) {
    std::string list;
    for (const T value : values)
      list.append(list.empty() ? "" : ",").append(number(value));
    line(name, list);
  }
  std::string take() { return std::move(text_); }

private:
  std::string text_;
};

bool inside(double value, double low, double high) {
  return value >= low && value <= high;
}

std::string expected(std::string_view name, double found, std::string_view allowed) {
  return std::string(name) + " is " + number(found) + "; allowed: " + std::string(allowed);
}

std::string problem_with_horizons(const learner_parameters& p) {
  if (p.horizons.empty() || p.horizons.size() > max_horizons)
    return "there are " + number(p.horizons.size()) + " horizons; allowed: 1 to " + number(max_horizons);
  for (std::size_t i = 0; i < p.horizons.size(); ++i) {
    if (p.horizons[i] < 1 || p.horizons[i] > 120)
      return expected("a horizon", p.horizons[i], "1 to 120 bars");
    if (i > 0 && p.horizons[i] <= p.horizons[i - 1])
      return "horizon " + number(p.horizons[i]) + " follows " + number(p.horizons[i - 1]) +
             "; they must ascend";
  }
  if (p.horizon_weights.size() != p.horizons.size())
    return "there are " + number(p.horizon_weights.size()) + " horizon weights for " +
           number(p.horizons.size()) + " horizons";
  double sum = 0;
  for (const double weight : p.horizon_weights) {
    if (!inside(weight, 0, 1))
      return expected("a horizon weight", weight, "0 to 1");
    sum += weight;
  }
  return inside(sum, 1 - 1e-9, 1 + 1e-9) ? "" : expected("the sum of the horizon weights", sum, "1");
}

std::string problem_with_experts(const learner_parameters& p) {
  const std::size_t count = p.experts.size() + (p.zero_expert ? 1 : 0);
  if (p.experts.empty() || count > max_experts)
    return "there are " + number(p.experts.size()) + " experts" +
           (p.zero_expert ? " and the zero expert" : "") + "; allowed: at least 1, and " +
           number(max_experts) + " in all";
  for (const expert_parameters& expert : p.experts) {
    if (!inside(expert.a2, 0.9, 0.99999))
      return expected("a2 of an expert", expert.a2, "0.9 to 0.99999");
    if (!inside(expert.rho, 1e-9, 1e3))
      return expected("rho of an expert", expert.rho, "1e-9 to 1000");
  }
  return "";
}

} // namespace

std::string problem_with(const learner_parameters& p) {
  if (std::string problem = problem_with_horizons(p); !problem.empty())
    return problem;
  if (std::string problem = problem_with_experts(p); !problem.empty())
    return problem;
  if (!inside(p.hedge_eta, 0, 100))
    return expected("hedge_eta", p.hedge_eta, "0 to 100");
  if (!inside(p.hedge_share, 0, 1))
    return expected("hedge_share", p.hedge_share, "0 to 1");
  if (!(p.classic.lambda > 0.9 && p.classic.lambda <= 1))
    return expected("lambda of the classic learner", p.classic.lambda, "above 0.9, at most 1");
  if (!inside(p.classic.initial_variance, 1e-9, 1e9))
    return expected("initial_variance of the classic learner", p.classic.initial_variance, "1e-9 to 1e9");
  if (!inside(p.classic.regularization, 0, 1e6))
    return expected("regularization of the classic learner", p.classic.regularization, "0 to 1e6");
  if (p.bollinger.period < 2 || p.bollinger.period > 1000)
    return expected("the Bollinger period", p.bollinger.period, "2 to 1000 bars");
  if (!inside(p.bollinger.deviations, 0.1, 10))
    return expected("the Bollinger deviations", p.bollinger.deviations, "0.1 to 10");
  if (!inside(p.bollinger.proximity, 0.001, 1))
    return expected("the Bollinger proximity", p.bollinger.proximity, "0.001 to 1");
  if (!inside(p.bollinger.factor, 0, 1))
    return expected("the Bollinger factor", p.bollinger.factor, "0 to 1");
  return "";
}

std::string canonical_text(const learner_parameters& p) {
  canonical_writer out;
  out.line("kind", p.kind == learner_kind::stationary ? "stationary" : "classic");
  out.line("horizons", p.horizons);
  out.line("horizon_weights", p.horizon_weights);
  for (std::size_t i = 0; i < p.experts.size(); ++i) {
    const std::string name = "expert_" + number(i + 1);
    out.line(name + "_features", feature_count(p.experts[i].features));
    out.line(name + "_a2", p.experts[i].a2);
    out.line(name + "_rho", p.experts[i].rho);
  }
  out.line("zero_expert", p.zero_expert ? "yes" : "no");
  out.line("mixture", p.mixture == mixture_kind::uniform ? "uniform" : "fixed_share");
  out.line("hedge_eta", p.hedge_eta);
  out.line("hedge_share", p.hedge_share);
  out.line("classic_lambda", p.classic.lambda);
  out.line("classic_initial_variance", p.classic.initial_variance);
  out.line("classic_regularization", p.classic.regularization);
  out.line("classic_warmup_samples", p.classic.warmup_samples);
  out.line("probability", p.probability == probability_map::platt ? "platt" : "legacy_tanh");
  out.line("confidence", p.confidence == confidence_kind::sound ? "sound" : "legacy");
  out.line("bollinger_enabled", p.bollinger.enabled ? "yes" : "no");
  out.line("bollinger_period", p.bollinger.period);
  out.line("bollinger_deviations", p.bollinger.deviations);
  out.line("bollinger_proximity", p.bollinger.proximity);
  out.line("bollinger_factor", p.bollinger.factor);
  return out.take();
}

std::uint64_t fingerprint(const learner_parameters& parameters) {
  return fnv1a64(canonical_text(parameters));
}

} // namespace sentio
