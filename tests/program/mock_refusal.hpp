// A command that must be refused before anything is written.
#pragma once

#include "tests/program/mock_lab.hpp"

namespace sentio::test {

/// Runs refused commands in one folder, where the logs of an earlier run lie in `earlier`.
class refusals {
public:
  refusals() {
    for (const std::string name : {"run.json", "sessions.jsonl", "report.html", "signals_2025-12-01.jsonl",
                                   "decisions_2025-12-01.jsonl", "trades_2025-12-01.jsonl",
                                   "positions_2025-12-01.jsonl", "session_2025-12-01.log"})
      add_file("earlier/" + name, "{}\n");
  }
  const std::filesystem::path& folder() const { return sentio_actors_.folder(); }

  /// A file for the commands to come: no trace of theirs.
  void add_file(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder() / name).parent_path());
    write_file(folder() / name, text);
    before_ = files_below(folder());
  }
  /// Options for a folder of bars, which lies outside the working directory.
  std::string add_bars(const std::string& name, const bar_texts& bars) {
    write_bars(data_.path() / name, bars);
    return "--no-report --data-dir " + (data_.path() / name).string() + mock_lab::get().with_checkpoint();
  }
  std::filesystem::path data() const { return data_.path(); }

  /// True when the command ends with `code`, names all `parts`, prints no result and leaves every file as it
  /// was: with a fresh log directory, and with one that it may overwrite.
  bool refused(const std::string& arguments, int code, const std::vector<std::string>& parts) {
    const bool fresh = leaves_nothing(arguments, code, parts);
    return attempt(arguments + " --log-dir earlier --overwrite", code, parts) && fresh;
  }

  /// The same for a fresh log directory alone: what only the run itself can find out.
  bool leaves_nothing(const std::string& arguments, int code, const std::vector<std::string>& parts) {
    const bool good = attempt(arguments + " --log-dir fresh", code, parts);
    if (!std::filesystem::exists(folder() / "fresh"))
      return good;
    CAF_MESSAGE("a log directory was left behind by: mock " << arguments);
    std::filesystem::remove_all(folder() / "fresh");
    return false;
  }

private:
  bool attempt(const std::string& arguments, int code, const std::vector<std::string>& parts) {
    const auto result = sentio_actors_.run("mock " + arguments);
    bool good = result.code == code && result.out.empty() && result.error.starts_with("sentio-actors: ");
    if (!good)
      CAF_MESSAGE("mock " << arguments << ": code " << result.code << ", not " << code << "; "
                          << result.error);
    for (const auto& part : parts)
      good = contains(result.error, part) && good;
    if (files_below(folder()) != before_) {
      CAF_MESSAGE("files were changed by: mock " << arguments);
      restore();
      good = false;
    }
    return good;
  }
  /// So that the next command meets what this one should have left.
  void restore() {
    for (const auto& [name, bytes] : files_below(folder()))
      if (!before_.contains(name))
        std::filesystem::remove(folder() / name);
    for (const auto& [name, bytes] : before_)
      write_file(folder() / name, bytes);
  }

  program sentio_actors_;
  scratch_folder data_;
  std::map<std::string, std::string> before_;
};

} // namespace sentio::test
