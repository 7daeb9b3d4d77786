// Polygon's ("Massive's") minute stream and aggregates, as values (shared specification, section 5).
#pragma once

#include "core/alpaca/wire.hpp"

namespace sentio::polygon {

/// The same events as Alpaca's: AM -> stream_bar; status connected, auth_success, success -> the control events
/// (success: a subscription of one topic); auth_failed, auth_timeout, max_connections -> stream_error 402, 404,
/// 406; LULD -> stream_luld.
alpaca::stream_frame parse_stream_frame(std::string_view text);
std::string authentication_message(std::string_view key);
std::string subscription_message(const std::vector<std::string>& symbols); ///< AM.A,AM.B,...

/// GET /v2/aggs/ticker/A/range/1/minute/...; next_page_token is next_url.
alpaca::parsed<alpaca::bar_page> parse_aggregates(std::string_view body, std::string_view symbol);
/// Days are New York's and inclusive; adjusted: for splits.
std::string aggregates_target(std::string_view symbol, civil_date first, civil_date last, bool adjusted = false);

} // namespace sentio::polygon
