#define CAF_SUITE program_checkpoint

#include "tests/program/mock_refusal.hpp"

using namespace sentio;
using test::contains;
using test::mock_lab;
using test::program;
using test::refusals;

namespace {

const std::string one_day = "--no-report --date 2025-12-01 --warmup-state ";

} // namespace

TEST(warming up writes the same checkpoint again) {
  const program sentio_actors;
  const std::string options = "warmup --end-date 2025-11-26 --days 3 --output ";
  const auto run = sentio_actors.run(options + "new.checkpoint --symbols UVXY,TQQQ,SDS,UPRO,SVIX,SQQQ",
                                     "TZ=Asia/Tokyo LC_ALL=de_DE.UTF-8");
  CHECK_EQUAL(run.code, 0);
  CHECK(contains(run.out, "learned 3 sessions (2025-11-24 to 2025-11-26)"));
  CHECK(test::file_text(sentio_actors.folder() / "new.checkpoint") ==
        test::file_text(mock_lab::get().checkpoint()));
  const auto json = sentio_actors.run(options + "json.checkpoint --json");
  CHECK(contains(json.out, R"("last_session": "2025-11-26")"));
  CHECK_EQUAL(test::files_below(sentio_actors.folder()).size(), 2U);
}

TEST(an altered or cut checkpoint is refused) {
  const auto good = test::file_text(mock_lab::get().checkpoint());
  refusals mock;
  std::uint64_t seed = 5;
  for (int i = 0; i < 6; ++i) {
    auto altered = good;
    const auto position = test::next_random(seed) % good.size();
    altered[position] = static_cast<char>(altered[position] ^ (1 << test::next_random(seed) % 8));
    mock.add_file("altered.checkpoint", altered);
    CHECK(mock.refused(one_day + "altered.checkpoint", 1, {"altered.checkpoint"}));
    mock.add_file("cut.checkpoint", good.substr(0, position));
    CHECK(mock.refused(one_day + "cut.checkpoint", 1, {"cut.checkpoint"}));
  }
  mock.add_file("empty.checkpoint", "");
  CHECK(mock.refused(one_day + "empty.checkpoint", 1, {"empty.checkpoint"}));
  CHECK(mock.refused(one_day + "absent.checkpoint", 1, {"absent.checkpoint", "No such file"}));
}

TEST(a checkpoint of other learners is refused) {
  refusals mock;
  const auto checkpoint = mock_lab::get().checkpoint().string();
  CHECK(mock.refused(one_day + checkpoint + " --config " + std::string(SENTIO_SOURCE_DIR) +
                         "/config/legacy.json",
                     1, {checkpoint, "other learner parameters"}));
}

TEST(a checkpoint that lacks a symbol is refused before anything is written) {
  const program maker;
  CHECK_EQUAL(
      maker.run("warmup --symbols TQQQ,SQQQ --end-date 2025-11-26 --days 1 --output two.checkpoint").code, 0);
  refusals mock;
  mock.add_file("two.checkpoint", test::file_text(maker.folder() / "two.checkpoint"));
  CHECK(mock.refused(one_day + "two.checkpoint", 1, {"no state of SDS", "sentio-actors warmup"}));
}

TEST(a checkpoint must have learned only days before the first one traded) {
  refusals mock;
  const auto checkpoint = mock_lab::get().checkpoint().string();
  for (const std::string date : {"2025-11-26", "2025-11-24"})
    CHECK(mock.refused("--no-report --start-date " + date + " --warmup-state " + checkpoint, 2,
                       {"learned up to 2025-11-26", "2025-11-28 at the earliest", "not on " + date}));
}

TEST(warmup refuses what it cannot learn) {
  const program sentio_actors;
  const auto none = sentio_actors.run("warmup --start-date 2026-01-05 --output new.checkpoint");
  CHECK_EQUAL(none.code, 1);
  CHECK(contains(none.error, "it covers 2025-10-20 to 2025-12-01"));
  const auto reversed =
      sentio_actors.run("warmup --start-date 2025-11-20 --end-date 2025-11-19 --output new.checkpoint");
  CHECK_EQUAL(reversed.code, 2);
  CHECK(contains(reversed.error, "--end-date is before --start-date"));
  CHECK_EQUAL(sentio_actors.run("warmup --end-date 19.11.2025 --output new.checkpoint").code, 2);
  CHECK_EQUAL(sentio_actors.run("warmup").code, 2);
  const auto place = sentio_actors.run("warmup --days 1 --output nowhere/new.checkpoint");
  CHECK_EQUAL(place.code, 1);
  CHECK(contains(place.error, "nowhere/new.checkpoint"));
  CHECK(test::files_below(sentio_actors.folder()).empty());
}
