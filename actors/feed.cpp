#include "actors/feed.hpp"

namespace sentio {

feed_actor::behavior_type feed_behavior(actor_pointer<feed_actor, feed_state> self,
                                        std::shared_ptr<session_source> source, tape_actor tape,
                                        gateway_actor gateway, supervisor_actor supervisor) {
  report_failures(self, supervisor, "feed");
  self->state.source = std::move(source);
  return {
      [self, tape, gateway](const credit& more) {
        auto& s = self->state;
        const auto handling = s.count();
        s.granted += more.blocks;
        while (s.granted > 0 && !s.ended) {
          auto block = s.source->next();
          if (!block) {
            s.ended = true;
            self->send(tape, end_of_data{s.sent});
            return;
          }
          --s.granted;
          ++s.sent;
          if (!block->warmup)
            self->send(gateway, block);
          self->send(tape, std::move(block));
        }
      },
      [self](status_atom) {
        return status_of(self, "feed", {{"sessions", self->state.sent}});
      },
  };
}

} // namespace sentio
