#include "core/monitor/finished_session.hpp"

#include "core/journal/log_lines.hpp"
#include "core/journal/run_file.hpp"
#include "core/journal/session_log.hpp"
#include "core/monitor/contract.hpp"
#include "core/monitor/session_view.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>

namespace sentio {

using nlohmann::json;

namespace {

/// Everything that the logs have of one instant, in the order of happening.
struct moment {
  portfolio_output fills; ///< what the venue said comes before the round
  std::optional<ranked_round> round;
  portfolio_output output;
};

class log_folder {
public:
  log_folder(const std::filesystem::path& directory, std::string date)
      : directory_(directory), date_(std::move(date)),
        run_(read_run_file(read_text_file(directory / run_file_name), std::string(run_file_name))) {
    for (std::size_t i = 0; i < run_.symbols.size(); ++i)
      places_.emplace(run_.symbols[i], static_cast<symbol_index>(i));
    read_summary();
    read_all();
  }

  session_view fold() {
    if (moments_.empty())
      throw log_error(log_file_name("positions", date_) + ": the session has no round yet");
    session_view view({date_, date_, "finished"}, run_.symbols);
    const session_hours hours = hours_of_session();
    const time_ms last = moments_.rbegin()->first;
    view.begin(hours, opening_equity(), run_.data_note);
    view.set_phase("open", hours.open);
    bool liquidating = false;
    for (auto& [at, each] : moments_) {
      if (!liquidating && at >= hours.liquidation) {
        liquidating = true;
        view.set_phase("liquidation", hours.liquidation);
      }
      view.take(at, nullptr, each.fills);
      view.take(at, each.round ? &*each.round : nullptr, each.output);
    }
    // A session that was stopped early is over as well; one without a summary broke off.
    if (last >= hours.close || summary_)
      view.set_phase("closed", last >= hours.close ? hours.close : last);
    view.set_counters(counters());
    return view;
  }

private:
  std::filesystem::path file(std::string_view kind) const { return directory_ / log_file_name(kind, date_); }

  symbol_index place_of(std::string_view name, std::string_view kind) const {
    const auto found = places_.find(std::string(name));
    if (found == places_.end())
      throw log_error(log_file_name(kind, date_) + ": symbol " + clean_text(name, 40) + " is not in " +
                      std::string(run_file_name));
    return found->second;
  }

  void read_summary() {
    if (!std::filesystem::exists(directory_ / sessions_file_name))
      return; // the first session was never ended
    for (session_summary& each : read_session_summaries(read_text_file(directory_ / sessions_file_name),
                                                        std::string(sessions_file_name)))
      if (to_string(each.date) == date_)
        summary_ = std::move(each);
  }

  void read_all() {
    read_signals(file("signals"), [&](const signal_row& row) { take(row); });
    for (auto& [at, each] : moments_)
      finish(*each.round);
    read_positions(file("positions"), [&](const position_row& row) { take(row); });
    read_decisions(file("decisions"), [&](const decision_row& row) { take(row); });
    read_trades(file("trades"), [&](const trade_row& row) { take(row); });
    read_alerts();
  }

  void take(const signal_row& row) {
    auto& round = moments_[row.at].round;
    if (!round) {
      round.emplace();
      round->at = row.at;
      round->symbols.resize(run_.symbols.size());
    }
    ranked_symbol& to = round->symbols[place_of(row.symbol, "signals")];
    to.signal.label = row.bar_label;
    to.signal.close = to_dollars(row.close);
    to.signal.sigma = row.sigma_bp / 1e4;
    to.signal.probability = row.probability;
    to.signal.confidence = row.confidence;
    to.signal.edge_bp = row.edge_bp;
    to.fresh = row.fresh;
    to.staleness = row.staleness_s / 60;
    to.strength = row.strength;
    to.entry_strength = row.entry_strength;
    to.barred = row.barred;
    if (row.rank > 0)
      orders_of_rank_[row.at].emplace_back(row.rank, place_of(row.symbol, "signals"));
  }

  void finish(ranked_round& round) {
    auto& ranks = orders_of_rank_[round.at];
    std::sort(ranks.begin(), ranks.end());
    for (const auto& [rank, symbol] : ranks)
      round.order.push_back(symbol);
    orders_of_rank_.erase(round.at);
  }

  void take(const position_row& row) {
    book_snapshot book;
    book.at = row.at;
    book.cash = row.cash;
    book.equity = row.equity;
    book.unrealized = row.unrealized;
    book.drawdown = row.drawdown;
    for (const position_row::item& held : row.positions)
      book.positions.push_back({place_of(held.symbol, "positions"), held.shares, held.entry_price, held.mark,
                                held.unrealized, held.rank, held.strength, held.bars_held});
    if (!first_equity_)
      first_equity_ = row.equity;
    moments_[row.at].output.snapshots.push_back(std::move(book));
  }

  void take(const decision_row& row) {
    if (row.kind != decision_kind::hold)
      moments_[row.at].output.decisions.push_back({row.at, place_of(row.symbol, "decisions"), row.kind,
                                                   std::string(row.reason), row.rank, row.strength,
                                                   row.bars_held});
  }

