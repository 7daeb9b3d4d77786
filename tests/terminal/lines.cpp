#define CAF_SUITE terminal_lines

#include "tests/terminal/support.hpp"

#include <random>

using namespace sentio;
using test::flaw_of;
using test::json;
using test::shows;

namespace {

constexpr std::array<std::pair<std::size_t, std::size_t>, 2> sizes{{{80, 24}, {200, 60}}};

/// Every screen at both sizes; the first flaw.
std::string flaw_on_any_screen(const terminal_view& view, desk& lines) {
  for (std::size_t i = 0; i < screens; ++i) {
    lines.show(static_cast<screen>(i));
    for (const auto& [width, height] : sizes)
      if (const std::string flaw = flaw_of(lines.draw(view, 1'000, width, height), width, height);
          !flaw.empty())
        return std::string(to_string(static_cast<screen>(i))) + ": " + flaw;
  }
  return {};
}

} // namespace

TEST(every screen shows its figures at 80 by 24) {
  const terminal_view view = test::watching_view();
  desk lines = test::connected_desk();
  const auto drawn = [&](screen which) {
    lines.show(which);
    return lines.draw(view, 1'000, 80, 24);
  };
  const auto instances = drawn(screen::instances);
  for (const char* part :
       {"localhost:7443", "connected", "desk-1 paper", "laboratory", "gone", "1 instances", "q quit"})
    CHECK(shows(instances, part));
  const auto overview = drawn(screen::overview);
  for (const char* part :
       {"100,123.45", "+123.45 (0.12%)", "drawdown 0.12%, worst 0.34%", "cash 4,321.10", "open", "10:31:05",
        "TQQQ", "453", "69.7300", "+104.19", "2.31", "held", "not ready", "p99 570 us", "orders 25"})
    CHECK(shows(overview, part));
  const auto actors = drawn(screen::actors);
  for (const char* part : {"feed", "restarting", "17.5", "2.50 us", "1.25 ms", "2"})
    CHECK(shows(actors, part));
  const auto learners = drawn(screen::learners);
  for (const char* part : {"0.6100", "0.4200", "53.4%", "0.0123", "1.2e-05", "0.98", "7,800"})
    CHECK(shows(learners, part));
  CHECK(shows(drawn(screen::orders), "09:31:00 fill     TQQQ       ENTER buy 453 at 69.50"));
  const auto faults = drawn(screen::faults);
  CHECK(shows(faults, "09:32:00 fault    TQQQ       the feed is down"));
  CHECK(shows(faults, "refused bars 2"));
  const std::string flaw = flaw_on_any_screen(view, lines);
  CHECK_EQUAL(flaw, "");
}

TEST(every screen fits before anything is known and at any size) {
  const terminal_view nothing;
  desk lines("localhost:7443", true);
  lines.set_link({false, "no hub at localhost:7443: Connection refused", 3'500});
  const std::string flaw = flaw_on_any_screen(nothing, lines);
  CHECK_EQUAL(flaw, "");
  const auto drawn = lines.draw(nothing, 1'000, 80, 24);
  CHECK(shows(drawn, "Connection refused; again in 3 s"));
  CHECK(shows(drawn, "not connected"));
  const terminal_view view = test::watching_view();
  for (std::size_t width = 0; width < 100; width += 7)
    for (std::size_t height = 0; height < 40; ++height)
      for (std::size_t i = 0; i < screens; ++i) {
        lines.show(static_cast<screen>(i));
        const std::string odd = flaw_of(lines.draw(view, 1'000, width, height), width, height);
        CAF_REQUIRE_EQUAL(odd, "");
      }
}

TEST(stale figures say so and are faint) {
  const terminal_view view = test::watching_view();
  desk lines = test::connected_desk();
  lines.show(screen::overview);
  const auto fresh = lines.draw(view, 1'000, 80, 24);
  CHECK(test::text_of(fresh).find("STALE") == std::string::npos);
  const auto stale = lines.draw(view, 13'000, 80, 24);
  CHECK(shows(stale, "STALE: no snapshot for 12 s"));
  for (std::size_t i = 2; i < 21; ++i)
    for (const auto& piece : stale[i].pieces())
      CHECK(piece.style == look::faint);
}

TEST(halts and pauses are in sight on every screen) {
  terminal_view view = test::watching_view();
  json halted = test::snapshot();
  halted["account"]["halted"] = true;
  halted["account"]["paused"] = true;
  halted["account"]["halt_reason"] = "loss limit of the day";
  view.take(halted.dump(), 1'000);
  desk lines = test::connected_desk();
  for (std::size_t i = 0; i < screens; ++i) {
    lines.show(static_cast<screen>(i));
    const auto drawn = lines.draw(view, 1'000, 80, 24);
    CHECK(shows(drawn, "HALTED"));
    CHECK(shows(drawn, "PAUSED"));
  }
  lines.show(screen::overview);
  CHECK(shows(lines.draw(view, 1'000, 80, 24), "loss limit of the day"));
}

TEST(a limit that stops entries is in sight on every screen) {
  terminal_view view = test::watching_view();
  json stopped = test::snapshot();
  stopped["account"]["halt_reason"] = "circuit breaker: equity floor";
  view.take(stopped.dump(), 1'000);
  desk lines = test::connected_desk();
  for (std::size_t i = 0; i < screens; ++i) {
    lines.show(static_cast<screen>(i));
    const auto drawn = lines.draw(view, 1'000, 80, 24);
    CHECK(shows(drawn, "NO ENTRIES"));
    CHECK(!shows(drawn, "HALTED"));
  }
  lines.show(screen::overview);
  CHECK(shows(lines.draw(view, 1'000, 80, 24), "circuit breaker: equity floor"));
}

TEST(tables scroll down and to the sides while the first column stays) {
  terminal_view view = test::watching_view();
  json many = test::snapshot();
  for (int i = 0; i < 100; ++i)
    many["actors"].push_back(
        test::actor("actor" + std::to_string(i), "other", "up", "error number " + std::to_string(i)));
  view.take(many.dump(), 1'000);
  desk lines = test::connected_desk();
  lines.show(screen::actors);
  lines.draw(view, 1'000, 80, 24);
  lines.press(key::end, view);
  const auto at_end = lines.draw(view, 1'000, 80, 24);
  CHECK(shows(at_end, "actor99"));
  CHECK(shows(at_end, "actor99: error number 99")); // the chosen actor's error in full
  CHECK(test::text_of(at_end).find("feed ") == std::string::npos);
  for (int i = 0; i < 20; ++i)
    lines.press(key::right, view);
  const auto at_side = lines.draw(view, 1'000, 80, 24);
  CHECK(shows(at_side, "LAST ERROR"));
  CHECK(shows(at_side, "error number 90"));
  CHECK(shows(at_side, "ACTOR "));
  lines.press(key::home, view);
  CHECK(shows(lines.draw(view, 1'000, 80, 24), "feed"));
}

TEST(no message however hostile breaks a screen) {
  // Hostile on purpose: orders for terminals, texts without end, numbers without sense.
  std::mt19937 dice(7);
  const std::vector<std::string> texts{
      test::hello().dump(), test::history().dump(), test::snapshot().dump(),
      test::event(test::open_time, "fill", "a fill").dump(),
      json{{"type", "answer"}, {"counter", 5}, {"good", true}, {"text", "done"}}.dump()};
  const std::vector<std::string> poisons{"\\u001b[2J",
                                         "\\u009b31m",
                                         "\\u0007",
                                         "\\u202e",
                                         "\xf0\x9f\x98\x80",
                                         "\\n\\n",
                                         "1e308",
                                         "-1",
                                         "null",
                                         "{}",
                                         "[]",
                                         "\"\"",
                                         "true",
                                         "\xff\xfe",
                                         "[[[[[[[[[[",
                                         "9007199254740993",
                                         std::string(2'000, 'w')};
  terminal_view view = test::watching_view();
  desk lines = test::connected_desk(true);
  const auto pick = [&](std::size_t below) {
    return std::uniform_int_distribution<std::size_t>(0, below - 1)(dice);
  };
  for (int round = 0; round < 10'000; ++round) {
    std::string text = texts[pick(texts.size())];
    for (std::size_t changes = 1 + pick(4); changes > 0; --changes) {
      const std::size_t at = pick(text.size());
      const std::size_t kind = pick(4);
      if (kind == 0)
        text[at] = static_cast<char>(pick(256));
      else if (kind == 1)
        text.insert(at, poisons[pick(poisons.size())]);
      else if (kind == 2)
        text.erase(at, 1 + pick(8));
      else if (const auto value = text.find(':', at); value != std::string::npos)
        text.replace(value + 1, std::min(text.find_first_of(",}", value), text.size()) - value - 1,
                     pick(2) ? poisons[pick(poisons.size())] : "\"" + poisons[pick(6)] + "\"");
      if (text.empty())
        text = "{";
    }
    view.take(text, 1'000);
    lines.show(static_cast<screen>(pick(screens)));
    lines.press(pick(2) ? key::up + static_cast<std::uint32_t>(pick(8)) : key::tab, view);
    const auto [width, height] = sizes[pick(2)];
    const std::string flaw = flaw_of(lines.draw(view, 1'000, width, height), width, height);
    CAF_REQUIRE_EQUAL(flaw, "");
  }
  // Most of them are refused; enough of them were understood for the test to mean something.
  CHECK(view.refused() > 1'000u);
  CHECK(view.refused() < 9'500u);
}
