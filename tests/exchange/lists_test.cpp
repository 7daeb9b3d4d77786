#define CAF_SUITE exchange_lists
#include "tests/exchange/support.hpp"
#include "tests/support/test.hpp"

#include <set>

using namespace sentio;
using namespace sentio::test;

namespace {

using query = std::vector<std::pair<std::string, std::string>>;

/// A fill of 100 in several parts, then one of 7 in one; the next day a sale of 7.
venue_fixture traded() {
  venue_fixture v(at(9, 45), venue_fixture::whole_fills());
  v.faults(json::array({{{"kind", "partial_fills"}, {"for_ms", 1'500}, {"delay_ms", 500}}}));
  v.order("TQQQ", "buy", "100");
  v.pass(5'000);
  v.order("UPRO", "buy", "7");
  v.go(at(9, 45, 0, {2026, 11, 24}));
  v.order("UPRO", "sell", "7");
  v.pass(1'000);
  return v;
}

bool refused(const reply& r, const std::string& message) {
  const bool same = r.status == 422 && r.body.value("code", 0) == 40010001 && r.text("message") == message;
  if (!same)
    CAF_MESSAGE("got " << r.status << " " << r.body.dump());
  return same;
}

} // namespace

TEST(activities tell of each execution what it filled and what it left) {
  venue_fixture v = traded();
  const json rows = v.get("/v2/account/activities/FILL", {{"direction", "asc"}}).body;
  REQUIRE(rows.size() >= 4u);
  std::int64_t sum = 0;
  std::size_t parts = 0;
  for (; rows[parts]["symbol"] == "TQQQ"; ++parts) {
    const json& row = rows[parts];
    sum += std::stoll(row["qty"].get<std::string>());
    CHECK(row["cum_qty"] == std::to_string(sum));
    CHECK(row["leaves_qty"] == std::to_string(100 - sum));
    CHECK(row["type"] == (sum == 100 ? "fill" : "partial_fill"));
    CHECK(row["order_status"] == (sum == 100 ? "filled" : "partially_filled"));
    CHECK(row["activity_type"] == "FILL");
    CHECK(v.order_now(row["order_id"])["symbol"] == "TQQQ");
  }
  CHECK_EQUAL(sum, 100);
  CHECK(parts > 1u);
  REQUIRE(rows.size() == parts + 2);
  CHECK(rows[parts]["type"] == "fill");
  CHECK(rows[parts]["cum_qty"] == "7");
  CHECK(rows[parts + 1]["side"] == "sell");
  const std::string id = rows[parts]["id"], time = rows[parts]["transaction_time"];
  CHECK_EQUAL(id.substr(0, 14), time.substr(0, 4) + time.substr(5, 2) + time.substr(8, 2) + time.substr(11, 2)
                                  + time.substr(14, 2) + time.substr(17, 2));
  CHECK_EQUAL(id.substr(17, 2), "::");
  CHECK_EQUAL(id.size(), 17u + 2u + 36u);
}

TEST(activities are paged by the id of the last one in either direction) {
  venue_fixture v = traded();
  for (const char* direction : {"asc", "desc"}) {
    const json whole = v.get("/v2/account/activities", {{"direction", direction}}).body;
    json pages = json::array();
    std::string token;
    for (;;) {
      query q{{"direction", direction}, {"page_size", "2"}};
      if (!token.empty())
        q.emplace_back("page_token", token);
      const json page = v.get("/v2/account/activities", q).body;
      REQUIRE(page.size() <= 2u);
      if (page.empty())
        break;
      pages.insert(pages.end(), page.begin(), page.end());
      token = page.back()["id"];
    }
    CHECK(pages == whole);
  }
  CHECK(v.get("/v2/account/activities").body[0]["side"] == "sell"); // the newest first unless asked otherwise
}

TEST(activities are chosen by time and day and type) {
  venue_fixture v = traded();
  const json all = v.get("/v2/account/activities", {{"direction", "asc"}}).body;
  const auto count = [&](query q) { return v.get("/v2/account/activities", std::move(q)).body.size(); };
  const std::string second = all[1]["transaction_time"];
  CHECK_EQUAL(count({{"after", second}}), all.size() - 2);
  CHECK_EQUAL(count({{"until", second}}), 1u);
  CHECK_EQUAL(count({{"date", "2026-11-24"}}), 1u);
  CHECK_EQUAL(count({{"date", "2026-11-23"}}), all.size() - 1);
  CHECK_EQUAL(count({{"activity_types", "DIV,FILL"}}), all.size());
  CHECK_EQUAL(count({{"activity_types", "DIV"}}), 0u);
  CHECK_EQUAL(count({{"category", "trade_activity"}}), all.size());
  CHECK_EQUAL(count({{"category", "non_trade_activity"}}), 0u);
  CHECK(v.get("/v2/account/activities/DIV").body == json::array());
  CHECK(refused(v.get("/v2/account/activities/NOTHING"), "invalid activity type \"NOTHING\""));
  CHECK(refused(v.get("/v2/account/activities", {{"activity_types", "FILL,X"}}), "invalid activity type \"X\""));
  CHECK(refused(v.get("/v2/account/activities", {{"date", "2026-11-24"}, {"after", second}}),
                "date must not be combined with after or until"));
  CHECK(refused(v.get("/v2/account/activities", {{"page_size", "101"}}),
                "invalid page_size: it must be between 1 and 100"));
  CHECK(refused(v.get("/v2/account/activities", {{"page_token", "x"}}), "invalid page_token \"x\""));
  CHECK(refused(v.get("/v2/account/activities", {{"direction", "up"}}), "invalid direction \"up\""));
}

TEST(assets are chosen by class and exchange and status) {
  venue_fixture v(at(9, 45), venue_fixture::whole_fills());
  const auto symbols = [&](query q) {
    std::vector<std::string> names;
    for (const json& asset : v.get("/v2/assets", std::move(q)).body)
      names.push_back(asset["symbol"]);
    return joined(names);
  };
  CHECK_EQUAL(symbols({}), "SQQQ TQQQ UPRO");
  CHECK_EQUAL(symbols({{"asset_class", "us_equity"}, {"status", "active"}}), "SQQQ TQQQ UPRO");
  CHECK_EQUAL(symbols({{"asset_class", "crypto"}}), "");
  CHECK_EQUAL(symbols({{"exchange", "NASDAQ"}}), "SQQQ TQQQ");
  CHECK_EQUAL(symbols({{"exchange", "ARCA"}}), "UPRO");
  CHECK_EQUAL(symbols({{"exchange", "NYSE"}}), "");
  CHECK_EQUAL(symbols({{"status", "inactive"}}), "");
  CHECK(v.get("/v2/assets/UPRO").body["exchange"] == "ARCA");
  CHECK(refused(v.get("/v2/assets", {{"asset_class", "art"}}), "invalid asset_class \"art\""));
  CHECK(refused(v.get("/v2/assets", {{"exchange", "MOON"}}), "invalid exchange \"MOON\""));
  CHECK(refused(v.get("/v2/assets", {{"status", "odd"}}), "invalid status \"odd\""));
}
