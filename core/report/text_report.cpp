// analysis_report.txt: the short report for a terminal or an editor.
#include "core/report/latency.hpp"
#include "core/report/number_format.hpp"
#include "core/report/report.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace sentio {

namespace {

class text_page {
public:
  explicit text_page(const report_data& data) : data_(data) {}

  std::string write() {
    title();
    verdict();
    figures();
    symbols();
    evolution();
    rules();
    rivals();
    checks();
    out_ += "\nThis is a measurement, and no investment advice.\n";
    return std::move(out_);
  }

private:
  void heading(const std::string& text) { out_ += "\n" + text + "\n" + std::string(text.size(), '-') + "\n"; }
  void row(const std::string& name, const std::string& value) {
    out_ += fmt::format("  {:<26} {}\n", name, value);
  }

  void title() {
    const run_description& run = data_.run;
    const std::string text = "Analysis report: " + run.title + ", " + to_string(data_.days.front().date) +
                             (data_.days.size() > 1 ? " to " + to_string(data_.days.back().date) : "");
    out_ += text + "\n" + std::string(text.size(), '=') + "\n";
    if (!run.data_note.empty())
      out_ += "\n*** " + run.data_note + " ***\n";
    out_ += "\n";
    row("Strategy", data_.config.name);
    row("Instruments", fmt::format("{}", fmt::join(run.symbols, " ")));
    row("Starting capital", dollars(run.capital));
    row("Sessions",
        std::to_string(data_.metrics.sessions) + (run.fresh_daily ? ", each on its own" : "") +
            (data_.metrics.latched_out > 0
                 ? ", of them " + count_text(data_.metrics.latched_out) + " without trading, by a latch"
                 : std::string()));
    row("Warm-up", fmt::format("{} sessions, {} bars", run.warmup.sessions, count_text(run.warmup.bars)));
  }

  void verdict() {
    heading("Verdict");
    if (!data_.verdict.latched.empty())
      out_ += data_.verdict.latched + "\n";
    out_ += data_.verdict.headline + "\n";
    for (const std::string& note : data_.verdict.notes)
      out_ += "* " + note + "\n";
    out_ += fmt::format("\n  {:<22} {:<18} {:<18} {}\n", "", "measured", "target", "");
    for (const target_line& line : data_.verdict.targets)
      out_ += fmt::format("  {:<22} {:<18} {:<18} {}\n", line.name, line.measured, line.target,
                          !line.met   ? "cannot say"
                          : *line.met ? "met"
                                      : "missed");
  }

  void figures() {
    const run_metrics& m = data_.metrics;
    heading("Figures");
    row("Gross - cost = net", signed_dollars(m.gross) + " - " + dollars(m.cost) + " = " +
                                  signed_dollars(m.net) +
                                  (data_.costs_in_prices() ? " (the spread is in the venue's prices)" : ""));
    row("Total return", signed_percent(m.total_return, 3));
    row("Mean return per day",
        signed_percent(m.mrd, 4) + (m.mrd_t ? fmt::format(" (t = {:.2f})", *m.mrd_t) : ""));
    if (m.mrd_interval)
      row("  95 % interval",
          signed_percent(m.mrd_interval->low, 4) + " to " + signed_percent(m.mrd_interval->high, 4));
    row("Annualised", m.annualised_return ? yearly_percent(*m.annualised_return) : no_value);
    if (m.sharpe)
      row("Sharpe ratio",
          fmt::format("{:.2f} +- {:.2f}; above 0 with probability {:.3f}, deflated for {}: {:.3f}",
                      m.sharpe->yearly, m.sharpe->standard_error, m.sharpe->probabilistic,
                      counted(data_.trials, "trial", "trials"), m.sharpe->deflated));
    row("Sortino, Calmar", ratio_text(m.sortino, 2) + ", " + ratio_text(m.calmar, 2));
    row("Largest drawdown", percent(m.max_drawdown_intraday, 2) + " by the minute, " +
                                percent(m.max_drawdown_daily, 2) + " by the day");
    row("Round trips", fmt::format("{} ({:.1f} a day), {} fills, {} rotations", count_text(m.trips.count),
                                   m.trips_per_day, count_text(m.fills), count_text(m.rotations)));
    row("Win rate", percent(m.trips.win_rate, 1) + ", profit factor " + fixed(m.trips.profit_factor, 3));
    row("Average win, loss", dollars(m.trips.average_win) + ", " + dollars(m.trips.average_loss));
    row("Average hold", fixed(m.trips.average_hold_bars, 1) + " bars");
    row("Turnover", fixed(m.turnover, 1) + " x equity a day: 1 bp per side costs " +
                        percent(m.turnover / 1e4, 3) + " a day");
    row("Exposure", percent(m.exposure, 1) + " of equity, in the market " + percent(m.time_in_market, 1) +
                        " of the time");
    if (m.no_print > 0)
      row("Fills at a last close", count_text(m.no_print) + " (no bar followed)");
  }

