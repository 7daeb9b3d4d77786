// The side of the hub that speaks HTTP: the page, its web sockets, health and metrics. One thread with
// libwebsockets' loop.
#pragma once

#include "core/monitor/endpoint.hpp"
#include "tools/sentio-hub/hub_store.hpp"

#include <libwebsockets.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include <openssl/ssl.h>

namespace sentio::hub {

struct web_config {
  endpoint listen{"127.0.0.1", 8080};
  std::vector<std::string> host_names; ///< that the page may be asked for under, beside loopback addresses
  std::string token;                   ///< empty: nobody needs one
  std::filesystem::path certificate;   ///< PEM chain; empty: plain HTTP
  std::filesystem::path key;
  std::string page; ///< bytes
  /// The document of /session.json for an id (empty: the newest); nothing: there is none. Called on the
  /// loop's thread.
  std::function<std::optional<std::string>(const std::string& id)> session;
  std::function<bool()> ready;
  bool finished_only = false; ///< there is no live instance to look at: /live is not offered
};

class web_service {
public:
  web_service(hub_store& store, web_config config);
  ~web_service();
  web_service(const web_service&) = delete;
  web_service& operator=(const web_service&) = delete;

  /// Throws std::runtime_error: the address cannot be had, or the certificate is not one.
  void start();
  /// Ends every connection, web sockets with a close frame, and joins.
  void stop();
  int port() const { return port_; }
  /// Viewers are told what is new. From any thread.
  void look();

private:
  struct viewer {
    viewer_place place;
    bool refused = false; ///< no token: closed with 4401
    std::uint16_t close_code = 0;
    std::string received;
    bool too_long = false;
    steady::time_point window{}; ///< of the frames counted
    int frames = 0;
    bool open = false;
  };
  struct reply {
    int status = 200;
    std::string type{};
    std::string body{};
    std::string_view page{}; ///< instead of a body
    std::size_t sent = 0;
    bool head_sent = false;
    bool head_only = false;

    std::string_view bytes() const { return page.empty() ? std::string_view(body) : page; }
  };
  struct timer_of {
    lws_sorted_usec_list_t timer{}; ///< first, so that its address is this object's
    web_service* owner = nullptr;
  };

  static int callback(lws* wsi, lws_callback_reasons reason, void* user, void* in, std::size_t length);
  static void on_timer(lws_sorted_usec_list_t* timer);
  int on_event(lws* wsi, lws_callback_reasons reason, void* in, std::size_t length);
  void serve();
  void wake_viewers();
  void tick();

  // web_http.cpp
  int on_request(lws* wsi, const char* path);
  reply answer(lws* wsi, const std::string& path);
  reply session_answer(lws* wsi);
  int send_reply(lws* wsi);
  bool send_head(lws* wsi, const reply& what);
  int refuse_upgrade(lws* wsi, int status, const char* why);
  bool host_known(const std::string& host) const;
  bool token_good(std::string_view shown) const;
  bool bearer_good(lws* wsi) const;

  // web_sockets.cpp
  int on_upgrade(lws* wsi, const char* protocol);
  int on_frame(lws* wsi, const char* data, std::size_t length);
  int on_message(viewer& from);
  int send_next(lws* wsi);
  void close_soon(lws* wsi, viewer& of, std::uint16_t code);
  void count_viewers();

  hub_store& store_;
  web_config config_;
  struct free_tls {
    void operator()(SSL_CTX* made) const { SSL_CTX_free(made); }
  };
  std::unique_ptr<SSL_CTX, free_tls> no_client_tls_; ///< outlives the context
  lws_context* context_ = nullptr;
  int port_ = 0;
  std::atomic<bool> stop_{false};
  std::thread thread_;
  // The loop's own:
  timer_of timer_;
  std::unordered_map<lws*, viewer> viewers_;
  std::unordered_map<lws*, reply> replies_;
  bool closing_ = false;
};

/// A header of a request; empty when it is not there.
std::string header_of(lws* wsi, lws_token_indexes token);

} // namespace sentio::hub
