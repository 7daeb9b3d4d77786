// The bundled exchange as a value: venue time and requests in, answers and stream messages out. It speaks
// Alpaca's trading and market-data protocols (and Polygon's) but knows no socket, thread or clock; the program
// sentio-exchange puts it behind a TLS port.
#pragma once

#include "core/exchange/faults.hpp"
#include "core/exchange/market_source.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sentio {

struct exchange_config {
  std::string key_id = "PKLOCALEXCHANGE";
  std::string secret = "local";
  std::string account_number = "PA3LOCAL0001"; ///< "PA" marks a paper account
  double cash = 100'000;
  std::uint64_t seed = 1;              ///< of partial fills, spreads and fault times
  double partial_fill_share = 0.10;    ///< of fills, Alpaca's paper rule
  double quote_half_spread_bp = 2;     ///< of symbols without an instrument row
  int requests_per_minute = 200;       ///< of venue time; over it: 429. 0 = no limit
  int data_symbol_limit = 0;           ///< 405 beyond; 0 = none (the free plan has 30)
  int data_connection_limit = 1;       ///< per stream path; 406 beyond
  std::string state_file;              ///< SQLite: account and venue time; empty: memory only
  time_ms auth_timeout_ms = 10'000;    ///< of venue time; then error 404 and a close
  double revised_bar_share = 0.01;     ///< of bars, sent first with less volume and corrected at +30 s
  bool recent_sip = false;             ///< whether feed=sip may ask for the last 15 minutes
  std::map<std::string, double> half_spread_bp; ///< by symbol, of the instrument rows; else quote_half_spread_bp
};

/// One HTTP request, decoded from the wire.
struct http_request {
  std::string method; ///< "GET", "POST", "PATCH", "DELETE"
  std::string path;   ///< "/v2/orders", decoded, without the query
  std::vector<std::pair<std::string, std::string>> query; ///< decoded
  std::string body;
  std::string key_id; ///< APCA-API-KEY-ID, or of Authorization: Basic
  std::string secret;
  std::string token{}; ///< of Authorization: Bearer: Alpaca's OAuth (the secret), or Polygon's key
  std::string host{};  ///< by which the client reached the server, "localhost:18443"; for links in answers
};

struct http_response {
  int status = 200;
  std::string body; ///< JSON, or empty with 204
  std::vector<std::pair<std::string, std::string>> headers; ///< X-Request-ID, Date, X-Ratelimit-*, Retry-After
  /// What a fault does to the answer on the wire; the request itself was or was not carried out before.
  bool drop_connection = false; ///< close without an answer
  std::int64_t delay_ms = 0;    ///< of real time before the answer is sent
};

/// Which protocol a web socket speaks, chosen by its path.
enum class stream_kind : std::uint8_t {
  stock_data, ///< /v2/iex, /v2/sip, /v2/test
  trading,    ///< /stream: trade_updates
  polygon     ///< /stocks
};
using stream_id = std::uint64_t;

/// A message for one web socket, or its end.
struct stream_output {
  stream_id stream = 0;
  std::string message;             ///< JSON text, to be encoded as the stream asked; empty: none
  std::string raw;                 ///< bytes sent as they are instead of message (malformed ones, by a fault)
  bool close = false;              ///< after the message
  bool abort = false;              ///< drop TCP without a close frame
  std::uint16_t close_code = 1000; ///< with close
};

class exchange {
public:
  /// Venue time begins at `now`, or at the state file's time when that is later: it never goes back.
  /// Throws std::runtime_error when the state file cannot be opened or read.
  exchange(const exchange_config& config, std::unique_ptr<market_source> market, time_ms now);
  ~exchange();
  exchange(const exchange&) = delete;
  exchange& operator=(const exchange&) = delete;

  /// Moves venue time on: bars and quotes appear, orders fill, timeouts expire. Times ascend.
  void advance(time_ms now);
  time_ms now() const;
  /// The next instant at which advance() has something to do.
  std::optional<time_ms> next_time() const;

  /// Never throws on bad requests: they get Alpaca's own error answers, or Polygon's on Polygon's paths.
  http_response handle(const http_request& request);
  /// X-Request-ID and Date (venue time), which handle() gives every answer; for answers that a server makes itself.
  void identify(http_response& answer);

  /// A web socket was upgraded. Empty when it is refused: then http_status holds the answer (404, and by
  /// faults 429 or 503). Accepted: 101.
  std::optional<stream_id> open_stream(stream_kind kind, const std::string& path, const http_request& upgrade,
                                       int& http_status);
  /// A whole message of a client, already decoded (null: it could not be).
  void on_message(stream_id stream, const nlohmann::json& message);
  /// The socket is gone.
  void close_stream(stream_id stream);
  /// What is to be sent since the last call, in order.
  std::vector<stream_output> take();

  /// Replaces the active faults (POST /faults, --faults).
  void set_faults(fault_plan plan);
  /// Whether a fault's window is open: for the kinds that the server carries out (TLS, connections).
  bool fault_active(fault_kind kind, time_ms now) const;
  /// Retry-After of an upgrade refused with 429, in seconds; 0: none.
  int upgrade_retry_after() const;
  /// Counters and the state of the account, for tests and GET /exchange/state (cash, positions, orders).
  nlohmann::json state() const;

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace sentio
