// The verdict in plain words: what was measured, whether costs ate it, and how far luck reaches.
#include "core/report/number_format.hpp"
#include "core/report/report.hpp"

#include <algorithm>
#include <tuple>

namespace sentio {

namespace {

std::string interval_text(const interval& range) {
  return signed_percent(range.low, 3) + " to " + signed_percent(range.high, 3);
}

std::string rule_text(latch_rule rule) {
  switch (rule) {
  case latch_rule::drawdown:
    return "drawdown limit of the session";
  case latch_rule::equity_floor:
    return "equity floor";
  case latch_rule::overdrawn:
    return "overdrawn account";
  case latch_rule::halted:
  case latch_rule::count_:
    break;
  }
  return "HALTED";
}

/// What a latch took from the run comes before every figure: most of them mean something else then.
std::string latched_of(const report_data& data) {
  if (data.latches.empty())
    return "";
  // The one that weighs most: still holding at the end before over, then more dead sessions, then the later.
  const auto holds = [&](const latch_report& one) {
    return one.until == 0 && one.last_session == data.days.back().date;
  };
  const latch_report& worst = *std::max_element(
      data.latches.begin(), data.latches.end(), [&](const latch_report& a, const latch_report& b) {
        return std::tuple(holds(a), a.latched_out, a.since) < std::tuple(holds(b), b.latched_out, b.since);
      });
  const auto moment = [](time_ms at) { return to_string(new_york_date(at)) + " " + new_york_clock(at); };
  const std::string why = rule_text(worst.rule) + " (" + worst.reason + ")";
  std::string text;
  if (holds(worst))
    text = "No entries since " + moment(worst.since) + ": " + why + ".";
  else if (worst.until != 0)
    text = "No entries from " + moment(worst.since) + " to " + moment(worst.until) +
           ", when it was re-armed: " + why + ".";
  else
    text = "No entries from " + moment(worst.since) + " to the end of " + to_string(worst.last_session) +
           ": " + why + ".";
  if (data.metrics.latched_out > 0)
    text += " " + counted(data.metrics.latched_out, "session", "sessions") + " of " +
            count_text(data.metrics.sessions) +
            " traded nothing because of a latch; means and rates per day leave them out.";
  if (data.latches.size() > 1)
    text += " Entries were stopped by a latch " + count_text(data.latches.size()) + " times in all.";
  return text;
}

std::string headline_of(const report_data& data) {
  const run_metrics& m = data.metrics;
  const std::string days = counted(m.sessions, "session", "sessions");
  if (m.trips.count == 0) {
    const auto most =
        std::max_element(data.refused.begin(), data.refused.end(),
                         [](const refused_count& a, const refused_count& b) { return a.times < b.times; });
    std::string text = "No trade was made in " + days + ".";
    if (most != data.refused.end() && most->times > 0)
      text += " The rule that refused most entries: " + std::string(to_string(most->rule)) + " (" +
              count_text(most->times) + " times).";
    return text;
  }
  const std::string at_venue = " at the venue's prices, which hold the spread, over " + days;
  if (m.net.micros <= 0) {
    if (data.costs_in_prices())
      return "It lost money: " + dollars(-m.net) + at_venue + ".";
    if (m.gross.micros > 0)
      return "Costs ate it: the trades earned " + dollars(m.gross) + " before costs, the costs were " +
             dollars(m.cost) + ", and " + dollars(-m.net) + " was lost over " + days + ".";
    return "It lost money: " + dollars(-m.gross) + " before costs and another " + dollars(m.cost) +
           " to costs over " + days + ".";
  }
  const std::string earned =
      "It earned " + dollars(m.net) +
      (data.costs_in_prices() ? at_venue : " after " + dollars(m.cost) + " of costs over " + days);
  if (!m.mrd_interval)
    return earned + "; so few sessions say nothing about the next.";
  if (m.mrd_interval->low <= 0)
    return earned + ", but the 95 % interval of the mean daily return (" + interval_text(*m.mrd_interval) +
           ") includes zero: luck is not excluded.";
  return earned + "; the 95 % interval of the mean daily return is " + interval_text(*m.mrd_interval) + ".";
}

std::vector<std::string> notes_of(const report_data& data) {
  const run_metrics& m = data.metrics;
  std::vector<std::string> notes;
  if (!data.run.data_note.empty())
    notes.push_back("The data: " + data.run.data_note + ". The figures say nothing about a real market.");
  constexpr std::size_t most_warnings = 8;
  const auto& warnings = data.run.data_warnings;
  for (std::size_t i = 0; i < std::min(most_warnings, warnings.size()); ++i)
    notes.push_back("Bars: " + warnings[i] + ".");
  if (warnings.size() > most_warnings)
    notes.push_back("Bars: and " + std::to_string(warnings.size() - most_warnings) +
                    " more warnings, all in run.json.");
  if (data.config.portfolio.costs.fill == fill_model::close)
    notes.emplace_back(
        "Fills are at the close of the deciding bar, without cost: nobody can trade like that. This "
        "setting only reproduces old figures.");
  const std::size_t traded = m.sessions - m.latched_out;
  if (traded < 60 && m.trips.count > 0)
    notes.push_back("Only " + counted(traded, "session", "sessions") +
                    ": a mean over so few is mostly noise.");
  if (data.baselines.percentile_of_run)
    notes.push_back("It beats " + percent(*data.baselines.percentile_of_run, 0) +
                    " of random picks with the same times, sizes and costs" +
                    (data.baselines.excess_bp
                         ? "; per trade it made " + with_sign(*data.baselines.excess_bp, 2) +
                               " bp before costs over holding all symbols equally (t = " +
                               fixed(data.baselines.excess_t, 2) + ")"
                         : std::string()) +
                    ".");
  if (m.sessions > 1 && m.net.micros > 0) {
    const auto best = std::max_element(data.days.begin(), data.days.end(),
                                       [](const auto& a, const auto& b) { return a.net() < b.net(); });
    if (2 * best->net().micros > m.net.micros)
      notes.push_back("Without its best day, " + to_string(best->date) + ", the result would have been " +
                      signed_dollars(m.net - best->net()) + ".");
  }
  return notes;
}

target_line line(std::string name, std::string target, std::string measured, std::optional<bool> met) {
  return {std::move(name), std::move(target), std::move(measured), met};
}

std::vector<target_line> targets_of(const report_data& data) {
  const run_metrics& m = data.metrics;
  const performance_targets& want = data.config.targets;
  const auto reached = [](const std::optional<double>& value, double least) {
    return value ? std::optional(*value >= least) : std::nullopt;
  };
  return {
      line("Mean return per day", "at least " + percent(want.mrd, 2), signed_percent(m.mrd, 3),
           m.mrd >= want.mrd),
      line("Win rate", "at least " + percent(want.win_rate, 0), percent(m.trips.win_rate, 1),
           reached(m.trips.win_rate, want.win_rate)),
      line("Largest drawdown", "at most " + percent(want.max_drawdown, 0),
           percent(m.max_drawdown_intraday, 2), m.max_drawdown_intraday <= want.max_drawdown),
      line("Trades per day", "50 to 200", fixed(m.trips_per_day, 1),
           m.trips_per_day >= 50 && m.trips_per_day <= 200),
      line("Sharpe ratio", "above " + fixed(want.sharpe, 1),
           m.sharpe ? fixed(m.sharpe->yearly, 2) + " \u00b1 " + fixed(m.sharpe->standard_error, 2) : no_value,
           m.sharpe ? std::optional(m.sharpe->yearly > want.sharpe) : std::nullopt)};
}

} // namespace

report_verdict judge(const report_data& data) {
  return {latched_of(data), headline_of(data), notes_of(data), targets_of(data)};
}

} // namespace sentio
