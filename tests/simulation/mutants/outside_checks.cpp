#include "tests/simulation/mutants/outside_checks.hpp"

#include "core/monitor/certificates.hpp"
#include "core/monitor/command.hpp"
#include "core/monitor/command_gate.hpp"
#include "tools/sentio-actors/line_writer.hpp"

#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <future>
#include <stdexcept>
#include <thread>
#include <unistd.h>

namespace sentio {

/// Whoever speaks to a full pipe goes on within a second.
std::string look_at_console() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    throw std::runtime_error("no pipe can be had");
  std::promise<void> said;
  auto done = said.get_future();
  std::thread speaker([&] {
    line_writer writer(ends[1], "the pipe");
    for (int i = 0; i < 100; ++i)
      writer.write(std::string(4'096, '.') + "\n"); // a pipe takes 64 KiB
    said.set_value();
  });
  const bool waited = done.wait_for(std::chrono::seconds(1)) != std::future_status::ready;
  // Read until the speaker is through, and never wait for more than that.
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  char sink[4'096];
  while (done.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready)
    while (read(ends[0], sink, sizeof sink) > 0)
      continue;
  speaker.join();
  close(ends[0]); // the writer's own thread may still hold the other end
  return waited ? "whoever speaks waits for a pipe that nobody reads" : "";
}

/// The same command acts once, over a restart too.
std::string look_at_signed_commands() {
  std::string name = (std::filesystem::temp_directory_path() / "sentio-mutants-XXXXXX").string();
  if (!mkdtemp(name.data()))
    throw std::runtime_error("no temporary folder at " + name);
  const std::filesystem::path folder = name;
  authority_plan plan;
  plan.folder = folder / "certs";
  plan.instances = {"desk-1"};
  make_authority(plan);
  constexpr time_ms now = 1'764'600'000'000;
  const auto text = operator_key::load(plan.folder / "operator" / "operator.key")
                        .sign({"desk-1", 7, now + 30'000, "flatten", "", "ann"});
  int acted = 0;
  for (int process = 0; process < 2; ++process) {
    command_gate gate("desk-1", plan.folder / "instance-desk-1" / "operator.pub", folder / "counters.json");
    for (int times = 0; times < 2; ++times)
      acted += gate.judge(text, now).accepted ? 1 : 0;
  }
  std::filesystem::remove_all(folder);
  return acted == 1 ? "" : "a signed command acted " + std::to_string(acted) + " times";
}

} // namespace sentio
