// Where the journal's bytes go: files of a log directory, or a hash.
#pragma once

#include "core/market/calendar.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace sentio {

enum class log_kind : std::uint8_t { signals, decisions, trades, positions, session_text };
inline constexpr std::size_t log_kind_count = 5;

/// File name of a day's log, for example "signals_2025-06-03.jsonl".
std::string log_name(log_kind kind, civil_date date);

class log_sink {
public:
  log_sink() = default;
  log_sink(const log_sink&) = delete;
  log_sink& operator=(const log_sink&) = delete;
  virtual ~log_sink() = default;

  virtual void open_day(civil_date date) = 0;
  /// Whole lines only. Throws std::runtime_error naming the file and the reason when it cannot write.
  virtual void write(log_kind kind, std::string_view lines) = 0;
  virtual void close_day() = 0;
  /// The day cannot be finished: its files are removed. So does the destructor, for a day that is still open.
  virtual void drop_day() = 0;
};

/// Writes NAME.partial and renames it when the day is closed, so that no log is ever half-written. A day that
/// is closed early (Ctrl-C) has whole lines; a day that failed is removed.
std::unique_ptr<log_sink> make_file_sink(std::filesystem::path directory);

/// FNV-1a over every byte of every log, in order, per kind.
struct log_hash {
  std::array<std::uint64_t, log_kind_count> kinds{};
  std::uint64_t bytes = 0;

  std::uint64_t combined() const;
  friend bool operator==(const log_hash&, const log_hash&) = default;
};
std::unique_ptr<log_sink> make_hash_sink(std::shared_ptr<log_hash> into);

} // namespace sentio
