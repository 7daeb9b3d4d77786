// A certificate authority made on the spot, and server certificates signed by it, so that programs and tests
// on loopback speak real TLS with real verification. Never trusted by anything that is not told to.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace sentio {

/// A certificate (the server's, then the authority's) and its private key, as PEM text.
struct tls_identity {
  std::string certificate;
  std::string key;
};

class local_authority {
public:
  /// Makes a P-256 key and a root certificate valid for 397 days. Throws std::runtime_error when OpenSSL
  /// fails.
  local_authority();
  /// One that was made before, of its PEM texts. Throws std::runtime_error when they are no certificate and key, or
  /// do not belong together.
  local_authority(const std::string& certificate, const std::string& key);
  ~local_authority();
  local_authority(const local_authority&) = delete;
  local_authority& operator=(const local_authority&) = delete;

  /// PEM of the root: what a client has to trust.
  const std::string& certificate() const { return certificate_; }
  /// PEM of the root's private key.
  std::string private_key() const;
  /// Whether a certificate issued now could outlive the root.
  bool ends_soon() const;

  /// localhost, 127.0.0.1 and the three hosts of Alpaca, valid from yesterday for 90 days.
  tls_identity issue() const;
  /// The same names; it ended yesterday.
  tls_identity issue_expired() const;
  /// Valid today, for another host than any that a client asks for: wrong.invalid.
  tls_identity issue_wrong_host() const;

private:
  struct impl;

  tls_identity sign(const std::string& names, long valid_from_s, long valid_to_s) const;

  std::unique_ptr<impl> impl_;
  std::string certificate_;
};

/// Where make_local_authority put its files.
struct local_tls_files {
  std::filesystem::path ca;          ///< ca.pem
  std::filesystem::path certificate; ///< server.pem
  std::filesystem::path key;         ///< server.key, readable by its owner only
};

/// Writes the authority's certificate, and an identity when there is one. The folder is made when it is
/// missing; older files are replaced whole, never half. Throws std::runtime_error naming the file that cannot
/// be written.
local_tls_files write_tls_files(const std::filesystem::path& folder, const local_authority& authority,
                                const tls_identity& identity);
/// The authority that a folder keeps (ca.pem and ca.key), so that a client that trusts it goes on doing so; a new
/// one, kept there, when there is none yet or it is about to expire. Throws std::runtime_error naming the file that
/// cannot be used: a key that others may read, or that belongs to another certificate.
std::unique_ptr<local_authority> kept_authority(const std::filesystem::path& folder);
/// A new authority and a server certificate of it in a folder.
local_tls_files make_local_authority(const std::filesystem::path& folder);
/// The same, with a server certificate that ended yesterday.
local_tls_files make_expired_authority(const std::filesystem::path& folder);

} // namespace sentio
