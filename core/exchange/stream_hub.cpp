#include "core/exchange/stream_hub.hpp"

#include "core/exchange/json_text.hpp"

#include <algorithm>

namespace sentio::venue {

namespace {

bool is_data(stream_kind kind) { return kind != stream_kind::trading; }

json success(const char* text) { return json::array({{{"T", "success"}, {"msg", text}}}); }

json polygon_status(const char* status, const char* text) {
  return json::array({{{"ev", "status"}, {"status", status}, {"message", text}}});
}

} // namespace

void stream_hub::send_points(stream_id stream, connection& c) {
  if (c.points.empty())
    return;
  stream_output out;
  out.stream = stream;
  out.message.reserve(c.points.size() + 2);
  out.message += '[';
  out.message += c.points;
  out.message += ']';
  c.points.clear();
  outputs_.push_back(std::move(out));
  ++sent_;
}

void stream_hub::send_text(stream_id stream, std::string message) {
  send_points(stream, connections_.at(stream)); // what came before is sent before
  stream_output out;
  out.stream = stream;
  out.message = std::move(message);
  outputs_.push_back(std::move(out));
  ++sent_;
}

void stream_hub::send(stream_id stream, const json& message) { send_text(stream, dumped(message)); }

void stream_hub::send_error(stream_id stream, int code, const char* text) {
  send(stream, json::array({{{"T", "error"}, {"code", code}, {"msg", text}}}));
}

void stream_hub::end(stream_id stream, std::uint16_t code) {
  stream_output out;
  out.stream = stream;
  out.close = true;
  out.close_code = code;
  outputs_.push_back(std::move(out));
  connections_.erase(stream);
  wishes_.reset();
}

void stream_hub::end_where(const std::function<bool(const connection&)>& which, bool abort, std::uint16_t code) {
  for (auto it = connections_.begin(); it != connections_.end();) {
    if (!which(it->second)) {
      ++it;
      continue;
    }
    stream_output out;
    out.stream = it->first;
    out.abort = abort;
    out.close = !abort;
    out.close_code = code;
    outputs_.push_back(std::move(out));
    it = connections_.erase(it);
  }
  wishes_.reset();
}

void stream_hub::abort_data() {
  end_where([](const connection& c) { return is_data(c.kind); }, true, 0);
}
void stream_hub::abort_trading() {
  end_where([](const connection& c) { return c.kind == stream_kind::trading; }, true, 0);
}
void stream_hub::close_everyone(std::uint16_t code) {
  end_where([](const connection&) { return true; }, false, code);
}

std::optional<stream_id> stream_hub::open(stream_kind kind, const std::string& path, const http_request& upgrade,
                                          time_ms now, int& http_status) {
  http_status = 101;
  if (faults_.active(fault_kind::upgrade_429, now))
    http_status = 429;
  if (faults_.active(is_data(kind) ? fault_kind::data_drop : fault_kind::trading_drop, now))
    http_status = 503;
  if (kind == stream_kind::stock_data && path.rfind("/v2/", 0) != 0)
    http_status = 404;
  if (http_status != 101)
    return std::nullopt;
  const stream_id id = ++last_;
  connection c;
  c.kind = kind;
  c.path = path;
  c.test = kind == stream_kind::stock_data && path == "/v2/test";
  c.deadline = now + config_.auth_timeout_ms;
  connections_.emplace(id, std::move(c));
  if (kind == stream_kind::polygon)
    send(id, polygon_status("connected", "Connected Successfully"));
  if (kind == stream_kind::stock_data) {
    send(id, success("connected"));
    if (!upgrade.token.empty())
      data_auth(id, "oauth", upgrade.token, now);
    else if (!upgrade.key_id.empty())
      data_auth(id, upgrade.key_id, upgrade.secret, now);
  }
  return id; // the trading stream greets nobody (spec section 4)
}

void stream_hub::on_message(stream_id stream, const json& message, time_ms now) {
  const auto found = connections_.find(stream);
  if (found == connections_.end())
    return;
  if (found->second.kind == stream_kind::stock_data)
    data_message(stream, message, now);
  else if (found->second.kind == stream_kind::trading)
    trading_message(stream, message);
  else
    polygon_message(stream, message);
}

std::vector<stream_output> stream_hub::take() {
  flush();
  std::vector<stream_output> out;
  out.swap(outputs_);
  return out;
}

bool stream_hub::has(const connection& c, const std::string& channel, const std::string& symbol) {
  const auto found = c.subscribed.find(channel);
  return found != c.subscribed.end() && (found->second.count(symbol) != 0 || found->second.count("*") != 0);
}

bool stream_hub::wants(const std::string& channel, bool test) const {
  return std::any_of(connections_.begin(), connections_.end(), [&](const auto& entry) {
    const auto found = entry.second.subscribed.find(channel);
    return entry.second.test == test && found != entry.second.subscribed.end() && !found->second.empty();
  });
}

bool stream_hub::wants(const std::string& channel, const std::string& symbol, bool test) const {
  return std::any_of(connections_.begin(), connections_.end(), [&](const auto& entry) {
    return entry.second.test == test && has(entry.second, channel, symbol);
  });
}

const stream_hub::regular_wishes& stream_hub::wishes() const {
  if (!wishes_)
    wishes_ = {wants("quotes") || wants("trades") || wants("Q") || wants("T") || wants("A"),
               wants("quotes", true) || wants("trades", true), wants("lulds") || wants("LULD")};
  return *wishes_;
}

void stream_hub::data(const std::string& channel, const std::string& symbol, const std::string& point, bool test) {
  for (auto& [id, c] : connections_)
    if (c.kind == stream_kind::stock_data && c.test == test && has(c, channel, symbol))
      append_element(c.points, point);
}

void stream_hub::polygon(const std::string& topic, const std::string& symbol, const std::string& point) {
  for (auto& [id, c] : connections_)
    if (c.kind == stream_kind::polygon && has(c, topic, symbol))
      append_element(c.points, point);
}

void stream_hub::flush() {
  for (auto& [id, c] : connections_)
    send_points(id, c);
}

void stream_hub::broadcast_data(const json& message) {
  for (const auto& [id, c] : connections_)
    if (c.kind == stream_kind::stock_data && c.authenticated)
      send(id, message);
}

void stream_hub::broadcast_raw(const std::string& bytes) {
  for (const auto& [id, c] : connections_)
    if (is_data(c.kind) && c.authenticated) {
      stream_output out;
      out.stream = id;
      out.raw = bytes;
      outputs_.push_back(std::move(out));
    }
}

std::optional<time_ms> stream_hub::next_time() const {
  std::optional<time_ms> next;
  for (const auto& [id, c] : connections_)
    if (c.deadline && (!next || *c.deadline < *next))
      next = c.deadline;
  return next;
}

void stream_hub::run(time_ms now) {
  std::vector<stream_id> late;
  for (const auto& [id, c] : connections_)
    if (c.deadline && *c.deadline <= now)
      late.push_back(id);
  for (const stream_id id : late) {
    if (connections_.at(id).kind == stream_kind::stock_data)
      send_error(id, 404, "auth timeout");
    else if (connections_.at(id).kind == stream_kind::polygon)
      send(id, polygon_status("auth_timeout", "authentication timed out"));
    end(id, 1000);
  }
}

json stream_hub::counters() const {
  json rows = json::array();
  for (const auto& [id, c] : connections_)
    rows.push_back({{"path", c.path}, {"authenticated", c.authenticated}, {"listening", c.listening}});
  return {{"connections", rows}, {"opened", last_}, {"messages", sent_}};
}

// ---- trade_updates (spec section 4)

void stream_hub::trading_message(stream_id stream, const json& message) {
  connection& c = connections_.at(stream);
  const auto protocol_error = [&](const char* text) {
    send(stream, {{"action", "error"}, {"data", {{"error_message", text}}}});
  };
  const auto text_of = [](const json& object, const char* key) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    return object.is_object() && found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const std::string action = text_of(message, "action");
  const json data = message.is_object() && message.contains("data") ? message["data"] : json::object();
  if (action == "authenticate" || action == "auth") {
    // Alpaca takes the keys inside "data" or, in newer documents, beside "action".
    const std::string key = text_of(data, "key_id").empty() ? text_of(message, "key") : text_of(data, "key_id");
    const std::string secret
      = text_of(data, "secret_key").empty() ? text_of(message, "secret") : text_of(data, "secret_key");
    const bool good = key == config_.key_id && secret == config_.secret;
    c.authenticated = c.authenticated || good;
    if (good)
      c.deadline.reset();
    send(stream, {{"stream", "authorization"},
                  {"data", {{"status", good ? "authorized" : "unauthorized"}, {"action", "authenticate"}}}});
  } else if (action == "listen") {
    if (!c.authenticated) {
      send(stream, {{"stream", "authorization"}, {"data", {{"status", "unauthorized"}, {"action", "listen"}}}});
      return;
    }
    json names = json::array();
    c.listening = false;
    if (data.is_object() && data.contains("streams") && data["streams"].is_array())
      for (const json& name : data["streams"])
        if (name == "trade_updates") {
          c.listening = true;
          names = json::array({"trade_updates"});
        }
    send(stream, {{"stream", "listening"}, {"data", {{"streams", names}}}});
  } else {
    protocol_error(action.empty() ? "invalid message" : "unknown action");
  }
}

void stream_hub::trade_update(const std::string& event, const std::string& symbol, const std::string& data,
                              time_ms now) {
  const placed_fault* dropped = faults_.active(fault_kind::trade_updates_dropped, now, symbol);
  if (dropped && (dropped->what.text.empty() || dropped->what.text == event)) {
    faults_.strike(fault_kind::trade_updates_dropped, now, symbol);
    return;
  }
  const placed_fault* altered = faults_.strike_if(fault_kind::trade_update_altered, now, [&](const fault& f) {
    return (f.match.empty() || f.match == event) && (f.symbol.empty() || f.symbol == symbol);
  });
  std::string patched;
  if (altered) {
    json all = json::parse(data);
    all.merge_patch(json::parse(altered->what.text));
    patched = dumped(all);
  }
  std::int64_t copies = 1;
  if (const placed_fault* twice = faults_.strike(fault_kind::duplicate_fills, now, symbol))
    copies = std::clamp<std::int64_t>(static_cast<std::int64_t>(twice->value()), 1, 100);
  for (const auto& [id, c] : connections_)
    if (c.kind == stream_kind::trading && c.listening)
      for (std::int64_t i = 0; i < copies; ++i)
        send_text(id, object_text().ready("data", altered ? patched : data).text("stream", "trade_updates").take());
}

void stream_hub::trade_update_of_fault(const std::string& data) {
  for (const auto& [id, c] : connections_)
    if (c.kind == stream_kind::trading && c.listening)
      send_text(id, object_text().ready("data", data).text("stream", "trade_updates").take());
}

} // namespace sentio::venue
