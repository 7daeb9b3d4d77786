// Runs one mock session under many actor schedules and counts distinct message orders and distinct journals.
#include "tools/simulate_modes.hpp"

#include "actors/schedule_trials.hpp"
#include "core/market/session_reader.hpp"

#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <set>
#include <thread>

namespace sentio {

namespace {

struct tally {
  std::mutex mutex;
  std::set<std::uint64_t> schedules;
  std::set<std::uint64_t> journals;
  std::uint64_t failures = 0;

  void add(std::uint64_t seed, const schedule_trials::trial& trial) {
    const std::lock_guard lock(mutex);
    schedules.insert(trial.schedule);
    journals.insert(trial.journal.combined());
    if (!trial.error.empty()) {
      ++failures;
      std::fprintf(stderr, "seed %llu: %s\n  reproduce: tools/simulate --interleavings 1 --seed %llu\n",
                   static_cast<unsigned long long>(seed), trial.error.c_str(),
                   static_cast<unsigned long long>(seed));
    }
  }
};

void run_seeds(const schedule_trials& trials, const simulate_options& asked, tally& counts) {
  std::atomic<std::uint64_t> next{0};
  const auto work = [&] {
    for (auto i = next.fetch_add(1); i < asked.interleavings; i = next.fetch_add(1)) {
      const auto seed = asked.first_seed + i;
      const auto runtime = make_permuted_engine(seed);
      counts.add(seed, trials.run(*runtime));
      if (asked.interleavings >= 1000 && (i + 1) % 1000 == 0)
        std::fprintf(stderr, "%llu of %llu schedules\n", static_cast<unsigned long long>(i + 1),
                     static_cast<unsigned long long>(asked.interleavings));
    }
  };
  std::vector<std::thread> workers;
  for (unsigned i = 1; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
    workers.emplace_back(work);
  work();
  for (auto& worker : workers)
    worker.join();
}

/// The multi-threaded scheduler has no seed: it is run several times at each width.
void run_threads(const schedule_trials& trials, tally& counts) {
  for (const std::size_t threads : {2U, 4U, 8U})
    for (int i = 0; i < 20; ++i) {
      const auto runtime = make_threaded_engine(threads);
      counts.add(0, trials.run(*runtime, i % 2 == 0 ? 1 : 16));
    }
}

} // namespace

int simulate_interleavings(const simulate_options& asked) {
  auto setup = simulation_setup(asked);
  if (!asked.full_features)
    std::erase_if(setup.config.learner.experts,
                  [](const expert_parameters& expert) { return expert.features == feature_set::full126; });
  const auto available = list_sessions(setup.data_dir, setup.config.symbols);
  const auto day = asked.date.empty() ? available.back() : parse_date(asked.date).value_or(civil_date{});
  const schedule_trials trials(setup, plan_sessions(available, {day, day}, 20, 1));
  const auto start = std::chrono::steady_clock::now();
  tally permuted;
  run_seeds(trials, asked, permuted);
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("session:                %s, %zu symbols, learners of one shared checkpoint\n",
              to_string(day).c_str(), setup.config.symbols.size());
  std::printf("schedules:              %llu in %.1f s (%.0f a second)\n",
              static_cast<unsigned long long>(asked.interleavings), seconds,
              static_cast<double>(asked.interleavings) / seconds);
  std::printf("different message orders: %zu\n", permuted.schedules.size());
  std::printf("journal hashes:           %zu\n", permuted.journals.size());
  bool good = permuted.failures == 0 && permuted.journals.size() == 1;
  if (!asked.skip_threads) {
    tally threaded;
    run_threads(trials, threaded);
    threaded.journals.insert(permuted.journals.begin(), permuted.journals.end());
    std::printf("journal hashes with 60 runs on 2, 4 and 8 threads added: %zu\n", threaded.journals.size());
    good = good && threaded.failures == 0 && threaded.journals.size() == 1;
  }
  std::printf("%s\n", good ? "every schedule gave the same journal" : "SCHEDULES DIFFER");
  return good ? 0 : 1;
}

} // namespace sentio
