// An exchange with a small market, and requests to it in one line.
#pragma once

#include "core/exchange/exchange.hpp"
#include "core/numeric/random.hpp"

#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sentio::test {

using nlohmann::json;

inline const civil_date monday{2026, 11, 23};   // a full session
inline const civil_date half_day{2026, 11, 27}; // the day after Thanksgiving
inline time_ms at(int hour, int minute, int second = 0, civil_date date = monday) {
  return new_york_to_utc(date, hour, minute, second);
}

/// Regular minutes of the sessions around monday; prices near `price` that move a little, whole cents.
inline std::vector<bar> small_bars(std::uint64_t seed, double price, const std::vector<civil_date>& dates) {
  random_source random(seed);
  std::vector<bar> bars;
  auto cents = static_cast<std::int64_t>(price * 100);
  for (const civil_date date : dates) {
    const session_hours hours = *session_on(date);
    for (time_ms label = hours.open; label < hours.close; label += minute_ms) {
      const std::int64_t open = cents;
      cents += static_cast<std::int64_t>(random.below(7)) - 3;
      const auto dollars = [](std::int64_t c) { return static_cast<double>(c) / 100; };
      bars.push_back({label, dollars(open), dollars(std::max(open, cents) + 2), dollars(std::min(open, cents) - 2),
                      dollars(cents), static_cast<double>(1'000 + random.below(9'000))});
    }
  }
  return bars;
}

inline std::unique_ptr<market_source> small_market() {
  const std::vector<civil_date> dates{{2026, 11, 20}, monday, {2026, 11, 24}, {2026, 11, 25}, half_day, {2026, 11, 30}};
  return make_memory_market({"SQQQ", "TQQQ", "UPRO"}, {small_bars(1, 15, dates), small_bars(2, 60, dates),
                                                       small_bars(3, 100, dates)});
}

/// An answer with its body read.
struct reply {
  int status = 0;
  json body;
  http_response raw;
  std::string text(const char* key) const { return body.contains(key) && body[key].is_string() ? body[key] : json(""); }
};

class venue_fixture {
public:
  explicit venue_fixture(time_ms start = at(9, 45), exchange_config given = {}) : config(std::move(given)) {
    venue = std::make_unique<exchange>(config, small_market(), start);
    now = start;
  }
  static exchange_config whole_fills() {
    exchange_config c;
    c.partial_fill_share = 0;
    c.requests_per_minute = 0;
    c.revised_bar_share = 0;
    return c;
  }

  reply call(const std::string& method, const std::string& path, const json& body = nullptr,
             std::vector<std::pair<std::string, std::string>> query = {}) {
    http_request r{method, path, std::move(query), body.is_null() ? "" : body.dump(), config.key_id, config.secret};
    return of(venue->handle(r));
  }
  static reply of(http_response r) {
    reply answer{r.status, json::parse(r.body, nullptr, false), r};
    return answer;
  }
  reply get(const std::string& path, std::vector<std::pair<std::string, std::string>> query = {}) {
    return call("GET", path, nullptr, std::move(query));
  }
  reply order(const std::string& symbol, const std::string& side, const std::string& qty, json more = json::object()) {
    json body{{"symbol", symbol}, {"side", side}, {"qty", qty}, {"type", "market"}, {"time_in_force", "day"}};
    body.update(more);
    return call("POST", "/v2/orders", body);
  }
  void pass(time_ms ms) {
    now += ms;
    venue->advance(now);
  }
  void go(time_ms to) {
    now = to;
    venue->advance(now);
  }
  json order_now(const std::string& id) { return get("/v2/orders/" + id).body; }
  std::string held(const std::string& symbol) {
    const reply r = get("/v2/positions/" + symbol);
    return r.status == 200 ? r.text("qty") : "0";
  }
  std::string faults(const json& rows) {
    fault_plan plan;
    const std::string problem = parse_faults(rows.dump(), plan);
    if (problem.empty())
      venue->set_faults(plan);
    return problem;
  }

  stream_id open(stream_kind kind, const std::string& path) {
    int status = 0;
    return venue->open_stream(kind, path, {}, status).value_or(0);
  }
  int open_status(stream_kind kind, const std::string& path) {
    int status = 0;
    if (const auto id = venue->open_stream(kind, path, {}, status))
      venue->close_stream(*id);
    return status;
  }
  /// A data stream that is authenticated and has subscribed; its greetings are taken away.
  stream_id data(const json& subscription, const std::string& path = "/v2/iex") {
    const stream_id id = open(stream_kind::stock_data, path);
    say(id, {{"action", "auth"}, {"key", config.key_id}, {"secret", config.secret}});
    json message = subscription;
    message["action"] = "subscribe";
    say(id, message);
    venue->take();
    return id;
  }
  stream_id trading() {
    const stream_id id = open(stream_kind::trading, "/stream");
    say(id, {{"action", "authenticate"}, {"data", {{"key_id", config.key_id}, {"secret_key", config.secret}}}});
    say(id, {{"action", "listen"}, {"data", {{"streams", {"trade_updates"}}}}});
    venue->take();
    return id;
  }
  void say(stream_id id, const json& message) { venue->on_message(id, message); }
  /// Messages to one stream since the last call of take.
  std::vector<json> heard(stream_id id) {
    std::vector<json> messages;
    outputs = venue->take();
    for (const stream_output& o : outputs)
      if (o.stream == id && !o.message.empty())
        messages.push_back(json::parse(o.message));
    return messages;
  }
  /// Elements of all data arrays with this T.
  std::vector<json> points(stream_id id, const std::string& type) {
    std::vector<json> found;
    for (const json& array : heard(id))
      for (const json& point : array)
        if (point.is_object() && point.contains("T") && point["T"] == type)
          found.push_back(point);
    return found;
  }
  std::vector<std::string> events(stream_id id) {
    std::vector<std::string> names;
    for (const json& m : heard(id))
      if (m.contains("stream") && m["stream"] == "trade_updates")
        names.push_back(m["data"]["event"]);
    return names;
  }
  bool aborted(stream_id id) const {
    return std::any_of(outputs.begin(), outputs.end(), [&](const auto& o) { return o.stream == id && o.abort; });
  }
  int closed(stream_id id) const {
    for (const stream_output& o : outputs)
      if (o.stream == id && o.close)
        return o.close_code;
    return 0;
  }

  exchange_config config;
  std::unique_ptr<exchange> venue;
  time_ms now = 0;
  std::vector<stream_output> outputs; ///< of the last call of heard
};

inline std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : " ") + word;
  return text;
}

/// A recorded example of the real venue, when the folder is there.
inline std::optional<json> recorded(const std::string& name) {
  std::ifstream in(std::string(SENTIO_SOURCE_DIR) + "/../shared/examples/alpaca/" + name);
  if (!in)
    return std::nullopt;
  return json::parse(in, nullptr, false);
}

/// Keys that a recorded answer has and ours lacks.
inline std::string missing_keys(const json& example, const json& ours) {
  std::vector<std::string> names;
  for (const auto& [key, value] : example.items())
    if (!ours.contains(key))
      names.push_back(key);
  return joined(names);
}

} // namespace sentio::test
