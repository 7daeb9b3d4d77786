// The journal actor: turns rounds, decisions, fills and the book into the four logs and the session text.
#pragma once

#include "actors/common.hpp"
#include "actors/log_sink.hpp"
#include "actors/step_window.hpp"
#include "core/journal/log_lines.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>

namespace sentio {

/// The lines of sessions.jsonl, a line per day; shared by runs that work on other days side by side.
struct session_table {
  std::mutex mutex;
  std::map<civil_date, std::string> lines;
};

struct journal_config {
  run_description run; ///< names the symbols, by index
  std::shared_ptr<log_sink> sink;
  std::shared_ptr<session_table> table;
  std::shared_ptr<step_window> window{}; ///< for a watcher; null without one
};

struct journal_state : counted_state {
  journal_config config;
  std::vector<std::string> names;
  std::optional<warmup_summary> warmup; ///< not yet in a session text
  std::optional<money> closing_equity;  ///< of the last day
  session_hours today;
  std::string session; ///< today, as the stamps show it
  bool day_open = false;
  std::array<std::string, log_kind_count> buffers;
  std::array<log_stamp, log_kind_count> stamps;

  void open(const session_start& day);
  void write(const portfolio_step& step);
  void close(const session_closed& day);
  /// Writes what is buffered and closes the day's files, if they are open.
  void finish();

private:
  std::string& buffer(log_kind kind);
  log_stamp& stamp(log_kind kind);
  void flush(log_kind kind);
};

journal_actor::behavior_type journal_behavior(actor_pointer<journal_actor, journal_state> self,
                                              journal_config config, supervisor_actor supervisor);

} // namespace sentio
