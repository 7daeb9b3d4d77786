// The doctor's checks of this computer and of the venue.
#include "tools/sentio-actors/doctor_checks.hpp"

#include "tools/sentio-actors/account_state.hpp"
#include "tools/sentio-actors/keys.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sentio {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t least_free_bytes = std::uintmax_t{1} << 30;
constexpr double clock_alarm_ms = 500; ///< of real time
constexpr time_ms day_ms = 24 * 60 * minute_ms;
constexpr int clock_readings = 3;

std::string fixed(double value, int digits) {
  char text[48];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

/// The directory itself, or the nearest one above it that exists.
fs::path existing_part(const fs::path& directory) {
  auto place = fs::absolute(directory);
  while (!fs::exists(place) && place.has_relative_path())
    place = place.parent_path();
  return place;
}

time_ms computer_time() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

/// Venue time minus our own at one reading, in milliseconds.
double offset_of(const venue_connection& connection, const venue_desk& desk, alpaca::venue_clock& clock) {
  const auto [said, at] = desk.clock();
  clock = said;
  const auto ours = connection.local ? connection.local->venue_now() : computer_time();
  const std::chrono::duration<double, std::milli> since = venue_time::steady::now() - at;
  return static_cast<double>(said.at - ours) + since.count();
}

std::string without_alarm(std::string note) {
  constexpr std::string_view word = "ALARM ";
  return note.starts_with(word) ? note.substr(word.size()) : note;
}

std::string hours_text(const session_hours& hours) {
  return to_string(hours.date) + " " + new_york_clock(hours.open) + " to " + new_york_clock(hours.close);
}

} // namespace

void findings::look(const std::string& check, const std::function<void()>& action) {
  try {
    action();
  } catch (const std::exception& error) {
    wrong(check, error.what());
  }
}

bool findings::all_good() const {
  return std::all_of(lines_.begin(), lines_.end(), [](const finding& line) { return line.good; });
}

void check_keys(findings& out, const live_options& options) {
  if (options.venue == "local") {
    out.good("keys", "the bundled exchange makes its own");
    return;
  }
  const auto kind = options.real ? key_kind::real : key_kind::paper;
  if (!find_keys(kind)) {
    out.wrong("keys", "none are there; " + how_to_give_keys(kind) +
                          (options.real ? "" : "; or use the bundled exchange with --venue local"));
    return;
  }
  struct stat status {};
  const bool file = ::stat("config.env", &status) == 0;
  const char* const value = std::getenv(options.real ? "ALPACA_API_KEY" : "ALPACA_PAPER_API_KEY");
  const bool environment = value && *value;
  char mode[8] = {};
  std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(status.st_mode & 07777));
  // With keys in the environment nothing has looked at the file so far.
  if (file && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    out.wrong("keys", std::string("config.env has mode ") + mode +
                          ", so others may read what is in it; run: chmod 600 config.env");
  else
    out.good("keys", environment ? "in the environment" : std::string("in config.env, mode ") + mode);
}

void check_log_directory(findings& out, const fs::path& directory) {
  const auto place = existing_part(directory);
  if (!fs::is_directory(place)) {
    out.wrong("log directory", place.string() + " is a file; name a directory with --log-dir");
    return;
  }
  std::string probe = (place / ".sentio-doctor-XXXXXX").string();
  const int handle = mkstemp(probe.data());
  if (handle < 0) {
    out.wrong("log directory", "no file can be made in " + place.string() + " (" + std::strerror(errno) +
                                   "); change its rights, or name another one with --log-dir");
    return;
  }
  close(handle);
  fs::remove(probe);
  out.good("log directory", directory.string() + " can be written" +
                                (fs::exists(directory) ? "" : "; it will be made in " + place.string()));
}

void check_state_directory(findings& out, const live_options& options) {
  const auto place = state_directory(options.state_dir);
  std::error_code problem; // what cannot be looked at is refused by state_folder
  const auto kept =
      std::string("HALTED, the locks on accounts and signed commands are kept in ") + place.string();
  if (fs::symlink_status(place, problem).type() == fs::file_type::not_found) {
    out.good("state directory", kept + "; the first session makes it");
    return;
  }
  const state_folder state(place, state_folder::missing::refuse);
  if (faccessat(state.handle(), ".", W_OK | X_OK, 0) != 0)
    out.wrong("state directory", place.string() + " cannot be written (" + std::strerror(errno) +
                                     "), so that nothing can be HALTED beyond a session; change its rights, "
                                     "or name another one with --state-dir");
  else
    out.good("state directory", kept);
}

void check_disk(findings& out, const fs::path& directory) {
  const auto place = existing_part(directory);
  const auto free = fs::space(place).available;
  const auto gigabytes =
      fixed(static_cast<double>(free) / (1 << 30), 2) + " GiB are free at " + place.string();
  if (free >= least_free_bytes)
    out.good("disk", gigabytes);
  else
    out.wrong("disk", "only " + gigabytes +
                          ", at least 1 GiB is wanted; remove old logs, or name another disk with --log-dir");
}

