// The schedulers a run can be on. The only header of the project that knows how actors are scheduled.
#pragma once

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <cstdint>
#include <memory>

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
