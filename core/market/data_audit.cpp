#include "core/market/data_audit.hpp"

#include "core/market/csv_reader.hpp"
#include "core/market/session_clock.hpp"

#include <algorithm>

namespace sentio {

namespace {

/// Notes runs of bars that look alike, in one session.
class run_detector {
public:
  void offer(const bar& b, bool like_the_last, std::vector<bar_stretch>& found) {
    if (!like_the_last) {
      finish(found);
      run_.begin = b.label;
      run_.length = 0;
    }
    ++run_.length;
  }
  void finish(std::vector<bar_stretch>& found) {
    if (run_.length >= suspicious_bars)
      found.push_back(run_);
    run_ = {};
  }

private:
  bar_stretch run_;
};

bool flat(const bar& b) {
  return b.open == b.close && b.high == b.low;
}

/// Follows the bars of one file through its sessions.
class session_walk {
public:
  explicit session_walk(file_audit& audit) : audit_(audit) {}

  void offer(const bar& b, const session_hours& session) {
    const bool new_session = session.open != session_.open;
    if (new_session) {
      finish();
      begin(session);
    }
    note_hole(b.label);
    price_run_.offer(b, !new_session && flat(b) && flat(last_) && b.close == last_.close,
                     audit_.constant_price);
    volume_run_.offer(b, !new_session && b.volume == last_.volume, audit_.constant_volume);
    last_ = b;
    next_label_ = b.label + minute_ms;
    ++audit_.regular_bars;
  }

  /// Closes the session at hand; call once more after the last bar.
  void finish() {
    if (session_.close == 0)
      return;
    note_hole(session_.close);
    price_run_.finish(audit_.constant_price);
    volume_run_.finish(audit_.constant_volume);
    session_ = {};
  }

private:
  void begin(const session_hours& session) {
    if (audit_.last_date)
      for (auto day = next_session(add_days(*audit_.last_date, 1)); day < session.date;
           day = next_session(add_days(day, 1)))
        ++audit_.absent_sessions;
    session_ = session;
    next_label_ = session.open;
    ++audit_.sessions;
    audit_.half_days += session.half_day ? 1 : 0;
    audit_.session_minutes += static_cast<std::uint64_t>(session.minutes());
    if (!audit_.first_date)
      audit_.first_date = session.date;
    audit_.last_date = session.date;
  }

  void note_hole(time_ms label) {
    const int missing = static_cast<int>((label - next_label_) / minute_ms);
    if (missing > audit_.widest_hole.length)
      audit_.widest_hole = {next_label_, missing};
  }

  file_audit& audit_;
  session_hours session_;
  bar last_;
  time_ms next_label_ = 0;
  run_detector price_run_;
  run_detector volume_run_;
};

void read_file(const std::filesystem::path& file, file_audit& audit) {
  csv_options options;
  options.wanted_symbol = audit.symbol;
  csv_bar_reader reader(file, options);
  bar_sequence sequence;
  session_clock clock;
  session_walk walk(audit);
  const auto note_counts = [&] {
    walk.finish();
    audit.rows = reader.counts().rows;
    audit.invalid = reader.counts().bad;
    audit.messages = reader.messages();
    audit.missing_minutes = audit.session_minutes - audit.regular_bars;
    audit.duplicates = sequence.counts().duplicates;
    audit.revisions = sequence.counts().revisions;
    audit.out_of_order = sequence.counts().out_of_order;
    audit.flagged_moves = sequence.counts().flagged_moves;
  };
  bar next;
  try {
    while (reader.next(next)) {
      if (const session_hours* const session = clock.regular_session(next.label)) {
        if (sequence.offer(next) == bar_arrival::accepted)
          walk.offer(next, *session);
        continue;
      }
      const session_hours* const day = clock.session_of_day(next.label);
      const bool closing = day && (next.label == day->close || new_york_minute(next.label) == 16 * 60);
      ++(closing ? audit.closing_rows : audit.outside_rows);
    }
  } catch (const data_error&) {
    note_counts(); // what was seen before the damage is part of the findings
    throw;
  }
  note_counts();
}

std::string percent(double share) {
  const auto tenths = static_cast<std::uint64_t>(share * 1000 + 0.5);
  return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " %";
}

void judge(file_audit& audit) {
  const auto rows = static_cast<double>(audit.rows);
  const auto invalid = static_cast<double>(audit.invalid.total());
  if (invalid > most_invalid_share * rows)
    audit.reasons.push_back(percent(invalid / rows) + " of the rows are invalid, at most " +
                            percent(most_invalid_share) + " may be");
  if (audit.regular_bars == 0) {
    audit.reasons.push_back("no bar in a regular session");
    return;
  }
  const double missing =
      static_cast<double>(audit.missing_minutes) / static_cast<double>(audit.session_minutes);
  if (missing > most_missing_share)
    audit.reasons.push_back(percent(missing) + " of the minutes of its sessions are missing, at most " +
                            percent(most_missing_share) + " may be");
}

} // namespace

std::vector<file_audit> audit_directory(const std::filesystem::path& directory,
                                        std::vector<std::string> symbols) {
  if (symbols.empty())
    symbols = list_bar_symbols(directory);
  std::sort(symbols.begin(), symbols.end());
  symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
  std::vector<file_audit> result;
  for (const auto& symbol : symbols) {
    file_audit& audit = result.emplace_back();
    audit.symbol = symbol;
    try {
      const auto file = find_bar_file(directory, symbol);
      audit.file = file.string();
      read_file(file, audit);
      judge(audit);
    } catch (const data_error& error) {
      audit.reasons.emplace_back(error.what());
    }
  }
  return result;
}

} // namespace sentio
