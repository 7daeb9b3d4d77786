#include "tools/sentio-uplink/hub_line.hpp"

#include "core/monitor/command.hpp"
#include "core/numeric/plain_text.hpp"
#include "messages/hub.hpp"
#include "tools/sentio-uplink/probe.hpp"

#include <caf/io/all.hpp>
#include <caf/openssl/all.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <thread>

namespace sentio {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds connect_patience = 3s;
constexpr milliseconds dial_patience = 6s;
constexpr milliseconds answer_patience = 3s;
constexpr milliseconds alive_interval = 1s;
constexpr milliseconds first_wait = 500ms;
constexpr milliseconds longest_wait = 15s;
constexpr milliseconds lasting = 20s; ///< after so long a connection, the next attempt comes soon
constexpr milliseconds whole_interval = 2s;
constexpr milliseconds history_patience = 5s; ///< so long a history is on its way, and asked for once
constexpr std::size_t batch_texts = 64;
constexpr std::size_t batch_bytes = 1 << 20;
constexpr std::size_t most_commands = 64;
constexpr int most_mute_joins = 2;

/// What the hub talks to.
hub_peer::behavior_type peer(hub_peer::pointer self, hub_actor hub, std::function<void(std::string)> told,
                             std::function<void()> lost) {
  self->monitor(hub);
  self->set_down_handler([lost](const caf::down_msg&) { lost(); });
  return {[told](tell_atom, std::string& text) { told(std::move(text)); }};
}

caf::actor_system_config& prepared(caf::actor_system_config& config, const certificate_facts& certificates) {
  config.add_message_types<caf::id_block::sentio_hub>();
  config.load<caf::io::middleman>();
  config.load<caf::openssl::manager>();
  config.openssl_certificate = certificates.certificate.string();
  config.openssl_key = certificates.key.string();
  config.openssl_cafile = certificates.authority.string();
  // Either alone notices nothing of a frozen hub.
  config.set("middleman.heartbeat-interval", caf::timespan(500ms));
  config.set("middleman.connection-timeout", caf::timespan(2s));
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", 2);
  return config;
}

bool is_whole(const nlohmann::json& message) {
  const auto type = message.find("type");
  return type != message.end() && *type == "whole";
}

} // namespace

struct hub_line::parts {
  const endpoint place;
  const certificate_facts certificates;
  const std::string identity;
  const std::function<void()> wake;
  outbox waiting;

  std::mutex mutex; // guards what follows
  std::condition_variable changed;
  hub_news news;
  bool stopping = false;
  bool lost = false;
  std::uint64_t connection = 0; ///< what an older connection's actor still hears is left out
  steady_clock::time_point whole_said{};
  bool whole_late = false;  ///< asked for again too soon; said when the interval is over
  bool history_due = false; ///< asked for, and not here yet
  std::uint64_t lost_texts = 0;
  std::thread thread;
  int mute_joins = 0; ///< in a row; of the thread alone
  // Last, so that no actor outlives what it uses.
  caf::actor_system_config config;
  caf::actor_system system;

  parts(endpoint hub, certificate_facts facts, std::string who, std::function<void()> wake_up)
      : place(std::move(hub)), certificates(std::move(facts)), identity(std::move(who)),
        wake(std::move(wake_up)), system(prepared(config, certificates)) {
    // Without a certificate CAF would take anonymous ciphers, and not say so.
    if (!system.openssl_manager().authentication_enabled())
      throw std::runtime_error("CAF would connect without certificates; this program does not");
  }

  void run();
  std::string serve();
  [[noreturn]] void start_over(const std::string& why);
  std::string dial(caf::scoped_actor& self, const std::string& address, hub_actor& hub);
  std::string join(caf::scoped_actor& self, const hub_actor& hub, const hub_peer& here);
  std::string stay(caf::scoped_actor& self, const hub_actor& hub, const hub_peer& here);
  void send_batch(caf::scoped_actor& self, const hub_actor& hub, const hub_peer& here);
  void hear(std::uint64_t from, std::string text);
  void want_whole();
  void say_whole_when_due();
  void set_state(bool connected, const std::string& why);
  bool pause(milliseconds time);
};

