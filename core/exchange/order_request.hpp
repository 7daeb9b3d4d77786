// A request for an order: the rules that need no account (spec section 3.2).
#pragma once

#include "core/exchange/books.hpp"
#include "core/exchange/refusal.hpp"

#include <optional>

namespace sentio::venue {

/// The exits that a linked order asks for.
struct exit_prices {
  std::optional<micros> take_profit; ///< its limit price
  std::optional<micros> stop_loss;   ///< its stop price
  std::optional<micros> stop_limit;  ///< limit price of a stop-loss that is a stop-limit order
};

/// Reads the body of POST /v2/orders into an order without id, time or status, and what its legs are to be. Returns
/// the error answer, or none.
std::optional<http_response> read_order(const json& body, venue_order& out, exit_prices& exits);
/// Applies the body of PATCH /v2/orders/{id} to a copy of the order; the answer as above.
std::optional<http_response> read_replacement(const json& body, const venue_order& old, venue_order& out);

// The parts of it in order_class.cpp: class and exits, the trail of a trailing stop.
std::optional<http_response> read_exits(const json& body, venue_order& order, exit_prices& exits);
std::optional<http_response> read_trail(const json& body, venue_order& order);
/// Whether exits that sell (or buy) have their prices on the right sides of each other.
std::optional<http_response> check_exit_prices(bool sells, const exit_prices& exits);

/// The stop price that follows from water mark and trail.
void set_trailing_stop(venue_order& order);

} // namespace sentio::venue
