#include "actors/transport/ws_client.hpp"

#include "actors/transport/thread_signals.hpp"

#include <libwebsockets.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <cctype>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <fstream>
#include <mutex>
#include <netdb.h>
#include <optional>
#include <thread>

namespace sentio {

namespace {

using steady = std::chrono::steady_clock;

constexpr std::size_t queue_cap = 1'024; ///< messages not yet sent; a client of a venue has a handful
constexpr auto farewell = std::chrono::milliseconds(450); ///< for the close frame, then the socket is dropped
constexpr lws_usec_t look_around_us = 250'000;
/// Of a destructor, whatever the peer and the library do: then the thread is left to itself.
constexpr auto longest_stop = std::chrono::seconds(3);

struct web_address {
  std::string host;
  std::string path = "/";
  int port = 443;
};

/// "wss://host[:port][/path]"; empty when it is anything else.
std::optional<web_address> parse_address(const std::string& url) {
  constexpr std::string_view scheme = "wss://";
  if (!url.starts_with(scheme))
    return std::nullopt;
  web_address out;
  std::string rest = url.substr(scheme.size());
  if (const auto slash = rest.find('/'); slash != rest.npos) {
    out.path = rest.substr(slash);
    rest.resize(slash);
  }
  if (const auto colon = rest.rfind(':'); colon != rest.npos) {
    const std::string digits = rest.substr(colon + 1);
    if (digits.empty() || digits.size() > 5 ||
        !std::all_of(digits.begin(), digits.end(), [](unsigned char c) { return std::isdigit(c) != 0; }))
      return std::nullopt;
    out.port = std::stoi(digits);
    rest.resize(colon);
  }
  out.host = rest;
  return out.host.empty() || out.port == 0 || out.port > 65'535 ? std::nullopt : std::optional(out);
}

/// What a name server said, kept apart from the client: a thread that waits for it may outlive the client.
struct lookup {
  std::mutex mutex;
  std::condition_variable changed;
  bool done = false;
  std::string ip;
  std::string error;
};

void resolve(const std::string& host, lookup& out) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_family = AF_UNSPEC;
  addrinfo* found = nullptr;
  const int code = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  std::string ip;
  // The first IPv4 address, else the first of any kind: a machine without IPv6 routes must not try those.
  for (const int family : {AF_INET, AF_INET6})
    for (const addrinfo* one = found; one && ip.empty(); one = one->ai_next) {
      char text[NI_MAXHOST];
      if (one->ai_family == family &&
          getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) == 0)
        ip = text;
    }
  if (found)
    freeaddrinfo(found);
  const std::lock_guard lock(out.mutex);
  out.ip = ip;
  out.error = code != 0 ? gai_strerror(code) : "it has no address";
  out.done = true;
  out.changed.notify_all();
}

bool is_ip(const std::string& host) {
  in6_addr unused{};
  return inet_pton(AF_INET, host.c_str(), &unused) == 1 || inet_pton(AF_INET6, host.c_str(), &unused) == 1;
}

/// libwebsockets 4.1.6 renews a process-wide index with each new context and looks the connection up by it
/// while it verifies a certificate: a context made on one thread breaks a handshake under way on another.
/// OpenSSL's own verdict is all that is wanted, so its callback is put back before each handshake begins.
extern "C" int sentio_openssl_verdict(int good, X509_STORE_CTX*) {
  return good;
}
extern "C" void sentio_before_handshake(const SSL* ssl, int where, int) {
  if (where & SSL_CB_HANDSHAKE_START)
    SSL_set_verify(const_cast<SSL*>(ssl), SSL_VERIFY_PEER, sentio_openssl_verdict);
}

} // namespace

struct ws_client::impl {
  impl(const ws_config& given, sink receiver) : config(given), events(std::move(receiver)) {}

  void run();
  bool connect();
  std::string find_ip();
  void serve();
  lws_context* make_context();
  bool make_tls();
  void report_closed();
  int on_event(lws* from, lws_callback_reasons reason, void* user, void* in, std::size_t length);
  int on_received(lws* wsi, const char* data, std::size_t length);
  int on_writable(lws* wsi);
  void on_refused(lws* wsi, const char* text);
  void append_headers(lws* wsi, void* in, std::size_t length);
  void look_around();
  static int callback(lws* from, lws_callback_reasons reason, void* user, void* in, std::size_t length) {
    lws_context* owner = lws_get_context(from);
    auto* client = owner ? static_cast<impl*>(lws_context_user(owner)) : nullptr;
    return client ? client->on_event(from, reason, user, in, length) : 0;
  }
  static void on_timer(lws_sorted_usec_list_t* timer) {
    reinterpret_cast<timer_of*>(timer)->owner->look_around();
  }
  void finish() {
    gone = true;
    lws_cancel_service(context); // a callback run by a timer does not make lws_service() return
  }

