#include "core/tape/record.hpp"

namespace sentio {

std::string_view to_string(record_kind kind) {
  switch (kind) {
  case record_kind::header:
    return "header";
  case record_kind::session:
    return "session";
  case record_kind::learner_state:
    return "learner_state";
  case record_kind::warmup:
    return "warmup";
  case record_kind::bar:
    return "bar";
  case record_kind::revision:
    return "revision";
  case record_kind::phase:
    return "phase";
  case record_kind::cut_off:
    return "cut_off";
  case record_kind::round_closed:
    return "round_closed";
  case record_kind::timer_due:
    return "timer_due";
  case record_kind::venue:
    return "venue";
  case record_kind::venue_snapshot:
    return "venue_snapshot";
  case record_kind::feed_state:
    return "feed_state";
  case record_kind::symbol_state:
    return "symbol_state";
  case record_kind::halt:
    return "halt";
  case record_kind::command:
    return "command";
  case record_kind::configuration:
    return "configuration";
  case record_kind::data_counts:
    return "data_counts";
  case record_kind::end:
    return "end";
  case record_kind::ranked_round:
    return "ranked_round";
  case record_kind::decision:
    return "decision";
  case record_kind::order:
    return "order";
  case record_kind::cancel:
    return "cancel";
  }
  return "unknown";
}

} // namespace sentio
