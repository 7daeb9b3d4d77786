// Parameters of costs, fills and the risk gateway.
#pragma once

#include "core/account/money.hpp"
#include "core/market/calendar.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sentio {

enum class fill_model : std::uint8_t {
  next_open, ///< open of the symbol's next bar, plus costs, at label + latency (default)
  close      ///< close of the deciding bar, no cost: reproduces the predecessor's figures only
};

/// Fees on sells from a date on. Sources: SEC fee rate advisories, FINRA TAF schedule.
struct fee_row {
  civil_date from;
  double sec_per_million = 0; ///< dollars per million dollars sold
  double taf_per_share = 0;   ///< dollars
  double taf_cap = 0;         ///< dollars per trade

  friend bool operator==(const fee_row&, const fee_row&) = default;
};

struct cost_parameters {
  fill_model fill = fill_model::next_open;
  time_ms latency_ms = 100;   ///< fill time after the label of the filling bar
  bool spread = true;         ///< charge each symbol's half spread
  double slippage_bp = 0;     ///< on top, both sides
  /// Ascending by date; the last row not after the session's date applies.
  std::vector<fee_row> fees{{{2024, 5, 22}, 27.80, 0.000166, 8.30}, {{2025, 5, 14}, 0.0, 0.000166, 8.30}};

  friend bool operator==(const cost_parameters&, const cost_parameters&) = default;
};

/// Limits of the risk gateway. 0 or an empty list means: no limit. The portfolio fills in max_positions and
/// max_orders_per_round where they are 0 (portfolio.hpp).
struct risk_parameters {
  double max_order_notional = 1'000'000;     ///< dollars
  std::int64_t max_order_shares = 100'000;
  double price_collar_pct = 0.10;            ///< |order reference - last price| / last price
  double max_gross_exposure = 1.10;          ///< multiple of equity
  std::uint32_t max_orders_per_minute = 60;
  std::uint32_t max_orders_per_day = 2'000;
  std::uint32_t max_staleness_minutes = 5;   ///< no entry on an older price
  double max_daily_loss_pct = 0.10;          ///< of the session's opening equity
  double max_drawdown_pct = 0.10;            ///< of the session's highest equity
  std::uint32_t max_positions = 0;           ///< symbols held or being bought; of the portfolio: 0 = the rotation's
  double max_cash_use = 1;                   ///< of the cash that no open buy reserves, for one order
  std::uint32_t max_orders_per_round = 0;    ///< asked for in one decision minute; beyond it is a runaway
  double halt_loss_pct = 0.10;               ///< of the session's opening equity: the portfolio latches HALTED
  std::vector<std::string> restricted;       ///< symbols that may not be bought

  friend bool operator==(const risk_parameters&, const risk_parameters&) = default;
};

} // namespace sentio