  /// The timer comes first, so that its address is this object's.
  struct timer_of {
    lws_sorted_usec_list_t timer{};
    impl* owner = nullptr;
  };

  ws_config config;
  sink events;
  web_address address;
  std::atomic<bool> stop{false};
  std::mutex mutex;
  std::deque<std::string> outgoing; ///< guarded by mutex, like the next two
  struct free_tls {
    void operator()(SSL_CTX* made) const { SSL_CTX_free(made); }
  };
  std::unique_ptr<SSL_CTX, free_tls> tls; ///< outlives the context
  lws_context* context = nullptr;
  bool accepting = true; ///< false once closed
  // The thread's own:
  timer_of timer;
  lws_retry_bo_t silence{};
  lws* wsi = nullptr;
  bool gone = false;
  bool opened = false;
  steady::time_point give_up{}; ///< connecting, later saying good-bye, ends here
  bool saying_goodbye = false;
  std::string received;
  ws_event ending;
  std::shared_ptr<lookup> name_server;
  std::condition_variable ended_changed;
  bool ended = false; ///< guarded by mutex: nothing of the thread is left but its return
};

void ws_client::impl::on_refused(lws* refused, const char* text) {
  if (ending.text.empty())
    ending.text = text ? text : "the connection could not be made";
  const auto status = static_cast<int>(lws_http_client_http_response(refused));
  if (status == 0 || status == 101)
    return;
  ending.http_status = status;
  ending.text = "the upgrade was answered with HTTP status " + std::to_string(status);
  char value[32];
  if (status == 429 && lws_hdr_copy(refused, value, sizeof value, WSI_TOKEN_HTTP_RETRY_AFTER) > 0)
    ending.retry_after_s = std::clamp(std::atoi(value), 0, 86'400);
}

void ws_client::impl::append_headers(lws* upgraded, void* in, std::size_t length) {
  auto** position = static_cast<unsigned char**>(in);
  unsigned char* const end = *position + length;
  for (const auto& [name, value] : config.headers)
    if (lws_add_http_header_by_name(upgraded, reinterpret_cast<const unsigned char*>((name + ":").c_str()),
                                    reinterpret_cast<const unsigned char*>(value.c_str()),
                                    static_cast<int>(value.size()), position, end))
      ending.text = "the headers of the upgrade are too long";
}

int ws_client::impl::on_received(lws* from, const char* data, std::size_t length) {
  if (gone)
    return -1;
  if (lws_is_first_fragment(from))
    received.clear();
  if (received.size() + length > config.message_cap) {
    // Without a close frame: libwebsockets would wait for the answer behind the rest of the message, which it
    // goes on reading.
    if (ending.text.empty())
      ending.text = "a message is longer than " + std::to_string(config.message_cap) + " bytes";
    std::string().swap(received);
    finish();
    return -1;
  }
  if (length > 0)
    received.append(data, length);
  if (!lws_is_final_fragment(from) || lws_remaining_packet_payload(from) != 0 || stop)
    return 0;
  ws_event event;
  event.kind = ws_event_kind::message;
  event.text = std::move(received);
  received.clear();
  events(std::move(event));
  return 0;
}

int ws_client::impl::on_writable(lws* to) {
  std::string text;
  bool more = false;
  bool found = false;
  {
    const std::lock_guard lock(mutex);
    if (!outgoing.empty()) {
      text = std::move(outgoing.front());
      outgoing.pop_front();
      found = true;
    }
    more = !outgoing.empty();
  }
  if (found) {
    std::string framed(LWS_PRE, '\0');
    framed += text;
    auto* payload = reinterpret_cast<unsigned char*>(framed.data()) + LWS_PRE;
    if (lws_write(to, payload, text.size(), LWS_WRITE_TEXT) < static_cast<int>(text.size())) {
      ending.text = "a message could not be written";
      return -1;
    }
  }
  if (more || (found && stop)) {
    lws_callback_on_writable(to);
  } else if (stop) {
    lws_close_reason(to, LWS_CLOSE_STATUS_NORMAL, nullptr, 0);
    return -1;
  }
  return 0;
}

int ws_client::impl::on_event(lws* from, lws_callback_reasons reason, void*, void* in, std::size_t length) {
  switch (reason) {
  case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
    append_headers(from, in, length);
    break;
  case LWS_CALLBACK_CLIENT_HTTP_REDIRECT:
    return 1; // keys must not follow a redirect
  case LWS_CALLBACK_CLIENT_ESTABLISHED: {
    opened = true;
    ws_event event;
    event.kind = ws_event_kind::opened;
    if (!stop)
      events(std::move(event));
    lws_callback_on_writable(from);
    break;
  }
  case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
    on_refused(from, static_cast<const char*>(in));
    break;
  case LWS_CALLBACK_CLIENT_RECEIVE:
    return on_received(from, static_cast<const char*>(in), length);
  case LWS_CALLBACK_CLIENT_WRITEABLE:
    return on_writable(from);
  case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
    if (in && length >= 2) {
      const auto* bytes = static_cast<const unsigned char*>(in);
      ending.close_code = bytes[0] << 8 | bytes[1];
      ending.text = "closed by the peer with code " + std::to_string(ending.close_code);
      if (length > 2)
        ending.text += ": " + std::string(static_cast<const char*>(in) + 2, length - 2);
    } else {
      ending.text = "closed by the peer";
    }
    break;
  case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
    if (wsi && opened)
      lws_callback_on_writable(wsi);
    look_around();
    break;
  case LWS_CALLBACK_WSI_DESTROY:
    // The one event that comes however a connection ends; an upgrade that is never answered has no other.
    if (wsi && from == wsi) {
      wsi = nullptr;
      finish();
    }
    break;
  default:
    break;
  }
  return 0;
}

/// Deadlines, by a timer of our own: lws_service() alone may sleep for days.
void ws_client::impl::look_around() {
  const auto now = steady::now();
  if (stop && !saying_goodbye) {
    saying_goodbye = true;
    give_up = now + (opened ? farewell : std::chrono::milliseconds(0));
  }
  const bool waiting = !opened || saying_goodbye;
  if (waiting && now >= give_up) {
    if (ending.text.empty())
      ending.text =
          "timed out after " + std::to_string(config.connect_timeout_s) + " s without an open socket";
    finish();
    return;
  }
  auto next = look_around_us;
  if (waiting)
    next = std::min<lws_usec_t>(
        next, std::chrono::duration_cast<std::chrono::microseconds>(give_up - now).count() + 1'000);
  lws_sul_schedule(context, 0, &timer.timer, on_timer, next);
}

/// The name is resolved on a thread of its own, because a stalled name server answers after minutes. Empty:
/// why stands in ending.
std::string ws_client::impl::find_ip() {
  if (is_ip(address.host))
    return address.host;
  name_server = std::make_shared<lookup>();
  std::thread([host = address.host, shared = name_server] { resolve(host, *shared); }).detach();
  std::unique_lock lock(name_server->mutex);
  while (!name_server->done && !stop && steady::now() < give_up)
    name_server->changed.wait_for(lock, std::chrono::milliseconds(50));
  if (name_server->done && !name_server->ip.empty())
    return name_server->ip;
  ending.text = "the name " + address.host + " could not be resolved: " +
                (name_server->done ? name_server->error : "no answer from the name server");
  return {};
}

lws_context* ws_client::impl::make_context() {
  static const lws_protocols protocols[] = {{"sentio", callback, 0, 65'536, 0, nullptr, 0},
                                            {nullptr, nullptr, 0, 0, 0, nullptr, 0}};
  silence.secs_since_valid_ping = static_cast<std::uint16_t>(config.ping_after_s);
  silence.secs_since_valid_hangup = static_cast<std::uint16_t>(config.hang_up_after_s);
  lws_context_creation_info info{};
  info.port = CONTEXT_PORT_NO_LISTEN;
  info.protocols = protocols;
  info.gid = -1; // keep the process's group and user
  info.uid = -1;
  info.user = this;
  info.fd_limit_per_thread = 16; // else a table for as many files as the process may ever open
  info.options = LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
  info.timeout_secs = static_cast<unsigned>(config.connect_timeout_s);
  info.connect_timeout_secs = static_cast<unsigned>(config.connect_timeout_s);
  info.retry_and_idle_policy = &silence;
  info.http_proxy_address = ""; // not null: else the environment variable http_proxy is obeyed
  if (!make_tls())
    return nullptr;
  info.provided_client_ssl_ctx = tls.get();
  return lws_create_context(&info);
}

/// Ours and not the library's, with all authorities in it: version 4.1.6 looks for the one that it makes by
/// the same process-wide index, and does not free it when another context was made meanwhile.
bool ws_client::impl::make_tls() {
  tls.reset(SSL_CTX_new(TLS_client_method()));
  if (!tls)
    return false;
  SSL_CTX_set_info_callback(tls.get(), sentio_before_handshake);
  SSL_CTX_set_min_proto_version(tls.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(tls.get(), SSL_VERIFY_PEER, nullptr);
  return config.ca_file.empty()
             ? SSL_CTX_set_default_verify_paths(tls.get()) == 1
             : SSL_CTX_load_verify_locations(tls.get(), config.ca_file.c_str(), nullptr) == 1;
}

/// False: nothing to wait for; why stands in ending.
bool ws_client::impl::connect() {
  const auto parsed = parse_address(config.url);
  if (!parsed) {
    ending.text = "a web socket's address begins with wss://, not " + config.url;
    return false;
  }
  address = *parsed;
  if (!config.ca_file.empty() && !std::ifstream(config.ca_file).good()) {
    ending.text = "the CA file " + config.ca_file + " cannot be read";
    return false;
  }
  const std::string ip = find_ip();
  if (ip.empty() || stop)
    return false;
  auto* made = make_context();
  if (!made) {
    ending.text = "libwebsockets could not be started";
    return false;
  }
  {
    const std::lock_guard lock(mutex);
    context = made;
  }
  lws_client_connect_info target{};
  target.context = made;
  target.address = ip.c_str();
  target.port = address.port;
  target.path = address.path.c_str();
  target.host = address.host.c_str(); // the name that is asked for and that the certificate must hold
  target.ssl_connection = LCCSCF_USE_SSL | LCCSCF_HTTP_NO_FOLLOW_REDIRECT;
  target.alpn = "http/1.1";
  target.local_protocol_name = "sentio";
  target.retry_and_idle_policy = &silence;
  target.pwsi = &wsi;
  // A refusal may be reported inside this call, and then it returns null.
  if (!lws_client_connect_via_info(&target)) {
    wsi = nullptr;
    return false;
  }
  return true;
}

void ws_client::impl::serve() {
  timer.owner = this;
  look_around();
  while (!gone)
    if (lws_service(context, 0) < 0) {
      ending.text = "libwebsockets failed";
      break;
    }
}

void ws_client::impl::report_closed() {
  if (stop)
    return;
  ending.kind = ws_event_kind::closed;
  if (ending.text.empty())
    ending.text = opened ? "the connection was lost" : "the upgrade was not answered";
  events(std::move(ending));
}

void ws_client::impl::run() {
  leave_signals_to_others();
  give_up = steady::now() + std::chrono::seconds(config.connect_timeout_s);
  if (connect())
    serve();
  lws_context* old = nullptr;
  {
    const std::lock_guard lock(mutex);
    std::swap(old, context);
    accepting = false;
    outgoing.clear();
  }
  wsi = nullptr; // what the destruction reports is no news
  if (old) {
    lws_sul_cancel(&timer.timer);
    lws_context_destroy(old);
  }
  report_closed();
  const std::lock_guard lock(mutex);
  ended = true;
  ended_changed.notify_all();
}

ws_client::ws_client(const ws_config& config, sink events)
    : impl_(std::make_shared<impl>(config, std::move(events))) {
  lws_set_log_level(0, nullptr); // libwebsockets would print headers, and with them keys
  thread_ = std::thread([kept = impl_] { kept->run(); });
}

ws_client::~ws_client() {
  impl_->stop = true;
  std::unique_lock lock(impl_->mutex);
  if (impl_->context)
    lws_cancel_service(impl_->context); // the only call that another thread may make
  const bool ended = impl_->ended_changed.wait_for(lock, longest_stop, [this] { return impl_->ended; });
  lock.unlock();
  if (ended)
    thread_.join();
  else
    thread_.detach(); // it owns what it uses, and says nothing any more
}

void ws_client::send(std::string text) {
  const std::lock_guard lock(impl_->mutex);
  if (!impl_->accepting || impl_->outgoing.size() >= queue_cap)
    return;
  impl_->outgoing.push_back(std::move(text));
  if (impl_->context)
    lws_cancel_service(impl_->context);
}

} // namespace sentio
