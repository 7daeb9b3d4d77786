// sentio-uplink: the only process of an instance that speaks with a network of actors. It holds no keys of an
// account and decides nothing; whatever happens to it, trading goes on.
#include "core/monitor/certificates.hpp"
#include "core/monitor/endpoint.hpp"
#include "core/monitor/sanitized.hpp"
#include "core/numeric/plain_text.hpp"
#include "tools/sentio-uplink/hub_line.hpp"
#include "tools/sentio-uplink/parent_link.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <malloc.h>
#include <memory>
#include <optional>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace {

using namespace sentio;
using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr const char* examples = R"(Examples:
  sentio-actors --paper --monitor hub.example.org:7443 --cert-dir instance-desk-1
                      starts sentio-uplink by itself, and again when it dies

It takes what an instance says from an inherited socket (descriptor --fd) and forwards it to the hub, and relays signed
commands back. It ends with its parent.
Exit codes: 0 its parent ended, 1 failed, 2 wrong usage.)";

constexpr auto beat_interval = 1s;
constexpr auto turn_patience = 250ms;
constexpr auto last_words = 1500ms; ///< for what still waits when the parent has ended
constexpr std::size_t longest_identity = 4'096;

struct options {
  int descriptor = -1;
  std::string hub;
  std::string certificates;
  int parent = 0;
  unsigned memory_mb = 1'024;
};

[[noreturn]] void end(int code) {
  // CAF may be busy with a call that cannot be interrupted, so nothing is waited for.
  std::_Exit(code);
}

[[noreturn]] void complain(const std::string& what, int code) {
  std::fprintf(stderr, "sentio-uplink: %s\n", sentio::plain_text(what, sentio::line_ends::kept).c_str());
  end(code);
}

/// No more than is needed, so that a hostile hub can hurt this process alone.
void confine(const options& o) {
  // Nothing of the parent but the socket and the standard descriptors.
  ::close_range(static_cast<unsigned>(std::max(o.descriptor, STDERR_FILENO)) + 1, ~0u, 0);
  const rlimit none{0, 0};
  const rlimit files{128, 128};
  ::setrlimit(RLIMIT_CORE, &none);
  ::setrlimit(RLIMIT_NOFILE, &files);
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (!built_with_sanitizer) {
    ::mallopt(M_ARENA_MAX, 2); // each arena reserves 64 MiB of addresses
    const rlimit memory{rlim_t{o.memory_mb} << 20, rlim_t{o.memory_mb} << 20};
    if (::setrlimit(RLIMIT_AS, &memory) != 0)
      complain("the limit of " + std::to_string(o.memory_mb) + " MiB of memory cannot be set", 1);
  }
  // An operator's Ctrl-C is for the trading process, whose last words are still to be sent.
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE})
    ::signal(number, SIG_IGN);
}

/// From now on the kernel ends this process when the parent dies.
void follow(int parent) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (::getppid() != parent)
    complain(
        "its parent is not process " + std::to_string(parent) + "; it ended, or this was started by hand", 1);
}

std::string state_text(bool connected, const std::string& why) {
  return nlohmann::ordered_json{{"connected", connected}, {"why", why.substr(0, 500)}}.dump(
      -1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

bool is_identity(const std::string& text) {
  if (text.size() > longest_identity)
    return false;
  const auto found = nlohmann::json::parse(text, nullptr, false);
  if (!found.is_object())
    return false;
  for (const char* field : {"id", "name", "kind"})
    if (!found.contains(field) || !found[field].is_string())
      return false;
  return true;
}

class uplink {
public:
  uplink(const options& o, endpoint hub)
      : options_(o), hub_(std::move(hub)), parent_(o.descriptor),
        wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (wake_ < 0)
      throw std::runtime_error("no event descriptor is to be had");
  }

  /// Until the parent ends; the exit code.
  int run() {
    try {
      certificates_ = check_certificates(options_.certificates, certificate_role::instance);
    } catch (const std::exception& problem) {
      say_state(false, problem.what());
      parent_.turn(0ms, wake_);
      throw;
    }
    while (!parent_.ended()) {
      const auto frames = parent_.turn(turn_patience, wake_);
      for (const auto& frame : frames)
        take(frame);
      if (!parent_.problem().empty())
        throw std::runtime_error("the trading process sent " + parent_.problem());
      relay();
      if (::getppid() != options_.parent)
        break;
    }
    if (line_)
      line_->finish(last_words);
    return 0;
  }

private:
  void take(const uplink_frame& frame) {
    if (frame.kind == uplink_kind::beat)
      return;
    if (frame.kind == uplink_kind::hello) {
      if (line_ || !is_identity(frame.payload))
        throw std::runtime_error("the trading process sent a second hello, or one without id, name and kind");
      line_ = std::make_unique<hub_line>(hub_, certificates_, frame.payload, [this] {
        const std::uint64_t one = 1;
        [[maybe_unused]] const auto written = ::write(wake_, &one, sizeof one);
      });
      return;
    }
    if (!line_)
      throw std::runtime_error("the trading process sent reports before its hello");
    line_->offer(frame.kind, frame.payload);
  }

  void relay() {
    if (line_) {
      const auto news = line_->take();
      if (news.connected != connected_ || news.why != why_)
        say_state(news.connected, news.why);
      for (const auto& command : news.commands)
        parent_.send(uplink_kind::command, command);
      if (news.whole)
        parent_.send(uplink_kind::whole, "");
    }
    if (steady_clock::now() - beaten_ >= beat_interval) {
      beaten_ = steady_clock::now();
      parent_.send(uplink_kind::beat, "");
    }
  }

  void say_state(bool connected, const std::string& why) {
    connected_ = connected;
    why_ = why;
    parent_.send(uplink_kind::state, state_text(connected, why));
  }

  const options& options_;
  const endpoint hub_;
  certificate_facts certificates_;
  parent_link parent_;
  const int wake_;
  std::unique_ptr<hub_line> line_;
  bool connected_ = false;
  std::string why_;
  steady_clock::time_point beaten_{};
};

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"Forwards what a trading process says of itself to a hub, over CAF with TLS."};
  app.name("sentio-uplink");
  app.set_version_flag("--version", "sentio-uplink " SENTIO_VERSION);
  app.footer(examples);
  options o;
  app.add_option("--fd", o.descriptor, "The inherited socket")->required();
  app.add_option("--hub", o.hub, "Where the hub is")->required()->type_name("HOST:PORT");
  app.add_option("--cert-dir", o.certificates, "cert.pem, key.pem and ca.pem of this instance")
      ->required()
      ->type_name("DIR");
  app.add_option("--parent", o.parent, "The process that started this one")->required()->type_name("PID");
  app.add_option("--memory-mb", o.memory_mb, "Most memory (addresses) it may use")
      ->check(CLI::Range(256u, 65'536u))
      ->type_name("N");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0)
      return app.exit(error);
    complain(std::string(error.what()) + "; see `sentio-uplink --help`", 2);
  }
  auto hub = parse_endpoint(o.hub);
  if (!hub)
    complain("--hub takes HOST:PORT, as in localhost:7443, not " + o.hub, 2);
  follow(o.parent);
  confine(o);
  try {
    // Never destroyed: its threads end with the process.
    end((new uplink(o, *hub))->run());
  } catch (const std::exception& problem) {
    complain(problem.what(), 1);
  }
}
