#include "tools/sentio-actors/run_log_directory.hpp"

#include "core/market/calendar.hpp"
#include "core/numeric/special_file.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace sentio {

namespace fs = std::filesystem;

namespace {

/// Files that a run writes: only these may be removed by --overwrite. A user's trades_of_mine.csv stays.
bool is_run_file(const fs::path& file) {
  static constexpr std::array<std::string_view, 8> names{
      "run.json",     "sessions.jsonl", "analysis_report.txt", "report.html", "exchange_state.json",
      "control.sock", "session.json",   "halted.json"};
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 8> stems{
      {{"signals_", ".jsonl"},
       {"decisions_", ".jsonl"},
       {"trades_", ".jsonl"},
       {"positions_", ".jsonl"},
       {"session_", ".log"},
       {"session_", ".tape"},
       {"latency_", ".jsonl"},
       {"learned_", ".checkpoint"}}};
  std::string name = file.filename().string();
  if (name.ends_with(".partial"))
    name.resize(name.size() - std::string_view(".partial").size());
  for (const auto known : names)
    if (name == known)
      return true;
  for (const auto& [stem, ending] : stems) {
    if (!name.starts_with(stem))
      continue;
    const auto rest = std::string_view(name).substr(stem.size());
    constexpr std::size_t date_length = 10;
    if (rest.size() == date_length + ending.size() && rest.ends_with(ending) &&
        parse_date(rest.substr(0, date_length)))
      return true;
  }
  return false;
}

/// Of a directory that holds nothing else.
void remove_unused(const fs::path& directory) {
  std::error_code ignored; // a tidy-up; what cannot be removed does no harm
  for (const auto& entry : fs::directory_iterator(directory, ignored))
    fs::remove_all(entry.path(), ignored);
  fs::remove(directory, ignored);
}

void remove_earlier_run(const fs::path& directory) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory))
    if (entry.is_regular_file() && is_run_file(entry.path()))
      files.push_back(entry.path());
  for (const auto& file : files)
    fs::remove(file);
  fs::remove_all(directory / ".reserve"); // of a session that was killed
  if (const auto baseline = directory / "baseline_legacy"; fs::is_directory(baseline)) {
    {
      const directory_lock lock(baseline, "overwriting the run above");
      remove_earlier_run(baseline);
    }
    if (is_unused(baseline))
      remove_unused(baseline);
  }
}

} // namespace

bool is_unused(const fs::path& directory) {
  return std::all_of(fs::directory_iterator(directory), fs::directory_iterator(),
                     [](const auto& entry) { return is_housekeeping(entry.path().filename()); });
}

log_directory use_log_directory(const fs::path& given, bool overwrite, std::string_view command,
                                directory_lock held) {
  if (fs::exists(given) && !fs::is_directory(given))
    throw usage_error(given.string() + " is a file; --log-dir takes a directory");
  fs::create_directories(given);
  log_directory chosen{given, std::move(held)};
  if (!chosen.lock.held()) // before anything there is looked at
    chosen.lock = directory_lock(given, command);
  if (!is_unused(given)) {
    if (!overwrite)
      throw usage_error("the log directory " + given.string() +
                        " is not empty; choose another one, or give --overwrite to replace the run in it");
    remove_earlier_run(given);
  }
  return chosen;
}

log_directory next_log_directory(const fs::path& root, const std::string& stem, std::string_view command) {
  fs::create_directories(root);
  for (int n = 1;; ++n) {
    const auto directory = root / (stem + "_" + std::to_string(n));
    if (!fs::create_directory(directory))
      continue;
    log_directory chosen{directory, directory_lock(directory, command)};
    const auto link = root / "latest";
    std::error_code problem;
    if (fs::is_symlink(fs::symlink_status(link, problem)))
      fs::remove(link, problem);
    // A convenience only: a file system without links still gets its logs.
    fs::create_directory_symlink(directory.filename(), link, problem);
    return chosen;
  }
}

void remove_if_empty(const fs::path& directory) {
  std::error_code ignored; // a tidy-up behind a failure that is told already
  if (!fs::is_directory(directory, ignored) || !is_unused(directory))
    return;
  const auto link = directory.parent_path() / "latest";
  if (fs::is_symlink(fs::symlink_status(link, ignored)) &&
      fs::read_symlink(link, ignored) == directory.filename())
    fs::remove(link, ignored);
  remove_unused(directory);
}

void write_whole_file(const fs::path& file, const std::string& bytes) {
  const auto temporary = fs::path(file).concat(".partial");
  if (const auto why = why_no_regular_file(temporary); !why.empty())
    throw std::runtime_error("cannot write " + temporary.string() + ": " + why);
  {
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) {
      const std::string reason = std::strerror(errno);
      std::error_code ignored; // already failing: the first error is the one to tell
      fs::remove(temporary, ignored);
      throw std::runtime_error("cannot write " + file.string() + ": " + reason);
    }
  }
  fs::rename(temporary, file);
}

std::string read_whole_file(const fs::path& file) {
  if (const auto why = why_no_regular_file(file); !why.empty())
    throw std::runtime_error("cannot read " + file.string() + ": " + why);
  std::ifstream in(file, std::ios::binary);
  if (!in)
    throw std::runtime_error("cannot read " + file.string() + ": " + std::strerror(errno));
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

} // namespace sentio
