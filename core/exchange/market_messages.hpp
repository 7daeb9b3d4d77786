// Market data as JSON, for streams and REST alike (spec sections 1.4, 2 and 5). What streams send often is text.
#pragma once

#include "core/exchange/prices.hpp"

namespace sentio::venue {

/// o h l c v t n vw. The source has no trade count or VWAP: n is volume / 100, vw the mean of the four prices.
json bar_json(const bar& b);
/// With "T" ("b", "u" or "d") and "S".
std::string bar_message(const char* type, const std::string& symbol, const bar& b);
/// The time stamp of the quote and of the trade of a second: within its first millisecond.
time_ns tick_time(const std::string& symbol, time_ms second);
/// ap as ax bp bs bx c t z.
json quote_json(const std::string& symbol, const market_quote& quote, time_ms now);
/// c i p s t x z.
json trade_json(const std::string& symbol, const market_quote& quote, time_ms now);
std::string status_message(const std::string& symbol, const char* code, const char* code_text, const char* reason,
                    const char* reason_text, time_ms now);
std::string luld_message(const std::string& symbol, const market_quote& quote, time_ms now);
/// Polygon's aggregate of a minute ("AM") or of a second ("A"); `day` is the day so far.
json polygon_aggregate(const char* event, const std::string& symbol, const bar& b, time_ms length, const bar& day);
/// The trade and the quote of a second as Polygon's "T" and "Q"; `LULD` for the price bands.
json polygon_trade(const std::string& symbol, const market_quote& quote, time_ms now);
json polygon_quote(const std::string& symbol, const market_quote& quote, time_ms now);
json polygon_bands(const std::string& symbol, const market_quote& quote, time_ms now);
/// "C" (Nasdaq) or "B" (Arca, BZX), made up but fixed for a symbol.
std::string tape_of(const std::string& symbol);

} // namespace sentio::venue
