#include "actors/live/live_gateway.hpp"

#include "actors/live/desk_requests.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace sentio {

namespace {

using pointer = actor_pointer<live_gateway_actor, live_gateway_state>;

constexpr time_ms reconcile_ms = 60'000; ///< venue time
constexpr time_ms clock_ms = 60'000;     ///< a wrong clock puts cut-offs before their bars
/// A TLS handshake takes milliseconds that a round's orders shall not wait for, so a round's worth of
/// connections is kept open. A server closes an idle one after a minute or so, and an order sent just then is
/// lost: they are used well before that (the client itself drops one after rest_client.cpp's longest_idle_s).
constexpr std::int64_t warm_interval_ms = 20'000;
constexpr std::int64_t least_interval_ms =
    250; ///< real time: an accelerated clock does not hasten the network
constexpr const char* route_sender = "gateway: order route";
constexpr const char* clock_sender = "gateway: clock offset";
constexpr const char* positions_sender = "gateway: positions in doubt";
constexpr time_ms clock_alarm_ms = 500;

std::int64_t in_ms(venue_time::steady::time_point at) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count();
}

struct carrier {
  pointer self;

  live_gateway_state& state() const { return self->state; }
  const live_config& config() const { return *state().config; }
  void say(const std::string& text) const {
    if (config().say)
      config().say("gateway: " + text);
  }
  desk_time now() const { return {in_ms(config().time->steady_now()), config().time->now()}; }

  void connect() const {
    state().listening = false;
    state().socket->connect();
  }

  void connect_later() const {
    state().listening = false;
    state().socket->connect_later();
  }

  void on(const socket_event& arrived) const {
    auto& s = state();
    if (!s.socket->is_current(arrived))
      return;
    const ws_event& event = arrived.event;
    switch (event.kind) {
    case ws_event_kind::opened:
      s.socket->send(alpaca::trading_authentication_message(config().venue.key_id, config().venue.secret));
      break;
    case ws_event_kind::message:
      std::visit([this](const auto& one) { heard(one); }, alpaca::parse_trading_message(event.text));
      break;
    case ws_event_kind::closed: {
      const auto wait = s.socket->wait_after(event);
      say("order events lost (" + event.text + "), next attempt in " + std::to_string(wait.count()) +
          " ms; orders are looked up meanwhile");
      s.listening = false;
      s.socket->connect_later(wait);
      break;
    }
    }
    settle();
  }

  void heard(const alpaca::trading_authorization& answer) const {
    auto& s = state();
    if (answer.authorized) {
      s.socket->send(alpaca::trading_listen_message());
      return;
    }
    ++s.alarms;
    say("ALARM the venue refuses the keys for order events; trying again");
    connect_later();
  }
  void heard(const alpaca::trading_listening&) const {
    auto& s = state();
    s.listening = true;
    s.socket->succeeded();
    s.desk->reconcile(now()); // nothing is replayed: what was missed is asked for
  }
  void heard(const alpaca::trade_update& update) const { state().desk->heard(update, now()); }
  void heard(const alpaca::trading_unreadable& update) const { state().desk->heard(update); }
  void heard(const alpaca::trading_unknown&) const {}
  void heard(const alpaca::trading_malformed&) const {
    auto& s = state();
    if (++s.malformed % 10 == 0)
      connect_later();
  }

  std::uint64_t send(rest_request request, std::optional<time_ms> round) const {
    auto& s = state();
    const auto number = ++s.last_number;
    ++s.requests;
    const auto me = caf::actor_cast<caf::actor_addr>(self);
    s.rest->send(std::move(request), [me, number, round, book = config().latency](rest_response response) {
      if (round && response.sent_at != venue_time::steady::time_point{})
        book->order_sent(*round, response.sent_at);
      if (const auto gateway = caf::actor_cast<caf::actor>(me))
        caf::anon_send(gateway, rest_answer{number, std::move(response)});
    });
    return number;
  }

