#include "core/exchange/account_api.hpp"

#include "core/exchange/bar_history.hpp"

#include <algorithm>
#include <cmath>

namespace sentio::venue {

namespace {

constexpr std::int64_t most_days = 30;       ///< of timeframes below a day
constexpr std::int64_t most_history = 3'660; ///< days
constexpr double cent = 0.01;

struct history_wish {
  civil_date first, last; ///< days, both included
  time_ms step = 0;       ///< 0: a day
  std::string timeframe;
  bool reset_daily = true; ///< profit and loss of timeframes below a day begin anew each day
};

/// "1M" as the first day of the period that ends with a day; D, W, M, A (a year).
std::optional<civil_date> period_begin(const std::string& text, civil_date last) {
  const auto count = text.empty() ? std::nullopt : parse_decimal(text.substr(0, text.size() - 1), 0);
  if (!count || *count < 1 || *count > most_history)
    return std::nullopt;
  const auto months_back = [&](std::int64_t months) {
    const std::int64_t all = last.year * 12LL + last.month - 1 - months;
    civil_date begin{static_cast<int>(all / 12), static_cast<int>(all % 12) + 1, 1};
    return add_days(begin, std::min(last.day, 28) - 1);
  };
  switch (text.back()) {
    case 'D': { // trading days
      civil_date day = add_days(last, 1);
      for (std::int64_t i = 0; i < *count; ++i)
        day = previous_session(day);
      return day;
    }
    case 'W':
      return add_days(last, 1 - 7 * *count);
    case 'M':
      return months_back(*count);
    case 'A':
    case 'Y':
      return months_back(12 * *count);
    default:
      return std::nullopt;
  }
}

std::optional<time_ms> step_of(const std::string& timeframe) {
  if (timeframe == "1Min")
    return minute_ms;
  if (timeframe == "5Min")
    return 5 * minute_ms;
  if (timeframe == "15Min")
    return 15 * minute_ms;
  if (timeframe == "1H")
    return 60 * minute_ms;
  return timeframe == "1D" ? std::optional<time_ms>(0) : std::nullopt;
}

/// What is wrong with the query; empty when it is understood.
std::string read_wish(const http_request& request, time_ms now, history_wish& out) {
  const std::string period = query_value(request, "period"), start = query_value(request, "start");
  std::string end = query_value(request, "end");
  if (end.empty())
    end = query_value(request, "date_end");
  if (!start.empty() && !end.empty() && !period.empty())
    return "only two of start, end and period can be given";
  const auto from = parse_time(start), to = parse_time(end);
  if ((!start.empty() && !from) || (!end.empty() && !to))
    return "invalid start or end: it must be RFC-3339 or YYYY-MM-DD";
  const civil_date today = new_york_date(now);
  out.last = to ? std::min(today, new_york_date(*to / ns_of_ms)) : today;
  std::optional<civil_date> first;
  if (from)
    first = new_york_date(*from / ns_of_ms);
  if (from && !period.empty()) { // a period from its start on
    const auto begin = period_begin(period, *first);
    if (!begin)
      return "invalid period: it must be a count and D, W, M or A, such as 1M";
    out.last = std::min(today, add_days(*first, days_since_epoch(*first) - days_since_epoch(*begin)));
  } else if (!from) {
    first = period_begin(period.empty() ? "1M" : period, out.last);
    if (!first)
      return "invalid period: it must be a count and D, W, M or A, such as 1M";
  }
  out.first = *first;
  const std::int64_t days = days_since_epoch(out.last) - days_since_epoch(out.first) + 1;
  if (days > most_history)
    return "at most ten years can be asked for";
  out.timeframe = query_value(request, "timeframe");
  if (out.timeframe.empty())
    out.timeframe = days < 7 ? "1Min" : days < most_days ? "15Min" : "1D";
  const auto step = step_of(out.timeframe);
  if (!step)
    return "invalid timeframe: it must be 1Min, 5Min, 15Min, 1H or 1D";
  if (*step > 0 && days > most_days + 1)
    return "a timeframe below 1D can be asked for 30 days at most";
  out.step = *step;
  const std::string reset = query_value(request, "pnl_reset");
  if (!reset.empty() && reset != "per_day" && reset != "no_reset")
    return "invalid pnl_reset: it must be per_day or no_reset";
  out.reset_daily = out.step > 0 && reset != "no_reset";
  const std::string reporting = query_value(request, "intraday_reporting");
  if (!reporting.empty() && reporting != "market_hours")
    return "only intraday_reporting=market_hours is offered";
  return query_value(request, "extended_hours") == "true" ? "extended_hours is not offered" : "";
}

/// The account at instants that ascend: its executions one after another, its shares at the last close before.
class equity_walk {
public:
  equity_walk(const books& account, price_source& prices, time_ms from, time_ms to, time_ms now)
    : executions_(account.executions()), prices_(prices), cash_(account.cash) {
    for (const venue_execution& e : executions_) // back to the cash that the account began with
      cash_ += e.buy ? e.value : -e.value;
    constexpr time_ms ten_days = 10 * 86'400'000LL; // span any holiday, for the close before the first instant
    for (const venue_execution& e : executions_)
      if (const auto index = prices_.find(e.symbol); index && !held_.count(e.symbol))
        held_[e.symbol] = {0, 0, 0, prices_.published(*index, from - ten_days, to, now), 0};
  }

