// Tells people of what happens, by requests to an address of theirs. On a thread of its own; nothing waits
// for it.
#pragma once

#include "tools/sentio-hub/hub_store.hpp"

#include <filesystem>
#include <memory>
#include <set>
#include <string>

namespace sentio::hub {

/// {"url":"https://...","format":"json"|"telegram","chat_id":"...","events":["start",...]} in a file with
/// mode 0600, since the address is often a secret.
struct webhook_config {
  std::string url; ///< https, or http to this computer
  bool telegram = false;
  std::string chat_id;          ///< with telegram
  std::set<std::string> events; ///< start, stop, fills, halts, errors, summary; default: all
};

/// Throws file_problem, and std::invalid_argument with a sentence that names the file and the field.
webhook_config read_webhook_file(const std::filesystem::path& file);

/// The body of a request. JSON: {"text","kind","instance","at"}; Telegram: {"chat_id","text"}.
std::string webhook_body(const webhook_config& config, const notice& what);

class webhook {
public:
  explicit webhook(webhook_config config);
  /// Sends what waits for at most three seconds more.
  ~webhook();
  webhook(const webhook&) = delete;
  webhook& operator=(const webhook&) = delete;

  /// From any thread; never blocks. At most 256 wait, the oldest is dropped; neighbours of one kind and
  /// instance become one message; at most one request a second, five at once; each is tried for about a
  /// minute.
  void offer(notice what);

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace sentio::hub
