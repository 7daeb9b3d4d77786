#define CAF_SUITE uplink_commands

#include "core/monitor/command.hpp"
#include "tests/program/background_run.hpp"
#include "tests/uplink/support.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

time_ms real_now() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// An operator, and sessions that one state directory belongs to, each with a log directory of its own.
struct desk_of_an_operator {
  house place;
  small_hub hub{place};
  scratch_folder folder;
  operator_key key = operator_key::load(place.root / "operator" / "operator.key");

  std::unique_ptr<background_run> start(const std::string& logs) {
    const auto before = hub.joined().size();
    auto run = std::make_unique<background_run>(
        folder.path(),
        "--paper --venue local --speed 120 --no-report --log-dir " + logs +
            " --monitor 127.0.0.1:" + std::to_string(hub.port()) + " --cert-dir " + place.desk.string(),
        "SENTIO_STATE_DIR=" + (folder.path() / "state").string());
    const auto end = std::chrono::steady_clock::now() + 40s;
    while (hub.joined().size() == before && std::chrono::steady_clock::now() < end)
      std::this_thread::sleep_for(20ms);
    REQUIRE(hub.joined().size() > before);
    return run;
  }
  std::string sign(const std::string& command, std::uint64_t counter) const {
    return key.sign({"desk-1", counter, real_now() + 55'000, command, "", "ann"});
  }
  /// The instance's answer to the command of that counter; the last one of several.
  nlohmann::json answer(std::uint64_t counter, std::size_t which) const {
    const auto end = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < end) {
      std::vector<nlohmann::json> found;
      for (const auto& text : hub.reports()) {
        const auto report = nlohmann::json::parse(text, nullptr, false);
        if (report.is_object() && report.value("type", "") == "answer" &&
            report.value("counter", std::uint64_t{0}) == counter)
          found.push_back(report);
      }
      if (found.size() > which)
        return found[which];
      std::this_thread::sleep_for(20ms);
    }
    return {{"good", nullptr}, {"text", "no answer"}};
  }
};

} // namespace

TEST(a signed command counts once though the next session has another log directory) {
  desk_of_an_operator desk;
  auto run = desk.start("first");
  // An operator whose clock is an hour ahead: the window after a start does not see that it is old.
  const auto ahead = static_cast<std::uint64_t>(real_now() + 3'600'000);
  const auto pause = desk.sign("pause", ahead);
  desk.hub.tell(pause);
  CHECK(desk.answer(ahead, 0).at("good") == true);
  CHECK(std::filesystem::exists(desk.folder.path() / "state" / "local-desk-1.counters"));
  run->signal(SIGKILL);
  run->wait(10);
  run = desk.start("second");
  desk.hub.tell(pause);
  const auto again = desk.answer(ahead, 1);
  CHECK(again.at("good") == false);
  CHECK(contains(again.at("text").get<std::string>(), "it was sent before"));
  run->signal(SIGINT);
  CHECK_EQUAL(run->wait(60), 0);
}

TEST(a command that was signed before a start is refused though the counters are lost) {
  desk_of_an_operator desk;
  auto run = desk.start("first");
  const auto old = static_cast<std::uint64_t>(real_now());
  const auto rearm = desk.sign("rearm", old);
  desk.hub.tell(rearm);
  CHECK(desk.answer(old, 0).at("good") == true);
  run->signal(SIGKILL);
  run->wait(10);
  std::filesystem::remove_all(desk.folder.path() / "state");
  run = desk.start("second");
  desk.hub.tell(rearm);
  const auto again = desk.answer(old, 1);
  CHECK(again.at("good") == false);
  CHECK(contains(again.at("text").get<std::string>(), "it was signed before this process began"));
  const auto fresh = static_cast<std::uint64_t>(real_now());
  desk.hub.tell(desk.sign("pause", fresh));
  CHECK(desk.answer(fresh, 0).at("good") == true);
  run->signal(SIGINT);
  CHECK_EQUAL(run->wait(60), 0);
}
