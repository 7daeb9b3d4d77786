// The web sockets of the simulated world.
#include "actors/simulation/world.hpp"
#include "actors/simulation/world_parts.hpp"

#include <algorithm>
#include <utility>

namespace sentio {

namespace {

using json = nlohmann::json;

/// Pings stay unanswered for so long before a connection without a word is given up.
constexpr time_ms silence_ms = 25'000;

std::string path_of(const std::string& url) {
  const auto host = url.find("://");
  const auto slash = host == url.npos ? url.npos : url.find('/', host + 3);
  return slash == url.npos ? "/" : url.substr(slash);
}

/// Bars and order events may be lost on their way; what opens a connection may not.
bool may_be_lost(stream_kind kind, std::string_view message) {
  // The exchange writes no blanks, and the members of an object in the order of their names.
  if (kind == stream_kind::trading)
    return message.ends_with(R"(,"stream":"trade_updates"})");
  const std::string_view name = R"("T":")";
  const auto at = message.find(name);
  if (at == message.npos)
    return false;
  const auto type = message.substr(at + name.size(), 2);
  return type == "b\"" || type == "u\"";
}

} // namespace

struct simulated_world::web_socket {
  ws_port::sink sink; ///< empty: its owner is gone
  stream_kind kind = stream_kind::stock_data;
  std::string path;
  std::optional<stream_id> stream;
  bool over = false;      ///< closed was or will be told
  bool cut_off = false;   ///< nothing goes through any more, and nobody knows yet
  time_point last_down{}; ///< when the last thing on the way to the client arrives
  time_point last_up{};
  struct held {
    ws_event event;
    int left = 0; ///< so many messages go first
  };
  std::vector<held> held_back;
};

class simulated_world::socket_link final : public ws_port {
public:
  socket_link(simulated_world& world, socket_ptr s) : world_(world), socket_(std::move(s)) {}
  ~socket_link() override { world_.abandon(socket_); }
  void send(std::string text) override {
    if (socket_->over || socket_->cut_off)
      return;
    socket_->last_up = std::max(socket_->last_up, world_.later(world_.latency()));
    world_.at(socket_->last_up,
              [&world = world_, s = socket_, text = std::move(text)] { world.hear(s, text); });
  }

private:
  simulated_world& world_;
  socket_ptr socket_;
};

outage_kind simulated_world::kind_of(const web_socket& s) {
  return s.kind == stream_kind::trading ? outage_kind::trading : outage_kind::data;
}

const message_rates& simulated_world::rates_of(const web_socket& s) const {
  return s.kind == stream_kind::trading ? config_.faults.order_events : config_.faults.bars;
}

std::unique_ptr<ws_port> simulated_world::socket(const ws_config& config, ws_port::sink events) {
  auto s = std::make_shared<web_socket>();
  s->sink = std::move(events);
  s->path = path_of(config.url);
  s->kind = s->path == "/stream" ? stream_kind::trading : stream_kind::stock_data;
  s->last_up = later(3 * latency()); // TCP, TLS and the upgrade
  sockets_.push_back(s);
  at(s->last_up, [this, s] { connect(s); });
  return std::make_unique<socket_link>(*this, s);
}

