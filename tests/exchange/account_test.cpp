#define CAF_SUITE exchange_account
#include "tests/exchange/support.hpp"
#include "tests/support/test.hpp"

#include <cmath>

using namespace sentio;
using namespace sentio::test;

namespace {

venue_fixture calm(time_ms start = at(10, 0, 1)) { return venue_fixture(start, venue_fixture::whole_fills()); }

const std::string settings = "/v2/account/configurations";
const std::string history = "/v2/account/portfolio/history";

} // namespace

TEST(configurations have the recorded shape and keep what is set) {
  const scratch_folder scratch;
  exchange_config c = venue_fixture::whole_fills();
  c.state_file = (scratch.path() / "account.db").string();
  {
    venue_fixture v(at(10, 0), c);
    if (const auto example = recorded("rest_account_configurations_new.json"))
      CHECK_EQUAL(missing_keys(*example, v.get(settings).body), "");
    else
      CAF_MESSAGE("skipped: no recorded rest_account_configurations_new.json");
    const reply changed = v.call("PATCH", settings, {{"trade_confirm_email", "none"}, {"dtbp_check", "both"}});
    CHECK_EQUAL(changed.status, 200);
    CHECK_EQUAL(changed.text("trade_confirm_email"), "none");
    CHECK_EQUAL(v.call("PUT", settings, json::object()).status, 405);
  }
  venue_fixture again(at(10, 1), c);
  const json kept = again.get(settings).body;
  CHECK(kept["trade_confirm_email"] == "none");
  CHECK(kept["dtbp_check"] == "both");
  CHECK(kept["suspend_trade"] == false);
}

TEST(a configuration that cannot be is refused and changes nothing) {
  venue_fixture v = calm();
  const json before = v.get(settings).body;
  for (const json& bad : {json{{"suspend_trade", "yes"}}, json{{"trade_confirm_email", "some"}},
                          json{{"max_margin_multiplier", "4"}}, json{{"no_shorting", true}, {"dtbp_check", "never"}},
                          json{{"max_options_trading_level", 2}}}) {
    const reply r = v.call("PATCH", settings, bad);
    CHECK_EQUAL(r.status, 422);
    CHECK(r.text("message").size() > 10);
  }
  CHECK_EQUAL(v.call("PATCH", settings, json::array()).status, 400);
  CHECK(v.get(settings).body == before);
  CHECK(v.call("PATCH", settings, before).body == before); // what a client read it may send back
}

