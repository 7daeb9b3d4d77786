// Which certificate the server shows: its own, or by a fault an expired one or another host's.
#pragma once

#include "actors/transport/local_authority.hpp"

#include <openssl/ssl.h>

#include <atomic>
#include <memory>

namespace sentio::serving {

enum class shown_certificate : std::uint8_t { valid, expired, wrong_host };

class server_identity {
public:
  /// Takes the authority that the folder keeps, or makes one, and renews the server's certificate from it.
  /// Throws std::runtime_error.
  explicit server_identity(const std::filesystem::path& folder);
  ~server_identity();
  server_identity(const server_identity&) = delete;
  server_identity& operator=(const server_identity&) = delete;

  const local_tls_files& files() const { return files_; }
  /// Of the handshakes that begin from now on.
  void show(shown_certificate which) { shown_ = which; }
  /// Makes a server's TLS context choose the certificate for each handshake, and resume none: a resumed
  /// session would not look at the certificate again.
  void install(SSL_CTX* context);

private:
  struct loaded;
  static int choose(SSL* connection, void* self);

  local_tls_files files_;
  std::unique_ptr<loaded> certificates_[3];
  std::atomic<shown_certificate> shown_{shown_certificate::valid};
};

} // namespace sentio::serving
