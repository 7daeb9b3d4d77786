// What a session's world kept from the program, for its judge: minutes without a bar, and when no call was
// answered.
#include "actors/simulation/session_run.hpp"

#include <algorithm>

namespace sentio {

session_run::spans session_run::unreachable() const {
  spans all;
  for (const auto& o : faults_.outages)
    if (o.what == outage_kind::rest || o.what == outage_kind::everything)
      all.emplace_back(market_->hours.open + o.at_ms, market_->hours.open + o.at_ms + o.for_ms);
  for (const auto& f : faults_.venue)
    if ((f.kind == fault_kind::rest_refused || f.kind == fault_kind::rest_unanswered) && f.route == "/v2/")
      all.emplace_back(market_->hours.open + f.after_ms,
                       market_->hours.open + f.after_ms + f.for_ms.value_or(0));
  std::sort(all.begin(), all.end());
  return all;
}

session_run::spans session_run::dead_routes() const {
  spans dead;
  const auto open = market_->hours.open;
  const auto overlaps = [](const std::vector<fault_window>& windows, time_ms from, time_ms to) {
    return std::any_of(windows.begin(), windows.end(),
                       [&](const fault_window& w) { return w.at_ms < to && w.at_ms + w.for_ms > from; });
  };
  for (const auto& [since, until] : unreachable()) {
    // Whoever dies, stands still or cannot write says nothing meanwhile, nor does one whom the venue does not
    // let start again; it begins anew afterwards. After a step back the machine's clock stands still for as
    // long.
    const time_ms from = since - open - minute_ms, to = until - open;
    const bool disturbed =
        overlaps(faults_.freezes, from, to) || overlaps(faults_.deaths, from, to) ||
        overlaps(faults_.refused_starts, from, to) || overlaps(faults_.tape_errors, from, to) ||
        std::any_of(kills_.begin(), kills_.end(),
                    [&](const auto& k) { return k.at_ms >= from && k.at_ms < to; }) ||
        std::any_of(faults_.clock_steps.begin(), faults_.clock_steps.end(), [&](const auto& s) {
          return s.at_ms < to && s.at_ms + std::max<time_ms>(0, -s.by_ms) >= from;
        });
    // A session whose tape can no longer be written ends early, and nobody is there any more.
    const bool ended = !record_.error.empty() && open + to > products_.progress->venue_time;
    if (!disturbed && !ended)
      dead.emplace_back(since, until);
  }
  return dead;
}

bool session_run::is_told_empty(const std::string& symbol, const bar& b) const {
  const time_ms over = decision_time(b) - market_->hours.open;
  return std::any_of(faults_.venue.begin(), faults_.venue.end(), [&](const fault& f) {
    return f.kind == fault_kind::idle_bars && (f.symbol.empty() || f.symbol == symbol) &&
           over >= f.after_ms && over < f.after_ms + f.for_ms.value_or(over);
  });
}

void session_run::note_holes() {
  for (std::size_t i = 0; i < market_->symbols.size(); ++i) {
    const auto& row = market_->bars[i];
    auto next = row.begin();
    for (time_ms at = record_.quiet_at; at <= market_->hours.close; at += minute_ms) {
      while (next != row.end() && decision_time(*next) < at)
        ++next;
      if (next == row.end() || decision_time(*next) != at)
        record_.without_bar.emplace(at, market_->symbols[i]);
    }
  }
}

} // namespace sentio
