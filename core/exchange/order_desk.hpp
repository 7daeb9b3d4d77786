// Takes, changes, cancels and fills orders (spec sections 3.2 to 3.8).
#pragma once

#include "core/exchange/books.hpp"
#include "core/exchange/fault_board.hpp"
#include "core/exchange/order_request.hpp"
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

  http_response submit(venue_order order, const exit_prices& exits, time_ms now);
  venue_order& accept(venue_order order, time_ms now);
  void tell(const venue_order& order, const char* event, const venue_execution* execution = nullptr);
  /// A new status, told as an event.
  void mark(venue_order& order, const char* status, const char* event, time_ms now);
  /// The same, and what follows from it for the other orders of its group.
  void set_status(venue_order& order, const char* status, const char* event, time_ms now);
  /// It is in the market from now on.
  void acknowledge(venue_order& order, time_ms now);
  void tell_acknowledgement_again(const venue_order& order);
  void finish_cancel(venue_order& order, time_ms now);
  http_response request_cancel(venue_order& order, time_ms now);

  void look_at(venue_order& order, time_ms now);
  void look_at_pending(venue_order& order, time_ms now);
  void try_fill(venue_order& order, time_ms now);
  void fill(venue_order& order, quantity shares, micros price, time_ms now);
  std::optional<micros> marketable_price(venue_order& order, time_ms now);
  bool stop_reached(venue_order& order, time_ms now);
  quantity fill_size(const venue_order& order, micros price, bool forced) const;
  bool affordable(venue_order& order, quantity& shares, micros price) const;
  /// The regular session, and for an order that asks for it the hours before and after.
  bool can_trade(const venue_order& order, time_ms now) const;
  time_ms day_end(const venue_order& order, time_ms now) const;
  bool session_over(const venue_order& order, time_ms now) const;
  void wait(venue_order& order, time_ms now);
  std::uint64_t chance(const venue_order& order, const char* what) const;

  // order_legs.cpp: linked orders
  std::vector<venue_order*> others_of(const venue_order& order);
  exit_prices exits_of(const venue_order& order, std::int64_t replaced);
  problem check_exits(const venue_order& order, const exit_prices& exits, time_ms now);
  void add_leg(venue_order& parent, std::optional<micros> limit, std::optional<micros> stop, time_ms now);
  void add_legs(venue_order& parent, const exit_prices& exits, time_ms now);
  venue_order* rival_of(const venue_order& leg);
  void watch(venue_order& leg, time_ms now);
  void activate(venue_order& leg, time_ms now);
  void end_others(const venue_order& order, time_ms now);
  void follow_fill(venue_order& order, time_ms now);

  // order_replace.cpp
  problem check_replacement(venue_order& order, const venue_order& old, time_ms now);
  void take_place(venue_order& old, venue_order& order);

  // trailing.cpp
  problem start_trail(venue_order& order, time_ms now);
  void follow_trail(venue_order& order, micros last);

  desk_parts parts_;
};

} // namespace sentio::venue
