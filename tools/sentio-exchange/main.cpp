// sentio-exchange: the bundled exchange as a program.
#include "core/numeric/plain_text.hpp"
#include "core/numeric/special_file.hpp"
#include "tools/sentio-actors/shipped.hpp"
#include "tools/sentio-actors/usage_error.hpp"
#include "tools/sentio-exchange/exchange_server.hpp"
#include "tools/sentio-exchange/markets.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <thread>

namespace {

using namespace sentio;

constexpr const char* examples = R"(Examples:
  sentio-exchange                                          the last day of the bundled sample, from 09:25
  sentio-exchange --port 18443 --synthetic --seed 7        made-up bars of today, at the computer's time
  sentio-exchange --data-dir DIR --date 2025-06-03 --start 09:29 --speed 60
  sentio-exchange --session 09:25-16:05 --speed 390        a session in a minute, then the program ends
  sentio-exchange --faults storm.json --state account.db   with faults; account and venue time outlive it
  sentio-exchange --list-faults                            what can be made to go wrong

It speaks Alpaca's REST and web socket protocols (and Polygon's stream) on https://localhost:PORT, for this computer only.
Exit codes: 0 good, 1 the run failed, 2 wrong usage or configuration.)";

volatile std::sig_atomic_t interrupt_seen = 0;

extern "C" void note_interrupt(int) {
  interrupt_seen = 1;
}

struct options {
  int port = 0;
  std::string data_dir;
  bool synthetic = false;
  std::uint64_t seed = 1;
  std::vector<std::string> symbols;
  double speed = 1;
  std::string date;
  std::string start;
  std::string session;
  std::string tls_dir;
  std::string faults_file;
  std::string state_file;
  std::string key_id = exchange_config().key_id;
  std::string secret = exchange_config().secret;
  bool json = false;
  bool list_faults = false;
};

time_ms computer_time() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::string new_york_minute_text(time_ms at) {
  return to_string(new_york_date(at)) + " " + new_york_clock(at);
}

/// "09:25" as minutes of the day.
int parse_minute(const std::string& text, const std::string& option) {
  int hour = -1, minute = -1, used = 0;
  if (std::sscanf(text.c_str(), "%2d:%2d%n", &hour, &minute, &used) != 2 ||
      used != static_cast<int>(text.size()) || hour < 0 || hour > 23 || minute < 0 || minute > 59)
    throw usage_error(option + " takes New York times as 09:25, not " + text);
  return hour * 60 + minute;
}

time_ms at_minute(civil_date date, int minute) {
  return new_york_to_utc(date, minute / 60, minute % 60);
}

/// When the venue's time begins and, with --session, when the program ends.
struct venue_times {
  time_ms asked = 0; ///< of the options or the computer's clock
  time_ms begin = 0; ///< the same, or the state file's time when that is later
  std::optional<time_ms> end;
  chosen_market market;
};

market_choice choice_of(const options& given, civil_date around) {
  market_choice choice;
  choice.symbols = given.symbols;
  choice.seed = given.seed;
  if (!given.synthetic) {
    choice.data_dir =
        given.data_dir.empty() ? shipped_path("data/sample") : std::filesystem::path(given.data_dir);
    return choice;
  }
  // Six weeks before the day, for clients that read history, and one week after it.
  choice.first = next_session(add_days(around, -42));
  choice.days = 0;
  for (civil_date day = *choice.first; day <= add_days(around, 7); day = next_session(add_days(day, 1)))
    ++choice.days;
  return choice;
}

venue_times choose_times(const options& given) {
  const time_ms now = computer_time();
  std::optional<civil_date> date;
  if (!given.date.empty() && !(date = parse_date(given.date)))
    throw usage_error("--date takes a day as 2025-06-03, not " + given.date);
  if (!given.session.empty() && !given.start.empty())
    throw usage_error("--session holds the start already; give it or --start");
  const auto dash = given.session.find('-');
  if (!given.session.empty() && dash == std::string::npos)
    throw usage_error("--session takes New York times as 09:25-16:05, not " + given.session);
  const std::string begin = given.session.empty() ? given.start : given.session.substr(0, dash);
  venue_times out;
  out.market = choose_market(choice_of(given, date.value_or(new_york_date(now))));
  const auto& sessions = out.market.sessions;
  const bool covers_today = std::binary_search(sessions.begin(), sessions.end(), new_york_date(now));
  if (!date && begin.empty() && (given.synthetic || covers_today)) {
    out.begin = now;
  } else {
    const civil_date day =
        date.value_or(given.synthetic || covers_today ? new_york_date(now) : sessions.back());
    out.begin = at_minute(day, begin.empty() ? 9 * 60 + 25 : parse_minute(begin, "--start"));
  }
  if (!given.session.empty()) {
    const int end = parse_minute(given.session.substr(dash + 1), "--session");
    out.end = at_minute(new_york_date(out.begin), end);
    if (*out.end <= out.begin)
      throw usage_error("--session " + given.session + " ends before it begins");
  }
  return out;
}

