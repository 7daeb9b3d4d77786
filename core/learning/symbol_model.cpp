#include "core/learning/symbol_model.hpp"

#include "core/learning/kernel.hpp"
#include "core/learning/learner_error.hpp"
#include "core/learning/symbol_model_state.hpp"
#include "core/numeric/elementary.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace sentio {
namespace {

constexpr double root_five = 2.2360679774997896964;
constexpr double basis_points = 1e4;
constexpr std::uint64_t stationary_warmup_updates = 100;

const learner_parameters& checked(const learner_parameters& parameters) {
  if (const std::string problem = problem_with(parameters); !problem.empty())
    throw learner_error("a model cannot be made with these learner parameters: " + problem);
  return parameters;
}

feature_set largest_set(const learner_parameters& parameters) {
  for (const expert_parameters& expert : parameters.experts)
    if (expert.features == feature_set::full126)
      return feature_set::full126;
  return feature_set::compact16;
}

std::size_t closest_to_five(const std::vector<std::uint32_t>& horizons) {
  const auto distance = [](std::uint32_t horizon) { return horizon > 5 ? horizon - 5 : 5 - horizon; };
  std::size_t best = 0;
  for (std::size_t h = 1; h < horizons.size(); ++h)
    if (distance(horizons[h]) < distance(horizons[best]))
      best = h;
  return best;
}

covariance make_covariance(const learner_parameters& parameters, const expert_parameters& expert,
                           const kernel_table& kernels) {
  const std::size_t features = feature_count(expert.features);
  return parameters.kind == learner_kind::stationary
             ? covariance::stationary(features, expert.a2, expert.rho, kernels)
             : covariance::classic(features, parameters.classic, kernels);
}

} // namespace

symbol_model::state::state(const learner_parameters& given, instruction_set chosen)
    : parameters(checked(given)), isa(chosen), largest(largest_set(given)),
      reference_horizon(closest_to_five(given.horizons)),
      to_reference(std::sqrt(static_cast<double>(given.horizons[reference_horizon]) / 5)), features(largest),
      bank(given.horizons), priors(bank.slots()),
      weights(given.mixture, given.experts.size() + (given.zero_expert ? 1 : 0), given.hedge_eta,
              given.hedge_share),
      confidence(given.confidence), bollinger(given.bollinger),
      last_label(std::numeric_limits<time_ms>::min()) {
  const kernel_table& kernels = kernels_for(isa);
  for (std::size_t h = 0; h < given.horizons.size(); ++h)
    to_five[h] = given.horizon_weights[h] * std::sqrt(5 / static_cast<double>(given.horizons[h]));
  for (const expert_parameters& expert : given.experts) {
    const auto same_set = [&](const input_ring& ring) { return ring.set == expert.features; };
    auto ring = std::find_if(rings.begin(), rings.end(), same_set);
    if (ring == rings.end()) {
      const std::size_t stride = lane_blocks(feature_count(expert.features)) * lane_count;
      rings.push_back({expert.features, stride, lane_array(stride * bank.slots())});
      ring = rings.end() - 1;
    }
    const double decay = given.kind == learner_kind::stationary ? std::sqrt(expert.a2) : 1.0;
    experts.push_back({static_cast<std::size_t>(ring - rings.begin()),
                       ewrls(make_covariance(given, expert, kernels), decay, given.horizons.size(),
                             bank.slots(), kernels)});
  }
}

void symbol_model::state::learn(std::span<const completed_target> targets) {
  std::array<ewrls::label, max_horizons> labels;
  for (predictor_of_set& e : experts) {
    for (std::size_t i = 0; i < targets.size(); ++i)
      labels[i] = {targets[i].horizon, targets[i].slot, rings[e.ring].at(targets[i].slot), targets[i].value};
    e.predictor.learn({labels.data(), targets.size()});
  }
  for (const completed_target& target : targets)
    learn_mixture(target);
}

void symbol_model::state::learn_mixture(const completed_target& target) {
  ++total_updates[target.horizon];
  if (target.horizon != reference_horizon)
    return;
  const prior& before = priors[target.slot];
  weights.learn(before.expert_reference, target.value);
  slope.learn(before.reference, target.value);
  platt.learn(before.reference, target.value);
  confidence.learn(before.reference, target.value, before.unit);
}

