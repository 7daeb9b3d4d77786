#include "actors/live/live_feed.hpp"

#include "actors/live/bar_doubt.hpp"
#include "core/alpaca/polygon.hpp"
#include "core/market/validation.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace sentio {

namespace {

using pointer = actor_pointer<live_feed_actor, live_feed_state>;
using stage = live_feed_state::stage;

constexpr time_ms silence_ms = 75'000;        ///< after the end of a minute (spec F5)
constexpr std::chrono::seconds ghost_wait{5}; ///< the venue still holds our last connection (F2)
/// From the attempt to connect to the acknowledged subscription, after a refusal of it too (F9).
constexpr std::chrono::seconds handshake_limit{30};
constexpr std::uint64_t malformed_limit = 10; ///< then the connection is made anew (F13)
constexpr int subscription_retries = 3;       ///< on one connection, when symbols are lacking (F9)
constexpr int page_cap = 200;                 ///< of one back-fill (F40)
constexpr time_ms retry_ms = 5'000; ///< of venue time between questions for bars that are known to lack
/// REST has a minute so long after its end. Within the tape's grace, or nothing could be bought without a
/// stream.
constexpr time_ms settle_ms = 1'000;
constexpr std::chrono::milliseconds least_pause{200}; ///< between questions, of real time

struct listener {
  pointer self;

  live_feed_state& state() const { return self->state; }
  const live_config& config() const { return *state().config; }
  void say(const std::string& text) const {
    if (config().say)
      config().say("feed: " + text);
  }
  void alarm(const std::string& text) const {
    ++state().alarms;
    say("ALARM " + text);
  }

  std::optional<symbol_index> index_of(const std::string& symbol) const {
    const auto& names = config().symbols;
    const auto found = std::lower_bound(names.begin(), names.end(), symbol);
    if (found == names.end() || *found != symbol)
      return std::nullopt;
    return static_cast<symbol_index>(found - names.begin());
  }

  void connect() const {
    auto& s = state();
    s.now = stage::connecting;
    s.acknowledged = 0;
    s.asked_again = 0;
    s.tried_at = config().time->steady_now();
    s.waiting = false;
    s.socket->connect();
  }

  void connection_lost() const {
    auto& s = state();
    if (s.now == stage::up)
      self->send(s.tape, feed_change{false, "the stream is gone"});
    s.now = stage::connecting;
    s.waiting = true;
  }
  void connect_later() const {
    connection_lost();
    state().socket->connect_later();
  }
  void connect_later(std::chrono::milliseconds wait) const {
    connection_lost();
    state().socket->connect_later(wait);
  }

  /// The venue wants nothing of us: it may be a fault of its own, over in seconds, so it is tried again and
  /// again, and nothing is bought meanwhile.
  void refused(const std::string& why, std::chrono::milliseconds wait) const {
    auto& s = state();
    connect_later(wait);
    if (std::exchange(s.refused, true)) {
      say(why + ", next attempt in " + std::to_string(wait.count()) + " ms");
      return;
    }
    alarm(why +
          ": it is tried again and again. Meanwhile bars are asked for over REST, and nothing is bought. "
          "What is held is looked after and closed before the close.");
    self->send(s.tape,
               operator_command{command_kind::maintenance_on, config().time->now(), std::string(no_stream)});
  }

  void on(const socket_event& arrived) const {
    auto& s = state();
    if (!s.socket->is_current(arrived))
      return;
    const ws_event& event = arrived.event;
    switch (event.kind) {
    case ws_event_kind::opened:
      s.now = stage::connected;
      break;
    case ws_event_kind::message:
      read(event.text);
      break;
    case ws_event_kind::closed:
      closed(event);
      break;
    }
  }

  void closed(const ws_event& event) const {
    const auto wait = state().socket->wait_after(event);
    if (event.http_status == 401 || event.http_status == 403) {
      refused("the venue refuses these keys (HTTP " + std::to_string(event.http_status) + ")", wait);
      return;
    }
    say("connection lost (" + event.text + "), next attempt in " + std::to_string(wait.count()) + " ms");
    connect_later(wait);
  }

  void read(const std::string& text) const {
    auto& s = state();
    const auto frame = s.polygon ? polygon::parse_stream_frame(text) : alpaca::parse_stream_frame(text);
    s.unknown += frame.unknown;
    s.refused_bars += frame.bad;
    if (frame.malformed && ++s.malformed % malformed_limit == 0) {
      say("ten malformed messages: connecting anew");
      connect_later();
      return;
    }
    const auto generation = s.socket->generation();
    for (const auto& event : frame.events) {
      std::visit([this](const auto& one) { heard(one); }, event);
      if (s.socket->generation() != generation)
        return; // an error among them closed the connection
    }
  }

