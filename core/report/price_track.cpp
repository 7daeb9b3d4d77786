#include "core/report/price_track.hpp"

#include <algorithm>

namespace sentio {

void price_track::take(std::span<const ranked_round> rounds, time_ms open, int minutes) {
  const double length = std::max(1, minutes);
  for (std::size_t s = 0; s < whole_.size(); ++s) {
    last_[s].clear();
    for (const ranked_round& round : rounds)
      if (round.symbols[s].fresh) {
        const double minute = static_cast<double>(round.at - open) / static_cast<double>(minute_ms);
        last_[s].push_back({minute, round.symbols[s].signal.close});
      }
    std::size_t kept = 0;
    for (std::size_t i = 0; i < last_[s].size(); ++i)
      if ((i + 1) * points_ >= (kept + 1) * last_[s].size()) {
        whole_[s].push_back({static_cast<double>(sessions_) + last_[s][i].x / length, last_[s][i].price});
        ++kept;
      }
  }
  ++sessions_;
}

} // namespace sentio
