// Whole sessions of the live graph with faults, seed by seed.
#include "tools/simulate_modes.hpp"

#include "actors/simulation/session_trial.hpp"
#include "core/journal/log_reader.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <optional>
#include <set>
#include <sys/resource.h>
#include <thread>

namespace sentio {

namespace {

using wide = unsigned long long;

/// The profile that every seed gets, when a file was named.
struct fault_choice {
  fault_groups groups;
  std::optional<fault_profile> fixed;
};

fault_choice choose_faults(const std::string& name) {
  fault_choice choice;
  if (find_fault_groups(name, choice.groups))
    return choice;
  if (!std::filesystem::is_regular_file(name))
    throw std::invalid_argument(
        "--faults takes all, none, data, orders, network, kills or a profile's file; " + name +
        " is none of them, and no file");
  std::string text = read_text_file(name);
  // A kept seed holds its profile beside other things.
  if (const auto kept = nlohmann::json::parse(text, nullptr, false);
      kept.is_object() && kept.contains("profile"))
    text = kept["profile"].dump();
  if (const auto problem = parse_profile(text, choice.fixed.emplace()); !problem.empty())
    throw std::invalid_argument(name + ": " + problem);
  return choice;
}

double processor_seconds() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(use.ru_utime) + seconds(use.ru_stime);
}

volatile std::sig_atomic_t interrupted = 0;

/// The first Ctrl-C ends the run after the sessions under way, with the totals so far; a second one at once.
void stop_at_signals() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupted = 1; };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (const int number : {SIGINT, SIGTERM})
    sigaction(number, &action, nullptr);
}

class fault_runs {
public:
  fault_runs(const simulate_options& asked, const session_trials& trials, fault_choice faults)
      : asked_(asked), trials_(trials), faults_(std::move(faults)) {}

  void all() {
    std::atomic<std::uint64_t> next{0};
    const auto work = [&] {
      for (auto i = next.fetch_add(1); i < asked_.seeds && !interrupted; i = next.fetch_add(1))
        one(asked_.first_seed + i);
    };
    const unsigned count =
        asked_.threads > 0 ? asked_.threads : std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::thread> workers;
    for (unsigned i = 1; i < count; ++i)
      workers.emplace_back(work);
    work();
    for (auto& worker : workers)
      worker.join();
  }

  int conclude(double seconds, double processor) const {
    const auto seeds = static_cast<double>(std::max<std::uint64_t>(done_, 1));
    for (const auto& [name, times] : struck_)
      std::printf("%-28s %llu\n", name.c_str(), static_cast<wide>(times));
    std::printf("sessions:                    %llu in %.1f s (%.1f a second, %.0f ms of a core each)\n",
                static_cast<wide>(done_), seconds, static_cast<double>(done_) / seconds,
                1000 * processor / seeds);
    std::printf("different message orders:    %zu\n", schedules_.size());
    std::printf("hash of every log:           %016llx\n", static_cast<wide>(journals_));
    std::printf("fills at the venue:          %llu\n", static_cast<wide>(fills_));
    std::printf("requests, stream messages:   %llu, %llu\n", static_cast<wide>(requests_),
                static_cast<wide>(messages_));
    std::printf("adjustments:                 %llu\n", static_cast<wide>(adjustments_));
    std::printf("violations:                  %llu in %llu sessions\n", static_cast<wide>(violations_),
                static_cast<wide>(failed_));
    if (done_ == asked_.seeds)
      return failed_ == 0 ? 0 : 1;
    // Workers take seeds in turn and finish what they took, so these are the first ones without a gap.
    std::fprintf(stderr, "simulate: interrupted after %llu of %llu seeds; go on with --seed %llu\n",
                 static_cast<wide>(done_), static_cast<wide>(asked_.seeds),
                 static_cast<wide>(asked_.first_seed + done_));
    return 1;
  }

private:
  fault_profile profile_of(std::uint64_t seed) const {
    return faults_.fixed ? *faults_.fixed : trials_.profile(seed, faults_.groups);
  }

  void one(std::uint64_t seed) {
    const auto profile = profile_of(seed);
    const auto result = trials_.run(seed, profile);
    add(result);
    if (!result.violations.empty())
      tell(seed, profile, result);
  }

  void add(const trial_result& result) {
    const std::lock_guard lock(mutex_);
    schedules_.insert(result.schedule);
    journals_ += result.journal; // whichever seed is done first
    for (const auto& [name, times] : result.struck)
      struck_[name] += times;
    fills_ += result.fills;
    requests_ += result.requests;
    messages_ += result.messages;
    adjustments_ += result.adjustments;
    violations_ += result.violations.size();
    failed_ += result.violations.empty() ? 0U : 1U;
    if (++done_ % 500 == 0)
      std::fprintf(stderr, "%llu of %llu seeds, %llu failed\n", static_cast<wide>(done_),
                   static_cast<wide>(asked_.seeds), static_cast<wide>(failed_));
  }

  void tell(std::uint64_t seed, const fault_profile& profile, const trial_result& result) {
    std::string text = "seed " + std::to_string(seed) + ":\n";
    for (const auto& violation : result.violations)
      text += "  " + violation + "\n";
    text += "  reproduce: tools/simulate --seeds 1 --seed " + std::to_string(seed) + " --days " +
            std::to_string(asked_.days) + " --faults " + asked_.faults + "\n";
    auto smallest = profile;
    if (asked_.shrink) {
      smallest = trials_.shrink(seed, profile);
      const auto again = trials_.run(seed, smallest);
      text += "  the smallest schedule that still fails:\n" + print_profile(smallest) + "\n";
      for (const auto& violation : again.violations)
        text += "  then: " + violation + "\n";
    }
    const std::lock_guard lock(mutex_);
    std::fputs(text.c_str(), stderr);
    if (!asked_.keep.empty())
      keep(seed, smallest, result.violations.front());
  }

  /// As tests/simulation/corpus holds it.
  void keep(std::uint64_t seed, const fault_profile& profile, const std::string& why) const {
    nlohmann::ordered_json kept;
    kept["seed"] = seed;
    kept["days"] = asked_.days;
    kept["why"] = why;
    kept["profile"] = nlohmann::ordered_json::parse(print_profile(profile));
    std::ofstream(asked_.keep + "/seed_" + std::to_string(seed) + ".json") << kept.dump(2) << "\n";
  }

  const simulate_options& asked_;
  const session_trials& trials_;
  fault_choice faults_;
  std::mutex mutex_;
  std::set<std::uint64_t> schedules_;
  simulated_world::counts struck_;
  std::uint64_t journals_ = 0;
  std::uint64_t fills_ = 0;
  std::uint64_t requests_ = 0;
  std::uint64_t messages_ = 0;
  std::uint64_t adjustments_ = 0;
  std::uint64_t violations_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t done_ = 0;
};

} // namespace

int simulate_faults(const simulate_options& asked) {
  auto faults = choose_faults(asked.faults);
  stop_at_signals();
  trial_options options;
  options.days = asked.days;
  if (asked.full_features)
    options.full = trial_options::features::all;
  else if (asked.seeds < 100 && asked.first_seed % 100 != 0 && asked.first_seed % 100 + asked.seeds <= 100)
    options.full = trial_options::features::none; // no seed among them needs it
  if (asked.verbose)
    options.say = [](const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); };
  const session_trials trials(simulation_setup(asked), options);
  const auto start = std::chrono::steady_clock::now();
  const auto processor = processor_seconds();
  fault_runs runs(asked, trials, std::move(faults));
  runs.all();
  return runs.conclude(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(),
                       processor_seconds() - processor);
}

} // namespace sentio
