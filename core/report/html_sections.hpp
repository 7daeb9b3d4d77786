// The sections of the report page, each a whole piece of HTML.
#pragma once

#include "core/report/report.hpp"

#include <string>
#include <vector>

namespace sentio {

// html_performance.cpp
std::string equity_section(const report_data& data);
std::string cost_section(const report_data& data);
std::string daily_section(const report_data& data);
// html_prices.cpp
std::string price_section(const report_data& data);
// html_forecasts.cpp
std::string forecast_section(const report_data& data);
// html_rules.cpp
std::string rules_section(const report_data& data);
std::string baseline_section(const report_data& data);
// html_tables.cpp
std::string target_section(const report_data& data);
std::string symbol_section(const report_data& data);
std::string trade_section(const report_data& data);
std::string check_section(const report_data& data);

/// A number of sessions on an x axis, labelled with dates.
class svg_plot;
void label_sessions(svg_plot& plot, const report_data& data);

/// Sessions since the start at an instant: 2.5 = the middle of the third session.
class session_axis {
public:
  explicit session_axis(const report_data& data);
  double at(time_ms instant) const;
  const session_hours& last() const { return hours_.back(); }

private:
  std::vector<session_hours> hours_;
};

} // namespace sentio
