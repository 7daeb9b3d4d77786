#include "tools/sentio-actors/run_report.hpp"

#include "core/journal/run_file.hpp"
#include "core/numeric/plain_text.hpp"
#include "core/report/report.hpp"
#include "tools/sentio-actors/run_log_directory.hpp"

namespace sentio {

void write_run_files(const std::filesystem::path& log_dir, run_description run,
                     const run_products& products) {
  // A run that failed before its first day was over leaves nothing behind.
  if (is_unused(log_dir))
    return;
  std::string table;
  run.sessions.clear();
  for (const auto& [date, line] : products.table->lines) {
    table += line;
    run.sessions.push_back(date);
  }
  run.warmup = *products.warmup;
  write_whole_file(log_dir / std::string(sessions_file_name), table);
  write_whole_file(log_dir / std::string(run_file_name), write_run_file(run));
}

made_report make_report(const std::filesystem::path& log_dir, bool with_json) {
  made_report made;
  const auto data = load_report(log_dir);
  made.text = plain_text(report_text(data), line_ends::kept);
  write_whole_file(log_dir / "analysis_report.txt", made.text);
  write_whole_file(log_dir / "report.html", report_html(data));
  if (with_json)
    made.json = report_json(data);
  return made;
}

} // namespace sentio
