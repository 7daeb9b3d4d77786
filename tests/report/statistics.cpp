#define CAF_SUITE statistics

#include "core/report/statistics.hpp"
#include "core/numeric/random.hpp"
#include "core/report/metrics.hpp"
#include "core/report/normal.hpp"
#include "core/report/number_format.hpp"
#include "core/report/svg_plot.hpp"
#include "tests/support/test.hpp"

#include <vector>

using namespace sentio;
using test::close_to;

TEST(mean and sample deviation of known values) {
  const std::vector<double> values{2, 4, 4, 4, 5, 5, 7, 9};
  CHECK(close_to(mean(values), 5, 1e-15));
  CHECK(close_to(standard_deviation(values).value(), 2.1380899352993950, 1e-14));
  // 5 / (2.138... / sqrt 8)
  CHECK(close_to(t_statistic(values).value(), 6.6143782776614766, 1e-13));
  CHECK(!standard_deviation(std::vector<double>{1}).has_value());
  CHECK(!t_statistic(std::vector<double>{3, 3, 3}).has_value());
}

TEST(the normal distribution at tabulated points) {
  CHECK(close_to(normal_cdf(0), 0.5, 1e-15));
  CHECK(close_to(normal_cdf(1), 0.84134474606854293, 1e-14));
  CHECK(close_to(normal_cdf(-1.96), 0.024997895148220435, 1e-13));
  CHECK(std::fabs(normal_cdf(-6) / 9.8658764503769437e-10 - 1) < 1e-9);
  CHECK(std::fabs(normal_cdf(-4.999999) - normal_cdf(-5.000001)) < 1e-11);
  CHECK(close_to(normal_quantile(0.975), 1.9599639845400545, 1e-10));
  CHECK(close_to(normal_quantile(0.5), 0, 1e-10));
}

TEST(a year of one percent a day compounds) {
  CHECK(close_to(annualised(0.0), 0, 1e-15));
  CHECK(close_to(annualised(0.01), 11.274002099240802, 1e-11));
}

TEST(sharpe ratio with its error and its probabilities) {
  // Symmetric returns: skewness 0. mean .01, sample sd sqrt(2/15) * .1 ... checked against numpy.
  const std::vector<double> returns{0.02, 0.00, 0.03, -0.01, 0.015, 0.005};
  const auto one = sharpe(returns, 1).value();
  const double daily = 0.01 / standard_deviation(returns).value();
  CHECK(close_to(one.yearly, daily * std::sqrt(252.0), 1e-13));
  // Fourth moment over squared variance, by hand: (2*1e-8 + 2*16e-8 + 2*.0625e-8) / 6 / ((2*1e-4 + 2*4e-4 +
  // 2*.25e-4) / 6)^2
  const double kurtosis = (2 * 1e-8 + 2 * 16e-8 + 2 * 0.0625e-8) / 6 / ((10.5e-4 / 6) * (10.5e-4 / 6));
  const double variance = (1 + (kurtosis - 1) / 4 * daily * daily) / 5;
  CHECK(close_to(one.standard_error, std::sqrt(variance * 252), 1e-12));
  CHECK(close_to(one.probabilistic, normal_cdf(daily / std::sqrt(variance)), 1e-12));
  CHECK_EQUAL(one.deflated, one.probabilistic);
  const auto many = sharpe(returns, 100).value();
  CHECK(many.deflated < one.deflated);
  CHECK(many.deflated > 0);
  CHECK(!sharpe(std::vector<double>{0.01, 0.01, 0.01}, 1).has_value());
}

TEST(sortino counts only losses) {
  const std::vector<double> returns{0.02, -0.01, 0.03, -0.02};
  CHECK(close_to(sortino(returns).value(), 0.005 / std::sqrt(5e-4 / 4) * std::sqrt(252.0), 1e-13));
  CHECK(!sortino(std::vector<double>{0.01, 0.02, 0.03}).has_value());
  CHECK(!sortino(std::vector<double>{-0.01, 0.02}).has_value()); // two days make no year
}

