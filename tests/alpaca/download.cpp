#define CAF_SUITE alpaca_download
#include "core/market/csv_reader.hpp"
#include "core/market/data_audit.hpp"
#include "tests/alpaca/fake_source.hpp"

using namespace sentio;
using namespace sentio::alpaca;
using test::fake_source;
using test::scratch_folder;

namespace {

download_request june(const scratch_folder& folder, std::vector<std::string> symbols = {"TQQQ"}) {
  download_request request;
  request.symbols = std::move(symbols);
  request.first = {2025, 6, 2};
  request.last = {2025, 7, 4}; // a holiday; 2025-07-03 is a half day
  request.output = folder.path() / "bars";
  return request;
}
constexpr std::size_t june_sessions = 23; // 20 of June without Juneteenth, 3 of July
constexpr std::size_t june_bars = 22 * 390 + 210;

std::string problem_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const data_error& error) {
    return error.what();
  }
  return {};
}

bool contains(const std::string& text, const std::string& part) {
  if (text.find(part) != std::string::npos)
    return true;
  CAF_MESSAGE("not found: " << part << " in: " << text);
  return false;
}

std::vector<bar> bars_in(const std::filesystem::path& file) {
  csv_bar_reader reader(file, {.wanted_symbol = {}, .strict = true});
  std::vector<bar> bars;
  for (bar one; reader.next(one);)
    bars.push_back(one);
  return bars;
}

} // namespace

TEST(regular minutes over pages become a file that can be traded) {
  const scratch_folder folder;
  fake_source source;
  const auto result = bar_download(june(folder), source.environment()).run();
  CHECK(result.complete());
  REQUIRE(result.symbols.size() == 1);
  const auto& symbol = result.symbols[0];
  CHECK(symbol.complete && !symbol.kept && !symbol.resumed_after);
  CHECK_EQUAL(symbol.bars, june_bars);
  CHECK_EQUAL(symbol.sessions, june_sessions);
  CHECK_EQUAL(symbol.empty_sessions, 0u);
  CHECK_EQUAL(symbol.bad, 0u);
  CHECK(symbol.outside > 0);
  CHECK(result.last == (civil_date{2025, 7, 3}));
  // 23 sessions are three requests of ten sessions, each of some pages.
  CHECK(source.targets.size() > 3);
  CHECK(contains(source.targets[0], "start=2025-06-02T13%3A30%3A00Z&end=2025-06-13T19%3A59%3A00Z"));
  CHECK(contains(source.targets[0], "adjustment=raw&feed=iex"));
  CHECK(contains(source.targets[1], "&page_token=1500"));
  CHECK(contains(source.targets.back(), "end=2025-07-03T16%3A59%3A00Z"));
  const auto text = test::text_of(symbol.file);
  CHECK(text.starts_with("ts_utc,ts_nyt_epoch,open,high,low,close,volume\n"
                         "2025-06-02T09:30:00-04:00,1748871000,55.7,55.75,55.650000000000006,55.7,100\n"));
  const auto bars = bars_in(symbol.file);
  REQUIRE(bars.size() == june_bars);
  CHECK_EQUAL(bars.front().label, new_york_to_utc({2025, 6, 2}, 9, 30));
  CHECK_EQUAL(bars.back().label, new_york_to_utc({2025, 7, 3}, 12, 59));
  CHECK(bars[1].open == 50 + (9 * 60 + 31) / 100.0); // exact, no digit lost
  for (const auto& file : audit_directory(june(folder).output, {}))
    CHECK(file.tradable());
  CHECK(!std::filesystem::exists(symbol.file.string() + ".part"));
}

TEST(what is complete is kept) {
  const scratch_folder folder;
  fake_source source;
  bar_download(june(folder), source.environment()).run();
  const auto before = source.targets.size();
  const auto again = bar_download(june(folder), source.environment()).run();
  CHECK_EQUAL(source.targets.size(), before);
  CHECK(again.complete() && again.symbols[0].kept);
  CHECK_EQUAL(again.symbols[0].bars, june_bars);
  // More days of the same choices are added.
  auto longer = june(folder);
  longer.last = {2025, 7, 8};
  const auto added = bar_download(longer, source.environment()).run();
  CHECK(added.complete() && !added.symbols[0].kept);
  CHECK(added.symbols[0].resumed_after == (civil_date{2025, 7, 3}));
  CHECK_EQUAL(added.symbols[0].bars, june_bars + 2 * 390);
  CHECK_EQUAL(bars_in(added.symbols[0].file).size(), june_bars + 2 * 390);
  CHECK_EQUAL(source.targets.size(), before + 1);
}

