#define CAF_SUITE alpaca_rest
#include "core/alpaca/wire.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::alpaca;

namespace {

const std::string account_text =
    R"({"account_number":"PA3ABC","status":"ACTIVE","cash":"-23140.2","equity":"103820.56",)"
    R"("buying_power":262113.632,"account_blocked":false,"trading_blocked":null,"new_in_2027":{"x":[]})";

/// What cash is read as; empty when the account is refused.
std::optional<std::int64_t> cash(const std::string& value) {
  const auto account = parse_account(
      R"({"account_number":"PA","status":"ACTIVE","equity":"1","buying_power":"1","cash":)" + value + "}");
  CHECK(account.value.has_value() == account.problem.empty());
  return account.value ? std::optional(account.value->cash.micros) : std::nullopt;
}

template <class T>
bool refused_for(const parsed<T>& result, const std::string& part) {
  if (!result.value && result.problem.find(part) != std::string::npos)
    return true;
  CAF_MESSAGE("problem: " << result.problem);
  return false;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

} // namespace

TEST(an account with and without the removed fields) {
  const auto account = parse_account(account_text + "}");
  REQUIRE(account.value);
  CHECK_EQUAL(account.value->number, "PA3ABC");
  CHECK_EQUAL(account.value->status, "ACTIVE");
  CHECK_EQUAL(account.value->cash.micros, -23'140'200'000);
  CHECK_EQUAL(account.value->equity.micros, 103'820'560'000);
  CHECK_EQUAL(account.value->buying_power.micros, 262'113'632'000);
  CHECK(!account.value->blocked);
  CHECK(parse_account(account_text + R"(,"pattern_day_trader":false,"daytrade_count":0})").value.has_value());
  for (const std::string flag : {"account_blocked", "trading_blocked", "trade_suspended_by_user"})
    CHECK(parse_account(account_text + ",\"" + flag + "\":true}").value->blocked);
  CHECK(refused_for(parse_account(account_text + R"(,"account_blocked":"perhaps"})"), "account_blocked"));
  CHECK(refused_for(parse_account(R"({"account_number":"PA","status":"ACTIVE","equity":"1"})"), "cash"));
  CHECK(refused_for(parse_account("<html>"), "no JSON object"));
  CHECK(refused_for(parse_account(""), "no JSON object"));
}

TEST(money is exact) {
  CHECK(cash("\"0.1\"") == 100'000);
  CHECK(cash("\"-0.000001\"") == -1);
  CHECK(cash("\"0.0000005\"") == 1);
  CHECK(cash("\"-0.0000005\"") == -1);
  CHECK(cash("\"0.00000049999999999999\"") == 0);
  CHECK(cash("\"1.9999995\"") == 2'000'000);
  CHECK(cash("\"100000\"") == 100'000'000'000);
  CHECK(cash("\"12.\"") == 12'000'000);
  CHECK(cash("\".5\"") == 500'000);
  CHECK(cash("\"+7.25\"") == 7'250'000);
  CHECK(cash("7") == 7'000'000);
  CHECK(cash("-7.1") == -7'100'000);
  CHECK(cash("\"9007199254.740993\"") == 9'007'199'254'740'993); // no double holds these micros
  CHECK(cash("\"9223372036854.775807\"") == 9'223'372'036'854'775'807);
  for (const std::string text : {"\"9223372036854.775808\"",
                                 "\"9223372036854.7758075\"",
                                 "\"99999999999999\"",
                                 "1e13",
                                 "9223372036855",
                                 "18446744073709551615",
                                 "-1e300",
                                 "\"\"",
                                 "\"-\"",
                                 "\".\"",
                                 "\"1e5\"",
                                 "\"1,5\"",
                                 "\"1.2.3\"",
                                 "\"$5\"",
                                 "\" 5\"",
                                 "\"NaN\"",
                                 "true",
                                 "[]",
                                 "{}",
                                 "null"})
    if (const auto value = cash(text))
      CAF_ERROR(text << " is taken for " << *value);
}

TEST(the clock before the opening) {
  // A captured paper answer of 2026-07-29.
  const auto clock = parse_clock(
      R"({"timestamp":"2026-07-29T05:27:57.818080188-04:00","is_open":false,"next_open":"2026-07-29T09:30:00-04:00","next_close":"2026-07-29T16:00:00-04:00"})");
  REQUIRE(clock.value);
  CHECK_EQUAL(clock.value->at, 1'785'317'277'818);
  CHECK(!clock.value->is_open);
  const auto hours = session_on({2026, 7, 29});
  CHECK_EQUAL(clock.value->next_open, hours->open);
  CHECK_EQUAL(clock.value->next_close, hours->close);
  CHECK(refused_for(parse_clock(R"({"timestamp":"today","is_open":true})"), "timestamp"));
  CHECK(refused_for(
      parse_clock(
          R"({"timestamp":"2026-07-29T05:27:57Z","next_open":"2026-07-29T05:27:57Z","next_close":"2026-07-29T05:27:57Z"})"),
      "is_open"));
}

TEST(the calendar with a half day) {
  const auto calendar = parse_calendar(
      R"([{"date":"2026-11-27","open":"09:30","close":"13:00","session_open":"0400","session_close":"2000"},{"date":"2026-11-30","open":"09:30","close":"16:00"}])");
  REQUIRE(calendar.value);
  REQUIRE(calendar.value->size() == 2);
  CHECK((*calendar.value)[0] == *session_on({2026, 11, 27}));
  CHECK((*calendar.value)[0].half_day);
  CHECK_EQUAL((*calendar.value)[0].minutes(), 210);
  CHECK((*calendar.value)[1] == *session_on({2026, 11, 30}));
  CHECK(parse_calendar("[]").value->empty());
  for (const std::string row : {R"({"date":"2026-11-31","open":"09:30","close":"16:00"})",
                                R"({"date":"2026-11-30","open":"9:30","close":"16:00"})",
                                R"({"date":"2026-11-30","open":"16:00","close":"09:30"})",
                                R"({"date":"2026-11-30","open":"09:30","close":"24:00"})",
                                R"({"open":"09:30","close":"16:00"})", "7", "null"})
    CHECK_EQUAL(parse_calendar("[" + row + "]").unreadable.size(), 1u);
  CHECK(refused_for(parse_calendar("{}"), "array"));
}

TEST(one row that cannot be read costs that row only) {
  const std::string order =
      R"({"id":"1","client_order_id":"c","symbol":"TQQQ","side":"sell","order_type":"market","qty":"10","filled_qty":"10","filled_avg_price":"50.125","status":"filled","created_at":"2026-11-20T14:31:00Z","updated_at":null})";
  const auto orders = parse_orders("[" + order + "," + order + "]");
  REQUIRE(orders.value);
  CHECK_EQUAL(orders.value->size(), 2u);
  const auto& first = (*orders.value)[0];
  CHECK_EQUAL(first.type, "market");
  CHECK_EQUAL(first.filled_price.micros, 50'125'000);
  CHECK_EQUAL(first.updated_at, first.created_at);
  const auto odd =
      parse_orders("[" + order + "," + replaced(order, "\"10\"", "\"0.5\"") + ",7," + order + "]");
  REQUIRE(odd.value);
  CHECK_EQUAL(odd.value->size(), 2u);
  REQUIRE(odd.unreadable.size() == 2u);
  CHECK_EQUAL(odd.unreadable[0].name, "c");
  CHECK(odd.unreadable[0].problem.starts_with("qty"));
  CHECK_EQUAL(odd.unreadable[1].name, "");
  CHECK(!parse_orders("{}").value);
  CHECK(refused_for(parse_order(replaced(order, "sell", "hold")), "side"));
  CHECK(parse_order(replaced(order, "sell", "sell_short")).value->side == order_side::sell);
  CHECK(refused_for(parse_order(replaced(order, "2026-11-20T14:31:00Z", "soon")), "created_at"));
  CHECK(parse_orders("[]").value->empty());
  const std::string position =
      R"({"symbol":"AAPL","avg_entry_price":"100.0","qty":"5","side":"long","current_price":"120.0"})";
  const auto positions = parse_positions("[" + position + "]");
  REQUIRE(positions.value && positions.value->size() == 1);
  const auto& held = (*positions.value)[0];
  CHECK_EQUAL(held.symbol, "AAPL");
  CHECK_EQUAL(held.shares, 5);
  CHECK_EQUAL(held.average_price.micros, 100'000'000);
  CHECK_EQUAL(held.current_price.micros, 120'000'000);
  CHECK(parse_positions("[" + replaced(position, "long", "short") + "]").value->at(0).shares == -5);
  CHECK(parse_positions("[" + replaced(position, "\"5\"", "-5") + "]").value->at(0).shares == -5);
  const auto unpriced = parse_positions("[" + replaced(position, "\"120.0\"", "null") + "]");
  CHECK_EQUAL(unpriced.value->at(0).current_price.micros, 0);
  const auto fractional = parse_positions("[" + replaced(position, "\"5\"", "\"5.5\"") + "]");
  REQUIRE(fractional.value && fractional.value->size() == 1);
  CHECK_EQUAL(fractional.value->at(0).shares, 5);
  CHECK_EQUAL(fractional.value->at(0).fractional, "5.5");
  CHECK_EQUAL(held.fractional, "");
  const auto without = parse_positions("[" + replaced(position, "\"qty\"", "\"q\"") + "," + position + "]");
  REQUIRE(without.value && without.value->size() == 1);
  CHECK_EQUAL(without.unreadable.at(0).name, "AAPL");
  CHECK(without.unreadable.at(0).problem.starts_with("qty"));
}

TEST(an asset) {
  const auto asset = parse_asset(
      R"({"symbol":"AAPL","exchange":"NASDAQ","status":"active","tradable":true,"last_price":"string"})");
  REQUIRE(asset.value);
  CHECK(asset.value->active && asset.value->tradable);
  CHECK_EQUAL(asset.value->exchange, "NASDAQ");
  const auto gone = parse_asset(R"({"symbol":"X","exchange":null,"status":"inactive","tradable":false})");
  CHECK(gone.value && !gone.value->active && !gone.value->tradable);
  CHECK(refused_for(parse_asset(R"({"symbol":"X","status":"active"})"), "tradable"));
}

TEST(pages of bars) {
  const std::string row =
      R"({"t":"2022-06-08T04:00:00Z","o":194.67,"h":202.03,"l":194.41,"c":196,"v":22211813,"n":246906,"vw":198.364578})";
  const auto page = parse_bar_page(R"({"bars":{"META":[)" + row + "," + row + R"(],"AAPL":[)" + row +
                                   R"(,{"t":"2022-06-08T04:00:00Z","o":1},7]},"next_page_token":"TUVU="})");
  REQUIRE(page.value);
  REQUIRE(page.value->bars.size() == 3);
  CHECK_EQUAL(page.value->bars[0].symbol, "AAPL");
  CHECK_EQUAL(page.value->bars[1].symbol, "META");
  CHECK(page.value->bars[2].value == (bar{1'654'660'800'000, 194.67, 202.03, 194.41, 196, 22'211'813}));
  CHECK_EQUAL(page.value->bad, 2u);
  CHECK_EQUAL(page.value->next_page_token, "TUVU=");
  for (const std::string empty :
       {R"({"bars":{},"next_page_token":null})", R"({"bars":null,"next_page_token":null})",
        R"({"bars":null,"symbol":"AAPL","next_page_token":""})", R"({"bars":{"AAPL":null}})"}) {
    const auto none = parse_bar_page(empty);
    CHECK(none.value && none.value->bars.empty() && none.value->next_page_token.empty() &&
          none.value->bad == 0);
  }
  const auto single = parse_bar_page(R"({"symbol":"AAPL","bars":[)" + row + "]}");
  CHECK(single.value && single.value->bars.size() == 1 && single.value->bars[0].symbol == "AAPL");
  CHECK(refused_for(parse_bar_page("{}"), "bars"));
  CHECK(refused_for(parse_bar_page(R"({"bars":7})"), "bars"));
  CHECK(refused_for(parse_bar_page(R"({"bars":[]})"), "symbol"));
  CHECK(refused_for(parse_bar_page("[1"), "no JSON object"));
}

TEST(refusals of every shape) {
  const auto held = parse_refusal(
      R"json({"available":"0","code":40310000,"existing_qty":"23","held_for_orders":"23","message":"insufficient qty available for order (requested: 23, available: 0)","related_orders":["47448ebc-491c-4f59-b716-75f8c3949c53"],"symbol":"TSLA"})json");
  CHECK_EQUAL(held.code, 40310000);
  CHECK(held.message.starts_with("insufficient qty available"));
  CHECK(held.related_orders == std::vector<std::string>{"47448ebc-491c-4f59-b716-75f8c3949c53"});
  CHECK(held.available == 0);
  CHECK(!held.buying_power);
  const auto wash = parse_refusal(
      R"({"code":40310000,"existing_order_id":"abc","message":"potential wash trade detected. use complex orders","reject_reason":"opposite side limit order exists"})");
  CHECK(wash.related_orders == std::vector<std::string>{"abc"});
  const auto power = parse_refusal(
      R"({"buying_power":"12.34","code":40310000,"cost_basis":"1000","message":"insufficient buying power"})");
  CHECK(power.buying_power && power.buying_power->micros == 12'340'000);
  const auto twice = parse_refusal(R"({"code":40010001,"message":"client_order_id must be unique"})");
  CHECK_EQUAL(twice.code, 40010001);
  CHECK(parse_refusal(R"({"message":"forbidden."})").message == "forbidden.");
  CHECK(parse_refusal(R"({"message":"forbidden."})").code == 0);
  CHECK(parse_refusal(R"({"status":"ERROR","error":"too many"})").message == "too many");
  CHECK(parse_refusal(R"({"code":"42210000","message":null,"msg":"odd"})").code == 42210000);
  CHECK(parse_refusal(R"({"code":1e99,"message":7})").message == "7");
  CHECK(parse_refusal(R"({"available":"3.9"})").available == 3);
  CHECK(parse_refusal("<html>\n502 Bad Gateway</html>").message == "<html> 502 Bad Gateway</html>");
  CHECK(parse_refusal("").message.empty());
  CHECK(parse_refusal(std::string(5'000, 'x')).message.size() == 300u);
  CHECK(parse_refusal("[]").code == 0);
}
