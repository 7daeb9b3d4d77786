// The protocols of the market-data streams: Alpaca's (spec sections 1.2 and 1.3) and Polygon's (section 5).
#include "core/exchange/stream_hub.hpp"

#include <algorithm>
#include <array>

namespace sentio::venue {

namespace {

constexpr std::array<const char*, 7> channels{"trades", "quotes", "bars", "updatedBars", "dailyBars", "statuses", "lulds"};
constexpr std::array<const char*, 3> test_channels{"trades", "quotes", "bars"};
/// Sent by clients that repeat the acknowledgement; they follow from trades and are not chosen.
constexpr std::array<const char*, 2> automatic{"corrections", "cancelErrors"};
/// Channels of other feeds.
constexpr std::array<const char*, 3> foreign{"imbalances", "orderbooks", "news"};
/// Polygon's: minute and second aggregates, trades, quotes, price bands. All others of its topics are refused.
constexpr std::array<const char*, 5> polygon_topics{"AM", "A", "T", "Q", "LULD"};

template <class List>
bool one_of(const List& list, const std::string& word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

std::string text_of(const json& message, const char* key) {
  const auto found = message.find(key);
  return found != message.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string joined(const std::string& topic, const std::string& symbol) { return topic + "." + symbol; }

} // namespace

void stream_hub::data_message(stream_id stream, const json& message, time_ms now) {
  const connection& c = connections_.at(stream);
  const std::string action = message.is_object() ? text_of(message, "action") : std::string();
  if (action == "auth") {
    data_auth(stream, text_of(message, "key"), text_of(message, "secret"), now);
  } else if (action != "subscribe" && action != "unsubscribe") {
    send_error(stream, 400, "invalid syntax");
  } else if (!c.authenticated) {
    send_error(stream, 401, "not authenticated");
  } else {
    data_subscribe(stream, message, action == "subscribe", now);
  }
}

void stream_hub::data_auth(stream_id stream, const std::string& key, const std::string& secret, time_ms now) {
  connection& c = connections_.at(stream);
  if (c.authenticated) {
    send_error(stream, 403, "already authenticated");
    return;
  }
  const bool oauth = key == "oauth" && secret == config_.secret;
  if (faults_.strike(fault_kind::auth_402, now) || (!oauth && (key != config_.key_id || secret != config_.secret))) {
    send_error(stream, 402, "auth failed");
    end(stream, 1000);
    return;
  }
  if (faults_.strike(fault_kind::auth_409, now)) {
    send_error(stream, 409, "insufficient subscription");
    end(stream, 1000);
    return;
  }
  const auto alive = std::count_if(connections_.begin(), connections_.end(), [&](const auto& entry) {
    return entry.second.authenticated && entry.second.path == c.path && entry.second.kind == c.kind;
  });
  const bool full = config_.data_connection_limit > 0 && alive >= config_.data_connection_limit;
  c.deadline.reset(); // Go's client tries again on the same socket, for longer than the timeout
  if (full || faults_.active(fault_kind::data_ghost, now)) {
    send_error(stream, 406, "connection limit exceeded");
    return;
  }
  c.authenticated = true;
  send(stream, json::array({{{"T", "success"}, {"msg", "authenticated"}}}));
}

json stream_hub::acknowledgement(const connection& c) const {
  json row{{"T", "subscription"}};
  const auto list = [&](const char* channel) {
    const auto found = c.subscribed.find(channel);
    return found == c.subscribed.end() ? json::array() : json(found->second);
  };
  if (c.test) {
    for (const char* channel : test_channels)
      row[channel] = list(channel);
  } else {
    for (const char* channel : channels)
      row[channel] = list(channel);
    for (const char* channel : automatic)
      row[channel] = list("trades");
  }
  return json::array({row});
}

void stream_hub::data_subscribe(stream_id stream, const json& message, bool add, time_ms now) {
  connection& c = connections_.at(stream);
  auto wished = c.subscribed;
  for (const auto& [key, list] : message.items()) {
    if (key == "action" || one_of(automatic, key))
      continue;
    if (one_of(foreign, key) || (c.test && one_of(channels, key) && !one_of(test_channels, key) && !list.empty()))
      return send_error(stream, 410, "invalid subscribe action for this feed");
    if (!one_of(channels, key) || !(list.is_array() || list.is_null()))
      return send_error(stream, 400, "invalid syntax");
    std::set<std::string>& set = wished[key];
    for (const json& symbol : list) {
      if (!symbol.is_string() || (symbol != "*" && !is_symbol(symbol.get_ref<const std::string&>())))
        return send_error(stream, 400, "invalid syntax");
      if (add)
        set.insert(symbol.get<std::string>());
      else
        set.erase(symbol.get<std::string>());
    }
  }
  if (add && faults_.strike(fault_kind::subscription_400, now))
    return send_error(stream, 400, "invalid syntax");
  if (add && faults_.strike(fault_kind::subscription_405, now))
    return send_error(stream, 405, "symbol limit exceeded");
  std::set<std::string> distinct;
  for (const auto& [channel, set] : wished)
    distinct.insert(set.begin(), set.end());
  const int limit = config_.data_symbol_limit;
  if (add && limit > 0 && (distinct.count("*") != 0 || distinct.size() > static_cast<std::size_t>(limit)))
    return send_error(stream, 405, "symbol limit exceeded");
  if (const placed_fault* part = add ? faults_.strike(fault_kind::partial_subscription, now) : nullptr) {
    std::set<std::string>& bars = wished["bars"];
    if (!part->what.symbol.empty())
      bars.erase(part->what.symbol);
    else
      bars.erase(std::next(bars.begin(), static_cast<std::ptrdiff_t>((bars.size() + 1) / 2)), bars.end());
  }
  c.subscribed = std::move(wished);
  wishes_.reset();
  send(stream, acknowledgement(c));
}

// ---- Polygon

void stream_hub::polygon_message(stream_id stream, const json& message) {
  const std::string action = message.is_object() ? text_of(message, "action") : std::string();
  const std::string params = message.is_object() ? text_of(message, "params") : std::string();
  if (action == "auth")
    polygon_auth(stream, params);
  else if ((action == "subscribe" || action == "unsubscribe") && connections_.at(stream).authenticated)
    polygon_subscribe(stream, params, action == "subscribe");
  else
    send(stream, json::array({{{"ev", "status"},
                               {"status", action.empty() ? "error" : "not_authorized"},
                               {"message", action.empty() ? "Invalid message" : "authentication required"}}}));
}

void stream_hub::polygon_auth(stream_id stream, const std::string& key) {
  connection& c = connections_.at(stream);
  const bool good = key == config_.key_id || key == config_.secret;
  send(stream, json::array({{{"ev", "status"},
                             {"status", good ? "auth_success" : "auth_failed"},
                             {"message", good ? "authenticated" : "authentication failed"}}}));
  if (!good) {
    end(stream, 1000);
    return;
  }
  c.deadline.reset();
  c.authenticated = true;
  make_room(stream);
}

/// One connection per account: a new one pushes out the oldest (spec section 5).
void stream_hub::make_room(stream_id stream) {
  std::vector<stream_id> older;
  for (const auto& [id, c] : connections_)
    if (id != stream && c.kind == stream_kind::polygon && c.authenticated)
      older.push_back(id);
  for (const stream_id id : older) {
    send(id, json::array({{{"ev", "status"},
                           {"status", "max_connections"},
                           {"message", "Maximum number of websocket connections exceeded."}}}));
    end(id, 1008);
  }
}

void stream_hub::polygon_subscribe(stream_id stream, const std::string& topics, bool add) {
  connection& c = connections_.at(stream);
  const auto status = [&](const char* what, const std::string& text) {
    send(stream, json::array({{{"ev", "status"}, {"status", what}, {"message", text}}}));
  };
  for (std::size_t at = 0; at <= topics.size();) {
    const std::size_t comma = std::min(topics.find(',', at), topics.size());
    std::string word = topics.substr(at, comma - at);
    at = comma + 1;
    word.erase(0, word.find_first_not_of(' '));
    const std::size_t point = std::min(word.find('.'), word.size());
    const std::string topic = word.substr(0, point), symbol = point < word.size() ? word.substr(point + 1) : "";
    if (!one_of(polygon_topics, topic) || (symbol != "*" && !is_symbol(symbol))) {
      // Nothing is echoed that may be no text.
      status("error", is_symbol(topic) && is_symbol(symbol) ? "not available on this feed: " + joined(topic, symbol)
                                                            : "invalid subscription");
      continue;
    }
    std::set<std::string>& set = c.subscribed[topic];
    if (add)
      set.insert(symbol);
    else
      set.erase(symbol);
    wishes_.reset();
    status("success", (add ? "subscribed to: " : "unsubscribed from: ") + joined(topic, symbol));
  }
}

} // namespace sentio::venue
