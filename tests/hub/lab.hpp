// What the tests of the real hub share: certificates, the program as a child, peers over TLS, and plain HTTP.
#pragma once

#include "core/monitor/certificates.hpp"
#include "core/monitor/contract.hpp"
#include "messages/hub.hpp"
#include "tests/support/test.hpp"
#include "tools/sentio-actors/child_process.hpp"

#include <caf/io/middleman.hpp>
#include <caf/openssl/all.hpp>

#include <arpa/inet.h>
#include <chrono>
#include <fstream>
#include <mutex>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace sentio::test {

using nlohmann::json;
using namespace std::chrono_literals;

inline time_ms now_ms() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

/// Polls until the condition holds; false when it does not within the time.
template <class Condition>
bool within(std::chrono::milliseconds time, const Condition& condition) {
  for (const auto end = std::chrono::steady_clock::now() + time; std::chrono::steady_clock::now() < end;) {
    if (condition())
      return true;
    std::this_thread::sleep_for(20ms);
  }
  return condition();
}

/// One authority for all tests of this program.
inline const std::filesystem::path& authority() {
  static const scratch_folder folder;
  static const std::filesystem::path made = [] {
    authority_plan plan;
    plan.folder = folder.path() / "certs";
    plan.instances = {"desk-1", "desk-2"};
    plan.viewers = {"ann"};
    make_authority(plan);
    return plan.folder;
  }();
  return made;
}

/// The bytes of one TCP connection, with a patience of three seconds.
class raw_connection {
public:
  explicit raw_connection(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{3, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    REQUIRE(::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0);
  }
  raw_connection(const raw_connection&) = delete;
  raw_connection& operator=(const raw_connection&) = delete;
  ~raw_connection() { ::close(socket_); }

  void send(const std::string& bytes) { ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  /// What comes next; empty at the end, or when nothing comes.
  std::string receive() {
    char part[65'536];
    const auto count = ::recv(socket_, part, sizeof part, 0);
    return count > 0 ? std::string(part, static_cast<std::size_t>(count)) : std::string();
  }
  std::string receive_until(const std::string& mark) {
    std::string all;
    while (all.find(mark) == std::string::npos) {
      const std::string part = receive();
      if (part.empty())
        break;
      all += part;
    }
    return all;
  }

private:
  int socket_;
};

/// sentio-hub on free ports, as a child.
class real_hub {
public:
  explicit real_hub(const std::vector<std::string>& more = {}) {
    const auto ready = folder_.path() / "ready.json";
    std::vector<std::string> arguments{"--cert-dir",   (authority() / "hub").string(),
                                       "--listen",     "127.0.0.1:0",
                                       "--http",       "127.0.0.1:0",
                                       "--ready-file", ready.string(),
                                       "--quiet"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    child_ = child_process(program_beside_this("sentio-hub"), arguments);
    REQUIRE(within(10s, [&] { return std::filesystem::exists(ready); }));
    const json facts = json::parse(std::ifstream(ready));
    listen = port_of(facts["listen"]);
    http = port_of(facts["page"]);
  }

  /// Status line, head and body.
  std::string get(const std::string& path, const std::string& more_head = "") const {
    raw_connection line(http);
    line.send("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + more_head + "\r\n");
    std::string all;
    for (std::string part; !(part = line.receive()).empty();)
      all += part;
    return all;
  }
  bool has_metric(const std::string& line) const {
    return get("/metrics").find("\n" + line + "\n") != std::string::npos;
  }
  bool alive() { return child_.running(); }
  /// How it ended after SIGTERM.
  std::string stop() {
    child_.stop(5s);
    return child_.end();
  }

  std::uint16_t listen = 0;
  std::uint16_t http = 0;

private:
  static std::uint16_t port_of(const std::string& address) {
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }
  scratch_folder folder_;
  child_process child_;
};

/// An uplink or a terminal: an actor system of its own, with a certificate.
class tls_peer {
public:
  tls_peer(const std::string& folder, certificate_role role, std::uint16_t port)
      : config_(folder, role), system_(config_) {
    auto found = caf::openssl::remote_actor<hub_actor>(system_, "127.0.0.1", port);
    REQUIRE(found);
    hub = *found;
    me = system_.spawn([this](hub_peer::pointer) -> hub_peer::behavior_type {
      return {[this](tell_atom, const std::string& text) {
        const std::lock_guard lock(mutex_);
        told_.push_back(json::parse(text));
      }};
    });
    self_ = std::make_unique<caf::scoped_actor>(system_);
  }
  ~tls_peer() {
    caf::anon_send_exit(me, caf::exit_reason::user_shutdown);
    me = nullptr;
    hub = nullptr;
    self_.reset();
  }

  std::string join(const std::string& id, std::uint32_t protocol = hub_protocol) {
    return ask(join_atom_v, protocol, me, json{{"id", id}, {"name", "Desk"}, {"kind", "paper"}}.dump());
  }
  std::string look(std::uint32_t protocol = hub_protocol) { return ask(look_atom_v, protocol, me); }
  template <class... Words>
  std::string ask(Words... words) {
    std::string out = "no answer";
    (*self_)
        ->request(hub, 5s, words...)
        .receive([&](std::string& text) { out = std::move(text); }, [](caf::error&) {});
    return out;
  }
  void report(const json& message) { (*self_)->send(hub, report_atom_v, me, text_of(message)); }
  void report_text(const std::string& text) { (*self_)->send(hub, report_atom_v, me, text); }
  void select(const std::string& id) { (*self_)->send(hub, select_atom_v, me, id); }
  void order(const std::string& text) { (*self_)->send(hub, order_atom_v, me, text); }

  /// The first message told so far that has the type, and removes it; null when there is none within five
  /// seconds.
  json told(const std::string& type) {
    json out;
    within(5s, [&] {
      const std::lock_guard lock(mutex_);
      for (auto each = told_.begin(); each != told_.end(); ++each)
        if (each->value("type", "") == type) {
          out = *each;
          told_.erase(each);
          return true;
        }
      return false;
    });
    return out;
  }

  hub_actor hub;
  hub_peer me;

private:
  struct peer_config : caf::actor_system_config {
    peer_config(const std::string& folder, certificate_role role) {
      const auto facts = check_certificates(authority() / folder, role);
      add_message_types<caf::id_block::sentio_hub>();
      load<caf::io::middleman>();
      load<caf::openssl::manager>();
      openssl_certificate = facts.certificate.string();
      openssl_key = facts.key.string();
      openssl_cafile = facts.authority.string();
      set("middleman.heartbeat-interval", caf::timespan(500ms));
      set("middleman.connection-timeout", caf::timespan(2s));
      set("scheduler.max-threads", 2);
    }
  };

  std::mutex mutex_;
  std::vector<json> told_;
  peer_config config_;
  caf::actor_system system_;
  std::unique_ptr<caf::scoped_actor> self_;
};

inline json snapshot_of(const std::string& id, double equity = 1'000) {
  return {{"type", "snapshot"},
          {"instance", id},
          {"at", now_ms()},
          {"positions", json::array()},
          {"account", {{"equity", equity}}}};
}

} // namespace sentio::test