void symbol_model::state::predict(symbol_signal& signal) {
  const std::size_t horizons = parameters.horizons.size();
  const std::size_t slot = bank.slot();
  prior& now = priors[slot];
  signal.horizon_count = static_cast<std::uint8_t>(horizons);
  signal.expert_count = static_cast<std::uint8_t>(weights.weights().size());
  std::copy(weights.weights().begin(), weights.weights().end(), signal.expert_weight.begin());
  now.expert_reference = {};
  double z = 0;
  for (std::size_t i = 0; i < experts.size(); ++i) {
    std::array<double, max_horizons> prediction{};
    experts[i].predictor.predict(rings[experts[i].ring].at(slot), {prediction.data(), horizons});
    now.expert_reference[i] = prediction[reference_horizon];
    const double weight = signal.expert_weight[i];
    for (std::size_t h = 0; h < horizons; ++h) {
      signal.prediction[h] += weight * prediction[h];
      signal.expert_z[i] += to_five[h] * prediction[h];
    }
    z += weight * signal.expert_z[i];
  }
  now.reference = z * to_reference;
  now.unit = signal.sigma * root_five * to_reference;
  // The slope and the probability are learned at the reference horizon; the edge is for five bars.
  signal.edge_bp = signal.sigma * root_five * slope.slope() * z * basis_points + 0.0; // no negative zero
  const double plain = parameters.probability == probability_map::platt
                           ? platt.probability(now.reference)
                           : legacy_probability(z * signal.sigma * root_five);
  signal.probability = bollinger.amplify(plain);
  signal.confidence = confidence.value();
}

bool symbol_model::state::is_ready() const {
  const std::uint64_t needed = parameters.kind == learner_kind::classic ? parameters.classic.warmup_samples
                                                                        : stationary_warmup_updates;
  for (std::size_t h = 0; h < parameters.horizons.size(); ++h)
    if (total_updates[h] < needed)
      return false;
  return features.ready(largest);
}

symbol_model::symbol_model(const learner_parameters& parameters, instruction_set isa)
    : state_(std::make_unique<state>(checked(parameters), isa)) {}
symbol_model::symbol_model(symbol_model&&) noexcept = default;
symbol_model& symbol_model::operator=(symbol_model&&) noexcept = default;
symbol_model::~symbol_model() = default;

void symbol_model::begin_session(const session_hours& hours) {
  state& s = *state_;
  if (s.session)
    throw learner_error("the session of " + to_string(hours.date) + " begins before that of " +
                        to_string(s.session->date) + " has ended");
  if (hours.open <= s.last_label)
    throw learner_error("the session of " + to_string(hours.date) +
                        " begins before the last bar that was learned; sessions must ascend");
  s.session = hours;
  s.features.begin_session(hours);
  s.spread.begin_session();
  s.bank.begin_session(hours);
}

symbol_signal symbol_model::update(const bar& b) {
  state& s = *state_;
  if (!s.session || b.label < s.session->open || b.label >= s.session->close)
    throw learner_error("a bar labelled " + to_string(new_york_date(b.label)) + " " +
                        new_york_clock(b.label) + " is not inside the session that was begun");
  if (b.label <= s.last_label)
    throw learner_error("a bar labelled " + new_york_clock(b.label) + " follows one labelled " +
                        new_york_clock(s.last_label) + "; labels must ascend");
  s.last_label = b.label;
  ++s.samples;
  const double log_open = det_log(b.open);
  s.spread.update(b.label, log_open);
  symbol_signal signal;
  signal.label = b.label;
  signal.open = b.open;
  signal.close = b.close;
  signal.volume = b.volume;
  signal.sigma = s.spread.sigma();
  s.learn(s.bank.advance(b.label, log_open, signal.sigma));
  s.features.update(b);
  s.bollinger.update(b.close);
  const std::size_t slot = s.bank.slot();
  for (state::input_ring& ring : s.rings) {
    const std::span<const double> values = s.features.values(ring.set);
    std::copy(values.begin(), values.end(), ring.at(slot));
  }
  if (!s.bank.masked())
    for (state::predictor_of_set& e : s.experts)
      e.predictor.advance(s.rings[e.ring].at(slot), slot);
  s.predict(signal);
  signal.ready = s.is_ready();
  return signal;
}

void symbol_model::end_session() {
  if (!state_->session)
    throw learner_error("a session ends that was never begun");
  state_->bank.end_session();
  state_->session.reset();
}

const learning_counts& symbol_model::session_counts() const {
  return state_->bank.counts();
}

learner_health symbol_model::health() const {
  learner_health health;
  health.smallest_diagonal = std::numeric_limits<double>::max();
  for (const state::predictor_of_set& e : state_->experts) {
    const covariance& p = e.predictor.shared_covariance();
    health.smallest_diagonal = std::min(health.smallest_diagonal, p.smallest_diagonal() / p.scale());
    health.largest_diagonal = std::max(health.largest_diagonal, p.largest_diagonal() / p.scale());
    for (std::size_t h = 0; h < state_->parameters.horizons.size(); ++h)
      for (const double weight : e.predictor.weights(h))
        health.finite = health.finite && std::isfinite(weight);
  }
  health.leverage = state_->experts.front().predictor.shared_covariance().leverage();
  return health;
}

} // namespace sentio
