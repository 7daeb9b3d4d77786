#include "tools/sentio-hub/web_service.hpp"

#include "actors/transport/thread_signals.hpp"

#include <stdexcept>

namespace sentio::hub {

namespace {

constexpr lws_usec_t tick_us = 250'000;
constexpr std::chrono::milliseconds good_bye{500}; ///< for close frames when the program ends

} // namespace

web_service::web_service(hub_store& store, web_config config) : store_(store), config_(std::move(config)) {}

web_service::~web_service() {
  stop();
}

void web_service::start() {
  // Web sockets name the protocol; everything else comes to the first one as well.
  static const lws_protocols protocols[] = {{"sentio.1", callback, 0, 1'024, 0, nullptr, 0},
                                            {nullptr, nullptr, 0, 0, 0, nullptr, 0}};
  static const lws_retry_bo_t silence{nullptr, 0, 0, 10, 25, 0}; // ping after 10 s, hang up after 25 s
  lws_set_log_level(0, nullptr); // libwebsockets would print headers, and with them tokens
  lws_context_creation_info info{};
  info.port = config_.listen.port;
  const std::string host = config_.listen.host == "localhost" ? "127.0.0.1" : config_.listen.host;
  info.iface = host == "0.0.0.0" || host == "::" ? nullptr : host.c_str();
  info.protocols = protocols;
  info.gid = -1; // keep the process's group and user
  info.uid = -1;
  info.user = this;
  info.fd_limit_per_thread = 512;
  info.options = LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND | LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
  if (host.find(':') == std::string::npos)
    info.options |= LWS_SERVER_OPTION_DISABLE_IPV6;
  info.alpn = "http/1.1";
  const std::string certificate = config_.certificate.string(), key = config_.key.string();
  if (!certificate.empty()) {
    info.options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
    info.ssl_cert_filepath = certificate.c_str();
    info.ssl_private_key_filepath = key.c_str();
    // It dials nobody: without this, libwebsockets makes a client's context with all of the system's
    // authorities.
    no_client_tls_.reset(SSL_CTX_new(TLS_client_method()));
    if (!no_client_tls_)
      throw std::runtime_error("OpenSSL could not make a TLS context");
    info.provided_client_ssl_ctx = no_client_tls_.get();
  }
  info.max_http_header_data = 8'192;
  info.max_http_header_pool = 128;
  info.pt_serv_buf_size = 65'536;
  info.keepalive_timeout = 30;
  info.timeout_secs = 10;
  info.retry_and_idle_policy = &silence;
  info.vhost_name = "localhost";
  // In two steps: a context that is refused its port while it is made is not freed whole.
  context_ = lws_create_context(&info);
  auto* vhost = context_ ? lws_create_vhost(context_, &info) : nullptr;
  if (!vhost) {
    if (context_)
      lws_context_destroy(context_);
    context_ = nullptr;
    throw std::runtime_error(
        "cannot listen on " + to_string(config_.listen) +
        " for the page; is the port taken, or no address of this computer?" +
        (certificate.empty() ? "" : " Is " + certificate + " a certificate with its key?") +
        " Port 0 takes any free port");
  }
  port_ = lws_get_vhost_listen_port(vhost);
  thread_ = std::thread([this] { serve(); });
}

void web_service::stop() {
  if (!thread_.joinable())
    return;
  stop_ = true;
  lws_cancel_service(context_);
  thread_.join();
  lws_context_destroy(context_);
  context_ = nullptr;
}

void web_service::look() {
  if (context_)
    lws_cancel_service(context_);
}

void web_service::serve() {
  leave_signals_to_others();
  timer_.owner = this;
  tick();
  steady::time_point end{};
  while (!stop_ || (!viewers_.empty() && steady::now() < end)) {
    if (lws_service(context_, 0) < 0)
      break;
    if (stop_ && !closing_) {
      closing_ = true;
      end = steady::now() + good_bye;
      for (auto& [wsi, each] : viewers_)
        close_soon(wsi, each, LWS_CLOSE_STATUS_GOINGAWAY);
    }
  }
  lws_sul_cancel(&timer_.timer);
}

void web_service::on_timer(lws_sorted_usec_list_t* timer) {
  reinterpret_cast<timer_of*>(timer)->owner->tick();
}

void web_service::tick() {
  if (!stop_)
    store_.tick();
  wake_viewers();
  lws_sul_schedule(context_, 0, &timer_.timer, on_timer, tick_us);
}

void web_service::wake_viewers() {
  for (auto& [wsi, each] : viewers_)
    if (each.open && (each.close_code != 0 || store_.has_next(each.place)))
      lws_callback_on_writable(wsi);
}

int web_service::callback(lws* wsi, lws_callback_reasons reason, void*, void* in, std::size_t length) {
  lws_context* context = lws_get_context(wsi);
  auto* owner = context ? static_cast<web_service*>(lws_context_user(context)) : nullptr;
  return owner ? owner->on_event(wsi, reason, in, length) : 0;
}

int web_service::on_event(lws* wsi, lws_callback_reasons reason, void* in, std::size_t length) {
  switch (reason) {
  case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
    return on_upgrade(wsi, static_cast<const char*>(in));
  case LWS_CALLBACK_HTTP:
    return on_request(wsi, static_cast<const char*>(in));
  case LWS_CALLBACK_HTTP_WRITEABLE:
    return send_reply(wsi);
  case LWS_CALLBACK_ESTABLISHED:
    viewers_[wsi].open = true;
    count_viewers();
    lws_callback_on_writable(wsi);
    return 0;
  case LWS_CALLBACK_RECEIVE:
    return on_frame(wsi, static_cast<const char*>(in), length);
  case LWS_CALLBACK_SERVER_WRITEABLE:
    return send_next(wsi);
  case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
    wake_viewers();
    return 0;
  case LWS_CALLBACK_WSI_DESTROY:
    replies_.erase(wsi);
    if (viewers_.erase(wsi) > 0)
      count_viewers();
    return 0;
  default:
    return 0;
  }
}

} // namespace sentio::hub
