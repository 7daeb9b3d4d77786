#include "core/market/session_reader.hpp"

#include <algorithm>

namespace sentio {

namespace {

// Above this many symbols a file is closed between two sessions, so that neither the number of open files
// nor the buffers grow with the number of symbols.
constexpr std::size_t most_open_files = 128;

csv_options reader_options(const std::string& symbol, const session_read_options& options) {
  csv_options result;
  result.wanted_symbol = symbol;
  result.strict = options.strict;
  if (options.first)
    result.skip_before = new_york_to_utc(*options.first, 0, 0);
  return result;
}

[[noreturn]] void throw_no_rows(const std::filesystem::path& file, const std::string& symbol,
                                const std::vector<std::string>& messages) {
  throw data_error(file.string() + ": no valid bar of " + symbol +
                   " in the whole file; every configured symbol needs bars" +
                   (messages.empty() ? "" : "\n  " + messages.front()));
}

} // namespace

/// One file, always standing on the next bar to hand out.
class session_bar_source::stream {
public:
  stream(const std::filesystem::path& file, const std::string& symbol, const session_read_options& options)
      : reader_(file, reader_options(symbol, options)), sequence_(options.flagged_move) {
    if (options.last)
      stop_at_ = new_york_to_utc(add_days(*options.last, 1), 0, 0);
    advance();
    if (!pending_ && !stopped_ && reader_.counts().rows == reader_.counts().bad.total())
      throw_no_rows(file, symbol, reader_.messages());
  }

  bool pending() const { return pending_; }
  const session_hours& hours() const { return hours_; }

  /// Moves all bars of the pending session into `bars`, and the revisions met meanwhile.
  void take_session(std::vector<bar>& bars, std::vector<bar>& revisions) {
    const time_ms open = hours_.open;
    while (pending_ && hours_.open == open) {
      bars.push_back(bar_);
      advance();
    }
    revisions.insert(revisions.end(), revisions_.begin(), revisions_.end());
    revisions_.clear();
  }

  symbol_row_counts counts() const {
    symbol_row_counts result;
    result.rows = reader_.counts().rows - (stopped_ ? 1 : 0); // the row beyond the last day
    result.skipped = reader_.counts().skipped;
    result.bad = reader_.counts().bad;
    result.kept = sequence_.counts().accepted;
    result.duplicates = sequence_.counts().duplicates;
    result.revisions = sequence_.counts().revisions;
    result.flagged_moves = sequence_.counts().flagged_moves;
    result.out_of_session = out_of_session_;
    return result;
  }
  csv_bar_reader& reader() { return reader_; }

private:
  void advance() {
    pending_ = false;
    bar next;
    while (!stopped_ && reader_.next(next)) {
      if (next.label >= stop_at_) {
        stopped_ = true;
        return;
      }
      const session_hours* const session = clock_.regular_session(next.label);
      if (!session) {
        ++out_of_session_;
        continue;
      }
      switch (sequence_.offer(next)) {
      case bar_arrival::accepted:
        bar_ = next;
        hours_ = *session;
        pending_ = true;
        return;
      case bar_arrival::duplicate:
        break;
      case bar_arrival::revision:
        revisions_.push_back(next);
        break;
      }
    }
  }

  csv_bar_reader reader_;
  bar_sequence sequence_;
  session_clock clock_;
  time_ms stop_at_ = std::numeric_limits<time_ms>::max();
  bool stopped_ = false;
  bool pending_ = false;
  bar bar_;
  session_hours hours_;
  std::vector<bar> revisions_;
  std::uint64_t out_of_session_ = 0;
};

session_bar_source::session_bar_source(const std::filesystem::path& directory,
                                       std::vector<std::string> symbols, const session_read_options& options)
    : symbols_(std::move(symbols)) {
  std::sort(symbols_.begin(), symbols_.end());
  if (const auto twice = std::adjacent_find(symbols_.begin(), symbols_.end()); twice != symbols_.end())
    throw data_error("symbol " + *twice + " is listed twice; each symbol may be given once");
  for (const auto& symbol : symbols_) {
    streams_.push_back(std::make_unique<stream>(find_bar_file(directory, symbol), symbol, options));
    if (symbols_.size() > most_open_files)
      streams_.back()->reader().rest();
  }
}

session_bar_source::~session_bar_source() = default;
session_bar_source::session_bar_source(session_bar_source&&) noexcept = default;
session_bar_source& session_bar_source::operator=(session_bar_source&&) noexcept = default;

bool session_bar_source::next(market_day& out) {
  const stream* earliest = nullptr;
  for (const auto& each : streams_)
    if (each->pending() && (!earliest || each->hours().open < earliest->hours().open))
      earliest = each.get();
  if (!earliest)
    return false;
  out.hours = earliest->hours();
  out.bars.resize(streams_.size());
  out.revisions.resize(streams_.size());
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    out.bars[i].clear();
    out.revisions[i].clear();
    stream& each = *streams_[i];
    if (!each.pending() || each.hours().open != out.hours.open)
      continue;
    each.take_session(out.bars[i], out.revisions[i]);
    if (streams_.size() > most_open_files)
      each.reader().rest();
  }
  return true;
}

symbol_row_counts session_bar_source::counts(symbol_index symbol) const {
  return streams_.at(symbol)->counts();
}

const std::vector<std::string>& session_bar_source::messages(symbol_index symbol) const {
  return streams_.at(symbol)->reader().messages();
}

const std::filesystem::path& session_bar_source::file(symbol_index symbol) const {
  return streams_.at(symbol)->reader().file();
}

std::vector<civil_date> list_sessions(const std::filesystem::path& directory,
                                      const std::vector<std::string>& symbols) {
  std::vector<civil_date> dates;
  for (const auto& symbol : symbols) {
    csv_options options;
    options.wanted_symbol = symbol;
    csv_bar_reader reader(find_bar_file(directory, symbol), options);
    session_clock clock;
    time_ms label = 0;
    time_ms listed_until = 0; // end of the session listed last
    while (reader.next_label(label)) {
      const session_hours* const session = clock.regular_session(label);
      if (session && session->close != listed_until) {
        dates.push_back(session->date);
        listed_until = session->close;
      }
    }
    if (reader.counts().rows == reader.counts().bad.total())
      throw_no_rows(reader.file(), symbol, reader.messages());
    std::sort(dates.begin(), dates.end());
    dates.erase(std::unique(dates.begin(), dates.end()), dates.end());
  }
  return dates;
}

} // namespace sentio
