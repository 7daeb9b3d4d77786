#define CAF_SUITE kernel
#include "tests/learning/support.hpp"
#include "tests/support/test.hpp"

#include "core/learning/learner_error.hpp"

#include <cstring>

using namespace sentio;
using namespace sentio::test;

namespace {

std::vector<instruction_set> wider_sets() {
  std::vector<instruction_set> result;
  for (const instruction_set isa : {instruction_set::avx2, instruction_set::avx512})
    if (is_supported(isa))
      result.push_back(isa);
    else
      CAF_MESSAGE("skipped: this machine has no " << std::string(to_string(isa)));
  return result;
}

/// Everything a kernel table computes over a run of random passes.
row run_of_passes(const kernel_table& kernels, std::size_t features, int passes) {
  const std::size_t blocks = lane_blocks(features);
  lane_array p(blocks * (blocks + 1) / 2 * 64), u(features), v(features), y(features), diagonal(features),
      w(features), k(features);
  for (double& value : p.values())
    value = 1;
  random_source random(features);
  row seen;
  for (int pass = 0; pass < passes; ++pass) {
    const lane_array x = padded(random_row(random, features));
    if (pass % 2 == 1) {
      kernels.update(p.data(), blocks, 0.01, u.data(), v.data(), x.data(), y.data(), diagonal.data());
    } else {
      kernels.product(p.data(), blocks, x.data(), y.data(), diagonal.data());
      double variance = 0;
      seen.push_back(
          kernels.settle(v.data(), 0.3, blocks, 0.02, x.data(), y.data(), diagonal.data(), 1, &variance));
      seen.push_back(variance);
    }
    double products[1];
    kernels.multiply(y.data(), 1, blocks, x.data(), products);
    kernels.spread(y.data(), blocks, 0.03, 1e-3, k.data(), (pass % 2 == 1 ? u : v).data());
    seen.push_back(kernels.correct(w.data(), blocks, 0.75, x.data(), k.data(), random.uniform()));
    kernels.scale(w.data(), blocks, 0.99);
    seen.push_back(products[0]);
    seen.insert(seen.end(), y.values().begin(), y.values().end());
    seen.insert(seen.end(), diagonal.values().begin(), diagonal.values().end());
    seen.insert(seen.end(), w.values().begin(), w.values().end());
  }
  seen.insert(seen.end(), p.values().begin(), p.values().end());
  return seen;
}

} // namespace

TEST(every instruction set computes the same bits) {
  for (const std::size_t features : {1u, 8u, 16u, 17u, 126u, 131u}) {
    const row expected = run_of_passes(kernels_for(instruction_set::sse2), features, 20);
    for (const instruction_set isa : wider_sets()) {
      const row found = run_of_passes(kernels_for(isa), features, 20);
      REQUIRE(found.size() == expected.size());
      CHECK(std::memcmp(found.data(), expected.data(), found.size() * sizeof(double)) == 0);
    }
  }
}

TEST(the passes equal their plain steps) {
  constexpr std::size_t features = 29;
  const kernel_table& kernels = kernels_for(best_instruction_set());
  const std::size_t blocks = lane_blocks(features);
  lane_array p(blocks * (blocks + 1) / 2 * 64), y(features), diagonal(features);
  random_source random(5);
  matrix plain = scaled_identity(features, 0);
  const auto agree = [&](const matrix& with, const row& x) {
    const row expected = times(with, x);
    bool close = true;
    for (std::size_t i = 0; i < features; ++i)
      close = close && close_to(y.data()[i], expected[i], 1e-12) &&
              close_to(diagonal.data()[i], with[i][i], 1e-12);
    return close;
  };
  const auto inflate = [&](matrix& m, double by) {
    for (std::size_t i = 0; i < features; ++i)
      m[i][i] += by;
  };
  for (int pass = 0; pass < 10; ++pass) {
    const row u = random_row(random, features), v = random_row(random, features);
    const row x = random_row(random, features);
    kernels.update(p.data(), blocks, 0.25, padded(u).data(), padded(v).data(), padded(x).data(), y.data(),
                   diagonal.data());
    add_outer(plain, u, -1);
    add_outer(plain, v, -1);
    inflate(plain, 0.25);
    CHECK(agree(plain, x));
    kernels.product(p.data(), blocks, padded(v).data(), y.data(), diagonal.data());
    CHECK(agree(plain, v));
    double variance = 0;
    kernels.settle(padded(x).data(), dot(x, v), blocks, 0.5, padded(v).data(), y.data(), diagonal.data(), 1e9,
                   &variance);
    matrix less = plain;
    add_outer(less, x, -1);
    inflate(less, 0.5);
    CHECK(agree(less, v));
    CHECK(close_to(variance, dot(v, times(less, v)), 1e-9));
  }
}

