#define CAF_SUITE tape_reviews
#include "tests/support/test.hpp"

#include "actors/simulation/tape_review.hpp"

#include <caf/all.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace sentio;
using nlohmann::json;

namespace {

constexpr time_ms t0 = 1'764'600'000'000;

class tape_writer_by_hand {
public:
  tape_writer_by_hand& order(const std::string& id, order_side side, time_ms at) {
    return put(order_intent{id, 0, side, 10, from_dollars(50), at, at, decision_kind::enter});
  }
  tape_writer_by_hand& word(venue_event_kind kind, const std::string& id, time_ms at,
                            std::string reason = {}) {
    return put(venue_event{kind, id, at, {}, std::move(reason)});
  }
  tape_writer_by_hand& minute(time_ms label, double price, double volume) {
    past_.emplace_back(live_bar{0, {label, price, price, price, price, volume}, false});
    return *this;
  }
  tape_writer_by_hand& command(command_kind kind, time_ms at) {
    return put(operator_command{kind, at, "operator"});
  }
  tape_writer_by_hand& command(operator_command command) { return put(std::move(command)); }
  tape_writer_by_hand& cancel(const std::string& id, time_ms at) { return put(cancel_intent{id, at}); }

  std::vector<std::string> review(const json& orders = json::array(),
                                  const seen_from_outside& seen = {}) const {
    return review_tape(past_, orders, seen);
  }

private:
  template <class Entry>
  tape_writer_by_hand& put(Entry entry) {
    past_.emplace_back(std::make_shared<const Entry>(std::move(entry)));
    return *this;
  }
  history past_;
};

json order_at_venue(const std::string& id, const std::string& status) {
  return json::array({{{"id", "v1"}, {"client_order_id", id}, {"status", status}}});
}

const std::string first = "s-1-20251201-1000-TQQQ-B-1";

} // namespace

TEST(a buy in a pause is an offence and a buy before or after it and a sale in it are none) {
  tape_writer_by_hand tape;
  tape.order(first, order_side::buy, t0)
      .command(command_kind::maintenance_on, t0 + 1)
      .order("s-1-20251201-1001-TQQQ-S-1", order_side::sell, t0 + minute_ms)
      .command(command_kind::maintenance_off, t0 + 2 * minute_ms)
      .order("s-1-20251201-1003-TQQQ-B-1", order_side::buy, t0 + 3 * minute_ms);
  CHECK(tape.review().empty());
  tape.command(command_kind::maintenance_on, t0 + 4 * minute_ms)
      .order("s-1-20251201-1005-TQQQ-B-1", order_side::buy, t0 + 5 * minute_ms);
  const auto found = tape.review();
  CAF_REQUIRE_EQUAL(found.size(), 1u);
  CHECK_EQUAL(found[0], "order s-1-20251201-1005-TQQQ-B-1 buys while entries are paused");
}

TEST(a row without trades that became a bar is an offence) {
  tape_writer_by_hand tape;
  tape.minute(t0, 50, 100).minute(t0 + minute_ms, 50, 80).minute(t0 + 2 * minute_ms, 51, 0);
  CHECK(tape.review().empty());
  tape.minute(t0 + 3 * minute_ms, 51, 0);
  CHECK_EQUAL(tape.review().size(), 1u);
}

TEST(a buy after the command that closes the session is an offence whatever comes later) {
  tape_writer_by_hand tape;
  tape.order(first, order_side::buy, t0)
      .command(command_kind::close_session, t0 + 1)
      .order("s-1-20251201-1001-SQQQ-B-1", order_side::buy, t0) // was on its way
      .order("s-1-20251201-1001-TQQQ-S-1", order_side::sell, t0 + minute_ms);
  CHECK(tape.review().empty());
  tape.command(command_kind::rearm, t0 + 2 * minute_ms)
      .command(command_kind::close_session, t0 + 2 * minute_ms)
      .order("s-1-20251201-1003-TQQQ-B-1", order_side::buy, t0 + 3 * minute_ms);
  const auto found = tape.review();
  CAF_REQUIRE_EQUAL(found.size(), 1u);
  CHECK_EQUAL(found[0], "order s-1-20251201-1003-TQQQ-B-1 buys though the session is being closed");
}

TEST(a buy between a halt and its rearm is an offence) {
  tape_writer_by_hand tape;
  tape.command(command_kind::halt, t0 + 1)
      .command(command_kind::rearm, t0 + minute_ms)
      .order(first, order_side::buy, t0 + 2 * minute_ms);
  CHECK(tape.review().empty());
  tape.command(command_kind::halt, t0 + 3 * minute_ms)
      .order("s-1-20251201-1004-TQQQ-B-1", order_side::buy, t0 + 4 * minute_ms);
  const auto found = tape.review();
  CAF_REQUIRE_EQUAL(found.size(), 1u);
  CHECK_EQUAL(found[0], "order s-1-20251201-1004-TQQQ-B-1 buys while HALTED");
}

