// Takes, changes, cancels and fills orders (spec sections 3.2 to 3.8).
#pragma once

#include "core/exchange/books.hpp"
#include "core/exchange/fault_board.hpp"
#include "core/exchange/prices.hpp"
#include "core/exchange/refusal.hpp"
#include "core/exchange/venue_calendar.hpp"

#include <functional>

namespace sentio::venue {

/// What an order desk works with; all of it belongs to the exchange.
struct desk_parts {
  const exchange_config& config;
  books& account;
  price_source& prices;
  const venue_calendar& calendar;
  fault_board& faults;
  /// The data of a trade_updates message (spec section 4) as JSON text, with the order and the event it is about.
  std::function<void(const venue_order&, const char* event, const std::string& data)> tell;
};

class order_desk {
public:
  explicit order_desk(desk_parts parts) : parts_(std::move(parts)) {}

  http_response create(const json& body, time_ms now);
  http_response replace(const std::string& id, const json& body, time_ms now);
  http_response cancel(const std::string& id, time_ms now);
  http_response cancel_all(time_ms now);
  /// `shares` of a position (0: all that is held) by a market order.
  http_response close_position(const std::string& symbol, std::optional<quantity> shares, time_ms now);
  http_response close_all(bool cancel_orders, time_ms now);
  /// An order that no client of ours sent (fault F34).
  void place_foreign(const std::string& symbol, quantity shares, time_ms now);
  /// Open orders of a symbol end, as at a corporate action.
  void end_orders(const std::string& symbol, time_ms now);

  std::optional<time_ms> next_time() const;
  /// Looks at every order whose time has come.
  void run(time_ms now);
  /// The session or the faults changed: all open orders are looked at.
  void look_at_all(time_ms now);

private:
  using problem = std::optional<http_response>;

  problem check_account(time_ms now);
  problem check_asset(const venue_order& order, time_ms now);
  problem check_wash_trade(const venue_order& order, time_ms now, std::int64_t except);
  problem check_shares(const venue_order& order, time_ms now, quantity freed);
  problem check_stop(const venue_order& order, time_ms now);
  /// Also sets the order's reserve price.
  problem check_buying_power(venue_order& order, time_ms now, micros freed);
  problem check_all(venue_order& order, time_ms now, const venue_order* replaced);

  http_response submit(venue_order order, time_ms now);
  venue_order& accept(venue_order order, time_ms now);
  void tell(const venue_order& order, const char* event, const venue_execution* execution = nullptr);
  void set_status(venue_order& order, const char* status, const char* event, time_ms now);
  void finish_cancel(venue_order& order, time_ms now);
  http_response request_cancel(venue_order& order, time_ms now);

  void look_at(venue_order& order, time_ms now);
  void look_at_pending(venue_order& order, time_ms now);
  void try_fill(venue_order& order, time_ms now);
  void fill(venue_order& order, quantity shares, micros price, time_ms now);
  std::optional<micros> marketable_price(venue_order& order, time_ms now);
  quantity fill_size(const venue_order& order, micros price, bool forced) const;
  bool affordable(venue_order& order, quantity& shares, micros price) const;
  bool session_over(const venue_order& order, time_ms now) const;
  void wait(venue_order& order, time_ms now);
  std::uint64_t chance(const venue_order& order, const char* what) const;

  desk_parts parts_;
};

} // namespace sentio::venue
