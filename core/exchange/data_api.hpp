// Market data by REST: Alpaca's /v2/stocks (spec section 2).
#pragma once

#include "core/exchange/bar_history.hpp"
#include "core/exchange/fault_board.hpp"
#include "core/exchange/refusal.hpp"

namespace sentio::venue {

class data_api {
public:
  data_api(const exchange_config& config, price_source& prices, fault_board& faults)
    : config_(config), prices_(prices), faults_(faults) {}

  http_response stocks(const http_request& request, time_ms now);

private:
  /// What a call for bars, trades or quotes asks for, once it is understood.
  struct history_query {
    std::vector<std::string> symbols; ///< sorted, each once
    bar_range range;
    time_ns from = 0, to = 0; ///< [from, to]: both ends are inclusive
    std::size_t limit = 1'000;
    bool ascending = true;
    std::string after_symbol; ///< of the page token; empty: from the start
    time_ms after = 0;
  };

  std::optional<http_response> read_query(const http_request& request, const std::vector<std::string>& symbols,
                                          time_ms now, history_query& out) const;
  std::optional<http_response> read_range(const http_request& request, time_ms now, history_query& out) const;
  std::optional<http_response> read_token(const http_request& request, history_query& out) const;
  http_response bar_call(const http_request& request, const std::vector<std::string>& symbols, bool single, time_ms now);
  http_response bars(const history_query& query, bool single, time_ms now);
  std::vector<bar> bars_of(const std::string& symbol, const history_query& query, time_ms now);
  /// Trades or quotes: those that the stream sent, one a second of each minute that has a bar.
  http_response tick_call(const http_request& request, const std::string& what, const std::vector<std::string>& symbols,
                          bool single, time_ms now);
  std::vector<time_ms> ticks_of(std::size_t symbol, const history_query& query, std::size_t most, time_ms now) const;
  http_response latest(const std::string& what, const std::vector<std::string>& symbols, bool single, time_ms now);
  http_response snapshots(const std::vector<std::string>& symbols, bool single, time_ms now);
  json snapshot(std::size_t symbol, time_ms now);

  const exchange_config& config_;
  price_source& prices_;
  fault_board& faults_;
};

} // namespace sentio::venue
