#define CAF_SUITE uplink_outbox

#include "core/monitor/outbox.hpp"

#include "core/numeric/random.hpp"
#include "tests/support/test.hpp"

#include <atomic>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace sentio;

namespace {

std::string contents(outbox& box) {
  std::string out;
  while (auto one = box.take())
    out += (out.empty() ? "" : " ") + one->payload;
  return out;
}

} // namespace

TEST(texts leave in the order in which they came) {
  outbox box;
  box.put(uplink_kind::report, "a");
  box.put(uplink_kind::answer, "b");
  box.put(uplink_kind::report, "c");
  CHECK_EQUAL(contents(box), "a b c");
  CHECK(box.empty());
  CHECK_EQUAL(box.bytes(), 0u);
  CHECK_EQUAL(box.dropped(), 0u);
}

TEST(a newer snapshot takes the place of one that has not left) {
  outbox box;
  box.put(uplink_kind::snapshot, "old");
  box.put(uplink_kind::report, "event");
  box.put(uplink_kind::snapshot, "new");
  CHECK_EQUAL(contents(box), "event new");
  CHECK_EQUAL(box.replaced(), 1u);
  CHECK_EQUAL(box.dropped(), 0u);
}

TEST(a history says everything before it again but the answers) {
  outbox box;
  box.put(uplink_kind::session, "first");
  box.put(uplink_kind::report, "event");
  box.put(uplink_kind::answer, "done");
  box.put(uplink_kind::snapshot, "snapshot");
  box.put(uplink_kind::session, "second");
  box.put(uplink_kind::snapshot, "after");
  CHECK_EQUAL(contents(box), "done second after");
  CHECK_EQUAL(box.replaced(), 3u);
}

TEST(the oldest goes when there is no room) {
  outbox by_count(outbox_limits{1'000'000, 3});
  for (const char* text : {"a", "b", "c", "d", "e"})
    by_count.put(uplink_kind::report, text);
  CHECK_EQUAL(by_count.dropped(), 2u);
  CHECK_EQUAL(by_count.lost(), 2u);
  CHECK_EQUAL(contents(by_count), "c d e");

  outbox by_bytes(outbox_limits{10'000, 1'000});
  for (char letter = 'a'; letter <= 'e'; ++letter)
    by_bytes.put(uplink_kind::report, std::string(4'000, letter));
  CHECK_EQUAL(by_bytes.dropped(), 3u);
  const auto first = by_bytes.take();
  CHECK(first && first->payload[0] == 'd');
}

TEST(a pushed out snapshot or answer is no reason for a history) {
  outbox box(outbox_limits{1'000'000, 1});
  box.put(uplink_kind::snapshot, "snapshot");
  box.put(uplink_kind::answer, "answer");
  box.put(uplink_kind::report, "event");
  CHECK_EQUAL(box.dropped(), 2u);
  CHECK_EQUAL(box.lost(), 0u);
}

TEST(a text longer than a frame is dropped and counted) {
  outbox box(outbox_limits{std::size_t{64} << 20, 100});
  box.put(uplink_kind::report, "before");
  box.put(uplink_kind::session, std::string(longest_uplink_payload(uplink_way::up) + 1, 'x'));
  CHECK_EQUAL(box.dropped(), 1u);
  CHECK_EQUAL(contents(box), "before");
}

TEST(a reader that begins anew gets the answers only) {
  outbox box;
  box.put(uplink_kind::report, "event");
  box.put(uplink_kind::answer, "answer");
  box.put(uplink_kind::snapshot, "snapshot");
  box.begin_anew();
  CHECK_EQUAL(contents(box), "answer");
}

TEST(kinds that are no texts are refused) {
  outbox box;
  std::size_t refused = 0;
  for (const auto kind :
       {uplink_kind::hello, uplink_kind::command, uplink_kind::whole, uplink_kind::beat, uplink_kind::state})
    try {
      box.put(kind, "");
    } catch (const std::invalid_argument&) {
      ++refused;
    }
  CHECK_EQUAL(refused, 5u);
}

TEST(its bounds hold whatever comes) {
  random_source random(11);
  const outbox_limits limits{50'000, 40};
  outbox box(limits);
  const uplink_kind kinds[] = {uplink_kind::report, uplink_kind::snapshot, uplink_kind::session,
                               uplink_kind::answer};
  std::uint64_t put = 0, taken = 0;
  for (int round = 0; round < 20'000; ++round) {
    box.put(kinds[random.below(4)], std::string(random.below(6'000), 'x'));
    ++put;
    REQUIRE(box.bytes() <= limits.bytes);
    if (random.below(3) == 0 && box.take())
      ++taken;
  }
  while (box.take())
    ++taken;
  CHECK_EQUAL(put, taken + box.dropped() + box.replaced());
  CHECK_EQUAL(box.bytes(), 0u);
}

TEST(several threads write while one reads and every text is accounted for) {
  outbox box(outbox_limits{1'000'000, 200});
  constexpr int each = 5'000;
  std::atomic<int> writing{3};
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < each; ++n)
        box.put(uplink_kind::report, std::to_string(n));
      --writing;
    });
  std::uint64_t taken = 0;
  while (writing > 0 || !box.empty())
    taken += box.take() ? 1u : 0u;
  for (auto& thread : threads)
    thread.join();
  while (box.take())
    ++taken;
  CHECK_EQUAL(taken + box.dropped(), static_cast<std::uint64_t>(3 * each));
}