  /// The logs have no orders. What was filled of one is shown as the order; an adjustment had none.
  void take(const trade_row& row) {
    const symbol_index symbol = place_of(row.symbol, "trades");
    trade booked;
    booked.fill = {std::string(row.execution_id),
                   std::string(row.client_order_id),
                   symbol,
                   row.side,
                   row.shares,
                   row.price,
                   row.spread_cost,
                   row.fees,
                   row.at,
                   row.no_print};
    booked.decided_at = row.decided_at;
    booked.is_exit = row.is_exit;
    booked.kind = row.kind;
    booked.reason = row.reason;
    booked.pnl = row.pnl;
    booked.pnl_pct = row.pnl_pct;
    booked.bars_held = row.bars_held;
    if (!booked.fill.client_order_id.starts_with("adjustment-")) {
      const auto [known, is_new] =
          orders_.emplace(booked.fill.client_order_id, place_of_order{row.decided_at, 0});
      auto& orders = moments_[known->second.at].output.orders;
      if (is_new) {
        known->second.index = orders.size();
        orders.push_back({booked.fill.client_order_id, symbol, row.side, 0, row.price, row.decided_at,
                          row.decided_at, row.kind});
      }
      orders[known->second.index].shares += row.shares;
    }
    moments_[row.at].fills.trades.push_back(std::move(booked));
  }

  /// The session log is for people; its alerts stand in no other log. It may be missing.
  void read_alerts() {
    const auto path = directory_ / session_log_name(date_);
    const auto date = parse_date(date_);
    if (!date || !std::filesystem::exists(path))
      return;
    const std::string text = read_text_file(path);
    constexpr std::string_view word = " ALERT ";
    for (std::size_t begin = 0, end; begin < text.size(); begin = end + 1) {
      end = std::min(text.find('\n', begin), text.size());
      const std::string line = text.substr(begin, end - begin);
      const auto found = line.find(word);
      int hour = 0, minute = 0, second = 0, milliseconds = 0;
      const int read = std::sscanf(line.c_str(), "%2d:%2d:%2d.%3d", &hour, &minute, &second, &milliseconds);
      if (found == std::string::npos || found > 12 || read < 2 || hour < 0 || hour > 23 || minute < 0 ||
          minute > 59)
        continue;
      const time_ms at =
          new_york_to_utc(*date, hour, minute, read > 2 ? second : 0) + (read > 3 ? milliseconds : 0);
      moments_[at].output.alerts.push_back(line.substr(found + word.size()));
    }
  }

  /// Of the calendar; a day that it does not know has the hours of its rounds.
  session_hours hours_of_session() const {
    const auto date = parse_date(date_);
    if (date)
      if (const auto known = session_on(*date))
        return *known;
    session_hours hours;
    hours.date = date.value_or(civil_date{});
    hours.open = moments_.begin()->first - minute_ms;
    hours.close = moments_.rbegin()->first;
    hours.liquidation = hours.close - 2 * minute_ms;
    return hours;
  }

  money opening_equity() const {
    return summary_ ? summary_->totals.opening_equity : first_equity_.value_or(run_.capital);
  }

  std::vector<std::pair<std::string, std::uint64_t>> counters() const {
    std::uint64_t rounds = 0;
    for (const auto& [at, each] : moments_)
      rounds += each.round ? 1U : 0U;
    std::vector<std::pair<std::string, std::uint64_t>> out{{"rounds", rounds}, {"orders", orders_.size()}};
    if (!summary_)
      return out;
    for (const auto& [name, count] : summary_->counters)
      if (count > 0)
        out.emplace_back(name, count);
    for (std::size_t i = 0; i < summary_->totals.refused.size(); ++i)
      if (const std::uint64_t count = summary_->totals.refused[i]; count > 0)
        out.emplace_back(std::string("refused: ") + to_string(static_cast<refusal>(i)), count);
    return out;
  }

  struct place_of_order {
    time_ms at = 0;
    std::size_t index = 0;
  };

  const std::filesystem::path& directory_;
  std::string date_;
  run_description run_;
  std::unordered_map<std::string, symbol_index> places_;
  std::optional<session_summary> summary_;
  std::optional<money> first_equity_;
  std::map<time_ms, moment> moments_;
  std::map<time_ms, std::vector<std::pair<std::int32_t, symbol_index>>> orders_of_rank_;
  std::map<std::string, place_of_order> orders_;
};

} // namespace

std::vector<std::string> finished_dates(const std::filesystem::path& log_directory) {
  constexpr std::string_view head = "positions_", tail = ".jsonl";
  std::vector<std::string> dates;
  std::error_code problem;
  for (std::filesystem::directory_iterator entry(log_directory, problem), end; !problem && entry != end;
       entry.increment(problem)) {
    const std::string name = entry->path().filename().string();
    if (name.size() != head.size() + 10 + tail.size() || !name.starts_with(head) || !name.ends_with(tail))
      continue;
    const std::string date = name.substr(head.size(), 10);
    if (parse_date(date))
      dates.push_back(date);
  }
  std::sort(dates.begin(), dates.end());
  return dates;
}

json finished_document(const std::filesystem::path& log_directory, const std::string& date, time_ms now,
                       const std::string& version) {
  const auto dates = finished_dates(log_directory);
  if (std::find(dates.begin(), dates.end(), date) == dates.end())
    throw log_error(log_directory.string() + " has no session " + clean_text(date, 40));
  const session_view view = log_folder(log_directory, date).fold();
  json instances = json::array();
  for (const std::string& each : dates)
    instances.push_back(
        {{"id", each}, {"name", each}, {"kind", "finished"}, {"connected", false}, {"since", nullptr}});
  return {{"hello",
           {{"type", "hello"},
            {"protocol", contract_protocol},
            {"version", version},
            {"at", now},
            {"instances", std::move(instances)}}},
          {"history", view.history(true)},
          {"snapshots", json::array({view.snapshot(now)})}};
}

} // namespace sentio
