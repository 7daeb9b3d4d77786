#include "tools/sentio-hub/hub_node.hpp"

#include "core/monitor/command.hpp"
#include "messages/hub.hpp"

#include <caf/io/middleman.hpp>
#include <caf/openssl/all.hpp>

#include <atomic>
#include <limits>
#include <map>
#include <stdexcept>

namespace sentio::hub {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t most_in_flight = 4; ///< texts that a terminal has not answered yet
constexpr std::size_t most_answers = 32;  ///< that wait for a terminal
constexpr auto terminal_patience = 10s;
constexpr auto uplink_patience = 5s;
constexpr double most_bytes_a_second = 16e6; ///< of an instance's reports
constexpr double most_orders_a_second = 10;
constexpr std::size_t longest_answer = 16 * 1024;

/// So much a second on average, and as much at once.
class allowance {
public:
  explicit allowance(double rate) : rate_(rate), left_(rate) {}
  bool take(double amount) {
    const auto now = steady::now();
    left_ = std::min(rate_, left_ + rate_ * std::chrono::duration<double>(now - at_).count());
    at_ = now;
    if (left_ < amount)
      return false;
    left_ -= amount;
    return true;
  }

private:
  double rate_;
  double left_;
  steady::time_point at_ = steady::now();
};

struct uplink {
  std::string id;
  hub_peer peer;
  allowance bytes{most_bytes_a_second};
};

struct terminal {
  hub_peer peer;
  viewer_place place;
  std::deque<std::string> answers;
  std::size_t in_flight = 0;
  allowance orders{most_orders_a_second};
};

struct hub_state {
  hub_store* store = nullptr;
  std::atomic<bool>* looked = nullptr; ///< a look is under way
  std::map<caf::actor_addr, uplink> uplinks;
  std::map<caf::actor_addr, terminal> terminals;
  static inline const char* name = "hub";
};

using hub_with_looks = hub_actor::extend<caf::reacts_to<look_atom>>; ///< itself: viewers may have news
using pointer = hub_with_looks::stateful_pointer<hub_state>;

caf::actor_addr address_of(const hub_peer& peer) {
  return caf::actor_cast<caf::actor_addr>(peer);
}

void pump(pointer self, const caf::actor_addr& who);

void count_terminals(pointer self) {
  self->state.store->count_viewers(std::numeric_limits<std::uint64_t>::max(), self->state.terminals.size());
}

void tell_terminal(pointer self, const caf::actor_addr& who, terminal& to, std::string text) {
  ++to.in_flight;
  const auto answered = [self, who] {
    const auto found = self->state.terminals.find(who);
    if (found == self->state.terminals.end() || found->second.in_flight == 0)
      return;
    --found->second.in_flight;
    pump(self, who);
  };
  self->request(to.peer, terminal_patience, tell_atom_v, std::move(text))
      .then([answered] { answered(); },
            [self, who](const caf::error&) {
              // It is there but answers nothing: it may look again.
              self->state.terminals.erase(who);
              count_terminals(self);
            });
}

void pump(pointer self, const caf::actor_addr& who) {
  const auto found = self->state.terminals.find(who);
  if (found == self->state.terminals.end())
    return;
  terminal& to = found->second;
  while (to.in_flight < most_in_flight) {
    if (!to.answers.empty()) {
      std::string text = std::move(to.answers.front());
      to.answers.pop_front();
      tell_terminal(self, who, to, std::move(text));
    } else if (auto text = self->state.store->next(to.place)) {
      tell_terminal(self, who, to, std::move(*text));
    } else {
      return;
    }
  }
}

void pump_all(pointer self) {
  std::vector<caf::actor_addr> all;
  for (const auto& [who, each] : self->state.terminals)
    all.push_back(who);
  for (const auto& who : all)
    pump(self, who);
}

void forget(pointer self, const caf::actor_addr& who) {
  auto& s = self->state;
  if (const auto found = s.uplinks.find(who); found != s.uplinks.end()) {
    const std::string id = found->second.id;
    s.uplinks.erase(found);
    const bool successor = std::any_of(s.uplinks.begin(), s.uplinks.end(),
                                       [&](const auto& each) { return each.second.id == id; });
    if (!successor)
      s.store->leave(id);
  }
  s.terminals.erase(who);
  count_terminals(self);
}

std::string join(pointer self, std::uint32_t protocol, const hub_peer& peer, const std::string& text) {
  auto& s = self->state;
  if (protocol != hub_protocol)
    return "this hub speaks protocol " + std::to_string(hub_protocol) + ", the instance " +
           std::to_string(protocol) + "; use programs of one version";
  const auto who = address_of(peer);
  if (const auto known = s.uplinks.find(who); known != s.uplinks.end())
    return "this connection speaks for " + known->second.id + " already";
  std::string id;
  if (std::string why = s.store->join(text, id); !why.empty())
    return why;
  // An uplink that was silent for so long that another one could join: what it still says is not taken.
  for (auto each = s.uplinks.begin(); each != s.uplinks.end();)
    each = each->second.id == id ? s.uplinks.erase(each) : std::next(each);
  s.uplinks.emplace(who, uplink{id, peer});
  self->monitor(peer);
  self->request(peer, uplink_patience, tell_atom_v, text_of({{"type", "whole"}}))
      .then([] {}, [](const caf::error&) {}); // its end comes as a down message
  return "";
}

/// An instance's answer to a command goes to every terminal that looks at it.
void relay_answer(pointer self, const std::string& id, const json& message) {
  if (const auto instance = message.find("instance"); instance == message.end() || *instance != id)
    return self->state.store->count_refused(id, "foreign_instance");
  const std::string text = text_of(message);
  for (auto& [who, each] : self->state.terminals) {
    if (each.place.selected != id)
      continue;
    each.answers.push_back(text);
    if (each.answers.size() > most_answers)
      each.answers.pop_front();
  }
  pump_all(self);
}

void report(pointer self, const hub_peer& peer, const std::string& text) {
  auto& s = self->state;
  const auto found = s.uplinks.find(address_of(peer));
  if (found == s.uplinks.end())
    return s.store->count_refused("", "not_joined");
  uplink& from = found->second;
  if (!from.bytes.take(static_cast<double>(text.size())))
    return s.store->count_refused(from.id, "too_fast");
  refused_message refused;
  const auto message = parse_object(text, longest_hub_text, refused);
  if (!message)
    return s.store->count_refused(from.id, refused.why);
  const auto type = message->find("type");
  if (type != message->end() && *type == "answer") {
    if (text.size() > longest_answer)
      return s.store->count_refused(from.id, "too_large");
    return relay_answer(self, from.id, *message);
  }
  s.store->report(from.id, *message);
}

std::string look(pointer self, std::uint32_t protocol, const hub_peer& peer) {
  auto& s = self->state;
  const auto refused = [](const std::string& why) { return text_of({{"type", "refused"}, {"why", why}}); };
  if (protocol != hub_protocol)
    return refused("this hub speaks protocol " + std::to_string(hub_protocol) + ", the terminal " +
                   std::to_string(protocol) + "; use programs of one version");
  const auto who = address_of(peer);
  if (!s.terminals.contains(who) && s.terminals.size() >= most_viewers)
    return refused("the hub has " + std::to_string(most_viewers) + " terminals already");
  if (!s.terminals.contains(who))
    self->monitor(peer);
  terminal& made = s.terminals[who];
  made = terminal{};
  made.peer = peer;
  count_terminals(self);
  return s.store->hello(made.place);
}

void refuse_order(terminal& to, const json& command, const std::string& why) {
  const auto field = [&](const char* name) {
    const auto found = command.find(name);
    return found == command.end() ? json(nullptr) : *found;
  };
  to.answers.push_back(text_of({{"type", "answer"},
                                {"instance", field("instance")},
                                {"counter", field("counter")},
                                {"good", false},
                                {"text", "the hub did not relay the command: " + why}}));
  if (to.answers.size() > most_answers)
    to.answers.pop_front();
}

/// The hub only looks at where a command goes: who signed it is the instance's to judge.
void order(pointer self, const hub_peer& peer, const std::string& text) {
  auto& s = self->state;
  const auto found = s.terminals.find(address_of(peer));
  if (found == s.terminals.end())
    return s.store->count_refused("", "not_looking");
  terminal& from = found->second;
  refused_message refused;
  const auto command = parse_object(text, longest_command_text, refused);
  if (!command || !from.orders.take(1))
    return s.store->count_refused("", command ? "too_fast" : refused.why);
  const auto id = command->find("instance");
  if (id == command->end() || !id->is_string())
    return s.store->count_refused("", "not_a_message");
  const auto to = std::find_if(s.uplinks.begin(), s.uplinks.end(),
                               [&](const auto& each) { return each.second.id == *id; });
  if (to == s.uplinks.end())
    refuse_order(from, *command, "the instance is not connected");
  else
    self->request(to->second.peer, uplink_patience, tell_atom_v, text)
        .then([] {},
              [self, who = found->first, command = *command](const caf::error&) {
                const auto still = self->state.terminals.find(who);
                if (still == self->state.terminals.end())
                  return;
                refuse_order(still->second, command, "the instance's uplink did not answer; it may have it");
                pump(self, who);
              });
  pump(self, found->first);
}

hub_with_looks::behavior_type hub_behavior(pointer self, hub_store* store, std::atomic<bool>* looked) {
  self->state.store = store;
  self->state.looked = looked;
  self->set_down_handler([self](const caf::down_msg& down) { forget(self, down.source); });
  return {
      [self](join_atom, std::uint32_t protocol, const hub_peer& peer, const std::string& text) {
        return join(self, protocol, peer, text);
      },
      [self](report_atom, const hub_peer& peer, const std::string& text) {
        // Memory is limited: what cannot be held is refused, and the hub goes on.
        try {
          report(self, peer, text);
        } catch (const std::exception&) {
          self->state.store->count_refused("", "failed");
        }
      },
      [self](look_atom, std::uint32_t protocol, const hub_peer& peer) { return look(self, protocol, peer); },
      [self](select_atom, const hub_peer& peer, const std::string& id) {
        const auto found = self->state.terminals.find(address_of(peer));
        if (found == self->state.terminals.end() || !is_instance_id(id))
          return self->state.store->count_refused("", "not_looking");
        self->state.store->select(found->second.place, id);
        pump(self, found->first);
      },
      [self](order_atom, const hub_peer& peer, const std::string& text) { order(self, peer, text); },
      [](alive_atom) { return true; },
      [self](look_atom) {
        *self->state.looked = false;
        pump_all(self);
      },
  };
}

struct node_config : caf::actor_system_config {
  explicit node_config(const certificate_facts& certificates) {
    add_message_types<caf::id_block::sentio_hub>();
    load<caf::io::middleman>();
    load<caf::openssl::manager>();
    openssl_certificate = certificates.certificate.string();
    openssl_key = certificates.key.string();
    openssl_cafile = certificates.authority.string();
    // A frozen peer is noticed only with both.
    set("middleman.heartbeat-interval", caf::timespan(500ms));
    set("middleman.connection-timeout", caf::timespan(2s));
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", 2);
    set("logger.verbosity", caf::atom("quiet"));
  }
};

} // namespace

