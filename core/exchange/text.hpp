// The notations of Alpaca's messages: timestamps, decimal texts, page tokens, ids.
#pragma once

#include "core/market/calendar.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sentio::venue {

using json = nlohmann::json;
using time_ns = std::int64_t;  ///< nanoseconds since 1970 UTC
using quantity = std::int64_t; ///< billionths of a share: Alpaca allows nine decimals
using micros = std::int64_t;   ///< millionths of a dollar, prices and amounts

inline constexpr std::int64_t whole_share = 1'000'000'000;
inline constexpr std::int64_t dollar = 1'000'000;
inline constexpr time_ns ns_of_ms = 1'000'000;

/// "2023-04-06T11:54:26.83915973Z": no fraction digits that are zero at the end.
std::string utc_text(time_ns at);
/// The same instant in New York: "2026-07-29T05:27:57.818-04:00".
std::string new_york_text(time_ns at);
/// The same instant as HTTP writes it: "Wed, 29 Jul 2026 09:27:57 GMT".
std::string http_date(time_ms at);
/// RFC 3339 with 0 to 9 fraction digits, or a day (its New York midnight).
std::optional<time_ns> parse_time(std::string_view text);

/// An integer count of 10^-places without superfluous zeros: (12'500'000, 6) is "12.5".
std::string decimal_text(std::int64_t value, int places);
void append_decimal(std::string& out, std::int64_t value, int places);
/// The opposite; empty when it is no decimal, has more non-zero places, or is out of range (1e9 and more).
std::optional<std::int64_t> parse_decimal(std::string_view text, int places);
/// A JSON text or number as parse_decimal; requests carry either (spec section 3).
std::optional<std::int64_t> json_decimal(const json& value, int places);
/// The plain decimal text of a JSON text or number, for messages.
std::string plain_text(const json& value);

/// A number as market data writes it: 136, not 136.0.
json number(double value);
inline double dollars(micros amount) { return static_cast<double>(amount) / 1e6; }
/// quantity x price, nearest millionth.
micros value_of(quantity shares, micros price);
/// Shares for an amount at a price, rounded down.
quantity shares_for(micros amount, micros price);


/// A value that depends on its arguments alone.
std::uint64_t mix(std::uint64_t seed, std::string_view name, std::uint64_t counter);
/// A version-4 shaped id made of mix().
std::string uuid_of(std::uint64_t seed, std::string_view kind, std::uint64_t counter);
bool is_symbol(std::string_view text);

} // namespace sentio::venue
