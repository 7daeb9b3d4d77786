#include "core/config/instruments.hpp"

#include "core/config/configuration.hpp"
#include "core/config/suggestion.hpp"
#include "core/config/value_codec.hpp"

#include <algorithm>

namespace sentio {

// Half spreads: half a tick of one cent at the symbol's typical price of mid 2025, as measured on bars where
// the specification gives a figure (TQQQ .67, SQQQ 2.4, SSO .5, SDS 2.9, TNA 1.5, TZA 4.4, UVXY 3.0,
// SVIX 3.1), at the median close of 2025-04 ... 2025-08 for FAS, FAZ, ERX and ERY, and at round prices for
// the rest (SPY 600, QQQ 550, SPXL 170, UPRO 95, SVXY 42, SH 40, PSQ 34, UVIX 20). Boosts: the predecessor's
// table, 1 where it had no row. Expense ratios are rounded yearly figures for orientation; no formula uses them.
std::vector<instrument> default_instruments() {
  const std::string nasdaq = "Nasdaq-100";
  const std::string sp500 = "S&P 500";
  const std::string vix = "VIX short-term futures";
  const std::string small = "Russell 2000";
  const std::string financial = "Financial Select Sector";
  const std::string energy = "Energy Select Sector";
  return {
      {"ERX", energy, 2, 1, 0.01, 1.0, 0.0089},     {"ERY", energy, -2, 1, 0.01, 2.2, 0.0095},
      {"FAS", financial, 3, 1, 0.01, 0.32, 0.0089}, {"FAZ", financial, -3, 1, 0.01, 1.0, 0.0104},
      {"PSQ", nasdaq, -1, 1, 0.01, 1.5, 0.0095},    {"QQQ", nasdaq, 1, 1, 0.01, 0.09, 0.0020},
      {"SDS", sp500, -2, 1.4, 0.01, 2.9, 0.0091},   {"SH", sp500, -1, 1, 0.01, 1.25, 0.0089},
      {"SPXL", sp500, 3, 1.5, 0.01, 0.29, 0.0087},  {"SPY", sp500, 1, 1, 0.01, 0.083, 0.000945},
      {"SQQQ", nasdaq, -3, 1.5, 0.01, 2.4, 0.0095}, {"SSO", sp500, 2, 1.3, 0.01, 0.5, 0.0087},
      {"SVIX", vix, -1, 1.3, 0.01, 3.1, 0.0147},    {"SVXY", vix, -0.5, 1.3, 0.01, 1.2, 0.0095},
      {"TNA", small, 3, 1, 0.01, 1.5, 0.0103},      {"TQQQ", nasdaq, 3, 1.5, 0.01, 0.67, 0.0082},
      {"TZA", small, -3, 1, 0.01, 4.4, 0.0106},     {"UPRO", sp500, 3, 1.5, 0.01, 0.53, 0.0089},
      {"UVIX", vix, 2, 1, 0.01, 2.5, 0.0278},       {"UVXY", vix, 1.5, 1.6, 0.01, 3.0, 0.0095},
  };
}

bool is_synthetic(std::string_view symbol) {
  return symbol.size() == 6 && symbol.substr(0, 3) == "SYN" &&
         std::all_of(symbol.begin() + 3, symbol.end(), [](char c) { return c >= '0' && c <= '9'; });
}

instrument synthetic_instrument(std::string_view symbol) {
  instrument row;
  row.name = symbol;
  row.underlying = "synthetic";
  return row;
}

namespace {

auto place_of(const std::vector<instrument>& sorted, std::string_view symbol) {
  return std::lower_bound(sorted.begin(), sorted.end(), symbol,
                          [](const instrument& row, std::string_view name) { return row.name < name; });
}

} // namespace

const instrument* find_instrument(const std::vector<instrument>& sorted, std::string_view symbol) {
  const auto place = place_of(sorted, symbol);
  return place != sorted.end() && place->name == symbol ? &*place : nullptr;
}

void add_synthetic(std::vector<instrument>& sorted, std::string_view symbol) {
  if (!find_instrument(sorted, symbol))
    sorted.insert(place_of(sorted, symbol), synthetic_instrument(symbol));
}

void sort_by_name(std::vector<instrument>& rows) {
  std::sort(rows.begin(), rows.end(),
            [](const instrument& a, const instrument& b) { return a.name < b.name; });
}

} // namespace sentio
