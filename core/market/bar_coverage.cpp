#include "core/market/bar_coverage.hpp"

#include "core/market/session_reader.hpp"

#include <algorithm>
#include <numeric>

namespace sentio {

namespace {

constexpr std::size_t most_ranges = 6;          ///< of days that one sentence lists
constexpr std::size_t most_listed_symbols = 40; ///< that a command line to copy may have

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + ' ' + std::string(count == 1 ? one : many);
}

bool is_short(int minutes, const session_hours& hours) {
  return 2 * minutes < hours.minutes();
}

/// "390 x inconsistent range, 2 x malformed number".
std::string defects_text(const defect_counts& bad) {
  std::string text;
  for (std::size_t i = 1; i < bar_defect_count; ++i) {
    const auto defect = static_cast<bar_defect>(i);
    if (bad.of(defect) > 0)
      text += (text.empty() ? "" : ", ") + std::to_string(bad.of(defect)) + " x " +
              std::string(to_string(defect));
  }
  return text;
}

std::string rows_refused(const symbol_row_counts& rows, const std::vector<std::string>& messages) {
  std::string text;
  if (rows.bad.total() > 0)
    text = counted(rows.bad.total(), "row is", "rows are") + " refused (" + defects_text(rows.bad) + ")";
  if (rows.revisions > 0)
    text += (text.empty() ? "" : ", ") + counted(rows.revisions, "row repeats", "rows repeat") +
            " a minute with other values";
  if (rows.idle > 0)
    text += (text.empty() ? "" : ", ") + counted(rows.idle, "row is", "rows are") + " without trades";
  if (!messages.empty())
    text += ", the first: " + messages.front();
  return text;
}

/// Why nothing came of a file that can be read.
std::string why_nothing(const symbol_coverage& symbol, const symbol_survey& survey,
                        const symbol_row_counts& rows, const bar_plan& plan) {
  const bool traded = plan.traded_from < plan.sessions.size();
  const auto& first_day = plan.sessions[traded ? plan.traded_from : 0].date;
  const std::string these = traded ? "the days to trade" : "the days to learn";
  const auto read = rows.rows - rows.skipped;
  const auto& covered = survey.sessions;
  if (!covered.empty() && covered.back() < first_day)
    return symbol.file + " ends on " + to_string(covered.back()) + ", " + these + " begin on " +
           to_string(first_day);
  if (!covered.empty() && covered.front() > plan.sessions.back().date)
    return symbol.file + " begins on " + to_string(covered.front()) + ", " + these + " end on " +
           to_string(plan.sessions.back().date);
  if (covered.empty())
    return symbol.file + " has no row in a regular session, 09:30 to 16:00 New York; are its times UTC?";
  if (read > 0 && rows.bad.total() == read)
    return "every row of those days in " + symbol.file + " is refused";
  if (read > 0 && rows.idle == read)
    return "every row of those days in " + symbol.file + " is a minute without trades";
  return symbol.file + " covers " + to_string(covered.front()) + " to " + to_string(covered.back()) +
         " without a usable row of those days";
}

std::size_t first_needed(const bar_plan& plan) {
  return plan.traded_from < plan.sessions.size() ? plan.traded_from : 0;
}

bool has_nothing(const bar_plan& plan, const symbol_coverage& symbol) {
  return std::all_of(symbol.minutes.begin() + static_cast<std::ptrdiff_t>(first_needed(plan)),
                     symbol.minutes.end(), [](int minutes) { return minutes == 0; });
}

symbol_coverage read_symbol(const std::filesystem::path& directory, const std::string& symbol,
                            const bar_plan& plan, std::shared_ptr<const bar_survey> survey) {
  symbol_coverage found{
      .symbol = symbol, .file = {}, .minutes = {}, .refused = {}, .nothing = {}, .jumps = {}};
  found.minutes.assign(plan.sessions.size(), 0);
  try {
    found.file = find_bar_file(directory, symbol).string();
    session_read_options options;
    options.first = plan.sessions.front().date;
    options.last = plan.sessions.back().date;
    options.survey = std::move(survey);
    session_bar_source source(directory, {symbol}, options);
    split_detector splits;
    market_day day;
    while (source.next(day)) {
      const auto planned =
          std::lower_bound(plan.sessions.begin(), plan.sessions.end(), day.hours.date,
                           [](const session_hours& hours, civil_date date) { return hours.date < date; });
      const auto& bars = day.bars.front();
      if (planned == plan.sessions.end() || planned->date != day.hours.date || bars.empty())
        continue;
      found.minutes[static_cast<std::size_t>(planned - plan.sessions.begin())] =
          static_cast<int>(bars.size());
      splits.offer(day.hours.date, bars.front().open, bars.back().close);
    }
    found.jumps = splits.jumps();
    found.refused = rows_refused(source.counts(0), source.messages(0));
    if (has_nothing(plan, found))
      found.nothing = why_nothing(found, source.survey(0), source.counts(0), plan);
  } catch (const data_error& error) {
    found.nothing = error.what();
  }
  return found;
}

/// Days of one kind in a row.
struct day_range {
  std::size_t first = 0;
  std::size_t last = 0;
  bool empty = false; ///< none has a bar
};

std::string range_text(const bar_plan& plan, const symbol_coverage& symbol, const day_range& range) {
  const auto at = [](std::size_t i) { return static_cast<std::ptrdiff_t>(i); };
  std::string text = to_string(plan.sessions[range.first].date);
  const auto sessions = range.last - range.first + 1;
  if (sessions > 1)
    text += " to " + to_string(plan.sessions[range.last].date);
  const int came = std::accumulate(symbol.minutes.begin() + at(range.first),
                                   symbol.minutes.begin() + at(range.last + 1), 0);
  const int wanted =
      std::accumulate(plan.sessions.begin() + at(range.first), plan.sessions.begin() + at(range.last + 1), 0,
                      [](int sum, const session_hours& hours) { return sum + hours.minutes(); });
  text += range.empty ? " (none" : " (" + std::to_string(came) + " of " + std::to_string(wanted);
  return text + (sessions > 1 ? ", " + std::to_string(sessions) + " sessions)" : ")");
}

/// The sessions that are short, without those that are short for everybody and those before the first bar.
std::vector<day_range> short_ranges(const bar_plan& plan, const symbol_coverage& symbol,
                                    const std::vector<bool>& common, std::size_t begin) {
  std::vector<day_range> ranges;
  for (std::size_t i = begin; i < plan.sessions.size(); ++i) {
    if (common[i] || !is_short(symbol.minutes[i], plan.sessions[i]))
      continue;
    const bool empty = symbol.minutes[i] == 0;
    if (!ranges.empty() && ranges.back().last + 1 == i && ranges.back().empty == empty)
      ranges.back().last = i;
    else
      ranges.push_back({i, i, empty});
  }
  return ranges;
}

/// Sessions on which no symbol of several has half of the minutes.
std::vector<bool> common_shortage(const bar_plan& plan, const std::vector<symbol_coverage>& coverage) {
  std::vector<bool> common(plan.sessions.size(), coverage.size() > 1);
  for (const auto& symbol : coverage)
    for (std::size_t i = 0; i < common.size(); ++i)
      common[i] = common[i] && is_short(symbol.minutes[i], plan.sessions[i]);
  return common;
}

void warn_of_common(const bar_plan& plan, const std::vector<symbol_coverage>& coverage,
                    const std::vector<bool>& common, std::vector<std::string>& warnings) {
  symbol_coverage most{.symbol = {}, .file = {}, .minutes = {}, .refused = {}, .nothing = {}, .jumps = {}};
  most.minutes.assign(plan.sessions.size(), 0);
  for (const auto& symbol : coverage)
    for (std::size_t i = 0; i < most.minutes.size(); ++i)
      most.minutes[i] = std::max(most.minutes[i], symbol.minutes[i]);
  std::vector<bool> others(common.size());
  std::transform(common.begin(), common.end(), others.begin(), [](bool is) { return !is; });
  std::string text;
  std::size_t listed = 0;
  for (const auto& range : short_ranges(plan, most, others, 0))
    if (++listed <= most_ranges)
      text += (text.empty() ? "" : ", ") + range_text(plan, most, range);
  if (listed > most_ranges)
    text += " and " + std::to_string(listed - most_ranges) + " more stretches";
  if (!text.empty())
    warnings.push_back("no symbol has half of the minutes on " + text +
                       ": a download that ended early or left days out, or a market that closed early");
}

void warn_of_symbol(const bar_plan& plan, const symbol_coverage& symbol, const std::vector<bool>& common,
                    std::vector<std::string>& warnings) {
  const auto found = std::find_if(symbol.minutes.begin(), symbol.minutes.end(), [](int m) { return m > 0; });
  const auto begin = static_cast<std::size_t>(found - symbol.minutes.begin());
  const std::string reason = symbol.refused.empty() ? "" : "; " + symbol.refused;
  const bool late = std::find(common.begin(), common.begin() + static_cast<std::ptrdiff_t>(begin), false) !=
                    common.begin() + static_cast<std::ptrdiff_t>(begin);
  if (late)
    warnings.push_back(symbol.symbol + ": its first bar is of " + to_string(plan.sessions[begin].date) +
                       "; the " + counted(begin, "session", "sessions") + " before have none (" +
                       (begin >= plan.traded_from && plan.traded_from > 0 ? "it trades without a warm-up"
                                                                          : "it is learned from then on") +
                       ")" + reason);
  const auto ranges = short_ranges(plan, symbol, common, begin);
  if (ranges.empty())
    return;
  std::size_t sessions = 0;
  std::string days;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    sessions += ranges[i].last - ranges[i].first + 1;
    if (i < most_ranges)
      days += (days.empty() ? "" : ", ") + range_text(plan, symbol, ranges[i]);
  }
  if (ranges.size() > most_ranges)
    days += " and " + std::to_string(ranges.size() - most_ranges) + " more stretches";
  warnings.push_back(symbol.symbol + ": less than half of the minutes on " + std::to_string(sessions) +
                     " of " + counted(plan.sessions.size(), "session", "sessions") + ": " + days +
                     (late ? std::string() : reason));
}