  /// Carries out what the desk wants and passes on what it found.
  void settle() const {
    auto& s = state();
    for (auto output = s.desk->take(); !output.requests.empty() || !output.events.empty() ||
                                       !output.alarms.empty() || output.halt || output.stop_entries;
         output = s.desk->take()) {
      for (auto& event : output.events)
        self->send(s.tape, std::move(event));
      for (const auto& text : output.alarms) {
        ++s.alarms;
        say("ALARM " + text);
      }
      if (output.halt)
        self->send(s.tape,
                   operator_command{command_kind::halt, now().venue,
                                    s.desk->second_trader() > 0 ? "gateway: a second trader on the account"
                                                                : "gateway: wrong order at the venue"});
      if (output.stop_entries)
        self->send(s.tape,
                   operator_command{command_kind::maintenance_on, now().venue, "gateway: account blocked"});
      for (auto& request : output.requests) {
        std::optional<time_ms> round;
        if (request.action == desk_action::post)
          if (const auto* order = s.desk->find(request.client_order_id);
              order && order->released_at == order->decided_at)
            round = order->decided_at;
        s.route.asked(request, now().real);
        const auto number = send(request_of(request, *s.desk, config().symbols, now()), round);
        s.under_way.emplace(number, std::move(request));
      }
    }
  }

  void on(const rest_answer& answer) const {
    auto& s = state();
    const auto& r = answer.response;
    if (answer.number == s.clock_request) {
      if (r.status == 200)
        compare_clocks(r);
    } else if (answer.number == s.account_request) {
      const bool readable = r.status == 200 && alpaca::parse_account(r.body).value.has_value();
      s.route.account_answered({r.status, {}, r.error, 0}, readable);
    } else if (const auto found = s.under_way.find(answer.number); found != s.under_way.end()) {
      const auto request = std::move(found->second);
      s.under_way.erase(found);
      desk_answer said{r.status, r.body, r.error, 0};
      for (const auto& [name, value] : r.headers)
        if (name == "retry-after")
          said.retry_after_s = std::atoi(value.c_str());
      s.route.answered(request, said);
      s.desk->answered(request, said, now());
    }
    settle();
    judge_route();
    judge_positions();
  }