fault_plan read_faults(const std::string& file) {
  fault_plan plan;
  if (file.empty())
    return plan;
  if (const auto why = why_no_regular_file(file); !why.empty())
    throw usage_error("the faults file " + file + " cannot be read: " + why);
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  if (!in)
    throw usage_error("the faults file " + file + " cannot be read");
  if (const std::string problem = parse_faults(text.str(), plan); !problem.empty())
    throw usage_error(file + ": " + problem);
  return plan;
}

void print_faults_list() {
  for (const auto& one : fault_descriptions())
    std::printf("%-8s %-23s %s\n", std::string(one.row).c_str(), std::string(one.name).c_str(),
                std::string(one.sentence).c_str());
}

void announce(const options& given, const exchange_server& server, const exchange_server_config& config,
              const venue_times& times) {
  const std::string address = "https://" + server.host_and_port();
  const std::string begins = new_york_minute_text(times.begin);
  const bool goes_on = times.begin != times.asked;
  std::string symbols;
  for (std::size_t i = 0; i < times.market.symbols.size() && i < 12; ++i)
    symbols += (i ? "," : "") + times.market.symbols[i];
  if (times.market.symbols.size() > 12)
    symbols += ",... (" + std::to_string(times.market.symbols.size()) + ")";
  if (given.json) {
    const nlohmann::ordered_json out{{"address", address},
                                     {"port", server.port()},
                                     {"ca_file", server.ca_file().string()},
                                     {"key_id", config.venue.key_id},
                                     {"secret", config.venue.secret},
                                     {"venue_time_new_york", begins},
                                     {"speed", config.speed},
                                     {"symbols", times.market.symbols}};
    std::printf("%s\n", out.dump().c_str());
  } else {
    const std::string sockets = "wss://" + server.host_and_port();
    std::printf("sentio-exchange listens on %s (this computer only)\n"
                "  venue time  %s New York%s, %g x real time\n"
                "  symbols     %s; bars of %zu sessions, %s to %s%s\n"
                "  trust       %s\n"
                "  keys        %s / %s (made up; they open nothing but this program)\n"
                "  streams     %s/v2/iex, %s/stream, %s/stocks\n"
                "An Alpaca client for Node:\n"
                "  NODE_EXTRA_CA_CERTS=%s APCA_API_BASE_URL=%s APCA_API_KEY_ID=%s APCA_API_SECRET_KEY=%s\n"
                "Ctrl-C ends it.\n",
                address.c_str(), begins.c_str(), goes_on ? " (where the state file left off)" : "",
                config.speed, symbols.c_str(), times.market.sessions.size(),
                to_string(times.market.sessions.front()).c_str(),
                to_string(times.market.sessions.back()).c_str(), given.synthetic ? " (synthetic)" : "",
                server.ca_file().c_str(), config.venue.key_id.c_str(), config.venue.secret.c_str(),
                sockets.c_str(), sockets.c_str(), sockets.c_str(), server.ca_file().c_str(), address.c_str(),
                config.venue.key_id.c_str(), config.venue.secret.c_str());
  }
  std::fflush(stdout);
}

/// Keys have to fit into a header and into a JSON text as they are.
void check_key(const std::string& option, const std::string& key) {
  const bool good = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return c > ' ' && c <= '~' && c != '"' && c != '\\';
  });
  if (!good)
    throw usage_error(
        option + " takes letters, digits and signs without blanks, quotes and backslashes, at least one");
}

