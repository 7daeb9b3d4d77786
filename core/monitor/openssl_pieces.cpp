#include "core/monitor/openssl_pieces.hpp"

#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace sentio::openssl {

namespace {

using extension_pointer = std::unique_ptr<X509_EXTENSION, freed_by<X509_EXTENSION_free>>;

[[noreturn]] void fail(const char* what) {
  char reason[160];
  ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
  throw std::runtime_error(std::string("OpenSSL could not ") + what + ": " + reason);
}

std::string text_of(BIO* bio) {
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(length)};
}

template <class Write>
std::string written(Write write, const char* what) {
  const bio_pointer bio{BIO_new(BIO_s_mem())};
  must(bio && write(bio.get()) == 1, what);
  return text_of(bio.get());
}

/// Never asks at the terminal: an encrypted key is one that cannot be read.
int no_password(char*, int, int, void*) {
  return -1;
}

template <class Read>
auto read_from(std::string_view pem, Read read) {
  const bio_pointer bio{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()))};
  must(bio != nullptr, "make a buffer");
  auto* const found = read(bio.get(), nullptr, no_password, nullptr);
  ERR_clear_error(); // of the search for the next block
  return found;
}

} // namespace

void must(bool good, const char* what) {
  if (!good)
    fail(what);
}

key_pointer new_ec_key() {
  key_pointer key{EVP_EC_gen("P-256")};
  must(key != nullptr, "make a key");
  return key;
}

key_pointer new_ed25519_key() {
  key_pointer key{EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")};
  must(key != nullptr, "make a key for signatures");
  return key;
}

std::string pem_of(X509* certificate) {
  return written([=](BIO* bio) { return PEM_write_bio_X509(bio, certificate); }, "write a certificate");
}

std::string pem_of(EVP_PKEY* key) {
  return written(
      [=](BIO* bio) { return PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr); },
      "write a private key");
}

std::string public_pem_of(EVP_PKEY* key) {
  return written([=](BIO* bio) { return PEM_write_bio_PUBKEY(bio, key); }, "write a public key");
}

certificate_pointer certificate_from(std::string_view pem) {
  return certificate_pointer{read_from(pem, PEM_read_bio_X509)};
}

key_pointer private_key_from(std::string_view pem) {
  return key_pointer{read_from(pem, PEM_read_bio_PrivateKey)};
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const extension_pointer extension{X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str())};
  must(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "add a certificate extension");
}

certificate_pointer blank_certificate(EVP_PKEY* key, const char* organisation, const char* common_name,
                                      long from_s, long to_s) {
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
  must(X509_time_adj_ex(X509_getm_notBefore(certificate.get()), 0, from_s, nullptr) != nullptr &&
           X509_time_adj_ex(X509_getm_notAfter(certificate.get()), 0, to_s, nullptr) != nullptr,
       "set a certificate's dates");
  must(X509_set_pubkey(certificate.get(), key) == 1, "set a certificate's key");
  X509_NAME* subject = X509_get_subject_name(certificate.get());
  const auto add = [&](const char* field, const char* value) {
    must(X509_NAME_add_entry_by_txt(subject, field, MBSTRING_ASC,
                                    reinterpret_cast<const unsigned char*>(value), -1, -1, 0) == 1,
         "name a certificate");
  };
  add("O", organisation);
  add("CN", common_name);
  return certificate;
}

certificate_pointer root_certificate(EVP_PKEY* key, const char* organisation, const char* common_name,
                                     long from_s, long to_s) {
  auto certificate = blank_certificate(key, organisation, common_name, from_s, to_s);
  X509* root = certificate.get();
  must(X509_set_issuer_name(root, X509_get_subject_name(root)) == 1, "name an issuer");
  add_extension(root, root, NID_basic_constraints, "critical,CA:TRUE,pathlen:0");
  add_extension(root, root, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(root, root, NID_subject_key_identifier, "hash");
  must(X509_sign(root, key, EVP_sha256()) > 0, "sign a certificate");
  return certificate;
}

void sign_leaf(X509* certificate, X509* root, EVP_PKEY* root_key, const char* uses,
               const std::string& names) {
  must(X509_set_issuer_name(certificate, X509_get_subject_name(root)) == 1, "name an issuer");
  add_extension(certificate, root, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(certificate, root, NID_key_usage, "critical,digitalSignature");
  add_extension(certificate, root, NID_ext_key_usage, uses);
  add_extension(certificate, root, NID_subject_key_identifier, "hash");
  add_extension(certificate, root, NID_authority_key_identifier, "keyid");
  if (!names.empty())
    add_extension(certificate, root, NID_subject_alt_name, names);
  must(X509_sign(certificate, root_key, EVP_sha256()) > 0, "sign a certificate");
}

} // namespace sentio::openssl
