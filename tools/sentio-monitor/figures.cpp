#include "tools/sentio-monitor/figures.hpp"

#include "core/market/calendar.hpp"

#include <cmath>
#include <cstdio>

namespace sentio {

namespace {

constexpr const char* dash = "-";

template <class... Values>
std::string printed(const char* form, Values... values) {
  char text[64];
  std::snprintf(text, sizeof text, form, values...);
  return text;
}

/// Three significant digits without an exponent, of sizes below 1000.
std::string three_digits(double value) {
  return printed("%.*f", value < 9.995 ? 2 : value < 99.95 ? 1 : 0, value);
}

/// Commas between thousands, of a number printed with %f.
std::string with_commas(std::string text) {
  const std::size_t begin = text.starts_with('-') || text.starts_with('+') ? 1 : 0;
  const std::size_t point = text.find('.');
  for (std::size_t at = point == std::string::npos ? text.size() : point; at > begin + 3;) {
    at -= 3;
    text.insert(at, ",");
  }
  return text;
}

} // namespace

std::string money_text(double dollars) {
  return std::isfinite(dollars) ? with_commas(printed("%.2f", dollars)) : dash;
}

std::string signed_money_text(double dollars) {
  return std::isfinite(dollars) ? with_commas(printed("%+.2f", dollars)) : dash;
}

std::string price_text(double dollars) {
  return std::isfinite(dollars) ? printed("%.4f", dollars) : dash;
}

std::string percent_text(double fraction, int places) {
  return std::isfinite(fraction) ? printed("%.*f%%", places, fraction * 100) : dash;
}

std::string number_text(double value, int places) {
  return std::isfinite(value) ? printed("%.*f", places, value) : dash;
}

std::string count_text(double value) {
  return std::isfinite(value) ? with_commas(printed("%.0f", value)) : dash;
}

std::string small_text(double value) {
  return std::isfinite(value) ? printed("%.3g", value) : dash;
}

std::string microseconds_text(double us) {
  if (!std::isfinite(us))
    return dash;
  if (us < 1)
    return printed("%.0f ns", us * 1'000);
  if (us < 999.5)
    return three_digits(us) + " us";
  return us < 999'500 ? three_digits(us / 1'000) + " ms" : number_text(us / 1'000'000, 2) + " s";
}

std::string clock_text(std::int64_t at) {
  if (at <= 0)
    return dash;
  return new_york_clock(at) + printed(":%02d", static_cast<int>(at / 1'000 % 60));
}

std::string since_text(std::int64_t ms) {
  const std::int64_t seconds = ms / 1'000;
  if (seconds < 0)
    return dash;
  if (seconds < 120)
    return std::to_string(seconds) + " s";
  if (seconds < 120 * 60)
    return std::to_string(seconds / 60) + " min";
  return seconds < 48 * 3'600 ? std::to_string(seconds / 3'600) + " h"
                              : std::to_string(seconds / 86'400) + " d";
}

} // namespace sentio
