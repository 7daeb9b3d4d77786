#include "core/report/html_sections.hpp"
#include "core/report/html_text.hpp"
#include "core/report/number_format.hpp"
#include "core/report/svg_plot.hpp"

#include <algorithm>
#include <cmath>

namespace sentio {

session_axis::session_axis(const report_data& data) {
  for (const day_metrics& day : data.days)
    hours_.push_back(session_on(day.date).value());
}

double session_axis::at(time_ms instant) const {
  const auto next = std::upper_bound(hours_.begin(), hours_.end(), instant,
                                     [](time_ms t, const session_hours& h) { return t < h.open; });
  if (next == hours_.begin())
    return 0;
  const session_hours& hours = *std::prev(next);
  const double share =
      static_cast<double>(instant - hours.open) / static_cast<double>(hours.close - hours.open);
  return static_cast<double>(std::prev(next) - hours_.begin()) + std::min(1.0, share);
}

void label_sessions(svg_plot& plot, const report_data& data) {
  const std::size_t count = data.days.size();
  const auto text = [&](std::size_t day) { return to_string(data.days[day].date).substr(5); };
  if (count <= 6) {
    for (std::size_t i = 0; i < count; ++i)
      plot.x_label(static_cast<double>(i) + 0.5, text(i), count > 4 && i % 2 == 1);
    return;
  }
  for (std::size_t i = 0; i < 6; ++i) {
    const std::size_t day = i * (count - 1) / 5;
    plot.x_label(static_cast<double>(day) + (i == 0 ? 0.0 : i == 5 ? 1.0 : 0.5), text(day), i == 1 || i == 3);
  }
}

namespace {

void percent_grid(svg_plot& plot, plot_range range, int wanted) {
  const std::vector<double> ticks = round_ticks(range, wanted);
  const int digits = tick_digits(ticks);
  plot.y_grid(ticks, [&](double v) { return with_sign(v, digits) + " %"; });
}

} // namespace

std::string equity_section(const report_data& data) {
  const double count = static_cast<double>(data.days.size());
  std::vector<plot_point> level;
  std::vector<plot_point> fall;
  plot_range range{0, 0};
  plot_range depth{0, 0};
  for (const curve_point& point : data.curve) {
    level.push_back({point.x, 100 * (point.level - 1)});
    fall.push_back({point.x, -100 * point.drawdown});
    range.include(level.back().y);
    depth.include(fall.back().y);
  }
  range = range.widened(0.06);
  svg_plot equity({0, count}, range, 250, "Equity as change from the start in percent");
  percent_grid(equity, range, 5);
  equity.horizontal(0, "zero");
  equity.area(level, 0, "wash");
  equity.line(level, "net");
  label_sessions(equity, data);

  const double target = -100 * data.config.targets.max_drawdown;
  depth.high = 0;
  depth.low = std::min(depth.low * 1.1, -0.05);
  svg_plot drawdown({0, count}, depth, 100, "Drawdown from the highest equity in percent");
  percent_grid(drawdown, depth, 3);
  drawdown.area(fall, 0, "fall");
  if (target > depth.low)
    drawdown.horizontal(target, "mark");
  label_sessions(drawdown, data);
  const run_metrics& m = data.metrics;
  return section(
      "Equity",
      data.run.fresh_daily ? "Every session starts with the same capital; the curve compounds their returns."
                           : "Net of all costs, marked every minute. Nights are left out: the book is "
                             "flat at the close.",
      figure("Change from the start <small>" + signed_percent(m.total_return, 2) + " in all</small>",
             equity.html()) +
          figure("Drawdown <small>at most " + percent(m.max_drawdown_intraday, 2) + " by the minute, " +
                     percent(m.max_drawdown_daily, 2) + " by the day</small>",
                 drawdown.html()));
}

namespace {

/// Bars to the left and right of a common zero.
std::string
diverging_bars(const std::vector<std::tuple<std::string, double, std::string, std::string>>& rows) {
  double low = 0;
  double high = 0;
  for (const auto& [name, value, text, css] : rows) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  const double span = high > low ? high - low : 1;
  std::string out = "<div class=\"bars\">";
  for (const auto& [name, value, text, css] : rows) {
    const double left = 100 * (std::min(value, 0.0) - low) / span;
    out += "<span>" + name + "</span><span class=\"track\"><i class=\"" + css +
           "\" style=\"left:" + fixed(left, 2) + "%;width:" + fixed(100 * std::fabs(value) / span, 2) +
           "%\"></i></span><b class=\"" + std::string(css == "cost" ? "" : css) + "\">" + text + "</b>";
  }
  return out + "</div>\n";
}

} // namespace

std::string cost_section(const report_data& data) {
  const run_metrics& m = data.metrics;
  const auto bars = [](double gross, double cost, double net, const auto& text) {
    return diverging_bars({{"Gross", gross, text(gross), std::string(tone(gross))},
                           {"Cost", -cost, text(-cost), "cost"},
                           {"Net", net, text(net), std::string(tone(net))}});
  };
  const std::string total = bars(to_dollars(m.gross), to_dollars(m.cost), to_dollars(m.net),
                                 [](double value) { return signed_dollars(from_dollars(value)); });
  money invested;
  money gross;
  for (const closed_trip& trip : data.trips) {
    invested += trip.entry_value;
    gross += trip.gross();
  }
  std::string each = "<p class=\"how\">No round trip was made.</p>";
  if (invested.micros > 0) {
    const double base = to_dollars(invested) / 1e4;
    each = bars(to_dollars(gross) / base, to_dollars(m.trips.cost) / base, to_dollars(m.trips.pnl) / base,
                [](double value) { return with_sign(value, 2) + " bp"; });
  }
  std::string how = data.costs_in_prices()
                        ? "The spread is in the venue's prices, and it charged no fees. "
                        : "Spread " + dollars(m.spread_cost) + ", SEC and TAF fees " + dollars(m.fees) + ". ";
  if (m.turnover > 0)
    how += "Turnover is " + fixed(m.turnover, 1) +
           " times the equity a day, so every basis point per side costs " + percent(m.turnover / 1e4, 3) +
           " a day.";
  return section(
      "Gross, cost, net", escape_html(how),
      side_by_side(figure("Whole period", total),
                   figure("Per round trip <small>basis points of the money put in</small>", each)));
}

std::string daily_section(const report_data& data) {
  plot_range range{0, 0};
  for (const day_metrics& day : data.days)
    range.include(100 * day.daily_return());
  range.include(100 * data.metrics.mrd);
  range = range.widened(0.08);
  const double count = static_cast<double>(data.days.size());
  svg_plot plot({0, count}, range, 200, "Return of every session in percent");
  percent_grid(plot, range, 5);
  for (std::size_t i = 0; i < data.days.size(); ++i) {
    const day_metrics& day = data.days[i];
    const double x = static_cast<double>(i);
    const double value = 100 * day.daily_return();
    plot.bar(x + (count < 12 ? 0.3 : 0.12), x + (count < 12 ? 0.7 : 0.88), 0, value,
             value < 0 ? "loss" : "gain",
             to_string(day.date) + (day.half_day ? " (half day)" : "") + ": " +
                 signed_percent(day.daily_return(), 3) + ", " +
                 counted(day.round_trips, "round trip", "round trips") + ", gross " +
                 signed_dollars(day.gross()) + ", cost " + dollars(day.cost));
  }
  plot.horizontal(0, "zero");
  plot.horizontal(100 * data.metrics.mrd, "mark");
  label_sessions(plot, data);
  const run_metrics& m = data.metrics;
  std::string caption = "Mean " + signed_percent(m.mrd, 3) + " a day (dashed)";
  if (m.mrd_interval)
    caption += " <small>95 % interval " + signed_percent(m.mrd_interval->low, 3) + " to " +
               signed_percent(m.mrd_interval->high, 3) + ", t = " + fixed(m.mrd_t, 2) + "</small>";
  return section("Daily returns", "After costs, half days included. Point at a bar for its numbers.",
                 figure(caption, plot.html()));
}

} // namespace sentio
