// A command that must be refused before anything is written.
#pragma once

#include "tests/program/mock_lab.hpp"

namespace sentio::test {

/// Runs refused commands in one folder, where the logs of an earlier run lie in `earlier`.
class refusals {
public:
  refusals() {
    const auto run = sentio_actors_.run("mock --date " + last_day + mock_lab::get().from_checkpoint() +
                                        "--log-dir earlier");
    if (run.code != 0)
      throw std::runtime_error("no earlier run: " + run.error);
    before_ = files_below(folder());
  }
  const std::filesystem::path& folder() const { return sentio_actors_.folder(); }

  /// A file for the commands to come: no trace of theirs.
  void add_file(const std::string& name, const std::string& text) {
    std::filesystem::create_directories((folder() / name).parent_path());
    write_file(folder() / name, text);
    before_ = files_below(folder());
  }
  void add_bars(const std::string& name, const bar_texts& bars) {
    write_bars(folder() / name, bars);
    before_ = files_below(folder());
  }
  void note_files() { before_ = files_below(folder()); }

  /// True when the command ends with `code`, names all `parts`, prints no result and leaves every file as it
  /// was: with a fresh log directory, and with one that it may overwrite.
  bool refused(const std::string& arguments, int code, const std::vector<std::string>& parts) {
    bool good = attempt(arguments + " --log-dir fresh", code, parts);
    if (std::filesystem::exists(folder() / "fresh")) {
      CAF_MESSAGE("left behind an empty log directory: " << arguments);
      std::filesystem::remove_all(folder() / "fresh");
      good = false;
    }
    return attempt(arguments + " --log-dir earlier --overwrite", code, parts) && good;
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
  std::map<std::string, std::string> before_;
};

} // namespace sentio::test
