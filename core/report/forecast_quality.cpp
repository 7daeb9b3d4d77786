#include "core/report/forecast_quality.hpp"

#include "core/numeric/elementary.hpp"
#include "core/report/statistics.hpp"

#include <algorithm>
#include <cmath>

namespace sentio {

namespace {

constexpr std::size_t outcome_bars = 5;

ic_summary summary_of(std::span<const double> values) {
  ic_summary summary;
  summary.sessions = values.size();
  if (!values.empty())
    summary.mean = mean(values);
  summary.t = t_statistic(values);
  return summary;
}

std::optional<double> mean_of(std::span<const double> values) {
  return values.empty() ? std::nullopt : std::optional(mean(values));
}

} // namespace

void probability_score::add(double probability, bool rose) {
  ++forecasts;
  right += (probability > 0.5) == rose ? 1 : 0;
  log_loss_sum -= det_log(rose ? probability : 1 - probability);
}

void probability_score::add(const probability_score& other) {
  forecasts += other.forecasts;
  right += other.right;
  log_loss_sum += other.log_loss_sum;
}

std::optional<double> probability_score::accuracy() const {
  return forecasts ? std::optional(static_cast<double>(right) / static_cast<double>(forecasts))
                   : std::nullopt;
}

std::optional<double> probability_score::log_loss() const {
  return forecasts ? std::optional(log_loss_sum / static_cast<double>(forecasts)) : std::nullopt;
}

void calibration_counts::add(double probability, bool rose) {
  const double place = std::floor(probability * static_cast<double>(steps_.size()));
  const double last = static_cast<double>(steps_.size() - 1);
  step& at = steps_[static_cast<std::size_t>(std::clamp(place, 0.0, last))];
  ++at.forecasts;
  at.rose += rose ? 1 : 0;
  at.sum += probability;
}

void calibration_counts::add(const calibration_counts& other) {
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    steps_[i].forecasts += other.steps_[i].forecasts;
    steps_[i].rose += other.steps_[i].rose;
    steps_[i].sum += other.steps_[i].sum;
  }
}

std::vector<calibration_group> calibration_counts::groups(std::size_t groups) const {
  std::uint64_t total = 0;
  for (const step& s : steps_)
    total += s.forecasts;
  std::vector<calibration_group> result;
  step gathered;
  std::uint64_t seen = 0;
  for (const step& s : steps_) {
    gathered.forecasts += s.forecasts;
    gathered.rose += s.rose;
    gathered.sum += s.sum;
    seen += s.forecasts;
    const bool full = gathered.forecasts > 0 && seen * groups >= total * (result.size() + 1);
    if (full) {
      const auto count = static_cast<double>(gathered.forecasts);
      result.push_back(
          {gathered.forecasts, gathered.sum / count, static_cast<double>(gathered.rose) / count});
      gathered = {};
    }
  }
  return result;
}

forecast_quality::forecast_quality(std::size_t symbols) : symbols_(symbols), histories_(symbols) {}

void forecast_quality::take(std::span<const ranked_round> rounds) {
  session_quality session;
  session_sums sums;
  for (const ranked_round& round : rounds)
    for (const ranked_symbol& symbol : round.symbols)
      experts_ = std::max<std::size_t>(experts_, symbol.signal.expert_count);
  session.expert_weight.assign(experts_, 0);
  for (std::size_t s = 0; s < symbols_.size(); ++s)
    take_symbol(rounds, static_cast<symbol_index>(s), session, sums);
  if (sums.bars > 0) {
    const auto count = static_cast<double>(sums.bars);
    session.confidence = sums.confidence / count;
    session.strength = sums.strength / count;
    for (double& weight : session.expert_weight)
      weight /= count;
  }
  session.accuracy = sums.score.accuracy();
  session.rank_ic = mean_of(sums.ic);
  session.edge_ic = mean_of(sums.edge_ic);
  for (std::size_t e = 0; e < experts_; ++e)
    session.expert_ic.push_back(mean_of(sums.expert_ic[e]));
  sessions_.push_back(std::move(session));
}

