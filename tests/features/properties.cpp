#define CAF_SUITE feature_properties
#include "tests/support/test.hpp"

#include "core/features/feature_table.hpp"
#include "core/numeric/random.hpp"
#include "tests/features/reference.hpp"

#include <string>

using namespace sentio;
using namespace sentio::test;

namespace {

using per_feature = std::array<double, full_feature_count>;

std::string name_of(std::size_t i) {
  return std::string(feature_table()[i].name);
}

std::span<const double> all(const feature_engine& engine) {
  return engine.values(feature_set::full126);
}

/// Names of the features whose number exceeds the limit, with it.
std::string above(const per_feature& numbers, double limit) {
  std::string names;
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (!(numbers[i] <= limit))
      names += name_of(i) + "=" + std::to_string(numbers[i] / limit) + "x ";
  return names;
}

/// Largest distance of every feature from the reference, relative above 1.
per_feature distance_from_reference(const series& s) {
  per_feature worst{};
  const reference truth(s);
  feature_engine engine(feature_set::full126);
  feed_each(engine, s, [&](std::size_t t) {
    // Before the longest warm-up only the short windows have a reference; they are compared later too.
    if (t + 1 < 200)
      return;
    const auto expected = truth.values(t);
    for (std::size_t i = 0; i < full_feature_count; ++i)
      worst[i] =
          std::max(worst[i], std::abs(all(engine)[i] - expected[i]) / std::max(1.0, std::abs(expected[i])));
  });
  return worst;
}

/// Largest difference of every feature between two series of the same length.
per_feature distance_between(const series& a, const series& b) {
  per_feature worst{};
  feature_engine first(feature_set::full126);
  feature_engine second(feature_set::full126);
  for (std::size_t t = 0; t < a.bars.size(); ++t) {
    feed(first, a, t, t + 1);
    feed(second, b, t, t + 1);
    for (std::size_t i = 0; i < full_feature_count; ++i)
      worst[i] = std::max(worst[i], std::abs(all(first)[i] - all(second)[i]));
  }
  return worst;
}

per_feature standard_deviations(const series& s) {
  per_feature sum{};
  per_feature squares{};
  double count = 0;
  feature_engine engine(feature_set::full126);
  feed_each(engine, s, [&](std::size_t) {
    if (!engine.ready(feature_set::full126))
      return;
    ++count;
    for (std::size_t i = 0; i < full_feature_count; ++i) {
      sum[i] += all(engine)[i];
      squares[i] += all(engine)[i] * all(engine)[i];
    }
  });
  per_feature out{};
  for (std::size_t i = 0; i < full_feature_count; ++i)
    out[i] = std::sqrt(std::max(0.0, squares[i] / count - sum[i] / count * (sum[i] / count)));
  return out;
}

std::string dead_features(const series& s) {
  std::string names;
  const per_feature deviations = standard_deviations(s);
  for (std::size_t i = 0; i < full_feature_count; ++i)
    if (!(deviations[i] > 0.02))
      names += name_of(i) + " ";
  return names;
}

std::string unlike_when_scaled(const series& s) {
  std::string names;
  for (const double factor : {7.3, 1e3, 0.01}) {
    names += above(distance_between(s, scaled(s, factor, 1)), 1e-9);
    names += above(distance_between(s, scaled(s, 1, factor)), 1e-9);
  }
  return names;
}

constexpr std::array<const char*, 2> real_files{"TQQQ_RTH_NH.csv", "ERY_RTH_NH.csv"};

} // namespace

TEST(every feature equals its plain two pass reference on random walks) {
  CHECK_EQUAL(above(distance_from_reference(random_walk(11, 16)), 1e-9), "");
  CHECK_EQUAL(above(distance_from_reference(random_walk(12, 8)), 1e-9), "");
}

