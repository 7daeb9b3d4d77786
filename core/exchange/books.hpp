// The account of the venue: orders, positions, executions, cash; and what of it still has to be written down.
#pragma once

#include "core/exchange/text.hpp"

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sentio::venue {

/// An order with everything that decides its future; all of it is kept in the state file.
struct venue_order {
  std::int64_t sequence = 0; ///< 1, 2, ... in order of acceptance
  std::string id, client_order_id, symbol;
  bool buy = true;
  std::string type;          ///< "market", "limit", "stop", "stop_limit", "trailing_stop"
  std::string time_in_force; ///< "day", "gtc", "ioc", "fok"
  std::string intent;
  std::string status;
  std::optional<quantity> shares;
  std::optional<micros> notional;
  std::optional<micros> limit, stop;
  quantity filled = 0;
  micros filled_value = 0;
  time_ns created = 0, updated = 0;
  time_ns filled_at = 0, expired_at = 0, canceled_at = 0, failed_at = 0, replaced_at = 0; ///< 0: not yet
  std::string replaces, replaced_by;
  bool extended_hours = false;
  std::int64_t session_day = 0; ///< days since 1970 of the session in which a day order lives
  micros reserve_price = 0;     ///< at which an open buy holds buying power, a notional sell shares
  std::int64_t executions = 0;
  bool triggered = false;       ///< a stop that was reached
  bool stuck = false;           ///< by a fault: never leaves pending_new
  bool reject_later = false;    ///< by a fault
  time_ms next_time = 0;        ///< when it is to be looked at again, venue time

  // Linked orders (order_legs.cpp).
  std::string order_class = "simple"; ///< "simple", "bracket", "oco", "oto"; a leg has that of its parent
  std::int64_t parent = 0;            ///< sequence of the order whose leg this is; 0: none
  std::vector<std::int64_t> legs;     ///< sequences, the take-profit first
  bool waiting = false;               ///< a leg that is not at the market yet ("held"): it holds no shares

  // Trailing stops (trailing.cpp).
  std::optional<micros> trail_price;   ///< distance of the stop from the water mark
  std::optional<micros> trail_percent; ///< the same as millionths of a percent
  std::optional<micros> water_mark;    ///< of a sell the highest trade since acceptance, of a buy the lowest

  time_ns acknowledged = 0;             ///< when it became "new"; 0: not yet
  std::int64_t acknowledgement = 0;     ///< number of the event that told it

  bool open() const {
    return status == "new" || status == "partially_filled" || status == "accepted" || status == "pending_new"
           || status == "pending_cancel" || status == "pending_replace" || status == "held";
  }
  bool simple() const { return order_class == "simple"; }
  quantity remaining() const; ///< of a notional order an estimate at its reserve price
  /// Buying power held by an open buy.
  micros reserved() const;
};

struct venue_position {
  quantity shares = 0;
  micros cost = 0; ///< of the shares held
};

struct venue_execution {
  std::int64_t sequence = 0;
  std::string id, order_id, symbol;
  bool buy = true;
  quantity shares = 0;
  micros price = 0;
  micros value = 0; ///< price x shares, nearest millionth: what cash moved by
  time_ns at = 0;
  quantity filled_after = 0; ///< of its order, this execution included; not kept in the state file
};

json order_record(const venue_order& order);             ///< for the state file
venue_order order_of_record(const json& record);
json execution_record(const venue_execution& execution); ///< also shown by GET /exchange/state

/// The order object of spec section 3.3, with all its keys, as JSON text. `legs`: JSON that is ready.
std::string order_text(const venue_order& order, std::uint64_t seed, std::string_view legs = "null");

class books {
public:
  /// Times ascend strictly, so that "newest first" is an order; the last digits are made up.
  time_ns stamp(time_ms now);

  venue_order& add_order(venue_order order);
  venue_order* find_order(const std::string& id);
  venue_order* find_client_order(const std::string& client_order_id);
  venue_order& order(std::int64_t sequence) { return orders_[static_cast<std::size_t>(sequence - 1)]; }
  const venue_order& order(std::int64_t sequence) const { return orders_[static_cast<std::size_t>(sequence - 1)]; }
  const std::deque<venue_order>& orders() const { return orders_; }
  const std::set<std::int64_t>& open_orders() const { return open_; }
  /// To be called after every change of an order.
  void touch(venue_order& order);
  void schedule(venue_order& order, time_ms at);
  const std::set<std::pair<time_ms, std::int64_t>>& agenda() const { return agenda_; }

  /// Books a fill into order, position and cash.
  const venue_execution& execute(venue_order& order, quantity shares, micros price, const std::string& id, time_ms now);
  void split_position(const std::string& symbol, double ratio);

  const std::map<std::string, venue_position>& positions() const { return positions_; }
  quantity held(const std::string& symbol) const; ///< shares of the position
  /// By sells at the market; a leg that waits holds none.
  quantity held_for_orders(const std::string& symbol) const;
  /// As order_text, with the order's legs inside it.
  std::string nested_text(const venue_order& order, std::uint64_t seed) const;
  micros buying_power() const { return cash - reserved_; }

  /// What a client stored with the account under a name ("configurations", "watchlists"); null: nothing yet.
  const json& document(const std::string& name) const;
  void set_document(const std::string& name, json body);

  micros cash = 0;
  micros last_equity = 0;         ///< at the last close
  std::int64_t equity_day = 0;    ///< day of that close
  std::int64_t events = 0;        ///< trade_updates told so far
  time_ms time = 0;               ///< venue time that the state file holds; 0: none
  const std::vector<venue_execution>& executions() const { return executions_; }

private:
  friend class state_file;
  void index(const venue_order& order);

  std::deque<venue_order> orders_; // references to orders stay good while others are added
  std::map<std::string, std::int64_t> by_id_, by_client_id_;
  std::set<std::int64_t> open_;
  std::set<std::pair<time_ms, std::int64_t>> agenda_;
  std::map<std::int64_t, micros> reserves_;
  micros reserved_ = 0;
  std::map<std::string, venue_position> positions_;
  std::vector<venue_execution> executions_;
  time_ns last_stamp_ = 0;
  std::set<std::int64_t> changed_orders_;
  std::set<std::string> changed_positions_;
  std::size_t written_executions_ = 0;
  std::map<std::string, json> documents_;
  std::set<std::string> changed_documents_;
};

} // namespace sentio::venue