  void heard(const alpaca::stream_connected&) const {
    auto& s = state();
    s.now = stage::authenticating;
    s.socket->send(s.polygon ? polygon::authentication_message(config().venue.polygon_key)
                             : alpaca::authentication_message(config().venue.key_id, config().venue.secret));
  }
  void heard(const alpaca::stream_authenticated&) const {
    auto& s = state();
    s.now = stage::subscribing;
    s.socket->send(s.polygon ? polygon::subscription_message(config().symbols)
                             : alpaca::subscription_message(config().symbols));
  }
  void heard(const alpaca::stream_subscription& set) const {
    auto& s = state();
    s.acknowledged = s.polygon ? s.acknowledged + set.bars.size() : set.bars.size();
    const auto& wish = config().symbols;
    if (s.polygon && s.acknowledged < wish.size())
      return;
    std::string lacking;
    for (const auto& symbol : wish)
      if (!s.polygon && std::find(set.bars.begin(), set.bars.end(), symbol) == set.bars.end())
        lacking += " " + symbol;
    if (!lacking.empty()) {
      alarm("the venue does not send" + lacking);
      if (++s.asked_again <= subscription_retries)
        s.socket->send(alpaca::subscription_message(wish));
    }
    if (2 * s.acknowledged < wish.size()) {
      say("less than half of the symbols were granted: asking again");
      connect_later();
      return;
    }
    if (s.now == stage::up)
      return;
    s.now = stage::up;
    s.socket->succeeded();
    s.watched_since = config().time->now();
    if (std::exchange(s.refused, false))
      self->send(s.tape,
                 operator_command{command_kind::maintenance_off, s.watched_since, std::string(no_stream)});
    self->send(s.tape, feed_change{true, "subscribed to " + std::to_string(s.acknowledged) + " symbols"});
    fill(false);
  }
  void heard(const alpaca::stream_error& error) const {
    const auto what = "the venue says " + std::to_string(error.code) + " " + error.text;
    switch (error.code) {
    case 403: // already authenticated
      return;
    case 401:
    case 404:
    case 407:
    case 500:
      say(what);
      connect_later();
      return;
    case 406:
      say(what + ": our last connection is not forgotten yet");
      connect_later(ghost_wait);
      return;
    case 400:
    case 405:
    case 410:
      alarm(what);
      return;
    default: // 402, 408, 409, 411
      refused(what, state().socket->next_wait());
    }
  }
  void heard(const alpaca::stream_status& status) const {
    auto& s = state();
    const auto symbol = index_of(status.symbol);
    if (!symbol || s.halted[*symbol] == status.halted)
      return;
    s.halted[*symbol] = status.halted;
    self->send(s.tape, halt_change{*symbol, status.halted, status.at});
  }
  void heard(const alpaca::stream_luld&) const {} // bands only; a pause comes as a status
  void heard(const alpaca::stream_bar& arrived) const {
    auto& s = state();
    if (s.filling && s.held.size() < config().bar_window)
      s.held.push_back(arrived); // the gap comes first
    else if (s.filling)
      postpone(arrived.value.label);
    else
      pass(arrived.symbol, arrived.value, arrived.revision);
  }

  /// There is no room for this bar: REST has it as well, later.
  void postpone(time_ms label) const {
    auto& s = state();
    ++s.postponed;
    if (s.gap_from == 0)
      alarm("the tape is behind by " + std::to_string(config().bar_window) +
            " bars: further ones are fetched when it has caught up");
    s.gap_from = s.gap_from == 0 ? label : std::min(s.gap_from, label);
  }

  /// The tape has taken so many bars.
  void on(const credit& more) const {
    auto& s = state();
    s.credits += std::min(more.blocks, config().bar_window - s.credits); // some were its predecessor's
  }

