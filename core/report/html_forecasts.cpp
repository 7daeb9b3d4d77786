#include "core/report/html_sections.hpp"
#include "core/report/html_text.hpp"
#include "core/report/number_format.hpp"
#include "core/report/svg_plot.hpp"

#include <algorithm>
#include <cmath>

namespace sentio {

namespace {

constexpr std::size_t smoothing_sessions = 10;

std::string series_class(std::size_t number) {
  return "s" + std::to_string(number % 6 + 1);
}

/// Mean of the last few sessions that have a value, at each session's middle.
std::vector<plot_point> trailing_mean(const std::vector<std::optional<double>>& values) {
  std::vector<plot_point> points;
  for (std::size_t i = 0; i < values.size(); ++i) {
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t back = 0; back < smoothing_sessions && back <= i; ++back)
      if (const auto& value = values[i - back]) {
        sum += *value;
        ++count;
      }
    if (count > 0)
      points.push_back({static_cast<double>(i) + 0.5, sum / static_cast<double>(count)});
  }
  return points;
}

struct series {
  std::string name;
  std::vector<std::optional<double>> values;
  bool smooth = true;
};

/// Lines over sessions, in one plot.
std::string series_plot(const report_data& data, const std::vector<series>& all, const std::string& what,
                        std::optional<double> reference) {
  std::vector<std::vector<plot_point>> lines;
  std::optional<plot_range> range;
  const auto include = [&](double value) {
    if (!range)
      range = plot_range{value, value};
    range->include(value);
  };
  for (const series& one : all) {
    std::vector<plot_point> points;
    if (one.smooth)
      points = trailing_mean(one.values);
    else
      for (std::size_t i = 0; i < one.values.size(); ++i)
        if (one.values[i])
          points.push_back({static_cast<double>(i) + 0.5, *one.values[i]});
    for (const plot_point& point : points)
      include(point.y);
    lines.push_back(std::move(points));
  }
  if (!range)
    return "<p class=\"how\">Nothing to show yet.</p>";
  if (reference)
    include(*reference);
  const plot_range shown = range->widened(0.08);
  svg_plot plot({0, static_cast<double>(data.days.size())}, shown, 190, what);
  const std::vector<double> ticks = round_ticks(shown, 4);
  plot.y_grid(ticks, [&](double v) { return fixed(v, tick_digits(ticks)); });
  if (reference)
    plot.horizontal(*reference, "mark");
  std::vector<legend_entry> names;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    plot.line(lines[i], series_class(i));
    if (lines[i].size() < 8)
      plot.dots(lines[i], series_class(i) + " small");
    names.push_back({series_class(i), all[i].name});
  }
  label_sessions(plot, data);
  return plot.html() + (names.size() > 1 ? legend(names) : std::string());
}

std::string calibration_plot(const report_data& data) {
  const auto groups = data.calibration.groups(10);
  if (groups.empty())
    return "<p class=\"how\">No forecast with a known outcome.</p>";
  plot_range x{groups.front().predicted, groups.back().predicted};
  plot_range y{groups.front().realised, groups.front().realised};
  std::vector<plot_point> points;
  for (const calibration_group& group : groups) {
    y.include(group.realised);
    points.push_back({group.predicted, group.realised});
  }
  y.include(0.5);
  x = x.widened(0.08);
  y.include(x.low);
  y.include(x.high);
  const plot_range shown = y.widened(0.08);
  svg_plot plot(x, shown, 240, "Share that rose against the predicted probability");
  plot.y_grid(round_ticks(shown, 5), [](double v) { return percent(v, 1); });
  for (const double tick : round_ticks(x, 4))
    plot.x_label(tick, percent(tick, 1));
  plot.line(std::vector<plot_point>{{x.low, x.low}, {x.high, x.high}}, "mark");
  plot.line(points, "s1 faint");
  for (const calibration_group& group : groups)
    plot.dot({group.predicted, group.realised}, "s1",
             counted(group.forecasts, "forecast", "forecasts") + " of " + percent(group.predicted, 2) +
                 " on average: " + percent(group.realised, 2) + " rose (chance alone: \u00b1 " +
                 percent(0.98 / std::sqrt(static_cast<double>(group.forecasts)), 2) + ")");
  return plot.html();
}

std::string expert_table(const report_data& data) {
  html_table table({"Expert", "Rank IC", "t", "Weight"});
  const auto weight = [&](std::size_t expert) {
    std::vector<double> values;
    for (const day_metrics& day : data.days)
      if (expert < day.quality.expert_weight.size())
        values.push_back(day.quality.expert_weight[expert]);
    return mean(values);
  };
  const auto row = [&](const std::string& name, const ic_summary& ic, const std::string& share) {
    table.begin_row(share.empty() ? "own" : "");
    table.text(escape_html(name));
    table.number(fixed(ic.mean, 4), ic.mean ? tone(*ic.mean) : "");
    table.number(fixed(ic.t, 2));
    table.number(share.empty() ? no_value : share);
  };
  row("Mixture", data.rank_ic, "");
  row("Edge, the mixture scaled", data.edge_ic, no_value);
  for (std::size_t e = 0; e < data.expert_ic.size(); ++e)
    row(data.expert_names[e], data.expert_ic[e], percent(weight(e), 1));
  return std::move(table).html();
}

} // namespace

std::string forecast_section(const report_data& data) {
  const auto per_session = [&](const auto& pick) {
    std::vector<std::optional<double>> values;
    for (const day_metrics& day : data.days)
      values.push_back(pick(day.quality));
    return values;
  };
  std::vector<series> ics;
  std::vector<series> weights;
  for (std::size_t e = 0; e < data.expert_ic.size(); ++e) {
    const auto ic = per_session(
        [&](const session_quality& q) { return e < q.expert_ic.size() ? q.expert_ic[e] : std::nullopt; });
    if (std::any_of(ic.begin(), ic.end(), [](const auto& value) { return value.has_value(); }))
      ics.push_back({data.expert_names[e], ic, true});
    weights.push_back({data.expert_names[e], per_session([&](const session_quality& q) {
                         return e < q.expert_weight.size() ? std::optional(q.expert_weight[e]) : std::nullopt;
                       }),
                       false});
  }
  const std::string skill = counted(data.score.forecasts, "forecast", "forecasts") + ", direction right " +
                            percent(data.score.accuracy(), 2) + ", log-loss " +
                            fixed(data.score.log_loss(), 5) + " (a coin: 0.69315)";
  const std::string body =
      side_by_side(figure("Calibration <small>dashed: said = happened</small>", calibration_plot(data)),
                   figure("Rank IC and weight of each expert", expert_table(data))) +
      side_by_side(figure("Rank IC <small>mean of 10 sessions</small>",
                          series_plot(data, ics, "Rank IC of each expert over time", 0.0)),
                   figure("Weight in the mixture",
                          series_plot(data, weights, "Weight of each expert over time", 0.0))) +
      side_by_side(
          figure("Confidence <small>mean of each session</small>",
                 series_plot(data,
                             {{"confidence",
                               per_session([](const session_quality& q) { return q.confidence; }), false}},
                             "Mean confidence of each session", std::nullopt)),
          figure("Directional accuracy <small>mean of 10 sessions, dashed: a coin</small>",
                 series_plot(
                     data,
                     {{"accuracy", per_session([](const session_quality& q) { return q.accuracy; }), true}},
                     "Share of forecasts with the right direction", 0.5)));
  return section(
      "Forecasts",
      escape_html("Each forecast is held against the return of the next five bars, from the first price "
                  "that could be traded. " +
                  skill + "."),
      body);
}

} // namespace sentio