  void symbols() {
    heading("Symbols");
    if (data_.metrics.trips.count > 0) {
      const auto top =
          std::max_element(data_.symbols.begin(), data_.symbols.end(),
                           [](const auto& a, const auto& b) { return a.trips.pnl < b.trips.pnl; });
      row("Top instrument", top->name + " with " + signed_dollars(top->trips.pnl));
    }
    out_ +=
        fmt::format("  {:<6} {:>6} {:>8} {:>13} {:>9} {:>10} {:>8} {:>8} {:>8} {:>9} {:>9}\n", "", "trips",
                    "win", "P&L", "return", "strength", "max", "right", "rank IC", "log-loss", "conf.");
    for (const symbol_report& symbol : data_.symbols) {
      const symbol_quality& q = symbol.quality;
      const double average = q.strengths ? q.strength_sum / static_cast<double>(q.strengths) : 0;
      out_ += fmt::format("  {:<6} {:>6} {:>8} {:>13} {:>9} {:>10} {:>8} {:>8} {:>8} {:>9} {:>9}\n",
                          symbol.name, symbol.trips.count, percent(symbol.trips.win_rate, 1),
                          signed_dollars(symbol.trips.pnl), signed_percent(symbol.contribution, 2),
                          fixed(average, 3), fixed(q.strength_max, 2), percent(q.score.accuracy(), 1),
                          fixed(q.rank_ic.mean, 3), fixed(q.score.log_loss(), 4), fixed(q.confidence_end, 3));
    }
  }

  void evolution() {
    heading("Confidence and strength over time");
    const auto line = [&](const std::string& name, const auto& pick) {
      std::string text;
      const std::size_t count = data_.days.size();
      const std::size_t steps = std::min<std::size_t>(count, 6);
      for (std::size_t i = 0; i < steps; ++i) {
        const std::size_t first = i * count / steps;
        const std::size_t last = (i + 1) * count / steps;
        std::vector<double> values;
        for (std::size_t day = first; day < last; ++day)
          if (const auto value = pick(data_.days[day].quality))
            values.push_back(*value);
        text += fmt::format("{:>9}", values.empty() ? no_value : fixed(mean(values), 4));
      }
      row(name, text);
    };
    line("Confidence", [](const session_quality& q) { return q.confidence; });
    line("Strength", [](const session_quality& q) { return q.strength; });
    line("Direction right", [](const session_quality& q) { return q.accuracy; });
    line("Rank IC", [](const session_quality& q) { return q.rank_ic; });
    out_ += "  (means over consecutive parts of the period, left to right)\n";
    row("Rank IC, all sessions", fixed(data_.rank_ic.mean, 4) + " (t = " + fixed(data_.rank_ic.t, 2) + ")");
    row("  of the edge", fixed(data_.edge_ic.mean, 4) + " (t = " + fixed(data_.edge_ic.t, 2) +
                             ")  the prediction after scaling; the scale can be 0");
    for (std::size_t e = 0; e < data_.expert_ic.size(); ++e)
      row("  " + std::string(data_.expert_names[e] == "zero" ? "zero" : "expert " + std::to_string(e + 1)),
          fixed(data_.expert_ic[e].mean, 4) + " (t = " + fixed(data_.expert_ic[e].t, 2) + ")  " +
              data_.expert_names[e]);
  }

