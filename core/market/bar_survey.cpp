#include "core/market/bar_survey.hpp"

#include "core/market/csv_reader.hpp"
#include "core/market/session_clock.hpp"

#include <algorithm>
#include <map>

namespace sentio {

namespace {

std::string upper_case(std::string_view text) {
  std::string upper(text);
  for (char& letter : upper)
    letter = letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  return upper;
}

/// Follows the times of one symbol through its file.
class order_watch {
public:
  void offer(time_ms label, const session_hours* session, std::uint64_t line) {
    ++found_.rows;
    if (!session)
      return;
    if (session->open != listed_open_) {
      found_.sessions.push_back(session->date);
      listed_open_ = session->open;
      if (newest_ >= session->close)
        misplaced_.push_back(session->date);
    }
    if (label >= newest_) {
      newest_ = label;
      return;
    }
    if (found_.misplaced_rows++ > 0)
      return;
    found_.first_misplaced_line = line;
    found_.first_misplaced = label;
    found_.newest_before = newest_;
  }

  symbol_survey result() const {
    symbol_survey result = found_;
    sort_once(result.sessions);
    auto misplaced = misplaced_;
    sort_once(misplaced);
    result.misplaced_sessions = misplaced.size();
    return result;
  }

private:
  static void sort_once(std::vector<civil_date>& dates) {
    std::sort(dates.begin(), dates.end());
    dates.erase(std::unique(dates.begin(), dates.end()), dates.end());
  }

  symbol_survey found_;
  std::vector<civil_date> misplaced_;
  time_ms listed_open_ = 0; ///< of the session of the row before
  time_ms newest_ = 0;
};

/// What one file holds, by the spelling of its symbol column ("" without one).
struct file_survey {
  std::map<std::string, order_watch, std::less<>> by_spelling;
  bool has_symbol_column = false;
  std::string first_bad_row;
};

file_survey survey_file(const std::filesystem::path& file) {
  csv_bar_reader reader(file);
  file_survey found;
  found.has_symbol_column = reader.has_symbol_column();
  session_clock clock;
  order_watch* watch = nullptr;
  std::string watched;
  for (time_ms label = 0; reader.next_label(label);) {
    if (!watch || reader.symbol() != watched) {
      watched = reader.symbol();
      watch = &found.by_spelling[watched];
    }
    watch->offer(label, clock.regular_session(label), reader.line_number());
  }
  if (!reader.messages().empty())
    found.first_bad_row = reader.messages().front();
  return found;
}

/// "A, B, C and 7 more".
std::string some_of(const std::vector<std::string>& names) {
  constexpr std::size_t shown = 12;
  std::string text;
  for (std::size_t i = 0; i < std::min(shown, names.size()); ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  return names.size() > shown ? text + " and " + std::to_string(names.size() - shown) + " more" : text;
}

std::vector<std::string> spellings(const file_survey& found) {
  std::vector<std::string> names;
  for (const auto& [name, watch] : found.by_spelling)
    names.push_back('"' + name + '"');
  return names;
}

/// The one spelling under which the file has the symbol; empty when it has none.
std::string choose_spelling(const file_survey& found, const std::filesystem::path& file,
                            const std::string& symbol) {
  if (found.by_spelling.contains(symbol))
    return symbol;
  std::vector<std::string> alike;
  for (const auto& [name, watch] : found.by_spelling)
    if (upper_case(name) == upper_case(symbol))
      alike.push_back(name);
  if (alike.size() > 1)
    throw data_error(file.string() + ": its symbol column writes " + symbol + " as " + some_of(alike) +
                     "; write one symbol in one way");
  return alike.empty() ? std::string() : alike.front();
}

symbol_survey survey_symbol(const file_survey& found, const std::filesystem::path& file,
                            const std::string& symbol, bool empty_allowed) {
  const std::string spelling = found.has_symbol_column ? choose_spelling(found, file, symbol) : "";
  const auto rows = found.by_spelling.find(spelling);
  const bool none = rows == found.by_spelling.end() || (found.has_symbol_column && spelling.empty());
  if (none && found.has_symbol_column && !found.by_spelling.empty())
    throw data_error(file.string() + ": no valid bar of " + symbol +
                     " in the whole file; its symbol column has " + some_of(spellings(found)));
  if (none && !empty_allowed)
    throw_no_rows(file, symbol, found.first_bad_row);
  symbol_survey result = none ? symbol_survey{} : rows->second.result();
  result.symbol = symbol;
  result.file = file;
  result.spelling = spelling;
  return result;
}

std::string place(time_ms label) {
  return to_string(new_york_date(label)) + ' ' + new_york_clock(label);
}

std::string counted(std::uint64_t count, std::string_view one) {
  return std::to_string(count) + ' ' + std::string(one) + (count == 1 ? "" : "s");
}

} // namespace

void throw_no_rows(const std::filesystem::path& file, const std::string& symbol,
                   const std::string& first_bad_row) {
  throw data_error(file.string() + ": no valid bar of " + symbol +
                   " in the whole file; every configured symbol needs bars" +
                   (first_bad_row.empty() ? "" : "\n  " + first_bad_row));
}

std::vector<civil_date> bar_survey::sessions() const {
  std::vector<civil_date> dates;
  for (const auto& one : files)
    dates.insert(dates.end(), one.sessions.begin(), one.sessions.end());
  std::sort(dates.begin(), dates.end());
  dates.erase(std::unique(dates.begin(), dates.end()), dates.end());
  return dates;
}

std::vector<std::string> bar_survey::notes() const {
  std::vector<std::string> all;
  for (const auto& one : files) {
    if (!one.spelling.empty() && one.spelling != one.symbol)
      all.push_back(one.file.string() + ": its symbol column writes " + one.symbol + " as \"" + one.spelling +
                    "\"; those rows are read");
    if (!one.in_order())
      all.push_back(
          one.file.string() + ": " + counted(one.misplaced_rows, "row") + " of " + one.symbol +
          " older than a row before, " +
          (one.misplaced_sessions == 0 ? std::string("within one session")
                                       : counted(one.misplaced_sessions, "session") + " out of order") +
          ", first in line " + std::to_string(one.first_misplaced_line) + " (" + place(one.first_misplaced) +
          " after " + place(one.newest_before) + "): the rows are read in the order of their times");
  }
  return all;
}

bar_survey survey_bars(const std::filesystem::path& directory, std::vector<std::string> symbols,
                       survey_options options) {
  std::sort(symbols.begin(), symbols.end());
  if (const auto twice = std::adjacent_find(symbols.begin(), symbols.end()); twice != symbols.end())
    throw data_error("symbol " + *twice + " is listed twice; each symbol may be given once");
  bar_survey result;
  file_survey found;
  std::filesystem::path looked_at;
  for (const auto& symbol : symbols) {
    const auto file = find_bar_file(directory, symbol);
    if (file != looked_at) {
      found = survey_file(file);
      looked_at = file;
    }
    result.files.push_back(survey_symbol(found, file, symbol, options.empty_allowed));
  }
  return result;
}

std::vector<std::string> symbols_of_file(const std::filesystem::path& file) {
  csv_bar_reader reader(file);
  if (!reader.has_symbol_column()) {
    const auto symbol = symbol_of_file_name(file.filename().string());
    return {symbol.empty() ? file.stem().string() : symbol};
  }
  std::vector<std::string> symbols;
  for (const auto& [name, watch] : survey_file(file).by_spelling)
    symbols.push_back(name);
  return symbols;
}

} // namespace sentio
