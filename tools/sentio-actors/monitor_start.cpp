#include "tools/sentio-actors/monitor_start.hpp"

#include "tools/sentio-actors/live_start.hpp"
#include "tools/sentio-actors/state_directory.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>
#include <unistd.h>

namespace sentio {

namespace {

constexpr const char* own_name = "dashboard";
constexpr std::chrono::seconds hub_patience{10};

std::filesystem::path make_scratch() {
  std::string name = (std::filesystem::temp_directory_path() / "sentio-dashboard-XXXXXX").string();
  if (!mkdtemp(name.data()))
    throw std::runtime_error("a temporary folder for the dashboard's certificates cannot be made in " +
                             std::filesystem::temp_directory_path().string());
  return name;
}

monitor_target target_of(const monitor_options& options, const std::string& id, const std::string& kind) {
  monitor_target target;
  target.who.id = id;
  target.who.kind = kind;
  target.who.name = id + " " + kind;
  target.hub = options.hub;
  target.certificates = options.certificates;
  return target;
}

} // namespace

std::unique_ptr<run_monitor> run_monitor::start(const monitor_options& options, const std::string& kind,
                                                const std::vector<std::string>& symbols,
                                                const counters_place& counters,
                                                const std::string& data_note) {
  const auto facts = checked_monitor(options);
  if (!facts && !options.dashboard)
    return nullptr;
  std::unique_ptr<run_monitor> monitor(new run_monitor);
  auto target = target_of(options, facts ? facts->name : own_name, kind);
  if (facts) {
    const state_folder state(state_directory(counters.state_dir));
    target.counters = counters_file(state.path(), counters.account, target.who.id);
  } else {
    target.hub = monitor->start_hub();
    target.counters = monitor->scratch_ / "counters.json"; // its keys are gone with the run
    target.certificates = monitor->scratch_ / (std::string("instance-") + own_name);
  }
  monitor->link_ = std::make_unique<monitor_link>(target, symbols, data_note);
  return monitor;
}

std::unique_ptr<run_monitor> run_monitor::start_without_commands(const monitor_options& options,
                                                                 const std::string& kind,
                                                                 const std::vector<std::string>& symbols,
                                                                 const std::string& data_note) {
  const auto facts = checked_monitor(options);
  if (!facts)
    return nullptr;
  std::unique_ptr<run_monitor> monitor(new run_monitor);
  monitor->link_ = std::make_unique<monitor_link>(target_of(options, facts->name, kind), symbols, data_note);
  return monitor;
}

/// With certificates of an authority that nobody else has, and that is gone with the run.
std::string run_monitor::start_hub() {
  scratch_ = make_scratch();
  authority_plan plan;
  plan.folder = scratch_;
  plan.instances = {own_name};
  plan.days = 30;
  plan.overwrite = true; // the folder is ours, new and empty
  make_authority(plan);
  std::filesystem::remove(scratch_ / "ca.key");
  const auto ready = scratch_ / "ready.json";
  hub_ = child_process(program_beside_this("sentio-hub"),
                       {"--listen", "127.0.0.1:0", "--http", "127.0.0.1:0", "--cert-dir",
                        (scratch_ / "hub").string(), "--ready-file", ready.string(), "--parent",
                        std::to_string(getpid()), "--quiet"});
  const auto end = std::chrono::steady_clock::now() + hub_patience;
  while (!std::filesystem::exists(ready)) {
    if (interrupted() || !hub_.running() || std::chrono::steady_clock::now() > end)
      throw std::runtime_error("the dashboard's hub did not start" +
                               (hub_.end().empty() ? std::string() : " (it ended " + hub_.end() + ")") +
                               "; run sentio-hub by itself to see why, or leave --dashboard out");
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  std::ifstream file(ready);
  const auto facts = nlohmann::json::parse(file);
  say_line("dashboard: " + facts.at("page").get<std::string>());
  return facts.at("listen").get<std::string>();
}

run_monitor::~run_monitor() {
  link_.reset();
  hub_.stop(std::chrono::seconds(2));
  std::error_code ignored; // the system cleans its temporary folder
  if (!scratch_.empty())
    std::filesystem::remove_all(scratch_, ignored);
}

} // namespace sentio
