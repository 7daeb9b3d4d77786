#define CAF_SUITE live_feed_credit
#include "tests/support/actor_fixture.hpp"

#include "actors/live/live_feed.hpp"

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace sentio;

namespace {

/// A venue that says what the test says.
struct played_venue final : venue_network {
  struct socket_port final : ws_port {
    void send(std::string) override {}
  };
  struct page_port final : rest_port {
    explicit page_port(played_venue& owner) : venue(owner) {}
    void send(rest_request request, answer callback) override {
      venue.asked.emplace_back(std::move(request), std::move(callback));
    }
    played_venue& venue;
  };
  std::unique_ptr<rest_port> rest(const rest_config&) override { return std::make_unique<page_port>(*this); }
  std::unique_ptr<ws_port> socket(const ws_config&, ws_port::sink events) override {
    stream = std::move(events);
    return std::make_unique<socket_port>();
  }
  ws_port::sink stream;
  std::deque<std::pair<rest_request, rest_port::answer>> asked;
};

/// One symbol, AAA, and room for eight bars. The tape is the test: it keeps what it is sent.
struct credit_bench : test::actor_fixture {
  session_hours day = *session_on({2025, 6, 3});
  std::shared_ptr<played_venue> venue = std::make_shared<played_venue>();
  std::shared_ptr<venue_time> time = std::make_shared<venue_time>(1, day.open, venue_time::steady::now());
  std::vector<int> minutes; ///< of the bars that reached the tape
  std::vector<command_kind> commands;
  live_tape_actor tape;
  live_feed_actor feed;

  credit_bench() {
    tape = sys.spawn([this]() -> live_tape_actor::behavior_type {
      return {[](const wiring&) {},
              [](step_atom) {},
              [](const session_block_ptr&) {},
              [](const end_of_data&) {},
              [](const wake_at&) {},
              [](const venue_event&) {},
              [this](const operator_command& command) { commands.push_back(command.kind); },
              [](const portfolio_step_ptr&) {},
              [](const session_closed&) {},
              [](const learner_state&) {},
              [](const warmup_summary&) {},
              [](status_atom) {
                return actor_status{"tape", 0, {}};
              },
              [this](const live_bar& b) {
                minutes.push_back(static_cast<int>((b.value.label - day.open) / minute_ms));
              },
              [](const minute_due&) {},
              [](const phase_change&) {},
              [](const halt_change&) {},
              [](const feed_change&) {},
              [](const operator_word&) {},
              [](const session_over&) {},
              [](const symbol_change&) {},
              [](const mend_request&) { return history_ptr{}; },
              [](const wiring_ptr&) {},
              [](const round_deadline&) {}};
    });
    live_config config;
    config.time = time;
    config.hours = day;
    config.symbols = {"AAA"};
    config.venue.data_stream = "wss://venue/v2/iex";
    config.venue.data_url = "https://venue";
    config.network = venue;
    config.joined_at = day.open;
    config.bar_window = 8;
    feed = sys.spawn(live_feed, std::make_shared<const live_config>(std::move(config)), tape, supervisor);
    run();
    shake_hands();
    answer({}); // the back-fill of a new connection, when it asked for one
  }
  ~credit_bench() { stop(feed, tape); }

  void shake_hands() {
    say({}, ws_event_kind::opened);
    say(R"([{"T":"success","msg":"connected"}])");
    say(R"([{"T":"success","msg":"authenticated"}])");
    say(R"([{"T":"subscription","bars":["AAA"],"updatedBars":["AAA"],"statuses":["AAA"]}])");
  }
  /// The connection ends, or the next one is refused, with this answer.
  void end_with(int http_status) {
    ws_event event;
    event.http_status = http_status;
    event.text = "refused";
    venue->stream(std::move(event));
    run();
  }
  /// The longest wait before the next attempt is over.
  void try_again() {
    scheduler().advance_time(std::chrono::seconds{37});
    run();
  }

