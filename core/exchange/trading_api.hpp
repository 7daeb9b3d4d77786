// The trading REST calls (spec section 3): account, orders, positions, clock, calendar, assets.
#pragma once

#include "core/exchange/order_desk.hpp"

namespace sentio::venue {

class trading_api {
public:
  trading_api(desk_parts parts, order_desk& desk) : parts_(std::move(parts)), desk_(desk) {}

  /// A request whose keys were right.
  http_response handle(const http_request& request, time_ms now);
  /// Cash and the market value of all positions.
  micros equity(time_ms now) const;
  std::string positions(time_ms now) const; ///< JSON text

private:
  http_response account(time_ms now) const;
  http_response orders(const http_request& request, time_ms now);
  // order_list.cpp
  http_response list_orders(const http_request& request) const;
  http_response one_order(const http_request& request, const std::string& id, time_ms now);
  http_response positions_call(const http_request& request, time_ms now);
  http_response close_one(const http_request& request, const std::string& symbol, time_ms now);
  http_response calendar(const http_request& request, time_ms now) const;
  // assets.cpp
  http_response assets(const http_request& request, time_ms now) const;
  http_response list_assets(const http_request& request, time_ms now) const;
  // activities.cpp
  http_response activities(const http_request& request) const;
  json activity_json(const venue_execution& execution) const;
  std::string position_text(const std::string& symbol, const venue_position& position, time_ms now) const;
  json asset_json(const std::string& symbol, time_ms now) const;
  /// Where a symbol is listed: "NASDAQ", "ARCA", "BATS".
  static const char* exchange_of(const std::string& symbol);
  /// A symbol as such or by its asset id.
  std::string symbol_of(const std::string& text) const;
  micros price_of(const std::string& symbol, const venue_position& position, time_ms now) const;

  desk_parts parts_;
  order_desk& desk_;
};

} // namespace sentio::venue
