// What every actor of the graph does alike: it reports why it dies, and counts what it handles.
#pragma once

#include "actors/actor_pointer.hpp"
#include "messages/interfaces.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <string>
#include <utility>

namespace sentio {

/// An exception that leaves a handler ends the actor (CAF 0.17). Its text goes to the supervisor first,
/// since a down message carries no words.
template <class Self>
void report_failures(Self* self, const supervisor_actor& supervisor, const std::string& name) {
  self->set_exception_handler([self, supervisor, name](std::exception_ptr& thrown) -> caf::error {
    std::string text = "unknown exception";
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& problem) {
      text = problem.what();
    } catch (...) {
      // Nothing in this program throws anything else; the text above says so if it happens.
    }
    self->send(supervisor, failure{name, text});
    return caf::make_error(caf::sec::runtime_error, text);
  });
}

/// Base of every actor's state.
struct counted_state {
  std::uint64_t messages = 0;  ///< handled
  handler_histogram handler{}; ///< see observation.hpp
  double handler_sum_us = 0;

  /// Lives as long as a handler: its time is sampled. Looking at a clock costs tens of nanoseconds, so a busy
  /// actor does it for each sixteenth message only. What is measured decides nothing.
  class [[nodiscard]] handling {
  public:
    explicit handling(counted_state* sampled) : state_(sampled) {
      if (state_)
        began_ = std::chrono::steady_clock::now();
    }
    handling(const handling&) = delete;
    handling& operator=(const handling&) = delete;
    ~handling() {
      if (state_)
        state_->add_time(
            std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - began_).count());
    }

  private:
    counted_state* state_;
    std::chrono::steady_clock::time_point began_{};
  };

  handling count() {
    constexpr std::uint64_t all_below = 1'000;
    constexpr std::uint64_t each = 16;
    ++messages;
    return handling(messages < all_below || messages % each == 0 ? this : nullptr);
  }

private:
  void add_time(double us) {
    const auto place =
        std::lower_bound(handler_bounds_us.begin(), handler_bounds_us.end(), us) - handler_bounds_us.begin();
    ++handler[static_cast<std::size_t>(place)];
    handler_sum_us += us;
  }
};

/// The answer of an actor to status.
template <class Self>
actor_status status_of(Self* self, std::string name, std::vector<named_value> counts = {}) {
  const counted_state& state = self->state;
  actor_status status{std::move(name), state.messages, std::move(counts)};
  status.mailbox = self->mailbox().size();
  status.handler = state.handler;
  status.handler_sum_us = state.handler_sum_us;
  return status;
}

} // namespace sentio
