// Command lines of live trading and of its running instance.
#include "tools/sentio-actors/commands.hpp"
#include "tools/sentio-actors/halt_latch.hpp"
#include "tools/sentio-actors/live_control.hpp"
#include "tools/sentio-actors/run_console.hpp"
#include "tools/sentio-actors/run_live.hpp"
#include "tools/sentio-actors/state_directory.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>

namespace sentio {

namespace {

/// A folder that lives as long as the replay.
struct replay_folder {
  replay_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "sentio-replay-XXXXXX").string();
    if (!mkdtemp(name.data()))
      throw std::runtime_error("a temporary folder for the replay cannot be made in " +
                               std::filesystem::temp_directory_path().string());
    path = name;
  }
  ~replay_folder() {
    std::error_code ignored; // the system cleans its temporary folder
    std::filesystem::remove_all(path, ignored);
  }
  replay_folder(const replay_folder&) = delete;
  replay_folder& operator=(const replay_folder&) = delete;
  std::filesystem::path path;
};

constexpr const char* live_examples = R"(Examples:
  sentio-actors --paper --venue local --speed 600        a day against the bundled exchange, in about 40 s
  sentio-actors --paper                                  today's session on the Alpaca paper account
  sentio-actors live --paper --dry-run                   everything but orders
  sentio-actors live --paper --every-session             day after day
  sentio-actors live --real                              real money: needs SENTIO_ALLOW_REAL=<account number> as well

Keys: ALPACA_PAPER_API_KEY and ALPACA_PAPER_SECRET_KEY (with --real: ALPACA_API_KEY and ALPACA_SECRET_KEY) in the
environment, or in ./config.env with mode 0600. `sentio-actors --paper` is short for `sentio-actors live --paper`.

After a crash, kill -9 or a loss of power the same command goes on with the session where its tape ends.
Kill switch, which latches HALTED and sells everything: `sentio-actors halt`, a file .halt in the log directory,
signal SIGUSR1, and the configured loss limits. HALTED lasts, over restarts too, until `sentio-actors rearm`.)";

/// `sentio-actors status` and its kind share the way to the instance.
struct control_options {
  std::string log_dir = "logs/paper_trading/latest";
  bool json = false;
  bool health = false;
  bool positions = false;
  std::string state;
};

void add_log_dir(CLI::App& command, control_options& asked) {
  command.add_option("--log-dir", asked.log_dir, "the log directory of the running instance")
      ->capture_default_str();
}

void print_actor(const std::string& name, const nlohmann::ordered_json& actor) {
  print("  %-12s", name.c_str());
  for (const auto& [key, value] : actor.items())
    print(" %s %s", key.c_str(), value.dump().c_str());
  print("\n");
}

/// "HALTED since ...: ..."; empty when it is not.
std::string halt_text(const nlohmann::ordered_json& answer) {
  const auto& halted = answer.at("halted");
  return halted.is_null() ? "" : latch_text({halted.at("since"), halted.at("reason"), "", ""});
}

/// What the gateway cannot do at the venue, for people; empty while it can do everything.
std::string route_text(const nlohmann::ordered_json& actors) {
  static const std::vector<std::pair<const char*, const char*>> ways{
      {"cannot_send", "orders cannot be sent"},
      {"cannot_look_up", "orders cannot be looked up"},
      {"cannot_cancel", "orders cannot be canceled"},
      {"cannot_list_orders", "the list of orders cannot be read"},
      {"cannot_read_positions", "the positions cannot be read"},
      {"cannot_read_account", "the account cannot be read"}};
  std::string text;
  if (actors.contains("gateway"))
    for (const auto& [name, words] : ways)
      if (actors["gateway"].value(name, 0) != 0)
        text += (text.empty() ? "" : "; ") + std::string(words);
  return text.empty() ? text : text + ": nothing is bought until that is over";
}

/// "SQQQ for 12 minutes": symbols whose bars do not come; empty when all do.
std::string silence_text(const nlohmann::ordered_json& actors) {
  std::string text;
  for (const auto& [name, actor] : actors.items())
    if (actor.contains("silent_minutes"))
      text += (text.empty() ? "" : ", ") + name + " for " + actor["silent_minutes"].dump() + " minutes";
  return text;
}

int print_health(const nlohmann::ordered_json& actors, const std::string& halted, bool quiet) {
  const auto route = route_text(actors);
  const bool arrives = actors.contains("feed") && actors["feed"].value("up", 0) == 1 &&
                       actors.contains("gateway") && actors["gateway"].value("listening", 0) == 1;
  const auto say = [&](const std::string& text) {
    if (!quiet)
      print("%s\n", text.c_str());
  };
  if (!arrives)
    say("NOT healthy: the feed or the order events are down");
  if (!route.empty())
    say("NOT healthy: " + route);
  if (!halted.empty())
    say("NOT healthy: " + halted);
  const auto silent = silence_text(actors);
  if (!silent.empty())
    say("NOT healthy: no bar of " + silent);
  const bool healthy = arrives && route.empty() && halted.empty() && silent.empty();
  if (healthy)
    say("healthy: bars and order events arrive, and the venue answers");
  return healthy ? 0 : 1;
}

