#include "core/report/html_sections.hpp"
#include "core/report/html_text.hpp"
#include "core/report/latency.hpp"
#include "core/report/number_format.hpp"

namespace sentio {

namespace {

constexpr std::size_t most_trades = 500;

std::string price(money value, std::int64_t shares) {
  return fixed(to_dollars(value) / static_cast<double>(shares), 4);
}

std::string day_and_clock(time_ms at) {
  return to_string(new_york_date(at)) + " " + new_york_clock(at);
}

} // namespace

std::string target_section(const report_data& data) {
  html_table table({"", "Measured", "Target", ""}, html_table::kind::wrapping);
  for (const target_line& line : data.verdict.targets) {
    table.begin_row();
    table.text(escape_html(line.name));
    table.number(escape_html(line.measured));
    table.number(escape_html(line.target));
    table.number(!line.met   ? "cannot say"
                 : *line.met ? "met"
                             : "missed",
                 !line.met   ? ""
                 : *line.met ? "gain"
                             : "loss");
  }
  const run_metrics& m = data.metrics;
  html_table more({"", ""}, html_table::kind::wrapping);
  const auto row = [&](const std::string& name, const std::string& value) {
    more.begin_row();
    more.text(escape_html(name));
    more.number(escape_html(value));
  };
  row("Annualised", m.annualised_return ? yearly_percent(*m.annualised_return) : no_value);
  row("Profit factor", fixed(m.trips.profit_factor, 3));
  row("Average win, average loss", dollars(m.trips.average_win) + ", " + dollars(m.trips.average_loss));
  row("Average hold", fixed(m.trips.average_hold_bars, 1) + " bars");
  row("Rotations", count_text(m.rotations));
  row("Exposure, time in the market", percent(m.exposure, 0) + ", " + percent(m.time_in_market, 0));
  row("Sortino, Calmar", ratio_text(m.sortino, 2) + ", " + ratio_text(m.calmar, 2));
  if (m.sharpe)
    row("True Sharpe above 0, deflated for " + counted(data.trials, "trial", "trials"),
        percent(m.sharpe->probabilistic, 1) + ", " + percent(m.sharpe->deflated, 1));
  return section("Against the targets", "A target is a wish, never a promise.",
                 side_by_side(std::move(table).html(), std::move(more).html()));
}

std::string symbol_section(const report_data& data) {
  html_table table({"Symbol", "Trips", "Win rate", "P&L", "Return", "Per trip", "Strength", "Maximum",
                    "Conf. start", "Conf. end", "Direction", "Rank IC", "t", "Log-loss"},
                   html_table::kind::sortable);
  for (const symbol_report& symbol : data.symbols) {
    const symbol_quality& q = symbol.quality;
    const double pnl = to_dollars(symbol.trips.pnl);
    table.begin_row();
    table.text("<b>" + escape_html(symbol.name) + "</b>");
    table.number(count_text(symbol.trips.count), static_cast<double>(symbol.trips.count));
    table.number(percent(symbol.trips.win_rate, 1), symbol.trips.win_rate.value_or(-1));
    table.number(signed_dollars(symbol.trips.pnl), pnl, tone(pnl));
    table.number(signed_percent(symbol.contribution, 2), symbol.contribution, tone(symbol.contribution));
    table.number(symbol.trips.average_return ? with_sign(1e4 * *symbol.trips.average_return, 2) + " bp"
                                             : no_value,
                 symbol.trips.average_return.value_or(0));
    const double average = q.strengths ? q.strength_sum / static_cast<double>(q.strengths) : 0;
    table.number(fixed(average, 3), average);
    table.number(fixed(q.strength_max, 2), q.strength_max);
    table.number(fixed(q.confidence_start, 3), q.confidence_start.value_or(0));
    table.number(fixed(q.confidence_end, 3), q.confidence_end.value_or(0));
    table.number(percent(q.score.accuracy(), 2), q.score.accuracy().value_or(0));
    table.number(fixed(q.rank_ic.mean, 4), q.rank_ic.mean.value_or(0));
    table.number(fixed(q.rank_ic.t, 2), q.rank_ic.t.value_or(0));
    table.number(fixed(q.score.log_loss(), 4), q.score.log_loss().value_or(0));
  }
  return section(
      "Symbols",
      "Return is P&amp;L over the starting capital. A click on a heading sorts. Log-loss of a coin: 0.6931.",
      std::move(table).html());
}

std::string trade_section(const report_data& data) {
  const std::size_t count = data.trips.size();
  const std::size_t first = count > most_trades ? count - most_trades : 0;
  html_table table(
      {"Symbol", "Bought", "Sold", "Shares", "At", "At", "P&L", "Return", "Cost", "Bars", "Why sold"},
      html_table::kind::sortable);
  for (std::size_t i = first; i < count; ++i) {
    const closed_trip& trip = data.trips[i];
    const double pnl = to_dollars(trip.pnl);
    table.begin_row();
    table.text("<b>" + escape_html(data.run.symbols[trip.symbol]) + "</b>");
    table.number(day_and_clock(trip.entry_at), static_cast<double>(trip.entry_at));
    table.number(new_york_clock(trip.exit_at), static_cast<double>(trip.exit_at));
    table.number(count_text(static_cast<std::uint64_t>(trip.shares)), static_cast<double>(trip.shares));
    table.number(price(trip.entry_value, trip.shares));
    table.number(price(trip.exit_value, trip.shares));
    table.number(signed_dollars(trip.pnl), pnl, tone(pnl));
    table.number(signed_percent(trip.return_pct, 3), trip.return_pct);
    table.number(dollars(trip.cost()), to_dollars(trip.cost()));
    table.number(std::to_string(trip.bars_held), static_cast<double>(trip.bars_held));
    table.number(escape_html(std::string(to_string(trip.exit_kind)) + ": " + trip.exit_reason) +
                     (trip.no_print ? " (at the last close)" : ""),
                 "why");
  }
  std::string how = "Round trips, oldest first. A click on a heading sorts.";
  if (first > 0)
    how += " Shown are the last " + count_text(most_trades) + "; " + count_text(first) +
           " earlier ones are left out here and are in the trades logs.";
  return section("Trades", how, count == 0 ? "<p class=\"how\">None.</p>" : std::move(table).html());
}

std::string check_section(const report_data& data) {
  std::string body = "<ul class=\"notes\">";
  const auto item = [&](const std::string& text) { body += "<li>" + escape_html(text) + "</li>"; };
  if (data.problems.empty())
    item("Replaying the trades log gives the reported equity of every session to the cent.");
  for (const std::string& warning : data.warnings)
    item(warning);
  item("Warm-up: " + counted(data.run.warmup.sessions, "session", "sessions") + ", " +
       counted(data.run.warmup.bars, "bar", "bars") + ", all before the first traded one.");
  const auto& shares = data.run.warmup.shares;
  const auto seen = [](const threshold_share& share) { return share.seen > 0; };
  if (std::none_of(shares.begin(), shares.end(), seen))
    item("The warm-up gave no signal: how often the thresholds are passed cannot be said.");
  else
    for (const threshold_share& share : shares)
      item(share.key + (seen(share)
                            ? " is passed by " + percent(share.share(), 2) + " of the warm-up's signals."
                            : " is off: every signal passes."));
  for (const auto& [name, count] : data.counters)
    if (count > 0)
      item("Data: " + name + " " + count_text(count) + ".");
  if (!data.order_latency_ms.empty())
    item("From the event that closed a round to the order on its way: " +
         latency_text(data.order_latency_ms) + ".");
  return section("Checks", "", body + "</ul>");
}

} // namespace sentio
