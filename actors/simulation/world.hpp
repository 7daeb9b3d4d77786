// The world around one simulated session: the bundled exchange, the network in between with its faults, and
// the machine's clock. Everything happens on the thread that drives it, at instants of virtual time, in an
// order that the seed decides.
#pragma once

#include "actors/engine.hpp"
#include "actors/live/venue_time.hpp"
#include "actors/simulation/fault_profile.hpp"
#include "actors/transport/network.hpp"
#include "core/exchange/exchange.hpp"
#include "core/numeric/random.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace sentio {

/// One session of a market, shared by every trial.
struct session_market {
  session_hours hours;
  std::vector<std::string> symbols;   ///< sorted
  std::vector<std::vector<bar>> bars; ///< by symbol: of this session, and at least one bar before it
};
using session_market_ptr = std::shared_ptr<const session_market>;

struct world_config {
  std::uint64_t seed = 0;
  session_market_ptr market;
  fault_profile faults;
  double cash = 100'000;
  time_ms start = 0; ///< venue time at the beginning
  /// No way takes any time, orders are filled whole and bars are never revised: whatever happens within one
  /// millisecond leaves the same session.
  bool still = false;
  /// An order is about to leave (false) or has just been taken by the exchange (true). When it returns false, the
  /// sender is gone and hears no answer.
  std::function<bool(bool)> on_order;
};

/// Must outlive the actors that use it. Ports may outlive it.
class simulated_world final : public venue_network {
public:
  using time_point = simulated_runtime::time_point;
  using counts = std::map<std::string, std::uint64_t>;

  simulated_world(simulated_runtime& runtime, world_config config);
  ~simulated_world() override;

  std::unique_ptr<rest_port> rest(const rest_config& config) override;
  std::unique_ptr<ws_port> socket(const ws_config& config, ws_port::sink events) override;

  /// When something happens next outside of the actors.
  time_point next_event() const;
  /// Carries out what is due by the runtime's now.
  void run_due();

  /// The machine's steady clock, which may jump. Never runs backwards.
  time_point machine_now();
  time_ms venue_now() const;
  /// Venue time at the runtime's instant.
  time_ms venue_at(time_point at) const;

  /// The exchange's own account of itself (exchange::state).
  nlohmann::json state() const { return exchange_.state(); }
  /// Faults that struck, by name.
  const counts& struck() const { return struck_; }
  /// Orders (the venue's ids) that were asked to be canceled, one by one.
  const std::set<std::string>& canceled() const { return canceled_; }
  /// How often each order (our ids) was sent out.
  const counts& posts() const { return posts_; }
  /// What no venue may ever see: sentences.
  const std::vector<std::string>& offences() const { return offences_; }
  std::uint64_t requests() const { return requests_; }
  std::uint64_t messages() const { return messages_; }

private:
  struct channel; ///< of one REST port
  struct web_socket;
  class rest_link;
  class socket_link;
  using socket_ptr = std::shared_ptr<web_socket>;

  void at(time_point when, std::function<void()> what);
  time_point later(time_ms wait) const { return now() + std::chrono::milliseconds(wait); }
  time_point now() const { return runtime_.now(); }
  /// The faults of the network are over for today.
  bool quiet() const { return venue_now() >= quiet_at_; }
  bool strikes(double rate, const char* name);
  time_ms latency();
  bool is_out(outage_kind what) const;
  void begin_outage(const outage& o);

  // REST
  void request(const std::shared_ptr<channel>& from, rest_request request, rest_port::answer callback);
  struct exchange_of_words;
  void arrive(const std::shared_ptr<exchange_of_words>& words);
  void answer(const std::shared_ptr<exchange_of_words>& words, rest_response response, time_point when);
  void watch_orders(const rest_request& request);
  bool sender_survives(const rest_request& request, bool taken) const;

  // Web sockets
  void connect(const socket_ptr& s);
  void hear(const socket_ptr& s, const std::string& text);
  void abandon(const socket_ptr& s);
  /// Passes on what the exchange said.
  void distribute();
  /// The exchange at the present instant. Whatever is said to it changes what it does next.
  exchange& venue();
  void pass(const socket_ptr& s, std::string text, bool may_fail);
  void deliver(const socket_ptr& s, ws_event event, time_ms extra = 0);
  void hand_over(const socket_ptr& s, const ws_event& event);
  void close(const socket_ptr& s, ws_event event, time_ms extra);
  static outage_kind kind_of(const web_socket& s);
  const message_rates& rates_of(const web_socket& s) const;

  simulated_runtime& runtime_;
  world_config config_;
  random_source random_;
  time_point began_;
  time_ms quiet_at_;
  exchange exchange_;
  std::map<std::pair<time_point, std::uint64_t>, std::function<void()>> queue_;
  std::uint64_t queued_ = 0;
  mutable std::optional<time_point> venue_next_; ///< when the exchange has something to do; empty: ask it
  std::map<stream_id, socket_ptr> streams_;
  std::vector<std::weak_ptr<web_socket>> sockets_;
  std::chrono::nanoseconds clock_error_{0};
  time_point machine_shown_{};
  std::map<std::string, std::string> bodies_; ///< of orders, by client order id
  counts posts_;
  std::set<std::string> canceled_;
  counts struck_;
  std::vector<std::string> offences_;
  std::uint64_t requests_ = 0;
  std::uint64_t messages_ = 0;
};

} // namespace sentio