TEST(a year is not made of a single session) {
  day_metrics day;
  day.opening_equity = from_dollars(1000);
  day.closing_equity = from_dollars(990);
  const std::vector<day_metrics> days(3, day);
  const auto one = run_metrics_of(std::span(days).first(1), {}, 0.02, 1);
  CHECK(!one.annualised_return && !one.sortino && !one.calmar);
  CHECK(close_to(one.mrd, -0.01, 1e-12));
  const auto three = run_metrics_of(days, {}, 0.02, 1);
  CHECK(three.annualised_return && three.sortino && three.calmar);
  CHECK(close_to(*three.calmar, *three.annualised_return / 0.02, 1e-12));
}

TEST(drawdown is measured from the highest value so far) {
  CHECK(close_to(max_drawdown(100, std::vector<double>{110, 99, 120, 90, 130}), 0.25, 1e-15));
  CHECK(close_to(max_drawdown(100, std::vector<double>{95, 101}), 0.05, 1e-15));
  CHECK_EQUAL(max_drawdown(100, std::vector<double>{}), 0.0);
}

TEST(rank correlation shares ranks between ties) {
  const std::vector<double> rising{1, 2, 3, 4};
  CHECK(close_to(rank_correlation(rising, std::vector<double>{10, 20, 30, 40}).value(), 1, 1e-15));
  CHECK(close_to(rank_correlation(rising, std::vector<double>{4, 3, 2, 1}).value(), -1, 1e-15));
  // Ranks 1.5, 1.5, 3, 4 against 1, 2, 3, 4: 4.5 / sqrt(4.5 * 5)
  CHECK(close_to(rank_correlation(std::vector<double>{7, 7, 8, 9}, rising).value(), 4.5 / std::sqrt(22.5),
                 1e-15));
  CHECK(!rank_correlation(rising, std::vector<double>{1, 1, 1, 1}).has_value());
  CHECK(!rank_correlation(std::vector<double>{1, 2}, std::vector<double>{1, 2}).has_value());
}

TEST(the bootstrap interval holds the mean and repeats itself) {
  random_source random(7);
  std::vector<double> values;
  for (int i = 0; i < 80; ++i)
    values.push_back(random.uniform() - 0.4);
  const auto range = bootstrap_mean_interval(values, 1).value();
  CHECK(range.low < mean(values));
  CHECK(mean(values) < range.high);
  // Independent values: about +- 1.96 sd / sqrt(n) = +- .063
  CHECK(range.high - range.low > 0.08);
  CHECK(range.high - range.low < 0.18);
  CHECK(bootstrap_mean_interval(values, 1) == bootstrap_mean_interval(values, 1));
  const auto few = bootstrap_mean_interval(std::vector<double>{0.01, 0.02, 0.06}, 1).value();
  CHECK(few.low < few.high);
  CHECK(!bootstrap_mean_interval(std::vector<double>{0.01, 0.02}, 1).has_value());
}

TEST(percentiles are interpolated) {
  const std::vector<double> sorted{0, 10, 20, 30};
  CHECK(close_to(percentile(sorted, 0.5), 15, 1e-15));
  CHECK_EQUAL(percentile(sorted, 1), 30.0);
}

TEST(numbers for people) {
  CHECK_EQUAL(fixed(-0.001, 2), "0.00");
  CHECK_EQUAL(with_sign(0.125, 1), "+0.1");
  CHECK_EQUAL(with_sign(0.0, 1), "0.0");
  CHECK_EQUAL(signed_percent(-0.01234, 2), "-1.23 %");
  CHECK_EQUAL(dollars(money{-1'234'567'890'000}), "-$1,234,567.89");
  CHECK_EQUAL(dollars(money{-1}), "$0.00");
  CHECK_EQUAL(signed_dollars(money{5'000}), "+$0.01");
  CHECK_EQUAL(counted(1, "trade", "trades"), "1 trade");
  CHECK_EQUAL(counted(1234, "trade", "trades"), "1,234 trades");
}

TEST(ticks stand at round values) {
  const auto ticks = round_ticks({-0.13, 0.31}, 4);
  REQUIRE(ticks.size() == 5u);
  CHECK(close_to(ticks.front(), -0.1, 1e-12));
  CHECK(close_to(ticks.back(), 0.3, 1e-12));
  CHECK_EQUAL(tick_digits(ticks), 1);
  CHECK_EQUAL(tick_digits(std::vector<double>{0.25, 0.5}), 2);
  CHECK_EQUAL(tick_digits(std::vector<double>{10, 20}), 0);
}
