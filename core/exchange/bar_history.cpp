#include "core/exchange/bar_history.hpp"

#include <algorithm>

namespace sentio::venue {

namespace {

/// "5" as a count of 1 to 99.
std::optional<int> read_count(const std::string& digits) {
  if (digits.empty() || digits.size() > 2 || digits.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  const int count = std::stoi(digits);
  return count > 0 ? std::optional(count) : std::nullopt;
}

/// Longer periods would not divide the hour, the day or the year as the venues divide them.
bool is_offered(const bar_period& period) {
  switch (period.unit) {
    case period_unit::minute:
      return period.count <= 59;
    case period_unit::hour:
      return period.count <= 23;
    case period_unit::day:
    case period_unit::week:
      return period.count == 1;
    case period_unit::month:
      return period.count <= 12 && 12 % period.count == 0;
  }
  return false;
}

std::optional<bar_period> offered(const bar_period& period) {
  return is_offered(period) ? std::optional(period) : std::nullopt;
}

time_ms midnight(civil_date date) { return new_york_to_utc(date, 0, 0); }

void undo_splits(const price_source& prices, std::size_t symbol, std::vector<bar>& minutes, time_ms now) {
  for (bar& b : minutes) {
    const double ratio = prices.split_adjustment(prices.name(symbol), b.label, now);
    b.open *= ratio;
    b.high *= ratio;
    b.low *= ratio;
    b.close *= ratio;
    b.volume /= ratio;
  }
}

} // namespace

std::optional<bar_period> alpaca_period(const std::string& text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto count = read_count(text.substr(0, end));
  const std::string word = text.substr(end);
  const auto is = [&](const char* longer, const char* shorter) { return word == longer || word == shorter; };
  if (!count)
    return std::nullopt;
  if (is("Min", "T"))
    return offered({*count, period_unit::minute});
  if (is("Hour", "H"))
    return offered({*count, period_unit::hour});
  if (is("Day", "D"))
    return offered({*count, period_unit::day});
  if (is("Week", "W"))
    return offered({*count, period_unit::week});
  if (is("Month", "M"))
    return offered({*count, period_unit::month});
  return std::nullopt;
}

std::optional<bar_period> polygon_period(const std::string& multiplier, const std::string& timespan) {
  const auto count = read_count(multiplier);
  if (!count)
    return std::nullopt;
  if (timespan == "minute")
    return offered({*count, period_unit::minute});
  if (timespan == "hour")
    return offered({*count, period_unit::hour});
  if (timespan == "day")
    return offered({*count, period_unit::day});
  if (timespan == "week")
    return offered({*count, period_unit::week, true});
  if (timespan == "month")
    return offered({*count, period_unit::month});
  if (timespan == "quarter")
    return offered({*count * 3, period_unit::month});
  if (timespan == "year")
    return offered({*count * 12, period_unit::month});
  return std::nullopt;
}

char letter_of(period_unit unit) { return "MHDWO"[static_cast<std::size_t>(unit)]; }

time_ms period_start(const bar_period& period, time_ms at) {
  if (period.unit == period_unit::minute)
    return at - at % (period.count * minute_ms);
  const civil_date date = new_york_date(at);
  switch (period.unit) {
    case period_unit::hour: {
      const time_ms length = period.count * 60 * minute_ms;
      return midnight(date) + (at - midnight(date)) / length * length;
    }
    case period_unit::week:
      return midnight(add_days(date, -(period.from_sunday ? (weekday(date) + 1) % 7 : weekday(date))));
    case period_unit::month:
      return midnight({date.year, (date.month - 1) / period.count * period.count + 1, 1});
    default:
      return midnight(date);
  }
}

time_ms period_end(const bar_period& period, time_ms start) {
  if (period.unit == period_unit::minute)
    return start + period.count * minute_ms;
  const civil_date date = new_york_date(start);
  switch (period.unit) {
    case period_unit::hour: // the last one of a day ends with it
      return std::min(start + period.count * 60 * minute_ms, midnight(add_days(date, 1)));
    case period_unit::week:
      return midnight(add_days(date, 7));
    case period_unit::month: {
      const int months = date.month - 1 + period.count;
      return midnight({date.year + months / 12, months % 12 + 1, 1});
    }
    default:
      return midnight(add_days(date, 1));
  }
}

std::vector<period_bar> merged(const std::vector<bar>& minutes, const bar_period& period) {
  std::vector<period_bar> all;
  const bool of_days = period.unit > period_unit::hour;
  time_ms end = 0, day_end = 0;
  for (const bar& b : minutes) {
    const bool new_day = of_days && b.label >= day_end;
    if (new_day)
      day_end = midnight(add_days(new_york_date(b.label), 1));
    if (b.label >= end) {
      all.push_back({b, 1});
      all.back().whole.label = period_start(period, b.label);
      end = period_end(period, all.back().whole.label);
      continue;
    }
    bar& last = all.back().whole;
    last.high = std::max(last.high, b.high);
    last.low = std::min(last.low, b.low);
    last.close = b.close;
    last.volume += b.volume;
    all.back().bases += !of_days || new_day ? 1 : 0;
  }
  return all;
}

std::vector<period_bar> bars_in(price_source& prices, std::size_t symbol, const bar_range& range, time_ms now) {
  if (range.to <= range.from)
    return {};
  const time_ms first = period_start(range.period, range.from);
  const time_ms last = period_end(range.period, period_start(range.period, range.to - 1));
  std::vector<bar> minutes = prices.published(symbol, first, std::min(last, range.visible), now);
  if (range.adjusted)
    undo_splits(prices, symbol, minutes, now);
  std::vector<period_bar> found = merged(minutes, range.period);
  if (!range.snapped) // a period belongs to the range that its label lies in
    std::erase_if(found, [&](const period_bar& b) { return b.whole.label < range.from; });
  return found;
}

} // namespace sentio::venue
