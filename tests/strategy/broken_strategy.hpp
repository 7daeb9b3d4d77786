// A strategy with a bug: it asks the portfolio's own way out for whatever it likes.
#pragma once

#include "core/portfolio/portfolio_state.hpp"

namespace sentio {

struct portfolio_probe {
  /// One raw order request, as rounds make them: true when it left.
  static bool ask(portfolio& book, symbol_index symbol, order_side side, std::int64_t shares, double price,
                  time_ms at) {
    return book.state_->send(
        {symbol, side, shares, from_dollars(price), at, at, decision_kind::enter, "a bug"});
  }
  /// The end of the input that the requests belonged to.
  static void end_of_input(portfolio& book, time_ms at) {
    book.state_->carry_out_latch(at);
    book.check_invariants();
  }
};

} // namespace sentio
