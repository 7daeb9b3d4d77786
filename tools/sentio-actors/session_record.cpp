#include "tools/sentio-actors/session_record.hpp"

#include "tools/sentio-actors/run_log_directory.hpp"

#include <nlohmann/json.hpp>

namespace sentio {

bool same_session(const session_record& a, const session_record& b) {
  return a.account == b.account && a.venue == b.venue && a.title == b.title && a.date == b.date &&
         a.dry_run == b.dry_run;
}

void write_session_record(const std::filesystem::path& log_dir, const session_record& record) {
  const nlohmann::ordered_json json{{"account", record.account}, {"venue", record.venue},
                                    {"title", record.title},     {"date", record.date},
                                    {"dry_run", record.dry_run}, {"process", record.process},
                                    {"starts", record.starts},   {"started", record.started}};
  write_whole_file(log_dir / session_record_name,
                   json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

std::optional<session_record> read_session_record(const std::filesystem::path& log_dir) {
  const auto file = log_dir / session_record_name;
  if (!std::filesystem::is_regular_file(file))
    return std::nullopt;
  try {
    const auto json = nlohmann::json::parse(read_whole_file(file));
    session_record record;
    record.account = json.at("account");
    record.venue = json.at("venue");
    record.title = json.at("title");
    record.date = json.at("date");
    record.dry_run = json.value("dry_run", false);
    record.process = json.value("process", 0);
    record.starts = json.value("starts", 1);
    record.started = json.value("started", "");
    return record;
  } catch (const std::exception&) {
    return std::nullopt; // nobody's session: it is left alone
  }
}

} // namespace sentio
