// What we say to Alpaca (shared specification, sections 1.2, 2, 3.2 and 4).
#include "core/alpaca/url_text.hpp"
#include "core/alpaca/wire.hpp"

#include <nlohmann/json.hpp>

namespace sentio::alpaca {

using nlohmann::ordered_json;

namespace {

/// Bytes that are no UTF-8 are replaced: writing must not throw either.
std::string dumped(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

} // namespace

std::string authentication_message(std::string_view key_id, std::string_view secret) {
  return dumped({{"action", "auth"}, {"key", key_id}, {"secret", secret}});
}

std::string subscription_message(const std::vector<std::string>& symbols) {
  ordered_json message{{"action", "subscribe"}};
  for (const char* const channel : {"bars", "updatedBars", "statuses", "lulds"})
    message[channel] = symbols;
  return dumped(message);
}

std::string trading_authentication_message(std::string_view key_id, std::string_view secret) {
  ordered_json message{{"action", "authenticate"}};
  message["data"]["key_id"] = key_id;
  message["data"]["secret_key"] = secret;
  return dumped(message);
}

std::string trading_listen_message() {
  return R"({"action":"listen","data":{"streams":["trade_updates"]}})";
}

std::string order_body(const order_intent& order, std::string_view symbol) {
  const bool sell = order.side == order_side::sell;
  ordered_json body;
  body["symbol"] = symbol;
  body["qty"] = std::to_string(order.shares);
  body["side"] = sell ? "sell" : "buy";
  body["type"] = "market";
  body["time_in_force"] = "day";
  body["client_order_id"] = order.client_order_id;
  // A second exit must not open a short position (section 3.7).
  if (sell)
    body["position_intent"] = "sell_to_close";
  return dumped(body);
}

std::string bars_target(const std::vector<std::string>& symbols, time_ms first, time_ms last,
                        std::string_view feed, std::string_view adjustment, std::string_view page_token) {
  std::string list;
  for (const auto& symbol : symbols)
    list += (list.empty() ? "" : ",") + symbol;
  std::string target = "/v2/stocks/bars?symbols=" + url_encoded(list) +
                       "&timeframe=1Min&start=" + url_encoded(format_timestamp(first)) +
                       "&end=" + url_encoded(format_timestamp(last)) +
                       "&limit=10000&adjustment=" + url_encoded(adjustment) + "&feed=" + url_encoded(feed) +
                       "&sort=asc";
  if (!page_token.empty())
    target += "&page_token=" + url_encoded(page_token);
  return target;
}

} // namespace sentio::alpaca