TEST(an interruption at any request loses nothing and doubles nothing) {
  const scratch_folder whole_folder;
  fake_source reference;
  const auto whole = bar_download(june(whole_folder, {"SQQQ", "TQQQ"}), reference.environment()).run();
  const auto wanted = test::text_of(whole.symbols[1].file);
  for (std::size_t stop = 1; stop < reference.targets.size(); ++stop) {
    const scratch_folder folder;
    fake_source first;
    first.stop_after = stop;
    const auto stopped = bar_download(june(folder, {"TQQQ", "SQQQ"}), first.environment()).run();
    CHECK(stopped.interrupted && !stopped.complete());
    // A power cut within a write leaves rows that the note does not tell of.
    const auto part = folder.path() / "bars" / "TQQQ_RTH_NH.csv.part";
    if (std::filesystem::exists(part))
      std::ofstream(part, std::ios::app) << "2025-06-30T09:3";
    fake_source second;
    const auto done = bar_download(june(folder, {"TQQQ", "SQQQ"}), second.environment()).run();
    CHECK(done.complete());
    CHECK(test::text_of(folder.path() / "bars" / "TQQQ_RTH_NH.csv") == wanted);
    CHECK(test::text_of(folder.path() / "bars" / "SQQQ_RTH_NH.csv") == wanted);
    CHECK_EQUAL(done.symbols[1].bars, june_bars);
    CHECK(second.targets.size() <= reference.targets.size());
  }
}