std::string refusal_of(const bar_plan& plan, const symbol_coverage& symbol) {
  const auto from = first_needed(plan);
  const auto sessions = plan.sessions.size() - from;
  std::string text = symbol.symbol + ": no bar in the " + counted(sessions, "session", "sessions") +
                     (plan.traded_from < plan.sessions.size() ? " to trade (" : " to learn (") +
                     to_string(plan.sessions[from].date);
  if (sessions > 1)
    text += " to " + to_string(plan.sessions.back().date);
  text += "): " + (symbol.nothing.empty() ? std::string("the source has none") : symbol.nothing);
  return text + (symbol.refused.empty() ? "" : "; " + symbol.refused);
}

} // namespace

bar_plan bar_plan::of_days(civil_date first, civil_date first_traded, civil_date last) {
  bar_plan plan;
  for (auto day = next_session(first); day <= last; day = next_session(add_days(day, 1))) {
    plan.traded_from += day < first_traded ? 1u : 0u;
    plan.sessions.push_back(*session_on(day));
  }
  return plan;
}

std::vector<symbol_coverage> read_coverage(const std::filesystem::path& directory,
                                           const std::vector<std::string>& symbols, const bar_plan& plan,
                                           std::shared_ptr<const bar_survey> survey) {
  std::vector<symbol_coverage> all;
  for (const auto& symbol : symbols)
    all.push_back(read_symbol(directory, symbol, plan, survey));
  std::sort(all.begin(), all.end(),
            [](const symbol_coverage& a, const symbol_coverage& b) { return a.symbol < b.symbol; });
  return all;
}

