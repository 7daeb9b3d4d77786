// How many sessions it takes to find each planted bug.
#include "tests/simulation/mutants/mutant_switch.hpp"

#include "actors/simulation/crash_plans.hpp"
#include "actors/simulation/session_trial.hpp"
#include "core/numeric/random.hpp"
#include "known_mutants.hpp"
#include "tests/simulation/mutants/outside_checks.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace sentio;
using wide = unsigned long long;

struct hunt_options {
  std::string data_dir;
  std::string only;
  std::uint64_t most = 1'000;
  std::uint64_t first_seed = 1;
  bool sound = false; ///< the program without a bug, which must not be found
  bool drill = false; ///< the runaway
};

constexpr std::uint64_t still_sessions = 60; ///< of crashes and of deaths each
/// The bug that the program itself stops: it has a drill of its own.
constexpr std::string_view runaway_bug = "strategy_runs_away";
/// The same: the supervisor stops it.
constexpr std::string_view failing_fold_bug = "fold_fails_for_good";

/// Bugs of what no simulated session has: a check of each.
struct outside_bug {
  std::string_view name;
  std::string (*look)();
};
constexpr outside_bug outside_bugs[]{{"output_waits_for_its_reader", look_at_console},
                                     {"signed_command_counts_twice", look_at_signed_commands}};

const outside_bug* outside_bug_of(std::string_view name) {
  const auto found = std::find_if(std::begin(outside_bugs), std::end(outside_bugs),
                                  [&](const outside_bug& one) { return one.name == name; });
  return found == std::end(outside_bugs) ? nullptr : found;
}

/// True when the check finds its bug, and nothing without it.
bool find_outside(const outside_bug& bug, const char* what) {
  mutants::active = "";
  const auto sound = bug.look();
  mutants::active = bug.name;
  const auto found = bug.look();
  const bool good = sound.empty() && !found.empty();
  std::printf("%-28s %s by its own check\n    %s\n    %s\n", std::string(bug.name).c_str(),
              good ? "found" : "not found", what,
              (sound.empty() ? found : "without the bug: " + sound).c_str());
  std::fflush(stdout);
  return good;
}

/// What is wrong with a session of a seed: each has one with faults, and the first also one of a still world,
/// in which a crash or deaths may change nothing.
class hunter {
public:
  hunter(const session_trials& trials, std::uint64_t seed)
      : trials_(trials), seed_(seed), undisturbed_(trials.run_still(seed, {})) {
    plans_ = crash_plans(undisturbed_, still_sessions);
    auto deaths = kill_plans(undisturbed_, trials.symbols(), still_sessions / 8, 1, seed);
    plans_.insert(plans_.end(), deaths.begin(), deaths.end());
    random_source random(seed);
    for (std::size_t i = plans_.size(); i > 1; --i)
      std::swap(plans_[i - 1], plans_[random.below(i)]);
  }

  std::string look(std::uint64_t seed) const {
    const auto result = trials_.run(seed, trials_.profile(seed, {}));
    if (!result.violations.empty())
      return result.violations.front();
    const auto number = seed - seed_;
    if (number >= plans_.size())
      return {};
    const auto& one = plans_[number];
    const auto still = trials_.run_still(seed_, one.plan);
    auto found = one.signals_only ? first_difference_of_signals(undisturbed_, still)
                                  : first_difference(undisturbed_, still);
    if (!still.violations.empty())
      found = still.violations.front();
    return found.empty() ? found : describe(one.plan) + ": " + found;
  }

private:
  const session_trials& trials_;
  std::uint64_t seed_;
  still_result undisturbed_;
  std::vector<named_plan> plans_;
};

/// Seeds until one finds something wrong; true when one did.
bool hunt(const session_trials& trials, const hunt_options& asked, const std::string& name,
          const char* what) {
  mutants::active = name;
  const auto start = std::chrono::steady_clock::now();
  const hunter hunter_of_it(trials, asked.first_seed);
  for (std::uint64_t i = 0; i < asked.most; ++i) {
    const auto seed = asked.first_seed + i;
    const auto found = hunter_of_it.look(seed);
    if (found.empty())
      continue;
    std::printf("%-28s found by seed %llu, after %llu seeds, %.1f s\n    %s\n    %s\n", name.c_str(),
                static_cast<wide>(seed), static_cast<wide>(i + 1),
                std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(), what,
                found.c_str());
    std::fflush(stdout);
    return true;
  }
  std::printf("%-28s not found with %llu seeds\n    %s\n", name.c_str(), static_cast<wide>(asked.most), what);
  std::fflush(stdout);
  return false;
}

session_trials make_trials(const hunt_options& asked, trial_options options = {}) {
  mock_setup setup;
  setup.config = decode_configuration("{}", "built-in defaults").value;
  setup.data_dir = asked.data_dir;
  setup.isa = best_instruction_set();
  options.full = trial_options::features::none;
  return {setup, std::move(options)};
}

/// What a runaway left at the venue.
struct runaway {
  std::size_t sent = 0;         ///< orders of the bug that reached the venue
  std::size_t bought_later = 0; ///< buys after them
  bool flat = false;
};