  /// Orders that cannot be sent, looked up or compared are told, and nothing is bought while that lasts.
  void judge_route() const {
    auto& s = state();
    const auto at = now();
    const bool down = s.route.judge(
        at.real, [&](const std::string& id) { return s.desk->is_without_word(id); },
        [&](const std::string& id) { return s.desk->is_open(id); },
        [&](const std::string& id) { return s.desk->is_given_up(id); });
    s.desk->hold_entries(down);
    // A gateway that is born into a pause ends it when it has heard the venue itself.
    if (s.route_told == down || (!s.route_told && !down && !s.route.was_heard()))
      return;
    s.route_told = down;
    if (down) {
      ++s.alarms;
      say("ALARM the venue cannot be used: " + s.route.reasons() +
          ". Nothing is bought until it can; exits are tried again and again");
    } else {
      say("the venue can be used again, after " + std::to_string((at.real - s.route.down_since()) / 1'000) +
          " s: entries are allowed");
    }
    self->send(s.tape, operator_command{down ? command_kind::maintenance_on : command_kind::maintenance_off,
                                        at.venue, route_sender});
  }

  /// Missing shares are told, and nothing is bought while nobody knows where they went.
  void judge_positions() const {
    auto& s = state();
    const bool doubted = s.desk->doubts_positions();
    if (doubted == s.doubt_told || (!doubted && !s.desk->knows_positions()))
      return;
    s.doubt_told = doubted;
    self->send(s.tape,
               operator_command{doubted ? command_kind::maintenance_on : command_kind::maintenance_off,
                                now().venue, positions_sender});
  }

  void probe_route(const desk_time& at) const {
    auto& s = state();
    if (s.route.wants_reconciliation(at.real)) {
      s.reconciled_at = at.venue;
      s.reconciled_really_at = at.real;
      s.desk->reconcile(at);
    }
    if (!s.route.wants_probe(at.real))
      return;
    s.route.account_asked(at.real);
    rest_request request;
    request.target = "/v2/account";
    request.timeout = answer_limit;
    s.account_request = send(std::move(request), std::nullopt);
  }

  void compare_clocks(const rest_response& r) const {
    auto& s = state();
    const auto clock = alpaca::parse_clock(r.body);
    if (!clock.value)
      return;
    // The venue read its clock about half way between our sending and its answer (spec F31).
    const auto half = r.sent_at + (r.received_at - r.sent_at) / 2;
    // By half of the way there and back the comparison may be wrong itself: a slow answer proves nothing.
    const double doubt_ms = std::chrono::duration<double, std::milli>(r.received_at - r.sent_at).count() / 2;
    const bool in_doubt = static_cast<double>(std::abs(clock.value->at - config().time->at(half))) <=
                          doubt_ms * config().time->speed();
    if (in_doubt && doubt_ms >= clock_judge::ordinary_ms)
      return;
    // What matters is real time: an accelerated venue multiplies every delay of the network.
    const auto real_ms = [&](time_ms span) {
      return static_cast<std::int64_t>(static_cast<double>(span) / config().time->speed());
    };
    const auto off = in_doubt ? 0 : clock.value->at - config().time->at(half);
    const auto read_at = in_ms(r.received_at);
    const bool believed = s.clock.believes({real_ms(off), read_at, config().wall_ms() - read_at});
    if (off != 0 && believed)
      config().time->correct(clock.value->at, half);
    const auto real = std::abs(real_ms(off));
    s.worst_clock_residual = std::max(s.worst_clock_residual, real);
    if (real >= clock_alarm_ms && (believed || !s.entries_stopped)) {
      ++s.alarms;
      say("ALARM our clock was " + std::to_string(off) + " ms off the venue's; " +
          (believed ? "going by the venue's"
                    : "going by our own until the venue's agrees with itself. Nothing is bought meanwhile"));
    }
    if (const bool stop = s.clock.in_doubt(); stop != s.entries_stopped) {
      s.entries_stopped = stop;
      self->send(s.tape, operator_command{stop ? command_kind::maintenance_on : command_kind::maintenance_off,
                                          now().venue, clock_sender});
    }
    if (!s.clock.in_doubt())
      watch_early_close(*clock.value);
  }

  /// Said twice in a row it is believed.
  void watch_early_close(const alpaca::venue_clock& clock) const {
    auto& s = state();
    const bool early = clock.is_open && clock.next_close < config().hours.close;
    const bool again = early && clock.next_close == std::exchange(s.early_said, early ? clock.next_close : 0);
    if (!again || s.early_close == clock.next_close)
      return;
    s.early_close = clock.next_close;
    ++s.alarms;
    say("ALARM the venue closes early, at " + new_york_clock(s.early_close) + "; going by it");
  }

  void keep_connections_warm(const desk_time& at) const {
    auto& s = state();
    if (s.warmed_at != 0 && at.real - s.warmed_at < warm_interval_ms)
      return;
    s.warmed_at = at.real;
    for (const bool urgent : {false, true})
      for (int i = 0; i < config().intervals.warm_connections; ++i) {
        rest_request request;
        request.target = "/v2/clock";
        request.urgent = urgent;
        send(std::move(request), std::nullopt); // nobody waits for the answer
      }
  }

  void tick() const {
    auto& s = state();
    self->delayed_send(self, config().intervals.gateway_tick, gateway_tick{});
    const auto at = now();
    keep_connections_warm(at);
    if (s.early_close != 0 && !s.early_told && at.venue >= s.early_close - 120'000) {
      s.early_told = true;
      self->send(s.tape, phase_change{session_phase::liquidation, at.venue});
    }
    const bool clock_is_due =
        at.venue - s.clock_asked_at >= clock_ms || at.venue < s.clock_asked_at ||
        (s.clock.in_doubt() && at.real - s.clock_asked_really_at >= clock_judge::retry_ms);
    if (clock_is_due && at.real - s.clock_asked_really_at >= least_interval_ms) {
      s.clock_asked_at = at.venue;
      s.clock_asked_really_at = at.real;
      rest_request request;
      request.target = "/v2/clock";
      s.clock_request = send(std::move(request), std::nullopt);
    }
    const bool is_stale = at.venue - s.reconciled_at >= reconcile_ms || at.venue < s.reconciled_at;
    if (is_stale && at.real - s.reconciled_really_at >= least_interval_ms) {
      s.reconciled_at = at.venue;
      s.reconciled_really_at = at.real;
      s.desk->reconcile(at);
    }
    probe_route(at);
    s.desk->tick(at);
    settle();
    judge_route();
    judge_positions();
  }
};

/// Whether the tape has a pause of a gateway before this one, which nobody else will end.
std::optional<bool> pause_on_tape(const history& past, std::string_view sender) {
  std::optional<bool> on;
  for (const auto& entry : past)
    if (const auto* command = std::get_if<std::shared_ptr<const operator_command>>(&entry);
        command && (*command)->sender == sender)
      on = (*command)->kind == command_kind::maintenance_on;
  return on;
}

/// What the tape knows of orders and their fates, for a desk that is born into the session.
void recall(order_desk& desk, const history& past, desk_time now) {
  for (const auto& entry : past) {
    if (const auto* order = std::get_if<std::shared_ptr<const order_intent>>(&entry))
      desk.recall(**order, now);
    else if (const auto* cancel = std::get_if<std::shared_ptr<const cancel_intent>>(&entry))
      desk.recall_cancel((*cancel)->client_order_id);
    else if (const auto* word = std::get_if<std::shared_ptr<const venue_event>>(&entry))
      desk.recall(**word);
  }
  desk.resume(now);
}

std::vector<std::int64_t> held_at_start(const live_config& config) {
  std::vector<std::int64_t> held(config.symbols.size());
  for (const auto& event : config.adopted)
    held.at(event.fill.symbol) += event.fill.side == order_side::buy ? event.fill.shares : -event.fill.shares;
  return held;
}

} // namespace

