#include "tools/sentio-actors/recover.hpp"

#include "actors/mock_run.hpp"
#include "actors/ranking.hpp"
#include "core/numeric/plain_text.hpp"
#include "tools/sentio-actors/run_console.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <map>
#include <stdexcept>
#include <utility>

namespace sentio {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

namespace {

constexpr time_ms grace_ms = 2'000; ///< as a live session's (live_config)

std::string with_commas(std::uint64_t number) {
  auto text = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > 0; at -= 3)
    text.insert(static_cast<std::size_t>(at), ",");
  return text;
}

std::string counted(std::uint64_t number, const std::string& thing) {
  return with_commas(number) + " " + thing + (number == 1 ? "" : "s");
}

time_ms last_cut_off(const resumed_session& session) {
  time_ms last = session.hours->open;
  for (const auto& entry : *session.past)
    if (const auto* minute = std::get_if<cut_off>(&entry))
      last = minute->at;
  return last;
}

/// Shares by symbol.
using held = std::map<std::string, std::int64_t>;

held held_by_tape(const resumed_session& session, const portfolio& book) {
  held all;
  for (const auto& one : book.book().holdings())
    all[session.header.symbols.at(one.symbol)] = one.shares;
  return all;
}

held held_at_venue(const resumed_session& session, const venue_desk& desk) {
  held all;
  for (const auto& one : desk.positions())
    if (std::binary_search(session.header.symbols.begin(), session.header.symbols.end(), one.symbol))
      all[one.symbol] = one.shares;
  std::erase_if(all, [](const auto& one) { return one.second == 0; });
  return all;
}

std::string held_text(const held& positions) {
  std::string text;
  for (const auto& [symbol, shares] : positions)
    text += (text.empty() ? "" : ", ") + std::to_string(shares) + " " + symbol;
  return text.empty() ? "nothing" : text;
}

std::string torn_text(const found_session& found) {
  return found.torn_bytes == 0 ? ""
                               : ", the last one torn: " + counted(found.torn_bytes, "byte") + " cut off";
}

std::string decided_text(const resumed_session& session) {
  const auto last = decided_up_to(session);
  return last == 0 ? "nothing decided yet" : "decided up to " + new_york_clock(last);
}

const char* to_string(session_state state) {
  switch (state) {
  case session_state::unbegun:
    return "unbegun";
  case session_state::interrupted:
    return "interrupted";
  case session_state::complete:
    return "complete";
  case session_state::damaged:
    return "damaged";
  case session_state::none:
    break;
  }
  return "none";
}

const char* what_follows(session_state state, bool closing) {
  switch (state) {
  case session_state::interrupted:
    if (closing)
      return "the same command without --recover-only goes on closing this session: it sells what is held, "
             "buys "
             "nothing and ends";
    return "the same command without --recover-only goes on with this session";
  case session_state::unbegun:
    return "nothing had begun: the same command without --recover-only starts the session in this directory";
  case session_state::complete:
    return "the session was ended in good order: a start begins a new one in a new directory";
  case session_state::damaged:
    return "the tape cannot be gone on with; the same command with --new-session starts afresh in a new "
           "directory and "
           "takes over what the account holds";
  case session_state::none:
    break;
  }
  return "there is nothing to recover: a start begins a new session";
}

/// What the tape says against what the venue says.
struct comparison {
  held by_tape;
  held at_venue;
  std::vector<std::string> orders_by_tape;
  std::vector<std::string> orders_at_venue;
  std::uint64_t missing_minutes = 0;
  time_ms first_missing = 0;
  std::string halted;   ///< by the tape
  bool closing = false; ///< by the tape: ended by command, and not yet flat
};

comparison compare(const resumed_session& session, const venue_desk& desk, time_ms now) {
  const auto book = folded_book(session);
  comparison out{held_by_tape(session, book),
                 held_at_venue(session, desk),
                 {},
                 {},
                 0,
                 0,
                 book.halt_reason(),
                 book.closing()};
  for (const auto* order : book.open_orders())
    out.orders_by_tape.push_back(order->intent.client_order_id);
  const auto open = desk.open_orders();
  for (const auto& order : *open.value)
    out.orders_at_venue.push_back(order.client_order_id);
  const auto last = last_cut_off(session);
  const auto until = std::min(now - grace_ms, session.hours->close);
  out.first_missing = last + minute_ms;
  out.missing_minutes = until > last ? static_cast<std::uint64_t>((until - last) / minute_ms) : 0;
  return out;
}

void print_text(const found_session& found, const comparison& c) {
  print("tape:      %s, %s%s\n", found.tape.c_str(),
        counted(found.session->good.records, "good record").c_str(), torn_text(found).c_str());
  print("decided:   %s\n", decided_text(*found.session).c_str());
  print("positions: %s by the tape, %s at the venue%s\n", held_text(c.by_tape).c_str(),
        held_text(c.at_venue).c_str(),
        c.by_tape == c.at_venue ? "" : "; the difference is looked up order by order, then adjusted");
  print("orders:    %s by the tape, %s at the venue\n",
        counted(c.orders_by_tape.size(), "order").append(" without a known end").c_str(),
        counted(c.orders_at_venue.size(), "open order").c_str());
  if (c.missing_minutes > 0)
    print("back-fill: %s, from %s\n", counted(c.missing_minutes, "minute").c_str(),
          new_york_clock(c.first_missing).c_str());
  else
    print("back-fill: no minute is missing\n");
}

json comparison_json(const found_session& found, const comparison& c) {
  const auto last = decided_up_to(*found.session);
  return {{"records", found.session->good.records},
          {"torn_bytes", found.torn_bytes},
          {"decided_up_to", last == 0 ? json() : json(new_york_clock(last))},
          {"positions_by_tape", c.by_tape},
          {"positions_at_venue", c.at_venue},
          {"orders_by_tape", c.orders_by_tape},
          {"orders_at_venue", c.orders_at_venue},
          {"missing_minutes", c.missing_minutes}};
}

/// Everything that the actors will fold again, but for the symbols' learning, which takes long.
void check_folds(const resumed_session& session) {
  folded_book(session);
  const auto config = decode_configuration(session.header.config_json, session.tape).value;
  ranking_state rounds;
  rounds.set_up({config.ranking, make_strategy(config)->thresholds(), active_instruments(config),
                 std::nullopt, nullptr});
  fold_rounds(rounds, session);
}

} // namespace

