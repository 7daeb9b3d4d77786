#include "actors/transport/local_authority.hpp"

#include "core/monitor/openssl_pieces.hpp"
#include "core/monitor/private_files.hpp"

#include <stdexcept>

namespace sentio {

namespace {

constexpr long day_s = 86'400;
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

local_authority::~local_authority() = default;

tls_identity local_authority::sign(const std::string& names, long valid_from_s, long valid_to_s) const {
  const auto key = openssl::new_ec_key();
  const auto certificate =
      openssl::blank_certificate(key.get(), organisation, "sentio local server", valid_from_s, valid_to_s);
  openssl::sign_leaf(certificate.get(), impl_->certificate.get(), impl_->key.get(), "serverAuth", names);
  return {openssl::pem_of(certificate.get()) + certificate_, openssl::pem_of(key.get())};
}

tls_identity local_authority::issue() const {
  return sign(server_names, -day_s, 90 * day_s);
}

tls_identity local_authority::issue_expired() const {
  return sign(server_names, -2 * day_s, -day_s);
}

tls_identity local_authority::issue_wrong_host() const {
  return sign("DNS:wrong.invalid", -day_s, 90 * day_s);
}

local_tls_files write_tls_files(const std::filesystem::path& folder, const local_authority& authority,
                                const tls_identity& identity) {
  std::error_code problem;
  std::filesystem::create_directories(folder, problem);
  if (problem)
    throw std::runtime_error("cannot make the folder " + folder.string() + ": " + problem.message());
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
