#include "core/monitor/certificates.hpp"

#include "core/monitor/openssl_pieces.hpp"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>

namespace sentio {

namespace {

using namespace openssl;
using store_pointer = std::unique_ptr<X509_STORE, freed_by<X509_STORE_free>>;
using context_pointer = std::unique_ptr<X509_STORE_CTX, freed_by<X509_STORE_CTX_free>>;
using time_pointer = std::unique_ptr<ASN1_TIME, freed_by<ASN1_TIME_free>>;

constexpr std::size_t longest_pem = 64 * 1024;
/// What OpenSSL's security level 2 asks for; a weaker file would make CAF abort at the first connection.
constexpr int fewest_security_bits = 112;
constexpr const char* make_them = "; `sentio-actors certs --dir DIR` makes certificates";

std::string read_part(const std::filesystem::path& file, file_guard guard) {
  if (!std::filesystem::exists(file))
    throw file_problem(file.string() + " is missing" + make_them);
  return read_guarded(file, guard, longest_pem);
}

certificate_pointer load_certificate(const std::filesystem::path& file) {
  auto certificate = certificate_from(read_part(file, file_guard::open_to_all));
  if (!certificate)
    throw file_problem(file.string() + " holds no certificate in PEM form" + make_them);
  int bits = 0;
  if (X509_get_signature_info(certificate.get(), nullptr, nullptr, &bits, nullptr) != 1 ||
      bits < fewest_security_bits ||
      EVP_PKEY_get_security_bits(X509_get0_pubkey(certificate.get())) < fewest_security_bits)
    throw file_problem(file.string() + " has a key or a signature that TLS takes for too weak" + make_them);
  return certificate;
}

/// Every certificate in ca.pem would be trusted, so there may be one only.
certificate_pointer load_authority(const std::filesystem::path& file) {
  auto authority = load_certificate(file);
  const std::string text = read_part(file, file_guard::open_to_all);
  constexpr std::string_view block = "-----BEGIN ";
  const auto first = text.find(block);
  if (text.find(block, first + block.size()) != std::string::npos)
    throw file_problem(file.string() + " holds more than one certificate; all of them would be trusted, and "
                                       "only the private authority may be");
  if (X509_check_ca(authority.get()) < 1)
    throw file_problem(file.string() + " is no authority's certificate; ca.pem of the folder where "
                                       "`sentio-actors certs` wrote is");
  return authority;
}

/// ms since 1970.
time_ms moment(const ASN1_TIME* value) {
  const time_pointer zero{ASN1_TIME_set(nullptr, 0)};
  int days = 0, seconds = 0;
  must(zero && ASN1_TIME_diff(&days, &seconds, zero.get(), value) == 1, "read a certificate's date");
  return (time_ms{days} * 86'400 + seconds) * 1'000;
}

time_ms real_now() {
  const time_pointer now{X509_time_adj_ex(nullptr, 0, 0, nullptr)};
  must(now != nullptr, "read the clock");
  return moment(now.get());
}

/// "2026-11-21"
std::string day_text(const ASN1_TIME* value) {
  const time_ms days = moment(value) / 86'400'000;
  const auto date = std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{days}}};
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text;
}

void check_dates(const std::filesystem::path& file, X509* certificate, time_ms at) {
  if (moment(X509_get0_notAfter(certificate)) <= at)
    throw file_problem(file.string() + " expired on " + day_text(X509_get0_notAfter(certificate)) +
                       "; make a new one: `sentio-actors certs --dir DIR --add --overwrite`");
  if (moment(X509_get0_notBefore(certificate)) > at)
    throw file_problem(file.string() + " is not valid before " + day_text(X509_get0_notBefore(certificate)) +
                       "; is this computer's clock right?");
}

void check_chain(const certificate_facts& facts, X509* certificate, X509* authority, time_ms at) {
  const store_pointer store{X509_STORE_new()};
  const context_pointer context{X509_STORE_CTX_new()};
  must(store && context && X509_STORE_add_cert(store.get(), authority) == 1 &&
           X509_STORE_CTX_init(context.get(), store.get(), certificate, nullptr) == 1,
       "prepare the check of a certificate");
  X509_STORE_CTX_set_time(context.get(), 0, static_cast<time_t>(at / 1'000));
  const bool good = X509_verify_cert(context.get()) == 1;
  const int problem = X509_STORE_CTX_get_error(context.get());
  ERR_clear_error();
  if (!good)
    throw file_problem(facts.certificate.string() + " was not made by the authority " +
                       facts.authority.string() + " (" + X509_verify_cert_error_string(problem) +
                       "); copy the three files of one folder together");
  if (X509_check_purpose(certificate, X509_PURPOSE_SSL_CLIENT, 0) != 1 ||
      X509_check_purpose(certificate, X509_PURPOSE_SSL_SERVER, 0) != 1)
    throw file_problem(facts.certificate.string() + " is not meant for both ends of a connection" +
                       make_them);
}

/// The common name as text, "" when there is none.
std::string common_name(X509* certificate) {
  char text[128] = {};
  const int length = X509_NAME_get_text_by_NID(X509_get_subject_name(certificate), NID_commonName, text,
                                               static_cast<int>(sizeof text));
  return length > 0 ? std::string(text, static_cast<std::size_t>(length)) : std::string();
}

void check_role(certificate_facts& facts, X509* certificate) {
  const std::string shown = common_name(certificate);
  const auto colon = std::min(shown.find(':'), shown.size());
  const auto found = role_from(std::string_view(shown).substr(0, colon));
  const std::string wanted(to_string(facts.role));
  if (!found || colon == shown.size() || !is_certificate_name(std::string_view(shown).substr(colon + 1)))
    throw file_problem(facts.certificate.string() + " was not made for this system: its common name is no " +
                       wanted + ":NAME" + make_them);
  if (*found != facts.role)
    throw file_problem(facts.certificate.string() + " is for the role " + std::string(to_string(*found)) +
                       ", and this program needs one for the role " + wanted + "; name that folder");
  facts.name = shown.substr(colon + 1);
}

} // namespace

std::string_view to_string(certificate_role role) {
  switch (role) {
  case certificate_role::hub:
    return "hub";
  case certificate_role::instance:
    return "instance";
  default:
    return "viewer";
  }
}

std::optional<certificate_role> role_from(std::string_view word) {
  for (const auto role : {certificate_role::hub, certificate_role::instance, certificate_role::viewer})
    if (word == to_string(role))
      return role;
  return std::nullopt;
}

bool is_certificate_name(std::string_view name) {
  return !name.empty() && name.size() <= 50 && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

certificate_facts check_certificates(const std::filesystem::path& folder, certificate_role role,
                                     std::optional<time_ms> at) {
  std::error_code problem;
  if (!std::filesystem::is_directory(folder, problem))
    throw file_problem(folder.string() + " is no folder with certificates" + make_them);
  certificate_facts facts;
  facts.role = role;
  facts.certificate = folder / "cert.pem";
  facts.key = folder / "key.pem";
  facts.authority = folder / "ca.pem";
  const auto certificate = load_certificate(facts.certificate);
  const auto key = private_key_from(read_part(facts.key, file_guard::owner_only));
  if (!key)
    throw file_problem(facts.key.string() + " holds no private key in PEM form, or one with a password" +
                       make_them);
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    ERR_clear_error();
    throw file_problem(facts.key.string() + " is the key of another certificate than " +
                       facts.certificate.string() + "; copy the three files of one folder together");
  }
  const auto authority = load_authority(facts.authority);
  const time_ms now = at ? *at : real_now();
  check_dates(facts.authority, authority.get(), now);
  check_dates(facts.certificate, certificate.get(), now);
  check_chain(facts, certificate.get(), authority.get(), now);
  check_role(facts, certificate.get());
  facts.ends =
      std::min(moment(X509_get0_notAfter(certificate.get())), moment(X509_get0_notAfter(authority.get())));
  facts.days_left = static_cast<int>((facts.ends - now) / 86'400'000);
  return facts;
}

} // namespace sentio
