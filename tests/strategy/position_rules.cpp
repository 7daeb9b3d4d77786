#define CAF_SUITE position_rules
#include "core/strategies/rotation/rotation.hpp"
#include "tests/strategy/support.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

position_view comfortable() {
  position_view p;
  p.bars_held = 20;
  p.rank = 2;
  p.strength = 0.42;
  p.has_opinion = true;
  return p;
}

std::string ruling(const position_view& position, const rotation_parameters& parameters = {}) {
  const position_wish v = make_rotation(parameters)->judge(position);
  return std::string(to_string(v.kind)) + ": " + v.reason;
}

} // namespace

TEST(a comfortable position is held and says why) {
  CHECK_EQUAL(ruling(comfortable()), "HOLD: strength 0.42 >= exit -0.50, rank 2 <= 5");
}

TEST(stops and targets act at once even before the minimum hold) {
  position_view p = comfortable();
  p.bars_held = 1;
  p.gain = -0.0162;
  CHECK_EQUAL(ruling(p), "STOP_LOSS: return -1.62% <= stop loss -1.50%");
  p.gain = 0.031;
  CHECK_EQUAL(ruling(p), "PROFIT_TARGET: return 3.10% >= profit target 3.00%");
  p.gain = -0.0149;
  CHECK_EQUAL(ruling(p), "HOLD: held 1 of 5 minimum bars");
  rotation_parameters off;
  off.stop_loss = off.profit_target = false;
  p.gain = -0.5;
  CHECK_EQUAL(ruling(p, off), "HOLD: held 1 of 5 minimum bars");
  p.gain = 0.5;
  CHECK_EQUAL(ruling(p, off), "HOLD: held 1 of 5 minimum bars");
}

TEST(the minimum hold protects from weakness rank and staleness) {
  position_view p = comfortable();
  p.bars_held = 4;
  p.strength = -9;
  p.rank = 12;
  p.stale = true;
  CHECK_EQUAL(ruling(p), "HOLD: held 4 of 5 minimum bars");
  p.bars_held = 5;
  p.staleness = 6;
  CHECK_EQUAL(ruling(p), "EXIT: stale: no bar for 6 minutes");
  p.stale = false;
  CHECK_EQUAL(ruling(p), "EXIT: strength -9.00 < exit -0.50");
  p.strength = -0.5;
  CHECK_EQUAL(ruling(p), "EXIT: rank 12 > 5 to hold");
}

TEST(a position without an opinion waits) {
  position_view p = comfortable();
  p.has_opinion = false;
  p.strength = -9;
  CHECK_EQUAL(ruling(p), "HOLD: no opinion: its signal is not ready");
}

TEST(a held symbol is ranked at its strength and a candidate at its weighted one) {
  ranked_round round;
  round.symbols.resize(3);
  const auto put = [&](symbol_index s, double strength, double entry, int staleness) {
    round.symbols[s].rankable = true;
    round.symbols[s].strength = strength;
    round.symbols[s].entry_strength = entry;
    round.symbols[s].staleness = staleness;
  };
  put(0, 4, 4 * 0.37, 1);
  put(1, 3, 3, 0);
  put(2, 2, 2, 0);
  round.order = {1, 2, 0};
  std::vector<entry_status> statuses(3, entry_status::free);
  std::vector<symbol_index> scratch;
  auto order = final_order(round, statuses, scratch);
  CHECK(std::vector<symbol_index>(order.begin(), order.end()) == std::vector<symbol_index>({1, 2, 0}));
  statuses[0] = entry_status::held;
  order = final_order(round, statuses, scratch);
  CHECK(std::vector<symbol_index>(order.begin(), order.end()) == std::vector<symbol_index>({0, 1, 2}));
  put(0, -4, -4 * 0.37, 1); // a weak one is not flattered by its age either
  put(2, -2, -2, 0);
  round.order = {1, 0, 2};
  order = final_order(round, statuses, scratch);
  CHECK(std::vector<symbol_index>(order.begin(), order.end()) == std::vector<symbol_index>({1, 2, 0}));
}
