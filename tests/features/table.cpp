#define CAF_SUITE feature_table
#include "tests/support/test.hpp"

#include "core/features/feature_table.hpp"
#include "tests/features/series.hpp"

#include <map>
#include <set>
#include <string>

using namespace sentio;
using namespace sentio::test;

TEST(the table has one complete row per feature) {
  std::set<std::string_view> names;
  std::set<std::string_view> formulas;
  std::size_t position = 0;
  for (const feature_row& row : feature_table()) {
    CHECK_EQUAL(static_cast<std::size_t>(row.index), position++);
    names.insert(row.name);
    formulas.insert(row.formula);
    CHECK(!row.name.empty() && !row.formula.empty());
    CHECK(row.window >= 1 && row.warm_up_bars >= 1 && row.warm_up_bars <= 260);
  }
  CHECK_EQUAL(names.size(), full_feature_count);
  CHECK_EQUAL(formulas.size(), full_feature_count);
}

TEST(the ten groups have their sizes) {
  std::map<feature_group, int> sizes;
  for (const feature_row& row : feature_table())
    ++sizes[row.group];
  CHECK_EQUAL(sizes.size(), 10u);
  CHECK_EQUAL(sizes[feature_group::calendar], 8);
  CHECK_EQUAL(sizes[feature_group::price_action], 12);
  CHECK_EQUAL(sizes[feature_group::moving_averages], 16);
  CHECK_EQUAL(sizes[feature_group::momentum], 20);
  CHECK_EQUAL(sizes[feature_group::volatility], 15);
  CHECK_EQUAL(sizes[feature_group::volume], 12);
  CHECK_EQUAL(sizes[feature_group::statistics], 10);
  CHECK_EQUAL(sizes[feature_group::patterns], 8);
  CHECK_EQUAL(sizes[feature_group::price_lags], 10);
  CHECK_EQUAL(sizes[feature_group::return_lags], 15);
}

TEST(the compact set is sixteen rows of the table in its order) {
  std::vector<feature> members;
  for (const feature_row& row : feature_table())
    if (row.compact)
      members.push_back(row.index);
  CHECK_EQUAL(members.size(), compact_feature_count);
  CHECK(std::equal(members.begin(), members.end(), compact_features().begin(), compact_features().end()));
}

TEST(a feature holds its neutral value until its warm up and the set is ready with the last of them) {
  const series s = random_walk(21, 2);
  feature_engine engine(feature_set::full126);
  std::uint32_t full = 0;
  std::uint32_t compact = 0;
  for (const feature_row& row : feature_table()) {
    full = std::max(full, row.warm_up_bars);
    if (row.compact)
      compact = std::max(compact, row.warm_up_bars);
  }
  int early = 0;
  int wrong_readiness = 0;
  CHECK(!engine.ready(feature_set::full126));
  feed_each(engine, s, [&](std::size_t t) {
    for (const feature_row& row : feature_table())
      if (t + 1 < row.warm_up_bars)
        early += engine.values(feature_set::full126)[static_cast<std::size_t>(row.index)] != 0;
    wrong_readiness += engine.ready(feature_set::full126) != (t + 1 >= full);
    wrong_readiness += engine.ready(feature_set::compact16) != (t + 1 >= compact);
  });
  CHECK_EQUAL(early, 0);
  CHECK_EQUAL(wrong_readiness, 0);
  CHECK(full <= 260);
}
