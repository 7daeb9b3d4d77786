// The trade_updates stream and the order object (shared specification, sections 3.3 and 4).
#include "core/alpaca/order_fields.hpp"

#include <algorithm>
#include <array>

namespace sentio::alpaca {

namespace {

trading_message read_update(const json_value& data) {
  const json_value* const order = member(data, "order");
  if (!order)
    return trading_malformed{};
  auto order_read = read_order(*order);
  if (!order_read.value) {
    const json_value* const symbol = member(*order, "symbol");
    const auto name = symbol ? as_text(*symbol) : std::nullopt;
    if (!name)
      return trading_malformed{};
    return trading_unreadable{*name, order_read.problem};
  }
  field_reader read(data);
  trade_update update;
  update.order = std::move(*order_read.value);
  update.event = read.text("event");
  update.execution_id = read.text_or_empty("execution_id");
  update.price = read.amount_or_zero("price");
  update.shares = read.whole_or_zero("qty");
  if (const json_value* const position = member(data, "position_qty"))
    update.position = as_whole(*position);
  update.at = read.time_or_zero("timestamp");
  if (update.at == 0)
    update.at = read.time_or_zero("at");
  if (update.at == 0)
    update.at = update.order.updated_at;
  if (update.shares < 0)
    read.complain("qty is negative");
  if (!read.good())
    return trading_unreadable{update.order.symbol, read.problem()};
  return update;
}

} // namespace

bool is_terminal_status(std::string_view status) {
  constexpr std::array<std::string_view, 6> terminal{"filled",   "canceled", "expired",
                                                     "replaced", "rejected", "done_for_day"};
  return std::find(terminal.begin(), terminal.end(), status) != terminal.end();
}

parsed<venue_order> read_order(const json_value& object) {
  field_reader read(object);
  venue_order order;
  order.id = read.text("id");
  order.client_order_id = read.text("client_order_id");
  order.symbol = read.text("symbol");
  const std::string side = read.text("side");
  if (side == "sell" || side == "sell_short")
    order.side = order_side::sell;
  else if (side != "buy")
    read.complain("side is neither buy nor sell");
  order.type = read.text_or_empty("type");
  if (order.type.empty())
    order.type = read.text_or_empty("order_type");
  order.shares = read.whole("qty");
  order.filled = read.whole_or_zero("filled_qty");
  if (order.shares < 0 || order.filled < 0)
    read.complain("qty or filled_qty is negative");
  order.filled_price = read.amount_or_zero("filled_avg_price");
  order.status = read.text("status");
  order.created_at = read.time_or_zero("created_at");
  order.updated_at = read.time_or_zero("updated_at");
  if (order.updated_at == 0)
    order.updated_at = order.created_at;
  if (!read.good())
    return {std::nullopt, read.problem()};
  return {std::move(order), {}};
}

trading_message parse_trading_message(std::string_view text) {
  const json_document document(text);
  if (!document.root().is_object())
    return trading_malformed{};
  const json_value* const stream = member(document.root(), "stream");
  const json_value* const data = member(document.root(), "data");
  if (!stream || !stream->is_text())
    return trading_unknown{}; // for example {"action":"error",...}
  const std::string_view name = stream->letters;
  const bool known = name == "trade_updates" || name == "authorization" || name == "listening";
  if (!known)
    return trading_unknown{};
  if (!data || !data->is_object())
    return trading_malformed{};
  if (name == "trade_updates")
    return read_update(*data);
  if (name == "listening")
    return trading_listening{as_texts(member(*data, "streams"))};
  const json_value* const status = member(*data, "status");
  return trading_authorization{status && status->says("authorized")};
}

} // namespace sentio::alpaca
