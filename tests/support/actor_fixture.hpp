// Our thin fixture over CAF's deterministic coordinator: actors run one message at a time, when told to.
#pragma once

#include "tests/support/test.hpp"

#include "messages/interfaces.hpp"

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <string>
#include <vector>

namespace sentio::test {

/// A system on the testing scheduler, and mock actors that keep what they are sent.
class actor_fixture {
public:
  struct system_config : caf::actor_system_config {
    system_config() { set("scheduler.policy", caf::atom("testing")); }
  };
  system_config cfg;
  caf::actor_system sys{cfg};
  std::vector<failure> failures; ///< what actors said to the mock supervisor before they died
  supervisor_actor supervisor = sys.spawn([this]() -> supervisor_actor::behavior_type {
    return {
        [this](const failure& report) { failures.push_back(report); },
        [](stop_atom) {},
        [](const kill_request&) { return false; },
        [](status_atom) {
          return actor_status{"mock supervisor", 0, {}};
        },
    };
  });

  caf::scheduler::test_coordinator& scheduler() {
    return dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler());
  }
  void run() { scheduler().run(); }

  template <class Handle, class Message>
  void tell(const Handle& to, Message&& message) {
    caf::anon_send(to, std::forward<Message>(message));
    run();
  }
  template <class Handle>
  actor_status status_of(const Handle& handle) {
    actor_status answer;
    caf::scoped_actor asker{sys};
    auto request = asker->request(handle, caf::infinite, status_atom_v);
    run();
    request.receive([&](actor_status& status) { answer = std::move(status); },
                    [](const caf::error&) { CAF_FAIL("no answer to status"); });
    return answer;
  }
  /// A value of its own: CHECK_EQUAL keeps references, so it must not be given a part of a temporary.
  template <class Handle>
  std::uint64_t first_count_of(const Handle& handle) {
    return status_of(handle).counts.at(0).second;
  }
  /// Every actor of a test is stopped here: CAF's testing scheduler waits for all of them.
  template <class... Handles>
  void stop(const Handles&... handles) {
    (caf::anon_send_exit(handles, caf::exit_reason::user_shutdown), ...);
    caf::anon_send_exit(supervisor, caf::exit_reason::user_shutdown);
    run();
  }
};

} // namespace sentio::test
