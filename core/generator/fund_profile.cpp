#include "core/generator/fund_profile.hpp"

#include "core/numeric/hash.hpp"
#include "core/numeric/random.hpp"

#include <algorithm>

namespace sentio {

namespace {

struct known_fund {
  std::string_view name;
  fund_profile profile;
};

using enum market_index;

// Missing shares and closing rows as counted in real bars of April to August 2025 where there are any.
constexpr std::array<known_fund, 20> known_funds{{
    {"TQQQ", {nasdaq, 3, 62, 180'000, 0, 1, false, 0}},
    {"SQQQ", {nasdaq, -3, 34, 240'000, 0, 1, false, 0}},
    {"QQQ", {nasdaq, 1, 480, 90'000, 0, 1, false, 0}},
    {"PSQ", {nasdaq, -1, 39, 9'000, .02, .9, false, 0}},
    {"UPRO", {large_caps, 3, 78, 12'000, .002, .99, false, 0}},
    {"SPXL", {large_caps, 3, 162, 10'000, .002, .99, false, 0}},
    {"SSO", {large_caps, 2, 86, 9'000, .023, .99, false, 0}},
    {"SPY", {large_caps, 1, 560, 120'000, 0, 1, false, 0}},
    {"SH", {large_caps, -1, 43, 14'000, .01, .95, false, 0}},
    {"SDS", {large_caps, -2, 21, 22'000, .027, .9, false, 0}},
    {"UVXY", {volatility, 1.5, 24, 45'000, .001, .99, false, 0}},
    {"UVIX", {volatility, 2, 31, 30'000, .005, .97, false, 0}},
    {"SVIX", {volatility, -1, 19, 14'000, .043, .53, false, 0}},
    {"SVXY", {volatility, -.5, 44, 5'000, .08, .6, false, 0}},
    {"TNA", {small_caps, 3, 29, 60'000, 0, .97, false, 0}},
    {"TZA", {small_caps, -3, 17, 70'000, .002, .99, false, 0}},
    {"FAS", {financials, 3, 156, 2'000, .21, .1, true, 0}},
    {"FAZ", {financials, -3, 57, 4'000, .066, .42, true, 0}},
    {"ERX", {energy, 2, 64, 1'500, .3, .2, true, 0}},
    {"ERY", {energy, -2, 20, 1'200, .35, .16, true, 0}},
}};

constexpr std::array<index_profile, market_index_count> index_profiles{{
    {.0085, 1},
    {.0115, .92},
    {.0120, .85},
    {.0100, .86},
    {.0130, .55},
    {.0450, -.75},
}};

fund_profile invented_fund(std::string_view symbol) {
  constexpr std::array<double, 6> leverages{1, 2, 3, -1, -2, -3};
  random_source random(fnv1a64(symbol));
  fund_profile profile;
  profile.index = static_cast<market_index>(random.below(market_index_count));
  profile.leverage = leverages[random.below(leverages.size())];
  if (profile.index == volatility) // 4.5 % a day times three would lose everything within weeks
    profile.leverage = std::clamp(profile.leverage, -1.0, 2.0);
  profile.first_price = 15 + 200 * random.uniform() * random.uniform();
  const double popularity = random.uniform();
  profile.minute_volume = 500 + 100'000 * popularity * popularity * popularity;
  profile.missing_share = popularity > .6 ? 0 : .3 * (1 - popularity / .6) * random.uniform();
  profile.closing_row_share = .3 + .7 * popularity;
  profile.fractional_volume = random.uniform() < .2;
  profile.own_volatility = .3 + .9 * random.uniform();
  return profile;
}

} // namespace

const index_profile& profile_of(market_index index) {
  return index_profiles[static_cast<std::size_t>(index)];
}

fund_profile profile_of(std::string_view symbol) {
  const auto known = std::find_if(known_funds.begin(), known_funds.end(),
                                  [&](const known_fund& fund) { return fund.name == symbol; });
  return known != known_funds.end() ? known->profile : invented_fund(symbol);
}

} // namespace sentio
