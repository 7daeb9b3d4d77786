// Reads a log directory, a session at a time, into report_data.
#include "core/journal/log_lines.hpp"
#include "core/journal/session_log.hpp"
#include "core/report/baselines.hpp"
#include "core/report/number_format.hpp"
#include "core/report/report.hpp"

#include "core/report/latency.hpp"
#include "core/report/rounds_log.hpp"
#include "core/report/run_setup.hpp"

#include <algorithm>

namespace sentio {

namespace {

constexpr std::size_t curve_points = 1'600;
constexpr std::size_t price_points = 900;

std::size_t points_per_session(std::size_t wanted, std::size_t sessions, std::size_t least) {
  return std::clamp<std::size_t>(wanted / std::max<std::size_t>(1, sessions), least, 390);
}

std::vector<std::string> expert_names(const learner_parameters& learner) {
  std::vector<std::string> names;
  for (const expert_parameters& expert : learner.experts) {
    std::string memory = fixed(expert.a2, 4);
    while (memory.back() == '0')
      memory.pop_back();
    names.push_back(
        (expert.features == feature_set::full126 ? "126 features, a\u00b2 " : "16 features, a\u00b2 ") +
        memory);
  }
  if (learner.zero_expert)
    names.emplace_back("zero");
  return names;
}

/// Kappas shown: 0, 1, 2, and the configured one.
std::vector<double> kappas_of(const configuration& config) {
  std::vector<double> kappas{0, 1, 2};
  const double own = config.rotation.kappa;
  if (std::find(kappas.begin(), kappas.end(), own) == kappas.end())
    kappas.insert(std::lower_bound(kappas.begin(), kappas.end(), own), own);
  return kappas;
}

class loader {
public:
  loader(const std::filesystem::path& directory, const report_options& options, run_description run,
         std::vector<session_summary> summaries)
      : directory_(directory), options_(options), summaries_(std::move(summaries)),
        config_(run_configuration(run)), instruments_(run_instruments(config_, run)),
        quality_(run.symbols.size()), track_(points_per_session(curve_points, summaries_.size(), 4)),
        prices_(run.symbols.size(), points_per_session(price_points, summaries_.size(), 3)),
        replay_(data_.run.symbols, run.capital), baselines_(instruments_, config_.portfolio.costs),
        refused_(static_cast<std::size_t>(refusal::count_), 0) {
    data_.run = std::move(run);
    replay_ = trade_replay(data_.run.symbols, data_.run.capital);
    if (options_.what_if) {
      const std::vector<double> kappas = kappas_of(config_);
      what_if_.emplace(config_, instruments_, data_.run.capital, data_.run.fresh_daily, kappas);
    }
  }

  report_data load() {
    for (std::size_t i = 0; i < summaries_.size(); ++i)
      take_trades(static_cast<std::uint32_t>(i));
    data_.trips = replay_.take_trips();
    for (std::size_t i = 0; i < summaries_.size(); ++i)
      take_session(static_cast<std::uint32_t>(i));
    finish();
    return std::move(data_);
  }

private:
  std::filesystem::path file(std::string_view kind, const session_summary& of) const {
    return directory_ / log_file_name(kind, to_string(of.date));
  }
  void problem(const session_summary& of, const std::string& text) {
    data_.problems.push_back(to_string(of.date) + ": " + text);
  }

