// What an account has besides orders and positions: configurations, watchlists, its equity over time.
#pragma once

#include "core/exchange/books.hpp"
#include "core/exchange/prices.hpp"
#include "core/exchange/refusal.hpp"

#include <functional>

namespace sentio::venue {

/// GET and PATCH /v2/account/configurations. What has an effect: suspend_trade (no new orders), no_shorting (the
/// words with which a short sale is refused: it is in any case) and fractional_trading (no buys of parts of a share).
/// max_margin_multiplier can only be 1, since there is no margin. The others are kept and shown.
http_response configurations(const http_request& request, books& account);
json configurations_of(const books& account);

/// /v2/watchlists and /v2/watchlists:by_name. `asset_of` gives the asset object of a symbol, null for an unknown one.
http_response watchlists(const http_request& request, books& account, std::uint64_t seed,
                         const std::function<json(const std::string&)>& asset_of, time_ms now);

/// GET /v2/account/portfolio/history: the equity at the end of each period of the core sessions, reckoned from the
/// executions and the bars, so that nothing has to be recorded. `equity` is that of `now`, millionths of a dollar.
http_response portfolio_history(const http_request& request, const books& account, price_source& prices, micros equity,
                                time_ms now);

} // namespace sentio::venue
