// The kill switch, the way back from it, and drills.
#include "tools/sentio-actors/commands.hpp"
#include "tools/sentio-actors/halt_latch.hpp"
#include "tools/sentio-actors/live_control.hpp"
#include "tools/sentio-actors/live_start.hpp"
#include "tools/sentio-actors/run_console.hpp"
#include "tools/sentio-actors/state_directory.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>

namespace sentio {

namespace {

namespace fs = std::filesystem;

struct told {
  std::string log_dir = "logs/paper_trading/latest";
  std::string actor;
  bool paper = false;
  bool real = false;
  std::string venue_url;
  std::string account;
  std::string state_dir;
};

void add_log_dir(CLI::App& command, told& asked) {
  command.add_option("--log-dir", asked.log_dir, "the log directory of the running instance")
      ->capture_default_str();
}

/// The accounts at a venue that have a latch file, or something else of that name.
std::vector<std::string> accounts_with_latch(const state_folder& state, const std::string& lock_name) {
  std::vector<std::string> accounts;
  const std::string stem = lock_name + "-";
  constexpr std::string_view ending = ".halted";
  for (const auto& entry : fs::directory_iterator(state.path())) {
    const auto name = entry.path().filename().string();
    if (name.starts_with(stem) && name.ends_with(ending) &&
        name.find('-', stem.size()) == std::string::npos) // another venue's name goes on with one
      accounts.push_back(name.substr(stem.size(), name.size() - stem.size() - ending.size()));
  }
  std::sort(accounts.begin(), accounts.end());
  return accounts;
}

int nothing_to_rearm(const state_folder& state) {
  print("not HALTED: there is nothing to re-arm in %s\n", state.path().c_str());
  return 0;
}

/// Re-arms an account that nobody trades on now.
int rearm_account(const told& asked) {
  if (asked.paper && asked.real)
    throw usage_error("--paper and --real exclude each other; say which account is meant");
  const auto lock_name = lock_name_of(asked.real, asked.venue_url);
  const state_folder state(state_directory(asked.state_dir), state_folder::missing::refuse);
  auto accounts = accounts_with_latch(state, lock_name);
  if (!asked.account.empty())
    std::erase_if(accounts, [&](const std::string& one) { return one != asked.account; });
  if (accounts.empty())
    return nothing_to_rearm(state);
  if (accounts.size() > 1) {
    std::string list;
    for (const auto& one : accounts)
      list += (list.empty() ? "" : ", ") + one;
    throw usage_error("several accounts are HALTED: " + list + "; name one with --account");
  }
  const auto& account = accounts.front();
  std::optional<account_lock> lock;
  try {
    lock.emplace(state, lock_name, account);
  } catch (const usage_error& held) {
    throw usage_error(std::string(held.what()) + " Or re-arm it there: sentio-actors rearm --log-dir DIR");
  }
  const auto file = latch_file(state.path(), lock_name, account);
  auto record = read_latch(file);
  if (!record || !record->rearmed.empty())
    return nothing_to_rearm(state);
  const auto before = latch_text(*record);
  record->rearmed = utc_now(); // kept for an interrupted session, whose tape still says HALTED
  write_latch(file, *record);
  print("account %s was %s\nre-armed: the next session buys again\n", account.c_str(), before.c_str());
  return 0;
}

} // namespace

void add_halt(CLI::App& app, exit_code& code) {
  auto asked = std::make_shared<told>();
  auto& command = *app.add_subcommand(
      "halt", "kill switch: close everything and buy nothing more until an operator re-arms");
  add_log_dir(command, *asked);
  command.footer(
      "The session goes on, HALTED; so do those after it, until `sentio-actors rearm`. A file .halt in the "
      "log directory and\nthe signal SIGUSR1 do the same.\n\nExamples:\n  sentio-actors halt\n  "
      "sentio-actors halt --log-dir DIR");
  command.callback([asked, &code] { code.value = tell_instance(asked->log_dir, "halt"); });
}

void add_rearm(CLI::App& app, exit_code& code) {
  auto asked = std::make_shared<told>();
  auto& command = *app.add_subcommand("rearm", "allow entries again after HALTED");
  add_log_dir(command, *asked);
  command.add_flag("--paper", asked->paper, "no session runs: re-arm the paper account");
  command.add_flag("--real", asked->real, "no session runs: re-arm the real account");
  command.add_option("--venue-url", asked->venue_url, "of that account: as the session was started with");
  command.add_option("--account", asked->account, "of that account: its number, when several are HALTED");
  command.add_option("--state-dir", asked->state_dir, state_directory_help);
  command.footer(
      "Look at why it was halted first (`sentio-actors status`, `sentio-actors doctor`). A loss limit that "
      "is still exceeded\nlatches again in the next round.\n\nExamples:\n  sentio-actors rearm --log-dir DIR "
      " "
      "     the running session\n  sentio-actors rearm --paper            when none runs");
  command.callback([asked, &code] {
    code.value = asked->paper || asked->real ? rearm_account(*asked) : tell_instance(asked->log_dir, "rearm");
  });
}

void add_kill(CLI::App& app, exit_code& code) {
  auto asked = std::make_shared<told>();
  auto& command =
      *app.add_subcommand("kill", "a drill: kill one actor of a session that was started with --allow-kill");
  command
      .add_option("actor", asked->actor,
                  "feed, clock, tape, gateway, ranking, portfolio, journal or a symbol")
      ->required();
  add_log_dir(command, *asked);
  command.footer(
      "The session goes on: a successor folds the session so far. `sentio-actors status` shows restarts, "
      "the time to\nrecover and what was folded.\n\nExample:\n  sentio-actors kill TQQQ --log-dir DIR");
  command.callback([asked, &code] { code.value = tell_instance(asked->log_dir, "kill " + asked->actor); });
}

} // namespace sentio