void simulated_world::connect(const socket_ptr& s) {
  if (!s->sink)
    return;
  ws_event closed;
  if (is_out(kind_of(*s))) {
    ++struck_["connect failed"];
    closed.text = "could not connect";
    close(s, closed, random_.below(2) == 0 ? 0 : 5'000);
    return;
  }
  s->stream = venue().open_stream(s->kind, s->path, {}, closed.http_status);
  if (!s->stream) {
    ++struck_["upgrade refused"];
    closed.text = "the upgrade was refused";
    closed.retry_after_s = closed.http_status == 429 ? exchange_.upgrade_retry_after() : 0;
    close(s, closed, 0);
    return;
  }
  streams_[*s->stream] = s;
  ws_event opened;
  opened.kind = ws_event_kind::opened;
  deliver(s, opened);
  distribute();
}

void simulated_world::hear(const socket_ptr& s, const std::string& text) {
  if (!s->stream || s->cut_off)
    return;
  venue().on_message(*s->stream, json::parse(text, nullptr, false));
  distribute();
}

/// The client's end is gone; the exchange hears of it when the close frame arrives.
void simulated_world::abandon(const socket_ptr& s) {
  s->sink = nullptr;
  if (s->over || s->cut_off)
    return;
  s->last_up = std::max(s->last_up, now() + std::chrono::milliseconds(config_.still ? 0 : 1));
  at(s->last_up, [this, s] {
    if (s->stream) {
      venue().close_stream(*s->stream);
      streams_.erase(*s->stream);
      s->stream.reset();
    }
  });
}

void simulated_world::begin_outage(const outage& o) {
  ++struck_[std::string("outage of ") + to_string(o.what)];
  std::erase_if(sockets_, [](const auto& one) { return one.expired(); });
  const auto all = sockets_;
  for (const auto& one : all) {
    const auto s = one.lock();
    if (!s || s->over || s->cut_off || (o.what != kind_of(*s) && o.what != outage_kind::everything))
      continue;
    if (s->stream) {
      venue().close_stream(*s->stream);
      streams_.erase(*s->stream);
      s->stream.reset();
    }
    ws_event closed;
    closed.text = o.silent ? "no answer to pings" : "connection reset";
    s->cut_off = true;
    close(s, closed, o.silent ? silence_ms : 0);
  }
}

void simulated_world::distribute() {
  for (auto& output : exchange_.take()) {
    const auto found = streams_.find(output.stream);
    if (found == streams_.end())
      continue;
    const auto s = found->second;
    if (!output.raw.empty())
      pass(s, std::move(output.raw), false);
    else if (!output.message.empty()) {
      const bool may_fail = may_be_lost(s->kind, output.message);
      pass(s, std::move(output.message), may_fail);
    }
    if (output.close || output.abort) {
      streams_.erase(output.stream);
      s->stream.reset();
      ws_event closed;
      closed.text = output.abort ? "connection reset" : "closed by the venue";
      closed.close_code = output.abort ? 0 : output.close_code;
      close(s, closed, 0);
    }
  }
}

void simulated_world::pass(const socket_ptr& s, std::string text, bool may_fail) {
  ++messages_;
  ws_event event;
  event.kind = ws_event_kind::message;
  event.text = std::move(text);
  if (!may_fail) {
    deliver(s, std::move(event));
    return;
  }
  const auto& rates = rates_of(*s);
  const bool bars = s->kind != stream_kind::trading;
  if (strikes(rates.drop, bars ? "bar lost" : "order event lost"))
    return;
  const int copies = strikes(rates.duplicate, bars ? "bar twice" : "order event twice") ? 2 : 1;
  if (strikes(rates.delay, bars ? "bar late" : "order event late")) {
    const auto wait = random_.below(static_cast<std::uint64_t>(rates.longest_delay_ms) + 1);
    at(later(static_cast<time_ms>(wait)), [this, s, event] {
      if (s->sink && !s->over && !s->cut_off)
        hand_over(s, event);
    });
  } else if (rates.reorder_span > 0 &&
             strikes(rates.reorder, bars ? "bar out of turn" : "order event out of turn")) {
    const auto span = static_cast<std::uint64_t>(rates.reorder_span);
    s->held_back.push_back({event, 1 + static_cast<int>(random_.below(span))});
  } else {
    for (int i = 0; i < copies; ++i)
      deliver(s, event);
  }
  std::vector<ws_event> due;
  for (auto& held : s->held_back)
    if (--held.left < 0)
      due.push_back(held.event);
  std::erase_if(s->held_back, [](const auto& held) { return held.left < 0; });
  for (auto& one : due)
    deliver(s, std::move(one));
}

/// Things arrive in the order in which they were sent.
void simulated_world::deliver(const socket_ptr& s, ws_event event, time_ms extra) {
  s->last_down = std::max(s->last_down, later(latency() + extra));
  at(s->last_down, [this, s, event = std::move(event)] {
    if (s->sink && !s->cut_off)
      hand_over(s, event);
  });
}

void simulated_world::hand_over(const socket_ptr& s, const ws_event& event) {
  if (s->kind == stream_kind::trading && event.text.find(extreme_mark) != std::string::npos)
    ++struck_["extreme value"];
  s->sink(event);
}

void simulated_world::close(const socket_ptr& s, ws_event event, time_ms extra) {
  if (std::exchange(s->over, true))
    return;
  event.kind = ws_event_kind::closed;
  s->last_down = std::max(s->last_down, later(extra));
  at(s->last_down, [s, event = std::move(event)] {
    if (s->sink)
      s->sink(event);
  });
}

} // namespace sentio