/// What stops entries, before anything else: HALTED, or a limit of the session.
void print_latches(const nlohmann::ordered_json& answer, const std::string& log_dir) {
  if (const auto halted = halt_text(answer); !halted.empty())
    print("%s; re-arm with `sentio-actors rearm --log-dir %s`\n", halted.c_str(), log_dir.c_str());
  if (const auto& stopped = answer.at("entries_stopped"); stopped.is_string())
    print("NO ENTRIES: %s; exits go on\n", stopped.get<std::string>().c_str());
}

/// Whether somebody reads what the instance says.
std::string console_text(const nlohmann::ordered_json& answer) {
  if (!answer.contains("console")) // an older instance
    return {};
  const auto dropped = answer["console"].value("texts_dropped", std::uint64_t{0});
  const auto waiting = answer["console"].value("texts_waiting", std::uint64_t{0});
  if (dropped == 0 && waiting == 0)
    return {};
  return "console: " + std::to_string(waiting) + " waiting to be read, " + std::to_string(dropped) +
         " dropped unread; trading does not wait for a reader";
}

void print_text(const nlohmann::ordered_json& answer, const std::string& log_dir) {
  print_latches(answer, log_dir);
  print("session %s, venue time %s, closes %s, %s rounds\n", answer.at("session").get<std::string>().c_str(),
        answer.at("venue_time").get<std::string>().c_str(), answer.at("closes").get<std::string>().c_str(),
        answer.at("rounds").dump().c_str());
  if (const auto text = console_text(answer); !text.empty())
    print("%s\n", text.c_str());
  if (const auto route = route_text(answer.at("actors")); !route.empty())
    print("ALARM %s\n", route.c_str());
  if (const auto silent = silence_text(answer.at("actors")); !silent.empty())
    print("ALARM no bar of %s\n", silent.c_str());
  if (const auto& state = answer.at("state_dir"); state.is_string())
    print("state of the account in %s\n", state.get<std::string>().c_str());
  for (const auto& [name, actor] : answer.at("actors").items())
    print_actor(name, actor);
}

int print_status(const control_options& asked) {
  const auto answer = nlohmann::ordered_json::parse(ask_instance(asked.log_dir, "status"));
  const auto& actors = answer.at("actors");
  if (asked.json)
    print("%s\n", answer.dump(2).c_str());
  if (asked.health)
    return print_health(actors, halt_text(answer), asked.json);
  if (asked.json)
    return 0;
  if (!asked.positions) {
    print_text(answer, asked.log_dir);
    return 0;
  }
  const auto& portfolio = actors.at("portfolio");
  if (!portfolio.contains("positions"))
    throw std::runtime_error("the portfolio does not answer now: it is being brought back; ask again");
  print("positions: %s, live orders: %s\n", portfolio.at("positions").dump().c_str(),
        portfolio.at("live_orders").dump().c_str());
  return 0;
}

void add_local_venue(CLI::App& command, live_options& asked) {
  command.add_option("--venue", asked.venue, "alpaca, or local: the bundled exchange in this process")
      ->capture_default_str();
  command.add_option("--speed", asked.speed, "venue seconds per second, with --venue local or --venue-url")
      ->capture_default_str();
  command.add_option("--date", asked.date,
                     "with --venue local: the session of the data to trade (default: the last)");
  command.add_option("--session-end", asked.session_end, "with --venue local: an earlier close, as 10:15");
  command.add_option("--faults", asked.faults_file,
                     "with --venue local: faults to cause (see sentio-exchange --help)");
  command.add_option("--venue-url", asked.venue_url, "another exchange that speaks Alpaca's protocols");
  command.add_option("--ca-file", asked.ca_file, "PEM of the authorities to trust (default: the system's)");
}

void add_live_model(CLI::App& command, live_options& asked) {
  command.add_option(
      "--data-dir", asked.data_dir,
      "folder with bars to warm up on (default: the venue's history; local: the bundled sample)");
  command.add_option("--symbols", asked.symbols, "symbols to trade, as A,B,C")->delimiter(',');
  command.add_option("--config", asked.config_file,
                     "configuration (default: the shipped rotation_strategy.json)");
  command.add_option("--warmup-days", asked.warmup_days, "sessions to learn before")->capture_default_str();
  command.add_option("--min-warmup-days", asked.min_warmup_days, "refuse to trade on fewer")
      ->capture_default_str();
  command.add_option("--warmup-state", asked.warmup_state, "checkpoint to start from instead of warming up");
  command.add_option("--feed", asked.feed, "where bars come from: alpaca or polygon")->capture_default_str();
  command.add_option("--data-feed", asked.data_feed, "Alpaca's feed: iex or sip")->capture_default_str();
  command.add_option("--seed", asked.seed, "seed of the run, part of its order ids")->capture_default_str();
  command.add_option("--isa", asked.isa,
                     "instruction set: sse2, avx2, avx512 (default: the best; same results)");
}

} // namespace

