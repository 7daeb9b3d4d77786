// The web sockets: who is authenticated, who asked for what, and what is to be sent (spec sections 1, 4 and 5).
#pragma once

#include "core/exchange/exchange.hpp"
#include "core/exchange/fault_board.hpp"
#include "core/exchange/text.hpp"

#include <functional>
#include <map>
#include <set>

namespace sentio::venue {

class stream_hub {
public:
  stream_hub(const exchange_config& config, fault_board& faults) : config_(config), faults_(faults) {}

  std::optional<stream_id> open(stream_kind kind, const std::string& path, const http_request& upgrade, time_ms now,
                                int& http_status);
  void on_message(stream_id stream, const json& message, time_ms now);
  void close(stream_id stream) {
    connections_.erase(stream);
    wishes_.reset();
  }
  std::vector<stream_output> take();

  /// Whether anyone on the real feeds (or on /v2/test) listens to a channel at all, or to one symbol of it.
  bool wants(const std::string& channel, bool test = false) const;
  bool wants(const std::string& channel, const std::string& symbol, bool test = false) const;
  /// What is to be done again and again while anyone listens to it.
  struct regular_wishes {
    bool ticks = false;      ///< quotes, trades or second aggregates of the real feeds
    bool test_ticks = false; ///< of /v2/test
    bool bands = false;
  };
  const regular_wishes& wishes() const;
  /// A point (JSON text) for the subscribers of a channel; points of one instant share an array.
  void data(const std::string& channel, const std::string& symbol, const std::string& point, bool test = false);
  void polygon(const std::string& topic, const std::string& symbol, const std::string& point);
  /// `data` of a trade_updates message, as JSON text.
  void trade_update(const std::string& event, const std::string& symbol, const std::string& data, time_ms now);
  /// The same of a fault: sent as it is, once.
  void trade_update_of_fault(const std::string& data);
  /// Sends the arrays that data() filled.
  void flush();

  /// Everyone of a kind (data, test and Polygon together are "data") gets a message, bytes, a close or a reset.
  void broadcast_data(const json& message);
  void broadcast_raw(const std::string& bytes);
  void abort_data();
  void abort_trading();
  void close_everyone(std::uint16_t code);

  /// The next authentication that will time out.
  std::optional<time_ms> next_time() const;
  void run(time_ms now);
  json counters() const;

private:
  struct connection {
    stream_kind kind = stream_kind::stock_data;
    std::string path;
    bool test = false;
    bool authenticated = false;
    bool listening = false;                           ///< trading
    std::optional<time_ms> deadline;                  ///< of authentication
    std::map<std::string, std::set<std::string>> subscribed; ///< by channel
    std::string points;                               ///< JSON texts with commas in between, not sent yet
  };
  using connections = std::map<stream_id, connection>;

  void send(stream_id stream, const json& message);
  void send_text(stream_id stream, std::string message);
  void send_points(stream_id stream, connection& c);
  void send_error(stream_id stream, int code, const char* text);
  void end(stream_id stream, std::uint16_t code);
  void end_where(const std::function<bool(const connection&)>& which, bool abort, std::uint16_t code);

  void data_message(stream_id stream, const json& message, time_ms now);
  void data_auth(stream_id stream, const std::string& key, const std::string& secret, time_ms now);
  void data_subscribe(stream_id stream, const json& message, bool add, time_ms now);
  json acknowledgement(const connection& c) const;
  void trading_message(stream_id stream, const json& message);
  void polygon_message(stream_id stream, const json& message);
  void polygon_auth(stream_id stream, const std::string& key);
  void polygon_subscribe(stream_id stream, const std::string& topics, bool add);
  void make_room(stream_id stream);
  static bool has(const connection& c, const std::string& channel, const std::string& symbol);

  const exchange_config& config_;
  fault_board& faults_;
  connections connections_;
  stream_id last_ = 0;
  std::int64_t sent_ = 0;
  std::vector<stream_output> outputs_;
  mutable std::optional<regular_wishes> wishes_; ///< empty after every change of connections or subscriptions
};

} // namespace sentio::venue
