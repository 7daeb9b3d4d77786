// `sentio-actors doctor`: whether a session could be traded now, and if not, what to do.
#include "core/market/session_reader.hpp"
#include "tools/sentio-actors/commands.hpp"
#include "tools/sentio-actors/doctor_checks.hpp"
#include "tools/sentio-actors/keys.hpp"
#include "tools/sentio-actors/run_console.hpp"
#include "tools/sentio-actors/state_directory.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>

namespace sentio {

namespace {

struct doctor_options {
  live_options live;
  bool json = false;
};

constexpr const char* doctor_examples =
    R"(Exit codes: 0 all is good, 1 there is something to do, 2 wrong usage.

Examples:
  sentio-actors doctor --venue local                       this computer, with the bundled exchange as the venue
  sentio-actors doctor --paper                             before the first session on a paper account
  sentio-actors doctor --paper --data-dir DIR              with bars of your own: their age, splits since then
  sentio-actors doctor --real --json                       for a script, before the open)";

void check(const live_options& o) {
  if (o.paper && o.real)
    throw usage_error("--paper and --real exclude each other; say which account is meant");
  if (o.venue != "alpaca" && o.venue != "local")
    throw usage_error("--venue " + o.venue + " is unknown; alpaca and local are");
  const bool local = o.venue == "local";
  if (o.real && (local || !o.venue_url.empty()))
    throw usage_error("--real looks at the broker only; leave --venue and --venue-url out");
  if (local && !o.venue_url.empty())
    throw usage_error(
        "--venue local starts an exchange of its own; --venue-url names another one: give one of them");
  if (!local && !o.faults_file.empty())
    throw usage_error("--faults needs --venue local: nobody else can be told to fail");
  if (o.data_feed != "iex" && o.data_feed != "sip")
    throw usage_error("--data-feed " + o.data_feed + " is unknown; iex and sip are");
  read_faults(o); // a wrong file is told before anything starts
}

mock_setup setup_of(const live_options& o) {
  mock_options like;
  like.data_dir = o.data_dir;
  like.symbols = o.symbols;
  like.config_file = o.config_file;
  auto setup = make_setup(like);
  std::sort(setup.config.symbols.begin(), setup.config.symbols.end());
  return setup;
}

time_ms computer_time() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

/// Everything that needs the venue. Returns its time, or the computer's when it cannot be asked.
time_ms look_at_venue(findings& out, const live_options& o, const mock_setup& setup,
                      const venue_connection& connection) {
  const venue_desk desk(connection.endpoints);
  auto now = connection.local ? connection.local->venue_now() : computer_time();
  const bool from_files = connection.local || !o.data_dir.empty();
  if (!check_account(out, o, connection, desk)) {
    out.wrong("the rest", "clock, calendar, assets, splits and other instances could not be looked at: put "
                          "right what the line about the account says, and look again");
    return now;
  }
  out.look("clock", [&] { now = check_clock(out, o, connection, desk); });
  out.look("calendar", [&] { check_calendar(out, desk); });
  out.look("assets", [&] { check_assets(out, desk, setup.config.symbols); });
  if (!from_files)
    out.look("bars", [&] { check_venue_bars(out, desk, setup.config.symbols, now); });
  out.look("splits", [&] { check_splits(out, desk, setup, from_files, now); });
  return now;
}

findings examine(const live_options& o) {
  const auto setup = setup_of(o);
  findings out;
  std::optional<venue_connection> connection;
  out.look("keys", [&] {
    check_keys(out, o);
    if (o.venue != "local" && find_keys(o.real ? key_kind::real : key_kind::paper))
      connection = connect_alpaca(o);
  });
  if (o.venue == "local")
    out.look("venue", [&] {
      connection = start_local_venue(o, setup, list_sessions(setup.data_dir, setup.config.symbols).back());
    });
  auto now = computer_time();
  if (connection)
    out.look("venue", [&] { now = look_at_venue(out, o, setup, *connection); });
  if (o.venue == "local" || !o.data_dir.empty())
    out.look("data", [&] { check_bar_files(out, setup, now); });
  const std::filesystem::path logs =
      o.log_dir.empty() ? o.real ? "logs/real_trading" : "logs/paper_trading" : o.log_dir;
  out.look("log directory", [&] { check_log_directory(out, logs); });
  out.look("disk", [&] { check_disk(out, logs); });
  if (o.venue != "local")
    out.look("state directory", [&] { check_state_directory(out, o); });
  return out;
}

int run_doctor(const doctor_options& options) {
  check(options.live);
  const auto found = examine(options.live);
  if (options.json) {
    nlohmann::ordered_json out{{"good", found.all_good()}, {"checks", nlohmann::ordered_json::array()}};
    for (const auto& line : found.lines())
      out["checks"].push_back({{"check", line.check}, {"good", line.good}, {"text", line.text}});
    print("%s\n", out.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  } else {
    for (const auto& line : found.lines())
      print("%-16s %-6s %s\n", line.check.c_str(), line.good ? "good" : "TO DO", line.text.c_str());
  }
  return found.all_good() ? 0 : 1;
}

} // namespace

void add_doctor(CLI::App& app, exit_code& code) {
  auto asked = std::make_shared<doctor_options>();
  auto& live = asked->live;
  auto& command =
      *app.add_subcommand("doctor", "whether a session could be traded now, and if not, what to do");
  command.add_flag("--paper", live.paper, "look at the paper account (default)");
  command.add_flag("--real", live.real, "look at the real account; nothing is traded");
  command.add_option("--venue", live.venue, "alpaca, or local: the bundled exchange in this process")
      ->capture_default_str();
  command.add_option("--venue-url", live.venue_url, "another exchange that speaks Alpaca's protocols");
  command.add_option("--ca-file", live.ca_file, "PEM of the authorities to trust (default: the system's)");
  command.add_option(
      "--data-dir", live.data_dir,
      "folder with bars to warm up on (default: the venue's history; local: the bundled sample)");
  command.add_option("--symbols", live.symbols, "symbols to trade, as A,B,C")->delimiter(',');
  command.add_option("--config", live.config_file,
                     "configuration (default: the shipped rotation_strategy.json)");
  command.add_option("--data-feed", live.data_feed, "Alpaca's feed: iex or sip")->capture_default_str();
  command.add_option("--log-dir", live.log_dir,
                     "folder for the logs (default: logs/paper_trading, with --real logs/real_trading)");
  command.add_option("--state-dir", live.state_dir, state_directory_help);
  command.add_option("--faults", live.faults_file,
                     "with --venue local: faults to cause (see sentio-exchange --help)");
  command.add_flag("--json", asked->json, "the same as JSON");
  command.footer(doctor_examples);
  command.callback([asked, &code] { code.value = run_doctor(*asked); });
}

} // namespace sentio
