// The doctor's checks of bars: their age, and splits since then.
#include "core/market/bar_coverage.hpp"
#include "core/market/data_error.hpp"
#include "core/market/session_reader.hpp"
#include "tools/sentio-actors/doctor_checks.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

namespace sentio {

namespace {

/// Two feeds differ by less than this in the same minute, splits by more; as a ratio.
constexpr double far_ratio = 1.15;
/// The venue's own raw and adjusted prices of one bar differ by rounding alone.
constexpr double rounding_ratio = 1.01;
/// As a session takes by default.
constexpr int warmup_sessions = 20;

bool is_far(double ratio, double limit) {
  return ratio > limit || ratio < 1 / limit;
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names)
    text += (text.empty() ? "" : ", ") + name;
  return text;
}

/// The last close of a file's newest session among those that were over at `now`; empty when it has none.
std::optional<bar> last_close(const mock_setup& setup, const std::string& symbol, time_ms now) {
  auto sessions = list_sessions(setup.data_dir, {symbol});
  std::erase_if(sessions, [&](civil_date day) { return session_on(day)->close > now; });
  if (sessions.empty())
    return std::nullopt;
  session_read_options read;
  read.first = read.last = sessions.back();
  session_bar_source source(setup.data_dir, {symbol}, read);
  market_day day;
  if (!source.next(day) || day.bars[0].empty())
    return std::nullopt;
  return day.bars[0].back();
}

/// The last bar of a row that is not younger than a label.
const bar* bar_at(const std::vector<bar>& row, time_ms label) {
  const auto after =
      std::upper_bound(row.begin(), row.end(), label, [](time_ms l, const bar& b) { return l < b.label; });
  return after == row.begin() ? nullptr : &*std::prev(after);
}

/// "1-for-5 reverse split": prices before it have to be multiplied by 5. "2-for-1 split": by a half.
std::string split_name(double factor) {
  return factor > 1 ? "1-for-" + number(factor) + " reverse split" : number(1 / factor) + "-for-1 split";
}

/// What the venue says of one session.
struct venue_session {
  std::vector<std::vector<bar>> raw, adjusted;
};

venue_session ask_session(const venue_desk& desk, const std::vector<std::string>& symbols, civil_date day,
                          time_ms now) {
  const auto hours = *session_on(day);
  const auto until = std::min(hours.close, now);
  return {desk.bars(symbols, hours.open, until, "raw"), desk.bars(symbols, hours.open, until, "split")};
}

/// Compares the last close of a file with the venue's prices of the same minute. True when they agree.
bool compare_with_file(findings& out, const std::string& symbol, const bar& own, const bar* raw,
                       const bar* adjusted) {
  const auto day = to_string(new_york_date(own.label));
  if (!raw || !adjusted) {
    out.wrong("splits", symbol + ": the venue has no bar of " + day +
                            " up to the file's last one, so a split since then would not be seen; compare "
                            "its price with the broker's page before trading");
    return false;
  }
  const double since = adjusted->close / raw->close;
  const double to_now = adjusted->close / own.close;
  if (!is_far(to_now, far_ratio))
    return true;
  if (is_far(since, rounding_ratio) && !is_far(to_now / since, far_ratio))
    out.wrong("splits", symbol + ": a " + split_name(since) + " since " + day +
                            ", not a move of the market: a close of " + number(own.close) + " is " +
                            number(adjusted->close) +
                            " in prices of today. Load its bars again (sentio-actors download-data "
                            "--adjustment split --overwrite), or leave --data-dir out so that the warm-up "
                            "takes the venue's adjusted bars");
  else
    out.wrong("splits", symbol + ": the file closes on " + day + " at " + number(own.close) +
                            ", the venue at " + number(raw->close) + " (" + number(adjusted->close) +
                            " adjusted for splits): the file is adjusted by another rule or holds another "
                            "instrument; load it again with sentio-actors download-data");
  return false;
}

void check_splits_of_files(findings& out, const venue_desk& desk, const mock_setup& setup, time_ms now) {
  const auto& symbols = setup.config.symbols;
  std::vector<std::optional<bar>> own(symbols.size());
  std::vector<civil_date> days;
  for (std::size_t s = 0; s < symbols.size(); ++s) {
    try {
      own[s] = last_close(setup, symbols[s], now);
    } catch (const data_error&) {
      continue; // told by the check of the bars
    }
    if (own[s])
      days.push_back(new_york_date(own[s]->label));
  }
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  std::size_t agreeing = 0;
  for (const auto day : days) {
    const auto venue = ask_session(desk, symbols, day, now);
    for (std::size_t s = 0; s < symbols.size(); ++s)
      if (own[s] && new_york_date(own[s]->label) == day)
        agreeing += compare_with_file(out, symbols[s], *own[s], bar_at(venue.raw[s], own[s]->label),
                                      bar_at(venue.adjusted[s], own[s]->label));
  }
  if (days.empty())
    out.wrong("splits", "no file has a closed session to compare with the venue; see the lines about bars");
  else if (agreeing > 0)
    out.good("splits", std::to_string(agreeing) + " of " + std::to_string(symbols.size()) +
                           " symbols have the venue's prices; last compared " + to_string(days.back()));
}

/// The sessions that a warm-up would take from the files, against what they hold of them. Symbols whose files
/// end before others are told already.
void check_coverage(findings& out, const mock_setup& setup, const std::vector<std::string>& symbols,
                    civil_date newest) {
  auto first = newest;
  for (int i = 1; i < warmup_sessions; ++i)
    first = previous_session(first);
  // Files that begin later have fewer sessions, and a warm-up takes those.
  const auto available = list_sessions(setup.data_dir, symbols);
  const auto begun =
      std::find_if(available.begin(), available.end(), [&](civil_date day) { return day >= first; });
  const auto plan = bar_plan::of_days(*begun, add_days(newest, 1), newest);
  const auto found = judge_coverage(plan, read_coverage(setup.data_dir, symbols, plan));
  for (const auto& refusal : found.refusals)
    out.wrong("bars", refusal + "; " + way_without(setup.config.symbols, found.without));
  for (const auto& warning : found.warnings)
    out.wrong("bars", warning);
}

} // namespace

