// What an operator tells an instance from afar, as the text that everything in between only relays:
//
//   {"type":"command","instance":"desk-1","counter":1764600000000,"expires":1764600030000,"command":"halt",
//    "argument":"","sender":"ann","key":FINGERPRINT,"signature":BASE64}
//
// The signature (Ed25519) is over the values, in the byte form of canonical_bytes; how the JSON is written
// does not matter.
#pragma once

#include "core/market/bar.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

inline constexpr std::size_t longest_command_text = 32 * 1024;     ///< bytes of the JSON, for all who relay
inline constexpr std::size_t longest_command_argument = 12 * 1024; ///< bytes: a configuration fits well
inline constexpr std::size_t longest_command_sender = 64;
inline constexpr time_ms longest_command_life_ms = 60'000; ///< `expires` is at most so far ahead

struct remote_command {
  std::string instance;      ///< id of the one instance that it is for
  std::uint64_t counter = 0; ///< 1 to 2^53-1; greater than that of every command before with the same key
  time_ms expires = 0;       ///< real time
  std::string command;       ///< pause, resume, flatten, halt, kill, rearm or configure
  std::string argument;      ///< the actor with kill, the configuration (JSON) with configure, else empty
  std::string sender;        ///< whom the tape names; 1 to 64 bytes, no control characters
};

/// pause, resume, flatten, halt, kill, rearm or configure.
bool is_operator_command(std::string_view word);

/// The bytes that are signed: a fixed first line, then every field with its length.
std::string canonical_bytes(const remote_command& command);

struct signed_command {
  remote_command value;
  std::string key;       ///< fingerprint of the operator's public key
  std::string signature; ///< 64 raw bytes
};

/// Takes a text apart; checks sizes and shapes, not who signed it. Nothing when it is malformed; `why` then
/// has a sentence.
std::optional<signed_command> parse_command(std::string_view text, std::string& why);

/// A public key of an operator.
class operator_public_key {
public:
  /// One or more keys, PEM, from a file that only its owner can change. Throws file_problem.
  static std::vector<operator_public_key> load(const std::filesystem::path& file);

  /// 64 hexadecimal digits: SHA-256 of the 32 bytes of the key.
  const std::string& fingerprint() const { return fingerprint_; }
  /// Is the signature of this command this key's?
  bool verify(const signed_command& command) const;

private:
  friend class operator_key;
  explicit operator_public_key(std::shared_ptr<void> key);
  std::shared_ptr<void> key_; ///< an EVP_PKEY; OpenSSL stays out of this header
  std::string fingerprint_;
};

/// The private key of an operator.
class operator_key {
public:
  /// From a PEM file with mode 0600 of this user. Throws file_problem.
  static operator_key load(const std::filesystem::path& file);

  const std::string& fingerprint() const { return public_key_.fingerprint(); }
  /// The text to send. Throws std::invalid_argument when a field is out of its range.
  std::string sign(const remote_command& command) const;

private:
  explicit operator_key(std::shared_ptr<void> key);
  operator_public_key public_key_;
};

} // namespace sentio
