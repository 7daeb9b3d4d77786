#include "actors/fold_history.hpp"

namespace sentio {

std::string described(const history_entry& entry) {
  if (const auto* word = std::get_if<std::shared_ptr<const venue_event>>(&entry))
    return std::string(" (the venue's ") + to_string((*word)->kind) + " " + (*word)->client_order_id +
           " at " + new_york_clock((*word)->at) + ")";
  if (const auto* round = std::get_if<ranked_round_ptr>(&entry))
    return " (the round of " + new_york_clock((*round)->at) + ")";
  if (const auto* arrived = std::get_if<live_bar>(&entry))
    return " (the bar of " + new_york_clock(arrived->value.label) + ")";
  return {};
}

} // namespace sentio
