#include "core/account/order.hpp"

namespace sentio {

const char* to_string(order_side side) {
  return side == order_side::buy ? "BUY" : "SELL";
}

const char* to_string(decision_kind kind) {
  switch (kind) {
  case decision_kind::hold:
    return "HOLD";
  case decision_kind::exit:
    return "EXIT";
  case decision_kind::enter:
    return "ENTER";
  case decision_kind::rotate_out:
    return "ROTATE_OUT";
  case decision_kind::profit_target:
    return "PROFIT_TARGET";
  case decision_kind::stop_loss:
    return "STOP_LOSS";
  case decision_kind::eod_exit:
    return "EOD_EXIT";
  }
  return "?";
}

const char* to_string(venue_event_kind kind) {
  switch (kind) {
  case venue_event_kind::accepted:
    return "accepted";
  case venue_event_kind::rejected:
    return "rejected";
  case venue_event_kind::canceled:
    return "canceled";
  case venue_event_kind::expired:
    return "expired";
  case venue_event_kind::adjustment:
    return "adjustment";
  case venue_event_kind::fill:
    return "fill";
  case venue_event_kind::impossible:
    return "impossible";
  }
  return "?";
}

} // namespace sentio
