#include "actors/transport/local_authority.hpp"

#include "core/monitor/openssl_pieces.hpp"
#include "core/monitor/private_files.hpp"

#include <ctime>
#include <stdexcept>

namespace sentio {

namespace {

constexpr long day_s = 86'400;
constexpr long server_days = 90; ///< validity of a server's certificate
constexpr std::size_t most_pem_bytes = 65'536;
constexpr const char* organisation = "sentio-actors local exchange";
constexpr const char* server_names = "DNS:localhost,IP:127.0.0.1,DNS:paper-api.alpaca.markets,"
                                     "DNS:data.alpaca.markets,DNS:stream.data.alpaca.markets";

} // namespace

struct local_authority::impl {
  openssl::key_pointer key;
  openssl::certificate_pointer certificate;
};

local_authority::local_authority() : impl_(std::make_unique<impl>()) {
  impl_->key = openssl::new_ec_key();
  impl_->certificate = openssl::root_certificate(impl_->key.get(), organisation, "sentio local authority",
                                                 -2 * day_s, 397 * day_s);
  certificate_ = openssl::pem_of(impl_->certificate.get());
}

local_authority::local_authority(const std::string& certificate, const std::string& key)
    : impl_(std::make_unique<impl>()) {
  impl_->certificate = openssl::certificate_from(certificate);
  impl_->key = openssl::private_key_from(key);
  if (!impl_->certificate || !impl_->key)
    throw std::runtime_error("no certificate with its private key");
  if (X509_check_private_key(impl_->certificate.get(), impl_->key.get()) != 1)
    throw std::runtime_error("the private key belongs to another certificate");
  certificate_ = openssl::pem_of(impl_->certificate.get());
}

local_authority::~local_authority() = default;

std::string local_authority::private_key() const {
  return openssl::pem_of(impl_->key.get());
}

bool local_authority::ends_soon() const {
  std::time_t last = std::time(nullptr) + server_days * day_s;
  return X509_cmp_time(X509_get0_notAfter(impl_->certificate.get()), &last) < 0;
}

tls_identity local_authority::sign(const std::string& names, long valid_from_s, long valid_to_s) const {
  const auto key = openssl::new_ec_key();
  const auto certificate =
      openssl::blank_certificate(key.get(), organisation, "sentio local server", valid_from_s, valid_to_s);
  openssl::sign_leaf(certificate.get(), impl_->certificate.get(), impl_->key.get(), "serverAuth", names);
  return {openssl::pem_of(certificate.get()) + certificate_, openssl::pem_of(key.get())};
}

tls_identity local_authority::issue() const {
  return sign(server_names, -day_s, server_days * day_s);
}

tls_identity local_authority::issue_expired() const {
  return sign(server_names, -2 * day_s, -day_s);
}

tls_identity local_authority::issue_wrong_host() const {
  return sign("DNS:wrong.invalid", -day_s, server_days * day_s);
}

namespace {

void make_folder(const std::filesystem::path& folder) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem)
    throw std::runtime_error("cannot make the folder " + folder.string() + ": " + problem.message());
}

} // namespace

std::unique_ptr<local_authority> kept_authority(const std::filesystem::path& folder) {
  make_folder(folder);
  const auto certificate = folder / "ca.pem", key = folder / "ca.key";
  if (std::filesystem::exists(certificate) && std::filesystem::exists(key)) {
    const std::string key_text = read_guarded(key, file_guard::owner_only, most_pem_bytes);
    const std::string text = read_guarded(certificate, file_guard::open_to_all, most_pem_bytes);
    try {
      auto kept = std::make_unique<local_authority>(text, key_text);
      if (!kept->ends_soon())
        return kept;
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(certificate.string() + " and " + key.string() + " are no authority: " +
                               error.what() + "; remove both for a new one, which clients then have to trust");
    }
  }
  auto made = std::make_unique<local_authority>();
  // The key first: a certificate without it would be a promise that the next start could not keep.
  write_durably(key, made->private_key(), 0600);
  write_durably(certificate, made->certificate(), 0644);
  return made;
}

local_tls_files write_tls_files(const std::filesystem::path& folder, const local_authority& authority,
                                const tls_identity& identity) {
  make_folder(folder);
  const local_tls_files files{folder / "ca.pem", folder / "server.pem", folder / "server.key"};
  write_durably(files.ca, authority.certificate(), 0644);
  write_durably(files.certificate, identity.certificate, 0644);
  write_durably(files.key, identity.key, 0600);
  return files;
}

local_tls_files make_local_authority(const std::filesystem::path& folder) {
  const local_authority authority;
  return write_tls_files(folder, authority, authority.issue());
}

local_tls_files make_expired_authority(const std::filesystem::path& folder) {
  const local_authority authority;
  return write_tls_files(folder, authority, authority.issue_expired());
}

} // namespace sentio
