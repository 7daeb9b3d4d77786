#include "tools/sentio-actors/account_state.hpp"

#include "core/monitor/private_files.hpp"
#include "tools/sentio-actors/live_start.hpp"

#include <nlohmann/json.hpp>

namespace sentio {

namespace fs = std::filesystem;

namespace {

fs::path known_file(const fs::path& state, const account_name& account) {
  return state / (account.text() + ".known");
}

bool is_known(const fs::path& state, const account_name& account) {
  std::error_code problem; // what cannot be looked at is not known
  return fs::is_regular_file(fs::symlink_status(known_file(state, account), problem));
}

/// A latch for an account that was traded before and is not known here; empty when it never was.
std::optional<latch_record> latch_of_stranger(const fs::path& state, const account_name& account,
                                              const venue_desk& desk) {
  const auto own = desk.newest_own_order();
  if (own.empty())
    return std::nullopt;
  return latch_record{utc_now(),
                      "the state directory " + state.string() + " does not know account " + account.number +
                          ", though the venue has orders of this program, " + own +
                          " among them: whether it was HALTED cannot be told. If another directory has its "
                          "state, name that one with --state-dir; else look at the account, then re-arm",
                      "", ""};
}

} // namespace

std::optional<latch_record> find_latch(const fs::path& state, const account_name& account,
                                       const venue_desk& desk) {
  std::error_code problem; // what cannot be looked at is judged by read_latch
  const bool missing = fs::symlink_status(state, problem).type() == fs::file_type::not_found;
  if (!missing)
    if (auto latch = read_latch(latch_file(state, account.venue, account.number)))
      return latch;
  return is_known(state, account) ? std::nullopt : latch_of_stranger(state, account, desk);
}

void learn_account(const state_folder& state, const account_name& account, const venue_desk& desk) {
  if (is_known(state.path(), account))
    return;
  const auto file = latch_file(state.path(), account.venue, account.number);
  if (!read_latch(file))
    if (const auto latch = latch_of_stranger(state.path(), account, desk)) {
      write_latch(file, *latch);
      say_line("ALARM " + latch->reason);
    }
  // Last of all: a start that ends before has learned nothing.
  write_durably(known_file(state.path(), account),
                nlohmann::ordered_json{{"account", account.number}, {"since", utc_now()}}.dump() + "\n",
                0600);
}

} // namespace sentio
