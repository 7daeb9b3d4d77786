// Checks that span several keys.
#include "core/config/configuration.hpp"
#include "core/config/instruments.hpp"
#include "core/config/suggestion.hpp"
#include "core/config/value_rule.hpp"

#include <algorithm>
#include <cmath>

namespace sentio {

namespace {

std::string list_text(const std::vector<std::uint32_t>& values) {
  std::string text;
  for (const auto value : values)
    text += (text.empty() ? "" : ", ") + std::to_string(value);
  return "[" + text + "]";
}

class checker {
public:
  checker(const configuration& value, std::string_view source) : value_(value), source_(source) {}

  std::vector<std::string> run() {
    check_symbols();
    check_learner();
    check_rules();
    // The learner has the last word on what it can run.
    if (problems_.empty())
      if (const std::string text = problem_with(value_.learner); !text.empty())
        problem("learner: " + text);
    return std::move(problems_);
  }

private:
  void problem(const std::string& text) { problems_.push_back(source_ + ": " + text); }

  void check_symbols() {
    if (value_.symbols.empty())
      problem("symbols.active: [] has no symbol; allowed: at least one");
    for (std::size_t i = 1; i < value_.symbols.size(); ++i)
      if (value_.symbols[i] == value_.symbols[i - 1])
        problem("symbols.active: " + value_.symbols[i] + " is given twice; allowed: once");
    std::vector<std::string> known;
    for (const auto& row : value_.instruments)
      known.push_back(row.name);
    for (const auto& symbol : value_.symbols)
      if (!find_instrument(value_.instruments, symbol))
        problem("symbols.active: " + symbol + " has no row in symbols.json" + did_you_mean(symbol, known) +
                "; add {\"name\": \"" + symbol + "\", \"underlying\", \"leverage\", \"boost\", \"tick\", " +
                "\"half_spread_bp\", \"expense_ratio\"} there");
    for (std::size_t i = 1; i < value_.instruments.size(); ++i)
      if (value_.instruments[i].name == value_.instruments[i - 1].name)
        problem("symbols.instruments: " + value_.instruments[i].name + " has two rows; allowed: one");
  }

  void check_learner() {
    const auto& learner = value_.learner;
    for (std::size_t i = 1; i < learner.horizons.size(); ++i)
      if (learner.horizons[i] <= learner.horizons[i - 1]) {
        problem("oes_config.prediction_horizons: " + list_text(learner.horizons) +
                " is not ascending; allowed: each horizon above the one before");
        break;
      }
    if (learner.horizons.size() != learner.horizon_weights.size())
      problem("oes_config.horizon_weights: " + std::to_string(learner.horizon_weights.size()) +
              " weights for " + std::to_string(learner.horizons.size()) +
              " horizons; allowed: one weight per horizon");
    double sum = 0;
    for (const double weight : learner.horizon_weights)
      sum += weight;
    if (!(std::fabs(sum - 1) <= 1e-9))
      problem("oes_config.horizon_weights: the sum is " + number_text(sum) + "; allowed: 1");
    if (learner.experts.size() + (learner.zero_expert ? 1 : 0) > max_experts)
      problem("learner_config.experts: " + std::to_string(learner.experts.size()) +
              " experts and the zero expert; allowed: " + std::to_string(max_experts) + " in all");
  }

  void check_rules() {
    const auto& rotation = value_.rotation;
    if (rotation.correlation_minimum > rotation.correlation_window)
      problem("signal_aggregator_config.correlation_minimum: " +
              std::to_string(rotation.correlation_minimum) + " is above correlation_window " +
              std::to_string(rotation.correlation_window) + "; allowed: at most the window");
    if (rotation.exit_threshold > rotation.enter_threshold)
      problem("rotation_manager_config.min_strength_to_exit: " + number_text(rotation.exit_threshold) +
              " is above min_strength_to_enter " + number_text(rotation.enter_threshold) +
              "; allowed: at most that, or a symbol would be sold as soon as it is bought");
    const auto& fees = value_.portfolio.costs.fees;
    for (std::size_t i = 1; i < fees.size(); ++i)
      if (!(fees[i - 1].from < fees[i].from))
        problem("cost_config.fees[" + std::to_string(i) + "].from: " + to_string(fees[i].from) +
                " is not after the row before; allowed: ascending days");
  }

  const configuration& value_;
  std::string source_;
  std::vector<std::string> problems_;
};

} // namespace

std::vector<std::string> complete_configuration(configuration& value, std::string_view source) {
  std::sort(value.symbols.begin(), value.symbols.end());
  std::sort(value.portfolio.risk.restricted.begin(), value.portfolio.risk.restricted.end());
  sort_by_name(value.instruments);
  for (const auto& symbol : value.symbols)
    if (is_synthetic(symbol))
      add_synthetic(value.instruments, symbol);
  return checker(value, source).run();
}

} // namespace sentio
