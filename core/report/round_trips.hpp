// The trades log replayed: fills become round trips and cash, and are held against what the run reported.
#pragma once

#include "core/account/order.hpp"
#include "core/journal/log_reader.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace sentio {

/// One fill of the trades log. Texts are kept for the trade table.
struct fill_record {
  time_ms at = 0;
  time_ms decided_at = 0;
  symbol_index symbol = 0;
  bool is_exit = false;
  order_side side = order_side::buy;
  std::int64_t shares = 0;
  money price;
  money spread_cost;
  money fees;
  decision_kind kind = decision_kind::enter;
  std::string reason;
  bool no_print = false;
  money pnl; ///< as logged, on exits
  std::int32_t bars_held = 0;

  money value() const { return price * shares; }
  money cost() const { return spread_cost + fees; }
};

fill_record record_of(const trade_row& row, symbol_index symbol);

/// Flat -> flat of one symbol. Percentages of win rate and the like count these.
struct closed_trip {
  symbol_index symbol = 0;
  std::uint32_t session = 0; ///< number of the session in which it ended
  std::uint32_t fills = 0;
  time_ms entry_decided_at = 0;
  time_ms entry_at = 0; ///< first fill
  time_ms exit_decided_at = 0;
  time_ms exit_at = 0; ///< last fill
  std::int64_t shares = 0;
  money entry_value;
  money exit_value;
  money entry_cost;
  money exit_cost;
  money pnl;             ///< exit_value - entry_value - costs
  double return_pct = 0; ///< pnl / (entry_value + entry_cost), fraction
  std::int32_t bars_held = 0;
  decision_kind exit_kind = decision_kind::exit;
  bool no_print = false;
  std::string entry_reason;
  std::string exit_reason;

  money cost() const { return entry_cost + exit_cost; }
  money gross() const { return pnl + cost(); }
};

/// Folds fills in the order of the log.
class trade_replay {
public:
  trade_replay(std::span<const std::string> names, money capital);

  /// A session of its own account (fresh_daily): cash starts at its capital again.
  void restart(money cash);
  void begin_session(std::uint32_t number) { session_ = number; }
  /// Returns what is wrong with the fill, empty when all is well: a sale of more than is held, a P&L that
  /// does not follow from the fills.
  std::string take(const fill_record& fill);

  money cash() const { return cash_; }
  bool flat() const { return open_.empty(); }
  /// Shares held, by symbol.
  std::int64_t shares(symbol_index symbol) const;
  const std::vector<closed_trip>& trips() const { return trips_; }
  std::vector<closed_trip> take_trips() { return std::move(trips_); }

private:
  struct open_trip {
    closed_trip trip;
    std::int64_t held = 0;
    money logged_pnl;
  };
  std::span<const std::string> names_;
  money cash_;
  std::uint32_t session_ = 0;
  std::map<symbol_index, open_trip> open_;
  std::vector<closed_trip> trips_;
};

} // namespace sentio
