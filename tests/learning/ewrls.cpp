#define CAF_SUITE ewrls
#include "tests/learning/support.hpp"
#include "tests/support/test.hpp"

#include "core/learning/ewrls.hpp"
#include "core/learning/learner_error.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

const kernel_table& kernels() {
  return kernels_for(best_instruction_set());
}

double tau2(double rho, std::size_t features) {
  return rho / static_cast<double>(features);
}

matrix dense(const covariance& p) {
  matrix result = scaled_identity(p.features(), 0);
  for (std::size_t i = 0; i < p.features(); ++i)
    for (std::size_t j = 0; j < p.features(); ++j)
      result[i][j] = p.element(i, j);
  return result;
}

bool close_rows(std::span<const double> found, const row& expected, double tolerance) {
  bool close = found.size() == expected.size();
  for (std::size_t i = 0; i < expected.size(); ++i)
    close = close && close_to(found[i], expected[i], tolerance);
  return close;
}

/// The formulas of the page, step by step.
struct plain_stationary {
  matrix p;
  row w;
  double a2;
  double variance;

  plain_stationary(std::size_t features, double a2_given, double rho)
      : p(scaled_identity(features, tau2(rho, features))), w(features, 0.0), a2(a2_given),
        variance(tau2(rho, features)) {}

  void update(const row& x, double y) {
    for (row& line : p)
      for (double& value : line)
        value *= a2;
    for (std::size_t i = 0; i < w.size(); ++i) {
      p[i][i] += (1 - a2) * variance;
      w[i] *= std::sqrt(a2);
    }
    const row g = times(p, x);
    const double s = dot(x, g);
    const double error = y - dot(x, w);
    add_outer(p, g, -1 / (1 + s));
    for (std::size_t i = 0; i < w.size(); ++i)
      w[i] += g[i] / (1 + s) * error;
  }
};

} // namespace

TEST(the stationary learner follows its formulas) {
  for (const std::size_t features : {3u, 16u, 126u}) {
    constexpr double a2 = 0.99;
    constexpr double rho = 0.5;
    plain_stationary plain(features, a2, rho);
    ewrls fast(covariance::stationary(features, a2, rho, kernels()), std::sqrt(a2), 1, 1, kernels());
    random_source random(features);
    for (int bar = 0; bar < 300; ++bar) {
      const row x = random_row(random, features, 3);
      const double y = noise(random);
      const lane_array input = padded(x);
      fast.advance(input.data(), 0);
      fast.learn(0, 0, input.data(), y);
      plain.update(x, y);
    }
    CHECK(close_rows(fast.weights(0), plain.w, 1e-9));
    bool moved = false;
    for (const double weight : plain.w)
      moved = moved || std::fabs(weight) > 1e-3;
    CHECK(moved);
  }
}

TEST(the classic learner follows its formulas) {
  constexpr std::size_t features = 12;
  constexpr double lambda = 0.98;
  classic_parameters parameters;
  ewrls fast(covariance::classic(features, parameters, kernels()), 1, 1, 1, kernels());
  matrix p = scaled_identity(features, parameters.initial_variance);
  row w(features, 0.0);
  random_source random(3);
  for (std::size_t bar = 0; bar < 200; ++bar) {
    const row x = random_row(random, features, 2);
    const double y = noise(random);
    const lane_array input = padded(x);
    fast.advance(input.data(), 0);
    fast.learn(0, 0, input.data(), y);
    row column(features);
    for (std::size_t i = 0; i < features; ++i)
      column[i] = p[i][bar % features];
    add_outer(p, column,
              -parameters.regularization / (1 + parameters.regularization * column[bar % features]));
    const row g = times(p, x);
    const double s = dot(x, g);
    const double error = y - dot(x, w);
    add_outer(p, g, -1 / (lambda + s));
    for (std::size_t i = 0; i < features; ++i) {
      w[i] += g[i] / (lambda + s) * error;
      for (std::size_t j = 0; j < features; ++j)
        p[i][j] /= lambda;
    }
  }
  CHECK(close_rows(fast.weights(0), w, 1e-9));
}

TEST(without forgetting the classic learner is the batch ridge regression) {
  constexpr std::size_t features = 20;
  classic_parameters parameters;
  parameters.lambda = 1;
  parameters.initial_variance = 4;
  parameters.regularization = 0;
  ewrls online(covariance::classic(features, parameters, kernels()), 1, 1, 1, kernels());
  matrix normal = scaled_identity(features, 1 / parameters.initial_variance);
  row right(features, 0.0);
  random_source random(9);
  for (int bar = 0; bar < 500; ++bar) {
    const row x = random_row(random, features);
    const double y = 0.7 * x[2] - 0.2 * x[11] + noise(random);
    const lane_array input = padded(x);
    online.advance(input.data(), 0);
    online.learn(0, 0, input.data(), y);
    add_outer(normal, x, 1);
    for (std::size_t i = 0; i < features; ++i)
      right[i] += y * x[i];
  }
  CHECK(close_rows(online.weights(0), solve(normal, right), 1e-9));
}

