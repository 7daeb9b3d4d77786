// What the tests of `mock` share: bars as text that a test may spoil, a checkpoint, and questions about
// folders.
#pragma once

#include "tests/program/program.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>
#include <zlib.h>

namespace sentio::test {

inline std::filesystem::path sample_folder() {
  return std::filesystem::path(SENTIO_SOURCE_DIR) / "data" / "sample";
}

inline constexpr std::array sample_symbols{"SDS", "SQQQ", "SVIX", "TQQQ", "UPRO", "UVXY"};

/// The sample's last two sessions: a half day and a whole one. The laboratory's checkpoint ends before them.
inline const std::string half_day = "2025-11-28";
inline const std::string last_day = "2025-12-01";
/// New York midnight before the half day, in seconds since 1970.
inline constexpr std::int64_t half_day_midnight_s = 1764306000;

inline std::string gzip_text(const std::filesystem::path& file) {
  const gzFile in = gzopen(file.c_str(), "rb");
  if (!in)
    throw std::runtime_error("cannot open " + file.string());
  std::string text;
  std::array<char, 65536> part;
  int count = 0;
  while ((count = gzread(in, part.data(), part.size())) > 0)
    text.append(part.data(), static_cast<std::size_t>(count));
  gzclose(in);
  if (count < 0)
    throw std::runtime_error("cannot read " + file.string());
  return text;
}

/// Bars of one symbol: header and rows without line ends, as in the file.
struct bar_text {
  std::string header;
  std::vector<std::string> rows;

  std::string joined() const {
    std::string text = header + "\n";
    for (const auto& row : rows)
      text += row + "\n";
    return text;
  }
};

/// Seconds since 1970 at the start of the row's minute.
inline std::int64_t epoch_of(const std::string& row) {
  return std::stoll(row.substr(row.find(',') + 1));
}

inline std::string bar_file(const std::string& symbol) {
  return symbol + "_RTH_NH.csv";
}

using bar_texts = std::map<std::string, bar_text>;

/// A folder that mock can read, labelled as synthetic as the sample is.
inline void write_bars(const std::filesystem::path& folder, const bar_texts& bars) {
  std::filesystem::create_directories(folder);
  std::filesystem::copy_file(sample_folder() / "NOTE", folder / "NOTE",
                             std::filesystem::copy_options::overwrite_existing);
  for (const auto& [symbol, text] : bars)
    write_file(folder / bar_file(symbol), text.joined());
}

/// Made once for all tests, and removed at the end: bars and a checkpoint, so that a run takes milliseconds.
class mock_lab {
public:
  static const mock_lab& get() {
    static const mock_lab lab;
    return lab;
  }
  /// The last two sessions of the sample.
  const bar_texts& bars() const { return bars_; }
  std::filesystem::path folder() const { return folder_.path(); }
  /// Options that trade those sessions from the checkpoint; nothing else of the sample is read.
  std::string from_checkpoint() const {
    return " --no-report --data-dir " + (folder() / "bars").string() + with_checkpoint();
  }
  std::string with_checkpoint() const { return " --warmup-state " + checkpoint().string() + " "; }
  std::filesystem::path checkpoint() const { return folder() / "learned.checkpoint"; }

private:
  mock_lab() {
    for (const std::string symbol : sample_symbols) {
      const auto text = gzip_text(sample_folder() / (bar_file(symbol) + ".gz"));
      bar_text& own = bars_[symbol];
      std::size_t begin = 0;
      for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
        const auto line = text.substr(begin, end - begin);
        if (own.header.empty())
          own.header = line;
        else if (epoch_of(line) >= half_day_midnight_s)
          own.rows.push_back(line);
      }
    }
    write_bars(folder() / "bars", bars_);
    const auto learned =
        program().run("warmup --end-date 2025-11-26 --days 3 --output '" + checkpoint().string() + "'");
    if (learned.code != 0)
      throw std::runtime_error("the laboratory has no checkpoint: " + learned.error);
  }

  scratch_folder folder_;
  bar_texts bars_;
};

/// Every file below a folder with its bytes; links are not followed.
inline std::map<std::string, std::string> files_below(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  if (std::filesystem::is_directory(folder))
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
      if (entry.is_regular_file() && !entry.is_symlink())
        files[entry.path().lexically_relative(folder).string()] = file_text(entry.path());
  return files;
}

/// Whether two folders hold the same files with the same bytes, and at least one; says what differs.
inline bool same_folders(const std::filesystem::path& left, const std::filesystem::path& right) {
  const auto ours = files_below(left);
  const auto theirs = files_below(right);
  bool same = !ours.empty() && ours.size() == theirs.size();
  for (const auto& [name, bytes] : ours) {
    const auto other = theirs.find(name);
    if (other != theirs.end() && other->second == bytes)
      continue;
    CAF_MESSAGE(name << (other == theirs.end() ? " is missing in " : " differs in ") << right.string());
    same = false;
  }
  return same;
}

inline std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  for (std::size_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1)
    lines.push_back(text.substr(begin, end - begin));
  if (begin < text.size())
    lines.push_back(text.substr(begin));
  return lines;
}

inline constexpr std::array log_stems{"signals_", "decisions_", "trades_", "positions_"};

/// The four logs of a day, by name.
inline std::map<std::string, std::string> logs_of(const std::filesystem::path& folder,
                                                  const std::string& date) {
  std::map<std::string, std::string> logs;
  for (const std::string stem : log_stems)
    logs[stem] = file_text(folder / (stem + date + ".jsonl"));
  return logs;
}

/// Nothing half-written: no temporary file, and exactly the days that sessions.jsonl lists have logs.
inline bool only_whole_days(const std::filesystem::path& folder) {
  std::vector<std::string> listed;
  for (const auto& line : lines_of(file_text(folder / "sessions.jsonl")))
    listed.push_back(line.substr(std::string_view(R"({"session":")").size(), 10));
  std::map<std::string, int> logs;
  for (const auto& [name, bytes] : files_below(folder)) {
    if (name.ends_with(".partial")) {
      CAF_MESSAGE(name << " was left behind");
      return false;
    }
    for (const std::string stem : {"signals_", "decisions_", "trades_", "positions_", "session_"})
      if (name.starts_with(stem))
        ++logs[name.substr(stem.size(), 10)];
  }
  for (const auto& date : listed)
    if (logs[date] != 5) {
      CAF_MESSAGE(date << " has " << logs[date] << " of its 5 logs");
      return false;
    }
  if (logs.size() != listed.size())
    CAF_MESSAGE("logs of " << logs.size() << " days, sessions.jsonl lists " << listed.size());
  return logs.size() == listed.size();
}

/// The next number of a sequence that is the same everywhere (splitmix64).
inline std::uint64_t next_random(std::uint64_t& state) {
  std::uint64_t z = state += 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

} // namespace sentio::test