TEST(a buy that was decided in a minute long over is an offence and a sale is none) {
  tape_writer_by_hand tape;
  tape.order(first, order_side::buy, t0);
  CHECK(tape.review(json::array(), {{}, {}, {{t0, t0 + 25'000}}}).empty());
  const auto found = tape.review(json::array(), {{}, {}, {{t0, t0 + 90'000}}});
  CAF_REQUIRE_EQUAL(found.size(), 1u);
  CHECK_EQUAL(found[0], "order " + first + " was decided 90 s after its minute");
  tape_writer_by_hand sale;
  sale.order("s-1-20251201-1000-TQQQ-S-1", order_side::sell, t0);
  CHECK(sale.review(json::array(), {{}, {}, {{t0, t0 + 90'000}}}).empty());
}

TEST(an attempt must grow after a known end and not before) {
  tape_writer_by_hand grown, not_grown, after_a_fill;
  grown.order(first, order_side::buy, t0)
      .word(venue_event_kind::rejected, first, t0 + 5)
      .order("s-1-20251201-1001-TQQQ-B-2", order_side::buy, t0 + minute_ms);
  CHECK(grown.review().empty());
  not_grown.order(first, order_side::buy, t0)
      .word(venue_event_kind::canceled, first, t0 + 5)
      .order("s-1-20251201-1001-TQQQ-B-1", order_side::buy, t0 + minute_ms);
  CHECK_EQUAL(not_grown.review().size(), 1u);
  after_a_fill.order(first, order_side::buy, t0)
      .word(venue_event_kind::accepted, first, t0 + 5)
      .order("s-1-20251201-1001-TQQQ-B-1", order_side::buy, t0 + minute_ms);
  CHECK(after_a_fill.review().empty());
}

TEST(an order that was called refused is not one that the venue took) {
  tape_writer_by_hand tape;
  tape.order(first, order_side::buy, t0).word(venue_event_kind::rejected, first, t0 + 5, "HTTP 504");
  const seen_from_outside once{{}, {{first, 1}}, {}}, twice{{}, {{first, 2}}, {}};
  CHECK_EQUAL(tape.review(order_at_venue(first, "filled"), once).size(), 1u);
  CHECK(tape.review(order_at_venue(first, "rejected"), once).empty());
  CHECK(tape.review(order_at_venue(first, "filled"), twice).empty());
  CHECK(tape.review(json::array(), once).empty());
}

TEST(a cancel that never left though the order lived on is an offence) {
  tape_writer_by_hand tape;
  tape.order(first, order_side::buy, t0)
      .cancel(first, t0 + 10)
      .word(venue_event_kind::canceled, first, t0 + 2 * minute_ms, "expired");
  const auto orders = order_at_venue(first, "canceled");
  CHECK_EQUAL(tape.review(orders).size(), 1u);
  CHECK(tape.review(orders, {{"v1"}, {}, {}}).empty());
  // Nothing could leave while nothing could reach the venue.
  seen_from_outside cut_off;
  cut_off.unreachable = {{t0 - minute_ms, t0 + 100'000}};
  CHECK(tape.review(orders, cut_off).empty());
  cut_off.unreachable = {{t0 - minute_ms, t0 + 5'000}};
  CHECK_EQUAL(tape.review(orders, cut_off).size(), 1u);
}

TEST(a venue that does not answer has to be on the tape within the bound and nothing is bought then) {
  seen_from_outside seen;
  seen.dead_routes = {{t0, t0 + 10 * minute_ms}};
  const auto route = [](command_kind kind, time_ms at) {
    return operator_command{kind, at, "gateway: order route"};
  };
  tape_writer_by_hand silent;
  CHECK_EQUAL(silent.review(json::array(), seen).size(), 1u);
  silent.order(first, order_side::buy, t0 + 2 * minute_ms);
  CHECK_EQUAL(silent.review(json::array(), seen).size(), 2u);
  tape_writer_by_hand early;
  early.order(first, order_side::buy, t0 + 30'000)
      .command(route(command_kind::maintenance_on, t0 + 40'000))
      .command(route(command_kind::maintenance_off, t0 + 10 * minute_ms));
  CHECK(early.review(json::array(), seen).empty());
  tape_writer_by_hand late;
  late.command(route(command_kind::maintenance_on, t0 + 70'000));
  CHECK_EQUAL(late.review(json::array(), seen).size(), 1u);
}
