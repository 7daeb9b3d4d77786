// Actors that are born into a running session fold what it has been told so far.
#pragma once

#include "actors/common.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>

namespace sentio {

/// " (the round of 10:31:00)": what an entry of the history is, for errors; empty when its number says
/// enough.
std::string described(const history_entry& entry);

/// Calls fold(entry) for each. An entry that cannot be folded is reported as the actor's failure, named, and
/// ends its birth: no handler runs yet whose exception would be reported.
template <class Self, class Fold>
void fold_or_report(Self* self, const supervisor_actor& supervisor, const std::string& name,
                    const history& past, const Fold& fold) {
  for (std::size_t i = 0; i < past.size(); ++i) {
    try {
      fold(past[i]);
    } catch (const std::exception& problem) {
      self->send(supervisor,
                 failure{name, "its session cannot be folded again: input " + std::to_string(i) + " of " +
                                   std::to_string(past.size()) + described(past[i]) + ": " + problem.what()});
      throw;
    }
  }
}

} // namespace sentio
