#include "core/monitor/session_history.hpp"

#include <algorithm>
#include <limits>
#include <set>

namespace sentio {

using nlohmann::json;

namespace {

constexpr std::size_t most_price_points = 1'500'000;
constexpr const char* part_names[snapshot_parts] = {"session",  "account", "ranking", "actors",
                                                    "learners", "latency", "counters"};

/// Minutes end at their label: 10:30:00.001 to 10:31:00.000 are one.
time_ms minute_of(time_ms at) {
  return (at + minute_ms - 1) / minute_ms;
}

/// Rows [t, number, ...] ascending in t; rows of another form and late ones are left out, as the page does.
template <class Take>
bool each_row(const json& rows, std::size_t width, const Take& take) {
  if (!rows.is_array() || rows.size() > most_contract_rows)
    return false;
  time_ms last = 0;
  const std::size_t skipped = rows.size() > most_contract_points ? rows.size() - most_contract_points : 0;
  for (std::size_t i = skipped; i < rows.size(); ++i) {
    const json& row = rows[i];
    if (!row.is_array() || row.size() < width)
      continue;
    const auto at = checked_time(row[0]);
    const auto value = checked_number(row[1]);
    if (!at || !value || *at <= last)
      continue;
    last = *at;
    take(*at, *value, row);
  }
  return true;
}

/// One point a minute, the last of which moves along.
template <class Point>
bool continue_series(std::vector<Point>& series, time_ms last, time_ms at, Point point) {
  if (!series.empty() && at < last)
    return false; // late: the series stands
  if (!series.empty() && minute_of(at) == minute_of(last)) {
    series.back() = std::move(point);
    return false;
  }
  series.push_back(std::move(point));
  if (series.size() > most_contract_points) {
    series.erase(series.begin());
    return false;
  }
  return true;
}

/// What closes of session_view::history hold, as points by symbol. False when it has another form.
template <class Take>
bool each_close(const json& closes, const Take& take) {
  const auto times = closes.find("times"), values = closes.find("values");
  if (times == closes.end() || values == closes.end() || !times->is_array() || !values->is_object() ||
      times->size() > most_contract_points || values->size() > most_contract_rows)
    return false;
  std::vector<time_ms> minutes;
  for (const json& each : *times) {
    const auto at = checked_time(each);
    if (!at || (!minutes.empty() && *at <= minutes.back()))
      return false;
    minutes.push_back(*at);
  }
  for (const auto& [symbol, row] : values->items()) {
    if (!is_symbol_text(symbol) || !row.is_array() || row.size() > minutes.size())
      return false;
    for (std::size_t i = 0; i < row.size(); ++i)
      if (const auto close = checked_number(row[i]))
        take(symbol, minutes[i], *close);
  }
  return true;
}

} // namespace

bool session_history::take(const json& message, refused_message& refused) {
  auto checked = checked_message(message, instance_, refused);
  if (!checked)
    return false;
  const std::string& type = message["type"].get_ref<const std::string&>();
  if (type == "history")
    return take_history(message, std::move(*checked), refused);
  if (type == "snapshot")
    take_snapshot(std::move(*checked));
  else
    take_event(std::move(*checked));
  return true;
}

bool session_history::take_history(const json& given, json checked, refused_message& refused) {
  std::vector<equity_point> equity;
  std::map<std::string, points> prices;
  std::size_t all = 0;
  const auto wrong = [&](const char* why, const char* detail) {
    refused = {why, detail};
    return false;
  };
  if (given.contains("equity") &&
      !each_row(given["equity"], 3, [&](time_ms at, double value, const json& row) {
        equity.push_back(
            {at, value,
             number_or_null(checked_number(row[2]).value_or(std::numeric_limits<double>::quiet_NaN()))});
      }))
    return wrong("bad_field", "equity");
  if (const auto found = given.find("prices"); found != given.end()) {
    if (!found->is_object() || found->size() > most_contract_rows)
      return wrong("bad_field", "prices");
    for (const auto& [symbol, rows] : found->items()) {
      if (!is_symbol_text(symbol))
        return wrong("bad_field", "prices");
      points& series = prices[symbol];
      if (!each_row(rows, 2, [&](time_ms at, double close, const json&) { series.emplace_back(at, close); }))
        return wrong("bad_field", "prices");
      all += series.size();
    }
  }
  if (const auto found = given.find("closes"); found != given.end() && !found->is_null()) {
    std::map<std::string, points> more;
    if (!found->is_object() || !each_close(*found, [&](const std::string& symbol, time_ms at, double close) {
          more[symbol].emplace_back(at, close);
        }))
      return wrong("bad_field", "closes");
    for (auto& [symbol, series] : more)
      if (prices.try_emplace(symbol).second) {
        all += series.size();
        prices[symbol] = std::move(series);
      }
  }
  if (all > most_price_points)
    return wrong("too_many", "prices");
  if (date_ != checked["date"]) // a new session's snapshots begin anew
    for (edition& each : parts_)
      each.value = nullptr;
  date_ = checked["date"];
  equity_ = std::move(equity);
  prices_ = std::move(prices);
  price_points_ = all;
  marks_.assign(checked["marks"].begin(), checked["marks"].end());
  events_.assign(checked["events"].begin(), checked["events"].end());
  next_event_ += events_.size() + 1; // nobody's place is kept: all see the new epoch
  ++epoch_;
  return true;
}

void session_history::take_snapshot(json checked) {
  at_ = checked["at"];
  ++snapshots_;
  positions_ = std::move(checked["positions"]);
  for (std::size_t i = 0; i < snapshot_parts; ++i) {
    const auto found = checked.find(part_names[i]);
    if (found == checked.end() || parts_[i].value == *found)
      continue;
    parts_[i].value = std::move(*found);
    parts_[i].number = snapshots_;
  }
  if (!checked["ranking_at"].is_null())
    ranking_at_ = checked["ranking_at"];
  continue_charts();
}

/// A fresh close continues the prices of its symbol, the account's equity that of the account.
void session_history::continue_charts() {
  const json &session = part(snapshot_part::session), &account = part(snapshot_part::account);
  time_ms at = at_;
  if (session.is_object())
    at = checked_time(session["venue_time"]).value_or(at_);
  if (account.is_object() && account["equity"].is_number())
    continue_series(equity_, equity_.empty() ? 0 : equity_.back().at, at,
                    equity_point{at, account["equity"], account["drawdown"]});
  const auto round_at = checked_time(ranking_at_);
  if (!round_at || !part(snapshot_part::ranking).is_array())
    return;
  for (const json& row : part(snapshot_part::ranking)) {
    if (row["fresh"] != true || !row["close"].is_number() || price_points_ >= most_price_points)
      continue;
    const std::string& symbol = row["symbol"].get_ref<const std::string&>();
    if (prices_.size() >= most_contract_rows && !prices_.contains(symbol))
      continue;
    points& series = prices_[symbol];
    if (continue_series(series, series.empty() ? 0 : series.back().first, *round_at,
                        std::pair<time_ms, double>(*round_at, row["close"].get<double>())))
      ++price_points_;
  }
}

void session_history::add_mark(json mark) {
  marks_.push_back(std::move(mark));
  if (marks_.size() > most_contract_rows)
    marks_.pop_front();
}

void session_history::take_event(json checked) {
  checked.erase("type");
  checked.erase("instance");
  const auto symbol = checked.find("symbol");
  if (checked["kind"] == "fill" && checked.contains("price") && checked.contains("side") &&
      symbol != checked.end() && is_symbol_text(*symbol))
    add_mark({{"t", checked["at"]},
              {"symbol", *symbol},
              {"side", checked["side"]},
              {"shares", checked.contains("shares") ? checked["shares"] : json(nullptr)},
              {"price", checked["price"]},
              {"reason", checked["text"]}});
  events_.push_back(std::move(checked));
  ++next_event_;
  if (events_.size() > most_contract_rows)
    events_.pop_front();
}

json session_history::history() const {
  json equity = json::array();
  for (const equity_point& point : equity_)
    equity.push_back({point.at, point.equity, point.drawdown});
  std::set<std::string> wanted;
  for (const json& held : positions_)
    wanted.insert(held["symbol"]);
  for (const json& mark : marks_)
    wanted.insert(mark["symbol"]);
  json prices = json::object();
  for (const auto& [symbol, series] : prices_)
    if (prices_.size() <= most_symbols_with_prices || wanted.contains(symbol))
      prices[symbol] = series;
  return {{"type", "history"},
          {"instance", instance_},
          {"date", date_},
          {"equity", std::move(equity)},
          {"prices", std::move(prices)},
          {"marks", marks_},
          {"events", events_}};
}

json session_history::prices(const std::string& symbol) const {
  const auto found = prices_.find(symbol);
  return {{"type", "prices"},
          {"instance", instance_},
          {"symbol", symbol},
          {"points", found == prices_.end() ? json::array() : json(found->second)}};
}

json session_history::snapshot(part_editions& seen) const {
  if (snapshots_ == 0)
    return nullptr;
  json out{{"type", "snapshot"},
           {"instance", instance_},
           {"at", at_},
           {"positions", positions_},
           {"ranking_at", ranking_at_}};
  for (std::size_t i = 0; i < snapshot_parts; ++i)
    if (!parts_[i].value.is_null() && parts_[i].number > seen[i]) {
      out[part_names[i]] = parts_[i].value;
      seen[i] = parts_[i].number;
    }
  return out;
}

json session_history::event(std::uint64_t number) const {
  if (number < first_event() || number >= next_event_)
    return nullptr;
  json out = events_[static_cast<std::size_t>(number - first_event())];
  out["type"] = "event";
  out["instance"] = instance_;
  return out;
}

} // namespace sentio
