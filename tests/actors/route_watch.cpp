#define CAF_SUITE route_watch
#include "actors/live/route_watch.hpp"
#include "tests/support/desk_bench.hpp"
#include "tests/support/test.hpp"

#include <set>

using namespace sentio;
using namespace sentio::test;

namespace {

struct bench {
  route_watch route;
  std::int64_t now = 1'000;
  std::set<std::string> without_word; ///< orders of which the venue has said nothing
  std::set<std::string> open;         ///< orders without a known end
  std::set<std::string> given_up;     ///< orders that ended without a word

  bench() { route.begin(now); }
  bool judge() {
    return route.judge(
        now, [this](const std::string& id) { return without_word.contains(id); },
        [this](const std::string& id) { return open.contains(id); },
        [this](const std::string& id) { return given_up.contains(id); });
  }
  void wait(std::int64_t ms) { now += ms; }
  void ask(desk_action action, const std::string& id = {}) { route.asked({action, id, {}, 0}, now); }
  void answer(desk_action action, const desk_answer& said, const std::string& id = {}) {
    route.answered({action, id, {}, 0}, said);
  }
};

const desk_answer nothing{0, {}, "connection refused", 0};
const desk_answer an_empty_list{200, "[]", {}, 0};
const desk_answer a_refusal{403, R"({"code":40310000})", {}, 0};
const desk_answer too_many{429, {}, {}, 600};

} // namespace

TEST(an order without a word for eight seconds is an outage until the venue knows it) {
  bench b;
  b.without_word = b.open = {"a"};
  b.ask(desk_action::post, "a");
  b.answer(desk_action::post, nothing, "a");
  b.wait(7'999);
  CHECK(!b.judge());
  b.wait(1);
  CHECK(b.judge());
  CHECK(b.route.is_down(route_use::send));
  CHECK_EQUAL(b.route.reasons(), "orders cannot be sent (connection refused)");
  b.without_word.clear(); // a look-up found it
  CHECK(!b.judge());
  CHECK_EQUAL(b.route.outages(), 1u);
}

TEST(an order that never gets an answer counts while it is under way) {
  bench b;
  b.without_word = b.open = {"a"};
  b.ask(desk_action::post, "a");
  b.wait(8'000);
  CHECK(b.judge());
}

TEST(a wait that the venue dictates is an outage too) {
  bench b;
  b.without_word = b.open = {"a"};
  b.ask(desk_action::post, "a");
  b.answer(desk_action::post, too_many, "a");
  b.wait(8'000);
  CHECK(b.judge());
  CHECK(b.route.reasons().find("Retry-After 600 s") != std::string::npos);
}

TEST(a refusal is an answer) {
  bench b;
  b.without_word = b.open = {"a"};
  b.ask(desk_action::post, "a");
  b.answer(desk_action::post, a_refusal, "a");
  b.wait(60'000);
  CHECK(!b.judge());
}

TEST(look - ups and cancels that are never answered are outages of their own) {
  bench b;
  b.open = {"a", "b"};
  b.ask(desk_action::look, "a");
  b.ask(desk_action::cancel, "b");
  b.wait(8'000);
  CHECK(b.judge());
  CHECK(b.route.is_down(route_use::look_up));
  CHECK(b.route.is_down(route_use::cancel));
  CHECK(!b.route.is_down(route_use::send));
  b.answer(desk_action::look, {404, {}, {}, 0}, "a");
  CHECK(b.judge());
  b.answer(desk_action::cancel, {204, {}, {}, 0}, "b");
  CHECK(!b.judge());
}

TEST(positions that cannot be read are an outage after a second attempt) {
  bench b;
  b.ask(desk_action::positions);
  b.wait(9'000);
  CHECK(!b.judge()); // one slow answer
  b.answer(desk_action::positions, {200, "<html>", {}, 0});
  CHECK(!b.judge()); // one lost answer
  CHECK(b.route.wants_reconciliation(b.now));
  b.ask(desk_action::positions);
  b.wait(1'999);
  CHECK(!b.judge());
  b.wait(1);
  CHECK(b.judge());
  CHECK(b.route.is_down(route_use::read_positions));
  b.answer(desk_action::positions, {200, "<html>", {}, 0});
  CHECK(b.judge());
  b.ask(desk_action::positions);
  CHECK(!b.route.wants_reconciliation(b.now + 2'000)); // it is under way
  b.answer(desk_action::positions, an_empty_list);
  CHECK(!b.judge());
}

TEST(an account that cannot be read is an outage) {
  bench b;
  b.route.account_asked(b.now);
  b.route.account_answered(a_refusal, false);
  b.wait(8'000);
  CHECK(!b.judge());
  b.route.account_asked(b.now);
  b.route.account_answered(a_refusal, false);
  CHECK(b.judge());
  CHECK_EQUAL(b.route.reasons(), "the account cannot be read (HTTP 403)");
}

TEST(an order that was given up unheard keeps entries away until another one is answered or
     a minute is over) {
  for (const bool answered : {true, false}) {
    bench b;
    b.without_word = b.open = {"a"};
    b.ask(desk_action::post, "a");
    b.answer(desk_action::post, nothing, "a");
    b.wait(9'000);
    b.without_word.clear();
    b.open.clear();
    b.given_up = {"a"};
    CHECK(b.judge());
    b.wait(route_trial_ms - 1);
    CHECK(b.judge());
    if (answered) { // an exit
      b.ask(desk_action::post, "b");
      b.answer(desk_action::post, {200, "{}", {}, 0}, "b");
    } else {
      b.wait(1);
    }
    CHECK(!b.judge());
  }
}

TEST(an order that was given up in a dead interface keeps entries away until the account is read) {
  bench b;
  b.without_word = b.open = {"a"};
  b.ask(desk_action::post, "a");
  b.answer(desk_action::post, nothing, "a");
  b.route.account_asked(b.now);
  b.route.account_answered(nothing, false);
  b.wait(4'000);
  b.without_word.clear();
  b.open.clear();
  b.given_up = {"a"};
  CHECK(b.judge());
  b.route.account_asked(b.now);
  b.route.account_answered({200, {}, {}, 0}, true);
  CHECK(!b.judge());
}

TEST(an order that is given up after the silence into which it was sent keeps no entries away) {
  bench b;
  b.without_word = b.open = {"a"};
  b.ask(desk_action::post, "a");
  b.answer(desk_action::post, nothing, "a");
  for (int i = 0; i < 2; ++i) {
    b.ask(desk_action::list);
    b.answer(desk_action::list, nothing);
  }
  b.wait(9'000);
  CHECK(b.judge());
  b.ask(desk_action::list);
  b.answer(desk_action::list, an_empty_list);
  b.without_word.clear(); // look-ups are answered: it is not there
  b.open.clear();
  b.given_up = {"a"};
  CHECK(!b.judge());
}

TEST(the account is asked for every fifteen seconds and every two while something fails) {
  bench b;
  CHECK(!b.route.wants_probe(b.now + 14'999));
  CHECK(b.route.wants_probe(b.now + 15'000));
  b.wait(15'000);
  b.route.account_asked(b.now);
  CHECK(!b.route.wants_probe(b.now + 60'000)); // it is under way
  b.route.account_answered(nothing, false);
  CHECK(!b.route.wants_probe(b.now + 1'999));
  CHECK(b.route.wants_probe(b.now + 2'000));
  CHECK(!b.route.was_heard());
  b.route.account_asked(b.now + 2'000);
  b.route.account_answered({200, {}, {}, 0}, true);
  CHECK(!b.route.wants_probe(b.now + 16'000));
  CHECK(b.route.was_heard());
}
