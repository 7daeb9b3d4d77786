#define CAF_SUITE program_tape

#include "tests/program/mock_refusal.hpp"

#include <nlohmann/json.hpp>

using namespace sentio;
using nlohmann::json;
using test::contains;
using test::mock_lab;
using test::program;
using test::refusals;

namespace {

/// A day with its logs, report and tape, made once.
struct recorded_day {
  program sentio_actors;
  test::program_result result = sentio_actors.run("mock --date 2025-12-01 --log-dir logs --tape day.tape" +
                                                  mock_lab::get().with_checkpoint());
  std::filesystem::path folder = sentio_actors.folder();
  std::string tape = test::file_text(folder / "day.tape");

  static const recorded_day& get() {
    static const recorded_day day;
    return day;
  }
};

/// The number behind `word` in a message, as in "record 7 at byte 642492".
std::size_t number_after(const std::string& text, const std::string& word) {
  const auto at = text.find(word);
  return at == std::string::npos ? std::string::npos : std::stoul(text.substr(at + word.size()));
}

/// The place that an error names: "record 7 at byte 642492".
std::string place_in(const std::string& error) {
  const auto begin = error.find("record ");
  return begin == std::string::npos ? "" : error.substr(begin, error.find(':', begin) - begin);
}

} // namespace

TEST(a tape of a day is complete and can be shown) {
  const auto& day = recorded_day::get();
  CHECK_EQUAL(day.result.code, 0);
  const auto verified = day.sentio_actors.run("tape verify day.tape");
  CHECK_EQUAL(verified.code, 0);
  CHECK(contains(verified.out, "The tape is complete and unaltered."));
  const auto summary = json::parse(day.sentio_actors.run("tape verify day.tape --json").out);
  CHECK(summary.at("good").get<bool>());
  CHECK_EQUAL(summary.at("bytes").get<std::size_t>(), day.tape.size());
  CHECK_EQUAL(summary.at("sessions").get<int>(), 1);
  CHECK_EQUAL(summary.at("first_session").get<std::string>(), "2025-12-01");
  CHECK_EQUAL(summary.at("kinds").at("cut_off").get<int>(), 390);
  CHECK_EQUAL(summary.at("kinds").at("learner_state").get<int>(), 6);
  const auto shown = test::lines_of(day.sentio_actors.run("tape show day.tape").out);
  CHECK_EQUAL(shown.size(), summary.at("records").get<std::size_t>());
  CHECK(contains(shown.front(), "synthetic data with a planted edge, seed 7"));
  CHECK(contains(shown.back(), " end"));
  const auto few = test::lines_of(day.sentio_actors.run("tape show day.tape --limit 12 --json").out);
  CHECK_EQUAL(few.size(), 12U);
  CHECK(std::all_of(few.begin(), few.end(), [](const auto& line) { return json::accept(line); }));
}

TEST(the tape holds the fills and decisions of the logs) {
  const auto& day = recorded_day::get();
  const auto kinds = json::parse(day.sentio_actors.run("tape verify day.tape --json").out).at("kinds");
  const auto logs = test::logs_of(day.folder / "logs", test::last_day);
  CHECK_EQUAL(kinds.at("decision").get<std::size_t>(), test::lines_of(logs.at("decisions_")).size());
  CHECK_EQUAL(kinds.at("order").get<std::size_t>(), test::lines_of(logs.at("trades_")).size());
  CHECK_EQUAL(6 * kinds.at("ranked_round").get<std::size_t>(), test::lines_of(logs.at("signals_")).size());
}

TEST(a tape alone gives the same logs and report) {
  const auto& day = recorded_day::get();
  const program elsewhere;
  test::write_file(elsewhere.folder() / "copied.tape", day.tape);
  const auto run = elsewhere.run("mock --from-tape copied.tape --log-dir logs", "TZ=Asia/Tokyo LC_ALL=C");
  CHECK_EQUAL(run.code, 0);
  CHECK(contains(run.error, "0 outputs differ from the record"));
  CHECK(test::same_folders(day.folder / "logs", elsewhere.folder() / "logs"));
  CHECK(day.tape == test::file_text(elsewhere.folder() / "copied.tape"));
  CHECK_EQUAL(elsewhere.run("mock --from-tape copied.tape --log-dir again --isa sse2").code, 0);
  CHECK(test::same_folders(day.folder / "logs", elsewhere.folder() / "again"));
}

