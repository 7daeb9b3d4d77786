// Cash, positions and profit, in exact money. Only fills change them.
#pragma once

#include "core/account/order.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace sentio {

/// Where a fill comes from.
enum class fill_origin : std::uint8_t {
  order,     ///< a venue filled one of our orders
  opening,   ///< a position held when the account was opened: adds to the initial equity, costs no cash
  adjustment ///< a reconciliation difference, at the venue's price
};

/// An open position. Long only: shares > 0.
struct holding {
  symbol_index symbol = 0;
  std::int64_t shares = 0;
  money basis;       ///< sum of shares * price paid for the shares still held, without costs
  money entry_costs; ///< costs paid on entry for the shares still held
  money mark;        ///< last price, per share
  time_ms opened_at = 0;
  std::int64_t bought = 0; ///< shares bought since flat
  money realised;          ///< since flat
  money costs;             ///< all costs since flat
  bool adjusted = false;   ///< an opening or adjustment fill took part

  money value() const { return mark * shares; }
  money unrealized() const { return value() - basis; }
  money average_price() const; ///< basis / shares, rounded
};

/// A symbol's way from flat to flat.
struct round_trip {
  symbol_index symbol = 0;
  time_ms opened_at = 0;
  time_ms closed_at = 0;
  std::int64_t shares = 0; ///< bought in all
  money pnl;               ///< net of all costs
  money costs;
  bool adjusted = false;

  friend bool operator==(const round_trip&, const round_trip&) = default;
};

/// What a fill did.
struct booking {
  bool opened = false; ///< the symbol was flat before
  bool closed = false; ///< the symbol is flat now
  money pnl;           ///< on sells: proceeds - basis - all costs of the shares closed
  double pnl_pct = 0;  ///< pnl / (basis + entry costs) of the shares closed
};

class ledger {
public:
  ledger(money capital, std::size_t symbols);

  /// Forgets the round trips of the last session; positions and cash stay.
  void begin_session() { round_trips_.clear(); }
  /// Throws std::logic_error on a sell of more shares than held. A buy that overdraws is a fact and is
  /// booked: the account is overdrawn from then until cash is back at 0 or above.
  booking book(const execution& fill, fill_origin origin = fill_origin::order);
  /// New price of a symbol; ignored when it is not held.
  void mark(symbol_index symbol, money price);

  money cash() const { return cash_; }
  money equity() const;       ///< cash + sum of shares * mark
  money market_value() const; ///< sum of shares * mark
  money unrealized() const;
  money realised() const { return realised_; }
  money initial() const { return initial_; } ///< capital and opening positions
  bool overdrawn() const { return overdrawn_; }
  /// Everything bought, sold and paid as costs, ever: the largest sum that the ledger forms.
  money turnover() const { return bought_value_ + opened_value_ + sold_value_ + costs_; }
  bool flat() const { return holdings_.empty(); }
  std::span<const holding> holdings() const { return holdings_; } ///< by symbol
  const holding* find(symbol_index symbol) const;
  const std::vector<round_trip>& round_trips() const { return round_trips_; } ///< since begin_session

  /// Throws std::logic_error naming the identity that does not hold:
  /// shares > 0; cash >= 0; position = sum of fills; cash = initial - bought + sold - costs;
  /// cash + basis and entry costs of what is held = initial + realised; flat: realised = cash - initial.
  void check() const;

private:
  void buy(const execution& fill, fill_origin origin, booking& result);
  void sell(const execution& fill, fill_origin origin, booking& result);
  std::vector<holding>::iterator position_of(symbol_index symbol);

  money cash_;
  money initial_;
  money realised_;
  money bought_value_; // by orders and adjustments
  money opened_value_; // by opening fills, with costs
  money sold_value_;
  money costs_;
  bool overdrawn_ = false;
  std::int64_t net_shares_ = 0;     // of all fills of all symbols
  std::vector<std::int64_t> fills_; // net shares by symbol
  std::vector<holding> holdings_;   // by symbol; few, so a sorted vector
  std::vector<round_trip> round_trips_;
};

} // namespace sentio
