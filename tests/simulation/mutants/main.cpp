// How many sessions it takes to find each planted bug.
#include "tests/simulation/mutants/mutant_switch.hpp"

#include "actors/simulation/crash_plans.hpp"
#include "actors/simulation/session_trial.hpp"
#include "core/numeric/random.hpp"
#include "known_mutants.hpp"

#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>
#include <iterator>
#include <string>
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
};

constexpr std::uint64_t still_sessions = 60; ///< of crashes and of deaths each

/// What is wrong with a session of a seed: each has one with faults, and the first also one of a still world, in
/// which a crash or deaths may change nothing.
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
bool hunt(const session_trials& trials, const hunt_options& asked, const std::string& name, const char* what) {
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

int hunt_all(const hunt_options& asked) {
  mock_setup setup;
  setup.config = decode_configuration("{}", "built-in defaults").value;
  setup.data_dir = asked.data_dir;
  setup.isa = best_instruction_set();
  trial_options options;
  options.full = trial_options::features::none;
  const session_trials trials(setup, options);
  if (asked.sound)
    return hunt(trials, asked, "", "the program as it is") ? 1 : 0;
  std::size_t looked_for = 0, found = 0;
  for (const auto& mutant : known_mutants) {
    if (!asked.only.empty() && asked.only.find(mutant.name) == std::string::npos)
      continue;
    ++looked_for;
    found += hunt(trials, asked, mutant.name, mutant.what) ? 1U : 0U;
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
  CLI11_PARSE(app, argc, argv);
  try {
    return hunt_all(asked);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "simulate-mutants: %s\n", problem.what());
    return 1;
  }
}