live_gateway_actor::behavior_type live_gateway(actor_pointer<live_gateway_actor, live_gateway_state> self,
                                               live_config_ptr config, live_tape_actor tape,
                                               supervisor_actor supervisor) {
  report_failures(self, supervisor, "gateway");
  auto& state = self->state;
  state.config = std::move(config);
  state.tape = std::move(tape);
  const auto& c = *state.config;
  state.desk.emplace(c.symbols, c.session_tag,
                     c.past ? std::vector<std::int64_t>{} : held_at_start(c)); // adopted ones are in the past
  // An accelerated venue's minute is over before a busy machine has turned round.
  state.desk->limit_entries(std::max(longest_entry_ms, static_cast<time_ms>(2'000 * c.time->speed())));
  state.desk->close_at(c.hours.close);
  state.desk->alone_since(c.time->now());
  state.desk->expect(c.capital, c.closes_before);
  rest_config rest;
  rest.base_url = c.venue.trading_url;
  rest.ca_file = c.venue.ca_file;
  rest.headers = {{"APCA-API-KEY-ID", c.venue.key_id}, {"APCA-API-SECRET-KEY", c.venue.secret}};
  // 180 of the venue's 200 a minute; an accelerated venue counts its own minutes.
  rest.requests_per_minute = static_cast<int>(180 * std::max(1.0, c.time->speed()));
  state.rest = c.network->rest(rest);
  ws_config target;
  target.url = c.venue.trading_stream;
  target.ca_file = c.venue.ca_file;
  state.socket.emplace(caf::actor_cast<caf::actor_addr>(self), c.network, std::move(target), 11);
  const carrier moves{self};
  state.route.begin(moves.now().real);
  state.route_told = false;
  if (c.past) {
    if (pause_on_tape(*c.past, route_sender).value_or(false))
      state.route_told.reset();
    state.entries_stopped = pause_on_tape(*c.past, clock_sender).value_or(false);
    state.doubt_told = pause_on_tape(*c.past, positions_sender).value_or(false);
  }
  if (c.past && !c.dry_run)
    recall(*state.desk, *c.past, moves.now());
  moves.connect();
  moves.tick();
  return {
      // Cases are tried in this order, and most messages are ticks and words of the venue.
      [self, moves](gateway_tick) {
        const auto handling = self->state.count();
        moves.tick();
      },
      [](const session_block_ptr&) {}, // the market is the venue's own
      [](const session_start&) {},
      [self, moves](const order_intent& order) {
        auto& s = self->state;
        const auto handling = s.count();
        ++s.orders;
        if (s.config->dry_run) {
          self->send(s.tape, venue_event{venue_event_kind::rejected,
                                         order.client_order_id,
                                         moves.now().venue,
                                         {},
                                         "dry run: no order is sent"});
          return;
        }
        s.desk->submit(order, moves.now());
        moves.settle();
      },
      [self, moves](const cancel_intent& order) {
        const auto handling = self->state.count();
        self->state.desk->cancel(order.client_order_id, moves.now());
        moves.settle();
      },
      [self, moves](const wake&) { // a person wants everything sold: no wait is too short
        self->state.desk->hurry(moves.now());
        self->state.desk->tick(moves.now());
        moves.settle();
      },
      [self](status_atom) {
        const auto& s = self->state;
        return status_of(self, "gateway",
                         {{"listening", s.listening},
                          {"connections", s.socket->connections()},
                          {"orders", s.orders},
                          {"live_orders", s.desk->live()},
                          {"requests", s.requests},
                          {"reposted", s.desk->reposted()},
                          {"duplicates", s.desk->duplicates()},
                          {"adjustments", s.desk->adjustments()},
                          {"positions_in_doubt", s.desk->doubts_positions()},
                          {"foreign_fills", s.desk->foreign()},
                          {"second_trader", s.desk->second_trader()},
                          {"impossible", s.desk->impossible()},
                          {"unreadable", s.desk->unreadable()},
                          {"nothing_left", s.desk->nothing_left()},
                          {"cannot_send", s.route.is_down(route_use::send)},
                          {"cannot_look_up", s.route.is_down(route_use::look_up)},
                          {"cannot_cancel", s.route.is_down(route_use::cancel)},
                          {"cannot_list_orders", s.route.is_down(route_use::list_orders)},
                          {"cannot_read_positions", s.route.is_down(route_use::read_positions)},
                          {"cannot_read_account", s.route.is_down(route_use::read_account)},
                          {"route_outages", s.route.outages()},
                          {"clock_residual_ms", static_cast<std::uint64_t>(s.worst_clock_residual)},
                          {"alarms", s.alarms}});
      },
      [self, moves](const socket_event& event) {
        const auto handling = self->state.count();
        moves.on(event);
      },
      [self, moves](const rest_answer& answer) {
        const auto handling = self->state.count();
        moves.on(answer);
      },
      [self, moves](const reconnect& due) {
        const auto handling = self->state.count();
        if (self->state.socket->is_current(due))
          moves.connect();
      },
      [self, moves](const close_everything&) {
        const auto handling = self->state.count();
        if (!self->state.config->dry_run)
          self->state.desk->close_everything(moves.now());
        moves.settle();
      },
  };
}

} // namespace sentio