TEST(a tape of two carried days gives the same logs) {
  const program sentio_actors;
  CHECK_EQUAL(
      sentio_actors.run("mock --log-dir bars --tape two.tape" + mock_lab::get().from_checkpoint()).code, 0);
  CHECK_EQUAL(sentio_actors.run("mock --no-report --from-tape two.tape --log-dir tape").code, 0);
  CHECK(test::same_folders(sentio_actors.folder() / "bars", sentio_actors.folder() / "tape"));
}

TEST(a truncated tape is refused with the position of its last record) {
  const auto& day = recorded_day::get();
  refusals mock;
  std::uint64_t seed = 11;
  for (int i = 0; i < 12; ++i) {
    const auto size = 20 + test::next_random(seed) % (day.tape.size() - 21);
    mock.add_file("cut.tape", day.tape.substr(0, size));
    const auto verified = program().run("tape verify '" + (mock.folder() / "cut.tape").string() + "'");
    CHECK_EQUAL(verified.code, 1);
    const auto place = place_in(verified.error);
    CHECK(!place.empty() && number_after(place, "at byte ") <= size);
    CHECK(mock.refused("--no-report --from-tape cut.tape", 1, {"cut.tape: " + place}));
  }
  mock.add_file("cut.tape", "");
  CHECK(mock.refused("--from-tape cut.tape", 1, {"cut.tape"}));
  CHECK(mock.refused("--from-tape absent.tape", 1, {"absent.tape"}));
}

TEST(an altered tape is refused at the record that was altered) {
  const auto& day = recorded_day::get();
  refusals mock;
  std::uint64_t seed = 12;
  for (int i = 0; i < 12; ++i) {
    const auto position = 16 + test::next_random(seed) % (day.tape.size() - 16);
    auto altered = day.tape;
    altered[position] = static_cast<char>(altered[position] ^ (1 << test::next_random(seed) % 8));
    mock.add_file("altered.tape", altered);
    const auto verified = program().run("tape verify '" + (mock.folder() / "altered.tape").string() + "'");
    CHECK_EQUAL(verified.code, 1);
    const auto place = place_in(verified.error);
    CHECK(!place.empty() && number_after(place, "at byte ") <= position);
    CHECK(mock.refused("--no-report --from-tape altered.tape", 1, {"altered.tape: " + place}));
  }
}

TEST(an existing tape is not replaced unasked and another file never) {
  const auto& day = recorded_day::get();
  const program sentio_actors;
  const auto options = "mock --date 2025-12-01 --tape day.tape" + mock_lab::get().from_checkpoint();
  test::write_file(sentio_actors.folder() / "day.tape", day.tape);
  const auto run = sentio_actors.run(options + "--log-dir logs --seed 1");
  CHECK_EQUAL(run.code, 2);
  CHECK(contains(run.error, "the tape day.tape exists"));
  CHECK(!std::filesystem::exists(sentio_actors.folder() / "logs"));
  CHECK(test::file_text(sentio_actors.folder() / "day.tape") == day.tape);
  CHECK_EQUAL(sentio_actors.run(options + "--log-dir logs --seed 1 --overwrite").code, 0);
  CHECK(test::file_text(sentio_actors.folder() / "day.tape") != day.tape);
  CHECK_EQUAL(sentio_actors.run("tape verify day.tape").code, 0);
}

TEST(a tape that cannot be made stops the run before it writes) {
  refusals mock;
  mock.add_file("letter.txt", "dear reader, this is no tape\n");
  const auto options = "--date 2025-12-01" + mock_lab::get().from_checkpoint();
  CHECK(mock.refused(options + "--tape nowhere/day.tape", 1, {"nowhere/day.tape", "No such file"}));
  CHECK(mock.refused(options + "--overwrite --tape letter.txt", 1, {"letter.txt", "is no tape"}));
}