void add_live(CLI::App& app, exit_code& code) {
  auto asked = std::make_shared<live_options>();
  auto& command =
      *app.add_subcommand("live", "trade a session on a paper or real account, or the bundled exchange");
  command.add_flag("--paper", asked->paper, "a paper account");
  command.add_flag("--real", asked->real, "a real account; needs SENTIO_ALLOW_REAL=<account number> as well");
  command.add_flag("--dry-run", asked->dry_run, "everything but orders");
  command.add_flag("--recover-only", asked->recover_only,
                   "say what a start would go on with after a crash, and do nothing");
  command.add_flag("--new-session", asked->new_session,
                   "start afresh in a new directory instead of going on with an interrupted session");
  command.add_flag("--allow-kill", asked->allow_kill, "drills: let `sentio-actors kill ACTOR` kill an actor");
  command.add_flag(
      "--keep-awake", asked->keep_awake,
      "let no processor sleep while trading: orders leave sooner on a virtual machine, for more power");
  command.add_flag("--every-session", asked->every_session, "wait, trade, report, and wait for the next day");
  command.add_option("--on-exit", asked->on_exit,
                     "what Ctrl-C does with positions: flatten (default with --paper) or keep");
  add_local_venue(command, *asked);
  add_live_model(command, *asked);
  command.add_option("--log-dir", asked->log_dir,
                     "folder for the logs (default: logs/paper_trading/<date>_<n>)");
  command.add_option("--state-dir", asked->state_dir, state_directory_help);
  command.add_flag("--overwrite", asked->overwrite, "replace the run in the log folder");
  command.add_flag("--no-report", asked->no_report, "stop when the logs are closed");
  add_monitor_options(command, asked->monitor);
  command.add_flag("--json", asked->json, "figures as JSON");
  command.footer(live_examples);
  command.callback([asked, &code] { code.value = run_live_command(*asked); });
}

void add_status(CLI::App& app, exit_code& code) {
  auto asked = std::make_shared<control_options>();
  auto& command = *app.add_subcommand("status", "what a running instance does");
  add_log_dir(command, *asked);
  command.add_flag("--health", asked->health,
                   "what is wrong, or healthy; exit code 1 when bars or order events do not arrive, when the "
                   "venue cannot be used for orders, or when HALTED");
  command.add_flag("--positions", asked->positions, "what is held and waited for");
  command.add_flag("--json", asked->json, "everything as JSON");
  command.footer("Examples:\n  sentio-actors status\n  sentio-actors status --health --log-dir DIR");
  command.callback([asked, &code] { code.value = print_status(*asked); });
}

void add_maintenance(CLI::App& app, exit_code& code) {
  auto asked = std::make_shared<control_options>();
  auto& command = *app.add_subcommand("maintenance", "pause or resume the entries of a running instance");
  command.add_option("state", asked->state, "on or off")->required()->check(CLI::IsMember({"on", "off"}));
  add_log_dir(command, *asked);
  command.footer("Examples:\n  sentio-actors maintenance on\n  sentio-actors maintenance off --log-dir DIR\n"
                 "A file .maintenance_mode in the log directory does the same as long as it is there.");
  command.callback(
      [asked, &code] { code.value = tell_instance(asked->log_dir, "maintenance " + asked->state); });
}

void add_flatten(CLI::App& app, exit_code& code) {
  auto asked = std::make_shared<control_options>();
  auto& command =
      *app.add_subcommand("flatten", "close everything that a running instance holds, and stop it");
  add_log_dir(command, *asked);
  command.footer("Example:\n  sentio-actors flatten --log-dir DIR");
  command.callback([asked, &code] { code.value = tell_instance(asked->log_dir, "flatten"); });
}

void add_replay(CLI::App& app, exit_code& code) {
  auto asked = std::make_shared<mock_options>();
  asked->no_report = true;
  auto& command =
      *app.add_subcommand("replay", "run a recorded session again and count the decisions that differ");
  command.add_option("tape", asked->from_tape, "the tape, <log-dir>/session_<date>.tape")->required();
  command.add_option("--log-dir", asked->log_dir,
                     "keep the logs of the replay here (default: they are not kept)");
  command.add_flag("--overwrite", asked->overwrite, "replace the run in the log folder");
  command.add_option("--isa", asked->isa, "instruction set: sse2, avx2, avx512 (same results)");
  command.add_flag("--json", asked->json, "figures as JSON");
  command.footer("Example:\n  sentio-actors replay logs/paper_trading/latest/session_2025-06-03.tape");
  command.callback([asked, &code] {
    if (!asked->log_dir.empty()) {
      code.value = run_mock(*asked);
      return;
    }
    // Only the comparison is wanted: the logs go to a folder that does not stay.
    const replay_folder folder;
    asked->log_dir = folder.path.string();
    asked->quiet_logs = true;
    code.value = run_mock(*asked);
  });
}

} // namespace sentio
