#define CAF_SUITE feature_engine
#include "tests/support/test.hpp"

#include "core/features/feature_table.hpp"
#include "core/numeric/random.hpp"
#include "tests/features/series.hpp"

#include <cstring>
#include <stdexcept>
#include <string>

using namespace sentio;
using namespace sentio::test;

namespace {

std::string bytes_of(const feature_engine& engine) {
  byte_writer out;
  engine.save(out);
  return out.take();
}

bool loads(feature_engine& engine, std::string_view bytes) {
  byte_reader in(bytes);
  return engine.load(in);
}

bool same_bits(std::span<const double> a, std::span<const double> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

template <class Action>
bool refuses(Action action) {
  try {
    action();
  } catch (const std::logic_error&) {
    return true;
  }
  return false;
}

} // namespace

TEST(an engine restored at any bar goes on with the same bits for ever) {
  const series s = random_walk(31, 4);
  random_source random(31);
  for (const feature_set set : {feature_set::full126, feature_set::compact16})
    for (int trial = 0; trial < 12; ++trial) {
      const auto cut = static_cast<std::size_t>(random.below(trial < 4 ? 250 : s.bars.size()));
      feature_engine original(set);
      feed(original, s, 0, cut);
      feature_engine restored(set);
      REQUIRE(loads(restored, bytes_of(original)));
      int different = !same_bits(original.values(set), restored.values(set));
      for (std::size_t t = cut; t < s.bars.size(); ++t) {
        feed(original, s, t, t + 1);
        feed(restored, s, t, t + 1);
        different += !same_bits(original.values(set), restored.values(set));
        different += original.ready(set) != restored.ready(set);
      }
      CHECK_EQUAL(different, 0);
      CHECK(bytes_of(original) == bytes_of(restored));
    }
}

TEST(a state that was not written by this engine is refused and changes nothing) {
  const series s = random_walk(32, 2);
  feature_engine engine(feature_set::compact16);
  feed(engine, s, 0, 300);
  const std::string good = bytes_of(engine);
  feature_engine other(feature_set::compact16);
  feed(other, s, 0, 10);
  const std::string before = bytes_of(other);
  int accepted = 0;
  for (std::size_t size = 0; size < good.size(); size += 7)
    accepted += loads(other, std::string_view(good).substr(0, size));
  random_source random(32);
  for (int trial = 0; trial < 500; ++trial) {
    std::string bad = good;
    char& byte = bad[random.below(bad.size())];
    byte = static_cast<char>(byte ^ (1 << random.below(8)));
    accepted += loads(other, bad);
  }
  CHECK_EQUAL(accepted, 0);
  CHECK(bytes_of(other) == before);
  feature_engine full(feature_set::full126);
  CHECK(!loads(full, good));
  CHECK(loads(other, good));
  CHECK(bytes_of(other) == good);
}

TEST(the compact engine gives the bits of the full one) {
  const series s = random_walk(33, 5);
  feature_engine full(feature_set::full126);
  feature_engine compact(feature_set::compact16);
  int different = 0;
  feed_each(full, s, [&](std::size_t t) {
    feed(compact, s, t, t + 1);
    const auto values = compact.values(feature_set::compact16);
    different += !same_bits(values, full.values(feature_set::compact16));
    for (std::size_t i = 0; i < compact_feature_count; ++i)
      different +=
          values[i] != full.values(feature_set::full126)[static_cast<std::size_t>(compact_features()[i])];
    different += compact.ready(feature_set::compact16) != full.ready(feature_set::compact16);
  });
  CHECK_EQUAL(different, 0);
  CHECK(!compact.ready(feature_set::full126));
  CHECK(refuses([&] { compact.values(feature_set::full126); }));
}

TEST(two symbols do not touch each other) {
  const series a = random_walk(34, 3);
  const series b = scaled(random_walk(35, 3), 0.3, 9);
  feature_engine alone_a(feature_set::full126);
  feature_engine alone_b(feature_set::full126);
  feed(alone_a, a, 0, a.bars.size());
  feed(alone_b, b, 0, b.bars.size());
  feature_engine mixed_a(feature_set::full126);
  feature_engine mixed_b(feature_set::full126);
  for (std::size_t t = 0; t < std::max(a.bars.size(), b.bars.size()); ++t) {
    feed(mixed_b, b, std::min(t, b.bars.size()), std::min(t + 1, b.bars.size()));
    feed(mixed_a, a, std::min(t, a.bars.size()), std::min(t + 1, a.bars.size()));
  }
  CHECK(bytes_of(mixed_a) == bytes_of(alone_a));
  CHECK(bytes_of(mixed_b) == bytes_of(alone_b));
}

TEST(bars that no session or order allows are refused) {
  const session_hours hours = made_up_session(0);
  const bar b{hours.open + 5 * minute_ms, 10, 11, 9, 10, 100};
  feature_engine engine(feature_set::full126);
  CHECK(refuses([&] { engine.update(b); }));
  engine.begin_session(hours);
  engine.update(b);
  const std::string before = bytes_of(engine);
  CHECK(refuses([&] { engine.update(b); }));
  bar late = b;
  late.label = hours.close;
  CHECK(refuses([&] { engine.update(late); }));
  bar early = b;
  early.label = hours.open;
  CHECK(refuses([&] { engine.update(early); }));
  bar impossible = b;
  impossible.label += minute_ms;
  impossible.low = 0;
  CHECK(refuses([&] { engine.update(impossible); }));
  CHECK(refuses([&] { engine.begin_session(hours); }));
  CHECK(bytes_of(engine) == before);
}

TEST(the values of a fixed series have fixed bits) {
  // Another compiler, optimisation level or CPU must give the same.
  const series s = random_walk(36, 3);
  feature_engine engine(feature_set::full126);
  feature_engine moved(std::move(engine));
  std::uint64_t digest = 0xcbf29ce484222325ULL;
  feed_each(moved, s, [&](std::size_t) {
    for (const double x : moved.values(feature_set::full126)) {
      std::uint64_t bits = 0;
      std::memcpy(&bits, &x, sizeof bits);
      digest = (digest ^ bits) * 0x100000001b3ULL;
    }
  });
  CHECK_EQUAL(digest, std::uint64_t{0x755c786343b5c469ULL});
}
