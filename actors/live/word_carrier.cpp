#include "actors/live/word_carrier.hpp"

#include <chrono>
#include <utility>

namespace sentio {
/// To itself: is there another tape?
struct look_again {};
} // namespace sentio
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sentio::look_again)

namespace sentio {

namespace {

constexpr std::chrono::milliseconds look_interval{20}; ///< while a word is on its way

struct bearer {
  caf::stateful_actor<word_carrier_state>* self;

  /// Tells the tape that there is now, unless it was told already.
  void tell() const {
    auto& s = self->state;
    const auto tape = s.graph->view().tape;
    if (!tape || tape == s.told)
      return;
    s.told = tape;
    self->send(caf::actor_cast<live_tape_actor>(tape),
               operator_word{s.words.front().command, s.number, caf::actor_cast<caf::actor>(self)});
  }
  void begin() const {
    auto& s = self->state;
    ++s.number;
    s.told = nullptr;
    tell();
    look_later();
  }
  void look_later() const {
    if (!std::exchange(self->state.looking, true))
      self->delayed_send(self, look_interval, look_again{});
  }
};

} // namespace

caf::behavior word_carrier(caf::stateful_actor<word_carrier_state>* self,
                           std::shared_ptr<graph_handles> graph) {
  self->state.graph = std::move(graph);
  const bearer moves{self};
  return {
      [self, moves](const operator_command& command) {
        auto& s = self->state;
        s.words.push_back({command, self->make_response_promise()});
        if (s.words.size() == 1)
          moves.begin();
        return s.words.back().told;
      },
      [self, moves](const word_recorded& record) {
        auto& s = self->state;
        if (s.words.empty() || record.number != s.number)
          return; // of a word that was told twice
        s.words.front().told.deliver(true);
        s.words.pop_front();
        if (!s.words.empty())
          moves.begin();
      },
      [self, moves](const look_again&) {
        self->state.looking = false;
        if (self->state.words.empty())
          return;
        moves.tell();
        moves.look_later();
      },
  };
}

} // namespace sentio