TEST(the number of rows changes no product) {
  constexpr std::size_t features = 126;
  const kernel_table& kernels = kernels_for(best_instruction_set());
  random_source random(12);
  const std::size_t blocks = lane_blocks(features);
  const lane_array w = padded(random_row(random, 6 * blocks * lane_count));
  const lane_array x = padded(random_row(random, features));
  double alone[6];
  for (std::size_t row = 0; row < 6; ++row)
    kernels.multiply(w.data() + row * blocks * lane_count, 1, blocks, x.data(), alone + row);
  for (std::size_t rows = 1; rows <= 6; ++rows) {
    double together[6];
    kernels.multiply(w.data(), rows, blocks, x.data(), together);
    CHECK(std::memcmp(together, alone, rows * sizeof(double)) == 0);
  }
}

TEST(three corrections at once are three corrections) {
  for (const instruction_set isa : {instruction_set::sse2, best_instruction_set()})
    for (const std::size_t features : {16u, 17u, 126u}) {
      const kernel_table& kernels = kernels_for(isa);
      const std::size_t blocks = lane_blocks(features);
      random_source random(features);
      const lane_array x[3] = {padded(random_row(random, features)), padded(random_row(random, features)),
                               padded(random_row(random, features))};
      const lane_array k[3] = {padded(random_row(random, features)), padded(random_row(random, features)),
                               padded(random_row(random, features))};
      const double y[3] = {0.5, -1.5, 0.25};
      const row start = random_row(random, 3 * blocks * lane_count);
      lane_array together = padded(start), apart = padded(start);
      const double* xs[3] = {x[0].data(), x[1].data(), x[2].data()};
      const double* ks[3] = {k[0].data(), k[1].data(), k[2].data()};
      double errors[3];
      kernels.correct_three(together.data(), blocks, 0.75, xs, ks, y, errors);
      for (std::size_t h = 0; h < 3; ++h)
        CHECK_EQUAL(kernels.correct(apart.data() + h * blocks * lane_count, blocks, 0.75, xs[h], ks[h], y[h]),
                    errors[h]);
      CHECK(std::memcmp(together.data(), apart.data(), together.size() * sizeof(double)) == 0);
    }
}

TEST(the range check sees one bad element wherever it is) {
  const double nan = std::nan("");
  for (const instruction_set isa : {instruction_set::sse2, best_instruction_set()}) {
    const kernel_table& kernels = kernels_for(isa);
    lane_array zero(24);
    const auto accepted = [&](const double* update, std::size_t place, double value) {
      lane_array diagonal(24), y(24);
      std::fill_n(diagonal.data(), 24, 1.0);
      diagonal.data()[place] = value;
      double variance = 0;
      return kernels.settle(update, 0, 3, 0, zero.data(), y.data(), diagonal.data(), 1, &variance);
    };
    for (const double* update :
         {static_cast<const double*>(zero.data()), static_cast<const double*>(nullptr)}) {
      CHECK(accepted(update, 0, 1));
      bool refused = true;
      for (std::size_t i = 0; i < 24; ++i)
        for (const double bad : {0.0, -1.0, 1.0000001, nan, HUGE_VAL})
          refused = refused && !accepted(update, i, bad);
      CHECK(refused);
    }
  }
}

TEST(a set that the machine lacks is refused by name) {
  for (const instruction_set isa : {instruction_set::avx2, instruction_set::avx512}) {
    if (is_supported(isa))
      continue;
    std::string message;
    try {
      kernels_for(isa);
    } catch (const learner_error& error) {
      message = error.what();
    }
    CHECK(message.find(to_string(isa)) != std::string::npos);
  }
  CHECK(is_supported(best_instruction_set()));
  CHECK(is_supported(instruction_set::sse2));
}
