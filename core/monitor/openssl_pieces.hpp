// What both authorities, the monitoring one and that of the bundled exchange, need of OpenSSL.
#pragma once

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>
#include <string>
#include <string_view>

namespace sentio::openssl {

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

/// Throws std::runtime_error with OpenSSL's reason when it is not good.
void must(bool good, const char* what);

key_pointer new_ec_key();      ///< P-256
key_pointer new_ed25519_key(); ///< for signatures

std::string pem_of(X509* certificate);
std::string pem_of(EVP_PKEY* key); ///< the private key, not encrypted
std::string public_pem_of(EVP_PKEY* key);

/// The first one in a PEM text; null when there is none.
certificate_pointer certificate_from(std::string_view pem);
key_pointer private_key_from(std::string_view pem);

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value);
/// A certificate without extensions and signature, with a serial number of its own. Times are seconds from
/// now.
certificate_pointer blank_certificate(EVP_PKEY* key, const char* organisation, const char* common_name,
                                      long from_s, long to_s);
/// A certificate for an authority's key that may sign others, but no further authorities.
certificate_pointer root_certificate(EVP_PKEY* key, const char* organisation, const char* common_name,
                                     long from_s, long to_s);
/// Names the issuer, adds what a certificate of a peer has and signs it. `uses`: "serverAuth,clientAuth";
/// `names`: subject alternative names, or empty.
void sign_leaf(X509* certificate, X509* root, EVP_PKEY* root_key, const char* uses, const std::string& names);

} // namespace sentio::openssl
