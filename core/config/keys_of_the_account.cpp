#include "core/config/instruments.hpp"
#include "core/config/section_rows.hpp"

#include <cmath>

namespace sentio {

namespace {

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

/// Fills at the deciding bar's close have neither delay nor cost. A file that says so is in agreement with
/// that.
bool fills_at_next_open(const configuration& c) {
  return c.portfolio.costs.fill == fill_model::next_open;
}
bool charges_spread(const configuration& c) {
  return fills_at_next_open(c) || !c.portfolio.costs.spread;
}
bool charges_slippage(const configuration& c) {
  return fills_at_next_open(c) || c.portfolio.costs.slippage_bp == 0;
}
bool charges_fees(const configuration& c) {
  return fills_at_next_open(c) || c.portfolio.costs.fees.empty();
}

std::uint32_t whole_minutes(const json_value& seconds) {
  return static_cast<std::uint32_t>(std::ceil(seconds.get<double>() / 60));
}

std::string map_data_staleness(configuration& c, const json_value& value) {
  c.ranking.max_staleness_minutes = whole_minutes(value);
  return std::to_string(c.ranking.max_staleness_minutes);
}

} // namespace

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
          [](const configuration& c) { return encode_value(c.instruments); },
          [](configuration& c, const json_value& value) {
            decode_value(value, c.instruments);
            sort_by_name(c.instruments);
          })
      .special("leverage_boosts", boosts,
               "factor of the legacy strength, by symbol; replaces the one in symbols.json", read_boosts,
               write_boosts)
      .with("strength_config.formula legacy",
            [](const configuration& c) { return c.ranking.formula == strength_formula::legacy; });
  return rows.take();
}

std::vector<key_row> risk_rows() {
  return section_rows("risk_config")
      .live(
          "breaker_drawdown_pct", above(0, 1), "of opening equity",
          "session drawdown at which only exits go on",
          [](auto& c) -> auto& { return c.portfolio.book.breaker_drawdown_pct; })
      .live(
          "breaker_equity_floor", between(0, 1), "of capital", "equity below which only exits go on",
          [](auto& c) -> auto& { return c.portfolio.book.breaker_equity_floor; })
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
          "max_drawdown_pct", between(0, 1), "of highest equity",
          "fall from the day's highest equity at which entries are refused; 0 = no limit",
          [](auto& c) -> auto& { return c.portfolio.risk.max_drawdown_pct; })
      .live(
          "max_positions", between(0, 1000), "positions",
          "symbols held or being bought beyond which entries are refused; 0 = as rotation_manager_config",
          [](auto& c) -> auto& { return c.portfolio.risk.max_positions; })
      .live(
          "max_cash_use", between(0, 1), "of free cash",
          "largest part of the cash that no open buy reserves for one order; 0 = no limit",
          [](auto& c) -> auto& { return c.portfolio.risk.max_cash_use; })
      .live(
          "max_orders_per_round", between(0, 1e6), "orders",
          "orders asked for in one minute beyond which trading halts and everything is sold; 0 = 2 for each "
          "position and 4 more, or one for each and max_rank_to_enter where that is more",
          [](auto& c) -> auto& { return c.portfolio.risk.max_orders_per_round; })
      .live(
          "halt_loss_pct", between(0, 1), "of opening equity",
          "loss of the day at which trading halts and everything is sold; 0 = never",
          [](auto& c) -> auto& { return c.portfolio.risk.halt_loss_pct; })
      .live(
          "restricted_symbols", list_of(rule_kind(value_kind::symbol), 0, 4096), "",
          "symbols that may not be bought", [](auto& c) -> auto& { return c.portfolio.risk.restricted; })
      .take();
}

std::vector<key_row> cost_rows() {
  return section_rows("cost_config")
      .live(
          "fill", limits{}, "",
          "next_open: at the open of the symbol's next bar; close: of the deciding bar, without any cost",
          [](auto& c) -> auto& { return c.portfolio.costs.fill; })
      .live(
          "latency_ms", between(0, 59'999), "ms", "time of a fill after the label of its bar",
          [](auto& c) -> auto& { return c.portfolio.costs.latency_ms; })
      .with("cost_config.fill next_open", fills_at_next_open)
      .live(
          "spread", limits{}, "", "charges half the spread of the symbol on each side",
          [](auto& c) -> auto& { return c.portfolio.costs.spread; })
      .with("cost_config.fill next_open", charges_spread)
      .live(
          "slippage_bp", between(0, 1000), "bp", "charged on top, each side",
          [](auto& c) -> auto& { return c.portfolio.costs.slippage_bp; })
      .with("cost_config.fill next_open", charges_slippage)
      .live(
          "fees", list_of(fee_rule(), 0, 100), "", "fees on sells from a day on, ascending; empty = none",
          [](auto& c) -> auto& { return c.portfolio.costs.fees; })
      .with("cost_config.fill next_open", charges_fees)
      .take();
}

std::vector<key_row> account_rows() {
  return section_rows("account_config")
      .live(
          "capital", between(1, 1e9), "dollars", "cash at the start",
          [](auto& c) -> auto& { return c.capital; })
      .take();
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

} // namespace sentio
