#include "core/exchange/exchange.hpp"

#include "core/exchange/data_api.hpp"
#include "core/exchange/market_feed.hpp"
#include "core/exchange/market_messages.hpp"
#include "core/exchange/polygon_api.hpp"
#include "core/exchange/rate_limit.hpp"
#include "core/exchange/rest_faults.hpp"
#include "core/exchange/state_file.hpp"
#include "core/exchange/stream_hub.hpp"
#include "core/exchange/trading_api.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace sentio {

using namespace venue;

struct exchange::impl {
  impl(const exchange_config& c, std::unique_ptr<market_source> market, time_ms start)
    : config(c), calendar(faults), prices(config, std::move(market)), file(config.state_file, account),
      now(std::max(start, account.time)), hub(config, faults), feed(prices, calendar, faults, hub, now),
      desk({config, account, prices, calendar, faults, 
            [this](const venue_order& order, const char* event, const std::string& update) {
              hub.trade_update(event, order.symbol, update, now);
            }}),
      trading({config, account, prices, calendar, faults, nullptr}, desk), data(config, prices, faults),
      polygon(config, prices),
      trading_calls(config.requests_per_minute), data_calls(config.requests_per_minute) {
    if (!file.found()) {
      account.cash = std::llround(config.cash * 1e6);
      account.last_equity = account.cash;
    }
    account.time = now;
    next_close = calendar.current_or_next(now).close;
    desk.look_at_all(now);
    file.write(account);
  }

  std::optional<time_ms> next_time() const {
    time_ms next = std::min(next_close, *feed.next_time(now));
    for (const auto& other : {desk.next_time(), hub.next_time(), faults.next_edge()})
      if (other)
        next = std::min(next, *other);
    return std::max(next, now);
  }

  /// Everything that is due at one instant.
  void step(time_ms at) {
    account.time = now = at;
    take_edges();
    hub.run(now);
    desk.run(now);
    feed.run(now);
    if (now >= next_close)
      close_session();
    hub.flush();
    file.write(account);
  }

