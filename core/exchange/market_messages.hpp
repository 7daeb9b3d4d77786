// Market data as JSON, for streams and REST alike (spec sections 1.4, 2 and 5). What streams send often is text.
#pragma once

#include "core/exchange/prices.hpp"

namespace sentio::venue {

/// o h l c v t n vw. The source has no trade count or VWAP: n is volume / 100, vw the mean of the four prices.
json bar_json(const bar& b);
/// With "T" ("b", "u" or "d") and "S".
std::string bar_message(const char* type, const std::string& symbol, const bar& b);
/// ap as ax bp bs bx c t z.
json quote_json(const std::string& symbol, const market_quote& quote, time_ms now);
/// c i p s t x z.
json trade_json(const std::string& symbol, const market_quote& quote, time_ms now);
std::string status_message(const std::string& symbol, const char* code, const char* code_text, const char* reason,
                    const char* reason_text, time_ms now);
std::string luld_message(const std::string& symbol, const market_quote& quote, time_ms now);
/// Polygon's minute aggregate; `day` is the day so far, this bar included.
json polygon_minute(const std::string& symbol, const bar& b, const bar& day);
/// "C" (Nasdaq) or "B" (Arca, BZX), made up but fixed for a symbol.
std::string tape_of(const std::string& symbol);

} // namespace sentio::venue