  /// The trades of a session, replayed against what the run reported of it.
  void take_trades(std::uint32_t number) {
    const session_summary& summary = summaries_[number];
    const session_totals& totals = summary.totals;
    day_metrics day;
    day.date = summary.date;
    day.opening_equity = totals.opening_equity;
    day.closing_equity = totals.closing_equity;
    day.rotations = totals.rotations;
    day.latched_out = !totals.latches.empty() && totals.fills == 0;
    take_latches(summary, day.latched_out);
    if (totals.opening_equity.micros <= 0)
      throw report_error(std::string(sessions_file_name) + ": session " + to_string(summary.date) +
                         " opens without equity");
    if (data_.run.fresh_daily)
      replay_.restart(data_.run.capital);
    if (replay_.flat() && replay_.cash() != totals.opening_equity)
      problem(summary, "opens with " + to_string(totals.opening_equity) + ", but the trades so far leave " +
                           to_string(replay_.cash()));
    replay_.begin_session(number);
    money spread;
    money fees;
    std::uint64_t fills = 0;
    const auto path = file("trades", summary);
    read_trades(path, [&](const trade_row& row) {
      ++fills;
      const auto symbol = index_of(row.symbol, data_.run.symbols, path.filename().string());
      if (const std::string wrong = replay_.take(record_of(row, symbol)); !wrong.empty())
        problem(summary, wrong);
      spread += row.spread_cost;
      fees += row.fees;
      day.traded_value += row.value;
      no_print_ += row.no_print ? 1 : 0;
    });
    fills_ += fills;
    day.cost = spread + fees;
    spread_ += spread;
    fees_ += fees;
    check_totals(summary, spread, fees, fills);
    data_.days.push_back(std::move(day));
  }

  /// A latch that holds over sessions is in each one's summary, with the time at which it began.
  void take_latches(const session_summary& summary, bool latched_out) {
    for (const session_latch& latch : summary.totals.latches) {
      const auto known =
          std::find_if(data_.latches.begin(), data_.latches.end(), [&](const latch_report& one) {
            return one.rule == latch.rule && one.since == latch.since;
          });
      latch_report& one = known != data_.latches.end()
                              ? *known
                              : data_.latches.emplace_back(latch_report{latch.rule, latch.reason, latch.since,
                                                                        0, summary.date, 0, 0});
      one.until = latch.until;
      one.last_session = summary.date;
      ++one.sessions;
      one.latched_out += latched_out ? 1 : 0;
    }
  }

  void check_totals(const session_summary& summary, money spread, money fees, std::uint64_t fills) {
    const session_totals& totals = summary.totals;
    if (replay_.flat() && replay_.cash() != totals.closing_equity)
      problem(summary, "the trades leave " + to_string(replay_.cash()) + ", the reported equity is " +
                           to_string(totals.closing_equity));
    if (replay_.flat() != totals.flat)
      problem(summary, replay_.flat() ? "reported as not flat, but the trades leave no position"
                                      : "reported as flat, but the trades leave a position");
    if (!replay_.flat())
      data_.warnings.push_back(to_string(summary.date) + ": not flat at the close");
    if (spread != totals.spread_cost || fees != totals.fees || fills != totals.fills)
      problem(summary, "the trades log has " + std::to_string(fills) + " fills, spread cost " +
                           to_string(spread) + " and fees " + to_string(fees) + "; reported are " +
                           std::to_string(totals.fills) + ", " + to_string(totals.spread_cost) + " and " +
                           to_string(totals.fees));
  }

  void take_session(std::uint32_t number) {
    const session_summary& summary = summaries_[number];
    day_metrics& day = data_.days[number];
    const auto hours = session_on(summary.date);
    if (!hours)
      throw report_error(std::string(sessions_file_name) + ": " + to_string(summary.date) +
                         " is no trading day: " + closed_reason(summary.date));
    day.half_day = hours->half_day;
    std::vector<const closed_trip*> entered;
    for (const closed_trip& trip : data_.trips) {
      if (trip.session == number) {
        ++day.round_trips;
        day.wins += trip.pnl.micros > 0 ? 1 : 0;
      }
      if (trip.entry_at >= hours->open && trip.entry_at <= hours->close)
        entered.push_back(&trip);
    }
    const auto length = static_cast<std::size_t>(hours->minutes());
    track_.begin_session(day.opening_equity, length);
    read_positions(file("positions", summary), [&](const position_row& row) { track_.take(row); });
    day.track = track_.end_session(day.closing_equity);

    const auto rounds = read_rounds(file("signals", summary), data_.run.symbols);
    if (day.track.rounds != rounds.size())
      problem(summary, "the signals log has " + std::to_string(rounds.size()) +
                           " rounds, the positions log " + std::to_string(day.track.rounds));
    const session_bars bars = bars_of(rounds, data_.run.symbols.size());
    quality_.take(rounds);
    day.quality = quality_.sessions().back();
    prices_.take(rounds, hours->open, hours->minutes());
    if (!day.latched_out) // as the run's own mean leaves it out
      baselines_.take_session(*hours, bars, entered, day.opening_equity);
    if (what_if_)
      what_if_->take_session(*hours, rounds, bars);
    add_totals(summary);
  }

