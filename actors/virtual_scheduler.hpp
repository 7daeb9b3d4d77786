// A multi-threaded CAF 0.17.6 scheduler that knows exactly when it is idle and whose clock only a driver
// moves. It proves that the graph does not depend on which thread was first. Uses caf::detail: keep it in
// this one file.
#pragma once

#include "actors/actor_pointer.hpp"

#include <caf/all.hpp>
#include <caf/detail/thread_safe_actor_clock.hpp>
#include <caf/policy/work_stealing.hpp>
#include <caf/scheduler/coordinator.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace sentio {

/// Counts jobs that are queued or running.
class quiescence {
public:
  void add() { jobs_.fetch_add(1, std::memory_order_acq_rel); }
  void remove() {
    if (jobs_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      const std::lock_guard lock(mutex_);
      idle_.notify_all();
    }
  }
  void wait() {
    // Most waits are shorter than putting a thread to sleep costs.
    for (int spin = 0; spin < 2000; ++spin)
      if (jobs_.load(std::memory_order_acquire) == 0)
        return;
    std::unique_lock lock(mutex_);
    idle_.wait(lock, [this] { return jobs_.load(std::memory_order_acquire) == 0; });
  }

private:
  std::atomic<std::int64_t> jobs_{0};
  std::mutex mutex_;
  std::condition_variable idle_;
};

/// A clock that stands still: nothing in the virtual runtime may wait for real time to pass.
class standing_clock final : public caf::detail::thread_safe_actor_clock {
public:
  time_point now() const noexcept override { return time_point{duration_type{1}}; }
};

/// The work-stealing policy with a count of jobs under way. A job that was resumed is counted off only when
/// its worker looks for the next one: by then it is queued again if it has more to do, so the count never
/// reads zero early.
template <class Policy>
struct counting : Policy {
  struct coordinator_data : Policy::coordinator_data {
    explicit coordinator_data(caf::scheduler::abstract_coordinator* parent)
        : Policy::coordinator_data(parent) {}
    quiescence under_way;
  };
  struct worker_data : Policy::worker_data {
    explicit worker_data(caf::scheduler::abstract_coordinator* parent) : Policy::worker_data(parent) {}
    bool resumed = false;
  };
  template <class Worker>
  void external_enqueue(Worker* worker, caf::resumable* job) {
    worker->parent()->data().under_way.add();
    Policy::external_enqueue(worker, job);
  }
  template <class Worker>
  void internal_enqueue(Worker* worker, caf::resumable* job) {
    worker->parent()->data().under_way.add();
    Policy::internal_enqueue(worker, job);
  }
  template <class Worker>
  void resume_job_later(Worker* worker, caf::resumable* job) {
    worker->parent()->data().under_way.add();
    Policy::resume_job_later(worker, job);
  }
  template <class Worker>
  caf::resumable* dequeue(Worker* worker) {
    if (std::exchange(worker->data().resumed, false))
      worker->parent()->data().under_way.remove();
    return Policy::dequeue(worker);
  }
  template <class Worker>
  void before_resume(Worker* worker, caf::resumable* job) {
    race_acquire(job);
    Policy::before_resume(worker, job);
  }
  template <class Worker>
  void after_resume(Worker* worker, caf::resumable* job) {
    Policy::after_resume(worker, job);
    race_release(job);
    worker->data().resumed = true;
  }
};

class virtual_coordinator final : public caf::scheduler::coordinator<counting<caf::policy::work_stealing>> {
public:
  using super = caf::scheduler::coordinator<counting<caf::policy::work_stealing>>;
  using super::super;

  static caf::actor_system::module* make(caf::actor_system& system, caf::detail::type_list<>) {
    return new virtual_coordinator(system); // CAF takes ownership of modules
  }
  standing_clock& clock() noexcept override { return clock_; }
  void wait_until_idle() { data().under_way.wait(); }

private:
  standing_clock clock_;
};

} // namespace sentio
