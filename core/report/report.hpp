// Everything a report says, recomputed from a log directory alone, and its forms for people and programs.
// Nothing here depends on clock, place or machine: the same logs give the same bytes.
#pragma once

#include "core/config/configuration.hpp"
#include "core/journal/log_reader.hpp"
#include "core/journal/records.hpp"
#include "core/report/metrics.hpp"
#include "core/report/price_track.hpp"
#include "core/report/what_if.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sentio {

/// Logs that cannot be read: a whole sentence with file and line.
using report_error = log_error;

struct symbol_report {
  std::string name;
  trip_metrics trips;
  double contribution = 0; ///< P&L / starting capital
  symbol_quality quality;
};

/// Figures of a rival on the same windows and costs.
struct baseline_report {
  std::uint64_t windows = 0;
  double equal_hold_mrd = 0;
  std::optional<interval> equal_hold_interval;
  std::vector<double> random_mrd; ///< ascending, one per draw; empty without a trade
  std::optional<double> random_mean;
  std::optional<interval> random_range;    ///< 2.5 % to 97.5 % of the draws
  std::optional<double> percentile_of_run; ///< share of draws that the run beats, ties half
  std::optional<double> excess_bp;         ///< per round trip: gross return minus all symbols', same window
  std::optional<double> excess_t;
};

struct refused_count {
  refusal rule = refusal::probability;
  std::uint64_t times = 0;
};

struct target_line {
  std::string name;
  std::string target;
  std::string measured;
  std::optional<bool> met; ///< empty = cannot be judged yet
};

/// A latch that stopped entries, over all sessions in which it held.
struct latch_report {
  latch_rule rule = latch_rule::drawdown;
  std::string reason;      ///< when it latched first: the rule and its numbers
  time_ms since = 0;       ///< when it latched first
  time_ms until = 0;       ///< when an operator re-armed; 0 = it held to the end of its last session
  civil_date last_session; ///< the last one in which it held
  std::size_t sessions = 0;
  std::size_t latched_out = 0; ///< sessions among them in which nothing was traded
};

struct report_verdict {
  std::string latched;            ///< the first sentence, when a latch stopped entries; empty otherwise
  std::string headline;           ///< one plain sentence
  std::vector<std::string> notes; ///< what else must be known to read the figures
  std::vector<target_line> targets;
};

struct report_data {
  run_description run;
  configuration config;
  std::uint32_t trials = 1;
  std::vector<day_metrics> days;
  std::vector<latch_report> latches; ///< in order of `since`
  run_metrics metrics;
  std::vector<symbol_report> symbols;
  ic_summary rank_ic; ///< of the mixture's prediction
  ic_summary edge_ic; ///< of the edge made from it
  std::vector<ic_summary> expert_ic;
  std::vector<std::string> expert_names;
  calibration_counts calibration; ///< all symbols
  probability_score score;        ///< all symbols
  std::vector<closed_trip> trips;
  std::vector<hold_class> holding;
  std::vector<refused_count> refused;                          ///< every rule, most frequent first
  std::vector<std::pair<std::string, std::uint64_t>> counters; ///< of the data, summed over sessions
  std::uint64_t cut_to_cash = 0;
  std::uint64_t dropped_dependents = 0;
  baseline_report baselines;
  std::optional<run_metrics> legacy;   ///< of baseline_legacy/ in the log directory
  std::vector<what_if_result> what_if; ///< kappa 0, 1, 2 and the configured one, which is the run itself
  std::string what_if_note; ///< what the replay makes of the configured kappa, when that is not the run
  std::vector<double> order_latency_ms; ///< of live sessions, ascending; see latency.hpp
  std::vector<curve_point> curve;
  std::optional<price_track> prices;
  std::vector<std::string>
      problems; ///< checks that failed: replay against reported equity, P&L against fills
  std::vector<std::string> warnings; ///< sessions left out, thresholds out of reach, days not flat
  report_verdict verdict;

  /// Whether nothing is left to subtract: a venue's fill has the spread in its price and names no fee.
  bool costs_in_prices() const { return metrics.cost.micros == 0 && !order_latency_ms.empty(); }
};

struct report_options {
  std::uint32_t trials = 1; ///< configurations tried, for the deflated Sharpe ratio
  bool what_if = true;      ///< costs a replay per kappa
};

/// Throws report_error when run.json, sessions.jsonl or a log of a finished session is missing or broken.
/// Figures that do not agree with each other are no error: they are listed in `problems`.
report_data load_report(const std::filesystem::path& log_directory, const report_options& options = {});

/// analysis_report.txt.
std::string report_text(const report_data& data);
/// One self-contained page: inline SVG and style, no network.
std::string report_html(const report_data& data);
/// Every figure, stable key order.
std::string report_json(const report_data& data);

enum class analysis_period : std::uint8_t { day, week, month };
/// A line per period, and one for all.
std::string analysis_table(const report_data& data, analysis_period period);
std::string analysis_json(const report_data& data, analysis_period period);

/// Recomputes the verdict from the other fields; load_report has done it.
report_verdict judge(const report_data& data);

} // namespace sentio
