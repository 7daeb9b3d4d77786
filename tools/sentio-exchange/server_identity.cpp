#include "tools/sentio-exchange/server_identity.hpp"

#include <openssl/bio.h>
#include <openssl/pem.h>

#include <stdexcept>

namespace sentio::serving {

struct server_identity::loaded {
  X509* certificate = nullptr;
  EVP_PKEY* key = nullptr;

  explicit loaded(const tls_identity& identity) {
    const auto read = [](const std::string& text, auto reader) {
      BIO* bio = BIO_new_mem_buf(text.data(), static_cast<int>(text.size()));
      auto* out = bio ? reader(bio, nullptr, nullptr, nullptr) : nullptr;
      BIO_free(bio);
      return out;
    };
    certificate = read(identity.certificate, PEM_read_bio_X509);
    key = read(identity.key, PEM_read_bio_PrivateKey);
    if (!certificate || !key)
      throw std::runtime_error("OpenSSL could not read the certificate it made");
  }
  ~loaded() {
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  loaded(const loaded&) = delete;
  loaded& operator=(const loaded&) = delete;
};

server_identity::server_identity(const std::filesystem::path& folder) {
  const auto kept = kept_authority(folder);
  const local_authority& authority = *kept;
  const tls_identity valid = authority.issue();
  files_ = write_tls_files(folder, authority, valid);
  certificates_[0] = std::make_unique<loaded>(valid);
  certificates_[1] = std::make_unique<loaded>(authority.issue_expired());
  certificates_[2] = std::make_unique<loaded>(authority.issue_wrong_host());
}

server_identity::~server_identity() = default;

int server_identity::choose(SSL* connection, void* self) {
  auto& identity = *static_cast<server_identity*>(self);
  const loaded& shown = *identity.certificates_[static_cast<std::size_t>(identity.shown_.load())];
  return SSL_use_certificate(connection, shown.certificate) == 1 &&
                 SSL_use_PrivateKey(connection, shown.key) == 1
             ? 1
             : 0;
}

void server_identity::install(SSL_CTX* context) {
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(context, 0);
  SSL_CTX_set_cert_cb(context, choose, this);
}

} // namespace sentio::serving
