// analyze-mrd: returns by day, ISO week or month, with the mean return per day of each.
#include "core/report/number_format.hpp"
#include "core/report/report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace sentio {

namespace {

/// Sessions [first, last) of one period.
struct period_row {
  std::string label;
  std::size_t first = 0;
  std::size_t last = 0;
};

/// The ISO 8601 week: it belongs to the year of its Thursday.
std::string week_of(civil_date date) {
  const civil_date thursday = add_days(date, 3 - weekday(date));
  const auto day_of_year = days_since_epoch(thursday) - days_since_epoch({thursday.year, 1, 1});
  return fmt::format("{}-W{:02}", thursday.year, day_of_year / 7 + 1);
}

std::string label_of(civil_date date, analysis_period period) {
  switch (period) {
  case analysis_period::week:
    return week_of(date);
  case analysis_period::month:
    return to_string(date).substr(0, 7);
  case analysis_period::day:
    break;
  }
  return to_string(date);
}

std::vector<period_row> periods_of(const report_data& data, analysis_period period) {
  std::vector<period_row> rows;
  for (std::size_t i = 0; i < data.days.size(); ++i) {
    const std::string label = label_of(data.days[i].date, period);
    if (rows.empty() || rows.back().label != label)
      rows.push_back({label, i, i});
    rows.back().last = i + 1;
  }
  return rows;
}

run_metrics metrics_of(const report_data& data, const period_row& row) {
  std::vector<closed_trip> trips;
  for (const closed_trip& trip : data.trips)
    if (trip.session >= row.first && trip.session < row.last)
      trips.push_back(trip);
  double worst = 0;
  for (std::size_t i = row.first; i < row.last; ++i)
    worst = std::max(worst, data.days[i].track.max_drawdown);
  return run_metrics_of(std::span(data.days).subspan(row.first, row.last - row.first), trips, worst, 1);
}

std::string table_line(const std::string& label, const run_metrics& m) {
  return fmt::format("{:<10} {:>8} {:>12} {:>12} {:>7} {:>8} {:>13} {:>12} {:>13} {:>9}\n", label, m.sessions,
                     signed_percent(m.total_return, 3), signed_percent(m.mrd, 4), m.trips.count,
                     percent(m.trips.win_rate, 1), signed_dollars(m.gross), dollars(m.cost),
                     signed_dollars(m.net), percent(m.max_drawdown_intraday, 2));
}

} // namespace

std::string analysis_table(const report_data& data, analysis_period period) {
  std::string out;
  if (!data.run.data_note.empty())
    out += "*** " + data.run.data_note + " ***\n";
  out += fmt::format("{:<10} {:>8} {:>12} {:>12} {:>7} {:>8} {:>13} {:>12} {:>13} {:>9}\n", "period",
                     "sessions", "return", "per day", "trips", "win", "gross", "cost", "net", "drawdown");
  for (const period_row& row : periods_of(data, period))
    out += table_line(row.label, metrics_of(data, row));
  out += table_line("all", data.metrics);
  const run_metrics& m = data.metrics;
  if (!data.verdict.latched.empty())
    out += "\n" + data.verdict.latched + "\n";
  out += fmt::format("\nMean return per day {}", signed_percent(m.mrd, 4));
  if (m.mrd_interval)
    out += fmt::format(", 95 % interval {} to {}, t = {}", signed_percent(m.mrd_interval->low, 4),
                       signed_percent(m.mrd_interval->high, 4), fixed(m.mrd_t, 2));
  out += "\n(drawdown: the largest within a session; of all: from the highest equity of the run)\n";
  for (const std::string& problem : data.problems)
    out += "ERROR " + problem + "\n";
  return out;
}

std::string analysis_json(const report_data& data, analysis_period period) {
  nlohmann::ordered_json out;
  const auto line = [](const std::string& label, const run_metrics& m) {
    nlohmann::ordered_json one;
    one["period"] = label;
    one["sessions"] = m.sessions;
    one["latched_out_sessions"] = m.latched_out;
    one["total_return"] = m.total_return;
    one["mrd"] = m.mrd;
    one["round_trips"] = m.trips.count;
    one["win_rate"] =
        m.trips.win_rate ? nlohmann::ordered_json(*m.trips.win_rate) : nlohmann::ordered_json(nullptr);
    one["gross"] = to_dollars(m.gross);
    one["cost"] = to_dollars(m.cost);
    one["net"] = to_dollars(m.net);
    one["max_drawdown"] = m.max_drawdown_intraday;
    return one;
  };
  out["data_note"] = data.run.data_note;
  out["latched"] = data.verdict.latched;
  out["periods"] = nlohmann::ordered_json::array();
  for (const period_row& row : periods_of(data, period))
    out["periods"].push_back(line(row.label, metrics_of(data, row)));
  out["all"] = line("all", data.metrics);
  out["problems"] = data.problems;
  return out.dump(2) + "\n";
}

} // namespace sentio