found_session look_into(const fs::path& log_dir, const session_record& wanted) {
  found_session found;
  const auto record = read_session_record(log_dir);
  if (!record || !same_session(*record, wanted))
    return found;
  found.record = *record;
  found.log_dir = log_dir;
  found.tape = log_dir / ("session_" + wanted.date + ".tape");
  found.state = session_state::unbegun;
  if (!fs::exists(found.tape))
    return found;
  try {
    auto session = std::make_shared<resumed_session>(read_session({found.tape.string(), false, nullptr}));
    const auto size = fs::file_size(found.tape);
    found.torn_bytes = size > session->good.bytes ? size - session->good.bytes : 0;
    if (session->hours)
      found.state = session->complete ? session_state::complete : session_state::interrupted;
    found.session = std::move(session);
    if (found.state == session_state::interrupted)
      check_folds(*found.session);
  } catch (const std::exception& problem) {
    found.state = session_state::damaged;
    found.problem = problem.what();
    if (!found.problem.starts_with(found.tape.string()))
      found.problem = found.tape.string() + ": " + found.problem;
  }
  return found;
}

std::string account_text(const venue_desk& desk) {
  try {
    held all;
    for (const auto& one : desk.positions())
      if (one.shares != 0)
        all[one.symbol] = one.shares;
    return held_text(all);
  } catch (const std::exception& problem) {
    return std::string("unknown: ") + problem.what();
  }
}

