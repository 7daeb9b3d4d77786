#include "core/market/session_reader.hpp"

#include <algorithm>

namespace sentio {

namespace {

// Above this many symbols a file is closed between two sessions, so that neither the number of open files
// nor the buffers grow with the number of symbols.
constexpr std::size_t most_open_files = 128;

csv_options reader_options(const std::string& spelling, const session_read_options& options) {
  csv_options result;
  result.wanted_symbol = spelling;
  result.strict = options.strict;
  if (options.first)
    result.skip_before = new_york_to_utc(*options.first, 0, 0);
  return result;
}

} // namespace

/// One file, always standing on the next bar to hand out.
class session_bar_source::stream {
public:
  stream(symbol_survey survey, const session_read_options& options)
      : survey_(std::move(survey)), reader_(survey_.file, reader_options(survey_.spelling, options)),
        sequence_(options.flagged_move) {
    if (options.last)
      stop_at_ = new_york_to_utc(add_days(*options.last, 1), 0, 0);
    if (!survey_.in_order())
      sort_rows();
    advance();
    if (!options.empty_allowed && !pending_ && !stopped_ &&
        reader_.counts().rows == reader_.counts().bad.total())
      throw_no_rows(reader_.file(), survey_.symbol,
                    reader_.messages().empty() ? "" : reader_.messages().front());
  }

  bool pending() const { return pending_; }
  const session_hours& hours() const { return hours_; }
  const symbol_survey& survey() const { return survey_; }

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
    result.rows = reader_.counts().rows - beyond_;
    result.skipped = reader_.counts().skipped;
    result.bad = reader_.counts().bad;
    result.kept = sequence_.counts().accepted;
    result.duplicates = sequence_.counts().duplicates;
    result.revisions = sequence_.counts().revisions;
    result.idle = sequence_.counts().idle;
    result.flagged_moves = sequence_.counts().flagged_moves;
    result.closing = closing_;
    result.outside = outside_;
    result.reordered = reordered_;
    return result;
  }
  csv_bar_reader& reader() { return reader_; }

private:
  /// The next row of the file in a regular session.
  bool read_regular(bar& next) {
    while (!stopped_ && reader_.next(next)) {
      if (const auto* const session = clock_.regular_session(next.label)) {
        if (next.label < stop_at_)
          return true;
        ++beyond_;
        stopped_ = survey_.in_order();
        continue;
      }
      const auto* const day = clock_.session_of_day(next.label);
      const bool closing = day && (next.label == day->close || new_york_minute(next.label) == 16 * 60);
      ++(closing ? closing_ : outside_);
    }
    return false;
  }

  void sort_rows() {
    time_ms newest = 0;
    for (bar next; read_regular(next);) {
      sorted_.push_back(next);
      reordered_ += next.label < newest ? 1u : 0u;
      newest = std::max(newest, next.label);
    }
    // Stable: of two rows with one label the first of the file counts.
    std::stable_sort(sorted_.begin(), sorted_.end(),
                     [](const bar& a, const bar& b) { return a.label < b.label; });
  }

  bool next_in_order(bar& next) {
    if (survey_.in_order())
      return read_regular(next);
    if (next_sorted_ == sorted_.size())
      return false;
    next = sorted_[next_sorted_++];
    return true;
  }

  void advance() {
    pending_ = false;
    bar next;
    while (next_in_order(next)) {
      const session_hours session = *clock_.regular_session(next.label);
      switch (sequence_.offer(next, session.open)) {
      case bar_arrival::accepted:
        bar_ = next;
        hours_ = session;
        pending_ = true;
        return;
      case bar_arrival::duplicate:
      case bar_arrival::idle:
        break;
      case bar_arrival::revision:
        revisions_.push_back(next);
        break;
      case bar_arrival::out_of_order:
        throw data_error(
            reader_.file().string() + ":" + std::to_string(reader_.line_number()) +
            ": a row that is older than the row before it was not there a moment ago; the file must "
            "not change while it is read");
      }
    }
  }

  symbol_survey survey_;
  csv_bar_reader reader_;
  bar_sequence sequence_;
  session_clock clock_;
  time_ms stop_at_ = std::numeric_limits<time_ms>::max();
  bool stopped_ = false;
  std::vector<bar> sorted_; ///< of a file that is not in order
  std::size_t next_sorted_ = 0;
  bool pending_ = false;
  bar bar_;
  session_hours hours_;
  std::vector<bar> revisions_;
  std::uint64_t closing_ = 0;
  std::uint64_t outside_ = 0;
  std::uint64_t beyond_ = 0; ///< regular rows after the last day
  std::uint64_t reordered_ = 0;
};

session_bar_source::session_bar_source(const std::filesystem::path& directory,
                                       std::vector<std::string> symbols, const session_read_options& options)
    : symbols_(std::move(symbols)) {
  std::sort(symbols_.begin(), symbols_.end());
  const auto survey =
      options.survey
          ? options.survey
          : std::make_shared<const bar_survey>(survey_bars(directory, symbols_, {options.empty_allowed}));
  for (const auto& symbol : symbols_) {
    const auto found = std::find_if(survey->files.begin(), survey->files.end(),
                                    [&](const symbol_survey& one) { return one.symbol == symbol; });
    if (found == survey->files.end())
      throw data_error(directory.string() + ": no survey of " + symbol + "; it was made for other symbols");
    streams_.push_back(std::make_unique<stream>(*found, options));
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

const symbol_survey& session_bar_source::survey(symbol_index symbol) const {
  return streams_.at(symbol)->survey();
}

std::vector<civil_date> list_sessions(const std::filesystem::path& directory,
                                      const std::vector<std::string>& symbols) {
  return survey_bars(directory, symbols).sessions();
}

} // namespace sentio
