// run.json and sessions.jsonl: what a report needs besides the four logs of each session.
#pragma once

#include "core/journal/records.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sentio {

/// One line of sessions.jsonl: the totals of a day that was traded to its end.
struct session_summary {
  civil_date date;
  session_totals totals; ///< refused: by refusal, refusal::count_ entries
  std::vector<std::pair<std::string, std::uint64_t>>
      counters; ///< data counters of the feed, in the order given
};

inline constexpr std::string_view run_file_name = "run.json";
inline constexpr std::string_view sessions_file_name = "sessions.jsonl";

/// The same description gives the same bytes. config_json stands inside as it is; blanks around it are
/// dropped.
std::string write_run_file(const run_description& run);
/// Throws log_error (log_reader.hpp) naming file and field.
run_description read_run_file(std::string_view text, const std::string& file);

/// One line, with its line end. Refusals of rules that refused nothing are written as 0. A session with
/// latches has "latches": [{"rule", "reason", "at_ms", "since_ms", "until_ms"}], as session_latch says;
/// others have no such field.
void append_session_summary(std::string& out, const session_summary& summary);
/// Throws log_error naming file, line and field. A rule missing in the line counts 0; an unknown one is an
/// error.
std::vector<session_summary> read_session_summaries(std::string_view text, const std::string& file);

} // namespace sentio
