// The private authority of one installation: who may speak with the hub, and which keys operators sign with.
//
//   DIR/ca.pem, ca.key                   the authority; ca.key stays where it was made
//   DIR/hub/{cert,key,ca}.pem            for sentio-hub
//   DIR/instance-NAME/{cert,key,ca}.pem  for a trading process, with operator.pub beside it
//   DIR/viewer-NAME/{cert,key,ca}.pem    for sentio-monitor
//   DIR/operator/operator.key, .pub      Ed25519; the key is for the operator's own computer only
//
// A certificate's common name is "role:name", as in "instance:desk-1". CAF checks no names: every holder of a
// certificate of this authority is let in, so this authority must be used for nothing else.
#pragma once

#include "core/market/bar.hpp"
#include "core/monitor/private_files.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

enum class certificate_role { hub, instance, viewer };
std::string_view to_string(certificate_role role);
/// Of a common name's first word; nothing for another word.
std::optional<certificate_role> role_from(std::string_view word);

/// Names of instances and viewers: 1 to 50 characters of A-Z a-z 0-9 . _ -
bool is_certificate_name(std::string_view name);

struct authority_plan {
  std::filesystem::path folder;
  std::vector<std::string> instances;
  std::vector<std::string> viewers;
  std::vector<std::string> hosts; ///< names or addresses of the hub, beside localhost and 127.0.0.1
  int days = 365;                 ///< certificates are valid from an hour ago for so long, 1 to 3650
  bool add = false;               ///< keep the authority and the operator's key, add certificates to them
  bool overwrite = false;         ///< replace what is there; without it nothing is replaced
};

/// Makes the authority (valid for ten years), the hub's certificate and the operator's key (neither with
/// `add`), and a folder per instance and viewer. Private files are 0600, folders 0700. Returns what was
/// written. Throws std::invalid_argument for a plan that cannot be (names, hosts, days), file_problem for
/// a file that is in the way or cannot be written (then nothing that was there is changed), and
/// std::runtime_error when OpenSSL fails.
std::vector<std::filesystem::path> make_authority(const authority_plan& plan);

/// What check_certificates found.
struct certificate_facts {
  certificate_role role = certificate_role::hub;
  std::string name;  ///< "desk-1"; "hub" with role hub
  int days_left = 0; ///< whole days until the first of certificate and authority ends
  time_ms ends = 0;
  std::filesystem::path certificate; ///< DIR/cert.pem
  std::filesystem::path key;         ///< DIR/key.pem
  std::filesystem::path authority;   ///< DIR/ca.pem
};

/// A folder of one role: cert.pem, key.pem, ca.pem. Loads all three; the key must be the certificate's, the
/// certificate this authority's, of this role, valid now (or at `at`), and the key's permissions 0600 with
/// this user as owner. A certificate that passes cannot make CAF abort. Throws file_problem with one sentence
/// for the first defect.
certificate_facts check_certificates(const std::filesystem::path& folder, certificate_role role,
                                     std::optional<time_ms> at = std::nullopt);

} // namespace sentio
