#include "actors/simulation/still_session.hpp"

#include <algorithm>

namespace sentio {

namespace {

constexpr std::size_t shown_bytes = 300;

std::string line_of(const std::string& text, std::size_t start) {
  if (start >= text.size())
    return "(nothing)";
  return text.substr(start, std::min(text.find('\n', start) - start, shown_bytes));
}

std::string difference_of(const std::string& name, const std::string& was, const std::string& is) {
  if (was == is)
    return {};
  const auto at = static_cast<std::size_t>(
      std::mismatch(was.begin(), was.begin() + static_cast<std::ptrdiff_t>(std::min(was.size(), is.size())),
                    is.begin())
          .first -
      was.begin());
  const auto before = at == 0 ? std::string::npos : was.rfind('\n', at - 1);
  const auto start = before == std::string::npos ? 0 : before + 1;
  const auto line = std::count(was.begin(), was.begin() + static_cast<std::ptrdiff_t>(start), '\n') + 1;
  return name + ", line " + std::to_string(line) + ":\n    was " + line_of(was, start) + "\n    is  " +
         line_of(is, start);
}

std::string difference_of(log_kind kind, const char* name, const still_result& a, const still_result& b) {
  const auto text = [&](const still_result& one) {
    const auto found = one.logs.find(kind);
    return found == one.logs.end() ? std::string() : found->second;
  };
  return difference_of(name, text(a), text(b));
}

} // namespace

const char* to_string(crash_instant instant) {
  switch (instant) {
  case crash_instant::before_write:
    return "before the tape write";
  case crash_instant::torn_write:
    return "in the middle of the write";
  case crash_instant::after_write:
    return "after the write";
  case crash_instant::before_order:
    return "before the POST";
  case crash_instant::after_order:
    return "after the POST";
  case crash_instant::disk_full:
    return "disk full for one write";
  }
  return "?";
}

std::string first_difference_of_signals(const still_result& undisturbed, const still_result& other) {
  return difference_of(log_kind::signals, "signals", undisturbed, other);
}

std::string first_difference(const still_result& undisturbed, const still_result& other) {
  if (!other.violations.empty())
    return other.violations.front();
  if (auto found = first_difference_of_signals(undisturbed, other); !found.empty())
    return found;
  if (auto found = difference_of(log_kind::decisions, "decisions", undisturbed, other); !found.empty())
    return found;
  if (auto found = difference_of(log_kind::trades, "trades", undisturbed, other); !found.empty())
    return found;
  if (auto found = difference_of(log_kind::positions, "positions", undisturbed, other); !found.empty())
    return found;
  if (auto found = difference_of("totals", undisturbed.totals, other.totals); !found.empty())
    return found;
  if (undisturbed.learners.size() != other.learners.size())
    return "the number of learners";
  for (std::size_t i = 0; i < undisturbed.learners.size(); ++i)
    if (undisturbed.learners[i] != other.learners[i])
      return "the learner of symbol " + std::to_string(i);
  return {};
}

} // namespace sentio
