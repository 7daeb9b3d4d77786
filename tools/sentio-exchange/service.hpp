// The event loop of the exchange's server: libwebsockets on one side, the exchange on the other.
#pragma once

#include "core/exchange/fault_board.hpp"
#include "tools/sentio-exchange/chunked_body.hpp"
#include "tools/sentio-exchange/exchange_server.hpp"
#include "tools/sentio-exchange/server_identity.hpp"
#include "tools/sentio-exchange/stream_codec.hpp"

#include <libwebsockets.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <unordered_map>

namespace sentio::serving {

/// One TCP connection: requests one after another, or a web socket.
struct connection {
  http_request request;
  std::size_t body_expected = 0;
  std::optional<chunked_body> chunks; ///< of a request without a Content-Length
  bool head_only = false;             ///< HEAD: the body's length is told, the body is not sent
  bool gzip = false;                  ///< the client understands it
  bool asked = false; ///< the request is complete and was given to the exchange
  http_response reply;
  bool replying = false; ///< a reply waits to be sent, or is being sent
  bool head_sent = false;
  bool close_after = false; ///< the request's rest was not read, so the connection cannot go on
  std::size_t sent = 0;     ///< bytes of the reply's body
  std::chrono::steady_clock::time_point due{}; ///< of a delayed reply

  /// Bytes for a web socket, or its end.
  struct frame {
    std::string bytes; ///< behind LWS_PRE bytes of room; only the room: nothing to send
    bool close = false;
    bool abort = false;
    std::uint16_t code = 1000;
  };
  std::optional<stream_id> stream;
  stream_kind kind = stream_kind::stock_data;
  stream_codec codec = stream_codec::json;
  bool open = false;   ///< the upgrade is done
  bool ending = false; ///< the last frame is in the queue
  bool black_hole = false;
  std::string received;
  std::deque<frame> outgoing;
  std::size_t queued_bytes = 0;
};

class service {
public:
  service(const exchange_server_config& config, std::unique_ptr<market_source> market,
          const std::filesystem::path& tls_folder);
  ~service();
  service(const service&) = delete;
  service& operator=(const service&) = delete;

  void start();
  void stop();

  int port() const { return port_; }
  const local_tls_files& files() const { return identity_.files(); }
  time_ms venue_now() const;
  nlohmann::json state();
  void set_faults(const fault_plan& plan);

private:
  using steady = std::chrono::steady_clock;
  struct timer_of {
    lws_sorted_usec_list_t timer{}; ///< first, so that its address is this object's
    service* owner = nullptr;
  };

  static int callback(lws* wsi, lws_callback_reasons reason, void* user, void* in, std::size_t length);
  static void on_timer(lws_sorted_usec_list_t* timer);
  int on_event(lws* wsi, lws_callback_reasons reason, void* user, void* in, std::size_t length);

  // service_http.cpp
  int on_request(lws* wsi, const char* path);
  bool read_framing(lws* wsi, connection& at, bool has_body);
  int on_body(lws* wsi, const char* data, std::size_t length);
  int on_chunks(lws* wsi, connection& at, std::string_view bytes);
  void refuse(lws* wsi, int status, const char* message);
  void ask_exchange(lws* wsi, connection& at);
  void reply_later(lws* wsi, connection& at);
  int send_reply(lws* wsi, connection& at);
  void identify(http_response& answer);
  static void shape_body(connection& at);
  bool send_head(lws* wsi, const connection& at);
  int on_upgrade(lws* wsi, const char* protocol);
  int refuse_upgrade(lws* wsi, int status);
  int on_upgrade_head(void* in);
  std::string method_and_path(lws* wsi, std::string& path) const;
  void read_head(lws* wsi, http_request& out) const;

  // service_streams.cpp
  int on_frame(lws* wsi, const char* data, std::size_t length);
  int send_frame(lws* wsi, connection& at);
  void distribute();
  void queue_output(lws* wsi, connection& at, const stream_output& output);
  void end_slow(lws* wsi, connection& at);
  static void cut(lws* wsi);

  // service.cpp
  void pump();
  void schedule();
  void begin_late_replies();
  void forget(lws* wsi);
  void follow_faults(time_ms now);
  void apply_faults(const fault_plan& plan, time_ms now);
  void serve();

  exchange_server_config config_;
  server_identity identity_;
  time_ms start_time_ = 0;
  steady::time_point start_instant_{};
  /// Held whenever the exchange or the faults are used; the loop gives it up between two events.
  std::mutex mutex_;
  std::unique_ptr<exchange> exchange_;
  venue::fault_board faults_;
  struct free_tls {
    void operator()(SSL_CTX* made) const { SSL_CTX_free(made); }
  };
  std::unique_ptr<SSL_CTX, free_tls> no_client_tls_; ///< outlives the context
  lws_context* context_ = nullptr;
  int port_ = 0;
  std::atomic<bool> stop_{false};
  std::atomic<bool> ready_{false}; ///< venue time runs
  std::thread thread_;
  // The loop's own:
  timer_of timer_;
  std::unordered_map<lws*, connection> connections_;
  std::unordered_map<stream_id, lws*> streams_;
  std::multimap<steady::time_point, lws*> late_replies_;
  // Set by whoever sets faults, read by the loop:
  std::atomic<bool> refusing_{false};
  std::atomic<bool> black_hole_{false};
  std::atomic<int> retry_after_s_{10}; ///< of a refused upgrade
};

} // namespace sentio::serving
