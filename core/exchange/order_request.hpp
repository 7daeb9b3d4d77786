// A request for an order: the rules that need no account (spec section 3.2).
#pragma once

#include "core/exchange/books.hpp"
#include "core/exchange/refusal.hpp"

#include <optional>

namespace sentio::venue {

/// Reads the body of POST /v2/orders into an order without id, time or status. Returns the error answer, or none.
std::optional<http_response> read_order(const json& body, venue_order& out);
/// Applies the body of PATCH /v2/orders/{id} to a copy of the order; the answer as above.
std::optional<http_response> read_replacement(const json& body, const venue_order& old, venue_order& out);

} // namespace sentio::venue
