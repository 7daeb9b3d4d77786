#include "core/exchange/fault_board.hpp"

#include "core/market/calendar.hpp"

#include <limits>
#include <utility>

namespace sentio::venue {

namespace {

constexpr time_ms open_end = std::numeric_limits<time_ms>::max();

time_ms start_of(const fault& f, time_ms now) {
  if (!f.at_second)
    return now + f.after_ms;
  const int second = *f.at_second;
  const civil_date today = new_york_date(now);
  const time_ms at = new_york_to_utc(today, second / 3600, second / 60 % 60, second % 60);
  return at >= now ? at : new_york_to_utc(add_days(today, 1), second / 3600, second / 60 % 60, second % 60);
}

} // namespace

void fault_board::set(fault_plan plan, time_ms now) {
  plan_ = std::move(plan);
  placed_.clear();
  for (const fault& f : plan_.faults) {
    const fault_description& d = description_of(f.kind);
    placed_fault place{f};
    place.from = start_of(f, now);
    const time_ms length = f.for_ms.value_or(d.default_for_ms);
    place.until = length == 0 && !f.for_ms ? open_end : place.from + length;
    const std::int64_t by_default = f.for_ms || d.default_count == 0 ? -1 : d.default_count;
    place.left = f.count.value_or(by_default);
    placed_.push_back(std::move(place));
  }
}

const placed_fault* fault_board::active(fault_kind kind, time_ms now, std::string_view symbol) const {
  for (const placed_fault& p : placed_)
    if (p.what.kind == kind && now >= p.from && now < p.until && p.left != 0 && p.concerns(symbol)) {
      ++met_[kind];
      return &p;
    }
  return nullptr;
}

const placed_fault* fault_board::strike(fault_kind kind, time_ms now, std::string_view symbol) {
  for (placed_fault& p : placed_)
    if (p.what.kind == kind && now >= p.from && now < p.until && p.left != 0 && p.concerns(symbol)) {
      p.left -= p.left > 0 ? 1 : 0;
      ++met_[kind];
      return &p;
    }
  return nullptr;
}

std::optional<time_ms> fault_board::next_edge() const {
  std::optional<time_ms> next;
  for (const placed_fault& p : placed_) {
    if (p.ended || (p.started && p.until == open_end))
      continue;
    const time_ms at = p.started ? p.until : p.from;
    if (!next || at < *next)
      next = at;
  }
  return next;
}

std::vector<fault_edge> fault_board::take_edges(time_ms now) {
  std::vector<fault_edge> edges;
  for (placed_fault& p : placed_) {
    if (!p.started && p.from <= now) {
      p.started = true;
      edges.push_back({p, true});
    }
    if (p.started && !p.ended && p.until <= now) {
      p.ended = true;
      edges.push_back({p, false});
    }
  }
  return edges;
}

} // namespace sentio::venue
