#define CAF_SUITE whole_graph
#include "tests/support/test.hpp"

#include "actors/schedule_trials.hpp"
#include "tests/support/small_market.hpp"

#include <cstdio>

using namespace sentio;

namespace {

test::small_run run_on(std::unique_ptr<engine> runtime, const mock_setup& setup,
                       std::vector<session_block_ptr> blocks) {
  return test::run_blocks(*runtime, setup, std::move(blocks));
}

/// A source that breaks after its first session.
class breaking_source final : public session_source {
public:
  explicit breaking_source(session_block_ptr first) : first_(std::move(first)) {}
  session_block_ptr next() override {
    if (!first_)
      throw std::runtime_error("TQQQ.csv:17: the volume is not a number");
    return std::exchange(first_, nullptr);
  }

private:
  session_block_ptr first_;
};

std::uint64_t counted(const replay_outcome& outcome, const std::string& actor, const std::string& name) {
  for (const auto& status : outcome.actors)
    if (status.name == actor)
      for (const auto& [key, value] : status.counts)
        if (key == name)
          return value;
  return 0;
}

} // namespace

TEST(a replay runs to its end and every actor answers status) {
  const auto run = run_on(make_stepwise_engine(), test::small_setup(), test::small_market());
  CHECK_EQUAL(run.outcome.error, "");
  CHECK(run.outcome.completed);
  CHECK_EQUAL(run.outcome.actors.size(), 11u);
  CHECK(run.hash.bytes > 0);
  // Thanksgiving lies in this week, so the second traded day is the half day.
  CHECK_EQUAL(run.products.table->lines.size(), 2u);
  CHECK_EQUAL(run.products.progress->rounds.load(), 390u + 210u);
  CHECK_EQUAL(counted(run.outcome, "ranking", "rounds"), 600u);
  CHECK(counted(run.outcome, "gateway", "orders") > 0);
}

TEST(each bar is learned once) {
  const auto blocks = test::small_market();
  std::uint64_t bars = 0;
  for (const auto& block : blocks)
    for (const auto& row : block->bars)
      bars += row.size();
  const auto run = run_on(make_stepwise_engine(), test::small_setup(), blocks);
  CHECK_EQUAL(run.products.progress->symbol_bars.load(), bars);
  std::uint64_t learned = 0;
  for (const char* symbol : {"SDS", "SQQQ", "TQQQ"})
    learned += counted(run.outcome, symbol, "bars");
  CHECK_EQUAL(learned, bars);
}

TEST(twice the same run gives the same logs) {
  const auto first = run_on(make_stepwise_engine(), test::small_setup(), test::small_market());
  const auto second = run_on(make_stepwise_engine(), test::small_setup(), test::small_market());
  CHECK(first.hash == second.hash);
  auto other = test::market_options{};
  other.seed = 4;
  const auto different = run_on(make_stepwise_engine(), test::small_setup(), test::small_market(other));
  CHECK(!(first.hash == different.hash));
}

TEST(how far symbols learn ahead changes nothing) {
  const auto reference = run_on(make_stepwise_engine(), test::small_setup(), test::small_market());
  for (const std::uint32_t bars : {1U, 7U, 64U, 390U}) {
    auto setup = test::small_setup();
    setup.run_ahead = bars;
    CHECK(run_on(make_stepwise_engine(), setup, test::small_market()).hash == reference.hash);
  }
}

TEST(the order in which the configuration names symbols changes nothing) {
  const auto reference = run_on(make_stepwise_engine(), test::small_setup(), test::small_market());
  const auto permuted =
      run_on(make_stepwise_engine(), test::small_setup({"TQQQ", "SDS", "SQQQ"}), test::small_market());
  CHECK(permuted.hash == reference.hash);
}

TEST(a failing feed ends the run with its own words) {
  auto setup = test::small_setup();
  run_products products;
  auto hashed = std::make_shared<log_hash>();
  auto graph = mock_graph(setup, {}, make_hash_sink(hashed), products,
                          std::make_shared<breaking_source>(test::small_market().front()));
  auto runtime = make_stepwise_engine();
  const auto outcome = run_replay(*runtime, graph);
  CHECK(!outcome.completed);
  CHECK_EQUAL(outcome.error, "feed: TQQQ.csv:17: the volume is not a number");
}

