#include "actors/simulation/crash_plans.hpp"

#include "core/numeric/random.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace sentio {

namespace {

struct named_instant {
  crash_instant instant;
  const char* name;
};
constexpr named_instant instants[] = {
    {crash_instant::before_write, "before_write"}, {crash_instant::torn_write, "torn_write"},
    {crash_instant::after_write, "after_write"},   {crash_instant::before_order, "before_order"},
    {crash_instant::after_order, "after_order"},   {crash_instant::disk_full, "disk_full"}};

named_plan plan_of(crash_point point) {
  return {to_string(point.instant), {{point}, {}}, false};
}

bool is_of_order(crash_instant instant) {
  return instant == crash_instant::before_order || instant == crash_instant::after_order;
}

crash_point drawn_point(random_source& random, const still_result& undisturbed) {
  const auto instant = static_cast<crash_instant>(random.below(5));
  return {instant, 1 + random.below(is_of_order(instant) ? undisturbed.orders : undisturbed.writes)};
}

/// Places that differ by so little are those of a recovery.
constexpr std::uint64_t recovery_span = 4;
/// Five deaths within a minute, or five minutes without a healthy one, are the end of patience.
constexpr std::uint64_t least_distance = 120; ///< of two deaths of one actor, in writes: some six minutes

std::uint64_t number_of(std::string_view text) {
  std::uint64_t number = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), number).ptr != text.data() + text.size() ||
      number == 0)
    throw std::invalid_argument("a place is a number from 1, not " + std::string(text));
  return number;
}

} // namespace

std::vector<named_plan> crash_plans(const still_result& undisturbed, std::uint64_t count) {
  std::vector<named_plan> plans;
  const auto put = [&](crash_instant instant, std::uint64_t share) {
    const auto places = is_of_order(instant) ? undisturbed.orders : undisturbed.writes;
    const auto wanted = share == 0 ? places : std::min(share, places);
    for (std::uint64_t i = 0; i < wanted; ++i)
      plans.push_back(plan_of({instant, 1 + i * places / wanted}));
    return wanted;
  };
  const auto share = (count + 4) / 5;
  const auto of_orders = put(crash_instant::before_order, share) + put(crash_instant::after_order, share);
  const auto rest = count == 0 ? 0 : std::max<std::uint64_t>(3, count - std::min(count, of_orders));
  for (const auto instant : {crash_instant::before_write, crash_instant::torn_write, crash_instant::after_write})
    put(instant, rest / 3);
  put(crash_instant::disk_full, std::max<std::uint64_t>(1, plans.size() / 10));
  return plans;
}

std::vector<named_plan> double_crash_plans(const still_result& undisturbed, std::uint64_t count,
                                           std::uint64_t seed) {
  random_source random(seed ^ 0x646f75626cULL);
  std::vector<named_plan> plans;
  for (std::uint64_t i = 0; i < count; ++i) {
    const auto first = drawn_point(random, undisturbed);
    auto second = drawn_point(random, undisturbed);
    const bool in_recovery = i % 2 == 0;
    if (in_recovery)
      second = {first.instant, first.number + 1 + random.below(recovery_span)};
    plans.push_back({in_recovery ? "twice, in the recovery too" : "twice", {{first, second}, {}}, false});
  }
  return plans;
}

std::vector<named_plan> kill_plans(const still_result& undisturbed, const std::vector<std::string>& symbols,
                                   std::uint64_t count, std::uint64_t a_session, std::uint64_t seed) {
  random_source random(seed ^ 0x6b696c6cULL);
  std::vector<named_plan> plans;
  const auto most = std::max<std::uint64_t>(1, undisturbed.writes / (2 * least_distance));
  const auto each = std::clamp<std::uint64_t>(a_session, 1, most);
  for (const std::string kind :
       {"symbol", "ranking", "portfolio", "journal", "clock", "tape", "feed", "gateway"}) {
    for (std::uint64_t done = 0; done < count; done += each) {
      named_plan one{kind, {}, kind == "feed" || kind == "gateway"};
      // One in each equal piece of the session, so that nobody dies too often.
      const auto piece = undisturbed.writes / each;
      for (std::uint64_t i = 0; i < std::min(each, count - done); ++i) {
        const auto role = kind == "symbol" ? "symbol " + symbols[random.below(symbols.size())] : kind;
        one.plan.kills.push_back({i * piece + 1 + random.below(piece - std::min(piece - 1, least_distance)), role});
      }
      plans.push_back(std::move(one));
    }
  }
  return plans;
}

std::string describe(const still_plan& plan) {
  std::string text;
  for (const auto& point : plan.crashes)
    for (const auto& one : instants)
      if (one.instant == point.instant)
        text += (text.empty() ? "" : ",") + std::string(one.name) + ":" + std::to_string(point.number);
  for (const auto& one : plan.kills)
    text += (text.empty() ? "" : ",") + one.role + "@" + std::to_string(one.write);
  return text;
}

named_plan read_plan(std::string_view text) {
  named_plan read{"as asked", {}, false};
  while (!text.empty()) {
    const auto end = std::min(text.find(','), text.size());
    const auto part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (const auto at = part.find('@'); at != part.npos) {
      read.plan.kills.push_back({number_of(part.substr(at + 1)), std::string(part.substr(0, at))});
      continue;
    }
    const auto colon = std::min(part.find(':'), part.size());
    const auto found = std::find_if(std::begin(instants), std::end(instants),
                                    [&](const named_instant& one) { return part.substr(0, colon) == one.name; });
    if (found == std::end(instants) || colon == part.size())
      throw std::invalid_argument("a place is INSTANT:NUMBER or ROLE@NUMBER, not " + std::string(part));
    read.plan.crashes.push_back({found->instant, number_of(part.substr(colon + 1))});
  }
  return read;
}

} // namespace sentio
