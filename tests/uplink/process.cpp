#define CAF_SUITE uplink_process

#include "tests/support/sanitized.hpp"
#include "tests/uplink/support.hpp"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <set>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace sentio;
using namespace sentio::test;

namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

bool said(const small_hub& hub, const std::string& text) {
  for (const auto& one : hub.reports())
    if (one == text)
      return true;
  return false;
}

/// 32 bytes of a CAF header.
std::string header(unsigned char operation, std::uint32_t payload) {
  std::string out(32, '\0');
  out[0] = static_cast<char>(operation);
  for (std::size_t i = 0; i < 4; ++i)
    out[4 + i] = static_cast<char>(payload >> (24 - 8 * i));
  return out;
}

bool connects(uplink_process& uplink) {
  return until(uplink, [&] { return uplink.status().connected; });
}

} // namespace

TEST(reports reach the hub and commands come back) {
  const house place;
  small_hub hub(place);
  uplink_process uplink(place.options(hub.port()));
  REQUIRE(connects(uplink));
  REQUIRE(hub.joined().size() == 1);
  CHECK(holds(hub.joined()[0], R"("id":"desk-1")"));
  CHECK(until(uplink, [&] { return uplink.whole_wanted(); }));
  uplink.offer(uplink_kind::session, R"({"type":"history"})");
  uplink.offer(uplink_kind::report, R"({"type":"event","n":1})");
  const std::string large = R"({"type":"snapshot","filler":")" + std::string(3'000'000, 'x') + "\"}";
  uplink.offer(uplink_kind::snapshot, large);
  CHECK(until(uplink, [&] { return said(hub, large); }));
  CHECK(said(hub, R"({"type":"history"})"));
  CHECK(said(hub, R"({"type":"event","n":1})"));
  CHECK_EQUAL(uplink.status().sent, 3u);

  std::vector<std::string> commands;
  hub.tell(R"({"type":"command","n":1})");
  hub.tell("this is no JSON");
  hub.tell("[" + std::string(100'000, ' ') + "]");
  hub.tell(R"({"type":"command","n":2})");
  CHECK(until(uplink, [&] {
    for (auto& one : uplink.take_commands())
      commands.push_back(one);
    return commands.size() >= 2;
  }));
  const std::vector<std::string> expected{R"({"type":"command","n":1})", R"({"type":"command","n":2})"};
  CHECK(commands == expected);

  uplink.offer(uplink_kind::report, "last words");
  uplink.finish(3s);
  CHECK(said(hub, "last words"));
  CHECK(!uplink.status().running);
}

TEST(a hub may ask for everything again but not all the time) {
  const house place;
  small_hub hub(place);
  uplink_process uplink(place.options(hub.port()));
  REQUIRE(connects(uplink));
  CHECK(until(uplink, [&] { return uplink.whole_wanted(); }));
  const auto begun = std::chrono::steady_clock::now();
  uplink.offer(uplink_kind::session, "the one asked for");
  CHECK(until(uplink, [&] { return said(hub, "the one asked for"); }));
  for (int i = 0; i < 500; ++i)
    hub.tell(R"({"type":"whole"})");
  CHECK(until(uplink, [&] { return uplink.whole_wanted(); }));
  CHECK(std::chrono::steady_clock::now() - begun > 1s);
  CHECK(uplink.take_commands().empty());
}

TEST(a hub that goes away is noticed and found again) {
  const house place;
  auto hub = std::make_unique<small_hub>(place);
  const auto port = hub->port();
  uplink_process uplink(place.options(port));
  REQUIRE(connects(uplink));
  hub.reset();
  const auto gone = std::chrono::steady_clock::now();
  CHECK(until(uplink, [&] { return !uplink.status().connected; }));
  CHECK(std::chrono::steady_clock::now() - gone < 5s);
  CHECK(!uplink.status().why.empty());
  hub = std::make_unique<small_hub>(place, port);
  CHECK(connects(uplink));
  CHECK_EQUAL(uplink.status().restarts, 0u);
  uplink.offer(uplink_kind::report, "again");
  CHECK(until(uplink, [&] { return said(*hub, "again"); }));
}

TEST(a refusal is told and tried again) {
  const house place;
  small_hub hub(place);
  hub.refuse("desk-1 is here already");
  uplink_process uplink(place.options(hub.port()));
  CHECK(until(uplink, [&] { return holds(uplink.status().why, "desk-1 is here already"); }));
  CHECK(!uplink.status().connected);
  hub.refuse("");
  CHECK(connects(uplink));
}

TEST(without a hub its state says so) {
  const house place;
  uplink_process uplink(place.options(closed_port()));
  CHECK(until(uplink, [&] { return holds(uplink.status().why, "Connection refused"); }));
  CHECK(uplink.status().running);
  CHECK(!uplink.status().connected);
}

TEST(whoever is no hub is described) {
  const house place;
  const auto why = [&](std::vector<std::string> sayings, bool tls, const char* part) {
    const rude_hub hub(place, std::move(sayings), tls);
    uplink_process uplink(place.options(hub.port()));
    CHECK(until(uplink, [&] { return holds(uplink.status().why, part); }));
    CHECK_EQUAL(uplink.status().restarts, 0u);
  };
  why({"HTTP/1.1 400 Bad Request\r\n\r\n"}, false, "no TLS with it");
  why({""}, false, "does not answer");
  why({""}, true, "says nothing");
  why({header(1, 0)}, true, "does not greet as a hub does");
  why({header(0, 0)}, true, "does not greet as a hub does");
  why({header(0, 0xffff'fff0)}, true, "does not greet as a hub does");
}

TEST(a hub of another authority is refused and a wrong certificate of our own is named) {
  const house place, other;
  {
    small_hub hub(other);
    uplink_process uplink(place.options(hub.port()));
    CHECK(
        until(uplink, [&] { return holds(uplink.status().why, "not good for this instance's authority"); }));
    CHECK(hub.joined().empty());
  }
  ::chmod((place.desk / "key.pem").c_str(), 0644);
  uplink_process uplink(place.options(closed_port()));
  CHECK(until(uplink, [&] { return holds(uplink.status().why, "chmod 600"); }));
  CHECK(until(uplink, [&] { return holds(uplink.status().why, "with exit code 1"); }));
  CHECK(until(uplink, [&] { return uplink.status().restarts >= 1; })); // it may be mended meanwhile
}

TEST(a hostile hub with a good certificate ends the uplink alone) {
  const house place;
  // The look before the dialling sees a hub; CAF then gets a header that it follows a null pointer for.
  const rude_hub hub(place, {header(0, 100) + std::string(100, 'x'), header(1, 0)});
  uplink_process uplink(place.options(hub.port()));
  // A sanitizer takes the signal and ends the program itself.
  const char* const end = sanitized ? "sentio-uplink ended" : "by signal 11";
  CHECK(until(uplink, [&] { return holds(uplink.status().why, end); }));
  CHECK(until(uplink, [&] { return uplink.status().restarts >= 1; }));
  for (int i = 0; i < 10'000; ++i)
    uplink.offer(uplink_kind::report, "event");
  CHECK(uplink.status().dropped > 5'000);
}

TEST(whatever header a hostile hub sends the trading process goes on) {
  const house place;
  const std::string greeting = header(0, 100) + std::string(100, 'x');
  std::vector<std::unique_ptr<rude_hub>> hubs;
  std::vector<std::unique_ptr<uplink_process>> uplinks;
  for (const int operation : {0, 1, 2, 3, 4, 5, 6, 7, 255})
    for (const std::uint32_t length : {0u, 64u, 0x7fff'ffffu, 0xffff'fff0u}) {
      hubs.push_back(std::make_unique<rude_hub>(
          place, std::vector<std::string>{greeting, header(static_cast<unsigned char>(operation), length) +
                                                        std::string(64, '\xff')}));
      uplinks.push_back(std::make_unique<uplink_process>(place.options(hubs.back()->port())));
    }
  // Every one of them must see what became of its uplink, and go on turning meanwhile.
  std::vector<std::string> outcomes(uplinks.size());
  const auto end = std::chrono::steady_clock::now() + (sanitized ? 120s : 40s);
  std::size_t open = uplinks.size();
  while (open > 0 && std::chrono::steady_clock::now() < end) {
    open = 0;
    for (std::size_t i = 0; i < uplinks.size(); ++i) {
      uplinks[i]->offer(uplink_kind::report, "event");
      uplinks[i]->turn(0ms);
      const auto why = uplinks[i]->status().why;
      CHECK(!uplinks[i]->status().connected);
      if (outcomes[i].empty() && (holds(why, "sentio-uplink ended") || holds(why, "no connection")))
        outcomes[i] = why;
      open += outcomes[i].empty() ? 1u : 0u;
    }
    std::this_thread::sleep_for(5ms);
  }
  CHECK_EQUAL(open, 0u);
  std::size_t ended = 0;
  for (const auto& one : outcomes)
    ended += holds(one, "sentio-uplink ended") ? 1u : 0u;
  CAF_MESSAGE(ended << " of " << outcomes.size() << " headers end an uplink");
  CHECK(ended > 0);
}

TEST(a killed child is started again and its successor joins) {
  const house place;
  small_hub hub(place);
  uplink_process uplink(place.options(hub.port()));
  REQUIRE(connects(uplink));
  const auto first = uplink.status().process;
  ::kill(static_cast<pid_t>(first), SIGKILL);
  CHECK(until(uplink, [&] { return !uplink.status().running; }));
  CHECK(holds(uplink.status().why, "by signal 9"));
  REQUIRE(connects(uplink));
  CHECK(uplink.status().process != first);
  CHECK_EQUAL(uplink.status().restarts, 1u);
  CHECK_EQUAL(hub.joined().size(), 2u);
}

TEST(a stopped child keeps nobody waiting and is replaced) {
  const house place;
  small_hub hub(place);
  uplink_process uplink(place.options(hub.port()));
  REQUIRE(connects(uplink));
  ::kill(static_cast<pid_t>(uplink.status().process), SIGSTOP);
  const auto stopped = std::chrono::steady_clock::now();
  const std::string text(100'000, 'x');
  CHECK(until(uplink, [&] {
    uplink.offer(uplink_kind::report, text);
    return uplink.status().frozen == 1;
  }));
  const auto noticed = std::chrono::steady_clock::now() - stopped;
  CHECK(noticed > 3s);
  CHECK(noticed < 8s);
  CHECK(uplink.status().dropped > 0);
  CHECK(connects(uplink));
  CHECK(until(uplink, [&] { return uplink.whole_wanted(); }));
}

TEST(a program that is no uplink is ended and counted) {
  const house place;
  auto options = place.options(closed_port());
  options.program = place.folder.path() / "babbler";
  std::ofstream(options.program) << "#!/bin/sh\necho this is no frame >&3\nsleep 60\n";
  ::chmod(options.program.c_str(), 0700);
  uplink_process uplink(options);
  CHECK(until(uplink, [&] { return uplink.status().malformed >= 2; }));
  CHECK(holds(uplink.status().why, "SUP1"));
  options.program = "/no/such/program";
  uplink_process absent(options);
  CHECK(until(absent, [&] { return holds(absent.status().why, "cannot be started"); }));
}

TEST(the child gets neither keys nor open files of the trading process) {
  const house place;
  ::setenv("ALPACA_PAPER_SECRET_KEY", "very secret", 1);
  const int open_file = ::open("/dev/zero", O_RDONLY); // on purpose without O_CLOEXEC
  small_hub hub(place);
  uplink_process uplink(place.options(hub.port()));
  REQUIRE(connects(uplink));
  const std::string folder = "/proc/" + std::to_string(uplink.status().process);
  std::ostringstream environment;
  environment << std::ifstream(folder + "/environ", std::ios::binary).rdbuf();
  CHECK(holds(environment.str(), "PATH="));
  CHECK(!holds(environment.str(), "ALPACA"));
  CHECK(!holds(environment.str(), "secret"));
  std::size_t files = 0;
  for (const auto& one : std::filesystem::directory_iterator(folder + "/fd")) {
    ++files;
    std::error_code gone;
    const auto target = std::filesystem::read_symlink(one.path(), gone).string();
    CHECK(target != "/dev/zero");
  }
  CHECK(files >= 4);
  ::close(open_file);
  ::unsetenv("ALPACA_PAPER_SECRET_KEY");
}