TEST(with slow forgetting the stationary learner is the batch ridge regression) {
  constexpr std::size_t features = 16;
  constexpr double rho = 8;
  constexpr double a2 = 1 - 1e-14; // (1 - a2) * bars is far below the tolerance
  ewrls online(covariance::stationary(features, a2, rho, kernels()), std::sqrt(a2), 1, 1, kernels());
  matrix normal = scaled_identity(features, static_cast<double>(features) / rho);
  row right(features, 0.0);
  random_source random(11);
  for (int bar = 0; bar < 400; ++bar) {
    const row x = random_row(random, features);
    const double y = x[0] - 0.5 * x[15] + noise(random);
    const lane_array input = padded(x);
    online.advance(input.data(), 0);
    online.learn(0, 0, input.data(), y);
    add_outer(normal, x, 1);
    for (std::size_t i = 0; i < features; ++i)
      right[i] += y * x[i];
  }
  CHECK(close_rows(online.weights(0), solve(normal, right), 1e-9));
}

TEST(eigenvalues stay between the inflation and the prior variance) {
  constexpr std::size_t features = 24;
  constexpr double a2 = 0.99;
  constexpr double rho = 0.05;
  const double upper = tau2(rho, features);
  covariance p = covariance::stationary(features, a2, rho, kernels());
  lane_array gain(features);
  random_source random(21);
  for (int bar = 0; bar < 3000; ++bar) {
    // Constant inputs, zeros, huge alternation, single directions and noise in turn.
    row x(features, 0.0);
    const int kind = bar / 300 % 5;
    if (kind == 0)
      x.assign(features, 5.0);
    else if (kind == 2)
      x.assign(features, bar % 2 == 0 ? 1e6 : -1e6);
    else if (kind == 3)
      x[static_cast<std::size_t>(bar) % features] = 1e3;
    else if (kind == 4)
      x = random_row(random, features, 5);
    p.advance(padded(x).data(), gain.data());
    double square = 0;
    for (const double k : gain.values())
      square += k * k;
    REQUIRE(std::sqrt(square) <= 0.5 * std::sqrt(upper) * (1 + 1e-9));
    if (bar % 100 == 99) {
      const eigenvalue_range range = eigenvalues(dense(p));
      REQUIRE(range.smallest >= (1 - a2) * upper * (1 - 1e-6));
      REQUIRE(range.largest <= upper * (1 + 1e-9));
    }
  }
  CHECK(p.smallest_diagonal() > 0);
  CHECK(p.largest_diagonal() <= upper * (1 + 1e-9));
}

TEST(one covariance for three horizons equals three separate filters bit for bit) {
  constexpr std::size_t features = 16;
  const std::size_t horizons[] = {1, 5, 10};
  constexpr std::size_t slots = 12;
  constexpr double a2 = 0.999;
  const auto make = [&](std::size_t count) {
    return ewrls(covariance::stationary(features, a2, 0.01, kernels()), std::sqrt(a2), count, slots,
                 kernels());
  };
  ewrls together = make(3);
  std::vector<ewrls> apart;
  for (int h = 0; h < 3; ++h)
    apart.push_back(make(1));
  random_source random(2);
  std::vector<lane_array> inputs;
  bool same = true;
  for (std::size_t bar = 0; bar < 2000; ++bar) {
    inputs.push_back(padded(random_row(random, features, 2)));
    for (std::size_t h = 0; h < 3; ++h) {
      if (bar < horizons[h] + 1)
        continue;
      const std::size_t start = bar - 1 - horizons[h];
      const double y = noise(random);
      together.learn(h, start % slots, inputs[start].data(), y);
      apart[h].learn(0, start % slots, inputs[start].data(), y);
    }
    together.advance(inputs[bar].data(), bar % slots);
    double all[3];
    together.predict(inputs[bar].data(), all);
    for (std::size_t h = 0; h < 3; ++h) {
      double one[1];
      apart[h].advance(inputs[bar].data(), bar % slots);
      apart[h].predict(inputs[bar].data(), one);
      same = same && one[0] == all[h];
    }
  }
  CHECK(same);
  CHECK(together.weights(1)[3] != 0.0);
}

TEST(the classic learner survives a hundred thousand bars) {
  constexpr std::size_t features = 126;
  classic_parameters parameters;
  covariance p = covariance::classic(features, parameters, kernels());
  lane_array gain(features);
  random_source random(8);
  for (int bar = 0; bar < 100'000; ++bar) {
    row x = random_row(random, features, 2);
    for (std::size_t i = 40; i < 60; ++i)
      x[i] = x[i - 40]; // exact copies: directions that nothing excites
    if (bar / 1000 % 7 == 3)
      x.assign(features, bar % 2 == 0 ? 5.0 : -5.0);
    p.advance(padded(x).data(), gain.data());
  }
  CHECK(p.smallest_diagonal() > 0);
  CHECK(std::isfinite(p.largest_diagonal()));
  const eigenvalue_range range = eigenvalues(dense(p));
  CHECK(range.smallest > 0);
  CHECK(p.leverage() < 1);
}

TEST(an input that is no number is refused in words) {
  covariance p = covariance::stationary(16, 0.99, 0.01, kernels());
  lane_array gain(16);
  row x(16, 1.0);
  x[3] = std::nan("");
  std::string message;
  try {
    p.advance(padded(x).data(), gain.data());
    p.advance(padded(x).data(), gain.data());
  } catch (const learner_error& error) {
    message = error.what();
  }
  CHECK(message.find("variance") != std::string::npos);
}
