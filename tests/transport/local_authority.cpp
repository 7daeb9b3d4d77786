#define CAF_SUITE local_authority
#include "actors/transport/local_authority.hpp"
#include "tests/support/test.hpp"

#include <openssl/pem.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <sstream>
#include <sys/stat.h>

using namespace sentio;
using namespace sentio::test;

namespace {

std::string read_text(const std::filesystem::path& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

X509* read_certificate(const std::string& pem) {
  BIO* bio = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  X509* out = PEM_read_bio_X509(bio, nullptr, nullptr, nullptr);
  BIO_free(bio);
  return out;
}

/// OpenSSL's verdict on the first certificate of `chain` under `root`, for a host; X509_V_OK when it is good.
int verdict(const std::string& chain, const std::string& root, const char* host) {
  X509* leaf = read_certificate(chain);
  X509* trusted = read_certificate(root);
  X509_STORE* store = X509_STORE_new();
  X509_STORE_add_cert(store, trusted);
  X509_STORE_CTX* context = X509_STORE_CTX_new();
  X509_STORE_CTX_init(context, store, leaf, nullptr);
  X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context);
  if (!X509_VERIFY_PARAM_set1_ip_asc(rules, host))
    X509_VERIFY_PARAM_set1_host(rules, host, 0);
  X509_VERIFY_PARAM_set_purpose(rules, X509_PURPOSE_SSL_SERVER);
  X509_verify_cert(context);
  const int result = X509_STORE_CTX_get_error(context);
  X509_STORE_CTX_free(context);
  X509_STORE_free(store);
  X509_free(leaf);
  X509_free(trusted);
  return result;
}

} // namespace

TEST(the certificate holds for every name that a client may ask for and for no other) {
  const local_authority authority;
  const tls_identity identity = authority.issue();
  for (const char* host : {"localhost", "127.0.0.1", "paper-api.alpaca.markets", "data.alpaca.markets",
                           "stream.data.alpaca.markets"})
    CHECK_EQUAL(verdict(identity.certificate, authority.certificate(), host), X509_V_OK);
  CHECK_EQUAL(verdict(identity.certificate, authority.certificate(), "api.alpaca.markets"),
              X509_V_ERR_HOSTNAME_MISMATCH);
  CHECK_EQUAL(verdict(identity.certificate, authority.certificate(), "127.0.0.2"),
              X509_V_ERR_IP_ADDRESS_MISMATCH);
}

TEST(an expired certificate and one of another host or authority are refused) {
  const local_authority authority, other;
  CHECK_EQUAL(verdict(authority.issue_expired().certificate, authority.certificate(), "localhost"),
              X509_V_ERR_CERT_HAS_EXPIRED);
  CHECK_EQUAL(verdict(authority.issue_wrong_host().certificate, authority.certificate(), "localhost"),
              X509_V_ERR_HOSTNAME_MISMATCH);
  CHECK(verdict(authority.issue().certificate, other.certificate(), "localhost") != X509_V_OK);
}

TEST(the files are written whole and the key is for its owner alone) {
  const scratch_folder scratch;
  const auto folder = scratch.path() / "made" / "here";
  const local_tls_files files = make_local_authority(folder);
  struct stat status {};
  REQUIRE(stat(files.key.c_str(), &status) == 0);
  const int mode = static_cast<int>(status.st_mode & 0777);
  CHECK_EQUAL(mode, 0600);
  CHECK_EQUAL(verdict(read_text(files.certificate), read_text(files.ca), "localhost"), X509_V_OK);
  const std::string before = read_text(files.ca);
  make_expired_authority(folder);
  CHECK(read_text(files.ca) != before);
  CHECK_EQUAL(verdict(read_text(files.certificate), read_text(files.ca), "localhost"),
              X509_V_ERR_CERT_HAS_EXPIRED);
  std::size_t left = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder))
    ++left;
  CHECK_EQUAL(left, 3u);
}

TEST(a folder keeps its authority and a certificate of it holds at clients of the start before) {
  const scratch_folder scratch;
  const auto folder = scratch.path() / "tls";
  const auto first = kept_authority(folder);
  const std::string trusted = read_text(folder / "ca.pem");
  CHECK_EQUAL(trusted, first->certificate());
  struct stat status {};
  REQUIRE(stat((folder / "ca.key").c_str(), &status) == 0);
  const int mode = static_cast<int>(status.st_mode & 0777);
  CHECK_EQUAL(mode, 0600);
  const auto again = kept_authority(folder);
  CHECK_EQUAL(again->certificate(), trusted);
  CHECK_EQUAL(verdict(again->issue().certificate, trusted, "localhost"), X509_V_OK);
  CHECK(!again->ends_soon());
}

TEST(an authority whose key others may read or that belongs to another certificate is refused by name) {
  const scratch_folder scratch;
  const auto said = [&] {
    try {
      kept_authority(scratch.path());
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK_EQUAL(said(), "");
  std::filesystem::permissions(scratch.path() / "ca.key", std::filesystem::perms(0644));
  CHECK(said().find("ca.key has mode 0644") != std::string::npos);
  std::filesystem::permissions(scratch.path() / "ca.key", std::filesystem::perms(0600));
  std::ofstream(scratch.path() / "ca.pem") << local_authority().certificate();
  CHECK(said().find("the private key belongs to another certificate; remove both") != std::string::npos);
  std::ofstream(scratch.path() / "ca.pem") << "nothing";
  CHECK(said().find("no certificate with its private key; remove both") != std::string::npos);
}

TEST(a folder that cannot be made is named) {
  const scratch_folder scratch;
  std::ofstream(scratch.path() / "file") << "x";
  std::string said;
  try {
    make_local_authority(scratch.path() / "file" / "below");
  } catch (const std::runtime_error& error) {
    said = error.what();
  }
  CHECK(said.find("file/below") != std::string::npos);
}
