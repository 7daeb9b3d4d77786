// What is known of a symbol before any bar arrives.
#pragma once

#include <string>

namespace sentio {

/// One row of config/symbols.json.
struct instrument {
  std::string name;          ///< ticker, for example "TQQQ"
  std::string underlying;    ///< "Nasdaq-100", "S&P 500", "VIX short-term futures", ...
  double leverage = 1;       ///< daily exposure to the underlying, negative for inverse funds
  double boost = 1;          ///< factor of the legacy strength formula, > 0
  double tick = 0.01;        ///< smallest price step in dollars
  double half_spread_bp = 1; ///< half the quoted spread in basis points of the price
  double expense_ratio = 0;  ///< yearly, as a fraction

  friend bool operator==(const instrument&, const instrument&) = default;
};

} // namespace sentio