coverage_findings judge_coverage(const bar_plan& plan, const std::vector<symbol_coverage>& coverage) {
  coverage_findings found;
  const auto common = common_shortage(plan, coverage);
  warn_of_common(plan, coverage, common, found.warnings);
  for (const auto& symbol : coverage) {
    if (has_nothing(plan, symbol)) {
      found.refusals.push_back(refusal_of(plan, symbol));
      found.without.push_back(symbol.symbol);
      continue;
    }
    warn_of_symbol(plan, symbol, common, found.warnings);
    for (const auto& jump : symbol.jumps)
      found.warnings.push_back(split_sentence(symbol.symbol, jump));
  }
  return found;
}

std::string way_without(const std::vector<std::string>& all, const std::vector<std::string>& without) {
  std::string rest, names;
  std::size_t left = 0;
  for (const auto& symbol : all)
    if (std::find(without.begin(), without.end(), symbol) == without.end()) {
      rest += (left == 0 ? "" : ",") + symbol;
      ++left;
    }
  if (left == 0)
    return "no other symbol is left; see sentio-actors verify-data";
  if (left > most_listed_symbols)
    return "leave them out of --symbols";
  for (std::size_t i = 0; i < std::min<std::size_t>(without.size(), 5); ++i)
    names += (i == 0 ? "" : ", ") + without[i];
  return "leave " + (without.size() > 5 ? std::string("them") : names) + " out: --symbols " + rest;
}

} // namespace sentio
