// Sessions of a still world with crashes of the process and deaths of actors: each must leave what the
// undisturbed session leaves.
#include "tools/simulate_modes.hpp"

#include "actors/simulation/crash_plans.hpp"
#include "actors/simulation/session_trial.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <thread>

namespace sentio {

namespace {

using wide = unsigned long long;
using steady = std::chrono::steady_clock;

constexpr std::uint64_t told_differences = 10;

session_trials still_trials(const simulate_options& asked) {
  trial_options options;
  options.days = asked.days;
  options.full = asked.full_features ? trial_options::features::all : trial_options::features::none;
  if (asked.verbose)
    options.say = [](const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); };
  return session_trials(simulation_setup(asked), options);
}

struct group_result {
  std::uint64_t sessions = 0;
  std::uint64_t crashes = 0;
  std::uint64_t kills = 0;
  std::uint64_t different = 0;
  std::uint64_t longest_recovery_us = 0;
};

/// Runs plans side by side and compares each with the undisturbed session.
class still_runs {
public:
  still_runs(const simulate_options& asked, const session_trials& trials, const still_result& undisturbed)
      : asked_(asked), trials_(trials), undisturbed_(undisturbed) {}

  void run(const std::vector<named_plan>& plans) {
    std::atomic<std::size_t> next{0};
    const auto start = steady::now();
    const auto work = [&] {
      for (auto i = next.fetch_add(1); i < plans.size(); i = next.fetch_add(1)) {
        const auto result = trials_.run_still(asked_.first_seed, plans[i].plan);
        const auto difference = plans[i].signals_only ? signals_difference(result)
                                                      : first_difference(undisturbed_, result);
        add(plans[i], result, difference);
        if ((i + 1) % 500 == 0)
          std::fprintf(stderr, "%zu of %zu, %.0f s\n", i + 1, plans.size(),
                       std::chrono::duration<double>(steady::now() - start).count());
      }
    };
    const unsigned count =
        asked_.threads > 0 ? asked_.threads : std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::thread> workers;
    for (unsigned i = 1; i < count; ++i)
      workers.emplace_back(work);
    work();
    for (auto& worker : workers)
      worker.join();
    seconds_ = std::chrono::duration<double>(steady::now() - start).count();
  }

  int conclude() const {
    std::printf("%-28s %9s %9s %9s %10s %14s\n", "", "sessions", "crashes", "kills", "different",
                "recovery ms");
    group_result all;
    for (const auto& [name, one] : groups_) {
      std::printf("%-28s %9llu %9llu %9llu %10llu %14.3f\n", name.c_str(), static_cast<wide>(one.sessions),
                  static_cast<wide>(one.crashes), static_cast<wide>(one.kills),
                  static_cast<wide>(one.different), static_cast<double>(one.longest_recovery_us) / 1000);
      all.sessions += one.sessions;
      all.different += one.different;
    }
    std::printf("%llu sessions in %.1f s, %llu unlike the undisturbed one\n", static_cast<wide>(all.sessions),
                seconds_, static_cast<wide>(all.different));
    return all.different == 0 ? 0 : 1;
  }

private:
  std::string signals_difference(const still_result& result) const {
    return result.violations.empty() ? first_difference_of_signals(undisturbed_, result)
                                     : result.violations.front();
  }

  void add(const named_plan& plan, const still_result& result, const std::string& difference) {
    const std::lock_guard lock(mutex_);
    auto& group = groups_[plan.group];
    ++group.sessions;
    group.crashes += result.crashes;
    group.kills += result.kills;
    group.longest_recovery_us = std::max(group.longest_recovery_us, result.longest_recovery_us);
    if (difference.empty())
      return;
    ++group.different;
    if (++told_ <= told_differences)
      std::fprintf(stderr, "%s: %s\n", describe(plan.plan).c_str(), difference.c_str());
  }

  const simulate_options& asked_;
  const session_trials& trials_;
  const still_result& undisturbed_;
  std::mutex mutex_;
  std::map<std::string, group_result> groups_;
  std::uint64_t told_ = 0;
  double seconds_ = 0;
};

} // namespace

int simulate_still(const simulate_options& asked) {
  const auto trials = still_trials(asked);
  const auto undisturbed = trials.run_still(asked.first_seed, {});
  std::printf("the undisturbed session: %llu tape writes, %llu orders, %zu bytes of trades\n",
              static_cast<wide>(undisturbed.writes), static_cast<wide>(undisturbed.orders),
              undisturbed.logs.at(log_kind::trades).size());
  for (const auto& violation : undisturbed.violations)
    std::fprintf(stderr, "undisturbed: %s\n", violation.c_str());
  std::vector<named_plan> plans;
  const auto put = [&](std::vector<named_plan> more) {
    plans.insert(plans.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  };
  if (!asked.crashes.empty()) {
    const bool all = asked.crashes == "all";
    put(crash_plans(undisturbed, all ? 0 : std::stoull(asked.crashes)));
  }
  if (asked.double_crashes > 0)
    put(double_crash_plans(undisturbed, asked.double_crashes, asked.first_seed));
  if (asked.kill_each > 0)
    put(kill_plans(undisturbed, trials.symbols(), asked.kill_each, asked.kills_a_session, asked.first_seed));
  if (!asked.plan.empty())
    put({read_plan(asked.plan)});
  still_runs runs(asked, trials, undisturbed);
  runs.run(plans);
  return runs.conclude();
}

} // namespace sentio
