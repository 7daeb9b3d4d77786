#define CAF_SUITE session_plans
#include "tests/support/test.hpp"

#include "actors/mock_run.hpp"
#include "core/market/data_error.hpp"

using namespace sentio;

namespace {

/// Ten sessions of June 2025, the last on the 13th.
std::vector<civil_date> ten_sessions() {
  std::vector<civil_date> days;
  for (auto day = civil_date{2025, 6, 2}; days.size() < 10; day = add_days(day, 1))
    if (session_on(day))
      days.push_back(day);
  return days;
}

template <class Error, class Work>
std::string refusal_of(Work&& work) {
  try {
    work();
  } catch (const Error& problem) {
    return problem.what();
  }
  return "";
}

bool has(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST(without dates everything after the warm up is traded) {
  const auto plan = plan_sessions(ten_sessions(), {}, 4, 1);
  CHECK(plan.first_read == civil_date({2025, 6, 2}));
  CHECK(plan.first_traded == civil_date({2025, 6, 6}));
  CHECK_EQUAL(plan.traded.size(), 6u);
  CHECK_EQUAL(plan.warmup_sessions, 4u);
}

TEST(a date is traded after the sessions before it) {
  const civil_date day{2025, 6, 11};
  const auto plan = plan_sessions(ten_sessions(), {day, day}, 3, 1);
  CHECK(plan.first_read == civil_date({2025, 6, 6}));
  CHECK(plan.traded == std::vector<civil_date>{day});
}

TEST(too few sessions before the start are used or refused) {
  const civil_date second{2025, 6, 3};
  CHECK_EQUAL(plan_sessions(ten_sessions(), {second, second}, 20, 1).warmup_sessions, 1u);
  CHECK(has(refusal_of<data_error>([&] {
              plan_sessions(ten_sessions(), {second, second}, 20, 2);
            }),
            "at least 2"));
}

TEST(wrong dates are refused with the reason) {
  const auto days = ten_sessions();
  CHECK(has(refusal_of<std::invalid_argument>([&] {
              plan_sessions(days, {civil_date{2025, 6, 10}, civil_date{2025, 6, 9}}, 1, 1);
            }),
            "before the start"));
  CHECK(has(refusal_of<std::invalid_argument>([&] {
              plan_sessions(days, {civil_date{2025, 6, 19}, civil_date{2025, 6, 19}}, 1, 1);
            }),
            "Juneteenth"));
  CHECK(has(refusal_of<data_error>([&] {
              plan_sessions(days, {civil_date{2025, 7, 1}, civil_date{2025, 7, 1}}, 1, 1);
            }),
            "2025-06-02 to 2025-06-13"));
  CHECK(has(refusal_of<data_error>([&] { plan_sessions({}, {}, 1, 1); }), "no session"));
}

TEST(order ids of a day do not depend on the days around it) {
  mock_setup setup;
  setup.config = decode_configuration("{}", "defaults").value;
  const auto alone = describe_run(setup, "mock", {civil_date{2025, 6, 3}});
  const auto longer = describe_run(setup, "mock", ten_sessions());
  CHECK_EQUAL(alone.session_tag, longer.session_tag);
  setup.seed = 9;
  CHECK(describe_run(setup, "mock", {}).session_tag != alone.session_tag);
}