namespace {

/// The directories <date>_<n>, or <date>, of days up to `last`; the newest come last.
std::map<std::pair<std::string, unsigned long>, fs::path> directories_below(const fs::path& root,
                                                                            const std::string& last) {
  std::map<std::pair<std::string, unsigned long>, fs::path> directories;
  std::error_code nothing_there;
  for (const auto& entry : fs::directory_iterator(root, nothing_there)) {
    const auto name = entry.path().filename().string();
    const auto date = name.substr(0, last.size());
    if (entry.is_symlink() || !entry.is_directory() || !parse_date(date) || date > last)
      continue;
    const auto digits = name.size() > date.size() ? name.substr(date.size() + 1) : std::string("0");
    if (!digits.empty() && digits.size() < 9 && (name == date || name[date.size()] == '_') &&
        std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
      directories.emplace(std::make_pair(date, std::stoul(digits)), entry.path());
  }
  return directories;
}

} // namespace

found_session look_below(const fs::path& root, const session_record& wanted) {
  const auto directories = directories_below(root, wanted.date);
  for (auto one = directories.rbegin(); one != directories.rend() && one->first.first == wanted.date; ++one)
    if (auto found = look_into(one->second, wanted); found.state != session_state::none)
      return found; // what lies before it was adopted by it
  return {};
}

found_session look_back(const fs::path& root, session_record wanted) {
  const auto directories = directories_below(root, wanted.date);
  for (auto one = directories.rbegin(); one != directories.rend(); ++one) {
    wanted.date = one->first.first;
    if (auto found = look_into(one->second, wanted); found.state != session_state::none)
      return found;
  }
  return {};
}

portfolio folded_book(const resumed_session& session) {
  const auto decoded = decode_configuration(session.header.config_json, session.tape);
  if (!decoded.problems.empty())
    throw std::runtime_error(decoded.problems.front());
  portfolio book(decoded.value.portfolio, make_strategy(decoded.value), active_instruments(decoded.value),
                 session.header.capital, session.header.session_tag);
  fold_session(book, session);
  return book;
}

time_ms decided_up_to(const resumed_session& session) {
  time_ms last = 0;
  for (const auto& entry : *session.past)
    if (const auto* round = std::get_if<ranked_round_ptr>(&entry))
      last = (*round)->at;
  return last;
}

std::string recovery_text(const found_session& found, const portfolio& book) {
  return "recovering " + found.log_dir.string() + ": " + counted(found.session->good.records, "record") +
         torn_text(found) + "; " + decided_text(*found.session) + "; " +
         counted(book.book().holdings().size(), "position") + ", " + counted(book.live_orders(), "order") +
         " without a known end" + (book.halted() ? "; HALTED: " + book.halt_reason() : "") +
         (book.closing() ? "; being closed by command" : "");
}

void print_recovery(const found_session& found, const venue_desk& desk, time_ms now,
                    const std::optional<latch_record>& halt, bool as_json) {
  std::optional<comparison> compared;
  if (found.state == session_state::interrupted)
    compared = compare(*found.session, desk, now);
  const auto account = found.state == session_state::damaged ? account_text(desk) : std::string();
  const bool latched = halt && halt->rearmed.empty();
  const bool halted = latched || (compared && !compared->halted.empty() && !halt);
  const std::string why = latched ? latch_text(*halt) : compared ? "HALTED: " + compared->halted : "";
  if (as_json) {
    json out{{"verdict", to_string(found.state)}};
    if (found.state != session_state::none) {
      out["log_dir"] = found.log_dir.string();
      out["tape"] = found.tape.string();
    }
    if (!found.problem.empty())
      out["problem"] = found.problem;
    if (!account.empty())
      out["account_holds"] = account;
    if (compared)
      out.update(comparison_json(found, *compared));
    out["halted"] = halted ? json(why) : json();
    out["closing"] = compared && compared->closing;
    out["next"] = what_follows(found.state, compared && compared->closing);
    print("%s\n", out.dump(2, ' ', false, json::error_handler_t::replace).c_str());
    return;
  }
  print("session:   %s%s%s\n", to_string(found.state), found.log_dir.empty() ? "" : " in ",
        found.log_dir.c_str());
  if (!found.problem.empty())
    print("tape:      %s\n", plain_text(found.problem).c_str());
  if (!account.empty())
    print("account:   holds %s\n", plain_text(account).c_str());
  if (compared)
    print_text(found, *compared);
  print("halted:    %s\n", halted ? plain_text(why).c_str() : "no");
  print("next:      %s\n", what_follows(found.state, compared && compared->closing));
}

} // namespace sentio
