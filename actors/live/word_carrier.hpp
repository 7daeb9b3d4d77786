// Brings an operator's words to the tape.
#pragma once

#include "actors/supervisor.hpp"

#include <caf/all.hpp>

#include <cstdint>
#include <deque>
#include <memory>

namespace sentio {

/// A word on its way.
struct carried_word {
  operator_command command;
  caf::response_promise told; ///< answered with true when the word is on the record
};

struct word_carrier_state {
  static inline const char* name = "word_carrier";
  std::shared_ptr<graph_handles> graph;
  std::deque<carried_word> words;
  std::uint64_t number = 0; ///< of the first of them
  tape_actor told;          ///< the tape that has been sent it; empty: none
  bool looking = false;     ///< a look at the graph is due
};

/// Answers an operator_command with true as soon as it is on the record; a sender that needs no answer is
/// given none. One word at a time, in order. A tape that dies before has a successor, which is told again: a
/// word is never lost, and may be there twice, which means the same. Tries until it is ended.
caf::behavior word_carrier(caf::stateful_actor<word_carrier_state>* self,
                           std::shared_ptr<graph_handles> graph);

} // namespace sentio
