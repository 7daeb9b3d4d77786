// Parameters of the portfolio, whatever the strategy. Section numbers: the strategy specification.
#pragma once

#include "core/account/parameters.hpp"

#include <cstdint>

namespace sentio {

/// Section 5: what bounds the book.
struct book_parameters {
  std::uint32_t max_positions = 3;  ///< 1 ... 3
  std::uint32_t cooldown_bars = 10; ///< after an exit, before the same symbol may be entered
  bool eod_liquidation = true;
  std::uint32_t entry_cutoff_minutes = 30; ///< before liquidation: no entries
  double breaker_drawdown_pct = 0.05;      ///< of the session's opening equity; exits only, latched
  double breaker_equity_floor = 0.60;      ///< of the starting capital

  friend bool operator==(const book_parameters&, const book_parameters&) = default;
};

enum class sizing_kind : std::uint8_t { equal_weight, inverse_volatility, kelly };

struct sizing_parameters {
  sizing_kind kind = sizing_kind::equal_weight;
  double invested_fraction = 0.95;   ///< of equity, over max_positions
  double entry_price_buffer = 0.01;  ///< reserved above the reference price of an open buy
  double volatility_reference = 0.0; ///< sigma of a full size; 0 = such that the weights' mean is 1
  double volatility_low = 0.7;       ///< limits of a weight, as a factor on the equal weight
  double volatility_high = 1.3;
  double kelly_fraction = 0.25;
  double max_position_fraction = 0.5; ///< of equity, with Kelly sizing

  friend bool operator==(const sizing_parameters&, const sizing_parameters&) = default;
};

struct portfolio_parameters {
  book_parameters book;
  sizing_parameters sizing;
  cost_parameters costs; ///< for a strategy's cost band and the modelled estimate
  risk_parameters risk;

  friend bool operator==(const portfolio_parameters&, const portfolio_parameters&) = default;
};

} // namespace sentio