int serve(const options& given) {
  if (given.list_faults) {
    print_faults_list();
    return 0;
  }
  if (given.synthetic && !given.data_dir.empty())
    throw usage_error("--synthetic makes bars up and --data-dir reads them; give one");
  check_key("--key-id", given.key_id);
  check_key("--secret", given.secret);
  if (!(given.speed > 0) || given.speed > 100'000)
    throw usage_error("--speed takes a number above 0 and up to 100000");
  exchange_server_config config;
  config.faults = read_faults(given.faults_file);
  venue_times times = choose_times(given);
  config.port = given.port;
  config.tls_folder = given.tls_dir;
  config.venue.seed = given.seed;
  config.venue.key_id = given.key_id;
  config.venue.secret = given.secret;
  config.venue.state_file = given.state_file;
  config.speed = given.speed;
  config.start = times.begin;
  std::signal(SIGINT, note_interrupt);
  std::signal(SIGTERM, note_interrupt);
  exchange_server server(config, std::move(times.market.source));
  times.asked = times.begin;
  times.begin = server.venue_now();
  if (times.end && times.begin >= *times.end)
    throw usage_error("the state file " + given.state_file + " holds venue time " +
                      new_york_minute_text(times.begin) + " New York, where --session " + given.session +
                      " is over; give a later --date, or another --state file to begin anew");
  server.start();
  announce(given, server, config, times);
  while (!interrupt_seen && (!times.end || server.venue_now() < *times.end))
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  server.stop();
  return 0;
}

void add_options(CLI::App& app, options& given) {
  app.add_option("--port", given.port, "Port on 127.0.0.1; 0 takes any free one")
      ->check(CLI::Range(0, 65'535))
      ->capture_default_str();
  app.add_option("--data-dir", given.data_dir, "Directory of bar files (default: the bundled sample)")
      ->type_name("DIR");
  app.add_flag("--synthetic", given.synthetic, "Make bars up instead");
  app.add_option("--seed", given.seed, "Of synthetic bars, partial fills and spreads")->capture_default_str();
  app.add_option("--symbols", given.symbols, "Symbols, A,B,... (default: all of the directory)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LIST");
  app.add_option("--speed", given.speed, "Venue seconds per real second")->capture_default_str();
  app.add_option("--date", given.date,
                 "Day at which venue time begins (default: today if there are bars, else the "
                 "last day with bars)")
      ->type_name("DATE");
  app.add_option("--start", given.start,
                 "New York time at which venue time begins (default: now if it is today, "
                 "else 09:25)")
      ->type_name("HH:MM");
  app.add_option("--session", given.session, "Begin at the first time and end the program at the second")
      ->type_name("HH:MM-HH:MM");
  app.add_option("--tls-dir", given.tls_dir,
                 "Where the certificates are kept; the authority there is used again, so that clients go on "
                 "trusting ca.pem (default: a temporary folder)")
      ->type_name("DIR");
  app.add_option("--faults", given.faults_file, "Faults to begin with, a JSON array; see --list-faults")
      ->type_name("FILE");
  app.add_option(
         "--state", given.state_file,
         "SQLite file that keeps the account, the orders and the venue's time; a start with it goes on "
         "where it left off")
      ->type_name("FILE");
  app.add_option("--key-id", given.key_id, "The made-up key id that clients have to show")
      ->capture_default_str();
  app.add_option("--secret", given.secret, "The made-up secret key that clients have to show")
      ->capture_default_str();
  app.add_flag("--json", given.json, "Print the address as one line of JSON");
  app.add_flag("--list-faults", given.list_faults, "Print what can be made to go wrong, and end");
}

int complain(const std::string& what, int code) {
  std::fprintf(stderr, "sentio-exchange: %s\n", sentio::plain_text(what, sentio::line_ends::kept).c_str());
  return code;
}

int run(int argc, char** argv) {
  CLI::App app{"A stock exchange for tests: Alpaca's trading and market data interface over TLS on this "
               "computer, with "
               "bars from files and faults on demand."};
  app.name("sentio-exchange");
  app.set_version_flag("--version", "sentio-exchange " SENTIO_VERSION);
  app.footer(examples);
  options given;
  add_options(app, given);
  try {
    app.parse(argc, argv);
    return serve(given);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0)
      return app.exit(error); // help and version
    return complain(std::string(error.what()) + "; see `sentio-exchange --help`", 2);
  } catch (const usage_error& error) {
    return complain(error.what(), 2);
  } catch (const std::exception& error) {
    return complain(error.what(), 1);
  }
}

} // namespace

int main(int argc, char** argv) {
  const int code = run(argc, argv);
  // A full disk behind a redirected output must not look like success.
  if (std::fflush(stdout) != 0 || std::ferror(stdout))
    return complain("standard output cannot be written; is its disk full?", 1);
  return code;
}