runaway look_at(const session_record& session) {
  runaway seen;
  std::string minute; // of the bug: only its orders are for one share
  for (const auto& order : session.venue.at("orders"))
    if (order.at("qty") == "1" && order.at("side") == "buy") {
      ++seen.sent;
      minute = order.at("client_order_id").get<std::string>().substr(0, 22);
    }
  for (const auto& order : session.venue.at("orders"))
    seen.bought_later += order.at("side") == "buy" && order.at("qty") != "1" &&
                                 order.at("client_order_id").get<std::string>().substr(0, 22) > minute
                             ? 1U
                             : 0U;
  seen.flat = session.venue.at("positions").empty();
  return seen;
}

/// A portfolio that fails at one record of its tape, and so does every one that takes its place: the
/// supervisor gives up, halts, and what the account holds is sold at the venue.
bool drill_failing_fold(const hunt_options& asked) {
  mutants::active = failing_fold_bug;
  bool flat = false, halted = false;
  std::size_t bought = 0;
  std::string error;
  trial_options options;
  options.spoil = [&](session_record& session, const fault_profile&) {
    flat = session.venue.at("positions").empty();
    error = session.error;
    halted =
        error.starts_with("HALTED: portfolio cannot be kept alive") && error.find("64 bits") != error.npos;
    for (const auto& execution : session.venue.at("executions"))
      bought += execution.at("side") == "buy" ? 1U : 0U;
  };
  const auto trials = make_trials(asked, options);
  std::size_t good = 0;
  constexpr std::size_t sessions = 5;
  for (std::size_t i = 0; i < sessions; ++i) {
    bought = 0;
    trials.run(asked.first_seed + i, {});
    const bool as_wanted = flat && halted && bought > 0;
    good += as_wanted ? 1U : 0U;
    if (!as_wanted)
      std::printf("  seed %llu: %s at the end, %zu buys, error: %s\n",
                  static_cast<wide>(asked.first_seed + i), flat ? "flat" : "NOT FLAT", bought, error.c_str());
  }
  std::printf("drill of a fold that fails for good: %zu of %zu sessions end flat and HALTED\n", good,
              sessions);
  return good == sessions;
}

/// A strategy that asks for a thousand orders in a minute: at most ten leave, everything is sold, nothing is
/// bought any more, and a process that ends and goes on does not forget it.
int drill(const hunt_options& asked) {
  mutants::active = runaway_bug;
  runaway seen;
  trial_options options;
  options.spoil = [&](session_record& session, const fault_profile&) { seen = look_at(session); };
  const auto trials = make_trials(asked, options);
  const auto result = trials.run(asked.first_seed, {});
  const auto undisturbed = trials.run_still(asked.first_seed, {});
  std::size_t differing = 0;
  for (std::uint64_t tenth = 2; tenth <= 9; ++tenth) {
    still_plan plan;
    plan.crashes.push_back({crash_instant::after_write, undisturbed.writes * tenth / 10});
    differing += first_difference(undisturbed, trials.run_still(asked.first_seed, plan)).empty() ? 0U : 1U;
  }
  std::printf("runaway drill: 1000 orders asked for, %zu reached the venue, %zu buys later, %s at the end; "
              "8 restarts, %zu of them unlike the undisturbed session\n",
              seen.sent, seen.bought_later, seen.flat ? "flat" : "NOT FLAT", differing);
  for (const auto& violation : result.violations)
    std::printf("  %s\n", violation.c_str());
  const bool good = seen.sent > 0 && seen.sent <= 10 && seen.bought_later == 0 && seen.flat &&
                    differing == 0 && result.violations.empty();
  return good ? 0 : 1;
}

int hunt_all(const hunt_options& asked) {
  const auto trials = make_trials(asked);
  if (asked.sound)
    return hunt(trials, asked, "", "the program as it is") ? 1 : 0;
  std::size_t looked_for = 0, found = 0;
  for (const auto& mutant : known_mutants) {
    if (mutant.name == runaway_bug || mutant.name == failing_fold_bug ||
        (!asked.only.empty() && asked.only.find(mutant.name) == std::string::npos))
      continue;
    ++looked_for;
    const auto* outside = outside_bug_of(mutant.name);
    found += (outside ? find_outside(*outside, mutant.what) : hunt(trials, asked, mutant.name, mutant.what))
                 ? 1U
                 : 0U;
  }
  std::printf("%zu of %zu planted bugs found\n", found, looked_for);
  return looked_for > 0 && found == looked_for ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  hunt_options asked;
  CLI::App app{"Sessions with all faults and deaths until each planted bug is found.", "simulate-mutants"};
  app.add_option("--data-dir", asked.data_dir, "bars to take sessions from")->required();
  app.add_option("--only", asked.only, "names of planted bugs, with commas between them (default: all)");
  app.add_option("--most", asked.most, "sessions for each (default: 1000)");
  app.add_option("--seed", asked.first_seed, "the first seed");
  app.add_flag("--sound", asked.sound, "no bug at all: nothing may be found");
  app.add_flag(
      "--drill", asked.drill,
      "a strategy that runs away and a fold that fails for good must be stopped, sold and kept halted");
  try {
    app.parse(argc, argv);
    if (asked.drill)
      return drill(asked) == 0 && drill_failing_fold(asked) ? 0 : 1;
    return hunt_all(asked);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "simulate-mutants: %s\n", problem.what());
    return 1;
  }
}
