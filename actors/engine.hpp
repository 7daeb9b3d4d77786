// The schedulers a run can be on. The only header of the project that knows how actors are scheduled.
#pragma once

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

namespace sentio {

/// Runs the actors of one system until none has anything to do.
class engine {
public:
  engine() = default;
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;
  virtual ~engine() = default;

  virtual caf::actor_system& system() = 0;
  /// Returns when every mailbox is empty and no handler runs.
  virtual void run_until_idle() = 0;
  /// Hash of the order in which actors were given their turns; 0 where that order is not observed.
  virtual std::uint64_t schedule_hash() const { return 0; }
};

/// One thread, first come first served: CAF's deterministic coordinator.
std::unique_ptr<engine> make_stepwise_engine();
/// One thread; which of the runnable actors goes next is drawn from the seed.
std::unique_ptr<engine> make_permuted_engine(std::uint64_t seed);
/// Work stealing on several threads with a virtual clock.
std::unique_ptr<engine> make_threaded_engine(std::size_t threads);

/// The live graph in virtual time: one thread, a seeded choice of the next runnable actor, and a clock that
/// stands still until it is told to go on. Nothing of it reads the machine's clock.
class simulated_runtime {
public:
  using time_point = std::chrono::steady_clock::time_point;

  simulated_runtime() = default;
  simulated_runtime(const simulated_runtime&) = delete;
  simulated_runtime& operator=(const simulated_runtime&) = delete;
  virtual ~simulated_runtime() = default;

  virtual caf::actor_system& system() = 0;
  /// Returns when every mailbox is empty. Timers that are due do not fire.
  virtual void run_until_idle() = 0;
  virtual time_point now() const = 0;
  /// When the first timer is due; empty when there is none.
  virtual std::optional<time_point> next_timer() const = 0;
  /// Goes on to `at` (not before now); every timer on the way fires at its own instant, and the actors run
  /// until they are idle before the next one does.
  virtual void advance_to(time_point at) = 0;
  /// Time passes until `at` (not before now) and nobody gets a turn: the process stands still. Timers fire later.
  virtual void stand_still_until(time_point at) = 0;
  /// Hash of the order in which actors were given their turns.
  virtual std::uint64_t schedule_hash() const = 0;
};
std::unique_ptr<simulated_runtime> make_simulated_runtime(std::uint64_t seed);

/// The runtime of paper and real trading: CAF's work-sharing scheduler on all cores, the machine's clock, and no
/// notion of idleness. Sharing wakes up faster than stealing, which polls.
class live_runtime {
public:
  live_runtime() = default;
  live_runtime(const live_runtime&) = delete;
  live_runtime& operator=(const live_runtime&) = delete;
  virtual ~live_runtime() = default;
  virtual caf::actor_system& system() = 0;
};
std::unique_ptr<live_runtime> make_live_runtime();

} // namespace sentio