void forecast_quality::take_symbol(std::span<const ranked_round> rounds, symbol_index symbol,
                                   session_quality& session, session_sums& sums) {
  symbol_quality& quality = symbols_[symbol];
  history& past = histories_[symbol];
  std::vector<const ranked_symbol*> fresh;
  for (const ranked_round& round : rounds)
    if (round.symbols[symbol].fresh)
      fresh.push_back(&round.symbols[symbol]);

  double confidence = 0;
  std::uint64_t ready = 0;
  std::vector<double> edges;
  std::vector<double> mixtures;
  std::vector<double> outcomes;
  std::array<std::vector<double>, max_experts> predictions;
  for (std::size_t t = 0; t < fresh.size(); ++t) {
    const symbol_signal& signal = fresh[t]->signal;
    if (!signal.ready)
      continue;
    ++ready;
    confidence += signal.confidence;
    sums.strength += fresh[t]->strength;
    quality.strength_max =
        quality.strengths == 0 ? fresh[t]->strength : std::max(quality.strength_max, fresh[t]->strength);
    quality.strength_sum += fresh[t]->strength;
    ++quality.strengths;
    double mixture = 0;
    for (std::size_t e = 0; e < signal.expert_count; ++e) {
      past.weight_sum[e] += signal.expert_weight[e];
      session.expert_weight[e] += signal.expert_weight[e];
      mixture += signal.expert_weight[e] * signal.expert_z[e];
    }
    if (t + 1 + outcome_bars >= fresh.size())
      continue;
    const double outcome = det_log(fresh[t + 1 + outcome_bars]->signal.open / fresh[t + 1]->signal.open);
    edges.push_back(signal.edge_bp);
    mixtures.push_back(signal.expert_count > 0 ? mixture : signal.edge_bp);
    outcomes.push_back(outcome);
    for (std::size_t e = 0; e < signal.expert_count; ++e)
      predictions[e].push_back(signal.expert_z[e]);
    if (outcome != 0) {
      quality.score.add(signal.probability, outcome > 0);
      quality.calibration.add(signal.probability, outcome > 0);
      sums.score.add(signal.probability, outcome > 0);
    }
  }
  sums.bars += ready;
  sums.confidence += confidence;
  if (ready > 0) {
    quality.confidence_end = confidence / static_cast<double>(ready);
    if (!quality.confidence_start)
      quality.confidence_start = quality.confidence_end;
  }
  if (const auto ic = rank_correlation(mixtures, outcomes)) {
    past.ic.push_back(*ic);
    sums.ic.push_back(*ic);
  }
  if (const auto ic = rank_correlation(edges, outcomes))
    sums.edge_ic.push_back(*ic);
  for (std::size_t e = 0; e < max_experts; ++e)
    if (predictions[e].size() == outcomes.size())
      if (const auto ic = rank_correlation(predictions[e], outcomes)) {
        past.expert_ic[e].push_back(*ic);
        sums.expert_ic[e].push_back(*ic);
      }
}

std::vector<symbol_quality> forecast_quality::symbols() const {
  std::vector<symbol_quality> all = symbols_;
  for (std::size_t s = 0; s < all.size(); ++s) {
    all[s].rank_ic = summary_of(histories_[s].ic);
    for (std::size_t e = 0; e < experts_; ++e) {
      all[s].expert_ic.push_back(summary_of(histories_[s].expert_ic[e]));
      const auto count = static_cast<double>(all[s].strengths);
      all[s].expert_weight.push_back(count > 0 ? histories_[s].weight_sum[e] / count : 0);
    }
  }
  return all;
}

ic_summary forecast_quality::rank_ic() const {
  std::vector<double> values;
  for (const session_quality& session : sessions_)
    if (session.rank_ic)
      values.push_back(*session.rank_ic);
  return summary_of(values);
}

ic_summary forecast_quality::edge_ic() const {
  std::vector<double> values;
  for (const session_quality& session : sessions_)
    if (session.edge_ic)
      values.push_back(*session.edge_ic);
  return summary_of(values);
}

std::vector<ic_summary> forecast_quality::expert_ic() const {
  std::vector<ic_summary> all;
  for (std::size_t e = 0; e < experts_; ++e) {
    std::vector<double> values;
    for (const session_quality& session : sessions_)
      if (e < session.expert_ic.size() && session.expert_ic[e])
        values.push_back(*session.expert_ic[e]);
    all.push_back(summary_of(values));
  }
  return all;
}

} // namespace sentio