  void advance(time_ms to) {
    time_ms before = now;
    for (int repeats = 0;; ++repeats) {
      const time_ms next = *next_time();
      if (next > to)
        break;
      repeats = next == before ? repeats : 0;
      if (repeats > 1'000)
        throw std::logic_error("the exchange finds something to do at the same instant for ever");
      before = next;
      step(next);
    }
    account.time = now = std::max(now, to);
    file.write_time(account);
  }

  void close_session() {
    desk.look_at_all(now);
    desk.run(now);
    account.last_equity = trading.equity(now);
    account.equity_day = days_since_epoch(new_york_date(now));
    next_close = calendar.current_or_next(now).close;
  }

  void take_edges();
  void start_fault(const placed_fault& f);
  void end_fault(const placed_fault& f);
  void tell_halt(const placed_fault& f, bool start);
  void set_faults(fault_plan plan);

  http_response handle(const http_request& request);
  void identify(http_response& answer);
  http_response admin(const http_request& request);
  std::optional<http_response> refused_keys(const http_request& request, bool is_data, bool is_polygon);
  http_response checked(const http_request& request, bool is_data, bool is_polygon);
  http_response too_many(bool is_polygon);
  http_response posted_order(const http_request& request);
  json state() const;

  exchange_config config;
  fault_board faults;
  venue_calendar calendar;
  price_source prices;
  books account;
  state_file file;
  time_ms now; ///< after the file, which may be further on than the start that was asked for
  time_ms next_close = 0;
  stream_hub hub;
  market_feed feed;
  order_desk desk;
  trading_api trading;
  data_api data;
  polygon_api polygon;
  std::uint64_t answers = 0;
  rate_limit trading_calls, data_calls;
};

// ---- faults with a beginning and an end

void exchange::impl::take_edges() {
  bool any = false;
  for (const fault_edge& edge : faults.take_edges(now)) {
    if (edge.start)
      start_fault(edge.fault);
    else
      end_fault(edge.fault);
    any = true;
  }
  if (any) { // sessions and halts may have changed
    next_close = std::max(now, calendar.current_or_next(now).close);
    desk.look_at_all(now);
  }
}

void exchange::impl::tell_halt(const placed_fault& f, bool start) {
  const bool pause = f.what.kind == fault_kind::luld_pause;
  for (std::size_t i = 0; i < prices.symbols().size(); ++i) {
    const std::string& symbol = prices.name(i);
    if (!f.concerns(symbol))
      continue;
    const char* reason = pause ? "LUDP" : f.what.symbol.empty() ? "MWC1" : "T1";
    const auto quote = prices.quote(i, now);
    if (start && pause && quote)
      hub.data("lulds", symbol, luld_message(symbol, *quote, now));
    hub.data("statuses", symbol,
             start ? status_message(symbol, pause ? "P" : "H", pause ? "Volatility Trading Pause" : "Trading Halt", reason,
                                    pause ? "Volatility Trading Pause" : "Trading Halted", now)
                   : status_message(symbol, "T", "Trading Resumption", reason, "Trading Resumed", now));
  }
}

void exchange::impl::start_fault(const placed_fault& f) {
  const double value = f.value();
  switch (f.what.kind) {
    case fault_kind::data_drop:
    case fault_kind::data_ghost:
      hub.abort_data();
      break;
    case fault_kind::upgrade_429:
      hub.abort_data();
      hub.abort_trading();
      break;
    case fault_kind::trading_drop:
      hub.abort_trading();
      break;
    case fault_kind::close_1011:
      hub.close_everyone(1011);
      break;
    case fault_kind::slow_client:
      hub.broadcast_data(json::array({{{"T", "error"}, {"code", 407}, {"msg", "slow client"}}}));
      hub.abort_data();
      break;
    case fault_kind::malformed_json:
      hub.flush();
      hub.broadcast_raw(f.what.text == "truncated" ? R"([{"T":"b","S":"TQQQ","o":30.1,"h":3)" : R"({"T":"b",,]\x00)");
      break;
    case fault_kind::halt:
    case fault_kind::luld_pause:
    case fault_kind::reopen_gap:
      prices.add_gap(f.what.symbol, f.from, f.until, true);
      if (f.what.kind == fault_kind::reopen_gap && value > -1)
        prices.add_factor(f.what.symbol, f.until, 1 + value, false);
      tell_halt(f, true);
      break;
    case fault_kind::reverse_split:
      desk.end_orders(f.what.symbol, now); // Alpaca cancels open orders at a split
      if (value > 0) {
        prices.add_factor(f.what.symbol, f.from, value, true);
        for (const std::string& symbol : prices.symbols())
          if (f.concerns(symbol))
            account.split_position(symbol, value);
      }
      break;
    case fault_kind::trade_update_sent:
      hub.trade_update_of_fault(f.what.text);
      break;
    case fault_kind::data_message_sent:
      hub.flush();
      hub.broadcast_data(json::parse(f.what.text));
      break;
    case fault_kind::foreign_order:
      desk.place_foreign(f.what.symbol, std::max<quantity>(1, std::llround(std::clamp(value, 0.0, 1e6))) * whole_share,
                         now);
      break;
    default: // the others act where they are asked for
      break;
  }
}

void exchange::impl::end_fault(const placed_fault& f) {
  if (f.what.kind == fault_kind::halt || f.what.kind == fault_kind::luld_pause
      || f.what.kind == fault_kind::reopen_gap)
    tell_halt(f, false);
}

void exchange::impl::set_faults(fault_plan plan) {
  for (const placed_fault& f : faults.placed())
    if (f.started && !f.ended)
      end_fault(f);
  prices.end_gaps(now);
  faults.set(std::move(plan), now);
  take_edges();
  next_close = std::max(now, calendar.current_or_next(now).close);
  desk.look_at_all(now);
  file.write(account);
}

// ---- requests

http_response exchange::impl::handle(const http_request& request) {
  const std::string& path = request.path;
  if (path == "/faults" || path.rfind("/exchange/", 0) == 0)
    return admin(request);
  const bool is_data = path.rfind("/v2/stocks", 0) == 0;
  const bool is_polygon = is_polygon_path(path) || !query_value(request, "apiKey").empty();
  if (auto instead = answer_of_fault(faults, request, now))
    return std::move(*instead);
  http_response r = checked(request, is_data, is_polygon);
  alter_by_fault(faults, request, now, r);
  hub.flush();
  return r;
}

http_response exchange::impl::too_many(bool is_polygon) {
  return is_polygon ? polygon.refuse(429, "You've exceeded the maximum requests per minute.")
                    : refuse(429, 42910000, "rate limit exceeded.");
}

/// Empty when the request may be carried out. Alpaca tells absent keys (403) from wrong ones (401; data: 403).
std::optional<http_response> exchange::impl::refused_keys(const http_request& request, bool is_data, bool is_polygon) {
  if (is_polygon) {
    const std::string api_key = query_value(request, "apiKey");
    const std::string& key = !api_key.empty() ? api_key : !request.token.empty() ? request.token : request.secret;
    if (key.empty())
      return polygon.refuse(401, "API Key was not provided");
    if (key != config.key_id && key != config.secret)
      return polygon.refuse(401, "Unknown API Key");
    return std::nullopt;
  }
  const bool by_keys = request.token.empty();
  if (by_keys && (request.key_id.empty() || request.secret.empty()))
    return answer(403, {{"message", "forbidden."}});
  if (by_keys ? request.key_id == config.key_id && request.secret == config.secret : request.token == config.secret)
    return std::nullopt;
  return is_data ? answer(403, {{"message", "forbidden."}}) : refuse(401, 40110000, "request is not authorized");
}

http_response exchange::impl::checked(const http_request& request, bool is_data, bool is_polygon) {
  if (auto refused = refused_keys(request, is_data, is_polygon))
    return *refused;
  rate_limit& limit = is_data || is_polygon ? data_calls : trading_calls;
  http_response r;
  if (!limit.take(now))
    r = too_many(is_polygon);
  else if (is_polygon)
    r = polygon.handle(request, now);
  else if (is_data)
    r = data.stocks(request, now);
  else if (request.method == "POST" && request.path == "/v2/orders")
    r = posted_order(request);
  else
    r = trading.handle(request, now);
  for (auto& header : limit.headers(now))
    r.headers.push_back(std::move(header));
  file.write(account);
  return r;
}

void exchange::impl::identify(http_response& answer) {
  std::string id = uuid_of(config.seed, "request", ++answers);
  std::erase(id, '-'); // Alpaca writes 32 digits
  const auto add = [&](const char* name, std::string value) { // a fault may have given its own
    if (std::none_of(answer.headers.begin(), answer.headers.end(), [&](const auto& one) { return one.first == name; }))
      answer.headers.emplace_back(name, std::move(value));
  };
  add("X-Request-ID", std::move(id));
  add("Date", http_date(now));
}

/// POST /v2/orders with the faults of its answer (rows F14 to F16).
http_response exchange::impl::posted_order(const http_request& request) {
  const json body = json::parse(request.body, nullptr, false);
  std::string symbol;
  if (body.is_object() && body.contains("symbol") && body["symbol"].is_string())
    symbol = body["symbol"].get<std::string>();
  http_response failed;
  if (faults.strike(fault_kind::order_503_before, now, symbol)) {
    failed.status = 503;
    failed.body = "<html><body>503 Service Temporarily Unavailable</body></html>";
    return failed;
  }
  http_response r = trading.handle(request, now);
  if (r.status != 200)
    return r;
  if (faults.strike(fault_kind::order_answer_dropped, now, symbol))
    r.drop_connection = true;
  if (const placed_fault* late = faults.strike(fault_kind::order_answer_delayed, now, symbol))
    r.delay_ms += late->delay();
  if (const placed_fault* late = faults.strike(fault_kind::fill_before_answer, now, symbol))
    r.delay_ms += late->delay();
  if (faults.strike(fault_kind::order_duplicate_answer, now, symbol))
    return refuse(422, 40010001, "client_order_id must be unique");
  if (faults.strike(fault_kind::order_500_after, now, symbol))
    return refuse(500, 50010000, "internal server error occurred");
  if (faults.strike(fault_kind::order_504_after, now, symbol)) {
    failed.status = 504;
    failed.body = "<html><body>504 Gateway Time-out</body></html>";
    return failed;
  }
  return r;
}

http_response exchange::impl::admin(const http_request& request) {
  if (request.path == "/faults" && request.method == "GET")
    return answer(200, json::parse(print_faults(faults.plan())));
  if (request.path == "/faults" && request.method == "POST") {
    fault_plan plan;
    if (const std::string problem = parse_faults(request.body, plan); !problem.empty())
      return refuse(422, 42210000, problem);
    set_faults(std::move(plan));
    return answer(200, json::parse(print_faults(faults.plan())));
  }
  if (request.path == "/exchange/state" && request.method == "GET")
    return answer(200, state());
  return refuse(404, 40410000, "endpoint not found");
}

json exchange::impl::state() const {
  json orders = json::array(), executions = json::array();
  for (const venue_order& o : account.orders())
    orders.push_back(json::parse(order_text(o, config.seed)));
  for (const venue_execution& e : account.executions())
    executions.push_back(execution_record(e));
  json positions = json::object();
  for (const auto& [symbol, position] : account.positions())
    positions[symbol] = {{"qty", decimal_text(position.shares, 9)}, {"cost_basis", decimal_text(position.cost, 6)}};
  json met = json::object();
  for (const auto& [kind, times] : faults.met())
    met[std::string(description_of(kind).name)] = times;
  return {{"time", utc_text(now * ns_of_ms)},
          {"time_ms", now},
          {"faults_met", met},
          {"cash", decimal_text(account.cash, 6)},
          {"buying_power", decimal_text(account.buying_power(), 6)},
          {"equity", decimal_text(trading.equity(now), 6)},
          {"positions", positions},
          {"orders", orders},
          {"executions", executions},
          {"executions_count", account.executions().size()},
          {"trade_events", account.events},
          {"streams", hub.counters()}};
}

// ---- the public face

exchange::exchange(const exchange_config& config, std::unique_ptr<market_source> market, time_ms now)
  : impl_(std::make_unique<impl>(config, std::move(market), now)) {}
exchange::~exchange() = default;

void exchange::advance(time_ms now) { impl_->advance(now); }
std::optional<time_ms> exchange::next_time() const { return impl_->next_time(); }
time_ms exchange::now() const { return impl_->now; }

http_response exchange::handle(const http_request& request) {
  http_response r;
  try {
    r = impl_->handle(request);
  } catch (const std::exception& e) {
    r = refuse(500, 50010000, std::string("internal server error: ") + e.what());
  }
  impl_->identify(r);
  return r;
}

void exchange::identify(http_response& answer) { impl_->identify(answer); }

std::optional<stream_id> exchange::open_stream(stream_kind kind, const std::string& path, const http_request& upgrade,
                                               int& http_status) {
  return impl_->hub.open(kind, path, upgrade, impl_->now, http_status);
}

void exchange::on_message(stream_id stream, const json& message) { impl_->hub.on_message(stream, message, impl_->now); }
void exchange::close_stream(stream_id stream) { impl_->hub.close(stream); }
std::vector<stream_output> exchange::take() { return impl_->hub.take(); }
void exchange::set_faults(fault_plan plan) { impl_->set_faults(std::move(plan)); }
json exchange::state() const { return impl_->state(); }

bool exchange::fault_active(fault_kind kind, time_ms now) const { return impl_->faults.active(kind, now) != nullptr; }

int exchange::upgrade_retry_after() const {
  const placed_fault* f = impl_->faults.active(fault_kind::upgrade_429, impl_->now);
  return f ? static_cast<int>(std::clamp(f->value(), 0.0, 3'600.0)) : 0;
}

} // namespace sentio
