// Numbers as people read them in reports. No value is ever printed as minus zero.
#pragma once

#include "core/account/money.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace sentio {

/// What stands where there is no value.
inline constexpr const char* no_value = "\u2013";

std::string fixed(double value, int digits);
std::string fixed(const std::optional<double>& value, int digits);
/// With a sign, always: "+0.12", "-3.40".
std::string with_sign(double value, int digits);
/// Of a fraction: "52.3 %"; with sign: "+0.123 %".
std::string percent(double fraction, int digits);
std::string percent(const std::optional<double>& fraction, int digits);
std::string signed_percent(double fraction, int digits);
/// Of a yearly figure that compounding can blow up: "+12.3 %", "more than 10,000 %".
std::string yearly_percent(double fraction);
/// A ratio that a tiny divisor can blow up: "1.23", "more than 1,000".
std::string ratio_text(const std::optional<double>& ratio, int digits);
/// Dollars and cents with thousands: "-$1,234.56".
std::string dollars(money amount);
std::string signed_dollars(money amount);
std::string dollars(const std::optional<double>& amount);
/// 12,345
std::string count_text(std::uint64_t count);
/// "1 trade", "2 trades"
std::string counted(std::uint64_t count, const std::string& singular, const std::string& plural);

} // namespace sentio