bool check_account(findings& out, const live_options& options, const venue_connection& connection,
                   const venue_desk& desk) {
  alpaca::venue_account account;
  try {
    account = desk.any_account();
  } catch (const std::exception& error) {
    out.wrong("account", error.what());
    return false;
  }
  out.look("account", [&] {
    desk.account(!options.real);
    out.good("account", account.number + " is " + account.status + ", a " +
                            (options.real ? "real" : "paper") + " account with an equity of $" +
                            to_string(account.equity));
  });
  out.look("other instances", [&] {
    if (connection.local) {
      out.good("other instances", "the bundled exchange is known to this process alone");
      return;
    }
    const auto place = state_directory(options.state_dir);
    std::error_code problem; // it is made with the first session
    if (fs::symlink_status(place, problem).type() != fs::file_type::not_found) {
      const state_folder state(place, state_folder::missing::refuse);
      const account_lock lock(state, connection.lock_name, account.number);
    }
    out.good("other instances", "none that shares this state directory trades on " + account.number);
  });
  out.look("halt", [&] {
    const auto latch = connection.local ? std::nullopt
                                        : find_latch(state_directory(options.state_dir),
                                                     {connection.lock_name, account.number}, desk);
    if (!latch)
      out.good("halt", "not HALTED");
    else if (!latch->rearmed.empty())
      out.good("halt", "was halted, and re-armed " + latch->rearmed);
    else
      out.wrong("halt", latch_text(*latch) + "; a session would buy nothing. When the reason is mended: " +
                            "sentio-actors rearm " + (options.real ? "--real" : "--paper") +
                            (options.venue_url.empty() ? "" : " --venue-url " + options.venue_url) +
                            (options.state_dir.empty() ? "" : " --state-dir " + options.state_dir));
  });
  if (!options.real)
    return true;
  const char* const allowed = std::getenv("SENTIO_ALLOW_REAL");
  if (allowed && account.number == allowed)
    out.good("permission", "SENTIO_ALLOW_REAL names this account");
  else
    out.wrong("permission",
              "set SENTIO_ALLOW_REAL=" + account.number + " to trade real money on this account");
  return true;
}

time_ms check_clock(findings& out, const live_options& options, const venue_connection& connection,
                    const venue_desk& desk) {
  alpaca::venue_clock clock;
  std::vector<double> offsets;
  for (int i = 0; i < clock_readings; ++i)
    offsets.push_back(offset_of(connection, desk, clock));
  std::sort(offsets.begin(), offsets.end());
  const double offset = offsets[clock_readings / 2];
  const auto said = to_string(new_york_date(clock.at)) + " " + new_york_clock(clock.at) + " New York";
  if (!options.venue_url.empty() && std::abs(offset) > static_cast<double>(day_ms))
    out.good("clock", "this exchange has days of its own, its time is " + said + "; a session goes by it");
  else if (std::abs(offset) >= clock_alarm_ms)
    out.wrong("clock", "the venue is " + fixed(std::abs(offset), 0) + " ms " +
                           (offset > 0 ? "ahead of" : "behind") +
                           (connection.local ? " its own timetable" : " this computer") +
                           ", 500 ms are too much; synchronise the computer's clock (timedatectl set-ntp "
                           "true) and look again");
  else
    out.good("clock", "the venue's time is " + said + ", " + fixed(offset, 0) + " ms from ours");
  return clock.at;
}

void check_calendar(findings& out, const venue_desk& desk) {
  const auto clock = desk.clock().first;
  const auto today = new_york_date(clock.at);
  const auto rule_today = session_on(today);
  // At the open itself the clock already names the session after it.
  const auto next_day = rule_today && clock.at < rule_today->open ? today : next_session(add_days(today, 1));
  std::vector<std::string> notes;
  const auto now = desk.session(today, notes);
  const auto next = next_day == today ? now : desk.session(next_day, notes);
  if (next && clock.next_open != next->open)
    notes.push_back("the venue's clock names " + to_string(new_york_date(clock.next_open)) + " " +
                    new_york_clock(clock.next_open) + " as its next open, its calendar " + hours_text(*next));
  if (notes.empty()) {
    out.good("calendar", (now ? "today is a session, " + hours_text(*now)
                              : to_string(today) + " has no session (" + closed_reason(today) + ")") +
                             (next_day == today || !next ? "" : "; the next one is " + hours_text(*next)) +
                             ", as the rule says");
    return;
  }
  for (const auto& note : notes)
    out.wrong("calendar", without_alarm(note) + "; see the exchange's notices before trading");
}

void check_assets(findings& out, const venue_desk& desk, const std::vector<std::string>& symbols) {
  std::size_t tradable = 0;
  for (const auto& symbol : symbols)
    out.look("assets", [&] {
      const auto asset = desk.asset(symbol);
      tradable += asset.active && asset.tradable;
      if (!asset.active || !asset.tradable)
        out.wrong("assets", symbol + " cannot be traded (" + (asset.active ? "not tradable" : "not active") +
                                "); leave it out of --symbols, or see the broker's notices");
    });
  if (tradable > 0)
    out.good("assets",
             std::to_string(tradable) + " of " + std::to_string(symbols.size()) + " symbols are tradable");
}

} // namespace sentio
