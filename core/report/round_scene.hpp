// Everything that stood when a round was decided, gathered from a session's logs.
#pragma once

#include "core/journal/log_reader.hpp"
#include "core/report/round_trips.hpp"
#include "core/strategies/rotation/rotation.hpp"

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace sentio {

struct scene_decision {
  decision_kind kind = decision_kind::hold;
  std::string reason;
};

struct scene_position {
  symbol_index symbol = 0;
  std::int64_t shares = 0;
  money entry_price;
  money mark;
  std::int32_t rank = 0;
  double strength = 0;
  std::int32_t bars_held = 0;
};

struct round_scene {
  std::vector<ranked_round> rounds; ///< of the session, up to and with the one in question
  money cash;
  money equity;
  double drawdown = 0;
  double worst_drawdown = 0;                        ///< dollars from the peak so far, for the circuit breaker
  std::vector<scene_position> positions;            ///< by symbol
  std::map<symbol_index, scene_decision> decisions; ///< the last one of each symbol in this round
  std::vector<fill_record> fills;                   ///< of the session
  std::vector<fill_record> earlier_fills;           ///< of the session before, for cooldowns
  std::vector<time_ms> earlier_rounds;              ///< of the session before

  const ranked_round& round() const { return rounds.back(); }
};

/// Throws log_error when there is no round at `at`.
round_scene gather_scene(const std::filesystem::path& log_directory, std::span<const std::string> names,
                         civil_date date, const civil_date* previous, time_ms at);

} // namespace sentio
