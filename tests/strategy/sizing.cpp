#define CAF_SUITE sizing
#include "core/strategy/sizing.hpp"
#include "tests/support/test.hpp"

using namespace sentio;

namespace {

sizing_input of_100_000() {
  return {from_dollars(100'000), 3, 0.001, 2, 0.0015};
}

std::string target(const sizing_parameters& parameters, const sizing_input& input) {
  return to_string(target_value(parameters, input));
}

} // namespace

TEST(equal weight divides the invested fraction among the slots) {
  CHECK_EQUAL(target({}, of_100_000()), "31666.666667"); // .95 * 100,000 / 3
  sizing_parameters half;
  half.invested_fraction = 0.5;
  CHECK_EQUAL(target(half, of_100_000()), "16666.666667");
}

TEST(inverse volatility weighs by the reference and is clamped) {
  sizing_parameters p;
  p.kind = sizing_kind::inverse_volatility;
  p.invested_fraction = 0.9;
  sizing_input input = of_100_000();
  input.sigma = 0.0005;
  CHECK_EQUAL(target(p, input), "22500.00"); // 30,000 * .0015 / .002
  input.sigma = 0.0015;
  CHECK_EQUAL(target(p, input), "21000.00"); // .5 is clamped to .7
  p.volatility_low = 0.4;
  CHECK_EQUAL(target(p, input), "15000.00");
  p.volatility_high = 0.45;
  CHECK_EQUAL(target(p, input), "13500.00");
}

TEST(Kelly bets a fraction of edge over variance up to the largest position) {
  sizing_parameters p;
  p.kind = sizing_kind::kelly;
  sizing_input input = of_100_000();
  input.sigma = 0.01;
  input.edge_bp = 2; // .25 * .0002 / (5 * .0001) = .1
  CHECK_EQUAL(target(p, input), "10000.00");
  p.kelly_fraction = 0.5;
  CHECK_EQUAL(target(p, input), "20000.00");
  input.sigma = 0.001;
  CHECK_EQUAL(target(p, input), "50000.00");
  p.max_position_fraction = 0.3;
  CHECK_EQUAL(target(p, input), "30000.00");
  input.edge_bp = -1;
  CHECK_EQUAL(target(p, input), "0.00");
  input.edge_bp = 1;
  input.sigma = 0;
  CHECK_EQUAL(target(p, input), "0.00");
}

TEST(the reference volatility is the mean of the rankable symbols or the configured one) {
  ranked_round round;
  round.symbols.resize(3);
  round.symbols[0].signal.sigma = 0.001;
  round.symbols[1].signal.sigma = 0.003;
  round.symbols[2].signal.sigma = 9;
  round.symbols[0].rankable = round.symbols[1].rankable = true;
  sizing_parameters p;
  CHECK(test::close_to(reference_sigma(p, round), 0.002, 1e-15));
  p.volatility_reference = 0.004;
  CHECK_EQUAL(reference_sigma(p, round), 0.004);
}

TEST(shares are whole and nothing is bought for nothing) {
  CHECK_EQUAL(whole_shares(from_dollars(100), from_dollars(33.34)), 2);
  CHECK_EQUAL(whole_shares(from_dollars(33.33), from_dollars(33.34)), 0);
  CHECK_EQUAL(whole_shares(from_dollars(-5), from_dollars(1)), 0);
  CHECK_EQUAL(whole_shares(from_dollars(5), money{}), 0);
  CHECK_EQUAL(to_string(reserve_per_share({}, from_dollars(50))), "50.50");
}
