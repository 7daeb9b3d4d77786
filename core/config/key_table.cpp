#include "core/config/key_table.hpp"

#include "core/config/instruments.hpp"
#include "core/config/section_rows.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace sentio {

namespace {

value_rule yes_or_no() {
  return rule_kind(value_kind::boolean);
}

value_rule number(const limits& range) {
  return rule_of<double>(range);
}
value_rule integer(const limits& range) {
  return rule_of<std::uint32_t>(range);
}

bool classic(const configuration& c) {
  return c.learner.kind == learner_kind::classic;
}
bool hedged(const configuration& c) {
  return c.learner.mixture == mixture_kind::fixed_share;
}
bool bollinger(const configuration& c) {
  return c.learner.bollinger.enabled;
}
bool kelly(const configuration& c) {
  return c.portfolio.sizing.kind == sizing_kind::kelly;
}
bool by_volatility(const configuration& c) {
  return c.portfolio.sizing.kind == sizing_kind::inverse_volatility;
}
bool correlated(const configuration& c) {
  return c.portfolio.rotation.correlation_filter;
}

std::vector<key_row> top_rows() {
  return section_rows("")
      .comment("$schema", "where an editor finds the schema of this file")
      .comment("description", "free text for people")
      .live(
          "name", limits{}, "", "profile name, shown in reports", [](auto& c) -> auto& { return c.name; })
      .take();
}

std::vector<key_row> learner_rows() {
  return section_rows("learner_config")
      .live(
          "kind", limits{}, "",
          "stationary: EWRLS with an AR(1) prior, bounded for any input; classic: forgetting factor",
          [](auto& c) -> auto& { return c.learner.kind; })
      .live(
          "experts", list_of(expert_rule(), 1, max_experts), "",
          "predictors per symbol: features full126 or compact16, a2 = memory of the weights, rho = prior "
          "variance",
          [](auto& c) -> auto& { return c.learner.experts; })
      .live(
          "zero_expert", limits{}, "", "adds an expert that always predicts 0",
          [](auto& c) -> auto& { return c.learner.zero_expert; })
      .live(
          "mixture", limits{}, "", "how experts are weighted",
          [](auto& c) -> auto& { return c.learner.mixture; })
      .live(
          "mixture_eta", above(0, 10), "", "learning rate of the fixed-share weights",
          [](auto& c) -> auto& { return c.learner.hedge_eta; })
      .with("learner_config.mixture fixed_share", hedged)
      .live(
          "mixture_share", between(0, 0.5), "", "weight redistributed at each step by fixed share",
          [](auto& c) -> auto& { return c.learner.hedge_share; })
      .with("learner_config.mixture fixed_share", hedged)
      .live(
          "probability", limits{}, "", "how a prediction becomes a probability",
          [](auto& c) -> auto& { return c.learner.probability; })
      .live(
          "confidence", limits{}, "", "which confidence formula",
          [](auto& c) -> auto& { return c.learner.confidence; })
      .take();
}

void add_ensemble_rows(section_rows& rows) {
  rows.live(
          "ewrls_lambda", above(0.9, 1), "", "forgetting factor of the classic learner",
          [](auto& c) -> auto& { return c.learner.classic.lambda; })
      .with("learner_config.kind classic", classic)
      .live(
          "initial_variance", above(0, 1e6), "", "P0 = initial_variance x identity, classic learner",
          [](auto& c) -> auto& { return c.learner.classic.initial_variance; })
      .with("learner_config.kind classic", classic)
      .live(
          "regularization", above(0, 1000), "",
          "added cyclically to the diagonal of the inverse of P, classic learner",
          [](auto& c) -> auto& { return c.learner.classic.regularization; })
      .with("learner_config.kind classic", classic)
      .live(
          "warmup_samples", between(0, 100'000), "bars", "bars before the classic learner gives a signal",
          [](auto& c) -> auto& { return c.learner.classic.warmup_samples; })
      .with("learner_config.kind classic", classic)
      .live(
          "prediction_horizons", list_of(integer(between(1, 120)), 1, max_horizons), "bars",
          "horizons of the predicted returns, ascending", [](auto& c) -> auto& { return c.learner.horizons; })
      .live(
          "horizon_weights", list_of(number(between(0, 1)), 1, max_horizons), "",
          "weight of each horizon, sum 1", [](auto& c) -> auto& { return c.learner.horizon_weights; })
      .live(
          "enable_bb_amplification", limits{}, "", "moves the probability near the Bollinger bands",
          [](auto& c) -> auto& { return c.learner.bollinger.enabled; })
      .live(
          "bb_period", between(2, 500), "bars", "window of the Bollinger bands",
          [](auto& c) -> auto& { return c.learner.bollinger.period; })
      .with("oes_config.enable_bb_amplification true", bollinger)
      .live(
          "bb_std_dev", above(0, 10), "deviations", "half width of the Bollinger bands",
          [](auto& c) -> auto& { return c.learner.bollinger.deviations; })
      .with("oes_config.enable_bb_amplification true", bollinger)
      .live(
          "bb_proximity_threshold", above(0, 1), "", "nearness to a band at which amplification begins",
          [](auto& c) -> auto& { return c.learner.bollinger.proximity; })
      .with("oes_config.enable_bb_amplification true", bollinger)
      .live(
          "bb_amplification_factor", between(0, 1), "", "largest change of the probability",
          [](auto& c) -> auto& { return c.learner.bollinger.factor; })
      .with("oes_config.enable_bb_amplification true", bollinger);
}

std::string map_kelly(configuration& c, const json_value& value) {
  if (value.get<bool>())
    c.portfolio.sizing.kind = sizing_kind::kelly;
  return compact_json(encode(c.portfolio.sizing.kind));
}

std::vector<key_row> ensemble_rows() {
  section_rows rows("oes_config");
  add_ensemble_rows(rows);
  const std::string by_strength =
      "symbols are ranked by strength; signal_aggregator_config.min_probability bars entries by probability";
  const std::string no_tuning = "thresholds are never tuned on recent results, which fits noise; "
                                "the probabilities themselves are calibrated as bars come in";
  return rows
      .ignored("buy_threshold", number(between(0, 1)), 0.53,
               "probability above which the predecessor said long", by_strength)
      .ignored(
          "sell_threshold", number(between(0, 1)), 0.47, "probability below which the predecessor said short",
          "the system is long only; a held symbol leaves by rotation_manager_config.min_strength_to_exit")
      .ignored("neutral_zone", number(between(0, 1)), 0.06, "width between the two thresholds", by_strength)
      .ignored("enable_threshold_calibration", yes_or_no(), true, "self-tuning of buy and sell threshold",
               no_tuning)
      .ignored("calibration_window", integer(between(1, 1e6)), 200, "bars of the self-tuning", no_tuning)
      .ignored("target_win_rate", number(between(0, 1)), 0.60, "aim of the self-tuning",
               no_tuning + "; the report's target is performance_targets.target_win_rate")
      .ignored("threshold_step", number(between(0, 1)), 0.005, "step of the self-tuning", no_tuning)
      .mapped("enable_kelly_sizing", yes_or_no(), false, "", "sizing_config.kind",
              "Kelly sizing, unless equal_weight or volatility_weight of rotation_manager_config is true too",
              map_kelly)
      .live(
          "kelly_fraction", above(0, 1), "fraction", "share of the Kelly size that is used",
          [](auto& c) -> auto& { return c.portfolio.sizing.kelly_fraction; })
      .with("sizing_config.kind kelly", kelly)
      .live(
          "max_position_size", above(0, 1), "of equity", "largest position with Kelly sizing",
          [](auto& c) -> auto& { return c.portfolio.sizing.max_position_fraction; })
      .with("sizing_config.kind kelly", kelly)
      .take();
}

std::vector<key_row> strength_rows() {
  return section_rows("strength_config")
      .live(
          "formula", limits{}, "",
          "edge: expected return in basis points; legacy: probability x confidence x boost",
          [](auto& c) -> auto& { return c.ranking.formula; })
      .live(
          "kappa", between(0, 100), "round-trip costs",
          "multiples of the symbol's cost added to the enter threshold and the rotation delta",
          [](auto& c) -> auto& { return c.portfolio.rotation.kappa; })
      .live(
          "smoothing", limits{}, "", "mixes each strength with the one before",
          [](auto& c) -> auto& { return c.ranking.smoothing; })
      .live(
          "smoothing_new", above(0, 1), "", "weight of the new strength when smoothing",
          [](auto& c) -> auto& { return c.ranking.smoothing_new; })
      .with("strength_config.smoothing true", [](const configuration& c) { return c.ranking.smoothing; })
      .live(
          "max_staleness_minutes", between(0, 120), "minutes",
          "without a bar for longer a symbol is not ranked, and a held one is sold",
          [](auto& c) -> auto& { return c.ranking.max_staleness_minutes; })
      .take();
}

std::uint32_t whole_minutes(const json_value& seconds) {
  return static_cast<std::uint32_t>(std::ceil(seconds.get<double>() / 60));
}

std::string map_entry_staleness(configuration& c, const json_value& value) {
  c.portfolio.risk.max_staleness_minutes = whole_minutes(value);
  return std::to_string(c.portfolio.risk.max_staleness_minutes);
}

std::vector<key_row> aggregator_rows() {
  const std::string filter = "signal_aggregator_config.enable_correlation_filter true";
  return section_rows("signal_aggregator_config")
      .live(
          "min_probability", between(0, 1), "", "entry filter: least probability of a rise",
          [](auto& c) -> auto& { return c.ranking.min_probability; })
      .live(
          "min_confidence", between(0, 1), "", "entry filter: least confidence",
          [](auto& c) -> auto& { return c.ranking.min_confidence; })
      .live(
          "min_strength", between(-1e9, 1e9), "strength", "entry filter: least strength (edge formula: bp)",
          [](auto& c) -> auto& { return c.ranking.min_strength; })
      .live(
          "enable_correlation_filter", limits{}, "",
          "no entry that moves like, or against, a held or chosen symbol",
          [](auto& c) -> auto& { return c.portfolio.rotation.correlation_filter; })
      .live(
          "max_correlation", above(0, 1), "", "largest absolute correlation of one-minute returns",
          [](auto& c) -> auto& { return c.portfolio.rotation.max_correlation; })
      .with(filter, correlated)
      .live(
          "correlation_window", between(2, 390), "minutes", "common one-minute returns that are compared",
          [](auto& c) -> auto& { return c.portfolio.rotation.correlation_window; })
      .with(filter, correlated)
      .live(
          "correlation_minimum", between(2, 390), "minutes", "fewer common returns give no verdict",
          [](auto& c) -> auto& { return c.portfolio.rotation.correlation_minimum; })
      .with(filter, correlated)
      .live(
          "filter_stale_signals", limits{}, "", "weakens candidates without a fresh bar and drops old ones",
          [](auto& c) -> auto& { return c.ranking.filter_stale; })
      .mapped("max_staleness_seconds", integer(between(60, 7200)), 120, "seconds",
              "risk_config.max_staleness_minutes",
              "oldest price at which an entry may be ordered, in whole minutes", map_entry_staleness)
      .take();
}

std::string map_equal_weight(configuration& c, const json_value& value) {
  if (value.get<bool>())
    c.portfolio.sizing.kind = sizing_kind::equal_weight;
  return compact_json(encode(c.portfolio.sizing.kind));
}

std::string map_volatility_weight(configuration& c, const json_value& value) {
  if (value.get<bool>())
    c.portfolio.sizing.kind = sizing_kind::inverse_volatility;
  return compact_json(encode(c.portfolio.sizing.kind));
}

std::string map_capital_per_position(configuration& c, const json_value& value) {
  const double wished = value.get<double>() * c.portfolio.rotation.max_positions;
  c.portfolio.sizing.invested_fraction = std::fmin(1.0, wished);
  return number_text(c.portfolio.sizing.invested_fraction) + " (" + number_text(value.get<double>()) + " x " +
         std::to_string(c.portfolio.rotation.max_positions) + " positions" +
         (wished > 1 ? ", cut to all of equity)" : ")");
}

void add_threshold_rows(section_rows& rows) {
  rows.live(
          "max_positions", between(1, 3), "positions", "most symbols held at a time",
          [](auto& c) -> auto& { return c.portfolio.rotation.max_positions; })
      .live(
          "min_rank_to_hold", between(1, 1000), "rank", "a held symbol ranked worse is sold",
          [](auto& c) -> auto& { return c.portfolio.rotation.min_rank_to_hold; })
      .live(
          "max_rank_to_enter", between(1, 1000), "rank", "a symbol ranked worse is not bought",
          [](auto& c) -> auto& { return c.portfolio.rotation.max_rank_to_enter; })
      .live(
          "min_strength_to_enter", between(-1e6, 1e6), "strength", "enter threshold (edge formula: bp)",
          [](auto& c) -> auto& { return c.portfolio.rotation.enter_threshold; })
      .ignored("min_strength_to_hold", number(between(-1e6, 1e6)), 0.006, "least strength to go on holding",
               "a position is held until its strength falls below min_strength_to_exit")
      .live(
          "min_strength_to_exit", between(-1e6, 1e6), "strength", "exit threshold (edge formula: bp)",
          [](auto& c) -> auto& { return c.portfolio.rotation.exit_threshold; })
      .live(
          "rotation_strength_delta", between(0, 1e6), "strength",
          "lead over the weakest held symbol that makes a rotation (edge formula: bp)",
          [](auto& c) -> auto& { return c.portfolio.rotation.rotation_delta; })
      .live(
          "rotation_cooldown_bars", between(0, 390), "bars", "after an exit, no entry into the same symbol",
          [](auto& c) -> auto& { return c.portfolio.rotation.cooldown_bars; })
      .live(
          "minimum_hold_bars", between(0, 390), "bars", "held at least this long, stop loss and target aside",
          [](auto& c) -> auto& { return c.portfolio.rotation.minimum_hold_bars; });
}

std::vector<key_row> rotation_rows() {
  section_rows rows("rotation_manager_config");
  add_threshold_rows(rows);
  return rows
      .live(
          "enable_profit_target", limits{}, "", "sells at the profit target",
          [](auto& c) -> auto& { return c.portfolio.rotation.profit_target; })
      .live(
          "profit_target_pct", above(0, 10), "fraction", "return of a position at which it is sold",
          [](auto& c) -> auto& { return c.portfolio.rotation.profit_target_pct; })
      .with("rotation_manager_config.enable_profit_target true",
            [](const configuration& c) { return c.portfolio.rotation.profit_target; })
      .live(
          "enable_stop_loss", limits{}, "", "sells at the stop loss",
          [](auto& c) -> auto& { return c.portfolio.rotation.stop_loss; })
      .live(
          "stop_loss_pct", above(0, 1), "fraction", "loss of a position at which it is sold",
          [](auto& c) -> auto& { return c.portfolio.rotation.stop_loss_pct; })
      .with("rotation_manager_config.enable_stop_loss true",
            [](const configuration& c) { return c.portfolio.rotation.stop_loss; })
      .live(
          "eod_liquidation", limits{}, "", "sells everything two minutes before the session closes",
          [](auto& c) -> auto& { return c.portfolio.rotation.eod_liquidation; })
      .live(
          "entry_cutoff_minutes", between(0, 390), "minutes", "no entry this long before liquidation",
          [](auto& c) -> auto& { return c.portfolio.rotation.entry_cutoff_minutes; })
      .ignored("eod_exit_time_minutes", integer(between(0, 390)), 388,
               "minutes after the open of the liquidation",
               "the exchange calendar decides: 120 s before the close, 15:58, on half days 12:58")
      .mapped("equal_weight", yes_or_no(), true, "", "sizing_config.kind", "the same size for every position",
              map_equal_weight)
      .mapped("volatility_weight", yes_or_no(), false, "", "sizing_config.kind",
              "smaller positions in more volatile symbols", map_volatility_weight)
      .mapped("capital_per_position", number(above(0, 1)), 0.33, "of equity",
              "sizing_config.invested_fraction", "share of equity in each position", map_capital_per_position)
      .take();
}

std::vector<key_row> sizing_rows() {
  const std::string inverse = "sizing_config.kind inverse_volatility";
  return section_rows("sizing_config")
      .live(
          "kind", limits{}, "", "how the size of a position follows from equity",
          [](auto& c) -> auto& { return c.portfolio.sizing.kind; })
      .live(
          "invested_fraction", above(0, 1), "of equity", "shared by max_positions positions",
          [](auto& c) -> auto& { return c.portfolio.sizing.invested_fraction; })
      .live(
          "entry_price_buffer", between(0, 0.5), "fraction", "cash reserved above the price of an open buy",
          [](auto& c) -> auto& { return c.portfolio.sizing.entry_price_buffer; })
      .live(
          "volatility_reference", between(0, 1), "return/min",
          "one-minute volatility of a full size; 0 = the round's mean",
          [](auto& c) -> auto& { return c.portfolio.sizing.volatility_reference; })
      .with(inverse, by_volatility)
      .live(
          "volatility_low", above(0, 1), "factor", "smallest factor on the equal weight",
          [](auto& c) -> auto& { return c.portfolio.sizing.volatility_low; })
      .with(inverse, by_volatility)
      .live(
          "volatility_high", between(1, 10), "factor", "largest factor on the equal weight",
          [](auto& c) -> auto& { return c.portfolio.sizing.volatility_high; })
      .with(inverse, by_volatility)
      .take();
}

std::vector<key_row> risk_rows() {
  return section_rows("risk_config")
      .live(
          "breaker_drawdown_pct", above(0, 1), "of opening equity",
          "session drawdown at which only exits go on",
          [](auto& c) -> auto& { return c.portfolio.rotation.breaker_drawdown_pct; })
      .live(
          "breaker_equity_floor", between(0, 1), "of capital", "equity below which only exits go on",
          [](auto& c) -> auto& { return c.portfolio.rotation.breaker_equity_floor; })
      .live(
          "max_order_notional", between(0, 1e12), "dollars", "largest order; 0 = no limit",
          [](auto& c) -> auto& { return c.portfolio.risk.max_order_notional; })
      .live(
          "max_order_shares", between(0, 1e9), "shares", "largest order; 0 = no limit",
          [](auto& c) -> auto& { return c.portfolio.risk.max_order_shares; })
      .live(
          "price_collar_pct", between(0, 10), "fraction",
          "largest distance of an order from the last price; 0 = no limit",
          [](auto& c) -> auto& { return c.portfolio.risk.price_collar_pct; })
      .live(
          "max_gross_exposure", between(0, 10), "of equity", "positions and open buys together; 0 = no limit",
          [](auto& c) -> auto& { return c.portfolio.risk.max_gross_exposure; })
      .live(
          "max_orders_per_minute", between(0, 1e6), "orders", "entries beyond are refused; 0 = no limit",
          [](auto& c) -> auto& { return c.portfolio.risk.max_orders_per_minute; })
      .live(
          "max_orders_per_day", between(0, 1e6), "orders", "entries beyond are refused; 0 = no limit",
          [](auto& c) -> auto& { return c.portfolio.risk.max_orders_per_day; })
      .live(
          "max_staleness_minutes", between(0, 120), "minutes", "no entry on an older price; 0 = no limit",
          [](auto& c) -> auto& { return c.portfolio.risk.max_staleness_minutes; })
      .live(
          "max_daily_loss_pct", between(0, 1), "of opening equity",
          "loss of the day at which entries stop; 0 = no limit",
          [](auto& c) -> auto& { return c.portfolio.risk.max_daily_loss_pct; })
      .live(
          "restricted_symbols", list_of(rule_kind(value_kind::symbol), 0, 4096), "",
          "symbols that may not be bought", [](auto& c) -> auto& { return c.portfolio.risk.restricted; })
      .take();
}

std::vector<key_row> cost_rows() {
  return section_rows("cost_config")
      .live(
          "fill", limits{}, "",
          "next_open: open of the symbol's next bar; close: of the deciding bar, as the predecessor",
          [](auto& c) -> auto& { return c.portfolio.costs.fill; })
      .live(
          "latency_ms", between(0, 59'999), "ms", "time of a fill after the label of its bar",
          [](auto& c) -> auto& { return c.portfolio.costs.latency_ms; })
      .live(
          "spread", limits{}, "", "charges half the spread of the symbol on each side",
          [](auto& c) -> auto& { return c.portfolio.costs.spread; })
      .live(
          "slippage_bp", between(0, 1000), "bp", "charged on top, each side",
          [](auto& c) -> auto& { return c.portfolio.costs.slippage_bp; })
      .live(
          "fees", list_of(fee_rule(), 0, 100), "", "fees on sells from a day on, ascending; empty = none",
          [](auto& c) -> auto& { return c.portfolio.costs.fees; })
      .take();
}

std::vector<key_row> account_rows() {
  return section_rows("account_config")
      .live(
          "capital", between(1, 1e9), "dollars", "cash at the start",
          [](auto& c) -> auto& { return c.capital; })
      .take();
}

std::string map_data_staleness(configuration& c, const json_value& value) {
  c.ranking.max_staleness_minutes = whole_minutes(value);
  return std::to_string(c.ranking.max_staleness_minutes);
}

std::vector<key_row> data_rows() {
  return section_rows("data_manager_config")
      .ignored("max_forward_fills", integer(between(0, 1000)), 5,
               "minutes that the predecessor filled with old prices",
               "a minute without a trade has no bar, and none is made up")
      .mapped("max_staleness_seconds", integer(between(60, 7200)), 300, "seconds",
              "strength_config.max_staleness_minutes",
              "oldest bar with which a symbol is ranked, in whole minutes", map_data_staleness)
      .ignored("history_size", integer(between(1, 1e7)), 500, "bars that the predecessor kept",
               "every feature keeps the window that it needs")
      .ignored("log_data_quality", yes_or_no(), true, "writes rejected rows to the log",
               "rejected rows are always counted by reason and reported")
      .take();
}

json_value read_boosts(const configuration& c) {
  json_value boosts = json_value::object();
  for (const auto& symbol : c.symbols)
    if (const instrument* row = find_instrument(c.instruments, symbol))
      boosts[symbol] = row->boost;
  return boosts;
}

void write_boosts(configuration& c, const json_value& value) {
  for (const auto& [symbol, boost] : value.items()) {
    if (is_synthetic(symbol))
      add_synthetic(c.instruments, symbol);
    // A symbol without a row is reported with the other checks between keys.
    for (auto& row : c.instruments)
      if (row.name == symbol)
        row.boost = boost.get<double>();
  }
}

std::vector<key_row> symbol_rows() {
  value_rule boosts = rule_kind(value_kind::table);
  boosts.item.push_back(number(above(0, 10)));
  section_rows rows("symbols");
  rows.live(
          "active", list_of(rule_kind(value_kind::symbol), 1, 4096), "", "symbols to trade, in any order",
          [](auto& c) -> auto& { return c.symbols; })
      .special(
          "instruments", list_of(instrument_rule(), 1, 4096),
          "the complete list of known symbols; usually left out, then symbols.json holds",
          [](const configuration& c) { return encode(c.instruments); },
          [](configuration& c, const json_value& value) {
            decode(value, c.instruments);
            sort_by_name(c.instruments);
          })
      .special("leverage_boosts", boosts,
               "factor of the legacy strength, by symbol; replaces the one in symbols.json", read_boosts,
               write_boosts)
      .with("strength_config.formula legacy",
            [](const configuration& c) { return c.ranking.formula == strength_formula::legacy; });
  return rows.take();
}

std::vector<key_row> target_rows() {
  return section_rows("performance_targets")
      .live(
          "target_mrd", between(0, 1), "per day", "mean return per day that the verdict compares with",
          [](auto& c) -> auto& { return c.targets.mrd; })
      .live(
          "target_win_rate", between(0, 1), "fraction", "win rate that the verdict compares with",
          [](auto& c) -> auto& { return c.targets.win_rate; })
      .live(
          "target_sharpe", between(0, 100), "per year", "Sharpe ratio that the verdict compares with",
          [](auto& c) -> auto& { return c.targets.sharpe; })
      .live(
          "max_drawdown", above(0, 1), "fraction", "drawdown that the verdict compares with",
          [](auto& c) -> auto& { return c.targets.max_drawdown; })
      .take();
}

std::vector<key_row> all_rows() {
  std::vector<key_row> table;
  for (auto make : {top_rows, symbol_rows, learner_rows, ensemble_rows, strength_rows, aggregator_rows,
                    rotation_rows, sizing_rows, risk_rows, cost_rows, account_rows, data_rows, target_rows}) {
    auto rows = make();
    std::move(rows.begin(), rows.end(), std::back_inserter(table));
  }
  return table;
}

} // namespace

const std::vector<key_row>& key_table() {
  static const std::vector<key_row> table = all_rows();
  return table;
}

std::vector<std::string> section_names() {
  std::vector<std::string> names;
  for (const auto& row : key_table())
    if (std::find(names.begin(), names.end(), row.section) == names.end())
      names.push_back(row.section);
  return names;
}

} // namespace sentio
