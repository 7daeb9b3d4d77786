#include "tools/sentio-uplink/probe.hpp"

#include "core/monitor/openssl_pieces.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sentio {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using context_pointer = std::unique_ptr<SSL_CTX, openssl::freed_by<SSL_CTX_free>>;
using ssl_pointer = std::unique_ptr<SSL, openssl::freed_by<SSL_free>>;

/// CAF's header: operation, 3 bytes, payload length (big endian), 24 bytes more. The hub speaks first, with
/// operation 0 and a payload; a header without one makes CAF follow a null pointer.
constexpr std::size_t greeting_bytes = 32;
constexpr std::uint32_t longest_greeting = 64 * 1024;

struct connection {
  int value = -1;
  ~connection() {
    if (value >= 0)
      ::close(value);
  }
};

bool wait_for(int handle, short events, steady_clock::time_point until) {
  for (;;) {
    const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now()).count();
    if (left <= 0)
      return false;
    pollfd one{handle, events, 0};
    const int ready = ::poll(&one, 1, static_cast<int>(left));
    if (ready > 0)
      return true;
    if (ready == 0 || errno != EINTR)
      return false;
  }
}

/// 0, or the errno of the attempt.
int connect_to(connection& out, const addrinfo& address, milliseconds patience) {
  out.value = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (out.value < 0)
    return errno;
  if (::connect(out.value, address.ai_addr, address.ai_addrlen) == 0)
    return 0;
  if (errno != EINPROGRESS)
    return errno;
  if (!wait_for(out.value, POLLOUT, steady_clock::now() + patience))
    return ETIMEDOUT;
  int problem = 0;
  socklen_t size = sizeof problem;
  return ::getsockopt(out.value, SOL_SOCKET, SO_ERROR, &problem, &size) == 0 ? problem : errno;
}

std::string numeric(const addrinfo& address) {
  std::array<char, NI_MAXHOST> text{};
  return ::getnameinfo(address.ai_addr, address.ai_addrlen, text.data(), text.size(), nullptr, 0,
                       NI_NUMERICHOST) == 0
             ? text.data()
             : "";
}

/// OpenSSL's own words for what went wrong last, or "".
std::string tls_reason() {
  const auto code = ERR_peek_last_error();
  ERR_clear_error();
  const char* const text = code ? ERR_reason_error_string(code) : nullptr;
  return text ? text : "";
}

enum class step_end { good, late, failed };

/// Repeats a call that wants to read or write until it is done.
template <class Call>
step_end complete(SSL* ssl, int handle, milliseconds patience, Call call) {
  const auto until = steady_clock::now() + patience;
  for (;;) {
    ERR_clear_error();
    const int result = call();
    if (result > 0)
      return step_end::good;
    const int why = SSL_get_error(ssl, result);
    if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
      return step_end::failed;
    if (!wait_for(handle, why == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, until))
      return step_end::late;
  }
}

context_pointer make_context(const certificate_facts& certificates) {
  context_pointer context{SSL_CTX_new(TLS_client_method())};
  openssl::must(
      context && SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) == 1 &&
          SSL_CTX_use_certificate_file(context.get(), certificates.certificate.c_str(), SSL_FILETYPE_PEM) ==
              1 &&
          SSL_CTX_use_PrivateKey_file(context.get(), certificates.key.c_str(), SSL_FILETYPE_PEM) == 1 &&
          SSL_CTX_load_verify_locations(context.get(), certificates.authority.c_str(), nullptr) == 1,
      "load this instance's certificate");
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  return context;
}

/// Whom the certificate of the other side is for; "" without a name.
std::string shown_name(SSL* ssl) {
  const openssl::certificate_pointer shown{SSL_get1_peer_certificate(ssl)};
  std::array<char, 128> text{};
  if (shown)
    X509_NAME_get_text_by_NID(X509_get_subject_name(shown.get()), NID_commonName, text.data(),
                              static_cast<int>(text.size()));
  return text.data();
}

/// Reads the first header. "" when it is a hub's greeting.
std::string look_at_greeting(SSL* ssl, int handle, milliseconds patience) {
  std::array<unsigned char, greeting_bytes> greeting{};
  std::size_t filled = 0;
  while (filled < greeting.size()) {
    const auto end = complete(ssl, handle, patience, [&] {
      const int count = SSL_read(ssl, greeting.data() + filled, static_cast<int>(greeting.size() - filled));
      filled += count > 0 ? static_cast<std::size_t>(count) : 0;
      return count;
    });
    if (end == step_end::late)
      return "it accepts connections but says nothing";
    if (end == step_end::failed) {
      // With TLS 1.3 a refusal of our certificate comes after our side of the handshake.
      const auto reason = tls_reason();
      return "it hung up" + (reason.empty() ? std::string() : " (" + reason + ")") +
             "; does it know the authority of this instance's certificate?";
    }
  }
  const auto payload = (std::uint32_t{greeting[4]} << 24) | (std::uint32_t{greeting[5]} << 16) |
                       (std::uint32_t{greeting[6]} << 8) | std::uint32_t{greeting[7]};
  if (greeting[0] != 0 || payload == 0 || payload > longest_greeting)
    return "it does not greet as a hub does";
  return "";
}

std::string look(const connection& line, const certificate_facts& certificates, milliseconds patience) {
  const auto context = make_context(certificates);
  const ssl_pointer ssl{SSL_new(context.get())};
  openssl::must(ssl && SSL_set_fd(ssl.get(), line.value) == 1, "prepare a connection");
  const auto end = complete(ssl.get(), line.value, patience, [&] { return SSL_connect(ssl.get()); });
  if (end == step_end::late)
    return "it accepts connections but does not answer";
  if (end == step_end::failed) {
    const long found = SSL_get_verify_result(ssl.get());
    const auto reason = tls_reason();
    if (found != X509_V_OK)
      return std::string("its certificate is not good for this instance's authority (") +
             X509_verify_cert_error_string(found) + ")";
    return "no TLS with it" + (reason.empty() ? "; is it a hub?" : ": " + reason);
  }
  const auto name = shown_name(ssl.get());
  if (!name.starts_with("hub:"))
    return "its certificate is not a hub's";
  return look_at_greeting(ssl.get(), line.value, patience);
}

} // namespace

probe_result probe_hub(const endpoint& hub, const certificate_facts& certificates, milliseconds patience) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (const int code = ::getaddrinfo(hub.host.c_str(), std::to_string(hub.port).c_str(), &wanted, &found))
    return {"", "the name " + hub.host + " has no address (" + gai_strerror(code) + ")"};
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> kept(found, freeaddrinfo);
  int problem = ECONNREFUSED;
  for (const addrinfo* address = found; address; address = address->ai_next) {
    connection line;
    problem = connect_to(line, *address, patience);
    if (problem != 0)
      continue;
    const auto what = look(line, certificates, patience);
    if (what.empty())
      return {numeric(*address), ""};
    return {"", "no hub at " + to_string(hub) + ": " + what};
  }
  return {"", "no hub at " + to_string(hub) + ": " + std::strerror(problem)};
}

} // namespace sentio
