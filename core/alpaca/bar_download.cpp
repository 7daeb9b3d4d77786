#include "core/alpaca/bar_download.hpp"

#include "core/alpaca/bar_file_writer.hpp"
#include "core/alpaca/json_fields.hpp"
#include "core/alpaca/polygon.hpp"
#include "core/market/bar_file.hpp"
#include "core/market/data_error.hpp"
#include "core/market/validation.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

namespace sentio::alpaca {

namespace {

// A page holds 10,000 bars, or 50,000 at Polygon, and a day with its early and late trading up to 960.
constexpr std::size_t alpaca_sessions = 10;
constexpr std::size_t polygon_sessions = 50;
// Without a subscription the last 15 minutes are not given; one more for late bars.
constexpr time_ms settled_after = 16 * minute_ms;
constexpr std::size_t page_cap = 200;              ///< of one request: fault F40
constexpr std::size_t body_cap = 64 * 1024 * 1024; ///< bytes
constexpr int failure_cap = 6;                     ///< answers in a row that are none: no connection, 5xx
constexpr int limit_cap = 30;                      ///< "too many requests" in a row
constexpr time_ms longest_pause = 120'000;
/// Two answers about one adjusted bar differ by rounding alone while no split lies between them.
constexpr double basis_tolerance = 1.01;

const std::string* header(const fetch_answer& answer, std::string_view name) {
  for (const auto& [key, value] : answer.headers)
    if (key == name)
      return &value;
  return nullptr;
}

std::string excerpt(const std::string& text) {
  return text.empty() ? "no reason given" : text.substr(0, 300);
}

/// How many times the stored closes the closes of now are: the median of the minutes that both have.
std::optional<double> price_ratio(const std::vector<bar>& stored, const std::vector<bar>& now) {
  std::map<time_ms, double> closes;
  for (const bar& one : now)
    if (check_bar(one) == bar_defect::none)
      closes.insert_or_assign(one.label, one.close);
  std::vector<double> ratios;
  for (const bar& one : stored)
    if (const auto found = closes.find(one.label); found != closes.end())
      ratios.push_back(found->second / one.close);
  if (ratios.empty())
    return std::nullopt;
  const auto middle = ratios.begin() + static_cast<std::ptrdiff_t>(ratios.size() / 2);
  std::nth_element(ratios.begin(), middle, ratios.end());
  return *middle;
}

std::string four_digits(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

/// "https://host/path?query" without its host: keys are sent to the host of the configuration alone.
std::string path_of(const std::string& url) {
  const auto scheme = url.find("://");
  if (scheme == std::string::npos)
    return url.starts_with('/') ? url : "";
  const auto path = url.find('/', scheme + 3);
  return path == std::string::npos ? "" : url.substr(path);
}

} // namespace

bool download_result::complete() const {
  return !interrupted && std::all_of(symbols.begin(), symbols.end(), [](auto& one) { return one.complete; });
}

bar_download::bar_download(download_request request, download_environment environment)
    : request_(std::move(request)), environment_(std::move(environment)) {
  std::sort(request_.symbols.begin(), request_.symbols.end());
  request_.symbols.erase(std::unique(request_.symbols.begin(), request_.symbols.end()),
                         request_.symbols.end());
}

void bar_download::plan() {
  sessions_.clear();
  const time_ms now = environment_.now();
  for (civil_date day = request_.first; day <= request_.last; day = add_days(day, 1))
    if (const auto hours = session_on(day); hours && hours->close + settled_after <= now)
      sessions_.push_back(*hours);
  if (sessions_.empty())
    throw data_error("there is no whole trading session from " + to_string(request_.first) + " to " +
                     to_string(request_.last) +
                     (request_.first == request_.last && session_on(request_.first)
                          ? " yet; it can be had 16 minutes after its close"
                          : ""));
}

void bar_download::prepare_output() const {
  std::error_code error;
  std::filesystem::create_directories(request_.output, error);
  if (error || !std::filesystem::is_directory(request_.output, error))
    throw data_error(request_.output.string() + ": cannot make the directory (" + error.message() + ")");
  if (const std::string note = data_note(request_.output); !note.empty())
    throw data_error(request_.output.string() + ": holds other bars (" + note +
                     "); real bars need a directory of their own, choose another --output");
}

download_result bar_download::run() {
  plan();
  prepare_output();
  download_result result;
  result.last = sessions_.back().date;
  for (const auto& symbol : request_.symbols)
    result.symbols.push_back(
        {.symbol = symbol, .file = {}, .resumed_after = {}, .complete_through = {}, .loaded_anew = {}});
  // All are looked at first, so that nothing is downloaded when something is in the way.
  std::vector<bar_file_writer> files;
  for (auto& symbol : result.symbols) {
    files.emplace_back(request_, symbol, result.last);
    files.back().open();
  }
  for (std::size_t i = 0; i < files.size() && !environment_.interrupted(); ++i, ++symbols_done_)
    if (!result.symbols[i].kept)
      download(result.symbols[i], files[i]);
  result.interrupted = environment_.interrupted();
  return result;
}

bool bar_download::check_basis(symbol_download& symbol, bar_file_writer& file) {
  const auto stored = file.last_day();
  if (stored.empty())
    return true;
  const auto date = new_york_date(stored.back().label);
  const auto day = std::find_if(sessions_.begin(), sessions_.end(),
                                [&](const session_hours& hours) { return hours.date == date; });
  if (day == sessions_.end())
    return true; // no file of ours: it has rows of a day without a session
  const auto number = static_cast<std::size_t>(day - sessions_.begin());
  symbol_download again = symbol; // its counts are not those of the file
  const auto bars = fetch_chunk(again, {number, number + 1});
  if (!bars)
    return false;
  const auto ratio = price_ratio(stored, *bars);
  if (!ratio)
    throw data_error(symbol.symbol + ": the source has no bar of " + to_string(date) +
                     " any more, on which " + symbol.file.string() +
                     " ends, so nobody can tell whether there was a split since; "
                     "remove the file and its .progress to load it anew");
  if (*ratio<basis_tolerance&& * ratio * basis_tolerance> 1)
    return true;
  symbol.loaded_anew = "the source's prices of " + to_string(date) + " are " + four_digits(*ratio) +
                       " times those stored: a split since then";
  file.restart();
  return true;
}

void bar_download::download(symbol_download& symbol, bar_file_writer& file) {
  if (symbol.resumed_after && request_.adjustment == "split" && !check_basis(symbol, file))
    return;
  const std::size_t size = request_.source == history_source::alpaca ? alpaca_sessions : polygon_sessions;
  const auto begin = std::find_if(sessions_.begin(), sessions_.end(), [&](const session_hours& hours) {
    return !symbol.resumed_after || hours.date > *symbol.resumed_after;
  });
  for (auto first = static_cast<std::size_t>(begin - sessions_.begin()); first < sessions_.size();
       first += size) {
    const chunk wanted{first, std::min(first + size, sessions_.size())};
    show(symbol.symbol, first);
    auto bars = fetch_chunk(symbol, wanted);
    if (!bars)
      return;
    const std::string rows = add_rows(symbol, wanted, std::move(*bars));
    symbol.complete_through = sessions_[wanted.end - 1].date;
    file.append(rows);
  }
  if (symbol.bars > 0)
    file.finish();
  else
    file.discard();
  show(symbol.symbol, sessions_.size());
}

std::optional<std::vector<bar>> bar_download::fetch_chunk(symbol_download& symbol, chunk wanted) {
  std::vector<bar> bars;
  std::set<std::string> tokens;
  std::string token;
  do {
    if (!tokens.insert(token).second || tokens.size() > page_cap)
      throw data_error(symbol.symbol + ": the source's pages do not end (page " +
                       std::to_string(tokens.size()) + " after " + to_string(sessions_[wanted.first].date) +
                       "); try again later");
    const auto page = fetch_page(symbol.symbol, target(symbol.symbol, wanted, token));
    if (!page)
      return std::nullopt;
    symbol.bad += page->bad;
    for (const auto& row : page->bars)
      if (row.symbol == symbol.symbol)
        bars.push_back(row.value);
      else
        ++symbol.outside;
    token = page->next_page_token;
  } while (!token.empty());
  return bars;
}

std::string bar_download::target(const std::string& symbol, chunk wanted, const std::string& token) const {
  const session_hours& first = sessions_[wanted.first];
  const session_hours& last = sessions_[wanted.end - 1];
  if (request_.source == history_source::alpaca)
    return bars_target({symbol}, first.open, last.close - minute_ms, request_.feed, request_.adjustment,
                       token);
  if (token.empty())
    return polygon::aggregates_target(symbol, first.date, last.date, request_.adjustment == "split");
  const std::string path = path_of(token);
  if (path.empty())
    throw data_error(symbol + ": the source's next page has no address that can be used");
  return path;
}

std::optional<bar_page> bar_download::fetch_page(const std::string& symbol, const std::string& wanted) {
  int failures = 0;
  int limits = 0;
  while (!environment_.interrupted()) {
    const fetch_answer answer = environment_.fetch(wanted);
    if (environment_.interrupted())
      break;
    if (answer.status == 429 && ++limits <= limit_cap) {
      pause(answer, limits);
      continue;
    }
    const bool passing = answer.status == 0 || answer.status == 408 || answer.status >= 500;
    if (passing && ++failures < failure_cap) {
      pause(answer, failures);
      continue;
    }
    if (answer.status != 200)
      refuse(symbol, answer);
    if (answer.body.size() > body_cap)
      throw data_error(symbol + ": the source sent a page of more than 64 MiB");
    auto page = request_.source == history_source::alpaca ? parse_bar_page(answer.body)
                                                          : polygon::parse_aggregates(answer.body, symbol);
    if (!page.value)
      throw data_error(symbol + ": the source's answer cannot be read (" + page.problem + ")");
    return std::move(*page.value);
  }
  return std::nullopt;
}

void bar_download::pause(const fetch_answer& answer, int attempt) {
  time_ms length = std::min<time_ms>(longest_pause, time_ms{1000} << std::min(attempt - 1, 7));
  const auto seconds = [&](std::string_view name) {
    const std::string* const text = header(answer, name);
    return text ? whole_from_text(*text) : std::nullopt;
  };
  if (const auto after = seconds("retry-after"); after && *after >= 0)
    length = std::min(*after, longest_pause / 1000) * 1000;
  else if (const auto reset = seconds("x-ratelimit-reset"); reset && *reset > 0)
    length = std::min(*reset, std::int64_t{10'000'000'000}) * 1000 - environment_.now();
  environment_.wait(std::clamp<time_ms>(length, 1000, longest_pause));
}

void bar_download::refuse(const std::string& symbol, const fetch_answer& answer) const {
  if (answer.status == 0)
    throw data_error(symbol + ": no answer from the source (" + excerpt(answer.error) +
                     "); what is complete stays, and the same command goes on from there");
  const auto refusal = parse_refusal(answer.body);
  std::string advice;
  if (answer.status == 401)
    advice = "; are the keys right?";
  else if (answer.status == 403 && refusal.message.find("SIP") != std::string::npos)
    advice = "; take --data-feed iex, or an earlier --end";
  else if (answer.status == 403)
    advice = "; are the keys right, and does their plan include these days?";
  else if (answer.status == 429 || answer.status >= 500)
    advice = "; what is complete stays, and the same command goes on from there";
  throw data_error(symbol + ": the source refuses with HTTP " + std::to_string(answer.status) + " (" +
                   excerpt(refusal.message) + ")" + advice);
}

/// Rows of the chunk's regular minutes in their order, each minute once: of two the later one counts, which
/// is the corrected one.
std::string bar_download::add_rows(symbol_download& symbol, chunk wanted, std::vector<bar> bars) const {
  std::map<time_ms, bar> minutes;
  for (bar& one : bars)
    if (admit_bar(one) != bar_defect::none)
      ++symbol.bad;
    else
      minutes.insert_or_assign(one.label, one);
  std::string rows;
  std::uint64_t inside = 0;
  for (std::size_t i = wanted.first; i < wanted.end; ++i) {
    const auto begin = minutes.lower_bound(sessions_[i].open);
    const auto end = minutes.lower_bound(sessions_[i].close);
    for (auto at = begin; at != end; ++at, ++inside)
      rows += bar_row(at->second);
    ++(begin == end ? symbol.empty_sessions : symbol.sessions);
  }
  symbol.bars += inside;
  symbol.outside += minutes.size() - inside;
  return rows;
}

void bar_download::show(const std::string& symbol, std::size_t sessions_done) const {
  if (!environment_.progress)
    return;
  const std::uint64_t each = sessions_.size();
  const bool over = sessions_done == sessions_.size();
  environment_.progress(symbols_done_ * each + sessions_done, request_.symbols.size() * each,
                        symbol + " " + (over ? "done" : to_string(sessions_[sessions_done].date)));
}

} // namespace sentio::alpaca
