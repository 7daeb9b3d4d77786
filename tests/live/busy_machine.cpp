#define CAF_SUITE program_live_busy
// Other work on every processor: an order is known of soon, whoever has to wait.

#include "tests/live/lab.hpp"

#include "core/market/bar.hpp"

#include <atomic>
#include <map>

using namespace sentio;
using nlohmann::json;
using test::contains;
using test::program;

namespace {

/// Twice as many threads as processors that never rest.
class burning_processors {
public:
  burning_processors() {
    for (unsigned i = 0; i < 2 * std::max(1U, std::thread::hardware_concurrency()); ++i)
      threads_.emplace_back([this] {
        while (!stop_)
          ++turns_;
      });
  }
  ~burning_processors() {
    stop_ = true;
    for (auto& thread : threads_)
      thread.join();
  }
  burning_processors(const burning_processors&) = delete;
  burning_processors& operator=(const burning_processors&) = delete;

private:
  std::atomic<bool> stop_{false};
  std::atomic<std::uint64_t> turns_{0};
  std::vector<std::thread> threads_;
};

/// Of the orders on a tape, those whose end came later than so, or never.
std::vector<std::string> slow_orders(const program& sentio_actors, time_ms bound, std::size_t& orders) {
  const auto shown = sentio_actors.run("tape show --json logs/session_" + test::last_day + ".tape").out;
  std::map<std::string, time_ms> released;
  std::vector<std::string> slow;
  for (const auto& line : test::lines_of(shown)) {
    const auto record = json::parse(line);
    const std::string kind = record.value("kind", "");
    if (kind == "order")
      released[record.at("payload").at("client_order_id")] = record.at("payload").at("released_at");
    if (kind != "venue")
      continue;
    const auto& event = record.at("payload");
    const auto found = released.find(event.value("client_order_id", ""));
    if (event.at("event") == "accepted" || found == released.end())
      continue;
    ++orders;
    if (const auto took = record.at("time_ms").get<time_ms>() - found->second; took > bound)
      slow.push_back(found->first + ": " + event.at("event").get<std::string>() + " after " +
                     std::to_string(took) + " ms of venue time");
    released.erase(found);
  }
  for (const auto& [id, at] : released)
    slow.push_back(id + ": no word of its end");
  return slow;
}

} // namespace

TEST(every order of a session on a busy machine is settled within its minute) {
  const program sentio_actors;
  const burning_processors others;
  const auto result = sentio_actors.run("live --no-report --paper --venue local --speed 120 "
                                        "--session-end 10:20 --log-dir logs",
                                        test::without_keys);
  CHECK_EQUAL(result.code, 0);
  CHECK(!contains(result.error, "never reached the venue"));
  CHECK(!contains(result.error, "ALARM"));
  std::size_t orders = 0;
  for (const auto& one : slow_orders(sentio_actors, minute_ms, orders)) {
    CAF_MESSAGE(one);
    CHECK_EQUAL(one, "");
  }
  CHECK(orders >= 4);
  CHECK(test::replays(sentio_actors));
}
