// A running exchange on loopback, and clients that remember what they saw.
#pragma once

#include "actors/transport/local_authority.hpp"
#include "actors/transport/rest_client.hpp"
#include "actors/transport/ws_client.hpp"
#include "tests/support/test.hpp"
#include "tools/sentio-exchange/exchange_server.hpp"

#include <nlohmann/json.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>

namespace sentio::test {

using steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

inline double seconds_since(steady::time_point from) {
  return std::chrono::duration<double>(steady::now() - from).count();
}

/// Two symbols with a bar for each minute of 2025-06-03, and as many without bars as asked for.
inline std::unique_ptr<market_source> small_market(std::size_t idle_symbols = 0) {
  std::vector<std::string> symbols{"AAA", "BBB"};
  std::vector<std::vector<bar>> bars(2);
  const session_hours day = *session_on({2025, 6, 3});
  for (time_ms label = day.open; label < day.close; label += minute_ms)
    for (auto& one : bars)
      one.push_back({label, 50, 51, 49, 50.5, 1'000});
  for (std::size_t i = 0; i < idle_symbols; ++i) {
    char name[16];
    std::snprintf(name, sizeof name, "C%c%c%c%c", static_cast<int>('A' + i / 17'576 % 26),
                  static_cast<int>('A' + i / 676 % 26), static_cast<int>('A' + i / 26 % 26),
                  static_cast<int>('A' + i % 26));
    symbols.emplace_back(name);
    bars.emplace_back();
  }
  return make_memory_market(std::move(symbols), std::move(bars));
}

inline exchange_server_config usual_config() {
  exchange_server_config config;
  config.start = new_york_to_utc({2025, 6, 3}, 10, 0);
  config.venue.requests_per_minute = 0;
  config.venue.data_connection_limit = 50;
  return config;
}

class running_exchange {
public:
  explicit running_exchange(const exchange_server_config& config = usual_config(),
                            std::size_t idle_symbols = 0)
      : config_(config), server(config, small_market(idle_symbols)) {
    server.start();
  }
  void faults(const std::string& text) {
    fault_plan plan;
    if (const auto problem = parse_faults(text, plan); !problem.empty())
      throw std::runtime_error(problem);
    server.set_faults(plan);
  }
  std::vector<std::pair<std::string, std::string>> keys() const {
    return {{"APCA-API-KEY-ID", config_.venue.key_id}, {"APCA-API-SECRET-KEY", config_.venue.secret}};
  }
  rest_config rest() const {
    return {"https://" + server.host_and_port(), server.ca_file().string(), keys(), 0};
  }
  ws_config stream(const std::string& path = "/v2/iex") const {
    ws_config config;
    config.url = "wss://" + server.host_and_port() + path;
    config.ca_file = server.ca_file().string();
    return config;
  }
  std::string auth() const {
    return R"({"action":"auth","key":")" + config_.venue.key_id + R"(","secret":")" + config_.venue.secret +
           R"("})";
  }

private:
  exchange_server_config config_;

public:
  exchange_server server;
};

/// A web socket client and all its events.
class watched_socket {
public:
  explicit watched_socket(const ws_config& config)
      : client_(std::make_unique<ws_client>(config, [this](ws_event event) { note(std::move(event)); })) {}

  void send(const std::string& text) { client_->send(text); }
  void destroy() { client_.reset(); }

  /// The first event from the given one on that passes; empty when none comes within the time.
  template <class Predicate>
  std::optional<ws_event> wait(Predicate passes, std::chrono::milliseconds longest = 8s) {
    std::unique_lock lock(mutex_);
    std::optional<ws_event> found;
    changed_.wait_for(lock, longest, [&] {
      for (; seen_ < events_.size(); ++seen_)
        if (passes(events_[seen_])) {
          found = events_[seen_++];
          return true;
        }
      return false;
    });
    return found;
  }
  /// Empty when it closed instead.
  std::optional<ws_event> wait_opened() {
    const auto first = wait([](const ws_event& event) { return event.kind != ws_event_kind::message; });
    return first && first->kind == ws_event_kind::opened ? first : std::nullopt;
  }
  std::optional<ws_event> wait_closed(std::chrono::milliseconds longest = 8s) {
    return wait([](const ws_event& event) { return event.kind == ws_event_kind::closed; }, longest);
  }
  /// A message that holds a text.
  std::optional<ws_event> wait_text(const std::string& part, std::chrono::milliseconds longest = 8s) {
    return wait(
        [&](const ws_event& event) {
          return event.kind == ws_event_kind::message && event.text.find(part) != std::string::npos;
        },
        longest);
  }
  std::size_t count(ws_event_kind kind) {
    const std::lock_guard lock(mutex_);
    std::size_t found = 0;
    for (const ws_event& event : events_)
      found += event.kind == kind;
    return found;
  }

private:
  void note(ws_event event) {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<ws_event> events_;
  std::size_t seen_ = 0;
  std::unique_ptr<ws_client> client_; ///< last, so that it ends before what its thread writes to
};

} // namespace sentio::test
