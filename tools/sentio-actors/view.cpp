// `sentio-actors view`: the finished sessions of a log directory in the page. The page is served by
// sentio-hub, a process of its own: this program has no web server.
#include "core/monitor/finished_session.hpp"
#include "tools/sentio-actors/child_process.hpp"
#include "tools/sentio-actors/commands.hpp"
#include "tools/sentio-actors/run_console.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <spawn.h>
#include <string>
#include <thread>
#include <unistd.h>

namespace sentio {

namespace {

using namespace std::chrono_literals;

struct view_options {
  std::string log_dir = default_log_directory;
  std::string http = "127.0.0.1:0";
  std::string token_file;
  std::vector<std::string> host_names;
  bool no_browser = false;
};

volatile std::sig_atomic_t end_seen = 0;

extern "C" void note_end(int) {
  end_seen = 1;
}

/// A folder of this user's only, removed with what is in it at the end.
class private_folder {
public:
  private_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sentio-view-XXXXXX").string();
    if (!mkdtemp(pattern.data()))
      throw std::runtime_error("cannot make a folder at " + pattern + "; is the disk full?");
    path_ = pattern;
  }
  private_folder(const private_folder&) = delete;
  private_folder& operator=(const private_folder&) = delete;
  ~private_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

/// The page's address, from the file that the hub writes when it listens.
std::string wait_for_page(child_process& hub, const std::filesystem::path& ready) {
  for (const auto end = std::chrono::steady_clock::now() + 10s; std::chrono::steady_clock::now() < end;) {
    if (std::ifstream in(ready); in) {
      const auto facts = nlohmann::json::parse(in, nullptr, false);
      if (facts.is_object() && facts.contains("page") && facts["page"].is_string())
        return facts["page"].get<std::string>();
    }
    if (!hub.running() || end_seen)
      return {};
    std::this_thread::sleep_for(20ms);
  }
  throw std::runtime_error("sentio-hub did not begin to listen within 10 s");
}

/// Where there is a desktop. That none opens is no error: the address is printed.
void open_browser(const std::string& page) {
  const auto set = [](const char* name) {
    const char* value = std::getenv(name);
    return value && *value;
  };
  if (!set("DISPLAY") && !set("WAYLAND_DISPLAY"))
    return;
  std::string program = "xdg-open", address = page;
  char* arguments[] = {program.data(), address.data(), nullptr};
  pid_t started = 0;
  posix_spawnp(&started, "xdg-open", nullptr, nullptr, arguments, environ);
}

int view(const view_options& options) {
  const auto dates = finished_dates(options.log_dir);
  if (dates.empty())
    throw usage_error(options.log_dir + " has no finished session (no positions_DATE.jsonl); run "
                                        "`sentio-actors mock` first, or name another with --log-dir");
  std::signal(SIGINT, note_end);
  std::signal(SIGTERM, note_end);
  const private_folder scratch;
  const auto ready = scratch.path() / "ready.json";
  std::vector<std::string> arguments{"--finished",   std::filesystem::absolute(options.log_dir).string(),
                                     "--http",       options.http,
                                     "--ready-file", ready.string(),
                                     "--parent",     std::to_string(getpid()),
                                     "--quiet"};
  if (!options.token_file.empty())
    arguments.insert(arguments.end(),
                     {"--token-file", std::filesystem::absolute(options.token_file).string()});
  for (const std::string& name : options.host_names)
    arguments.insert(arguments.end(), {"--host-name", name});
  child_process hub(program_beside_this("sentio-hub"), arguments);
  const std::string page = wait_for_page(hub, ready);
  if (!page.empty()) {
    print("%zu session%s, %s to %s, at\n  %s%s\nCtrl-C ends it.\n", dates.size(),
          dates.size() == 1 ? "" : "s", dates.front().c_str(), dates.back().c_str(), page.c_str(),
          options.token_file.empty() ? "" : "#token=... (the token file's)");
    std::fflush(stdout);
    if (!options.no_browser)
      open_browser(page);
    while (!end_seen && hub.running())
      std::this_thread::sleep_for(50ms);
  }
  if (end_seen) {
    hub.stop(2s);
    return 0;
  }
  // The hub has said why on standard error.
  if (hub.end() == "with exit code 2")
    return 2;
  throw std::runtime_error("sentio-hub ended " + hub.end());
}

} // namespace

void add_view(CLI::App& app, exit_code& code) {
  auto options = std::make_shared<view_options>();
  auto* command = app.add_subcommand("view", "Look at finished sessions in the web page");
  command->add_option("--log-dir", options->log_dir, "Log directory of a run")
      ->type_name("DIR")
      ->capture_default_str();
  command->add_option("--http", options->http, "Address of the page; port 0 takes any free one")
      ->type_name("HOST:PORT")
      ->capture_default_str();
  command
      ->add_option(
          "--token-file", options->token_file,
          "File (mode 0600) with the token that viewers show; needed when --http is no loopback address")
      ->type_name("FILE");
  command->add_option("--host-name", options->host_names, "A name under which the page may be asked for")
      ->type_name("NAME");
  command->add_flag("--no-browser", options->no_browser, "Only print the address");
  command->footer(
      "Examples:\n"
      "  sentio-actors view\n"
      "  sentio-actors view --log-dir logs/paper_trading/latest --http 127.0.0.1:8081 --no-browser");
  command->callback([=, &code] { code.value = view(*options); });
}

} // namespace sentio
