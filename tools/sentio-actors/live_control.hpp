// The control socket of a running instance, <log-dir>/control.sock, mode 0600: one line in, one line of JSON
// out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace sentio {

/// Answers a command ("status", "maintenance on", "flatten") with one line.
using control_handler = std::function<std::string(const std::string&)>;

/// The listening side. Never blocks: poll() serves whoever is there.
class control_socket {
public:
  /// The caller holds the directory's lock. Throws std::runtime_error when it cannot be made.
  explicit control_socket(const std::filesystem::path& path);
  ~control_socket();
  control_socket(const control_socket&) = delete;
  control_socket& operator=(const control_socket&) = delete;

  void poll(const control_handler& handler);
  /// Whether the file is still this socket: whoever removes it makes the instance unreachable.
  bool is_reachable() const;
  /// Makes it anew. Throws std::runtime_error when it cannot be made.
  void restore();
  /// Clients that said something which is no line of at most 200 bytes; they got no answer.
  std::uint64_t malformed() const { return malformed_; }

private:
  struct client {
    int handle = -1;
    std::string heard;
    int patience = 0; ///< polls until a silent client is dropped
  };
  void listen_at_path();

  std::filesystem::path path_;
  int listener_ = -1;
  std::uint64_t device_ = 0; ///< of the socket's file, and its inode
  std::uint64_t inode_ = 0;
  std::vector<client> clients_;
  std::uint64_t malformed_ = 0;
};

/// Sends one command to the instance of a log directory and returns its answer. Throws std::runtime_error
/// with a sentence when none is running there, or this user may not tell it anything.
std::string ask_instance(const std::filesystem::path& log_dir, const std::string& command);

/// Sends one command and prints what it did; returns exit code 0. Throws std::runtime_error with the
/// instance's refusal.
int tell_instance(const std::filesystem::path& log_dir, const std::string& command);

} // namespace sentio