struct hub_node::parts {
  explicit parts(const certificate_facts& certificates) : config(certificates), system(config) {}

  std::atomic<bool> looked{false}; // the hub's actor writes both until the system has ended
  std::atomic<bool> ended{false};
  node_config config;
  caf::actor_system system;
  hub_with_looks hub;
  std::uint16_t port = 0;
};

hub_node::hub_node(hub_store& store, const endpoint& listen, const certificate_facts& certificates)
    : parts_(std::make_unique<parts>(certificates)) {
  parts& p = *parts_;
  if (!p.system.openssl_manager().authentication_enabled())
    throw std::runtime_error("TLS without certificates of peers: the hub does not start so");
  p.hub = p.system.spawn(hub_behavior, &store, &p.looked);
  p.hub->attach_functor([&p](const caf::error&) { p.ended = true; });
  // Reused, or a hub that is started again finds its own port taken for a minute by connections that have
  // ended.
  const auto port = caf::openssl::publish(hub_actor(p.hub), listen.port, listen.host.c_str(), true);
  if (!port) {
    caf::anon_send_exit(p.hub, caf::exit_reason::user_shutdown);
    throw std::runtime_error("cannot listen on " + to_string(listen) + " for uplinks and terminals (" +
                             p.system.render(port.error()) +
                             "); is the port taken? Port 0 takes any free one");
  }
  p.port = *port;
}

hub_node::~hub_node() {
  caf::anon_send_exit(parts_->hub, caf::exit_reason::user_shutdown);
}

std::uint16_t hub_node::port() const {
  return parts_->port;
}

bool hub_node::alive() const {
  return !parts_->ended;
}

void hub_node::look() {
  if (!parts_->looked.exchange(true))
    caf::anon_send(parts_->hub, look_atom_v);
}

} // namespace sentio::hub