TEST(a bar sent twice ends the run instead of being learned twice) {
  auto blocks = test::small_market();
  auto broken = std::make_shared<session_block>(*blocks[2]);
  broken->bars[1][5] = broken->bars[1][4];
  blocks[2] = broken;
  const auto run = run_on(make_stepwise_engine(), test::small_setup(), blocks);
  CHECK(!run.outcome.completed);
  CHECK(!run.outcome.error.empty());
}

TEST(a run that is stopped between two steps is told so and leaves no error) {
  auto runtime = make_stepwise_engine();
  int steps = 0;
  const auto run = test::run_blocks(*runtime, test::small_setup(), test::small_market(),
                                    [&](const run_progress&) { return ++steps < 100; });
  CHECK(run.outcome.interrupted);
  CHECK(!run.outcome.completed);
  CHECK_EQUAL(run.outcome.error, "");
}

TEST(a checkpoint of the warm up gives the same logs as the warm up) {
  const auto blocks = test::small_market();
  const auto setup = test::small_setup();
  const auto warmed = run_on(make_stepwise_engine(), setup, blocks);
  const std::vector<session_block_ptr> warmup(blocks.begin(), blocks.begin() + 2);
  auto from_state = setup;
  from_state.checkpoint =
      learn_warmup(setup, {"SDS", "SQQQ", "TQQQ"}, make_memory_source(warmup), warmup.back()->hours.date);
  const auto restored = run_on(make_stepwise_engine(), from_state,
                               std::vector<session_block_ptr>(blocks.begin() + 2, blocks.end()));
  CHECK_EQUAL(restored.outcome.error, "");
  CHECK(restored.hash == warmed.hash);
}

TEST(days without carry over equal the same days run alone) {
  const auto blocks = test::small_market();
  const auto setup = test::small_setup();
  const auto alone = [&](std::size_t day) {
    std::vector<session_block_ptr> part(blocks.begin(), blocks.begin() + 2);
    part.push_back(blocks[day]);
    return run_on(make_stepwise_engine(), setup, part);
  };
  CHECK(alone(2).hash == alone(2).hash);
  CHECK(alone(3).outcome.completed);
}

TEST(a tape replays to the same logs without bars clock and venue) {
  const test::scratch_folder scratch;
  auto setup = test::small_setup();
  setup.tape_file = (scratch.path() / "run.tape").string();
  const auto run = run_on(make_stepwise_engine(), setup, test::small_market());
  CHECK_EQUAL(run.outcome.error, "");
  const auto preamble = read_preamble(setup.tape_file);
  CHECK_EQUAL(preamble.learners.size(), 3u);
  run_products products;
  auto hashed = std::make_shared<log_hash>();
  auto graph =
      recorded_graph(setup.tape_file, preamble, instruction_set::sse2, make_hash_sink(hashed), products);
  auto runtime = make_stepwise_engine();
  const auto replayed = run_replay(*runtime, graph);
  CHECK_EQUAL(replayed.error, "");
  CHECK(replayed.completed);
  CHECK_EQUAL(products.progress->differing_outputs.load(), 0u);
  CHECK(*hashed == run.hash);
}

TEST(a tape that cannot be written ends the run before anybody acts) {
  auto setup = test::small_setup();
  setup.tape_file = "/dev/full";
  setup.overwrite_tape = true;
  const auto run = run_on(make_stepwise_engine(), setup, test::small_market());
  CHECK(!run.outcome.completed);
  CHECK(run.outcome.error.find("/dev/full") != std::string::npos);
  CHECK_EQUAL(run.hash.bytes, 0u);
}

TEST(maintenance at the start of a day means no entries) {
  const test::scratch_folder scratch;
  auto setup = test::small_setup();
  setup.maintenance_file = scratch.path() / ".maintenance_mode";
  const auto open = run_on(make_stepwise_engine(), setup, test::small_market());
  CHECK(counted(open.outcome, "gateway", "orders") > 0);
  std::FILE* file = std::fopen(setup.maintenance_file.c_str(), "w");
  REQUIRE(file != nullptr);
  std::fclose(file);
  const auto closed = run_on(make_stepwise_engine(), setup, test::small_market());
  CHECK(closed.outcome.completed);
  CHECK_EQUAL(counted(closed.outcome, "gateway", "orders"), 0u);
}