TEST(every feature equals its plain two pass reference on real bars) {
  const auto folder = real_bars();
  if (!folder)
    return;
  for (const char* file : real_files)
    CHECK_EQUAL(above(distance_from_reference(real_series(*folder / file, 120)), 1e-9), "");
}

TEST(every feature is free of the scale of prices and volumes) {
  CHECK_EQUAL(unlike_when_scaled(random_walk(13, 10)), "");
  if (const auto folder = real_bars())
    for (const char* file : real_files)
      CHECK_EQUAL(unlike_when_scaled(real_series(*folder / file, 20)), "");
}

TEST(every feature lives on a sample of several weeks) {
  CHECK_EQUAL(dead_features(random_walk(14, 20)), "");
  if (const auto folder = real_bars())
    for (const char* file : real_files)
      CHECK_EQUAL(dead_features(real_series(*folder / file, 40)), "");
}

TEST(no feature knows the future) {
  const series s = random_walk(15, 6);
  random_source random(15);
  for (int trial = 0; trial < 20; ++trial) {
    const auto cut = static_cast<std::size_t>(random.below(s.bars.size() - 1)) + 1;
    series other = s; // the same past, another future
    for (std::size_t t = cut; t < other.bars.size(); ++t) {
      bar& b = other.bars[t];
      b = {b.label, b.open * 1.1, b.high * 1.3, b.low * 0.9, b.close * 1.2, b.volume * 3};
    }
    feature_engine whole(feature_set::full126);
    feature_engine changed(feature_set::full126);
    feed(changed, other, 0, cut);
    std::vector<double> at_cut(all(changed).begin(), all(changed).end());
    feed(changed, other, cut, other.bars.size());
    bool same = true;
    feed_each(whole, s, [&](std::size_t t) {
      if (t + 1 == cut)
        same = std::equal(at_cut.begin(), at_cut.end(), all(whole).begin());
    });
    CHECK(same);
    CHECK(!std::equal(all(whole).begin(), all(whole).end(), all(changed).begin()));
  }
}

TEST(every feature stays finite and within five on absurd bars) {
  random_source random(16);
  series s = random_walk(16, 4);
  for (bar& b : s.bars) {
    const std::uint64_t kind = random.below(40);
    const double factor = kind == 0 ? 1e-4 : kind == 1 ? 3e4 : kind == 2 ? 1e-3 : 1;
    b = {b.label,
         b.open,
         b.high * std::max(1.0, factor),
         b.low * std::min(1.0, factor),
         b.close,
         kind == 3   ? 1e15
         : kind == 4 ? 0
         : kind == 5 ? 1e-9
                     : b.volume};
    if (kind < 3)
      b.close = b.open * factor;
  }
  feature_engine engine(feature_set::full126);
  int outside = 0;
  feed_each(engine, s, [&](std::size_t) {
    for (const double x : all(engine))
      outside += !(std::abs(x) <= 5);
  });
  CHECK_EQUAL(outside, 0);
  CHECK(engine.ready(feature_set::full126));
}

TEST(a constant series gives the neutral value to every feature but the calendar) {
  const series s = constant_series(3);
  feature_engine engine(feature_set::full126);
  std::string loud;
  feed_each(engine, s, [&](std::size_t t) {
    for (const feature_row& row : feature_table())
      if (row.group != feature_group::calendar && all(engine)[static_cast<std::size_t>(row.index)] != 0 &&
          loud.empty())
        loud = std::string(row.name) + " at bar " + std::to_string(t);
  });
  CHECK_EQUAL(loud, "");
}

TEST(work and state per bar do not grow with the history) {
  // Time is not measured here: a fold whose state keeps its size has nothing longer to walk through.
  const series s = random_walk(17, 12);
  feature_engine engine(feature_set::full126);
  const auto size_of_state = [&] {
    byte_writer out;
    engine.save(out);
    return out.bytes().size();
  };
  const std::size_t empty = size_of_state();
  feed(engine, s, 0, s.bars.size());
  CHECK_EQUAL(size_of_state(), empty);
}
