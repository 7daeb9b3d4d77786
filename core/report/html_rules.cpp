#include "core/report/html_sections.hpp"
#include "core/report/html_text.hpp"
#include "core/report/number_format.hpp"
#include "core/report/svg_plot.hpp"

#include <algorithm>
#include <cmath>

namespace sentio {

namespace {

std::string holding_plot(const report_data& data) {
  std::uint64_t most = 1;
  for (const hold_class& one : data.holding)
    most = std::max(most, one.trips);
  const plot_range range{0, 1.08 * static_cast<double>(most)};
  svg_plot plot({0, static_cast<double>(data.holding.size())}, range, 190,
                "Round trips by holding time in bars");
  std::vector<double> ticks = round_ticks(range, 4);
  std::erase_if(ticks, [](double tick) { return tick != std::floor(tick); });
  plot.y_grid(ticks, [](double v) { return fixed(v, 0); });
  for (std::size_t i = 0; i < data.holding.size(); ++i) {
    const hold_class& one = data.holding[i];
    const double x = static_cast<double>(i);
    plot.bar(x + 0.12, x + 0.88, 0, static_cast<double>(one.trips), "plain",
             one.label + " bars: " + counted(one.trips, "round trip", "round trips") + ", " +
                 signed_dollars(one.pnl));
    plot.x_label(x + 0.5, one.label, i % 2 == 1);
  }
  return plot.html();
}

std::string refusal_bars(const report_data& data) {
  std::uint64_t most = 0;
  for (const refused_count& one : data.refused)
    most = std::max(most, one.times);
  if (most == 0)
    return "<p class=\"how\">No entry was refused.</p>";
  std::string out = "<div class=\"bars\">";
  for (const refused_count& one : data.refused) {
    if (one.times == 0)
      continue;
    std::string name = to_string(one.rule);
    std::replace(name.begin(), name.end(), '_', ' ');
    const double share = 100 * static_cast<double>(one.times) / static_cast<double>(most);
    out += "<span>" + name + "</span><span class=\"track\"><i style=\"left:0;width:" + fixed(share, 2) +
           "%\"></i></span><b>" + count_text(one.times) + "</b>";
  }
  return out + "</div>\n";
}

std::string kappa_table(const report_data& data) {
  if (data.what_if.empty())
    return "<p class=\"how\">Not computed.</p>";
  html_table table({"\u03ba", "Round trips", "Gross", "Cost", "Net", "Per day", "Win rate"});
  for (const what_if_result& one : data.what_if) {
    const bool own = one.kappa == data.config.rotation.kappa;
    table.begin_row(own ? "own" : "");
    std::string kappa = fixed(one.kappa, 2);
    while (kappa.back() == '0')
      kappa.pop_back();
    if (kappa.back() == '.')
      kappa.pop_back();
    table.text(kappa + (own ? " (this run)" : ""));
    table.number(count_text(one.round_trips));
    table.number(signed_dollars(one.gross), tone(to_dollars(one.gross)));
    table.number(dollars(one.cost));
    table.number(signed_dollars(one.net), tone(to_dollars(one.net)));
    table.number(signed_percent(one.mrd, 3), tone(one.mrd));
    table.number(percent(one.win_rate, 1));
  }
  std::string out = std::move(table).html();
  if (!data.what_if_note.empty())
    out += "<p class=\"how\">" + escape_html(data.what_if_note) + "</p>";
  return out;
}

std::string draws_plot(const report_data& data) {
  const std::vector<double>& draws = data.baselines.random_mrd;
  if (draws.empty())
    return "<p class=\"how\">No round trip to compare with.</p>";
  const double run = 100 * data.metrics.mrd;
  const double held = 100 * data.baselines.equal_hold_mrd;
  plot_range x{100 * draws.front(), 100 * draws.back()};
  x.include(run);
  x.include(held);
  x = x.widened(0.06);
  constexpr std::size_t classes = 24;
  std::vector<std::uint64_t> counts(classes, 0);
  for (const double drawn : draws) {
    const double place = (100 * drawn - x.low) / (x.high - x.low) * static_cast<double>(classes);
    ++counts[std::min(classes - 1, static_cast<std::size_t>(std::max(0.0, place)))];
  }
  const auto most = *std::max_element(counts.begin(), counts.end());
  const plot_range y{0, 1.12 * static_cast<double>(most)};
  svg_plot plot(x, y, 200, "Mean daily return of 200 random draws, with the run and equal holding");
  plot.y_grid(round_ticks(y, 3), [](double v) { return fixed(v, 0); });
  const double width = (x.high - x.low) / static_cast<double>(classes);
  for (std::size_t i = 0; i < classes; ++i) {
    const double left = x.low + static_cast<double>(i) * width;
    if (counts[i] > 0)
      plot.bar(left + 0.08 * width, left + 0.92 * width, 0, static_cast<double>(counts[i]), "plain",
               counted(counts[i], "draw", "draws") + " from " + with_sign(left, 3) + " to " +
                   with_sign(left + width, 3) + " % a day");
  }
  plot.vertical(held, "s2");
  plot.vertical(run, "s5");
  const std::vector<double> ticks = round_ticks(x, 4);
  for (const double tick : ticks)
    plot.x_label(tick, with_sign(tick, tick_digits(ticks)) + " %");
  return plot.html() + legend({{"s1", "random picks"}, {"s2", "all held equally"}, {"s5", "this run"}});
}

} // namespace

std::string rules_section(const report_data& data) {
  std::string extra;
  if (data.cut_to_cash > 0)
    extra += counted(data.cut_to_cash, "buy was", "buys were") + " cut to the cash there was. ";
  if (data.dropped_dependents > 0)
    extra += counted(data.dropped_dependents, "entry", "entries") +
             " that waited for an exit came to nothing, because that exit was not filled in time. ";
  if (data.metrics.no_print > 0)
    extra +=
        counted(data.metrics.no_print, "fill", "fills") + " came at a last close, because no bar followed.";
  return section(
      "Rules",
      "Every symbol that is not held is examined once a minute, and counted under the first rule that "
      "stopped it. " +
          escape_html(extra),
      side_by_side(
          figure("Entries refused", refusal_bars(data)),
          figure("Holding time <small>bars, round trips in each class</small>", holding_plot(data))) +
          figure("What \u03ba would have done <small>an entry must beat the threshold by \u03ba times the "
                 "round-trip cost; same signals, traded again</small>",
                 kappa_table(data)));
}

std::string baseline_section(const report_data& data) {
  const baseline_report& b = data.baselines;
  html_table table({"", "Mean per day", "95 %"}, html_table::kind::wrapping);
  const auto row = [&](const std::string& name, double mrd, const std::optional<interval>& range, bool own) {
    table.begin_row(own ? "own" : "");
    table.text(escape_html(name));
    table.number(signed_percent(mrd, 3), tone(mrd));
    table.number(range ? signed_percent(range->low, 3) + " to " + signed_percent(range->high, 3) : no_value);
  };
  row("This run", data.metrics.mrd, data.metrics.mrd_interval, true);
  if (b.windows > 0) {
    row("All symbols held equally", b.equal_hold_mrd, b.equal_hold_interval, false);
    row("Random picks, 200 draws", b.random_mean.value_or(0), b.random_range, false);
  }
  if (data.legacy)
    row("Legacy model", data.legacy->mrd, data.legacy->mrd_interval, false);
  std::string text;
  if (b.percentile_of_run)
    text += "<p>The run does better than <b>" + percent(*b.percentile_of_run, 0) +
            "</b> of the random draws.</p>";
  if (b.excess_bp)
    text += "<p>Per round trip it made " + with_sign(*b.excess_bp, 2) +
            " bp before costs over the mean of all symbols in the same minutes (t = " + fixed(b.excess_t, 2) +
            ").</p>";
  return section(
      "Against doing it without the model",
      "The same windows, the same money and the same costs: first with every symbol held equally, then with "
      "symbols drawn at random.",
      side_by_side(figure("Mean daily return of random picks", draws_plot(data)),
                   std::move(table).html() + text));
}

} // namespace sentio
