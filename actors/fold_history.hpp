// Actors that are born into a running session fold what it has been told so far.
#pragma once

#include "messages/messages.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>

namespace sentio {

/// " (the round of 10:31:00)": what an entry of the history is, for errors; empty when its number says
/// enough.
std::string described(const history_entry& entry);

/// Calls fold(entry) for each. An entry that cannot be folded ends the actor's birth with std::runtime_error
/// that names it; report_failures, which comes first, passes that on.
template <class Fold>
void fold_history(const history& past, const Fold& fold) {
  for (std::size_t i = 0; i < past.size(); ++i) {
    try {
      fold(past[i]);
    } catch (const std::exception& problem) {
      throw std::runtime_error("its session cannot be folded again: input " + std::to_string(i) + " of " +
                               std::to_string(past.size()) + described(past[i]) + ": " + problem.what());
    }
  }
}

} // namespace sentio