  micros at(time_ms instant) {
    for (; next_ < executions_.size() && executions_[next_].at <= instant * ns_of_ms; ++next_)
      apply(executions_[next_]);
    micros worth = cash_;
    for (auto& [symbol, position] : held_) {
      for (; position.next < position.bars.size() && position.bars[position.next].label + minute_ms <= instant; ++position.next)
        position.price = std::llround(position.bars[position.next].close * 1e6);
      const double split = position.shares ? prices_.split_adjustment(symbol, position.since, instant) : 1;
      const auto shares = split == 1 ? position.shares : std::llround(static_cast<double>(position.shares) / split);
      worth += value_of(shares, position.price);
    }
    return worth;
  }

private:
  struct holding {
    quantity shares = 0;
    time_ms since = 0; ///< of the last execution, from which splits count
    micros price = 0;
    std::vector<bar> bars;
    std::size_t next = 0;
  };

  void apply(const venue_execution& e) {
    cash_ += e.buy ? -e.value : e.value;
    holding& position = held_[e.symbol];
    const time_ms at = e.at / ns_of_ms;
    const double split = position.shares ? prices_.split_adjustment(e.symbol, position.since, at) : 1;
    if (split != 1)
      position.shares = std::llround(static_cast<double>(position.shares) / split);
    position.shares += e.buy ? e.shares : -e.shares;
    position.since = at;
    if (position.price == 0)
      position.price = e.price; // of a symbol without bars
  }

  const std::vector<venue_execution>& executions_;
  price_source& prices_;
  micros cash_;
  std::map<std::string, holding> held_;
  std::size_t next_ = 0;
};

double rounded(double value, double unit) { return std::round(value / unit) * unit; }

/// Begins of the periods of a session; of a day its midnight.
std::vector<time_ms> period_begins(const session_hours& session, time_ms step) {
  if (step == 0)
    return {new_york_to_utc(session.date, 0, 0)};
  std::vector<time_ms> begins;
  for (time_ms at = session.open; at < session.close; at += step)
    begins.push_back(at);
  return begins;
}

} // namespace

http_response portfolio_history(const http_request& request, const books& account, price_source& prices, micros equity,
                                time_ms now) {
  if (request.method != "GET")
    return refuse(405, 40510000, "method not allowed");
  history_wish wish;
  if (const std::string problem = read_wish(request, now, wish); !problem.empty())
    return unprocessable(problem);
  const time_ms from = new_york_to_utc(wish.first, 0, 0), to = new_york_to_utc(add_days(wish.last, 1), 0, 0);
  equity_walk walk(account, prices, from, to, now);
  json times = json::array(), equities = json::array(), gains = json::array(), shares_of_base = json::array();
  const double base_value = dollars(walk.at(from));
  double base = base_value;
  for (civil_date day = wish.first; day <= wish.last; day = add_days(day, 1)) {
    const auto session = session_on(day);
    if (!session)
      continue;
    double worth = base;
    for (const time_ms begin : period_begins(*session, wish.step)) {
      if (begin > now)
        break;
      const time_ms until = wish.step == 0 ? new_york_to_utc(add_days(day, 1), 0, 0)
                                           : std::min(begin + wish.step, session->close);
      worth = dollars(until > now ? equity : walk.at(until));
      times.push_back(begin / 1'000);
      equities.push_back(rounded(worth, cent));
      gains.push_back(rounded(worth - base, cent));
      shares_of_base.push_back(base > 0 ? rounded(worth / base - 1, 1e-6) : 0.0);
    }
    if (wish.reset_daily)
      base = worth;
  }
  return answer(200, {{"timestamp", times},
                      {"equity", equities},
                      {"profit_loss", gains},
                      {"profit_loss_pct", shares_of_base},
                      {"base_value", rounded(base_value, cent)},
                      {"base_value_asof", to_string(previous_session(wish.first))},
                      {"timeframe", wish.timeframe}});
}

} // namespace sentio::venue
