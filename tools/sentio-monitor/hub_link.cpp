#include "tools/sentio-monitor/hub_link.hpp"

#include "messages/hub.hpp"
#include "tools/sentio-monitor/view_rows.hpp"
#include "tools/sentio-uplink/probe.hpp"

#include <caf/io/all.hpp>
#include <caf/openssl/all.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

namespace sentio {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds connect_patience = 3s;
constexpr milliseconds answer_patience = 2'500ms; ///< a frozen hub is noticed within five seconds
constexpr milliseconds alive_interval = 1s;
constexpr milliseconds shortest_wait = 1s;
constexpr milliseconds longest_wait = 10s;
constexpr milliseconds glance = 100ms; ///< how often the thread looks whether it shall end

} // namespace

std::int64_t steady_now_ms() {
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

struct hub_link::shared {
  endpoint place;
  certificate_facts certificates;
  std::atomic<bool> stopping{false};

  mutable std::mutex mutex; // guards everything below
  std::condition_variable ended_signal;
  bool ended = false;
  link_news news;
  std::size_t waiting_bytes = 0;
  link_status status;
  hub_actor hub;
  hub_peer self;
  std::uint64_t connection = 0; ///< what an older connection still sends is left out

  void push(std::uint64_t from, std::string text);
  void set_status(bool connected, const std::string& text, milliseconds wait = 0ms);
  void connected_to(const hub_actor& there, const hub_peer& here, const std::string& hello);
  void disconnected();
  void run();
  std::string serve(caf::actor_system& system);
  std::string connect(caf::scoped_actor& self_actor, const std::string& address, hub_actor& there);
  std::string stay(caf::scoped_actor& self_actor, const hub_actor& there);
  bool wait(milliseconds time) const;
};

namespace {

/// What the hub talks to. It answers each text at once, and only then does the hub send the next one.
hub_peer::behavior_type listener(std::function<void(std::string)> take) {
  return {[take = std::move(take)](tell_atom, std::string& text) { take(std::move(text)); }};
}

std::string reason_of(const caf::actor_system& system, const caf::error& why) {
  return system.render(why);
}

} // namespace

void hub_link::shared::push(std::uint64_t from, std::string text) {
  if (text.size() > longest_hub_text)
    return;
  const std::lock_guard lock(mutex);
  if (from != connection)
    return;
  if (news.texts.size() >= most_waiting || waiting_bytes + text.size() > most_waiting_bytes) {
    news.texts.clear();
    waiting_bytes = 0;
    news.dropped = true;
  }
  waiting_bytes += text.size();
  news.texts.push_back(std::move(text));
}

void hub_link::shared::set_status(bool connected, const std::string& text, milliseconds wait_time) {
  const std::lock_guard lock(mutex);
  status = {connected, text, wait_time > 0ms ? steady_now_ms() + wait_time.count() : 0};
}

void hub_link::shared::connected_to(const hub_actor& there, const hub_peer& here, const std::string& hello) {
  push(connection, hello);
  const std::lock_guard lock(mutex);
  hub = there;
  self = here;
  status = {true, "connected", 0};
  news.connected_again = true;
}

void hub_link::shared::disconnected() {
  const std::lock_guard lock(mutex);
  ++connection;
  hub = nullptr;
  self = nullptr;
  status.connected = false;
}

/// False when the program ends meanwhile.
bool hub_link::shared::wait(milliseconds time) const {
  for (auto left = time; left > 0ms && !stopping; left -= glance)
    std::this_thread::sleep_for(std::min(left, glance));
  return !stopping;
}

std::string hub_link::shared::connect(caf::scoped_actor& self_actor, const std::string& address,
                                      hub_actor& there) {
  auto& system = self_actor->system();
  std::string why;
  // Asked by message instead of openssl::remote_actor, which waits for ever.
  self_actor
      ->request(system.openssl_manager().actor_handle(), connect_patience, caf::connect_atom_v, address,
                place.port)
      .receive(
          [&](caf::node_id&, caf::strong_actor_ptr& actor, std::set<std::string>& interface) {
            if (!actor || !system.assignable(interface, system.message_types<hub_actor>()))
              why = "there is no hub of this version at " + to_string(place);
            else
              there = caf::actor_cast<hub_actor>(std::move(actor));
          },
          [&](caf::error& error) {
            why = to_string(place) + " did not let this program in (" + reason_of(system, error) + ")";
          });
  return why;
}

/// Until the connection is lost; why it was.
std::string hub_link::shared::stay(caf::scoped_actor& self_actor, const hub_actor& there) {
  std::string why;
  self_actor->monitor(there);
  auto next_question = std::chrono::steady_clock::now() + alive_interval;
  while (why.empty() && !stopping) {
    self_actor->receive([&](const caf::down_msg&) { why = "the connection to the hub is lost"; },
                        caf::after(glance) >> [] {});
    if (!why.empty() || std::chrono::steady_clock::now() < next_question)
      continue;
    self_actor->request(there, answer_patience, alive_atom_v)
        .receive([](bool) {}, [&](caf::error&) { why = "the hub does not answer"; });
    next_question = std::chrono::steady_clock::now() + alive_interval;
  }
  return why;
}

/// One connection from its beginning to its end; why it ended.
std::string hub_link::shared::serve(caf::actor_system& system) {
  set_status(false, "connecting to " + to_string(place));
  const probe_result probe = probe_hub(place, certificates, connect_patience);
  if (!probe.problem.empty())
    return probe.problem;
  caf::scoped_actor self_actor(system);
  hub_actor there;
  if (std::string why = connect(self_actor, probe.address, there); !why.empty())
    return why;
  const std::uint64_t mine = connection; // only this thread changes it
  const hub_peer here = system.spawn(
      listener,
      std::function<void(std::string)>([this, mine](std::string text) { push(mine, std::move(text)); }));
  std::string why;
  self_actor->request(there, answer_patience, look_atom_v, hub_protocol, here)
      .receive(
          [&](std::string& hello) {
            const auto message = parse_hub_text(hello);
            const std::string type = message ? read_text(*message, "type") : "";
            if (type == "hello")
              connected_to(there, here, hello);
            else
              why = type == "refused" ? "the hub refuses: " + read_text(*message, "why")
                                      : "the hub's greeting was not understood; use programs of one version";
          },
          [&](caf::error& error) { why = "the hub does not answer (" + reason_of(system, error) + ")"; });
  if (why.empty())
    why = stay(self_actor, there);
  disconnected();
  caf::anon_send_exit(here, caf::exit_reason::user_shutdown);
  return why;
}

void hub_link::shared::run() {
  try {
    caf::actor_system_config config;
    config.add_message_types<caf::id_block::sentio_hub>();
    config.load<caf::io::middleman>();
    config.load<caf::openssl::manager>();
    config.openssl_certificate = certificates.certificate.string();
    config.openssl_key = certificates.key.string();
    config.openssl_cafile = certificates.authority.string();
    // Either alone notices nothing of a frozen peer.
    config.set("middleman.heartbeat-interval", caf::timespan(500ms));
    config.set("middleman.connection-timeout", caf::timespan(2s));
    config.set("scheduler.policy", caf::atom("sharing")); // stealing polls: 2 % of a processor for nothing
    config.set("scheduler.max-threads", 2);
    caf::actor_system system(config);
    if (!system.openssl_manager().authentication_enabled())
      throw std::runtime_error("CAF would connect without certificates; this program does not");
    milliseconds wait_time = shortest_wait;
    while (!stopping) {
      const auto begun = std::chrono::steady_clock::now();
      const std::string why = serve(system);
      if (std::chrono::steady_clock::now() - begun > longest_wait)
        wait_time = shortest_wait; // it was a connection
      set_status(false, why, wait_time);
      wait(wait_time);
      wait_time = std::min(wait_time * 2, longest_wait);
    }
  } catch (const std::exception& error) {
    set_status(false, error.what());
  }
}

hub_link::hub_link(endpoint hub, certificate_facts certificates) : shared_(std::make_shared<shared>()) {
  shared_->place = std::move(hub);
  shared_->certificates = std::move(certificates);
  std::thread([kept = shared_] {
    kept->run();
    const std::lock_guard lock(kept->mutex);
    kept->ended = true;
    kept->ended_signal.notify_all();
  }).detach(); // stop() waits for `ended`, but not for ever
}

hub_link::~hub_link() {
  shared_->stopping = true;
}

link_news hub_link::take() {
  const std::lock_guard lock(shared_->mutex);
  shared_->waiting_bytes = 0;
  return std::exchange(shared_->news, {});
}

link_status hub_link::status() const {
  const std::lock_guard lock(shared_->mutex);
  return shared_->status;
}

bool hub_link::select(const std::string& instance) {
  const std::lock_guard lock(shared_->mutex);
  if (!shared_->hub)
    return false;
  caf::anon_send(shared_->hub, select_atom_v, shared_->self, instance);
  return true;
}

bool hub_link::send_order(const std::string& text) {
  const std::lock_guard lock(shared_->mutex);
  if (!shared_->hub)
    return false;
  caf::anon_send(shared_->hub, order_atom_v, shared_->self, text);
  return true;
}

bool hub_link::stop(milliseconds patience) {
  shared_->stopping = true;
  std::unique_lock lock(shared_->mutex);
  return shared_->ended_signal.wait_for(lock, patience, [&] { return shared_->ended; });
}

} // namespace sentio