  void say(const std::string& text, ws_event_kind kind = ws_event_kind::message) {
    ws_event event;
    event.kind = kind;
    event.text = text;
    venue->stream(std::move(event));
    run();
  }
  std::string bar_json(int minute, const std::string& volume = "100", const std::string& price = "50") const {
    return R"("t":")" + alpaca::format_timestamp(day.open + minute * minute_ms) + R"(","o":)" + price +
           R"(,"h":)" + price + R"(,"l":)" + price + R"(,"c":)" + price + R"(,"v":)" + volume +
           R"(,"n":1,"vw":50)";
  }
  void stream(int minute, const std::string& volume = "100", const std::string& price = "50") {
    time->correct(day.open + (minute + 1) * minute_ms + 100, venue_time::steady::now());
    say(R"([{"T":"b","S":"AAA",)" + bar_json(minute, volume, price) + "}]");
  }
  /// Answers the oldest question for bars, if there is one, with these minutes.
  void answer(const std::vector<int>& from_rest) {
    if (venue->asked.empty())
      return;
    const auto [request, callback] = std::move(venue->asked.front());
    venue->asked.pop_front();
    rest_response response;
    response.status = 200;
    response.body = R"({"bars":{"AAA":[)";
    for (const int minute : from_rest)
      response.body += (response.body.back() == '[' ? "{" : ",{") + bar_json(minute) + "}";
    response.body += R"(]},"next_page_token":null})";
    callback(response);
    run();
  }
  /// Venue time passes, and the feed looks after it.
  void wait(time_ms much) {
    time->correct(time->now() + much, venue_time::steady::now());
    scheduler().advance_time(std::chrono::milliseconds{101});
    run();
  }
  std::uint64_t count_of(const std::string& name) {
    std::uint64_t found = 0;
    const auto status = status_of(feed);
    for (const auto& [known, value] : status.counts)
      if (known == name)
        found = value;
    return found;
  }
};

std::vector<int> range(int first, int last) {
  std::vector<int> all;
  for (int i = first; i <= last; ++i)
    all.push_back(i);
  return all;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(live_feed_credits, credit_bench)

TEST(a tape that takes nothing is sent no more bars than its window) {
  for (int minute = 0; minute < 30; ++minute)
    stream(minute);
  CHECK(minutes == range(0, 7));
  CHECK_EQUAL(count_of("postponed"), 22u);
  wait(10'000);
  CHECK(venue->asked.empty()); // nor is anything fetched for it
}

TEST(what a slow tape missed comes in order when it has caught up) {
  for (int minute = 0; minute < 12; ++minute)
    stream(minute);
  tell(feed, credit{8});
  stream(12); // not before the gap
  CHECK(minutes == range(0, 7));
  wait(6'000);
  REQUIRE(venue->asked.size() == 1u);
  const auto target = venue->asked.front().first.target;
  const auto wanted = alpaca::bars_target({"AAA"}, day.open + 7 * minute_ms, day.close, "iex", "raw", "");
  CHECK_EQUAL(target.substr(0, target.find("&end")), wanted.substr(0, wanted.find("&end")));
  stream(13);
  answer(range(8, 12));
  CHECK(minutes == range(0, 13));
  stream(14);
  CHECK_EQUAL(minutes.back(), 14);
  CHECK(venue->asked.empty());
}

TEST(a gap longer than the window is fetched in pieces) {
  for (int minute = 0; minute < 20; ++minute)
    stream(minute);
  tell(feed, credit{8});
  wait(6'000);
  REQUIRE(venue->asked.size() == 1u);
  answer(range(8, 19));
  CHECK(minutes == range(0, 15));
  tell(feed, credit{8});
  wait(6'000);
  REQUIRE(venue->asked.size() == 1u);
  answer(range(16, 19));
  CHECK(minutes == range(0, 19));
}

TEST(credit for bars of a predecessor does not widen the window) {
  tell(feed, credit{1'000});
  for (int minute = 0; minute < 12; ++minute)
    stream(minute);
  CHECK(minutes == range(0, 7));
}

TEST(without a stream each minute is asked for as soon as it is over) {
  say("the venue went away", ws_event_kind::closed);
  wait(60'500);
  CHECK(venue->asked.empty());
  wait(600);
  REQUIRE(venue->asked.size() == 1u);
  answer({0});
  CHECK(minutes == std::vector<int>{0});
  wait(55'000);
  CHECK(venue->asked.empty());
  wait(6'000);
  REQUIRE(venue->asked.size() == 1u);
  answer({}); // the venue does not have it yet
  wait(4'000);
  CHECK(venue->asked.empty());
  wait(1'500);
  REQUIRE(venue->asked.size() == 1u);
  answer({0, 1});
  CHECK(minutes == (std::vector<int>{0, 0, 1})); // the tape drops what it knows
}

TEST(minutes without trades are not told) {
  stream(0);
  stream(1, "0");
  stream(2, "0");
  stream(3, "100", "51");
  stream(4, "0", "51.01"); // a source without volumes
  CHECK(minutes == (std::vector<int>{0, 3, 4}));
  CHECK_EQUAL(count_of("idle_bars"), 2u);
  CHECK_EQUAL(count_of("refused_bars"), 0u);
}

TEST(a first bar without volume is no traded minute) {
  stream(0, "0", "49");
  stream(1, "0", "49");
  stream(2);
  CHECK(minutes == std::vector<int>{2});
  CHECK_EQUAL(count_of("idle_bars"), 2u);
}

TEST(a high that lies below the close by its last bit is widened) {
  time->correct(day.open + minute_ms + 100, venue_time::steady::now());
  say(R"([{"T":"b","S":"AAA","t":")" + alpaca::format_timestamp(day.open) +
      R"(","o":50,"h":49.999999999999993,"l":50,"c":50,"v":100,"n":1,"vw":50}])");
  CHECK(minutes == std::vector<int>{0});
  CHECK_EQUAL(count_of("refused_bars"), 0u);
}

TEST(keys that are refused for a while are tried again and nothing is bought meanwhile) {
  stream(0);
  end_with(0);
  for (const int status : {401, 403, 401}) {
    try_again();
    end_with(status);
  }
  CHECK(commands == std::vector<command_kind>{command_kind::maintenance_on}); // said once
  CHECK_EQUAL(count_of("up"), 0u);
  CHECK_EQUAL(count_of("alarms"), 1u);
  CHECK_EQUAL(count_of("connections"), 4u);
  try_again();
  CHECK_EQUAL(count_of("connections"), 5u);
  shake_hands();
  CHECK(commands == (std::vector<command_kind>{command_kind::maintenance_on, command_kind::maintenance_off}));
  CHECK_EQUAL(count_of("up"), 1u);
}

TEST(an error that refuses the stream for good is tried again as well) {
  for (const int code : {402, 409}) {
    commands.clear();
    say(R"([{"T":"error","code":)" + std::to_string(code) + R"(,"msg":"no"}])");
    CHECK(commands == std::vector<command_kind>{command_kind::maintenance_on});
    try_again();
    shake_hands();
    CHECK_EQUAL(commands.size(), 2u);
    CHECK_EQUAL(count_of("up"), 1u);
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
