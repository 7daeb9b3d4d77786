// Which rule refused the entry of each symbol in a round, found by walking the portfolio's own rules again.
#pragma once

#include "core/config/configuration.hpp"
#include "core/report/round_scene.hpp"

#include <span>
#include <string>
#include <vector>

namespace sentio {

struct refused_entry {
  symbol_index symbol = 0;
  std::string rule; ///< name of the refusal; "later" when the rules let it pass and it was still not entered
  std::string reason; ///< with the numbers
};

/// instruments: the run's. opening_equity: of the session; capital: at the start of the run. One element for
/// every symbol that is neither held nor entered.
std::vector<refused_entry> trace_refusals(const round_scene& scene, const configuration& config,
                                          std::span<const instrument> instruments, const session_hours& hours,
                                          money opening_equity, money capital);

} // namespace sentio
