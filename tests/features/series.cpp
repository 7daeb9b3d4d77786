#include "tests/features/series.hpp"

#include "core/numeric/elementary.hpp"
#include "core/numeric/random.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <string>

namespace sentio::test {
namespace {

constexpr time_ms day_ms = 86'400'000;

double roughly_normal(random_source& random) {
  double sum = -6;
  for (int i = 0; i < 12; ++i)
    sum += random.uniform();
  return sum;
}

double cents(double price) {
  return std::max(1.0, std::round(price * 100)) / 100;
}

/// A session of real bars by its UTC day: summer time only, and the one half day of those months.
session_hours summer_session(std::int64_t day, int day_of_month, bool half_day) {
  session_hours hours;
  hours.date.year = 2025;
  hours.date.day = day_of_month;
  hours.open = day * day_ms + 810 * minute_ms;
  hours.half_day = half_day;
  hours.close = hours.open + (half_day ? 210 : 390) * minute_ms;
  hours.liquidation = hours.close - 2 * minute_ms;
  return hours;
}

} // namespace

session_hours made_up_session(std::size_t index, bool half_day) {
  const std::int64_t first_monday = 20'094; // 2025-01-06
  const auto number = static_cast<std::int64_t>(index);
  const std::int64_t day = first_monday + number / 5 * 7 + number % 5;
  session_hours hours = summer_session(day, static_cast<int>(number * 7 % 28) + 1, half_day);
  return hours;
}

series random_walk(std::uint64_t seed, std::size_t sessions) {
  random_source random(seed);
  series s;
  double price = 40;
  double volatility = 0.001;
  for (std::size_t day = 0; day < sessions; ++day) {
    s.sessions.push_back(made_up_session(day, day % 7 == 5));
    const session_hours& hours = s.sessions.back();
    price *= det_exp(0.01 * roughly_normal(random));
    const int flat_from = static_cast<int>(random.below(600));
    for (int minute = 0; minute < hours.minutes(); ++minute) {
      volatility = std::clamp(volatility * det_exp(0.1 * roughly_normal(random)), 0.0002, 0.005);
      const bool flat = minute >= flat_from && minute < flat_from + 130;
      const double chance = random.uniform();
      if (chance < 0.15 && minute > 0 && !flat)
        continue;
      bar b;
      b.label = hours.open + minute * minute_ms;
      b.open = cents(price);
      if (!flat)
        price *= det_exp(volatility * roughly_normal(random));
      b.close = cents(price);
      const double upper = flat ? 0 : random.uniform();
      const double lower = flat ? 0 : random.uniform();
      b.high = std::max({b.open, b.close, cents(price * (1 + 0.7 * volatility * upper))});
      b.low = std::min({b.open, b.close, cents(price * (1 - 0.7 * volatility * lower))});
      b.volume = flat && minute > flat_from + 60 ? 0 : std::round(2e4 * det_exp(roughly_normal(random))) / 10;
      if (flat)
        b.open = b.high = b.low = b.close;
      s.bars.push_back(b);
      s.session_of.push_back(day);
    }
  }
  return s;
}

series constant_series(std::size_t sessions) {
  series s;
  for (std::size_t day = 0; day < sessions; ++day) {
    s.sessions.push_back(made_up_session(day));
    for (int minute = 0; minute < 390; ++minute) {
      s.bars.push_back({s.sessions.back().open + minute * minute_ms, 12.34, 12.34, 12.34, 12.34, 500});
      s.session_of.push_back(day);
    }
  }
  return s;
}

series real_series(const std::filesystem::path& file, std::size_t sessions) {
  std::ifstream in(file);
  if (!in)
    throw std::runtime_error("cannot read " + file.string());
  series s;
  std::string line;
  std::getline(in, line);
  std::int64_t last_day = 0;
  while (std::getline(in, line)) {
    // 2025-04-01T09:30:00-04:00,1743514200,open,high,low,close,volume
    bar b;
    const char* text = line.c_str() + 26;
    char* end = nullptr;
    b.label = std::strtoll(text, &end, 10) * 1000;
    for (double* field : {&b.open, &b.high, &b.low, &b.close, &b.volume})
      *field = std::strtod(end + 1, &end);
    const std::int64_t day = b.label / day_ms;
    if (day != last_day) {
      if (s.sessions.size() == sessions)
        break;
      last_day = day;
      const int day_of_month = std::atoi(line.substr(8, 2).c_str());
      s.sessions.push_back(summer_session(day, day_of_month, line.starts_with("2025-07-03")));
    }
    if (b.label < s.sessions.back().open || b.label >= s.sessions.back().close)
      continue;
    s.bars.push_back(b);
    s.session_of.push_back(s.sessions.size() - 1);
  }
  return s;
}

series scaled(series s, double price_factor, double volume_factor) {
  for (bar& b : s.bars) {
    for (double* price : {&b.open, &b.high, &b.low, &b.close})
      *price *= price_factor;
    b.volume *= volume_factor;
  }
  return s;
}

void feed(feature_engine& engine, const series& s, std::size_t from, std::size_t to) {
  for (std::size_t t = from; t < to; ++t) {
    if (t == 0 || s.session_of[t] != s.session_of[t - 1])
      engine.begin_session(s.sessions[s.session_of[t]]);
    engine.update(s.bars[t]);
  }
}

} // namespace sentio::test