  void rules() {
    heading("Entries refused, by the first rule that stopped them");
    bool any = false;
    for (const refused_count& refused : data_.refused)
      if (refused.times > 0) {
        row(to_string(refused.rule), count_text(refused.times));
        any = true;
      }
    if (!any)
      out_ += "  none\n";
    if (data_.cut_to_cash > 0)
      row("buys cut to cash", count_text(data_.cut_to_cash));
    if (data_.dropped_dependents > 0)
      row("dependent entries dropped", count_text(data_.dropped_dependents));
    if (data_.what_if.empty())
      return;
    heading("What kappa would have done (times the round-trip cost that an entry must beat)");
    out_ += fmt::format("  {:<8} {:>7} {:>14} {:>14} {:>14} {:>11}\n", "kappa", "trips", "gross", "cost",
                        "net", "per day");
    for (const what_if_result& one : data_.what_if)
      out_ += fmt::format(
          "  {:<8} {:>7} {:>14} {:>14} {:>14} {:>11}\n",
          fmt::format("{:g}{}", one.kappa, one.kappa == data_.config.rotation.kappa ? " *" : ""),
          one.round_trips, signed_dollars(one.gross), dollars(one.cost), signed_dollars(one.net),
          signed_percent(one.mrd, 3));
    out_ += "  (* as configured: the run itself)\n";
    if (!data_.what_if_note.empty())
      out_ += "  " + data_.what_if_note + "\n";
  }

  void rivals() {
    heading("Baselines: same windows, same costs");
    const baseline_report& b = data_.baselines;
    if (b.windows == 0)
      out_ += "  no round trip to compare with\n";
    row("This run", signed_percent(data_.metrics.mrd, 4) + " a day");
    if (b.windows > 0) {
      row("All symbols held equally",
          signed_percent(b.equal_hold_mrd, 4) + " a day" +
              (b.equal_hold_interval ? " (" + signed_percent(b.equal_hold_interval->low, 4) + " to " +
                                           signed_percent(b.equal_hold_interval->high, 4) + ")"
                                     : std::string()));
      row("200 random picks", signed_percent(b.random_mean.value_or(0), 4) + " a day (" +
                                  signed_percent(b.random_range->low, 4) + " to " +
                                  signed_percent(b.random_range->high, 4) + "); the run beats " +
                                  percent(b.percentile_of_run, 0));
    }
    if (data_.legacy)
      row("Legacy model", signed_percent(data_.legacy->mrd, 4) + " a day, " +
                              counted(data_.legacy->trips.count, "round trip", "round trips"));
  }

  void checks() {
    heading("Checks");
    if (data_.problems.empty())
      out_ += "  The trades log, replayed, gives the reported equity of every session to the cent.\n";
    for (const std::string& problem : data_.problems)
      out_ += "  ERROR " + problem + "\n";
    for (const std::string& warning : data_.warnings)
      out_ += "  WARNING " + warning + "\n";
    for (const auto& [name, count] : data_.counters)
      if (count > 0)
        row("data: " + name, count_text(count));
    if (!data_.order_latency_ms.empty())
      row("Round to order", latency_text(data_.order_latency_ms) + " of real time");
  }

  const report_data& data_;
  std::string out_;
};

} // namespace

std::string report_text(const report_data& data) {
  return text_page(data).write();
}

} // namespace sentio
