#include "core/market/data_audit.hpp"

#include "core/market/bar_coverage.hpp"
#include "core/market/session_reader.hpp"

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
    if (new_session)
      first_open_ = b.open;
    last_ = b;
    next_label_ = b.label + minute_ms;
    ++audit_.regular_bars;
    ++audit_.session_bars.back().second;
  }

  /// Closes the session at hand; call once more after the last bar.
  void finish() {
    if (session_.close == 0)
      return;
    note_hole(session_.close);
    price_run_.finish(audit_.constant_price);
    volume_run_.finish(audit_.constant_volume);
    splits_.offer(session_.date, first_open_, last_.close);
    audit_.jumps = splits_.jumps();
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
    audit_.session_bars.emplace_back(session.date, 0);
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
  double first_open_ = 0;
  split_detector splits_;
  time_ms next_label_ = 0;
  run_detector price_run_;
  run_detector volume_run_;
};

/// Reads with what `mock` reads with, so that a file has here what it has there.
void read_file(const std::filesystem::path& directory, file_audit& audit) {
  session_read_options options;
  options.empty_allowed = true;
  options.survey = std::make_shared<const bar_survey>(survey_bars(directory, {audit.symbol}, {true}));
  audit.notes = options.survey->notes();
  session_bar_source source(directory, {audit.symbol}, options);
  session_walk walk(audit);
  for (market_day day; source.next(day);)
    for (const bar& one : day.bars[0])
      walk.offer(one, day.hours);
  walk.finish();
  const auto counts = source.counts(0);
  audit.rows = counts.rows;
  audit.invalid = counts.bad;
  audit.messages = source.messages(0);
  audit.missing_minutes = audit.session_minutes - audit.regular_bars;
  audit.duplicates = counts.duplicates;
  audit.revisions = counts.revisions;
  audit.idle_rows = counts.idle;
  audit.out_of_order = counts.reordered;
  audit.misplaced_sessions = source.survey(0).misplaced_sessions;
  audit.closing_rows = counts.closing;
  audit.outside_rows = counts.outside;
  audit.flagged_moves = counts.flagged_moves;
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

constexpr std::size_t most_symbols_of_a_file = 1000;
/// Measures each file against the sessions that any of them has.
void compare_sessions(std::vector<file_audit>& files) {
  std::optional<civil_date> first, last;
  for (const auto& audit : files)
    if (audit.first_date) {
      first = std::min(first.value_or(*audit.first_date), *audit.first_date);
      last = std::max(last.value_or(*audit.last_date), *audit.last_date);
    }
  if (!first)
    return;
  const auto plan = bar_plan::of_days(*first, add_days(*last, 1), *last);
  for (auto& audit : files) {
    if (!audit.first_date)
      continue; // its reasons say why
    symbol_coverage coverage{.symbol = audit.symbol,
                             .file = audit.file,
                             .minutes = std::vector<int>(plan.sessions.size(), 0),
                             .refused = {},
                             .nothing = {},
                             .jumps = audit.jumps};
    for (const auto& [date, bars] : audit.session_bars) {
      const auto planned =
          std::lower_bound(plan.sessions.begin(), plan.sessions.end(), date,
                           [](const session_hours& hours, civil_date wanted) { return hours.date < wanted; });
      coverage.minutes[static_cast<std::size_t>(planned - plan.sessions.begin())] = bars;
    }
    audit.warnings = judge_coverage(plan, {coverage}).warnings;
  }
}

} // namespace

std::vector<file_audit> audit_directory(const std::filesystem::path& directory,
                                        std::vector<std::string> symbols) {
  if (symbols.empty())
    symbols = list_bar_symbols(directory);
  if (symbols.size() > most_symbols_of_a_file && std::filesystem::is_regular_file(directory))
    throw data_error(directory.string() + ": it holds " + std::to_string(symbols.size()) +
                     " symbols, and is read once for each; name those to look at with --symbols");
  std::sort(symbols.begin(), symbols.end());
  symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
  std::vector<file_audit> result;
  for (const auto& symbol : symbols) {
    file_audit& audit = result.emplace_back();
    audit.symbol = symbol;
    try {
      audit.file = find_bar_file(directory, symbol).string();
      read_file(directory, audit);
      judge(audit);
    } catch (const data_error& error) {
      audit.reasons.emplace_back(error.what());
    }
  }
  compare_sessions(result);
  return result;
}

} // namespace sentio
