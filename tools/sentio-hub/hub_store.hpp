// What the hub knows, between the two sides of it: uplinks and terminals over CAF, pages over HTTP.
// Thread-safe. Nobody has a queue of messages here: each viewer has a place, and asks for what comes next
// there. A slow viewer therefore misses snapshots, and gets the history again when it was too slow for the
// events.
#pragma once

#include "core/monitor/metrics.hpp"
#include "core/monitor/session_history.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace sentio::hub {

using steady = std::chrono::steady_clock;

inline constexpr std::size_t most_instances = 64;
inline constexpr std::size_t most_viewers = 64; ///< pages; as many terminals
inline constexpr std::chrono::seconds stale_after{5};

time_ms computer_time();

/// How far one viewer is.
struct viewer_place {
  bool greeted = false;
  std::string selected; ///< instance, or empty
  bool wants_history = false;
  std::uint64_t instances_edition = 0;
  std::uint64_t epoch = 0;
  std::uint64_t next_event = 0;
  std::uint64_t snapshot = 0;
  part_editions seen{};
  std::deque<std::string> wanted_prices; ///< symbols
  steady::time_point snapshot_at{};
  steady::time_point heard_at{}; ///< when it was last told anything
};

/// Something that a person may want to be told of elsewhere (webhook.hpp).
struct notice {
  std::string kind; ///< start, stop, fills, halts, errors or summary
  std::string instance;
  std::string text;
  time_ms at = 0;
};

class hub_store {
public:
  /// `changed` is called from any thread after something that viewers may want to know, and must not block;
  /// `told` likewise, for notices.
  hub_store(std::string version, std::function<void()> changed, std::function<void(notice)> told);
  ~hub_store();

  // Instances.
  /// {"id","name","kind"}. Empty: it has joined under `id`; else why not, for a person.
  std::string join(const std::string& text, std::string& id);
  void leave(const std::string& id);
  /// A history, snapshot or event; others are refused and counted. `text` is of at most longest_hub_text
  /// bytes.
  void report(const std::string& id, const nlohmann::json& message);
  void count_refused(const std::string& id, const std::string& why);
  /// Time has passed: instances that say nothing are shown as not connected.
  void tick();

  // Viewers.
  void select(viewer_place& place, const std::string& id);
  void want_prices(viewer_place& place, const std::string& id, const std::string& symbol);
  /// The contract's hello; the place counts as greeted.
  std::string hello(viewer_place& place);
  /// Is there something to tell?
  bool has_next(const viewer_place& place);
  /// The next message for this place; nothing when it knows everything.
  std::optional<std::string> next(viewer_place& place);
  void count_viewers(std::uint64_t pages, std::uint64_t terminals); ///< max() = unchanged

  // Requests.
  std::string metrics();
  /// An instance is connected and fresh.
  bool ready();
  /// The document of a finished session made from a live instance (empty: the first); nothing: no such
  /// instance.
  std::optional<std::string> session_document(const std::string& id);

private:
  struct instance;
  instance* find(const std::string& id);
  nlohmann::json instances_json() const;
  void notice_event(instance& of, const nlohmann::json& event);
  void notice_snapshot(instance& of);
  void tell(const std::string& kind, instance& of, const std::string& text);
  std::string history_text(instance& of, viewer_place& place);
  std::string snapshot_text(instance& of, viewer_place& place);
  bool snapshot_due(const instance& of, const viewer_place& place, steady::time_point now) const;
  void refresh(instance& of, steady::time_point now);

  std::mutex mutex_;
  std::string version_;
  std::function<void()> changed_;
  std::function<void(notice)> told_;
  std::map<std::string, std::unique_ptr<instance>> instances_;
  std::uint64_t instances_edition_ = 1;
  hub_figures figures_;
};

} // namespace sentio::hub
