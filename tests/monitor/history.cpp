#define CAF_SUITE session_history

#include "core/monitor/session_history.hpp"
#include "core/monitor/session_view.hpp"
#include "core/numeric/random.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using nlohmann::json;

namespace {

const session_hours day = *session_on({2025, 12, 1});
constexpr time_ms real_now = 1'764'600'000'000;

json session_of(const std::string& phase = "open", time_ms venue_time = 0) {
  return {{"date", "2025-12-01"}, {"phase", phase},
          {"kind", "paper"},      {"venue_time", venue_time == 0 ? day.open : venue_time},
          {"open", day.open},     {"liquidation", day.liquidation},
          {"close", day.close},   {"data_note", ""}};
}

json snapshot_at(time_ms at, json more = json::object()) {
  json out{{"type", "snapshot"}, {"instance", "desk-1"}, {"at", at}, {"positions", json::array()}};
  out.update(more);
  return out;
}

bool takes(session_history& history, const json& message, std::string* why = nullptr) {
  refused_message refused;
  const bool taken = history.take(json::parse(text_of(message)), refused);
  if (why)
    *why = refused.why;
  return taken;
}

/// The word for which a message was refused, "" when it was taken.
std::string refusal_of(const json& message) {
  session_history history("desk-1");
  std::string why;
  takes(history, message, &why);
  return why;
}

/// A small session, as an instance would tell of it.
session_view small_session(std::size_t symbols) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < symbols; ++i)
    names.push_back("S" + std::to_string(100 + i));
  session_view view({"desk-1", "Desk", "paper"}, names);
  view.begin(day, from_dollars(1'000), "note");
  view.set_phase("open", day.open);
  for (int m = 1; m <= 5; ++m) {
    ranked_round round;
    round.at = day.open + m * minute_ms;
    round.symbols.resize(symbols);
    for (std::size_t i = 0; i < symbols; ++i) {
      round.symbols[i].fresh = true;
      round.symbols[i].signal.label = round.at - minute_ms;
      round.symbols[i].signal.close = 10 + static_cast<double>(i) + 0.25 * m;
      round.symbols[i].barred = entry_bar::none;
      round.order.push_back(static_cast<symbol_index>(i));
    }
    portfolio_output output;
    output.snapshots.push_back(
        {round.at, {}, from_dollars(1'000), from_dollars(1'000 + m), money{}, 0.001 * m});
    trade booked;
    booked.fill.execution_id = "x" + std::to_string(m);
    booked.fill.shares = 1;
    booked.fill.price = from_dollars(10);
    booked.fill.at = round.at - 10;
    booked.reason = "why";
    output.trades.push_back(booked);
    view.take(round.at, &round, output);
  }
  actor_report actor;
  actor.name = "feed";
  actor.role = "feed";
  actor.handler[1] = 5;
  view.set_actors({actor}, real_now);
  view.set_counters({{"rounds", 5}});
  view.set_halted(true, "drill");
  return view;
}

} // namespace

TEST(a limit of the session is told as the reason without HALTED and HALTED goes before it) {
  auto view = small_session(2);
  view.set_entries_stopped("circuit breaker");
  auto account = json::parse(text_of(view.snapshot(real_now)))["account"];
  CHECK_EQUAL(account["halted"], true);
  CHECK_EQUAL(account["halt_reason"], "drill");
  view.set_halted(false, "");
  view.set_entries_stopped("circuit breaker");
  account = json::parse(text_of(view.snapshot(real_now)))["account"];
  CHECK_EQUAL(account["halted"], false);
  CHECK_EQUAL(account["halt_reason"], "circuit breaker");
  view.set_entries_stopped("");
  account = json::parse(text_of(view.snapshot(real_now)))["account"];
  CHECK_EQUAL(account["halt_reason"], "");
}