  void add_totals(const session_summary& summary) {
    for (std::size_t i = 0; i < refused_.size(); ++i)
      refused_[i] += summary.totals.refused[i];
    entries_ += summary.totals.entries;
    data_.cut_to_cash += summary.totals.cut_to_cash;
    data_.dropped_dependents += summary.totals.dropped_dependents;
    for (const auto& counter : summary.counters) {
      auto found = std::find_if(data_.counters.begin(), data_.counters.end(),
                                [&](const auto& known) { return known.first == counter.first; });
      if (found == data_.counters.end())
        data_.counters.push_back(counter);
      else
        found->second += counter.second;
    }
  }

  void finish() {
    data_.config = std::move(config_);
    data_.trials = options_.trials;
    data_.metrics = run_metrics_of(data_.days, data_.trips, track_.max_drawdown(), options_.trials);
    data_.metrics.fills = fills_;
    data_.metrics.no_print = no_print_;
    data_.metrics.spread_cost = spread_;
    data_.metrics.fees = fees_;
    data_.curve = track_.curve();
    data_.holding = holding_times(data_.trips);
    finish_quality();
    finish_baselines();
    for (std::size_t i = 0; i < refused_.size(); ++i)
      data_.refused.push_back({static_cast<refusal>(i), refused_[i]});
    std::stable_sort(data_.refused.begin(), data_.refused.end(),
                     [](const refused_count& a, const refused_count& b) { return a.times > b.times; });
    data_.prices = std::move(prices_);
    finish_what_if();
    for (const std::string& key : unreachable_thresholds(data_.run.warmup))
      data_.warnings.push_back("warm-up: " + key + " is passed by under 0.1 % or over 99.9 % of the signals");
    for (const civil_date& date : data_.run.sessions)
      if (std::none_of(summaries_.begin(), summaries_.end(),
                       [&](const session_summary& done) { return done.date == date; }))
        data_.warnings.push_back(to_string(date) + ": not finished, left out");
  }

  void finish_quality() {
    const auto qualities = quality_.symbols();
    for (std::size_t s = 0; s < qualities.size(); ++s) {
      symbol_report report;
      report.name = data_.run.symbols[s];
      std::vector<const closed_trip*> own;
      for (const closed_trip& trip : data_.trips)
        if (trip.symbol == s)
          own.push_back(&trip);
      report.trips = trip_metrics_of(own);
      report.contribution = to_dollars(report.trips.pnl) / to_dollars(data_.run.capital);
      report.quality = qualities[s];
      data_.score.add(report.quality.score);
      data_.calibration.add(report.quality.calibration);
      data_.symbols.push_back(std::move(report));
    }
    data_.rank_ic = quality_.rank_ic();
    data_.edge_ic = quality_.edge_ic();
    data_.expert_ic = quality_.expert_ic();
    data_.expert_names = expert_names(data_.config.learner);
    while (data_.expert_names.size() < quality_.experts())
      data_.expert_names.push_back("expert " + std::to_string(data_.expert_names.size() + 1));
    data_.expert_names.resize(quality_.experts());
  }

