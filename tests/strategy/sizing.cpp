#define CAF_SUITE sizing
#include "core/portfolio/sizing.hpp"
#include "core/numeric/random.hpp"
#include "tests/support/test.hpp"

#include <vector>

using namespace sentio;

namespace {

sizing_input of_100_000() {
  return {from_dollars(100'000), 3, 0.001, 2, 1};
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

TEST(weights of inverse volatility have the mean 1 and the ratio of the volatilities) {
  sizing_parameters p;
  p.volatility_low = 0.01;
  p.volatility_high = 10;
  const std::vector<double> pair{0.0005, 0.0011};
  const double calm = volatility_weight(p, pair[0], pair);
  const double wild = volatility_weight(p, pair[1], pair);
  CHECK(test::close_to(calm / wild, 11.0 / 5.0, 1e-12));
  CHECK(test::close_to((calm + wild) / 2, 1, 1e-12));
  CHECK_EQUAL(volatility_weight(p, 0.003, std::vector<double>{0.003}), 1.0); // alone
  CHECK_EQUAL(volatility_weight(p, 0.002, std::vector<double>{0.002, 0.002, 0.002}), 1.0);
  p.kind = sizing_kind::inverse_volatility;
  p.invested_fraction = 0.9;
  sizing_input input = of_100_000();
  input.weight = calm;
  CHECK_EQUAL(target(p, input), "41250.00"); // 30,000 * 11 / 8
  input.weight = wild;
  CHECK_EQUAL(target(p, input), "18750.00"); // 30,000 * 5 / 8
}

TEST(limited weights of inverse volatility still have the mean 1) {
  sizing_parameters p; // from 0.7 to 1.3
  random_source random(5);
  for (int round = 0; round < 200; ++round) {
    std::vector<double> company(1 + random.below(3));
    for (double& sigma : company)
      sigma = 0.0002 + 0.004 * random.uniform();
    double sum = 0;
    for (const double sigma : company) {
      const double weight = volatility_weight(p, sigma, company);
      CHECK(weight >= 0.7 && weight <= 1.3);
      sum += weight;
    }
    CHECK(test::close_to(sum / static_cast<double>(company.size()), 1, 1e-9));
  }
}

TEST(a configured volatility has a full size and an unknown one has it too) {
  sizing_parameters p;
  p.volatility_low = 0.4;
  p.volatility_reference = 0.002;
  const std::vector<double> company{0.0015, 0.002, 0.004};
  CHECK(test::close_to(volatility_weight(p, 0.0016, company), 1.25, 1e-12));
  CHECK_EQUAL(volatility_weight(p, 0.002, company), 1.0);
  CHECK_EQUAL(volatility_weight(p, 0.004, company), 0.5);
  CHECK_EQUAL(volatility_weight(p, 0.0001, company), 1.3);
  CHECK_EQUAL(volatility_weight(p, 0.02, company), 0.4);
  p.volatility_reference = 0;
  CHECK_EQUAL(volatility_weight(p, 0, company), 1.0);
  // Whose volatility is unknown does not count among the others.
  CHECK_EQUAL(volatility_weight(p, 0.002, std::vector<double>{0, 0.002, -1}), 1.0);
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

TEST(shares are whole and nothing is bought for nothing) {
  CHECK_EQUAL(whole_shares(from_dollars(100), from_dollars(33.34)), 2);
  CHECK_EQUAL(whole_shares(from_dollars(33.33), from_dollars(33.34)), 0);
  CHECK_EQUAL(whole_shares(from_dollars(-5), from_dollars(1)), 0);
  CHECK_EQUAL(whole_shares(from_dollars(5), money{}), 0);
  CHECK_EQUAL(to_string(reserve_per_share({}, from_dollars(50))), "50.50");
}
