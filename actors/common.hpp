// What every actor of the graph does alike: it reports why it dies, and counts what it handles.
#pragma once

#include "actors/actor_pointer.hpp"
#include "messages/interfaces.hpp"

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
  std::uint64_t messages = 0; ///< handled

  void count() { ++messages; }
  actor_status status_of(std::string name, std::vector<named_value> counts = {}) const {
    return actor_status{std::move(name), messages, std::move(counts)};
  }
};

} // namespace sentio