  /// True when the tape was given a bar newer than any before.
  bool pass(const std::string& name, bar b, bool revision) const {
    auto& s = state();
    const auto symbol = index_of(name);
    if (!symbol)
      return false;
    const auto defect = admit_bar(b);
    auto& last = s.last_close[*symbol];
    const auto why = defect != bar_defect::none
                         ? std::string(to_string(defect))
                         : why_doubted(b, last, config().time->now(), config().time->speed());
    if (!why.empty()) {
      ++s.refused_bars;
      say("refused a bar of " + name + " at " + new_york_clock(b.label) + ": " + why);
      return false;
    }
    if (!revision && s.idle[*symbol].is_idle(b, config().hours.open)) {
      ++s.idle_bars;
      return false;
    }
    if (s.credits == 0 || s.gap_from > 0) { // older bars first: the tape takes none before its newest
      if (!revision)                        // those decide nothing
        postpone(b.label);
      return false;
    }
    --s.credits;
    ++s.bars;
    const bool is_new = b.label > s.newest;
    s.newest = std::max(s.newest, b.label);
    if (!revision)
      last = b.close;
    self->send(s.tape, live_bar{*symbol, b, revision});
    return is_new;
  }

  /// Asks REST for everything since the newest complete minute.
  void fill(bool suspicious) const {
    auto& s = state();
    const auto& hours = config().hours;
    const time_ms now = config().time->now();
    s.fill_from = std::max(
        hours.open, s.newest > 0 ? s.newest : config().joined_at / minute_ms * minute_ms - 5 * minute_ms);
    if (s.gap_from > 0)
      s.fill_from = std::max(hours.open, std::min(s.fill_from, s.gap_from));
    s.fill_to = std::min(now, hours.close);
    if (s.fill_to <= s.fill_from)
      return;
    s.gap_from = 0;
    s.filling = true;
    s.suspicious = suspicious;
    s.filled.clear();
    s.pages = 0;
    s.fill_page = 0;
    ask_page("");
  }

  void ask_page(const std::string& token) const {
    auto& s = state();
    const auto number = ++s.request;
    rest_request request;
    const auto& names = config().symbols;
    if (s.polygon)
      request.target =
          polygon::aggregates_target(names[s.fill_page], config().hours.date, config().hours.date) +
          "&apiKey=" + config().venue.polygon_key;
    else
      request.target =
          alpaca::bars_target(names, s.fill_from, s.fill_to, config().venue.data_feed, "raw", token);
    const auto me = caf::actor_cast<caf::actor_addr>(self);
    s.rest->send(std::move(request), [me, number](rest_response response) {
      if (const auto feed = caf::actor_cast<caf::actor>(me))
        caf::anon_send(feed, rest_answer{number, std::move(response)});
    });
  }

  void on(const rest_answer& answer) const {
    auto& s = state();
    if (!s.filling || answer.number != s.request)
      return;
    const auto& r = answer.response;
    const auto page = r.status != 200 ? alpaca::parsed<alpaca::bar_page>{}
                      : s.polygon     ? polygon::parse_aggregates(r.body, config().symbols[s.fill_page])
                                      : alpaca::parse_bar_page(r.body);
    if (!page.value) {
      say("the back-fill failed (" +
          (r.status == 0     ? r.error
           : r.status == 200 ? page.problem
                             : "HTTP " + std::to_string(r.status)) +
          "); going on with the stream, the gap is asked for again");
      end_fill(false);
      return;
    }
    s.filled.insert(s.filled.end(), page.value->bars.begin(), page.value->bars.end());
    const bool more_symbols = s.polygon && ++s.fill_page < config().symbols.size();
    if (++s.pages < page_cap && (more_symbols || (!s.polygon && !page.value->next_page_token.empty()))) {
      ask_page(page.value->next_page_token);
      return;
    }
    if (s.pages >= page_cap)
      alarm("the venue's pages of bars never end; stopped after " + std::to_string(page_cap));
    end_fill(true);
  }

  void end_fill(bool complete) const {
    auto& s = state();
    const time_ms now = config().time->now();
    std::stable_sort(
        s.filled.begin(), s.filled.end(),
        [](const alpaca::named_bar& a, const alpaca::named_bar& b) { return a.value.label < b.value.label; });
    const auto newest_before = s.newest;
    const auto overflowed = std::exchange(s.gap_from, 0); // newer than everything here
    bool news = false;
    for (const auto& one : s.filled) {
      // The running minute may be there already, unfinished.
      if (decision_time(one.value) > now || one.value.label < s.fill_from)
        continue;
      if (one.value.label > newest_before)
        ++s.back_filled;
      news = pass(one.symbol, one.value, false) || news;
    }
    s.filled.clear();
    s.filling = false;
    while (!s.held.empty()) {
      const auto arrived = std::move(s.held.front());
      s.held.pop_front();
      pass(arrived.symbol, arrived.value, arrived.revision);
    }
    if (s.gap_from == 0)
      s.gap_from = overflowed;
    s.watched_since = now;
    if (complete && s.suspicious && news) {
      say("bars exist that the stream did not send: connecting anew");
      connect_later(std::chrono::milliseconds{0});
    }
  }

