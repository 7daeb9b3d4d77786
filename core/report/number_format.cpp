#include "core/report/number_format.hpp"

#include <fmt/format.h>

namespace sentio {

namespace {

/// "-0.00" says less than it seems to.
std::string without_minus_zero(std::string text) {
  if (!text.empty() && text.front() == '-' && text.find_first_of("123456789") == std::string::npos)
    text.erase(0, 1);
  return text;
}

std::string grouped(std::string digits) {
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return digits;
}

} // namespace

std::string fixed(double value, int digits) {
  return without_minus_zero(fmt::format("{:.{}f}", value, digits));
}

std::string fixed(const std::optional<double>& value, int digits) {
  return value ? fixed(*value, digits) : no_value;
}

std::string with_sign(double value, int digits) {
  const std::string text = fixed(value, digits);
  return text.front() == '-' || text.find_first_of("123456789") == std::string::npos ? text : "+" + text;
}

std::string percent(double fraction, int digits) {
  return fixed(100 * fraction, digits) + " %";
}

std::string percent(const std::optional<double>& fraction, int digits) {
  return fraction ? percent(*fraction, digits) : no_value;
}

std::string signed_percent(double fraction, int digits) {
  return with_sign(100 * fraction, digits) + " %";
}

std::string yearly_percent(double fraction) {
  return fraction > 100 ? "more than 10,000 %" : signed_percent(fraction, 1);
}

std::string ratio_text(const std::optional<double>& ratio, int digits) {
  return ratio && *ratio > 1000 ? "more than 1,000" : fixed(ratio, digits);
}

std::string dollars(money amount) {
  const std::uint64_t size = amount.micros < 0 ? 0 - static_cast<std::uint64_t>(amount.micros)
                                               : static_cast<std::uint64_t>(amount.micros);
  const std::uint64_t cents = (size + 5'000) / 10'000;
  return fmt::format("{}${}.{:02}", amount.micros < 0 && cents > 0 ? "-" : "",
                     grouped(std::to_string(cents / 100)), cents % 100);
}

std::string signed_dollars(money amount) {
  return (amount.micros >= 5'000 ? "+" : "") + dollars(amount);
}

std::string dollars(const std::optional<double>& amount) {
  return amount ? dollars(from_dollars(*amount)) : no_value;
}

std::string count_text(std::uint64_t count) {
  return grouped(std::to_string(count));
}

std::string counted(std::uint64_t count, const std::string& singular, const std::string& plural) {
  return count_text(count) + " " + (count == 1 ? singular : plural);
}

} // namespace sentio
