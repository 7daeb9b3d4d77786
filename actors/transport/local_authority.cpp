#include "actors/transport/local_authority.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <stdexcept>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace sentio {

namespace {

constexpr long day_s = 86'400;
constexpr const char* server_names = "DNS:localhost,IP:127.0.0.1,DNS:paper-api.alpaca.markets,"
                                     "DNS:data.alpaca.markets,DNS:stream.data.alpaca.markets";

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using key_pointer = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate_pointer = std::unique_ptr<X509, freed_by<X509_free>>;
using bio_pointer = std::unique_ptr<BIO, freed_by<BIO_free_all>>;
using extension_pointer = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;

[[noreturn]] void fail(const char* what) {
  char reason[160];
  ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
  throw std::runtime_error(std::string("OpenSSL could not ") + what + ": " + reason);
}

void must(bool good, const char* what) {
  if (!good)
    fail(what);
}

key_pointer new_key() {
  key_pointer key{EVP_EC_gen("P-256")};
  must(key != nullptr, "make a key");
  return key;
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(length)};
}

std::string pem_of(X509* certificate) {
  const bio_pointer bio{BIO_new(BIO_s_mem())};
  must(bio && PEM_write_bio_X509(bio.get(), certificate) == 1, "write a certificate");
  return text_of(bio.get());
}

std::string pem_of(EVP_PKEY* key) {
  const bio_pointer bio{BIO_new(BIO_s_mem())};
  must(bio && PEM_write_bio_PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
       "write a private key");
  return text_of(bio.get());
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const extension_pointer extension{X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())};
  must(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "add a certificate extension");
}

/// A certificate without extensions and signature. Times are relative to now.
certificate_pointer blank_certificate(EVP_PKEY* key, const char* common_name, long from_s, long to_s) {
  certificate_pointer certificate{X509_new()};
  must(certificate && X509_set_version(certificate.get(), X509_VERSION_3) == 1, "make a certificate");
  // A serial number of its own for each: clients refuse two certificates of one issuer with the same number.
  unsigned char serial[8];
  must(RAND_bytes(serial, sizeof serial) == 1, "draw a serial number");
  serial[0] = static_cast<unsigned char>((serial[0] & 0x3F) | 0x40);
  BIGNUM* number = BN_bin2bn(serial, sizeof serial, nullptr);
  const bool numbered =
      number && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate.get())) != nullptr;
  BN_free(number);
  must(numbered, "set a serial number");
  must(X509_gmtime_adj(X509_getm_notBefore(certificate.get()), from_s) != nullptr &&
           X509_gmtime_adj(X509_getm_notAfter(certificate.get()), to_s) != nullptr,
       "set a certificate's dates");
  must(X509_set_pubkey(certificate.get(), key) == 1, "set a certificate's key");
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  const auto add = [&](const char* field, const char* value) {
    must(X509_NAME_add_entry_by_txt(subject, field, MBSTRING_ASC,
                                    reinterpret_cast<const unsigned char*>(value), -1, -1, 0) == 1,
         "name a certificate");
  };
  add("O", "sentio-actors local exchange");
  add("CN", common_name);
  return certificate;
}

/// Written beside its place and then moved there, so that no reader sees half a file.
void write_file(const std::filesystem::path& file, const std::string& text, mode_t mode) {
  const std::string beside = file.string() + ".new." + std::to_string(getpid());
  const auto complain = [&] {
    const std::string reason = std::strerror(errno);
    unlink(beside.c_str());
    throw std::runtime_error("cannot write " + file.string() + ": " + reason);
  };
  unlink(beside.c_str());
  const int descriptor = open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (descriptor < 0)
    complain();
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t written = write(descriptor, rest.data(), rest.size());
    if (written < 0) {
      close(descriptor);
      complain();
    }
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  if (close(descriptor) != 0 || rename(beside.c_str(), file.c_str()) != 0)
    complain();
}

} // namespace

struct local_authority::impl {
  key_pointer key;
  certificate_pointer certificate;
};

local_authority::local_authority() : impl_(std::make_unique<impl>()) {
  impl_->key = new_key();
  impl_->certificate = blank_certificate(impl_->key.get(), "sentio local authority", -2 * day_s, 397 * day_s);
  X509* root = impl_->certificate.get();
  must(X509_set_issuer_name(root, X509_get_subject_name(root)) == 1, "name an issuer");
  add_extension(root, root, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(root, root, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(root, root, NID_subject_key_identifier, "hash");
  must(X509_sign(root, impl_->key.get(), EVP_sha256()) > 0, "sign a certificate");
  certificate_ = pem_of(root);
}

local_authority::~local_authority() = default;

tls_identity local_authority::sign(const std::string& names, long valid_from_s, long valid_to_s) const {
  const key_pointer key = new_key();
  const certificate_pointer certificate =
      blank_certificate(key.get(), "sentio local server", valid_from_s, valid_to_s);
  X509* root = impl_->certificate.get();
  must(X509_set_issuer_name(certificate.get(), X509_get_subject_name(root)) == 1, "name an issuer");
  add_extension(certificate.get(), root, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(certificate.get(), root, NID_key_usage, "critical,digitalSignature");
  add_extension(certificate.get(), root, NID_ext_key_usage, "serverAuth");
  add_extension(certificate.get(), root, NID_subject_key_identifier, "hash");
  add_extension(certificate.get(), root, NID_authority_key_identifier, "keyid");
  add_extension(certificate.get(), root, NID_subject_alt_name, names);
  must(X509_sign(certificate.get(), impl_->key.get(), EVP_sha256()) > 0, "sign a certificate");
  return {pem_of(certificate.get()) + certificate_, pem_of(key.get())};
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
  write_file(files.ca, authority.certificate(), 0644);
  write_file(files.certificate, identity.certificate, 0644);
  write_file(files.key, identity.key, 0600);
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