TEST(too many requests are waited for) {
  const scratch_folder folder;
  fake_source source;
  source.fault = [&](std::size_t request) -> std::optional<fetch_answer> {
    const std::string body = R"({"code":42910000,"message":"rate limit exceeded."})";
    if (request == 1)
      return fetch_answer{429, body, {{"retry-after", "7"}}, {}};
    if (request == 2)
      return fetch_answer{429, body, {{"x-ratelimit-reset", std::to_string(source.now / 1000 + 20)}}, {}};
    if (request == 3)
      return fetch_answer{429, body, {}, {}};
    if (request == 4)
      return fetch_answer{
          429, body, {{"retry-after", "soon"}, {"x-ratelimit-reset", "99999999999999999"}}, {}};
    if (request == 5)
      return fetch_answer{429, "", {{"retry-after", "99999999999999999999"}}, {}};
    if (request == 6)
      return fetch_answer{503, "<html>", {}, {}};
    if (request == 7)
      return fetch_answer{0, "", {}, "connection reset"};
    return std::nullopt;
  };
  CHECK(bar_download(june(folder), source.environment()).run().complete());
  REQUIRE(source.pauses.size() == 7);
  CHECK_EQUAL(source.pauses[0], 7'000);
  CHECK(source.pauses[1] > 19'000 && source.pauses[1] <= 20'000);
  CHECK_EQUAL(source.pauses[2], 4'000);
  CHECK_EQUAL(source.pauses[3], 120'000);
  CHECK_EQUAL(source.pauses[4], 16'000);
  CHECK_EQUAL(source.pauses[5], 1'000);
  CHECK_EQUAL(source.pauses[6], 2'000);
}

TEST(a source that fails for good is an error and what was complete stays) {
  const auto failing = [](fetch_answer answer, std::size_t from) {
    const scratch_folder folder;
    fake_source source;
    source.fault = [&](std::size_t request) {
      return request >= from ? std::optional(answer) : std::nullopt;
    };
    const auto problem = problem_of([&] { bar_download(june(folder), source.environment()).run(); });
    CHECK_EQUAL(std::filesystem::exists(folder.path() / "bars" / "TQQQ_RTH_NH.csv.part"), from > 4);
    return problem;
  };
  CHECK(contains(failing({0, "", {}, "could not resolve the host"}, 5), "could not resolve the host"));
  CHECK(contains(failing({500, "", {}, {}}, 1), "HTTP 500 (no reason given)"));
  CHECK(contains(failing({429, R"({"message":"slow down"})", {}, {}}, 1), "HTTP 429 (slow down)"));
  CHECK(contains(failing({401, R"({"message":"forbidden."})", {}, {}}, 1), "are the keys right?"));
  CHECK(contains(
      failing({403, R"({"message":"subscription does not permit querying recent SIP data"})", {}, {}}, 1),
      "--data-feed iex"));
  CHECK(contains(failing({404, "", {}, {}}, 1), "HTTP 404"));
  CHECK(contains(failing({200, "<html>", {}, {}}, 1), "cannot be read"));
  CHECK(contains(failing({200, R"({"bars":{},"next_page_token":"same"})", {}, {}}, 1), "pages do not end"));
  CHECK(contains(failing({200, std::string(65 << 20, ' '), {}, {}}, 1), "64 MiB"));
}

TEST(pages that never end are cut off) {
  const scratch_folder folder;
  fake_source source;
  source.page_size = 10;
  source.alter = [&](nlohmann::json& page) {
    page["next_page_token"] = std::to_string(source.targets.size());
  };
  CHECK(contains(problem_of([&] { bar_download(june(folder), source.environment()).run(); }),
                 "pages do not end"));
  CHECK(source.targets.size() <= 201);
}

TEST(bad rows are left out and corrected ones replace) {
  const scratch_folder folder;
  fake_source source;
  source.page_size = 10'000;
  source.alter = [](nlohmann::json& page) {
    auto& rows = page["bars"]["TQQQ"];
    rows[0]["h"] = 1;       // below the open
    rows[1]["o"] = nullptr; // missing
    rows[2]["o"] = "NaN";
    auto corrected = rows[3];
    corrected["c"] = corrected["h"];
    rows.push_back(corrected);
    rows.push_back({{"t", "2030-01-01T00:00:00Z"}, {"o", 1}, {"h", 1}, {"l", 1}, {"c", 1}, {"v", 1}});
    page["bars"]["OTHER"] = nlohmann::json::array({rows[4]});
  };
  auto request = june(folder);
  request.last = {2025, 6, 2};
  const auto result = bar_download(request, source.environment()).run();
  CHECK_EQUAL(result.symbols[0].bad, 3u);
  CHECK_EQUAL(result.symbols[0].bars, 387u);
  CHECK_EQUAL(result.symbols[0].outside, 2u);
  const auto bars = bars_in(result.symbols[0].file);
  CHECK_EQUAL(bars[0].label, new_york_to_utc({2025, 6, 2}, 9, 33));
  CHECK_EQUAL(bars[0].close, bars[0].high);
}

TEST(files of other choices are not touched unless told) {
  const scratch_folder folder;
  fake_source source;
  bar_download(june(folder), source.environment()).run();
  const auto asked = source.targets.size();
  auto other = june(folder, {"AAAA", "TQQQ"});
  other.feed = "sip";
  CHECK(contains(problem_of([&] { bar_download(other, source.environment()).run(); }), "--overwrite"));
  CHECK_EQUAL(source.targets.size(), asked); // not even the first symbol was begun
  auto earlier = june(folder);
  earlier.first = {2025, 5, 1};
  CHECK(contains(problem_of([&] { bar_download(earlier, source.environment()).run(); }), "other choices"));
  auto shorter = june(folder);
  shorter.last = {2025, 6, 10};
  CHECK(contains(problem_of([&] { bar_download(shorter, source.environment()).run(); }), "a later end"));
  other.overwrite = true;
  CHECK(bar_download(other, source.environment()).run().complete());
  // A finished file that somebody changed is not the one that was downloaded.
  std::ofstream(folder.path() / "bars" / "TQQQ_RTH_NH.csv", std::ios::app) << "\n";
  other.overwrite = false;
  CHECK(contains(problem_of([&] { bar_download(other, source.environment()).run(); }), "other choices"));
  std::ofstream(folder.path() / "bars" / "NOTE") << "synthetic data, seed 7\n";
  CHECK(contains(problem_of([&] { bar_download(other, source.environment()).run(); }),
                 "synthetic data, seed 7"));
}

TEST(a damaged note means a fresh start only when told) {
  for (const std::string note : {"", "{", "[]", R"({"bytes":-1})", R"({"source":7,"bytes":"x"})"}) {
    const scratch_folder folder;
    fake_source source;
    source.stop_after = 4;
    bar_download(june(folder), source.environment()).run();
    std::ofstream(folder.path() / "bars" / "TQQQ_RTH_NH.progress") << note;
    source.stop_after = 1'000'000;
    CHECK(
        contains(problem_of([&] { bar_download(june(folder), source.environment()).run(); }), "--overwrite"));
    auto replaced = june(folder);
    replaced.overwrite = true;
    const auto result = bar_download(replaced, source.environment()).run();
    CHECK(result.complete());
    CHECK_EQUAL(result.symbols[0].bars, june_bars);
  }
}

TEST(only whole sessions are asked for) {
  const scratch_folder folder;
  fake_source source;
  source.now = new_york_to_utc({2025, 6, 4}, 16, 15);
  const auto result = bar_download(june(folder), source.environment()).run();
  CHECK(result.last == (civil_date{2025, 6, 3}));
  CHECK_EQUAL(result.symbols[0].bars, 2u * 390);
  auto today = june(folder);
  today.first = {2025, 6, 4};
  CHECK(contains(problem_of([&] { bar_download(today, source.environment()).run(); }),
                 "no whole trading session"));
  auto weekend = june(folder);
  weekend.first = weekend.last = {2025, 6, 1};
  CHECK(contains(problem_of([&] { bar_download(weekend, source.environment()).run(); }),
                 "no whole trading session"));
}

TEST(a name without bars is not complete) {
  const scratch_folder folder;
  fake_source source;
  source.alter = [](nlohmann::json& page) { page["bars"].erase("TQQX"); };
  const auto result = bar_download(june(folder, {"TQQX", "TQQQ"}), source.environment()).run();
  CHECK(!result.complete() && !result.interrupted);
  CHECK(result.symbols[0].complete);
  CHECK(!result.symbols[1].complete);
  CHECK_EQUAL(result.symbols[1].empty_sessions, june_sessions);
  for (const auto& entry : std::filesystem::directory_iterator(folder.path() / "bars"))
    CHECK(entry.path().filename().string().starts_with("TQQQ"));
}

TEST(polygon has its own requests and pages) {
  const scratch_folder folder;
  fake_source source;
  source.fault = [&](std::size_t request) -> std::optional<fetch_answer> {
    const auto row = [](int minute) {
      return R"({"v":10,"vw":1,"o":1.5,"c":1.5,"h":1.5,"l":1.5,"t":)" +
             std::to_string(new_york_to_utc({2025, 6, 2}, 9, minute)) + "}";
    };
    const std::string next =
        request == 1 ? R"(,"next_url":"https://elsewhere.example/v2/aggs/x?cursor=abc")" : "";
    return fetch_answer{
        200, R"({"ticker":"TQQQ","results":[)" + row(request == 1 ? 30 : 31) + "]" + next + "}", {}, {}};
  };
  auto request = june(folder);
  request.source = history_source::polygon;
  request.adjustment = "split";
  const auto result = bar_download(request, source.environment()).run();
  REQUIRE(source.targets.size() == 2);
  CHECK_EQUAL(source.targets[0],
              "/v2/aggs/ticker/TQQQ/range/1/minute/2025-06-02/2025-07-03?adjusted=true&sort=asc&limit=50000");
  CHECK_EQUAL(source.targets[1], "/v2/aggs/x?cursor=abc"); // never another host
  CHECK_EQUAL(result.symbols[0].bars, 2u);
  CHECK_EQUAL(result.symbols[0].sessions, 1u);
}

TEST(a disk that refuses is an error) {
  const scratch_folder folder;
  fake_source source;
  auto request = june(folder);
  std::ofstream(request.output) << "a file, not a directory";
  CHECK(contains(problem_of([&] { bar_download(request, source.environment()).run(); }),
                 "cannot make the directory"));
  std::filesystem::remove(request.output);
  std::filesystem::create_directories(request.output / "TQQQ_RTH_NH.csv.part"); // in the way of the rows
  request.overwrite = true;
  CHECK(contains(problem_of([&] { bar_download(request, source.environment()).run(); }), "cannot open"));
}

namespace {

/// The prices of every page times a factor.
std::function<void(nlohmann::json&)> times(double factor) {
  return [factor](nlohmann::json& page) {
    for (auto& rows : page["bars"])
      for (auto& row : rows)
        for (const char* price : {"o", "h", "l", "c"})
          row[price] = row[price].get<double>() * factor;
  };
}

download_request adjusted_june(const scratch_folder& folder, civil_date last) {
  auto request = june(folder);
  request.adjustment = "split";
  request.last = last;
  return request;
}

} // namespace

TEST(adjusted bars are continued when one stored day has the prices of then) {
  const scratch_folder folder;
  fake_source source;
  bar_download(adjusted_june(folder, {2025, 6, 6}), source.environment()).run();
  const auto before = source.targets.size();
  const auto more = bar_download(adjusted_june(folder, {2025, 6, 9}), source.environment()).run();
  CHECK(more.complete());
  CHECK(more.symbols[0].resumed_after == (civil_date{2025, 6, 6}));
  CHECK_EQUAL(more.symbols[0].loaded_anew, "");
  CHECK_EQUAL(more.symbols[0].bars, 6u * 390);
  REQUIRE(source.targets.size() == before + 2);
  CHECK(contains(source.targets[before], "start=2025-06-06T13%3A30%3A00Z&end=2025-06-06T19%3A59%3A00Z"));
  CHECK(contains(source.targets[before + 1], "start=2025-06-09"));
}

TEST(adjusted bars on another basis are loaded anew) {
  const scratch_folder folder;
  fake_source source;
  bar_download(adjusted_june(folder, {2025, 6, 6}), source.environment()).run();
  fake_source after;
  after.alter = times(0.2);
  const auto anew = bar_download(adjusted_june(folder, {2025, 6, 9}), after.environment()).run();
  CHECK(anew.complete());
  const auto& symbol = anew.symbols[0];
  CHECK(contains(symbol.loaded_anew, "the source's prices of 2025-06-06 are 0.2 times those stored"));
  CHECK(!symbol.resumed_after);
  CHECK_EQUAL(symbol.bars, 6u * 390);
  const auto bars = bars_in(symbol.file);
  REQUIRE(bars.size() == 6u * 390);
  CHECK(bars.front().close < 12 && bars.back().close < 14);
  for (const auto& file : audit_directory(folder.path() / "bars"))
    CHECK(file.jumps.empty());
  CHECK(!std::filesystem::exists(symbol.file.string() + ".part"));
}

TEST(an interruption while bars are loaded anew keeps the old file or goes on with the new one) {
  for (std::size_t stop = 1; stop < 8; ++stop) {
    const scratch_folder folder;
    fake_source source;
    bar_download(adjusted_june(folder, {2025, 6, 20}), source.environment()).run();
    fake_source after;
    after.alter = times(0.2);
    after.stop_after = stop;
    bar_download(adjusted_june(folder, {2025, 6, 25}), after.environment()).run();
    fake_source again;
    again.alter = times(0.2);
    const auto done = bar_download(adjusted_june(folder, {2025, 6, 25}), again.environment()).run();
    CHECK(done.complete());
    const auto bars = bars_in(done.symbols[0].file);
    CHECK_EQUAL(bars.size(), 17u * 390);
    CHECK(std::all_of(bars.begin(), bars.end(), [](const bar& one) { return one.close < 14; }));
  }
}

TEST(raw bars are continued as they are) {
  const scratch_folder folder;
  fake_source source;
  auto request = june(folder);
  request.last = {2025, 6, 6};
  bar_download(request, source.environment()).run();
  fake_source after;
  after.alter = times(0.21); // the day opens 6.5 % below the close before: together near one fifth
  request.last = {2025, 6, 9};
  const auto more = bar_download(request, after.environment()).run();
  CHECK(more.complete());
  CHECK_EQUAL(more.symbols[0].loaded_anew, "");
  CHECK_EQUAL(after.targets.size(), 1u);
  const auto audit = audit_directory(folder.path() / "bars").at(0);
  REQUIRE(audit.jumps.size() == 1u);
  CHECK_EQUAL(audit.jumps[0].new_shares, 5);
}

TEST(a stored day that the source has no more is told) {
  const scratch_folder folder;
  fake_source source;
  bar_download(adjusted_june(folder, {2025, 6, 6}), source.environment()).run();
  fake_source after;
  after.alter = [](nlohmann::json& page) { page["bars"] = nlohmann::json::object(); };
  CHECK(contains(problem_of([&] {
                   bar_download(adjusted_june(folder, {2025, 6, 9}), after.environment()).run();
                 }),
                 "has no bar of 2025-06-06 any more"));
  CHECK_EQUAL(bars_in(folder.path() / "bars" / "TQQQ_RTH_NH.csv").size(), 5u * 390);
}
