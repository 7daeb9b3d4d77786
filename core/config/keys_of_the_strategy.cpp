#include "core/config/section_rows.hpp"

#include <cmath>

namespace sentio {

namespace {

bool by_volatility(const configuration& c) {
  return c.portfolio.sizing.kind == sizing_kind::inverse_volatility;
}

bool correlated(const configuration& c) {
  return c.rotation.correlation_filter;
}

std::uint32_t whole_minutes(const json_value& seconds) {
  return static_cast<std::uint32_t>(std::ceil(seconds.get<double>() / 60));
}

std::string map_entry_staleness(configuration& c, const json_value& value) {
  c.portfolio.risk.max_staleness_minutes = whole_minutes(value);
  return std::to_string(c.portfolio.risk.max_staleness_minutes);
}

std::string map_equal_weight(configuration& c, const json_value& value) {
  if (value.get<bool>())
    c.portfolio.sizing.kind = sizing_kind::equal_weight;
  return compact_json(encode_value(c.portfolio.sizing.kind));
}

std::string map_volatility_weight(configuration& c, const json_value& value) {
  auto& sizing = c.portfolio.sizing;
  if (!value.get<bool>())
    return compact_json(encode_value(sizing.kind));
  sizing.kind = sizing_kind::inverse_volatility;
  // Sizes follow the volatility as far as it goes, unless the file sets limits: those are restored.
  sizing.volatility_low = 0.01;
  sizing.volatility_high = 10;
  return compact_json(encode_value(sizing.kind)) +
         ": weights in proportion to 1 / volatility, with the mean 1 over the symbols held; limit them with "
         "sizing_config.volatility_low and volatility_high";
}

std::string map_capital_per_position(configuration& c, const json_value& value) {
  const double wished = value.get<double>() * c.portfolio.book.max_positions;
  c.portfolio.sizing.invested_fraction = std::fmin(1.0, wished);
  return number_text(c.portfolio.sizing.invested_fraction) + " (" + number_text(value.get<double>()) + " x " +
         std::to_string(c.portfolio.book.max_positions) + " positions" +
         (wished > 1 ? ", cut to all of equity)" : ")");
}

void add_threshold_rows(section_rows& rows) {
  rows.live(
          "max_positions", between(1, 3), "positions", "most symbols held at a time",
          [](auto& c) -> auto& { return c.portfolio.book.max_positions; })
      .live(
          "min_rank_to_hold", between(1, 1000), "rank", "a held symbol ranked worse is sold",
          [](auto& c) -> auto& { return c.rotation.min_rank_to_hold; })
      .live(
          "max_rank_to_enter", between(1, 1000), "rank", "a symbol ranked worse is not bought",
          [](auto& c) -> auto& { return c.rotation.max_rank_to_enter; })
      .live(
          "min_strength_to_enter", between(-1e6, 1e6), "strength", "enter threshold (edge formula: bp)",
          [](auto& c) -> auto& { return c.rotation.enter_threshold; })
      .ignored("min_strength_to_hold", number(between(-1e6, 1e6)), 0.006, "least strength to go on holding",
               "a position is held until its strength falls below min_strength_to_exit")
      .live(
          "min_strength_to_exit", between(-1e6, 1e6), "strength", "exit threshold (edge formula: bp)",
          [](auto& c) -> auto& { return c.rotation.exit_threshold; })
      .live(
          "rotation_strength_delta", between(0, 1e6), "strength",
          "lead over the weakest held symbol that makes a rotation (edge formula: bp)",
          [](auto& c) -> auto& { return c.rotation.rotation_delta; })
      .live(
          "rotation_cooldown_bars", between(0, 390), "bars", "after an exit, no entry into the same symbol",
          [](auto& c) -> auto& { return c.portfolio.book.cooldown_bars; })
      .live(
          "minimum_hold_bars", between(0, 390), "bars", "held at least this long, stop loss and target aside",
          [](auto& c) -> auto& { return c.rotation.minimum_hold_bars; });
}

} // namespace

std::vector<key_row> strength_rows() {
  return section_rows("strength_config")
      .live(
          "formula", limits{}, "",
          "edge: expected return in basis points; legacy: probability x confidence x boost",
          [](auto& c) -> auto& { return c.ranking.formula; })
      .live(
          "kappa", between(0, 100), "round-trip costs",
          "multiples of the symbol's cost added to the enter threshold and the rotation delta",
          [](auto& c) -> auto& { return c.rotation.kappa; })
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
      .with("signal_aggregator_config.filter_stale_signals true",
            [](const configuration& c) { return c.ranking.filter_stale; })
      .take();
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
          [](auto& c) -> auto& { return c.rotation.correlation_filter; })
      .live(
          "max_correlation", above(0, 1), "", "largest absolute correlation of one-minute returns",
          [](auto& c) -> auto& { return c.rotation.max_correlation; })
      .with(filter, correlated)
      .live(
          "correlation_window", between(2, 390), "minutes", "common one-minute returns that are compared",
          [](auto& c) -> auto& { return c.rotation.correlation_window; })
      .with(filter, correlated)
      .live(
          "correlation_minimum", between(2, 390), "minutes", "fewer common returns give no verdict",
          [](auto& c) -> auto& { return c.rotation.correlation_minimum; })
      .with(filter, correlated)
      .live(
          "filter_stale_signals", limits{}, "", "weakens candidates without a fresh bar and drops old ones",
          [](auto& c) -> auto& { return c.ranking.filter_stale; })
      .mapped("max_staleness_seconds", integer(between(60, 7200)), 120, "seconds",
              "risk_config.max_staleness_minutes",
              "oldest price at which an entry may be ordered, in whole minutes", map_entry_staleness)
      .take();
}

std::vector<key_row> rotation_rows() {
  section_rows rows("rotation_manager_config");
  add_threshold_rows(rows);
  return rows
      .live(
          "enable_profit_target", limits{}, "", "sells at the profit target",
          [](auto& c) -> auto& { return c.rotation.profit_target; })
      .live(
          "profit_target_pct", above(0, 10), "fraction", "return of a position at which it is sold",
          [](auto& c) -> auto& { return c.rotation.profit_target_pct; })
      .with("rotation_manager_config.enable_profit_target true",
            [](const configuration& c) { return c.rotation.profit_target; })
      .live(
          "enable_stop_loss", limits{}, "", "sells at the stop loss",
          [](auto& c) -> auto& { return c.rotation.stop_loss; })
      .live(
          "stop_loss_pct", above(0, 1), "fraction", "loss of a position at which it is sold",
          [](auto& c) -> auto& { return c.rotation.stop_loss_pct; })
      .with("rotation_manager_config.enable_stop_loss true",
            [](const configuration& c) { return c.rotation.stop_loss; })
      .live(
          "eod_liquidation", limits{}, "", "sells everything two minutes before the session closes",
          [](auto& c) -> auto& { return c.portfolio.book.eod_liquidation; })
      .live(
          "entry_cutoff_minutes", between(0, 390), "minutes", "no entry this long before liquidation",
          [](auto& c) -> auto& { return c.portfolio.book.entry_cutoff_minutes; })
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
          "one-minute volatility of a full size; 0 = weights with the mean 1",
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

} // namespace sentio
