// Who is meant by the role that a fault profile names.
#pragma once

#include "actors/engine.hpp"
#include "actors/supervisor.hpp"

#include <string>
#include <vector>

namespace sentio {

/// The handle of an actor by its role, as a fault profile names it; empty when there is none.
inline caf::actor actor_of(const graph_view& graph, const std::vector<std::string>& symbols,
                           const std::string& role) {
  for (std::size_t i = 0; i < symbols.size(); ++i)
    if (role == "symbol " + symbols[i])
      return caf::actor_cast<caf::actor>(graph.actors.symbols.at(i));
  if (role == "ranking")
    return caf::actor_cast<caf::actor>(graph.actors.ranking);
  if (role == "portfolio")
    return caf::actor_cast<caf::actor>(graph.actors.portfolio);
  if (role == "gateway")
    return caf::actor_cast<caf::actor>(graph.actors.gateway);
  if (role == "feed")
    return caf::actor_cast<caf::actor>(graph.actors.feed);
  if (role == "clock")
    return caf::actor_cast<caf::actor>(graph.actors.clock);
  if (role == "journal")
    return caf::actor_cast<caf::actor>(graph.actors.journal);
  if (role == "tape")
    return caf::actor_cast<caf::actor>(graph.tape);
  return {};
}

} // namespace sentio