civil_date last_closed_session(time_ms now) {
  const auto today = new_york_date(now);
  const auto hours = session_on(today);
  return hours && now >= hours->close ? today : previous_session(today);
}

void check_bar_files(findings& out, const mock_setup& setup, time_ms now) {
  const auto expected = last_closed_session(now);
  std::optional<civil_date> newest;
  std::size_t complete = 0;
  std::vector<std::pair<std::string, civil_date>> last;
  for (const auto& symbol : setup.config.symbols) {
    try {
      const auto survey = survey_bars(setup.data_dir, {symbol});
      for (const auto& note : survey.notes())
        out.good("bars", symbol + ": " + note);
      const auto sessions = survey.sessions();
      if (sessions.empty())
        throw data_error(survey.files.front().file.string() + ": it has no bar in a regular session");
      last.emplace_back(symbol, sessions.back());
      newest = std::max(newest.value_or(last.back().second), last.back().second);
    } catch (const data_error& error) {
      out.wrong("bars", symbol + ": " + error.what() +
                            "; load its bars with sentio-actors download-data, or leave it out of --symbols");
    }
  }
  for (const auto& [symbol, day] : last) {
    if (day == *newest)
      ++complete;
    else
      out.wrong("bars", symbol + ": its bars end on " + to_string(day) + ", those of others on " +
                            to_string(*newest) + "; load them with sentio-actors download-data");
  }
  std::vector<std::string> current;
  for (const auto& [symbol, day] : last)
    if (day == *newest)
      current.push_back(symbol);
  if (!current.empty())
    check_coverage(out, setup, current, *newest);
  if (complete > 0)
    out.good("bars", std::to_string(complete) + " of " + std::to_string(setup.config.symbols.size()) +
                         " symbols have bars up to " + to_string(*newest));
  if (!newest)
    return;
  if (*newest >= expected) {
    out.good("data", "the newest bars are of " + to_string(*newest));
    return;
  }
  int behind = 0;
  for (auto day = expected; day > *newest; day = previous_session(day))
    ++behind;
  out.wrong("data", "the newest bars in " + setup.data_dir.string() + " are of " + to_string(*newest) + ", " +
                        std::to_string(behind) + (behind == 1 ? " session" : " sessions") +
                        " behind the last one (" + to_string(expected) +
                        "); load the rest with sentio-actors download-data, or leave --data-dir out");
}

void check_venue_bars(findings& out, const venue_desk& desk, const std::vector<std::string>& symbols,
                      time_ms now) {
  const auto day = last_closed_session(now);
  const auto hours = *session_on(day);
  const auto rows = desk.bars(symbols, hours.open, std::min(hours.close, now), "raw");
  std::vector<std::string> missing, thin;
  for (std::size_t s = 0; s < symbols.size(); ++s)
    if (rows[s].empty())
      missing.push_back(symbols[s]);
    else if (2 * rows[s].size() < static_cast<std::size_t>(hours.minutes()))
      thin.push_back(symbols[s] + " " + std::to_string(rows[s].size()) + " of " +
                     std::to_string(hours.minutes()) + " minutes");
  if (missing.empty())
    out.good("bars", "the venue has bars of " + std::to_string(symbols.size()) + " symbols on " +
                         to_string(day) + "; the warm-up takes them from there" +
                         (thin.empty() ? ""
                                       : ". Less than half of the minutes: " + joined(thin) +
                                             "; the sip feed has more than iex"));
  else
    out.wrong("bars", "the venue has no bar of " + joined(missing) + " on " + to_string(day) +
                          "; give --data-dir with their bars, or leave them out of --symbols");
}

void check_splits(findings& out, const venue_desk& desk, const mock_setup& setup, bool from_files,
                  time_ms now) {
  if (from_files) {
    check_splits_of_files(out, desk, setup, now);
    return;
  }
  const auto& symbols = setup.config.symbols;
  const auto day = last_closed_session(now);
  const auto venue = ask_session(desk, symbols, day, now);
  std::vector<std::string> found;
  for (std::size_t s = 0; s < symbols.size(); ++s)
    if (!venue.raw[s].empty() && !venue.adjusted[s].empty()) {
      const double since = venue.adjusted[s].back().close / venue.raw[s].back().close;
      if (is_far(since, rounding_ratio))
        found.push_back(symbols[s] + ": a " + split_name(since));
    }
  out.good("splits", found.empty() ? "none since " + to_string(day)
                                   : joined(found) + " since " + to_string(day) +
                                         "; the warm-up takes bars that are adjusted for it");
}

} // namespace sentio