/// The caller holds the lock.
void hub_line::parts::want_whole() {
  if (history_due && steady_clock::now() - whole_said < history_patience)
    return; // the one that comes is new enough
  whole_late = true;
  say_whole_when_due();
}

/// A hub that asks all the time must not keep the trading process busy. The caller holds the lock.
void hub_line::parts::say_whole_when_due() {
  const auto now = steady_clock::now();
  if (!whole_late || now - whole_said < whole_interval)
    return;
  whole_late = false;
  whole_said = now;
  history_due = true;
  news.whole = true;
}

/// Only what has the size and shape of a command goes further; the trading process judges it.
void hub_line::parts::hear(std::uint64_t from, std::string text) {
  if (text.size() > longest_command_text)
    return;
  const auto message = nlohmann::json::parse(text, nullptr, false);
  if (!message.is_object())
    return;
  {
    const std::lock_guard lock(mutex);
    if (from != connection)
      return;
    if (is_whole(message))
      want_whole();
    else if (news.commands.size() < most_commands)
      news.commands.push_back(std::move(text));
  }
  wake();
}

void hub_line::parts::set_state(bool connected, const std::string& why) {
  {
    const std::lock_guard lock(mutex);
    news.connected = connected;
    news.why = why;
  }
  wake();
}

/// False when the program ends meanwhile.
bool hub_line::parts::pause(milliseconds time) {
  std::unique_lock lock(mutex);
  return !changed.wait_for(lock, time, [&] { return stopping; });
}

/// A fresh process is the only way to be rid of a connection that CAF keeps: the parent starts one.
void hub_line::parts::start_over(const std::string& why) {
  set_state(false, why);
  std::fprintf(stderr, "sentio-uplink: %s; starting over\n", plain_text(why, line_ends::kept).c_str());
  std::this_thread::sleep_for(200ms); // the state goes down to the parent meanwhile
  std::_Exit(1);
}

std::string hub_line::parts::dial(caf::scoped_actor& self, const std::string& address, hub_actor& hub) {
  std::string why;
  bool late = false;
  // Asked by message: openssl::remote_actor waits for ever.
  self->request(system.openssl_manager().actor_handle(), dial_patience, caf::connect_atom_v, address,
                place.port)
      .receive(
          [&](caf::node_id&, caf::strong_actor_ptr& actor, std::set<std::string>& interface) {
            if (actor && system.assignable(interface, system.message_types<hub_actor>()))
              hub = caf::actor_cast<hub_actor>(std::move(actor));
            else
              why = "the hub at " + to_string(place) + " is of another version";
          },
          [&](caf::error& error) {
            late = error == caf::sec::request_timeout;
            why = "no connection to the hub at " + to_string(place) + ": " + system.render(error);
          });
  if (late) {
    // CAF goes on waiting for that handshake, and would hand every later attempt to it.
    start_over("the hub at " + to_string(place) + " stopped answering while it was dialled");
  }
  return why;
}

std::string hub_line::parts::join(caf::scoped_actor& self, const hub_actor& hub, const hub_peer& here) {
  std::string why;
  bool mute = false;
  self->request(hub, answer_patience, join_atom_v, hub_protocol, here, identity)
      .receive(
          [&](const std::string& answer) {
            if (!answer.empty())
              why = "the hub refuses this instance: " + answer.substr(0, 300);
          },
          [&](caf::error& error) {
            why = "the hub does not answer (" + system.render(error) + ")";
            mute = true;
          });
  mute_joins = mute ? mute_joins + 1 : 0;
  if (mute_joins >= most_mute_joins)
    start_over(why);
  return why;
}

void hub_line::parts::send_batch(caf::scoped_actor& self, const hub_actor& hub, const hub_peer& here) {
  std::size_t texts = 0, bytes = 0;
  while (texts < batch_texts && bytes < batch_bytes) {
    auto next = waiting.take();
    if (!next)
      return;
    ++texts;
    bytes += next->payload.size();
    self->send(hub, report_atom_v, here, std::move(next->payload));
  }
}