TEST(what an instance tells comes back from the hub as it was told) {
  auto view = small_session(3);
  session_history history("desk-1");
  REQUIRE(takes(history, view.history()));
  const json told = json::parse(text_of(view.history())), kept = json::parse(text_of(history.history()));
  CHECK_EQUAL(kept["equity"], told["equity"]);
  CHECK_EQUAL(kept["prices"], told["prices"]);
  CHECK_EQUAL(kept["marks"], told["marks"]);
  CHECK_EQUAL(kept["events"], told["events"]);
  CHECK_EQUAL(kept["date"], told["date"]);
  REQUIRE(takes(history, view.snapshot(real_now)));
  part_editions nothing{};
  const json snapshot = json::parse(text_of(history.snapshot(nothing)));
  const json wanted = json::parse(text_of(view.snapshot(real_now)));
  for (const auto& [name, value] : wanted.items()) {
    CAF_MESSAGE(name);
    CHECK_EQUAL(snapshot[name], value);
  }
}

TEST(a snapshot may leave parts out and a viewer is told only what is new) {
  session_history history("desk-1");
  REQUIRE(takes(history, snapshot_at(real_now, {{"session", session_of()}, {"counters", {{"rounds", 1}}}})));
  part_editions seen{};
  json told = history.snapshot(seen);
  CHECK(told.contains("session"));
  CHECK(told.contains("counters"));
  REQUIRE(takes(history,
                snapshot_at(real_now + 1'000, {{"session", session_of()}, {"counters", {{"rounds", 2}}}})));
  told = history.snapshot(seen);
  CHECK(!told.contains("session"));
  CHECK(told["counters"]["rounds"] == 2);
  REQUIRE(takes(history, snapshot_at(real_now + 2'000)));
  told = history.snapshot(seen);
  CHECK(!told.contains("counters"));
  CHECK(told.contains("positions"));
  part_editions nothing{};
  told = history.snapshot(nothing); // who comes later gets everything
  CHECK(told["counters"]["rounds"] == 2);
  CHECK(told["session"]["phase"] == "open");
  CHECK(told["at"] == real_now + 2'000);
}

TEST(snapshots continue the charts with one point a minute) {
  session_history history("desk-1");
  const auto tell = [&](int seconds, double equity, double close) {
    const time_ms round = day.open + minute_ms * (1 + seconds / 60);
    REQUIRE(takes(
        history,
        snapshot_at(
            real_now + seconds,
            {{"session", session_of("open", day.open + minute_ms + seconds * 1'000)},
             {"account", {{"equity", equity}, {"drawdown", 0.5}}},
             {"ranking_at", round},
             {"ranking",
              json::array({{{"symbol", "AA"}, {"fresh", true}, {"close", close}, {"barred", "none"}}})}})));
  };
  tell(0, 100, 20);
  tell(1, 101, 20);
  tell(59, 102, 20);
  tell(61, 103, 21);
  const json told = history.history();
  const json equity{{day.open + minute_ms, 100.0, 0.5},
                    {day.open + minute_ms + 59'000, 102.0, 0.5},
                    {day.open + minute_ms + 61'000, 103.0, 0.5}};
  CHECK_EQUAL(told["equity"], equity);
  const json prices{{day.open + minute_ms, 20.0}, {day.open + 2 * minute_ms, 21.0}};
  CHECK_EQUAL(told["prices"]["AA"], prices);
  tell(0, 99, 19); // late
  CHECK_EQUAL(history.history()["equity"].size(), 3u);
}

TEST(with more than twenty symbols a history has those traded and prices answers for the others) {
  auto view = small_session(30);
  session_history history("desk-1");
  REQUIRE(takes(history, view.history()));
  const json prices = history.history()["prices"];
  CHECK_EQUAL(prices.size(), 1u); // S100 was traded
  CHECK(prices.contains("S100"));
  const json asked = history.prices("S129");
  CHECK_EQUAL(asked["points"].size(), 5u);
  CHECK(asked["points"][4][1] == 10 + 29 + 0.25 * 5);
  CHECK(history.prices("nobody")["points"] == json::array());
}

TEST(events are numbered and a new history begins a new epoch) {
  session_history history("desk-1");
  const json event{{"type", "event"}, {"instance", "desk-1"}, {"at", real_now},
                   {"kind", "fault"}, {"actor", "feed"},      {"text", "gone"}};
  for (int i = 0; i < 5'010; ++i)
    REQUIRE(takes(history, event));
  CHECK_EQUAL(history.next_event() - history.first_event(), 5'000u);
  CHECK(history.event(history.first_event() - 1).is_null());
  const json last = history.event(history.next_event() - 1);
  CHECK_EQUAL(last, event);
  const auto epoch = history.epoch();
  REQUIRE(takes(history, {{"type", "history"}, {"instance", "desk-1"}, {"date", "2025-12-02"}}));
  CHECK_EQUAL(history.epoch(), epoch + 1);
  CHECK_EQUAL(history.first_event(), history.next_event());
}

TEST(a fill becomes a mark and a repeated name is no harm) {
  session_history history("desk-1");
  REQUIRE(takes(history, {{"type", "event"},
                          {"instance", "desk-1"},
                          {"at", real_now},
                          {"kind", "fill"},
                          {"symbol", "__proto__"},
                          {"text", "bought"},
                          {"side", "buy"},
                          {"shares", 3},
                          {"price", 10.5}}));
  const json marks = history.history()["marks"];
  const json wanted = json::array({{{"t", real_now},
                                    {"symbol", "__proto__"},
                                    {"side", "buy"},
                                    {"shares", 3},
                                    {"price", 10.5},
                                    {"reason", "bought"}}});
  CHECK_EQUAL(marks, wanted);
}

TEST(messages out of the contract are refused by name) {
  CHECK_EQUAL(refusal_of(json::object()), "not_a_message");
  CHECK_EQUAL(refusal_of({{"type", "order"}, {"instance", "desk-1"}}), "not_a_message");
  CHECK_EQUAL(refusal_of({{"type", "snapshot"}, {"instance", "desk-2"}, {"at", real_now}}),
              "foreign_instance");
  CHECK_EQUAL(refusal_of({{"type", "snapshot"}, {"instance", "desk-1"}}), "bad_field"); // no time
  CHECK_EQUAL(refusal_of(snapshot_at(latest_contract_time)), "bad_field");
  const auto with = [](const char* name, json value) {
    return snapshot_at(real_now, {{name, std::move(value)}});
  };
  CHECK_EQUAL(refusal_of(with("positions", "none")), "bad_field");
  CHECK_EQUAL(refusal_of(with("positions", json::array({1}))), "bad_field");
  CHECK_EQUAL(refusal_of(with("positions", json::array({{{"symbol", "A B"}}}))), "bad_field");
  CHECK_EQUAL(refusal_of(with("positions", json::array({{{"symbol", "A"}, {"shares", -1}}}))), "bad_field");
  CHECK_EQUAL(refusal_of(with("positions", json::array({{{"symbol", "A"}, {"mark", 1e300}}}))), "bad_field");
  CHECK_EQUAL(refusal_of(with("account", {{"halted", "yes"}})), "bad_field");
  CHECK_EQUAL(refusal_of(with("account", {{"halt_reason", std::string(501, 'x')}})), "bad_field");
  json session = session_of("asleep");
  CHECK_EQUAL(refusal_of(with("session", session)), "bad_field");
  const json symbol{{"symbol", "A"}, {"probability", 1.5}};
  CHECK_EQUAL(refusal_of(with("ranking", json::array({symbol}))), "bad_field");
  CHECK_EQUAL(refusal_of(with("actors", json::array({{{"name", "x"}, {"role", "king"}, {"state", "up"}}}))),
              "bad_field");
  CHECK_EQUAL(refusal_of(with("counters", {{"rounds", 0.5}})), "bad_field");
  json many = json::object();
  for (int i = 0; i < 201; ++i)
    many["c" + std::to_string(i)] = 1;
  CHECK_EQUAL(refusal_of(with("counters", many)), "too_many");
  CHECK_EQUAL(refusal_of(with("learners", json(5'001, {{"symbol", "A"}}))), "too_many");
  const json history{{"type", "history"}, {"instance", "desk-1"}, {"date", "2025-12-01"}};
  const auto older = [&](const char* name, json value) {
    json out = history;
    out[name] = std::move(value);
    return out;
  };
  CHECK_EQUAL(refusal_of(history), "");
  CHECK_EQUAL(refusal_of(older("equity", "flat")), "bad_field");
  CHECK_EQUAL(refusal_of(older("equity", json(5'001, json::array({1, 2, 3})))), "bad_field");
  CHECK_EQUAL(refusal_of(older("prices", {{"A\n", json::array()}})), "bad_field");
  CHECK_EQUAL(refusal_of(older("closes", {{"times", {2, 1}}, {"values", json::object()}})), "bad_field");
  CHECK_EQUAL(refusal_of(older("marks", json::array({{{"symbol", "A"}, {"side", "up"}}}))), "bad_field");
  CHECK_EQUAL(refusal_of(older("events", json::array({{{"at", 1}, {"kind", "joke"}}}))), "bad_field");
}

TEST(texts that are no objects are refused before they cost anything) {
  refused_message refused;
  CHECK(!parse_object(std::string(100, ' '), 99, refused));
  CHECK_EQUAL(refused.why, "too_large");
  CHECK(!parse_object(std::string(1'000'000, '['), 4'000'000, refused));
  CHECK_EQUAL(refused.why, "too_deep");
  CHECK(!parse_object("[]", 99, refused));
  CHECK_EQUAL(refused.why, "not_json");
  CHECK(!parse_object("{\"a\":\"\xff\"}", 99, refused));
  CHECK_EQUAL(refused.why, "not_json");
  const auto deep_in_a_text = parse_object(R"({"a":"[[[[[[[[[[[[\"[[["})", 99, refused);
  CHECK(deep_in_a_text.has_value());
}

TEST(ten thousand spoiled messages are taken or refused and a refused one changes nothing) {
  auto view = small_session(3);
  std::vector<std::string> texts{text_of(view.history()), text_of(view.snapshot(real_now))};
  for (const json& event : view.take_events())
    texts.push_back(text_of(event));
  session_history history("desk-1");
  random_source random(11);
  const auto below = [&](std::size_t n) {
    return static_cast<std::size_t>(random.uniform() * static_cast<double>(n));
  };
  const std::string alphabet = "{}[]\",:0123456789-+.eEtrufalsn\\ \x01\xff";
  std::uint64_t taken = 0, refusals = 0;
  for (int i = 0; i < 10'000; ++i) {
    std::string text = texts[below(texts.size())];
    for (std::size_t changes = 1 + below(3); changes > 0; --changes) {
      const std::size_t at = below(text.size());
      const char with = alphabet[below(alphabet.size())];
      if (random.uniform() < 0.6)
        text[at] = with;
      else if (random.uniform() < 0.5)
        text.erase(at, 1 + below(30));
      else
        text.insert(at, 1, with);
    }
    refused_message refused;
    const auto before = history.snapshots() + history.next_event() + history.epoch();
    const auto message = parse_object(text, 4'000'000, refused);
    if (message && history.take(*message, refused)) {
      ++taken;
      CHECK(history.snapshots() + history.next_event() + history.epoch() > before);
      continue;
    }
    ++refusals;
    CHECK(!refused.why.empty());
    CHECK_EQUAL(history.snapshots() + history.next_event() + history.epoch(), before);
  }
  CAF_MESSAGE(taken << " taken, " << refusals << " refused");
  CHECK(taken > 500);
  CHECK(refusals > 5'000);
  part_editions nothing{};
  CHECK(!text_of(history.history()).empty());
  CHECK(!text_of(history.snapshot(nothing)).empty());
}
