#include "core/report/html_sections.hpp"
#include "core/report/html_style.hpp"
#include "core/report/html_text.hpp"
#include "core/report/number_format.hpp"

namespace sentio {

namespace {

std::string key_figure(const std::string& name, const std::string& value, std::string_view value_class,
                       const std::string& below, const std::optional<bool>& met = std::nullopt) {
  return "<div><dt>" + escape_html(name) + "</dt><dd class=\"" + std::string(value_class) + "\">" +
         escape_html(value) + "</dd><dd class=\"below" +
         (!met   ? ""
          : *met ? " met"
                 : " missed") +
         "\">" + escape_html(below) + "</dd></div>";
}

/// The target line of a name, for the small print under a key figure.
const target_line& target(const report_data& data, std::size_t number) {
  return data.verdict.targets.at(number);
}

std::string key_figures(const report_data& data) {
  const run_metrics& m = data.metrics;
  std::string out = "<dl class=\"key\">";
  out += key_figure("Net result", signed_dollars(m.net), tone(to_dollars(m.net)),
                    signed_percent(m.total_return, 2) + " in all");
  out += key_figure("Mean return per day", signed_percent(m.mrd, 3), tone(m.mrd), target(data, 0).target,
                    target(data, 0).met);
  out +=
      key_figure("Win rate", percent(m.trips.win_rate, 1), "", target(data, 1).target, target(data, 1).met);
  out += key_figure("Largest drawdown", percent(m.max_drawdown_intraday, 2), "", target(data, 2).target,
                    target(data, 2).met);
  out += key_figure("Round trips per day", fixed(m.trips_per_day, 1), "", target(data, 3).target,
                    target(data, 3).met);
  out +=
      key_figure("Sharpe ratio", m.sharpe ? fixed(m.sharpe->yearly, 2) : no_value, "",
                 target(data, 4).target + (m.sharpe ? ", \u00b1 " + fixed(m.sharpe->standard_error, 1) : ""),
                 target(data, 4).met);
  return out + "</dl>\n";
}

std::string page_head(const report_data& data) {
  std::string symbols;
  for (const std::string& name : data.run.symbols)
    symbols += (symbols.empty() ? "" : " ") + name;
  const std::string first = to_string(data.days.front().date);
  const std::string last = to_string(data.days.back().date);
  std::string out =
      "<header><p class=\"kicker\"><b>sentio-actors</b> \u00b7 " + escape_html(data.run.title) + " \u00b7 " +
      escape_html(data.config.name) + " \u00b7 " + first + (first == last ? "" : " to " + last) + " \u00b7 " +
      counted(data.metrics.sessions, "session", "sessions") + " \u00b7 " + escape_html(symbols) + "</p>\n";
  if (!data.verdict.latched.empty())
    out += "<div class=\"alarm\"><b>" + escape_html(data.verdict.latched) + "</b></div>\n";
  if (!data.run.data_note.empty())
    out += "<p class=\"note\">" + escape_html(data.run.data_note) + "</p>\n";
  if (!data.problems.empty()) {
    out += "<div class=\"alarm\"><b>The logs contradict themselves.</b> Do not trust the figures below.<ul>";
    for (const std::string& problem : data.problems)
      out += "<li>" + escape_html(problem) + "</li>";
    out += "</ul></div>\n";
  }
  out += "<h1>" + escape_html(data.verdict.headline) + "</h1>\n" + key_figures(data);
  out += "<ul class=\"notes\">";
  for (const std::string& note : data.verdict.notes)
    out += "<li>" + escape_html(note) + "</li>";
  return out + "</ul></header>\n";
}

} // namespace

std::string report_html(const report_data& data) {
  std::string out = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
                    escape_html(data.run.title + " " + to_string(data.days.front().date) + " to " +
                                to_string(data.days.back().date)) +
                    "</title>\n<style>";
  out.append(page_style()).append("</style>\n</head>\n<body>\n<main>\n");
  std::string body = page_head(data);
  for (const auto& part :
       {equity_section, cost_section, daily_section, target_section, baseline_section, price_section,
        symbol_section, forecast_section, rules_section, trade_section, check_section})
    body += part(data);
  out += keep_units_together(std::move(body));
  out += "<footer>Everything on this page is recomputed from the logs beside it. A measurement, and no "
         "investment "
         "advice.</footer>\n</main>\n<script>";
  out.append(page_script()).append("</script>\n</body>\n</html>\n");
  return out;
}

} // namespace sentio
