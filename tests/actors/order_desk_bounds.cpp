// Values that cannot be true, as a hostile or broken venue says them: text -> order desk -> portfolio.
#define CAF_SUITE order_desk_bounds
#include "tests/support/desk_bench.hpp"

#include "core/account/venue_bounds.hpp"
#include "core/numeric/random.hpp"
#include "core/portfolio/portfolio.hpp"
#include "core/strategies/rotation/rotation.hpp"
#include "core/tape/codec.hpp"

#include <array>

using namespace sentio;
using namespace sentio::test;

namespace {

struct bounded_bench : desk_bench {
  bounded_bench() { desk.expect(from_dollars(100'000), {50, 40, 0}); }
  std::size_t refused() const { return count(venue_event_kind::impossible); }
  std::size_t booked() const { return count(venue_event_kind::fill) + count(venue_event_kind::adjustment); }
};

order_intent foreign(std::int64_t shares, order_side side = order_side::buy) {
  auto order = intent_of(side, shares);
  order.client_order_id = "a person's";
  return order;
}

desk_answer position(const std::string& symbol, const std::string& shares, const std::string& average,
                     const std::string& current) {
  return {
      200,
      nlohmann::json::array(
          {{{"symbol", symbol}, {"qty", shares}, {"avg_entry_price", average}, {"current_price", current}}})
          .dump(),
      {},
      0};
}

} // namespace

TEST(the fill that poisoned a tape is refused and said once and everything is asked for) {
  bounded_bench bench;
  const auto fill = update_of(shown(foreign(1'000'000), "filled", 1'000'000, 9e9), "fill", 1'000'000, 9e9);
  const auto requests = bench.hear(fill);
  CHECK_EQUAL(bench.refused(), 1u);
  CHECK_EQUAL(bench.booked(), 0u);
  CHECK_EQUAL(bench.last_reason(),
              "a person's: a price of 9000000000.00 dollars is not between 0.0001 and 1000000000.00");
  REQUIRE(requests.size() == 1u);
  CHECK(requests[0].action == desk_action::list);
  CHECK_EQUAL(bench.desk.held()[0], 0);
  CHECK(bench.hear(fill).empty());
  CHECK_EQUAL(bench.refused(), 1u);
  CHECK_EQUAL(bench.desk.impossible(), 2u);
}

TEST(a foreign fill is measured against the account and the last price) {
  bounded_bench bench;
  bench.hear(update_of(shown(foreign(1'000'000), "filled", 1'000'000, 50), "fill", 1'000'000, 50));
  CHECK_EQUAL(bench.refused(), 1u);
  bench.hear(update_of(shown(foreign(10), "filled", 10, 5'000), "fill", 10, 5'000));
  CHECK_EQUAL(bench.refused(), 2u);
  CHECK_EQUAL(bench.booked(), 0u);
  bench.hear(update_of(shown(foreign(10), "filled", 10, 51), "fill", 10, 51));
  CHECK_EQUAL(bench.booked(), 1u);
  CHECK_EQUAL(bench.desk.held()[0], 10);
}

TEST(an impossible fill of our own order is looked up and the truth is booked) {
  for (const auto& [shares, price] : {std::pair<std::int64_t, double>{100, 5'000}, {101, 50}, {100, 9e9}}) {
    bounded_bench bench;
    const auto order = intent_of(order_side::buy, 100);
    bench.submit(order);
    auto seen = shown(order, "filled", shares, price);
    bench.hear(update_of(seen, "fill", shares, price));
    CHECK_EQUAL(bench.refused(), 1u);
    CHECK_EQUAL(bench.booked(), 0u);
    std::vector<desk_request> requests;
    bench.wait_for_request(requests);
    REQUIRE(requests.size() == 1u);
    CHECK(requests[0].action == desk_action::look);
    bench.answer(requests[0], good(shown(order, "filled", 100, 50.25)));
    CHECK_EQUAL(bench.filled(order.client_order_id), 100);
    CHECK(bench.value(order.client_order_id) == from_dollars(5'025));
    CHECK_EQUAL(bench.desk.live(), 0u);
  }
}

TEST(when the venue insists the order is over and the positions decide) {
  bounded_bench bench;
  const auto order = intent_of(order_side::buy, 100);
  const auto post = bench.submit(order);
  bench.answer(post[0], good(shown(order, "filled", 100, 9e8)));
  CHECK_EQUAL(bench.refused(), 1u);
  CHECK_EQUAL(bench.count(venue_event_kind::canceled), 1u);
  CHECK_EQUAL(bench.desk.live(), 0u);
  for (int look = 0; look < 2; ++look) {
    bench.wait(1'000);
    bench.desk.reconcile(bench.now);
    const auto list = bench.take();
    const auto positions = bench.answer(list[0], good_list({shown(order, "filled", 100, 9e8)}));
    bench.answer(positions[0], good_positions({{"AAA", 100}, {"BBB", 500}}));
  }
  CHECK_EQUAL(bench.refused(), 1u); // said once
  CHECK_EQUAL(bench.count(venue_event_kind::adjustment), 1u);
  CHECK_EQUAL(bench.desk.held()[0], 100);
}

TEST(a position that cannot be true is refused and closed at the venue) {
  for (const auto& shares : {"1000000", "9223372036854775807", "-9223372036854775807", "2000000000"}) {
    bounded_bench bench;
    for (int look = 0; look < 2; ++look) {
      bench.wait(1'000);
      bench.desk.reconcile(bench.now);
      const auto list = bench.take();
      const auto positions = bench.answer(list[0], good_list({}));
      bench.answer(positions[0], position("BBB", shares, "40", "41"));
    }
    CHECK_EQUAL(bench.refused(), 1u);
    CHECK_EQUAL(bench.booked(), 0u);
    CHECK_EQUAL(bench.asked(desk_action::close_one), 1u);
    CHECK_EQUAL(bench.desk.held()[1], 500);
  }
}

TEST(a position with an impossible price is valued at the price that is known) {
  bounded_bench bench;
  for (int look = 0; look < 2; ++look) {
    bench.wait(1'000);
    bench.desk.reconcile(bench.now);
    const auto list = bench.take();
    const auto positions = bench.answer(list[0], good_list({}));
    bench.answer(positions[0], position("BBB", "510", "9000000000", "9000000000"));
  }
  CHECK_EQUAL(bench.refused(), 1u);
  REQUIRE(bench.count(venue_event_kind::adjustment) == 1u);
  CHECK_EQUAL(to_string(bench.said.events.back().fill.price), "40.00");
}

TEST(a desk that is born into the session does not say again what was refused) {
  bounded_bench before;
  const auto fill = update_of(shown(foreign(1'000'000), "filled", 1'000'000, 9e9), "fill", 1'000'000, 9e9);
  before.hear(fill);
  bounded_bench after;
  for (const auto& event : before.said.events)
    after.desk.recall(event);
  after.hear(fill);
  CHECK_EQUAL(after.refused(), 0u);
  CHECK_EQUAL(after.desk.impossible(), 2u);
}

namespace {

/// Text as a venue would write it, with values of any size.
class hostile_text {
public:
  explicit hostile_text(random_source& random) : random_(random) {}

  std::string number(std::int64_t usual) {
    static constexpr std::array odd{"0",
                                    "-1",
                                    "1e9",
                                    "0.000001",
                                    "9000000000",
                                    "1000000",
                                    "1000000000",
                                    "9223372036854775807",
                                    "-9223372036854775808",
                                    "99999999999999999999",
                                    "0.5",
                                    "9223372036854.775807",
                                    "1e300",
                                    "null"};
    if (random_.below(4) == 0)
      return odd[random_.below(odd.size())];
    return std::to_string(usual);
  }
  std::string order(const order_intent& intent, const std::string& id, const std::string& status) {
    const auto filled = random_.below(static_cast<std::uint64_t>(intent.shares) + 1);
    static constexpr std::array symbols{"AAA", "BBB", "CCC", "ZZZ"};
    const auto side =
        (random_.below(20) ? intent.side : order_side::sell) == order_side::buy ? "buy" : "sell";
    return R"({"id":"v-)" + id + R"(","client_order_id":")" + id + R"(","symbol":")" +
           (random_.below(20) ? symbols[intent.symbol] : symbols[random_.below(4)]) + R"(","side":")" + side +
           R"(","type":"market","qty":")" +
           (random_.below(10) ? std::to_string(intent.shares) : number(intent.shares)) +
           R"(","filled_qty":")" + number(static_cast<std::int64_t>(filled)) + R"(","filled_avg_price":")" +
           number(50) + R"(","status":")" + status + R"("})";
  }

private:
  random_source& random_;
};

/// One desk and one book, hearing a hostile venue; throws what they throw.
struct conversation {
  explicit conversation(std::uint64_t seed) : random(seed), text(random) {
    rotation_parameters rotation;
    rotation.correlation_filter = false;
    const auto rules = make_rotation(rotation);
    std::vector<instrument> funds(3);
    for (std::size_t i = 0; i < 3; ++i)
      funds[i].name = std::string(3, static_cast<char>('A' + i));
    book.emplace(parameters, rules, funds, from_dollars(100'000), "tag");
    again.emplace(parameters, rules, funds, from_dollars(100'000), "tag");
    desk.expect(from_dollars(100'000), {50, 50, 50});
    const auto hours = *session_on({2025, 6, 3});
    book->begin_session(hours);
    again->begin_session(hours);
    book->on_phase(session_phase::open, hours.open);
    again->on_phase(session_phase::open, hours.open);
    book->take();
    again->take();
    now.venue = hours.open + minute_ms;
  }

  void settle() {
    auto output = desk.take();
    for (const auto& event : output.events) {
      byte_writer bytes;
      encode(bytes, event);
      byte_reader in(bytes.bytes());
      venue_event read;
      if (!decode(in, read) || !(read == event))
        throw std::runtime_error("an event is not on the tape as it was");
      book->on_venue(event);
      again->on_venue(read);
      auto made = book->take();
      if (!(again->take() == made))
        throw std::runtime_error("two folds differ");
      impossible += event.kind == venue_event_kind::impossible ? 1 : 0;
      booked += made.trades.size();
      for (const auto& order : made.orders) {
        sent.push_back(order);
        desk.submit(order, now);
      }
    }
    for (auto& request : output.requests)
      asked.push_back(std::move(request));
  }

  void answer() {
    if (asked.empty())
      return;
    const auto request = asked[random.below(asked.size())];
    desk_answer reply{random.below(8) ? 200 : 404, {}, {}, 0};
    const auto status = random.below(2) ? "filled" : "accepted";
    if (request.action == desk_action::list || request.action == desk_action::positions)
      reply.body = "[";
    if (request.action == desk_action::positions) {
      for (const auto* symbol : {"AAA", "BBB", "CCC"})
        reply.body += (reply.body.size() > 1 ? "," : "") + (R"({"symbol":")" + std::string(symbol)) +
                      R"(","qty":")" + text.number(static_cast<std::int64_t>(random.below(50))) +
                      R"(","avg_entry_price":")" + text.number(50) + R"(","current_price":")" +
                      text.number(50) + R"("})";
    } else if (!sent.empty()) {
      const auto& order = sent[random.below(sent.size())];
      reply.body += text.order(order, order.client_order_id, status);
    }
    if (request.action == desk_action::list || request.action == desk_action::positions)
      reply.body += "]";
    desk.answered(request, reply, now);
  }

  void hear() {
    auto order = intent_of(order_side::buy, 1 + static_cast<std::int64_t>(random.below(200)),
                           static_cast<symbol_index>(random.below(3)));
    std::string id = "person-" + std::to_string(random.below(4));
    if (!sent.empty() && random.below(3)) {
      order = sent[random.below(sent.size())];
      id = order.client_order_id;
    }
    const auto message = R"({"stream":"trade_updates","data":{"event":"fill","execution_id":"e","price":")" +
                         text.number(50) + R"(","qty":")" + text.number(order.shares) + R"(","order":)" +
                         text.order(order, id, random.below(3) ? "filled" : "new") + "}}";
    const auto parsed = alpaca::parse_trading_message(message);
    if (const auto* update = std::get_if<alpaca::trade_update>(&parsed))
      desk.heard(*update, now);
  }

  void run() {
    for (int step = 0; step < 30; ++step) {
      if (random.below(2))
        hear();
      else
        answer();
      settle();
      now.real += 500;
      now.venue += 500;
      desk.tick(now);
      settle();
      if (random.below(10) == 0) {
        desk.reconcile(now);
        settle();
      }
    }
    book->on_command(command_kind::flatten, now.venue);
    again->on_command(command_kind::flatten, now.venue);
    book->take();
    again->take();
  }

  random_source random;
  hostile_text text;
  portfolio_parameters parameters;
  std::optional<portfolio> book, again;
  order_desk desk{{"AAA", "BBB", "CCC"}, "tag", {0, 0, 0}};
  desk_time now{1'000, 0};
  std::vector<order_intent> sent;
  std::vector<desk_request> asked;
  std::uint64_t impossible = 0;
  std::uint64_t booked = 0;
};

} // namespace

TEST(four hundred conversations with a venue of extreme values make neither desk nor book throw) {
  std::uint64_t impossible = 0, booked = 0, orders = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    std::string broken;
    try {
      conversation one(seed);
      one.run();
      impossible += one.impossible;
      booked += one.booked;
      orders += one.sent.size();
    } catch (const std::exception& error) {
      broken = error.what();
    }
    if (!broken.empty())
      CAF_FAIL("seed " << seed << ": " << broken);
  }
  CAF_MESSAGE(impossible << " refused, " << booked << " booked, " << orders << " orders");
  // The seeds must reach what they are meant to test.
  CHECK(impossible > 400u);
  CHECK(booked > 200u);
  CHECK(orders > 200u);
}
