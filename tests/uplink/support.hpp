// A house of certificates, and hubs to talk to: a good one in this process, and one that says what it likes.
#pragma once

#include "core/monitor/certificates.hpp"
#include "tests/support/test.hpp"
#include "tools/sentio-actors/uplink_process.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace sentio::test {

using namespace std::chrono_literals;

struct house {
  scratch_folder folder;
  std::filesystem::path root = folder.path() / "certs";
  std::filesystem::path desk = root / "instance-desk-1";

  house() {
    authority_plan plan;
    plan.folder = root;
    plan.instances = {"desk-1"};
    make_authority(plan);
  }
  uplink_options options(std::uint16_t port) const {
    uplink_options out;
    out.hub = "127.0.0.1:" + std::to_string(port);
    out.certificates = desk;
    out.who = {"desk-1", "desk-1 mock", "mock"};
    return out;
  }
};

/// A hub over CAF with TLS, with the interface of messages/hub.hpp.
class small_hub {
public:
  explicit small_hub(const house& place, std::uint16_t port = 0);
  ~small_hub();
  small_hub(const small_hub&) = delete;
  small_hub& operator=(const small_hub&) = delete;

  std::uint16_t port() const;
  std::vector<std::string> reports() const;
  std::vector<std::string> joined() const;
  /// To the instance that joined last.
  void tell(const std::string& text);
  /// What join answers from now on; "" lets instances in.
  void refuse(const std::string& why);

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

/// Accepts TLS with the hub's certificate (or plain TCP without) and says these bytes, each connection the
/// next text, then the first again: a look that a busy machine made fail shifts nothing for good.
class rude_hub {
public:
  rude_hub(const house& place, std::vector<std::string> sayings, bool tls = true);
  ~rude_hub();
  rude_hub(const rude_hub&) = delete;
  rude_hub& operator=(const rude_hub&) = delete;

  std::uint16_t port() const { return port_; }

private:
  void serve(const house& place, bool tls);
  std::uint16_t port_ = 0; // before the listener, which sets it
  int listener_ = -1;
  std::vector<std::string> sayings_;
  std::thread thread_;
};

/// A port of this computer at which nobody listens.
std::uint16_t closed_port();

/// Turns the uplink until that is so; false when it is not within the limit. No turn may take long.
bool until(uplink_process& uplink, const std::function<bool()>& reached, std::chrono::seconds limit = 20s);

} // namespace sentio::test