  void finish_baselines() {
    const baseline_result found = baselines_.finish();
    baseline_report& report = data_.baselines;
    report.windows = found.windows;
    report.equal_hold_mrd = mean(found.equal_hold_returns);
    report.equal_hold_interval = bootstrap_mean_interval(found.equal_hold_returns, random_pick_seed);
    report.random_mrd = found.random_mrd;
    if (!found.random_mrd.empty()) {
      report.random_mean = mean(found.random_mrd);
      report.random_range =
          interval{percentile(found.random_mrd, 0.025), percentile(found.random_mrd, 0.975)};
      double beaten = 0;
      for (const double drawn : found.random_mrd)
        beaten += drawn < data_.metrics.mrd ? 1.0 : drawn == data_.metrics.mrd ? 0.5 : 0.0;
      report.percentile_of_run = beaten / static_cast<double>(found.random_mrd.size());
    }
    if (!found.excess_bp.empty())
      report.excess_bp = mean(found.excess_bp);
    report.excess_t = t_statistic(found.excess_bp);
  }

  void finish_what_if() {
    if (!what_if_)
      return;
    data_.what_if = what_if_->finish();
    const double own = data_.config.rotation.kappa;
    for (what_if_result& row : data_.what_if)
      if (row.kappa == own) {
        if (row.round_trips != data_.trips.size() || row.net != data_.metrics.net)
          data_.what_if_note = what_if_difference(row);
        row = run_itself(row.kappa);
      }
  }

  /// The configured row of the table is what happened.
  what_if_result run_itself(double kappa) const {
    const run_metrics& run = data_.metrics;
    return {kappa,     run.trips.count,    entries_,
            run.gross, run.cost,           run.net,
            run.mrd,   run.trips.win_rate, refused_[static_cast<std::size_t>(refusal::cost_band)]};
  }

  /// The other rows can only be compared with what the same replay makes of the configured kappa.
  std::string what_if_difference(const what_if_result& again) const {
    const bool venue_fills = fills_ > 0 && (spread_ + fees_).micros == 0 && again.cost.micros > 0;
    return std::string(
               venue_fills
                   ? "The fills of this run are the venue's; the other rows are traded again from the "
                     "logs, with modelled prices and costs"
                   : "The other rows are traded again from the logs, which hold nine digits") +
           ". Compare them with what that makes of the configured kappa: " +
           counted(again.round_trips, "round trip", "round trips") + ", " + signed_dollars(again.gross) +
           " gross, " + signed_dollars(again.net) + " net.";
  }

  const std::filesystem::path& directory_;
  const report_options& options_;
  std::vector<session_summary> summaries_;
  configuration config_;
  std::vector<instrument> instruments_;
  report_data data_;
  forecast_quality quality_;
  equity_track track_;
  price_track prices_;
  trade_replay replay_;
  baseline_runner baselines_;
  std::optional<what_if_runner> what_if_;
  std::vector<std::uint64_t> refused_;
  std::uint64_t entries_ = 0;
  std::uint64_t fills_ = 0;
  std::uint64_t no_print_ = 0;
  money spread_;
  money fees_;
};

} // namespace

report_data load_report(const std::filesystem::path& log_directory, const report_options& options) {
  run_description run =
      read_run_file(read_text_file(log_directory / run_file_name), std::string(run_file_name));
  auto summaries = read_session_summaries(read_text_file(log_directory / sessions_file_name),
                                          std::string(sessions_file_name));
  if (summaries.empty())
    throw report_error((log_directory / sessions_file_name).string() +
                       ": no finished session; a report needs at least one");
  report_data data = loader(log_directory, options, std::move(run), std::move(summaries)).load();
  const auto legacy = log_directory / "baseline_legacy";
  if (std::filesystem::exists(legacy / run_file_name)) {
    report_options plain = options;
    plain.what_if = false;
    data.legacy = load_report(legacy, plain).metrics;
  }
  data.order_latency_ms = load_latencies(log_directory, data.run.sessions);
  data.verdict = judge(data);
  return data;
}

} // namespace sentio
