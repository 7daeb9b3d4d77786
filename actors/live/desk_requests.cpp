#include "actors/live/desk_requests.hpp"

namespace sentio {

rest_request request_of(const desk_request& wanted, const order_desk& desk,
                        const std::vector<std::string>& symbols, desk_time now) {
  rest_request r;
  r.timeout = answer_limit;
  switch (wanted.action) {
  case desk_action::post: {
    const auto* order = desk.find(wanted.client_order_id);
    r.method = "POST";
    r.target = "/v2/orders";
    r.body = alpaca::order_body(*order, symbols[order->symbol]);
    r.urgent = order->side == order_side::sell;
    break;
  }
  case desk_action::look:
    r.target = "/v2/orders:by_client_order_id?client_order_id=" + wanted.client_order_id;
    break;
  case desk_action::cancel:
    r.method = "DELETE";
    r.target = "/v2/orders/" + wanted.venue_id;
    r.urgent = true;
    break;
  case desk_action::list:
    r.target = "/v2/orders?status=all&limit=500&direction=desc&after=" +
               alpaca::format_timestamp(desk.list_since(now));
    break;
  case desk_action::positions:
    r.target = "/v2/positions";
    r.urgent = wanted.client_order_id == "close";
    break;
  case desk_action::fills:
    r.target = "/v2/account/activities/FILL?page_size=100&direction=desc&after=" +
               alpaca::format_timestamp(wanted.asked_at);
    break;
  case desk_action::close_one:
    r.method = "DELETE";
    r.target = "/v2/positions/" + wanted.venue_id +
               (wanted.shares > 0 ? "?qty=" + std::to_string(wanted.shares) : "");
    r.urgent = true;
    break;
  case desk_action::close_all:
    r.method = "DELETE";
    r.target = "/v2/positions?cancel_orders=true";
    r.urgent = true;
    break;
  }
  return r;
}

} // namespace sentio