/// Until the connection is lost or the program ends; why it was lost.
std::string hub_line::parts::stay(caf::scoped_actor& self, const hub_actor& hub, const hub_peer& here) {
  for (;;) {
    {
      std::unique_lock lock(mutex);
      changed.wait_for(lock, alive_interval, [&] { return stopping || lost || !waiting.empty(); });
      if (lost)
        return "the connection to the hub is lost";
      if (stopping && waiting.empty())
        return "";
      if (const auto gone = waiting.lost(); gone > lost_texts) {
        lost_texts = gone; // events that were dropped are in a history
        want_whole();
      }
      say_whole_when_due();
    }
    wake();
    send_batch(self, hub, here);
    // The answer comes when the hub has taken what was sent: no more than one batch is ever on its way.
    std::string why;
    self->request(hub, answer_patience, alive_atom_v)
        .receive([](bool) {}, [&](caf::error&) { why = "the hub does not answer"; });
    if (!why.empty())
      return why;
  }
}

/// One connection from its beginning to its end; why it ended.
std::string hub_line::parts::serve() {
  auto probe = probe_hub(place, certificates, connect_patience);
  if (!probe.problem.empty())
    return probe.problem;
  caf::scoped_actor self(system);
  hub_actor hub;
  if (auto why = dial(self, probe.address, hub); !why.empty())
    return why;
  std::uint64_t mine = 0;
  {
    const std::lock_guard lock(mutex);
    mine = ++connection;
    lost = false;
  }
  const hub_peer here = system.spawn(
      peer, hub,
      std::function<void(std::string)>([this, mine](std::string text) { hear(mine, std::move(text)); }),
      std::function<void()>([this, mine] {
        const std::lock_guard lock(mutex);
        lost = lost || mine == connection;
        changed.notify_all();
      }));
  std::string why = join(self, hub, here);
  if (why.empty()) {
    waiting.begin_anew();
    {
      const std::lock_guard lock(mutex);
      history_due = false; // what was on its way is forgotten
      want_whole();
    }
    set_state(true, "");
    why = stay(self, hub, here);
  }
  caf::anon_send_exit(here, caf::exit_reason::user_shutdown);
  return why;
}

void hub_line::parts::run() {
  std::minstd_rand jitter{std::random_device{}()};
  auto wait = first_wait;
  for (;;) {
    const auto begun = steady_clock::now();
    std::string why;
    try {
      why = serve();
    } catch (const std::exception& error) {
      why = error.what();
    }
    if (why.empty())
      return; // asked to end, and everything is sent
    set_state(false, why);
    if (steady_clock::now() - begun > lasting)
      wait = first_wait;
    // Many instances must not all come back at the same moment.
    if (!pause(milliseconds(std::uniform_int_distribution<long>(wait.count() / 2, wait.count())(jitter))))
      return;
    wait = std::min(wait * 2, longest_wait);
  }
}

hub_line::hub_line(endpoint hub, certificate_facts certificates, std::string identity,
                   std::function<void()> wake)
    : parts_(std::make_unique<parts>(std::move(hub), std::move(certificates), std::move(identity),
                                     std::move(wake))) {
  parts_->news.why = "connecting to " + to_string(parts_->place);
  parts_->thread = std::thread([this] {
    parts_->run();
    const std::lock_guard lock(parts_->mutex);
    parts_->lost = true;
    parts_->changed.notify_all();
  });
}

hub_line::~hub_line() {
  {
    const std::lock_guard lock(parts_->mutex);
    parts_->stopping = true;
  }
  parts_->changed.notify_all();
  parts_->thread.join();
}

void hub_line::offer(uplink_kind kind, std::string text) {
  parts_->waiting.put(kind, std::move(text));
  {
    // With the lock the thread is before its look at the outbox, or waits.
    const std::lock_guard lock(parts_->mutex);
    parts_->history_due = parts_->history_due && kind != uplink_kind::session;
  }
  parts_->changed.notify_all();
}

hub_news hub_line::take() {
  const std::lock_guard lock(parts_->mutex);
  hub_news out = parts_->news;
  parts_->news.commands.clear();
  parts_->news.whole = false;
  return out;
}

void hub_line::finish(milliseconds patience) {
  std::unique_lock lock(parts_->mutex);
  if (!parts_->news.connected)
    return;
  parts_->stopping = true;
  parts_->changed.notify_all();
  parts_->changed.wait_for(lock, patience, [&] { return parts_->lost; });
}

} // namespace sentio
