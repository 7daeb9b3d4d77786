#define CAF_SUITE exchange_life
#include "tests/exchange/support.hpp"
#include "tests/support/test.hpp"

#include <sqlite3.h>

#include <map>

using namespace sentio;
using namespace sentio::test;

namespace {

/// An exact count of millionths: what the answers show as decimal text.
std::int64_t micros_of(const json& text) {
  const std::string s = text.get<std::string>();
  const std::size_t point = std::min(s.find('.'), s.size());
  std::string digits = s.substr(0, point) + (point < s.size() ? s.substr(point + 1) : "");
  digits.append(6 - (point < s.size() ? s.size() - point - 1 : 0), '0');
  return std::stoll(digits);
}

/// Cash is the start less buys plus sells, positions are sums of executions, nothing is owed.
void check_identities(venue_fixture& v, std::int64_t start) {
  const json state = v.venue->state();
  std::int64_t cash = start;
  std::map<std::string, double> shares;
  std::map<std::string, double> by_order;
  std::vector<std::string> ids;
  for (const json& e : state["executions"]) {
    const bool buy = e["side"] == "buy";
    const double qty = std::stod(e["qty"].get<std::string>());
    cash += (buy ? -1 : 1) * micros_of(e["value"]);
    shares[e["symbol"]] += buy ? qty : -qty;
    by_order[e["order_id"]] += qty;
    ids.push_back(e["execution_id"]);
  }
  CHECK_EQUAL(micros_of(state["cash"]), cash);
  CHECK(micros_of(state["buying_power"]) >= 0);
  for (const auto& [symbol, sum] : shares) {
    const double held = state["positions"].contains(symbol) ? std::stod(state["positions"][symbol]["qty"].get<std::string>())
                                                            : 0;
    CHECK(std::abs(held - sum) < 1e-6);
    CHECK(held >= 0);
  }
  for (const json& o : state["orders"]) {
    const double filled = std::stod(o["filled_qty"].get<std::string>());
    CHECK(std::abs(filled - by_order[o["id"]]) < 1e-6);
    CHECK(o["qty"].is_null() || filled <= std::stod(o["qty"].get<std::string>()));
  }
  std::sort(ids.begin(), ids.end());
  CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
}

/// One random request; what it is depends on the source alone and on the answers so far.
reply random_request(venue_fixture& v, random_source& random, std::vector<std::string>& ids) {
  const std::string symbol = v.config.key_id.empty() ? "" : std::vector<std::string>{"SQQQ", "TQQQ", "UPRO"}[random.below(3)];
  const std::string side = random.below(2) == 0 ? "buy" : "sell";
  const std::string qty = std::to_string(1 + random.below(900));
  const std::string some = ids.empty() ? "none" : ids[random.below(ids.size())];
  switch (random.below(15)) {
    case 0:
      return v.call("DELETE", "/v2/orders/" + some);
    case 1:
      return v.call("PATCH", "/v2/orders/" + some, {{"qty", qty}});
    case 2:
      return v.call("DELETE", "/v2/positions/" + symbol, nullptr, {{"percentage", std::to_string(1 + random.below(100))}});
    case 3:
      return random.below(8) == 0 ? v.call("DELETE", "/v2/positions", nullptr, {{"cancel_orders", "true"}})
                                  : v.call("DELETE", "/v2/orders");
    case 4:
      return v.call("POST", "/v2/orders", {{"symbol", symbol}, {"side", side}, {"notional", 5 + random.below(20'000)},
                                            {"type", "market"}, {"time_in_force", "day"}});
    case 5:
    case 6: {
      const json quote = v.get("/v2/stocks/" + symbol + "/quotes/latest").body["quote"];
      const double price = quote["bp"].get<double>() + static_cast<double>(random.below(9)) / 100 - 0.04;
      return v.order(symbol, side, qty, {{"type", "limit"}, {"limit_price", std::round(price * 100) / 100},
                                         {"time_in_force", random.below(3) == 0 ? "ioc" : random.below(2) == 0 ? "gtc" : "day"}});
    }
    case 7:
      return v.order(symbol, side, qty, {{"type", "stop"}, {"stop_price", side == "buy" ? "103.5" : "14.5"}});
    case 8:
      return v.order(symbol, side, std::to_string(random.below(50)) + "." + std::to_string(1 + random.below(9)));
    case 9: {
      const std::vector<std::string> classes{"bracket", "oco", "oto"};
      const double price = v.get("/v2/stocks/" + symbol + "/trades/latest").body["trade"]["p"];
      const auto cents = [&](std::uint64_t most) { return static_cast<double>(1 + random.below(most)) / 100; };
      json body{{"order_class", classes[random.below(3)]}, {"time_in_force", random.below(2) == 0 ? "gtc" : "day"}};
      if (body["order_class"] == "oco")
        body["type"] = "limit";
      if (body["order_class"] != "oto" || random.below(2) == 0)
        body["take_profit"] = {{"limit_price", std::round((price + cents(10)) * 100) / 100}};
      if (!body.contains("take_profit") || body["order_class"] != "oto")
        body["stop_loss"] = {{"stop_price", std::round((price - cents(10)) * 100) / 100}};
      return v.order(symbol, side, qty, body);
    }
    case 10:
      return v.order(symbol, side, qty, {{"type", "trailing_stop"}, {"trail_price", random.below(2) == 0 ? "0.03" : "0.2"}});
    case 11: // the exits of groups
      return v.call("PATCH", "/v2/orders/" + some, {{"stop_price", symbol == "SQQQ" ? "14.5" : "59"}});
    default:
      return v.order(symbol, side, qty);
  }
}

std::string random_day(std::uint64_t seed, int requests, bool check) {
  exchange_config c;
  c.requests_per_minute = 0;
  c.partial_fill_share = 0.3;
  c.seed = seed;
  venue_fixture v(at(9, 25), c);
  random_source random(seed);
  std::vector<std::string> ids;
  const stream_id s = v.trading();
  std::string bytes;
  for (int i = 0; i < requests; ++i) {
    const reply r = random_request(v, random, ids);
    if (check)
      CHECK(r.status < 500);
    if (r.body.is_object() && r.body.contains("id"))
      ids.push_back(r.body["id"]);
    if (r.body.is_object() && r.body.contains("legs") && r.body["legs"].is_array())
      for (const json& leg : r.body["legs"])
        ids.push_back(leg["id"]);
    bytes += std::to_string(r.status) + r.raw.body;
    v.pass(static_cast<time_ms>(random.below(random.below(10) == 0 ? 60'000 : 400)));
    bytes += json(v.heard(s)).dump();
    if (check && i % 100 == 99)
      check_identities(v, 100'000'000'000);
  }
  return bytes;
}

} // namespace

TEST(three thousand random requests keep the books exact) {
  for (const std::uint64_t seed : {1U, 2U, 3U})
    CHECK(!random_day(seed, 1'000, true).empty());
}

TEST(the same seed and the same requests give the same bytes) {
  const std::string first = random_day(7, 300, false);
  CHECK(first == random_day(7, 300, false));
  CHECK(first != random_day(8, 300, false));
}

TEST(the steps in which time passes change nothing) {
  const auto told = [](time_ms step) {
    venue_fixture v(at(9, 29, 58), exchange_config{});
    const stream_id orders = v.trading(), data = v.data({{"bars", {"*"}}, {"quotes", {"TQQQ"}}, {"updatedBars", {"*"}}});
    v.order("TQQQ", "buy", "100");
    v.order("UPRO", "buy", "50", {{"type", "limit"}, {"limit_price", "99.98"}});
    for (const time_ms end = at(9, 36); v.now < end;)
      v.go(std::min(end, v.now + step));
    std::string text;
    for (const stream_output& o : v.venue->take())
      if (o.stream == orders || o.stream == data)
        text += o.message;
    return text + v.venue->state().dump();
  };
  const std::string whole = told(3'600'000);
  CHECK(whole.size() > 10'000);
  CHECK(told(7) == whole);
  CHECK(told(1'000) == whole);
}

TEST(orders before the open wait as accepted and day orders expire at the close of a half day) {
  venue_fixture v(at(9, 0, 0, half_day), venue_fixture::whole_fills());
  const stream_id s = v.trading();
  const reply buy = v.order("TQQQ", "buy", "10");
  const reply far = v.order("UPRO", "buy", "10", {{"type", "limit"}, {"limit_price", "10"}});
  const reply kept = v.order("SQQQ", "buy", "10", {{"type", "limit"}, {"limit_price", "1"}, {"time_in_force", "gtc"}});
  CHECK_EQUAL(buy.text("status"), "accepted");
  v.go(at(9, 29, 59, half_day));
  CHECK(v.order_now(buy.text("id"))["status"] == "accepted");
  v.go(at(9, 30, 1, half_day));
  CHECK(v.order_now(buy.text("id"))["status"] == "filled");
  CHECK(v.order_now(far.text("id"))["status"] == "new");
  CHECK(v.get("/v2/clock").body["next_close"] == "2026-11-27T13:00:00-05:00");
  v.go(at(12, 59, 59, half_day));
  CHECK(v.order_now(far.text("id"))["status"] == "new");
  CHECK(v.get("/v2/clock").body["is_open"] == true);
  v.go(at(13, 0, 0, half_day));
  const json expired = v.order_now(far.text("id"));
  CHECK(expired["status"] == "expired");
  CHECK(expired["expired_at"].get<std::string>().substr(0, 19) == "2026-11-27T18:00:00");
  CHECK(v.get("/v2/clock").body["is_open"] == false);
  CHECK(v.order_now(kept.text("id"))["status"] == "new");
  CHECK_EQUAL(joined(v.events(s)), "accepted accepted accepted new new new fill expired");
  const reply late = v.order("TQQQ", "sell", "10"); // queued to the next session
  CHECK_EQUAL(late.text("status"), "accepted");
  v.go(at(9, 31, 0, {2026, 11, 30}));
  CHECK(v.order_now(late.text("id"))["status"] == "filled");
}

TEST(calendar and clock know half days and holidays) {
  venue_fixture v(at(20, 0), venue_fixture::whole_fills());
  const reply days = v.get("/v2/calendar", {{"start", "2026-11-25"}, {"end", "2026-11-30"}});
  REQUIRE(days.body.size() == 3u); // Thanksgiving and the weekend have none
  CHECK(days.body[1]["date"] == "2026-11-27");
  CHECK(days.body[1]["open"] == "09:30");
  CHECK(days.body[1]["close"] == "13:00");
  CHECK(days.body[2]["close"] == "16:00");
  CHECK(days.body[0]["session_open"] == "0400");
  const reply stamps = v.get("/v2/calendar", {{"start", "2026-11-25T00:00:00.000Z"}, {"end", "2026-11-30T00:00:00.000Z"}});
  CHECK(stamps.body == days.body);
  CHECK_EQUAL(v.get("/v2/calendar", {{"start", "soon"}}).status, 422);
  const reply all = v.get("/v2/calendar");
  const json& whole = all.body;
  CHECK(whole.front()["date"] == "1970-01-02");
  CHECK(whole.front()["open"] == "09:30");
  CHECK(whole.back()["date"] == "2029-12-31");
  http_request wider{"GET", "/v2/calendar", {{"start", "1800-01-01"}, {"end", "2929-12-31"}}, "", v.config.key_id,
                     v.config.secret};
  CHECK(v.venue->handle(wider).body == all.raw.body);
  CHECK(v.get("/v2/calendar", {{"end", "1970-01-06"}}).body.size() == 3u);
  const json clock = v.get("/v2/clock").body;
  CHECK(clock["is_open"] == false);
  CHECK(clock["next_open"] == "2026-11-24T09:30:00-05:00");
  CHECK(clock["next_close"] == "2026-11-24T16:00:00-05:00");
  CHECK(clock["timestamp"].get<std::string>().substr(0, 19) == "2026-11-23T20:00:00");
  v.go(at(10, 0, 0, {2026, 11, 24}));
  const json open = v.get("/v2/clock").body;
  CHECK(open["next_open"] == "2026-11-25T09:30:00-05:00");
  CHECK(open["next_close"] == "2026-11-24T16:00:00-05:00");
}

TEST(the account shows what is held and what is left) {
  venue_fixture v(at(9, 45), venue_fixture::whole_fills());
  const json before = v.get("/v2/account").body;
  CHECK(before["cash"] == "100000");
  CHECK(before["buying_power"] == "100000");
  CHECK(before["status"] == "ACTIVE");
  CHECK(before["account_number"].get<std::string>().substr(0, 2) == "PA");
  v.order("TQQQ", "buy", "100");
  v.order("UPRO", "buy", "100", {{"type", "limit"}, {"limit_price", "50"}});
  v.pass(200);
  const json after = v.get("/v2/account").body;
  const json position = v.get("/v2/positions/TQQQ").body;
  CHECK_EQUAL(micros_of(after["cash"]) + micros_of(position["cost_basis"]), 100'000'000'000);
  CHECK_EQUAL(micros_of(after["buying_power"]), micros_of(after["cash"]) - 5'000'000'000);
  CHECK_EQUAL(micros_of(after["equity"]), micros_of(after["cash"]) + micros_of(position["market_value"]));
  CHECK_EQUAL(micros_of(position["unrealized_pl"]), micros_of(position["market_value"]) - micros_of(position["cost_basis"]));
  v.go(at(16, 0, 1));
  CHECK(v.get("/v2/account").body["last_equity"] != "100000");
}

TEST(an exchange that was killed goes on from its file) {
  const scratch_folder folder;
  exchange_config c = venue_fixture::whole_fills();
  c.state_file = (folder.path() / "state.sqlite").string();
  json before;
  std::string open_id;
  {
    venue_fixture v(at(9, 45), c);
    v.order("TQQQ", "buy", "100", {{"client_order_id", "first"}});
    v.pass(200);
    open_id = v.order("UPRO", "buy", "10", {{"type", "limit"}, {"limit_price", "50"}}).text("id");
    v.order("SQQQ", "buy", "10", {{"client_order_id", "underway"}}); // killed between acceptance and fill
    before = v.venue->state();
  }
  venue_fixture v(at(9, 45, 1), c);
  json after = v.venue->state();
  for (const char* key : {"cash", "orders", "positions", "executions", "trade_events"})
    CHECK(after[key] == before[key]);
  const reply again = v.order("TQQQ", "buy", "100", {{"client_order_id", "first"}});
  CHECK_EQUAL(again.status, 422);
  v.pass(200);
  const reply underway = v.get("/v2/orders:by_client_order_id", {{"client_order_id", "underway"}});
  CHECK_EQUAL(underway.text("status"), "filled");
  CHECK(v.order_now(open_id)["status"] == "new");
  check_identities(v, 100'000'000'000);
  CHECK(v.venue->state()["executions_count"] == 2);
  CHECK_EQUAL(v.call("DELETE", "/v2/positions/TQQQ").status, 200);
  v.pass(200);
  CHECK_EQUAL(v.held("TQQQ"), "0");
  venue_fixture third(at(9, 46), c);
  CHECK_EQUAL(third.held("TQQQ"), "0");
  CHECK(third.venue->state()["executions_count"] == 3);
}

TEST(venue time goes on where the state file left off and never goes back) {
  const scratch_folder folder;
  exchange_config c = venue_fixture::whole_fills();
  c.state_file = (folder.path() / "state.sqlite").string();
  std::string id;
  {
    venue_fixture v(at(9, 25), c);
    id = v.order("UPRO", "buy", "10", {{"type", "limit"}, {"limit_price", "50"}}).text("id");
    v.go(at(14, 0));
  }
  venue_fixture again(at(9, 25), c); // the same command once more
  CHECK_EQUAL(again.venue->now(), at(14, 0));
  CHECK(again.get("/v2/clock").body["timestamp"].get<std::string>().substr(0, 19) == "2026-11-23T14:00:00");
  CHECK(again.order_now(id)["status"] == "new");
  again.go(at(14, 0, 30)); // nothing happens but time
  venue_fixture third(at(9, 25), c);
  CHECK_EQUAL(third.venue->now(), at(14, 0, 30));
  venue_fixture next_day(at(9, 45, 0, {2026, 11, 24}), c); // a later start is taken as it is
  CHECK_EQUAL(next_day.venue->now(), at(9, 45, 0, {2026, 11, 24}));
  next_day.pass(100);
  CHECK(next_day.order_now(id)["status"] == "expired");
}

namespace {

void in_file(const std::string& file, const std::string& sql) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &database) == SQLITE_OK);
  const int done = sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr);
  sqlite3_close(database);
  REQUIRE(done == SQLITE_OK);
}

} // namespace

TEST(a state file of an older version is read and one of a newer version is refused with its number) {
  const scratch_folder folder;
  exchange_config c = venue_fixture::whole_fills();
  c.state_file = (folder.path() / "state.sqlite").string();
  json before;
  {
    venue_fixture v(at(9, 45), c);
    v.order("TQQQ", "buy", "100");
    v.pass(200);
    v.order("UPRO", "buy", "10", {{"type", "limit"}, {"limit_price", "50"}});
    v.pass(200);
    before = v.venue->state();
  }
  std::string sql = "PRAGMA user_version=0; DELETE FROM facts WHERE key='time';";
  for (const char* key : {"order_class", "parent", "legs", "waiting", "trail_price", "trail_percent", "water_mark",
                          "acknowledged", "acknowledgement"})
    sql += std::string("UPDATE orders SET body=json_remove(body,'$.") + key + "');";
  in_file(c.state_file, sql);
  {
    venue_fixture v(at(9, 46), c);
    const json after = v.venue->state();
    for (const char* key : {"cash", "orders", "positions", "executions"})
      CHECK(after[key] == before[key]);
    CHECK_EQUAL(v.venue->now(), at(9, 46));
  }
  in_file(c.state_file, "PRAGMA user_version=3;");
  std::string said;
  try {
    venue_fixture v(at(9, 47), c);
  } catch (const std::runtime_error& error) {
    said = error.what();
  }
  CHECK_EQUAL(said, "state file " + c.state_file + " has version 3, this program knows versions up to 2: "
                      "use the program that wrote it, or another file");
}

TEST(a state file that is none is refused) {
  const scratch_folder folder;
  exchange_config c;
  c.state_file = (folder.path() / "text").string();
  std::ofstream(c.state_file) << "this is no database, however long one looks at it .........................";
  bool refused = false;
  try {
    venue_fixture v(at(9, 45), c);
  } catch (const std::runtime_error&) {
    refused = true;
  }
  CHECK(refused);
}

TEST(no malformed request makes it throw) {
  venue_fixture v(at(9, 45), venue_fixture::whole_fills());
  random_source random(5);
  const std::vector<std::string> paths{"/v2/orders", "/v2/orders/", "/v2/orders:by_client_order_id", "/v2/positions",
    "/v2/positions/", "/v2/positions/TQQQ", "/v2/account", "/v2/clock", "/v2/calendar", "/v2/assets/", "/v2/stocks",
    "/v2/stocks/", "/v2/stocks/bars", "/v2/stocks//bars", "/v2/stocks/TQQQ/bars", "/v2/stocks/snapshots",
    "/v2/aggs/ticker/TQQQ/range/1/minute/a/b", "/v2/aggs/ticker//range/1/minute/0/99999999999999", "/faults", "/", "",
    "/exchange/state", "/exchange/", "/v2/stocks/bars/latest", "/v2/aggs/"};
  const std::vector<std::string> values{"", "TQQQ", "-1", "1e400", "99999999999999999999", "nan", "\xff\xfe", "1Min",
    "2026-11-23", "2026-13-45", "0.0000000001", "a,b,,c", "VFFRUXxNfDIwMjYtMTEtMjNUMTQ6MzA6MDBa", "100", "TQQQ,UPRO"};
  const std::vector<std::string> keys{"symbols", "timeframe", "start", "end", "limit", "page_token", "qty", "percentage",
    "after", "until", "status", "sort", "client_order_id", "feed"};
  const std::vector<std::string> bodies{"", "{", "[]", "null", "3", "\"\xff\"", R"({"symbol":{}})", R"({"symbol":"TQQQ","side":"buy"})",
    R"({"symbol":"TQQQ","side":"buy","type":"market","time_in_force":"day","qty":1e300})",
    R"({"symbol":"TQQQ","side":"buy","type":"limit","time_in_force":"day","qty":999999999,"limit_price":999999999})",
    R"({"symbol":"TQQQ","side":"buy","type":"market","time_in_force":"day","qty":[1]})",
    R"({"symbol":"TQQQ","side":"buy","type":"limit","time_in_force":"day","qty":"1","limit_price":"1e5"})",
    R"([{"kind":"nothing"}])", R"([{"kind":"halt","for_ms":-1}])", R"({"faults":{}})", std::string(5'000, '[')};
  for (int i = 0; i < 20'000; ++i) {
    http_request r;
    r.method = std::vector<std::string>{"GET", "POST", "PATCH", "DELETE", "PUT"}[random.below(5)];
    r.path = paths[random.below(paths.size())];
    for (std::uint64_t k = random.below(5); k > 0; --k)
      r.query.emplace_back(keys[random.below(keys.size())], values[random.below(values.size())]);
    if (r.path == "/v2/calendar")
      r.query.emplace_back("end", "1971-01-01"); // whole, it is 2 MB that take long to read
    r.body = bodies[random.below(bodies.size())];
    r.key_id = v.config.key_id;
    r.secret = v.config.secret;
    const http_response answer = v.venue->handle(r);
    if (answer.status >= 500)
      CAF_MESSAGE(r.method << " " << r.path << " " << r.body.substr(0, 100) << ": " << answer.body);
    REQUIRE(answer.status >= 200 && answer.status < 500);
    const json read = json::parse(answer.body, nullptr, false);
    REQUIRE(answer.status == 204 || !read.is_discarded());
  }
  const stream_id s = v.open(stream_kind::stock_data, "/v2/iex");
  for (const std::string& body : bodies)
    for (const stream_kind kind : {stream_kind::stock_data, stream_kind::trading, stream_kind::polygon})
      v.say(v.open(kind, "/v2/iex"), json::parse(body, nullptr, false));
  v.say(s, {{"action", 5}});
  v.say(999, {{"action", "auth"}});
  CHECK(!v.heard(s).empty());
}
