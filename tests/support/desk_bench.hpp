// An order desk without a venue: tests say what the venue would have said, and look at what is asked of it.
#pragma once

#include "tests/support/test.hpp"

#include "actors/live/order_desk.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace sentio::test {

inline order_intent intent_of(order_side side, std::int64_t shares, symbol_index symbol = 0) {
  order_intent order;
  order.symbol = symbol;
  order.side = side;
  order.shares = shares;
  order.reference_price = from_dollars(50);
  order.decided_at = 1'748'957'460'000; // the bench's first moment
  order.client_order_id = std::string("s-tag-20250603-0931-") + (symbol == 0 ? "AAA" : "BBB") +
                          (side == order_side::buy ? "-B-1" : "-S-1");
  return order;
}

/// The order as the venue shows it.
inline alpaca::venue_order shown(const order_intent& order, const std::string& status,
                                 std::int64_t filled = 0, double average = 0) {
  alpaca::venue_order seen;
  seen.id = "venue-" + order.client_order_id;
  seen.client_order_id = order.client_order_id;
  seen.symbol = order.symbol == 0 ? "AAA" : "BBB";
  seen.side = order.side;
  seen.shares = order.shares;
  seen.filled = filled;
  seen.filled_price = from_dollars(average);
  seen.status = status;
  return seen;
}

inline alpaca::trade_update update_of(const alpaca::venue_order& order, const std::string& event,
                                      std::int64_t shares = 0, double price = 0) {
  alpaca::trade_update update;
  update.event = event;
  update.shares = shares;
  update.price = from_dollars(price);
  update.order = order;
  return update;
}

inline nlohmann::json json_of(const alpaca::venue_order& order) {
  return {{"id", order.id},
          {"client_order_id", order.client_order_id},
          {"symbol", order.symbol},
          {"side", to_string(order.side) == std::string("BUY") ? "buy" : "sell"},
          {"type", "market"},
          {"qty", std::to_string(order.shares)},
          {"filled_qty", std::to_string(order.filled)},
          {"filled_avg_price",
           order.filled == 0 ? nlohmann::json() : nlohmann::json(to_string(order.filled_price))},
          {"status", order.status},
          {"created_at", "2025-06-03T13:31:00Z"}};
}

inline desk_answer good(const alpaca::venue_order& order) {
  return {200, json_of(order).dump(), {}, 0};
}
inline desk_answer good_list(const std::vector<alpaca::venue_order>& orders) {
  auto list = nlohmann::json::array();
  for (const auto& order : orders)
    list.push_back(json_of(order));
  return {200, list.dump(), {}, 0};
}
inline desk_answer good_positions(const std::vector<std::pair<std::string, std::int64_t>>& held) {
  auto list = nlohmann::json::array();
  for (const auto& [symbol, shares] : held)
    list.push_back({{"symbol", symbol},
                    {"qty", std::to_string(shares)},
                    {"avg_entry_price", "40"},
                    {"current_price", "41.5"}});
  return {200, list.dump(), {}, 0};
}
inline desk_answer refusal_of(int status, int code, const std::string& message,
                              const std::vector<std::string>& related = {}) {
  nlohmann::json body{{"code", code}, {"message", message}};
  if (!related.empty())
    body["related_orders"] = related;
  return {status, body.dump(), {}, 0};
}

struct desk_bench {
  order_desk desk{{"AAA", "BBB", "CCC"}, "tag", {0, 500, 0}};
  desk_time now{1'000, 1'748'957'460'000};
  desk_output said; ///< everything since the start

  /// Moves what the desk says to `said`; returns the requests.
  std::vector<desk_request> take() {
    desk_output output = desk.take();
    said.events.insert(said.events.end(), output.events.begin(), output.events.end());
    said.alarms.insert(said.alarms.end(), output.alarms.begin(), output.alarms.end());
    said.halt = said.halt || output.halt;
    said.stop_entries = said.stop_entries || output.stop_entries;
    said.requests.insert(said.requests.end(), output.requests.begin(), output.requests.end());
    return std::move(output.requests);
  }
  void wait(std::int64_t ms) {
    now.real += ms;
    now.venue += ms;
  }
  /// Ticks until the desk asks for something, for at most `limit`; returns how long that took.
  std::int64_t wait_for_request(std::vector<desk_request>& requests, std::int64_t limit = 120'000) {
    std::int64_t waited = 0;
    for (requests = take(); requests.empty() && waited < limit; requests = take()) {
      wait(10);
      waited += 10;
      desk.tick(now);
    }
    return waited;
  }
  std::vector<desk_request> submit(const order_intent& order) {
    desk.submit(order, now);
    return take();
  }
  std::vector<desk_request> answer(const desk_request& request, const desk_answer& reply) {
    desk.answered(request, reply, now);
    return take();
  }
  std::vector<desk_request> hear(const alpaca::trade_update& update) {
    desk.heard(update, now);
    return take();
  }
  std::size_t count(venue_event_kind kind) const {
    return static_cast<std::size_t>(std::count_if(said.events.begin(), said.events.end(),
                                                  [&](const venue_event& one) { return one.kind == kind; }));
  }
  std::size_t asked(desk_action action) const {
    return static_cast<std::size_t>(
        std::count_if(said.requests.begin(), said.requests.end(),
                      [&](const desk_request& one) { return one.action == action; }));
  }
  std::int64_t filled(const std::string& client_order_id) const {
    std::int64_t shares = 0;
    for (const auto& event : said.events)
      if (event.kind == venue_event_kind::fill && event.client_order_id == client_order_id)
        shares += event.fill.shares;
    return shares;
  }
  money value(const std::string& client_order_id) const {
    money sum;
    for (const auto& event : said.events)
      if (event.kind == venue_event_kind::fill && event.client_order_id == client_order_id)
        sum += event.fill.price * event.fill.shares;
    return sum;
  }
  std::string last_reason() const { return said.events.empty() ? std::string() : said.events.back().reason; }
};

} // namespace sentio::test
