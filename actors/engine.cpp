#include "actors/engine.hpp"

#include "actors/virtual_scheduler.hpp"
#include "core/numeric/random.hpp"

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <algorithm>
#include <thread>

namespace sentio {

namespace {

/// Actor systems need their configuration to outlive them.
struct stepwise_config : caf::actor_system_config {
  stepwise_config() { set("scheduler.policy", caf::atom("testing")); }
};

class stepwise_engine : public engine {
public:
  stepwise_engine() : system_(config_) {}

  caf::actor_system& system() override { return system_; }
  void run_until_idle() override { coordinator().run(); }

protected:
  caf::scheduler::test_coordinator& coordinator() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
  }

private:
  stepwise_config config_;
  caf::actor_system system_;
};

/// Gives the turn to one of the runnable actors, drawn from a seed, until none is runnable.
class turn_drawer {
public:
  explicit turn_drawer(std::uint64_t seed) : random_(seed) {}

  void run(caf::scheduler::test_coordinator& scheduler) {
    while (!scheduler.jobs.empty()) {
      const auto chosen = random_.below(scheduler.jobs.size());
      std::swap(scheduler.jobs.front(), scheduler.jobs[chosen]);
      auto* next = scheduler.jobs.front();
      if (next->subtype() == caf::resumable::scheduled_actor) // a dynamic_cast would take a tenth of the time
        hash_ = (hash_ ^ static_cast<caf::scheduled_actor*>(next)->id()) * 0x100000001b3ULL;
      scheduler.run_once();
    }
  }
  std::uint64_t hash() const { return hash_; }

private:
  random_source random_;
  std::uint64_t hash_ = 0xcbf29ce484222325ULL;
};

class permuted_engine final : public stepwise_engine {
public:
  explicit permuted_engine(std::uint64_t seed) : turns_(seed) {}

  void run_until_idle() override { turns_.run(coordinator()); }
  std::uint64_t schedule_hash() const override { return turns_.hash(); }

private:
  turn_drawer turns_;
};

class virtual_time_runtime final : public simulated_runtime {
public:
  explicit virtual_time_runtime(std::uint64_t seed)
      : system_(config_), scheduler_(dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler())),
        turns_(seed) {}

  caf::actor_system& system() override { return system_; }
  void run_until_idle() override {
    // Else CAF notes under a lock which actor each message of a simulated session is for, for a log that
    // nobody keeps. Every spawn sets it anew.
    caf::logger::set_current_actor_system(nullptr);
    turns_.run(scheduler_);
  }
  time_point now() const override { return scheduler_.clock().current_time; }
  std::optional<time_point> next_timer() const override {
    const auto& timers = scheduler_.clock().schedule();
    if (timers.empty())
      return std::nullopt;
    return timers.begin()->first;
  }
  void advance_to(time_point at) override {
    auto& clock = scheduler_.clock();
    run_until_idle();
    for (auto due = next_timer(); due && *due <= at; due = next_timer()) {
      clock.advance_time(std::max(*due, clock.current_time) - clock.current_time);
      run_until_idle();
    }
    clock.current_time = std::max(clock.current_time, at);
  }
  void stand_still_until(time_point at) override {
    auto& clock = scheduler_.clock();
    clock.current_time = std::max(clock.current_time, at);
  }
  std::uint64_t schedule_hash() const override { return turns_.hash(); }

private:
  stepwise_config config_;
  caf::actor_system system_;
  caf::scheduler::test_coordinator& scheduler_;
  turn_drawer turns_;
};

struct threaded_config : caf::actor_system_config {
  explicit threaded_config(std::size_t threads) {
    set("scheduler.max-threads", threads);
#ifdef SENTIO_WITH_TSAN
    // One message a turn: the tool is told of an acquisition once a turn.
    set("scheduler.max-throughput", 1);
#endif
    load<virtual_coordinator>();
  }
};

class threaded_engine final : public engine {
public:
  explicit threaded_engine(std::size_t threads) : config_(threads), system_(config_) {}

  caf::actor_system& system() override { return system_; }
  void run_until_idle() override {
    dynamic_cast<virtual_coordinator&>(system_.scheduler()).wait_until_idle();
  }

private:
  threaded_config config_;
  caf::actor_system system_;
};

struct live_runtime_config : caf::actor_system_config {
  live_runtime_config() {
    set("scheduler.policy", caf::atom("sharing"));
    set("scheduler.max-threads", std::max<std::size_t>(2, std::thread::hardware_concurrency()));
  }
};

class sharing_runtime final : public live_runtime {
public:
  sharing_runtime() : system_(config_) {}
  caf::actor_system& system() override { return system_; }

private:
  live_runtime_config config_;
  caf::actor_system system_;
};

} // namespace

std::unique_ptr<live_runtime> make_live_runtime() {
  return std::make_unique<sharing_runtime>();
}
std::unique_ptr<engine> make_stepwise_engine() {
  return std::make_unique<stepwise_engine>();
}
std::unique_ptr<engine> make_permuted_engine(std::uint64_t seed) {
  return std::make_unique<permuted_engine>(seed);
}
std::unique_ptr<simulated_runtime> make_simulated_runtime(std::uint64_t seed) {
  return std::make_unique<virtual_time_runtime>(seed);
}
std::unique_ptr<engine> make_threaded_engine(std::size_t threads) {
  return std::make_unique<threaded_engine>(threads);
}

} // namespace sentio
