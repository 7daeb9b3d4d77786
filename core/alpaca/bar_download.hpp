// History by REST as bar files: which requests to make, what to do with each answer, and how to go on after
// an interruption. Knows no network, clock or terminal: those are functions that it is given.
#pragma once

#include "core/alpaca/wire.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace sentio::alpaca {

enum class history_source : std::uint8_t { alpaca, polygon };

struct download_request {
  history_source source = history_source::alpaca;
  std::vector<std::string> symbols;
  civil_date first; ///< New York days, inclusive
  civil_date last;
  std::string feed = "iex";       ///< alpaca only
  std::string adjustment = "raw"; ///< raw or split
  std::filesystem::path output;   ///< made when it does not exist
  bool overwrite = false;         ///< replaces files that other choices made
};

struct fetch_answer {
  int status = 0; ///< HTTP; 0: none came, and error says why
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers; ///< names in lower case
  std::string error;
};

/// All that a download needs from outside.
struct download_environment {
  std::function<fetch_answer(const std::string& target)> fetch; ///< GET of a path on the source's host
  std::function<void(time_ms)> wait;                            ///< may return early when interrupted
  std::function<time_ms()> now;                                 ///< UTC
  std::function<bool()> interrupted;
  /// Symbol-sessions done and to do; the note says what is at work. May be empty.
  std::function<void(std::uint64_t done, std::uint64_t total, const std::string& note)> progress;
};

/// What lies on disk of one symbol.
struct symbol_download {
  std::string symbol;
  std::filesystem::path file;
  std::uint64_t bars = 0;
  std::uint32_t sessions = 0;              ///< with at least one bar
  std::uint32_t empty_sessions = 0;        ///< without any
  std::uint64_t bad = 0;                   ///< rows refused: a field is missing or the prices are impossible
  std::uint64_t outside = 0;               ///< rows outside the regular session, or of another symbol
  std::optional<civil_date> resumed_after; ///< the last day that an earlier run had completed
  std::optional<civil_date> complete_through;
  /// Why what an earlier run had stored was not continued but loaded anew: the source adjusts its prices for
  /// a split since then. Empty: it was continued, or there was nothing.
  std::string loaded_anew;
  bool kept = false;     ///< was whole before this run
  bool complete = false; ///< the file has its final name
};

struct download_result {
  std::vector<symbol_download> symbols; ///< sorted by name
  civil_date last;                      ///< the last whole session, at or before the one asked for
  bool interrupted = false;

  bool complete() const;
};

class bar_file_writer;

/// Downloads the regular sessions of each symbol into SYMBOL_RTH_NH.csv. While a symbol is at work its rows
/// stand in SYMBOL_RTH_NH.csv.part; SYMBOL_RTH_NH.progress says how many of its bytes are sure, and stays as
/// a note of where the file comes from. A second run with the same choices goes on after the last complete
/// day. Throws data_error: files of other choices are there, the disk fails, or the source refuses.
class bar_download {
public:
  bar_download(download_request request, download_environment environment);
  download_result run();

private:
  /// Sessions that one request asks for: first ... end - 1 of sessions_.
  struct chunk {
    std::size_t first = 0;
    std::size_t end = 0;
  };

  void plan();
  void prepare_output() const;
  void download(symbol_download& symbol, bar_file_writer& file);
  /// Asks for the last stored day again, and starts the file anew when its prices are on another basis now.
  /// False when interrupted.
  bool check_basis(symbol_download& symbol, bar_file_writer& file);
  /// Empty when interrupted.
  std::optional<std::vector<bar>> fetch_chunk(symbol_download& symbol, chunk wanted);
  std::optional<bar_page> fetch_page(const std::string& symbol, const std::string& target);
  /// Until the source may be asked again.
  void pause(const fetch_answer& answer, int attempt);
  [[noreturn]] void refuse(const std::string& symbol, const fetch_answer& answer) const;
  std::string target(const std::string& symbol, chunk wanted, const std::string& token) const;
  std::string add_rows(symbol_download& symbol, chunk wanted, std::vector<bar> bars) const;
  void show(const std::string& symbol, std::size_t sessions_done) const;

  download_request request_;
  download_environment environment_;
  std::vector<session_hours> sessions_;
  std::uint64_t symbols_done_ = 0;
};

} // namespace sentio::alpaca
