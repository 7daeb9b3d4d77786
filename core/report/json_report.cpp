// Every figure as JSON, in a fixed order of keys. Fractions unless a name says otherwise; null = cannot be
// said.
#include "core/report/report.hpp"

#include <nlohmann/json.hpp>

namespace sentio {

namespace {

using json = nlohmann::ordered_json;

json value_of(const std::optional<double>& value) {
  return value ? json(*value) : json(nullptr);
}
json value_of(money amount) {
  return to_dollars(amount);
}
json value_of(const std::optional<interval>& range) {
  return range ? json::array({range->low, range->high}) : json(nullptr);
}

json json_of(const ic_summary& ic) {
  return {{"mean", value_of(ic.mean)}, {"t", value_of(ic.t)}, {"sessions", ic.sessions}};
}

json json_of(const run_metrics& m) {
  json out;
  out["sessions"] = m.sessions;
  out["latched_out_sessions"] = m.latched_out;
  out["mrd"] = m.mrd;
  out["mrd_interval_95"] = value_of(m.mrd_interval);
  out["mrd_t"] = value_of(m.mrd_t);
  out["annualised_return"] = value_of(m.annualised_return);
  out["total_return"] = m.total_return;
  out["gross"] = value_of(m.gross);
  out["cost"] = value_of(m.cost);
  out["spread_cost"] = value_of(m.spread_cost);
  out["fees"] = value_of(m.fees);
  out["net"] = value_of(m.net);
  out["round_trips"] = m.trips.count;
  out["round_trips_per_day"] = m.trips_per_day;
  out["wins"] = m.trips.wins;
  out["win_rate"] = value_of(m.trips.win_rate);
  out["profit_factor"] = value_of(m.trips.profit_factor);
  out["average_win"] = value_of(m.trips.average_win);
  out["average_loss"] = value_of(m.trips.average_loss);
  out["average_trip_return"] = value_of(m.trips.average_return);
  out["average_hold_bars"] = value_of(m.trips.average_hold_bars);
  out["fills"] = m.fills;
  out["rotations"] = m.rotations;
  out["no_print_fills"] = m.no_print;
  out["turnover_per_day"] = m.turnover;
  out["exposure"] = m.exposure;
  out["time_in_market"] = m.time_in_market;
  out["max_drawdown_intraday"] = m.max_drawdown_intraday;
  out["max_drawdown_daily"] = m.max_drawdown_daily;
  out["sharpe"] = m.sharpe ? json(m.sharpe->yearly) : json(nullptr);
  out["sharpe_standard_error"] = m.sharpe ? json(m.sharpe->standard_error) : json(nullptr);
  out["sharpe_probabilistic"] = m.sharpe ? json(m.sharpe->probabilistic) : json(nullptr);
  out["sharpe_deflated"] = m.sharpe ? json(m.sharpe->deflated) : json(nullptr);
  out["sortino"] = value_of(m.sortino);
  out["calmar"] = value_of(m.calmar);
  return out;
}

json json_of(const calibration_counts& calibration) {
  json out = json::array();
  for (const calibration_group& group : calibration.groups(10))
    out.push_back(
        {{"forecasts", group.forecasts}, {"predicted", group.predicted}, {"realised", group.realised}});
  return out;
}

json json_of(const symbol_report& symbol) {
  const symbol_quality& q = symbol.quality;
  json out;
  out["symbol"] = symbol.name;
  out["round_trips"] = symbol.trips.count;
  out["win_rate"] = value_of(symbol.trips.win_rate);
  out["pnl"] = value_of(symbol.trips.pnl);
  out["cost"] = value_of(symbol.trips.cost);
  out["return"] = symbol.contribution;
  out["average_trip_return"] = value_of(symbol.trips.average_return);
  out["average_strength"] =
      q.strengths ? json(q.strength_sum / static_cast<double>(q.strengths)) : json(nullptr);
  out["maximum_strength"] = q.strengths ? json(q.strength_max) : json(nullptr);
  out["confidence_start"] = value_of(q.confidence_start);
  out["confidence_end"] = value_of(q.confidence_end);
  out["forecasts"] = q.score.forecasts;
  out["directional_accuracy"] = value_of(q.score.accuracy());
  out["log_loss"] = value_of(q.score.log_loss());
  out["rank_ic"] = json_of(q.rank_ic);
  json experts = json::array();
  for (std::size_t e = 0; e < q.expert_ic.size(); ++e)
    experts.push_back({{"rank_ic", json_of(q.expert_ic[e])}, {"weight", q.expert_weight[e]}});
  out["experts"] = std::move(experts);
  out["calibration"] = json_of(q.calibration);
  return out;
}

json json_of(const day_metrics& day) {
  json out;
  out["session"] = to_string(day.date);
  out["half_day"] = day.half_day;
  out["latched_out"] = day.latched_out;
  out["opening_equity"] = value_of(day.opening_equity);
  out["closing_equity"] = value_of(day.closing_equity);
  out["return"] = day.daily_return();
  out["gross"] = value_of(day.gross());
  out["cost"] = value_of(day.cost);
  out["net"] = value_of(day.net());
  out["round_trips"] = day.round_trips;
  out["wins"] = day.wins;
  out["rotations"] = day.rotations;
  out["max_drawdown"] = day.track.max_drawdown;
  out["exposure"] = day.track.exposure;
  out["confidence"] = value_of(day.quality.confidence);
  out["strength"] = value_of(day.quality.strength);
  out["directional_accuracy"] = value_of(day.quality.accuracy);
  out["rank_ic"] = value_of(day.quality.rank_ic);
  json ics = json::array();
  for (const auto& ic : day.quality.expert_ic)
    ics.push_back(value_of(ic));
  out["expert_rank_ic"] = std::move(ics);
  out["expert_weight"] = day.quality.expert_weight;
  return out;
}

json baselines_of(const report_data& data) {
  const baseline_report& b = data.baselines;
  json out;
  out["windows"] = b.windows;
  out["equal_hold_mrd"] = b.equal_hold_mrd;
  out["equal_hold_interval_95"] = value_of(b.equal_hold_interval);
  out["random_draws"] = b.random_mrd.size();
  out["random_mean_mrd"] = value_of(b.random_mean);
  out["random_range_95"] = value_of(b.random_range);
  out["percentile_of_run"] = value_of(b.percentile_of_run);
  out["excess_bp_per_trip"] = value_of(b.excess_bp);
  out["excess_t"] = value_of(b.excess_t);
  out["legacy"] = data.legacy ? json_of(*data.legacy) : json(nullptr);
  return out;
}

} // namespace

std::string report_json(const report_data& data) {
  json out;
  out["title"] = data.run.title;
  out["data_note"] = data.run.data_note;
  out["data_warnings"] = data.run.data_warnings;
  out["strategy"] = data.config.name;
  out["first_session"] = to_string(data.days.front().date);
  out["last_session"] = to_string(data.days.back().date);
  out["symbols"] = data.run.symbols;
  out["capital"] = value_of(data.run.capital);
  out["latched"] = data.verdict.latched;
  out["verdict"] = data.verdict.headline;
  out["notes"] = data.verdict.notes;
  json targets = json::array();
  for (const target_line& line : data.verdict.targets)
    targets.push_back({{"name", line.name},
                       {"target", line.target},
                       {"measured", line.measured},
                       {"met", line.met ? json(*line.met) : json(nullptr)}});
  out["targets"] = std::move(targets);
  out["metrics"] = json_of(data.metrics);
  out["trials"] = data.trials;
  json per_symbol = json::array();
  for (const symbol_report& symbol : data.symbols)
    per_symbol.push_back(json_of(symbol));
  out["per_symbol"] = std::move(per_symbol);
  out["rank_ic"] = json_of(data.rank_ic);
  out["edge_rank_ic"] = json_of(data.edge_ic);
  json experts = json::array();
  for (std::size_t e = 0; e < data.expert_ic.size(); ++e)
    experts.push_back({{"name", data.expert_names[e]}, {"rank_ic", json_of(data.expert_ic[e])}});
  out["experts"] = std::move(experts);
  out["calibration"] = json_of(data.calibration);
  out["directional_accuracy"] = value_of(data.score.accuracy());
  out["log_loss"] = value_of(data.score.log_loss());
  json holding = json::array();
  for (const hold_class& one : data.holding)
    holding.push_back({{"bars", one.label}, {"round_trips", one.trips}, {"pnl", value_of(one.pnl)}});
  out["holding_times"] = std::move(holding);
  json refused;
  for (std::size_t i = 0; i < static_cast<std::size_t>(refusal::count_); ++i)
    for (const refused_count& one : data.refused)
      if (one.rule == static_cast<refusal>(i))
        refused[to_string(one.rule)] = one.times;
  out["refused"] = std::move(refused);
  out["cut_to_cash"] = data.cut_to_cash;
  out["dropped_dependents"] = data.dropped_dependents;
  out["baselines"] = baselines_of(data);
  json kappas = json::array();
  for (const what_if_result& one : data.what_if)
    kappas.push_back({{"kappa", one.kappa},
                      {"round_trips", one.round_trips},
                      {"gross", value_of(one.gross)},
                      {"cost", value_of(one.cost)},
                      {"net", value_of(one.net)},
                      {"mrd", one.mrd},
                      {"win_rate", value_of(one.win_rate)},
                      {"cost_band_refusals", one.cost_band_refusals}});
  out["what_if_kappa"] = std::move(kappas);
  out["what_if_note"] = data.what_if_note;
  json latches = json::array();
  for (const latch_report& one : data.latches)
    latches.push_back({{"rule", to_string(one.rule)},
                       {"reason", one.reason},
                       {"since_ms", one.since},
                       {"until_ms", one.until == 0 ? json(nullptr) : json(one.until)},
                       {"last_session", to_string(one.last_session)},
                       {"sessions", one.sessions},
                       {"latched_out_sessions", one.latched_out}});
  out["latches"] = std::move(latches);
  json days = json::array();
  for (const day_metrics& day : data.days)
    days.push_back(json_of(day));
  out["days"] = std::move(days);
  json counters = json::object();
  for (const auto& [name, count] : data.counters)
    counters[name] = count;
  out["data_counters"] = std::move(counters);
  out["problems"] = data.problems;
  out["warnings"] = data.warnings;
  return out.dump(2) + "\n";
}

} // namespace sentio