  /// When REST is to be asked for bars: while no stream delivers, as soon as the next minute is over; while
  /// one does, when it has been mute (F5); and again soon for bars that the tape had no room for.
  time_ms question_due() const {
    const auto& s = state();
    const auto least =
        static_cast<time_ms>(static_cast<double>(least_pause.count()) * config().time->speed());
    const time_ms retry_at = s.watched_since + std::max(retry_ms, least);
    if (s.gap_from > 0)
      return retry_at;
    const time_ms heard_until = std::max(s.newest + minute_ms, config().hours.open);
    return s.now == stage::up ? std::max(s.watched_since, heard_until) + std::max(silence_ms, least)
                              : std::max(retry_at, heard_until + minute_ms + settle_ms);
  }

  /// The stream may be mute, or not be there at all: REST is asked meanwhile.
  void watch() const {
    auto& s = state();
    if (s.now != stage::up && !s.waiting && config().time->steady_now() - s.tried_at > handshake_limit) {
      say("the venue does not finish the handshake: connecting anew");
      connect_later();
    }
    const time_ms now = config().time->now(), due = question_due();
    const auto pause = std::min<std::chrono::nanoseconds>(
        config().intervals.feed_watch,
        s.now != stage::up && due > now ? config().time->until(due + 1) : std::chrono::hours(1));
    self->delayed_send(self, pause, watchdog_tick{});
    const bool full = s.gap_from > 0 && s.credits < config().bar_window / 2; // until the tape has caught up
    if (s.filling || full || now < due || now >= config().hours.close)
      return;
    s.watched_since = now;
    fill(s.gap_from == 0 && s.now == stage::up);
  }
};

} // namespace

live_feed_actor::behavior_type live_feed(actor_pointer<live_feed_actor, live_feed_state> self,
                                         live_config_ptr config, live_tape_actor tape,
                                         supervisor_actor supervisor) {
  report_failures(self, supervisor, "feed");
  auto& state = self->state;
  state.config = std::move(config);
  state.tape = std::move(tape);
  const auto& c = *state.config;
  state.polygon = !c.venue.polygon_key.empty();
  state.credits = c.bar_window;
  know_the_past(state);
  rest_config rest;
  rest.base_url = c.venue.data_url;
  rest.ca_file = c.venue.ca_file;
  if (!state.polygon)
    rest.headers = {{"APCA-API-KEY-ID", c.venue.key_id}, {"APCA-API-SECRET-KEY", c.venue.secret}};
  state.rest = c.network->rest(rest);
  ws_config target;
  target.url = c.venue.data_stream;
  target.ca_file = c.venue.ca_file;
  target.headers = {{"Content-Type", "application/json"}};
  state.socket.emplace(caf::actor_cast<caf::actor_addr>(self), c.network, std::move(target), 7);
  const listener ears{self};
  ears.connect();
  ears.watch();
  return {
      // Cases are tried in this order: the frequent ones first.
      [self, ears](const socket_event& event) {
        const auto handling = self->state.count();
        ears.on(event);
      },
      [self, ears](watchdog_tick) {
        const auto handling = self->state.count();
        ears.watch();
      },
      [self, ears](const credit& more) {
        const auto handling = self->state.count();
        ears.on(more);
      },
      [self](status_atom) {
        const auto& s = self->state;
        return status_of(self, "feed",
                         {{"up", s.now == stage::up},
                          {"connections", s.socket->connections()},
                          {"bars", s.bars},
                          {"back_filled", s.back_filled},
                          {"malformed", s.malformed},
                          {"unknown", s.unknown},
                          {"refused_bars", s.refused_bars},
                          {"idle_bars", s.idle_bars},
                          {"postponed", s.postponed},
                          {"alarms", s.alarms}});
      },
      [self, ears](const rest_answer& answer) {
        const auto handling = self->state.count();
        ears.on(answer);
      },
      [self, ears](const reconnect& due) {
        const auto handling = self->state.count();
        if (self->state.socket->is_current(due))
          ears.connect();
      },
  };
}

} // namespace sentio
