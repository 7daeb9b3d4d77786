#define CAF_SUITE order_book
#include "core/account/order_book.hpp"
#include "tests/account/support.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

const order_intent ten = order("ten", 0, order_side::buy, 10, 50, 0);

order_book with_ten() {
  order_book book;
  book.add(ten, "why", from_dollars(50.5));
  return book;
}

order_state state_of(const order_book& book) {
  return book.find("ten")->state;
}

} // namespace

TEST(an order goes from approved over accepted and partial fills to filled) {
  order_book book = with_ten();
  CHECK(state_of(book) == order_state::approved);
  CHECK_EQUAL(to_string(book.find("ten")->reserved()), "505.00");
  CHECK(book.apply(says(venue_event_kind::accepted, "ten", 1)).effect == event_effect::applied);
  CHECK(state_of(book) == order_state::accepted);
  book.apply(says(fill_of(ten, 1, 4, 50, 2)));
  CHECK(state_of(book) == order_state::partially_filled);
  CHECK_EQUAL(to_string(book.find("ten")->reserved()), "303.00");
  CHECK_EQUAL(book.live().size(), 1u);
  book.apply(says(fill_of(ten, 2, 6, 50, 3)));
  CHECK(state_of(book) == order_state::filled);
  CHECK(book.live().empty());
}

TEST(a fill is counted once by its execution id) {
  order_book book = with_ten();
  CHECK(book.apply(says(fill_of(ten, 1, 4, 50, 2))).effect == event_effect::applied);
  CHECK(book.apply(says(fill_of(ten, 1, 4, 50, 2))).effect == event_effect::duplicate);
  CHECK_EQUAL(book.find("ten")->filled, 4);
  book.apply(says(fill_of(ten, 2, 6, 50, 3)));
  CHECK(book.apply(says(fill_of(ten, 2, 6, 50, 3))).effect == event_effect::duplicate);
  CHECK_EQUAL(book.counts().duplicate_fills, 2u);
  CHECK_EQUAL(book.counts().late_events, 0u);
}

TEST(terminal states are never left) {
  for (venue_event_kind end :
       {venue_event_kind::canceled, venue_event_kind::rejected, venue_event_kind::expired}) {
    order_book book = with_ten();
    book.apply(says(end, "ten", 1));
    const order_state ended = state_of(book);
    REQUIRE(is_terminal(ended));
    CHECK(book.apply(says(fill_of(ten, 1, 4, 50, 2))).effect == event_effect::late);
    CHECK(book.apply(says(venue_event_kind::accepted, "ten", 2)).effect == event_effect::late);
    CHECK(book.apply(says(venue_event_kind::canceled, "ten", 2)).effect == event_effect::late);
    CHECK(state_of(book) == ended);
    CHECK_EQUAL(book.find("ten")->filled, 0);
    CHECK_EQUAL(book.counts().late_events, 3u);
  }
}

TEST(an accepted word that comes after a fill is late) {
  order_book book = with_ten();
  book.apply(says(fill_of(ten, 1, 4, 50, 2)));
  CHECK(book.apply(says(venue_event_kind::accepted, "ten", 1)).effect == event_effect::late);
  CHECK(state_of(book) == order_state::partially_filled);
}

TEST(an impossible fill breaks an identity) {
  order_book book = with_ten();
  execution wrong = fill_of(ten, 1, 11, 50, 2);
  CHECK(breaks_an_identity([&] { book.apply(says(wrong)); })); // more than ordered
  wrong = fill_of(ten, 1, 4, 50, 2);
  wrong.side = order_side::sell;
  CHECK(breaks_an_identity([&] { book.apply(says(wrong)); }));
  wrong = fill_of(ten, 1, 4, 50, 2);
  wrong.symbol = 1;
  CHECK(breaks_an_identity([&] { book.apply(says(wrong)); }));
  CHECK(breaks_an_identity([&] { book.apply(says(fill_of(ten, 1, 0, 50, 2))); }));
  CHECK(breaks_an_identity([&] { book.apply(says(fill_of(ten, 1, 4, 0, 2))); }));
  CHECK(state_of(book) == order_state::approved);
}

TEST(an id is used once and an order has shares) {
  order_book book = with_ten();
  CHECK(breaks_an_identity([&] { book.add(ten, "", {}); }));
  CHECK(breaks_an_identity([&] { book.add(order("none", 0, order_side::buy, 0, 50, 0), "", {}); }));
}

TEST(a new session forgets what is over and keeps what is unknown) {
  order_book book = with_ten();
  book.add(order("done", 1, order_side::buy, 5, 20, 0), "", {});
  book.apply(says(venue_event_kind::rejected, "done", 1));
  book.begin_session();
  CHECK(book.find("done") == nullptr);
  REQUIRE(book.find("ten") != nullptr);
  CHECK_EQUAL(book.live().size(), 1u);
  CHECK(book.apply(says(venue_event_kind::canceled, "done", 2)).effect == event_effect::unknown);
  CHECK_EQUAL(book.counts().unknown_orders, 1u);
}

TEST(names are those of the logs) {
  CHECK_EQUAL(std::string(to_string(order_side::buy)), "BUY");
  CHECK_EQUAL(std::string(to_string(order_side::sell)), "SELL");
  const std::vector<std::pair<decision_kind, std::string>> names{
      {decision_kind::hold, "HOLD"},
      {decision_kind::exit, "EXIT"},
      {decision_kind::enter, "ENTER"},
      {decision_kind::rotate_out, "ROTATE_OUT"},
      {decision_kind::profit_target, "PROFIT_TARGET"},
      {decision_kind::stop_loss, "STOP_LOSS"},
      {decision_kind::eod_exit, "EOD_EXIT"}};
  for (const auto& [kind, name] : names)
    CHECK_EQUAL(std::string(to_string(kind)), name);
}
