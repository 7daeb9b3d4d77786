#include "actors/live/gateway_requests.hpp"

#include "core/alpaca/wire.hpp"

namespace sentio {

rest_request wire_of(const desk_request& request, const order_desk& desk, const live_config& config,
                     desk_time now) {
  rest_request r;
  r.timeout = answer_limit;
  switch (request.action) {
  case desk_action::post: {
    const auto* order = desk.find(request.client_order_id);
    r.method = "POST";
    r.target = "/v2/orders";
    r.body = alpaca::order_body(*order, config.symbols[order->symbol]);
    r.urgent = order->side == order_side::sell;
    break;
  }
  case desk_action::look:
    r.target = "/v2/orders:by_client_order_id?client_order_id=" + request.client_order_id;
    break;
  case desk_action::cancel:
    r.method = "DELETE";
    r.target = "/v2/orders/" + request.venue_id;
    r.urgent = true;
    break;
  case desk_action::list:
    r.target = "/v2/orders?status=all&limit=500&direction=desc&after=" +
               alpaca::format_timestamp(desk.list_since(now));
    break;
  case desk_action::positions:
    r.target = "/v2/positions";
    r.urgent = request.client_order_id == "close";
    break;
  case desk_action::close_one:
    r.method = "DELETE";
    r.target = "/v2/positions/" + request.venue_id +
               (request.shares > 0 ? "?qty=" + std::to_string(request.shares) : "");
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