TEST(suspend_trade stops new orders and cancels nothing) {
  venue_fixture v = calm();
  const std::string resting = v.order("TQQQ", "buy", "1", {{"type", "limit"}, {"limit_price", "50"}}).text("id");
  v.pass(1'000);
  v.call("PATCH", settings, {{"suspend_trade", true}});
  const reply refused = v.order("TQQQ", "buy", "1");
  CHECK_EQUAL(refused.status, 403);
  CHECK_EQUAL(refused.text("message"), "new orders are rejected by user request");
  CHECK(v.get("/v2/account").body["trade_suspended_by_user"] == true);
  CHECK(v.order_now(resting)["status"] == "new");
  CHECK_EQUAL(v.call("DELETE", "/v2/orders/" + resting).status, 204);
  v.call("PATCH", settings, {{"suspend_trade", false}});
  CHECK_EQUAL(v.order("TQQQ", "buy", "1").status, 200);
  CHECK(v.get("/v2/account").body["trade_suspended_by_user"] == false);
}

TEST(no_shorting and fractional_trading have their effect on orders) {
  venue_fixture v = calm();
  CHECK_EQUAL(v.order("TQQQ", "sell", "1").status, 422);
  CHECK_EQUAL(v.order("TQQQ", "buy", "0.5").status, 200);
  v.pass(2'000);
  v.call("PATCH", settings, {{"no_shorting", true}, {"fractional_trading", false}});
  const reply naked = v.order("UPRO", "sell", "1");
  CHECK_EQUAL(naked.status, 403);
  CHECK_EQUAL(naked.text("message"), "account is not allowed to short");
  CHECK_EQUAL(v.order("TQQQ", "buy", "0.5").status, 403);
  json by_value{{"symbol", "TQQQ"}, {"side", "buy"}, {"notional", "100"}, {"type", "market"}, {"time_in_force", "day"}};
  CHECK_EQUAL(v.call("POST", "/v2/orders", by_value).status, 403);
  CHECK_EQUAL(v.order("TQQQ", "buy", "1").status, 200);
  v.pass(2'000);
  CHECK_EQUAL(v.call("DELETE", "/v2/positions/TQQQ").status, 200); // the half share may still be sold
}

TEST(watchlists are made changed and deleted) {
  venue_fixture v = calm();
  CHECK(v.get("/v2/watchlists").body == json::array());
  const reply made = v.call("POST", "/v2/watchlists", {{"name", "leveraged"}, {"symbols", {"TQQQ", "SQQQ", "TQQQ"}}});
  REQUIRE(made.status == 200);
  const std::string id = made.text("id"), path = "/v2/watchlists/" + id;
  REQUIRE(made.body["assets"].size() == 2u);
  CHECK(made.body["assets"][0]["symbol"] == "TQQQ");
  CHECK(made.body["assets"][1] == v.get("/v2/assets/SQQQ").body);
  CHECK(made.body["account_id"] == v.get("/v2/account").body["id"]);
  CHECK(v.get(path).body == made.body);
  CHECK(v.get("/v2/watchlists:by_name", {{"name", "leveraged"}}).body == made.body);
  const json listed = v.get("/v2/watchlists").body;
  REQUIRE(listed.size() == 1u);
  CHECK(!listed[0].contains("assets"));
  const reply added = v.call("POST", path, {{"symbol", "UPRO"}});
  CHECK_EQUAL(added.body["assets"].size(), 3u);
  CHECK(added.text("updated_at") > made.text("updated_at"));
  CHECK_EQUAL(v.call("POST", path, {{"symbol", "UPRO"}}).status, 422);
  CHECK_EQUAL(v.call("DELETE", path + "/SQQQ").body["assets"].size(), 2u);
  CHECK_EQUAL(v.call("DELETE", path + "/SQQQ").status, 404);
  const reply renamed = v.call("PUT", path, {{"name", "new"}, {"symbols", {"SQQQ"}}});
  CHECK_EQUAL(renamed.text("name"), "new");
  CHECK(renamed.body["assets"][0]["symbol"] == "SQQQ");
  CHECK_EQUAL(v.call("DELETE", path).status, 204);
  CHECK_EQUAL(v.get(path).status, 404);
  CHECK_EQUAL(v.get(path).body["code"].get<int>(), 40410000);
}

TEST(a watchlist that cannot be is refused) {
  venue_fixture v = calm();
  REQUIRE(v.call("POST", "/v2/watchlists", {{"name", "a"}}).status == 200);
  const reply twice = v.call("POST", "/v2/watchlists", {{"name", "a"}});
  CHECK_EQUAL(twice.status, 422);
  CHECK_EQUAL(twice.text("message"), "watchlist name must be unique");
  CHECK_EQUAL(v.call("POST", "/v2/watchlists", {{"symbols", {"TQQQ"}}}).status, 422);
  CHECK_EQUAL(v.call("POST", "/v2/watchlists", {{"name", std::string(65, 'x')}}).status, 422);
  CHECK_EQUAL(v.call("POST", "/v2/watchlists", {{"name", "b"}, {"symbols", {"ZZZZ"}}}).text("message"), "asset not found: ZZZZ");
  CHECK_EQUAL(v.call("POST", "/v2/watchlists", {{"name", "b"}, {"symbols", "TQQQ"}}).status, 422);
  CHECK_EQUAL(v.call("POST", "/v2/watchlists").status, 400);
  CHECK_EQUAL(v.get("/v2/watchlists/nope").status, 404);
  CHECK_EQUAL(v.get("/v2/watchlists").body.size(), 1u);
}

TEST(watchlists outlive the program and ids are not used again) {
  const scratch_folder scratch;
  exchange_config c = venue_fixture::whole_fills();
  c.state_file = (scratch.path() / "account.db").string();
  json kept;
  std::string gone;
  {
    venue_fixture v(at(10, 0), c);
    kept = v.call("POST", "/v2/watchlists", {{"name", "kept"}, {"symbols", {"TQQQ"}}}).body;
    gone = v.call("POST", "/v2/watchlists", {{"name", "gone"}}).text("id");
    CHECK_EQUAL(v.call("DELETE", "/v2/watchlists/" + gone).status, 204);
  }
  venue_fixture again(at(10, 5), c);
  CHECK(again.get("/v2/watchlists/" + kept["id"].get<std::string>()).body == kept);
  CHECK(again.call("POST", "/v2/watchlists", {{"name", "next"}}).text("id") != gone);
}

TEST(the portfolios history is the equity that the account told) {
  venue_fixture v = calm(at(9, 35));
  const reply bought = v.order("TQQQ", "buy", "500");
  REQUIRE(bought.status == 200);
  std::vector<double> told; // at the end of each five minutes
  for (int minute = 40; minute <= 55; minute += 5) {
    v.go(at(9, minute) + 101); // the bar of the last minute is out
    const double cash = std::stod(v.get("/v2/account").text("cash"));
    const json bar = v.get("/v2/stocks/TQQQ/bars/latest").body["bar"];
    told.push_back(cash + 500 * bar["c"].get<double>());
  }
  const reply r = v.get(history, {{"period", "1D"}, {"timeframe", "5Min"}});
  REQUIRE(r.status == 200);
  CHECK_EQUAL(r.text("timeframe"), "5Min");
  CHECK_EQUAL(r.body["base_value"].get<double>(), 100'000.0);
  CHECK_EQUAL(r.text("base_value_asof"), "2026-11-20");
  REQUIRE(r.body["timestamp"].size() == 6u); // 09:30, 09:35 ... 09:55
  CHECK_EQUAL(r.body["timestamp"][0].get<time_ms>(), at(9, 30) / 1'000);
  CHECK_EQUAL(r.body["equity"][0].get<double>(), 100'000.0);
  for (std::size_t i = 0; i < told.size(); ++i) {
    CHECK(std::abs(r.body["equity"][i + 1].get<double>() - told[i]) < 0.006);
    CHECK(std::abs(r.body["profit_loss"][i + 1].get<double>() - (told[i] - 100'000)) < 0.006);
    CHECK(std::abs(r.body["profit_loss_pct"][i + 1].get<double>() - (told[i] / 100'000 - 1)) < 1e-6);
  }
  CHECK(std::abs(r.body["equity"][5].get<double>() - std::stod(v.get("/v2/account").text("equity"))) < 0.006);
}

TEST(the portfolios history over days ends each day with its close) {
  venue_fixture v = calm(at(15, 0));
  v.order("TQQQ", "buy", "100");
  v.go(at(16, 1));
  const double first = std::stod(v.get("/v2/account").text("last_equity"));
  v.go(at(15, 0, 0, {2026, 11, 24}));
  v.call("DELETE", "/v2/positions/TQQQ");
  v.go(at(10, 0, 0, {2026, 11, 25}));
  const double flat = std::stod(v.get("/v2/account").text("equity"));
  const reply days = v.get(history, {{"period", "3D"}, {"timeframe", "1D"}});
  REQUIRE(days.body["equity"].size() == 3u);
  CHECK(std::abs(days.body["equity"][0].get<double>() - first) < 0.02); // the close is the bar's, not the quote's
  CHECK_EQUAL(days.body["equity"][1].get<double>(), std::round(flat * 100) / 100);
  CHECK_EQUAL(days.body["equity"][2].get<double>(), std::round(flat * 100) / 100);
  // Below a day profit begins anew each day, unless the client wants one sum.
  const reply hours = v.get(history, {{"period", "3D"}, {"timeframe", "1H"}});
  const reply sum = v.get(history, {{"period", "3D"}, {"timeframe", "1H"}, {"pnl_reset", "no_reset"}});
  REQUIRE(hours.body["profit_loss"].size() == 15u); // 7 + 7 + 1
  CHECK_EQUAL(hours.body["profit_loss"][14].get<double>(), 0.0);
  CHECK(std::abs(sum.body["profit_loss"][14].get<double>() - (flat - 100'000)) < 0.006);
  CHECK(hours.body["equity"] == sum.body["equity"]);
}

TEST(a portfolios history that is not offered is refused) {
  venue_fixture v = calm();
  using query = std::vector<std::pair<std::string, std::string>>;
  for (const query& bad : {query{{"period", "1Q"}}, query{{"period", "D"}}, query{{"timeframe", "2Min"}},
                           query{{"period", "3M"}, {"timeframe", "1Min"}}, query{{"start", "soon"}},
                           query{{"start", "2026-11-20"}, {"end", "2026-11-23"}, {"period", "1D"}},
                           query{{"intraday_reporting", "continuous"}}, query{{"extended_hours", "true"}},
                           query{{"pnl_reset", "never"}}, query{{"period", "999A"}}})
    CHECK_EQUAL(v.get(history, bad).status, 422);
  CHECK_EQUAL(v.call("POST", history).status, 405);
  CHECK_EQUAL(v.get(history).text("timeframe"), "1D"); // a month
  CHECK_EQUAL(v.get(history, {{"period", "1W"}}).text("timeframe"), "15Min");
  CHECK_EQUAL(v.get(history, {{"period", "1D"}}).text("timeframe"), "1Min");
}
