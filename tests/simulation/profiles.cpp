#define CAF_SUITE fault_profiles
#include "tests/support/test.hpp"

#include "actors/engine.hpp"
#include "actors/simulation/fault_profile.hpp"

#include <caf/all.hpp>

using namespace sentio;

namespace {

const std::vector<std::string> symbols{"SQQQ", "TQQQ"};

session_hours a_day() {
  return *session_on(civil_date{2025, 12, 1});
}

} // namespace

TEST(a profile is printed and read back) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    const auto profile = draw_profile(seed, {}, a_day(), symbols);
    fault_profile read;
    const auto text = print_profile(profile);
    const auto problem = parse_profile(text, read);
    CHECK_EQUAL(problem, "");
    const auto again = print_profile(read);
    CHECK_EQUAL(again, text);
    CHECK_EQUAL(part_count(read), part_count(profile));
  }
}

TEST(a profile that cannot be read says why and changes nothing) {
  fault_profile profile;
  profile.bars.drop = 0.1;
  for (const char* text : {"", "[]", R"({"rain": 1})", R"({"outages": [{"what": "power"}]})",
                           R"({"bars": {"dropped": 0.5}})", R"({"venue": [{"kind": "flood"}]})"}) {
    const bool refused = !parse_profile(text, profile).empty();
    CHECK(refused);
  }
  CHECK_EQUAL(profile.bars.drop, 0.1);
}

TEST(every fault ends before the quiet phase) {
  const auto hours = a_day();
  const auto quiet_at = hours.close - hours.open - quiet_ms;
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    const auto profile = draw_profile(seed, {}, hours, symbols);
    for (const auto& o : profile.outages)
      CHECK(o.at_ms + o.for_ms <= quiet_at);
    for (const auto& f : profile.venue)
      CHECK(f.after_ms + f.for_ms.value_or(hours.close) <= quiet_at);
    for (const auto& step : profile.clock_steps)
      CHECK(step.at_ms <= quiet_at);
    for (const auto* windows :
         {&profile.tape_errors, &profile.pauses, &profile.freezes, &profile.deaths, &profile.refused_starts})
      for (const auto& window : *windows) {
        CHECK(window.for_ms > 0);
        CHECK(window.at_ms + window.for_ms <= quiet_at);
      }
  }
}

TEST(sessions are closed and halted and kept at any time) {
  const auto hours = a_day();
  std::size_t closed = 0, halted = 0, rearmed = 0, kept = 0, late = 0;
  for (std::uint64_t seed = 1; seed <= 500; ++seed)
    for (const auto& order : draw_profile(seed, {}, hours, symbols).session_orders) {
      CHECK(order.at_ms >= 0 && order.at_ms <= hours.close - hours.open);
      closed += order.kind == session_order_kind::close ? 1 : 0;
      halted += order.kind == session_order_kind::halt ? 1 : 0;
      rearmed += order.for_ms > 0 ? 1 : 0;
      kept += order.kind == session_order_kind::keep ? 1 : 0;
      late += order.at_ms > hours.close - hours.open - quiet_ms ? 1 : 0;
    }
  CHECK(closed > 30 && halted > 20 && rearmed > 10 && rearmed < halted && kept > 5 && late > 3);
}

TEST(groups are drawn apart) {
  fault_groups none;
  const bool known = find_fault_groups("none", none);
  CHECK(known);
  const auto nothing = part_count(draw_profile(5, none, a_day(), symbols));
  CHECK_EQUAL(nothing, 0u);
  fault_groups data;
  find_fault_groups("data", data);
  const auto only = draw_profile(5, data, a_day(), symbols);
  const auto all = draw_profile(5, {}, a_day(), symbols);
  CHECK(only.bars == all.bars);
  CHECK(only.outages.empty());
  fault_groups unknown;
  const bool found = find_fault_groups("weather", unknown);
  CHECK(!found);
}

TEST(parts are taken away one by one) {
  const auto profile = draw_profile(11, {}, a_day(), symbols);
  const auto count = part_count(profile);
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<bool> keep(count, true);
    keep[i] = false;
    const auto left = part_count(with_parts(profile, keep));
    CHECK_EQUAL(left, count - 1);
  }
}

TEST(timers of the simulated runtime fire at their own instants) {
  const auto runtime = make_simulated_runtime(1);
  std::vector<std::int64_t> fired;
  const auto began = runtime->now();
  const auto note = [&] {
    fired.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(runtime->now() - began).count());
  };
  auto actor = runtime->system().spawn([&](caf::event_based_actor* self) -> caf::behavior {
    self->delayed_send(self, std::chrono::milliseconds(50), 1);
    self->delayed_send(self, std::chrono::milliseconds(20), 2);
    return {[&, self](int left) {
      note();
      if (left == 2)
        self->delayed_send(self, std::chrono::milliseconds(10), 0);
    }};
  });
  runtime->run_until_idle();
  const auto first = *runtime->next_timer() - began;
  CHECK(first == std::chrono::milliseconds(20));
  runtime->advance_to(began + std::chrono::milliseconds(100));
  const std::vector<std::int64_t> expected{20, 30, 50};
  CHECK(fired == expected);
  CHECK(runtime->now() == began + std::chrono::milliseconds(100));
  CHECK(!runtime->next_timer());
  caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  runtime->run_until_idle();
}
