#include "tools/sentio-exchange/service.hpp"

#include "actors/transport/thread_signals.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace sentio::serving {

namespace {

constexpr lws_usec_t shortest_sleep_us = 1'000;
constexpr lws_usec_t longest_sleep_us =
    100'000; ///< venue time is looked at this often even when nothing is due

time_ms computer_time() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

} // namespace

service::service(const exchange_server_config& config, std::unique_ptr<market_source> market,
                 const std::filesystem::path& tls_folder)
    : config_(config), identity_(tls_folder) {
  start_time_ = config.start.value_or(computer_time());
  // A client connects and authenticates in real time, however fast the venue's runs.
  config_.venue.auth_timeout_ms = std::llround(static_cast<double>(config.venue.auth_timeout_ms) * config.speed);
  exchange_ = std::make_unique<exchange>(config_.venue, std::move(market), start_time_);
  start_time_ = exchange_->now(); // a state file may be further on
  apply_faults(config.faults, start_time_);
}

service::~service() {
  stop();
}

void service::start() {
  static const lws_protocols protocols[] = {{"sentio-exchange", callback, 0, 65'536, 0, nullptr, 0},
                                            {nullptr, nullptr, 0, 0, 0, nullptr, 0}};
  lws_set_log_level(0, nullptr); // libwebsockets would print headers, and with them keys
  lws_context_creation_info info{};
  info.port = config_.port;
  info.iface = "127.0.0.1";
  info.protocols = protocols;
  info.gid = -1; // keep the process's group and user
  info.uid = -1;
  info.user = this;
  info.fd_limit_per_thread = 1'024;
  info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT | LWS_SERVER_OPTION_DISABLE_IPV6 |
                 LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND | LWS_SERVER_OPTION_EXPLICIT_VHOSTS;
  info.alpn = "http/1.1";
  const std::string certificate = files().certificate.string(), key = files().key.string();
  info.ssl_cert_filepath = certificate.c_str();
  info.ssl_private_key_filepath = key.c_str();
  // The server dials nobody. Without this, libwebsockets makes a client's TLS context with all of the
  // system's authorities, and 4.1.6 finds it again only while no other context was made in the process: else
  // it is never freed (11 MB in the transports' tests).
  no_client_tls_.reset(SSL_CTX_new(TLS_client_method()));
  if (!no_client_tls_)
    throw std::runtime_error("OpenSSL could not make a TLS context");
  info.provided_client_ssl_ctx = no_client_tls_.get();
  info.max_http_header_data = 16'384;
  info.max_http_header_pool = 512;
  info.pt_serv_buf_size = 65'536;
  info.keepalive_timeout = 60;
  info.timeout_secs = 20;
  info.vhost_name = "localhost";
  // In two steps: a context that is refused its port while it is made is not freed whole.
  context_ = lws_create_context(&info);
  auto* vhost = context_ ? lws_create_vhost(context_, &info) : nullptr;
  if (!vhost) {
    if (context_)
      lws_context_destroy(context_);
    context_ = nullptr;
    throw std::runtime_error("cannot listen on 127.0.0.1:" + std::to_string(config_.port) +
                             "; is the port taken? Port 0 takes any free one");
  }
  port_ = lws_get_vhost_listen_port(vhost);
  start_instant_ = steady::now();
  ready_ = true;
  thread_ = std::thread([this] { serve(); });
}

void service::stop() {
  if (!thread_.joinable())
    return;
  stop_ = true;
  lws_cancel_service(context_);
  thread_.join();
  lws_context_destroy(context_);
  context_ = nullptr;
}

time_ms service::venue_now() const {
  if (!ready_)
    return start_time_;
  const std::chrono::duration<double, std::milli> elapsed = steady::now() - start_instant_;
  return start_time_ + static_cast<time_ms>(std::floor(elapsed.count() * config_.speed));
}

nlohmann::json service::state() {
  const std::lock_guard lock(mutex_);
  return exchange_->state();
}

void service::set_faults(const fault_plan& plan) {
  const std::lock_guard lock(mutex_);
  apply_faults(plan, venue_now());
  if (context_)
    lws_cancel_service(context_); // the loop looks at what is due now
}

/// The mutex is held.
void service::apply_faults(const fault_plan& plan, time_ms now) {
  exchange_->advance(now);
  exchange_->set_faults(plan);
  faults_.set(plan, now);
  follow_faults(now);
}

/// The faults of the wire itself, which the exchange knows nothing of. The mutex is held.
void service::follow_faults(time_ms now) {
  const auto on = [&](fault_kind kind) { return faults_.active(kind, now) != nullptr; };
  refusing_ = on(fault_kind::refuse_connect);
  black_hole_ = on(fault_kind::black_hole_upgrade);
  identity_.show(on(fault_kind::tls_expired)      ? shown_certificate::expired
                 : on(fault_kind::tls_wrong_host) ? shown_certificate::wrong_host
                                                  : shown_certificate::valid);
  const auto* busy = faults_.active(fault_kind::upgrade_429, now);
  retry_after_s_ = busy ? static_cast<int>(std::lround(busy->value())) : 10;
}

void service::serve() {
  leave_signals_to_others();
  timer_.owner = this;
  pump();
  while (!stop_)
    if (lws_service(context_, 0) < 0)
      break;
  lws_sul_cancel(&timer_.timer);
}

void service::on_timer(lws_sorted_usec_list_t* timer) {
  reinterpret_cast<timer_of*>(timer)->owner->pump();
}

/// Moves venue time on to now, sends what became of it and sleeps until something is due again.
void service::pump() {
  {
    const std::lock_guard lock(mutex_);
    const time_ms now = venue_now();
    exchange_->advance(now);
    follow_faults(now);
    distribute();
  }
  begin_late_replies();
  schedule();
}

void service::schedule() {
  lws_usec_t sleep = longest_sleep_us;
  {
    const std::lock_guard lock(mutex_);
    if (const auto next = exchange_->next_time()) {
      const double real_us = static_cast<double>(*next - venue_now()) / config_.speed * 1'000;
      sleep = real_us >= static_cast<double>(longest_sleep_us)
                  ? longest_sleep_us
                  : static_cast<lws_usec_t>(std::max(0.0, real_us));
    }
  }
  if (!late_replies_.empty()) {
    const auto until = late_replies_.begin()->first - steady::now();
    sleep = std::min<lws_usec_t>(sleep, std::chrono::duration_cast<std::chrono::microseconds>(until).count());
  }
  lws_sul_schedule(context_, 0, &timer_.timer, on_timer, std::max(sleep, shortest_sleep_us));
}

void service::begin_late_replies() {
  const auto now = steady::now();
  while (!late_replies_.empty() && late_replies_.begin()->first <= now) {
    lws_callback_on_writable(late_replies_.begin()->second);
    late_replies_.erase(late_replies_.begin());
  }
}

/// The connection is gone.
void service::forget(lws* wsi) {
  std::erase_if(late_replies_, [&](const auto& late) { return late.second == wsi; });
  const auto found = connections_.find(wsi);
  if (found == connections_.end())
    return;
  if (found->second.stream) {
    const std::lock_guard lock(mutex_);
    streams_.erase(*found->second.stream);
    exchange_->close_stream(*found->second.stream);
  }
  connections_.erase(found);
}

int service::callback(lws* wsi, lws_callback_reasons reason, void* user, void* in, std::size_t length) {
  lws_context* context = lws_get_context(wsi);
  auto* owner = context ? static_cast<service*>(lws_context_user(context)) : nullptr;
  return owner ? owner->on_event(wsi, reason, user, in, length) : 0;
}

int service::on_event(lws* wsi, lws_callback_reasons reason, void* user, void* in, std::size_t length) {
  const auto here = [&]() -> connection& { return connections_[wsi]; };
  switch (reason) {
  case LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS:
    identity_.install(static_cast<SSL_CTX*>(user));
    return 0;
  case LWS_CALLBACK_FILTER_NETWORK_CONNECTION:
    return refusing_ ? 1 : 0;
  case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
    return on_upgrade(wsi, static_cast<const char*>(in));
  case LWS_CALLBACK_HTTP:
    return on_request(wsi, static_cast<const char*>(in));
  case LWS_CALLBACK_HTTP_BODY:
    return on_body(wsi, static_cast<const char*>(in), length);
  case LWS_CALLBACK_HTTP_BODY_COMPLETION:
    if (connection& at = here(); !at.asked)
      ask_exchange(wsi, at);
    return 0;
  case LWS_CALLBACK_HTTP_WRITEABLE:
    return send_reply(wsi, here());
  case LWS_CALLBACK_ADD_HEADERS:
    return on_upgrade_head(in);
  case LWS_CALLBACK_ESTABLISHED:
    here().open = true;
    lws_callback_on_writable(wsi);
    return 0;
  case LWS_CALLBACK_RECEIVE:
    return on_frame(wsi, static_cast<const char*>(in), length);
  case LWS_CALLBACK_SERVER_WRITEABLE:
    return send_frame(wsi, here());
  case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
    if (!stop_ && ready_)
      pump();
    return 0;
  case LWS_CALLBACK_WSI_DESTROY:
    forget(wsi);
    return 0;
  default:
    return 0;
  }
}

} // namespace sentio::serving
