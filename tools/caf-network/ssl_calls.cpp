// Puts right what CAF 0.17.6 leaves out. SSL_get_error looks at the thread's queue of errors, so the queue
// must be empty before each call (its manual page says so); CAF never empties it. One peer that leaves
// without TLS's good-bye, or is refused in its handshake, would then end the connections of all others, and
// the next attempts to connect would fail as well. These four stand before OpenSSL's own for the whole
// program: they empty the queue and go on to the real ones.
#include <dlfcn.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace {

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

} // namespace

extern "C" {

int SSL_read(SSL* connection, void* bytes, int count) {
  static auto* const next = real<int(SSL*, void*, int)>("SSL_read");
  ERR_clear_error();
  return next(connection, bytes, count);
}

int SSL_write(SSL* connection, const void* bytes, int count) {
  static auto* const next = real<int(SSL*, const void*, int)>("SSL_write");
  ERR_clear_error();
  return next(connection, bytes, count);
}

int SSL_accept(SSL* connection) {
  static auto* const next = real<int(SSL*)>("SSL_accept");
  ERR_clear_error();
  return next(connection);
}

int SSL_connect(SSL* connection) {
  static auto* const next = real<int(SSL*)>("SSL_connect");
  ERR_clear_error();
  return next(connection);
}

} // extern "C"
