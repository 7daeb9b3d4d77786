#include "tests/uplink/support.hpp"

#include "core/monitor/openssl_pieces.hpp"
#include "messages/hub.hpp"

#include <caf/io/all.hpp>
#include <caf/openssl/all.hpp>
#include <caf/openssl/publish.hpp>

#include <arpa/inet.h>
#include <csignal>
#include <mutex>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace sentio::test {

namespace {

struct heard {
  std::mutex mutex;
  std::vector<std::string> reports;
  std::vector<std::string> joined;
  std::string refusal;
  hub_peer last;
};

hub_actor::behavior_type hub_behavior(hub_actor::pointer, std::shared_ptr<heard> all) {
  return {[all](join_atom, std::uint32_t protocol, const hub_peer& who, const std::string& identity) {
            const std::lock_guard lock(all->mutex);
            if (protocol != hub_protocol)
              return std::string("another protocol");
            all->joined.push_back(identity);
            all->last = who;
            return all->refusal;
          },
          [all](report_atom, const hub_peer&, const std::string& text) {
            const std::lock_guard lock(all->mutex);
            all->reports.push_back(text);
          },
          [](look_atom, std::uint32_t, const hub_peer&) { return std::string("{}"); },
          [](select_atom, const hub_peer&, const std::string&) {},
          [](order_atom, const hub_peer&, const std::string&) {},
          [](alive_atom) { return true; }};
}

caf::actor_system_config& prepared(caf::actor_system_config& config, const house& place) {
  config.add_message_types<caf::id_block::sentio_hub>();
  config.load<caf::io::middleman>();
  config.load<caf::openssl::manager>();
  const auto folder = place.root / "hub";
  config.openssl_certificate = (folder / "cert.pem").string();
  config.openssl_key = (folder / "key.pem").string();
  config.openssl_cafile = (folder / "ca.pem").string();
  config.set("middleman.heartbeat-interval", caf::timespan(500ms));
  config.set("middleman.connection-timeout", caf::timespan(2s));
  config.set("scheduler.max-threads", 2);
  return config;
}

int listen_somewhere(std::uint16_t& port) {
  const int handle = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof place;
  if (handle < 0 || ::bind(handle, reinterpret_cast<const sockaddr*>(&place), size) != 0 ||
      ::listen(handle, 16) != 0 || ::getsockname(handle, reinterpret_cast<sockaddr*>(&place), &size) != 0)
    throw std::runtime_error("cannot listen on loopback");
  port = ntohs(place.sin_port);
  return handle;
}

} // namespace

struct small_hub::parts {
  std::shared_ptr<heard> all = std::make_shared<heard>();
  caf::actor_system_config config;
  caf::actor_system system;
  hub_actor hub;
  std::uint16_t port = 0;

  explicit parts(const house& place) : system(prepared(config, place)) {}
};

small_hub::small_hub(const house& place, std::uint16_t port) : parts_(std::make_unique<parts>(place)) {
  parts_->hub = parts_->system.spawn(hub_behavior, parts_->all);
  const auto published = caf::openssl::publish(parts_->hub, port, "127.0.0.1", true);
  if (!published)
    throw std::runtime_error("the hub of the test cannot publish: " +
                             parts_->system.render(published.error()));
  parts_->port = *published;
}

small_hub::~small_hub() {
  parts_->all->last = nullptr;
  caf::anon_send_exit(parts_->hub, caf::exit_reason::user_shutdown);
  parts_->hub = nullptr;
}

std::uint16_t small_hub::port() const {
  return parts_->port;
}

std::vector<std::string> small_hub::reports() const {
  const std::lock_guard lock(parts_->all->mutex);
  return parts_->all->reports;
}

std::vector<std::string> small_hub::joined() const {
  const std::lock_guard lock(parts_->all->mutex);
  return parts_->all->joined;
}

void small_hub::tell(const std::string& text) {
  const std::lock_guard lock(parts_->all->mutex);
  caf::anon_send(parts_->all->last, tell_atom_v, text);
}

void small_hub::refuse(const std::string& why) {
  const std::lock_guard lock(parts_->all->mutex);
  parts_->all->refusal = why;
}

rude_hub::rude_hub(const house& place, std::vector<std::string> sayings, bool tls)
    : listener_(listen_somewhere(port_)), sayings_(std::move(sayings)),
      thread_([this, &place, tls] { serve(place, tls); }) {}

rude_hub::~rude_hub() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

void rude_hub::serve(const house& place, bool tls) {
  ::signal(SIGPIPE, SIG_IGN); // OpenSSL writes to whoever hung up
  const auto folder = place.root / "hub";
  std::unique_ptr<SSL_CTX, openssl::freed_by<SSL_CTX_free>> context{SSL_CTX_new(TLS_server_method())};
  SSL_CTX_use_certificate_file(context.get(), (folder / "cert.pem").c_str(), SSL_FILETYPE_PEM);
  SSL_CTX_use_PrivateKey_file(context.get(), (folder / "key.pem").c_str(), SSL_FILETYPE_PEM);
  SSL_CTX_load_verify_locations(context.get(), (folder / "ca.pem").c_str(), nullptr);
  std::vector<std::pair<int, std::unique_ptr<SSL, openssl::freed_by<SSL_free>>>> held;
  for (std::size_t n = 0;; ++n) {
    const int peer = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (peer < 0)
      break;
    const auto& text = sayings_[n % sayings_.size()];
    held.emplace_back(peer, nullptr);
    if (!tls) {
      ::send(peer, text.data(), text.size(), MSG_NOSIGNAL);
      continue;
    }
    const timeval patience{3, 0};
    ::setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    auto& ssl = held.back().second;
    ssl.reset(SSL_new(context.get()));
    SSL_set_fd(ssl.get(), peer);
    if (SSL_accept(ssl.get()) == 1 && !text.empty())
      SSL_write(ssl.get(), text.data(), static_cast<int>(text.size()));
  }
  for (const auto& one : held)
    ::close(one.first);
}

std::uint16_t closed_port() {
  std::uint16_t port = 0;
  ::close(listen_somewhere(port));
  return port;
}

bool until(uplink_process& uplink, const std::function<bool()>& reached, std::chrono::seconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!reached()) {
    const auto begun = std::chrono::steady_clock::now();
    if (begun > end) {
      CAF_MESSAGE("waited in vain; the uplink says: " << uplink.status().why << ", restarts "
                                                      << uplink.status().restarts);
      return false;
    }
    uplink.turn(20ms);
    // Never as long as a child could keep us waiting; scheduling on a busy machine is all that is allowed.
    CHECK(std::chrono::steady_clock::now() - begun < 1s);
  }
  return true;
}

} // namespace sentio::test
