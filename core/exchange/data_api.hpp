// Market data by REST: Alpaca's /v2/stocks (spec section 2) and Polygon's aggregates (section 5).
#pragma once

#include "core/exchange/fault_board.hpp"
#include "core/exchange/prices.hpp"
#include "core/exchange/refusal.hpp"

namespace sentio::venue {

class data_api {
public:
  data_api(const exchange_config& config, price_source& prices, fault_board& faults)
    : config_(config), prices_(prices), faults_(faults) {}

  http_response stocks(const http_request& request, time_ms now);
  http_response polygon(const http_request& request, time_ms now);

private:
  /// What a call for bars asks for, once it is understood.
  struct bar_query {
    std::vector<std::string> symbols; ///< sorted, each once
    int count = 1;                    ///< of units in a bar
    char unit = 'M';                  ///< minute, H, D, W, or O for months
    time_ms from = 0, to = 0;         ///< labels in [from, to)
    std::size_t limit = 1'000;
    bool ascending = true;
    bool adjusted = false;
    std::string after_symbol;         ///< of the page token; empty: from the start
    time_ms after = 0;
  };

  std::optional<http_response> read_query(const http_request& request, const std::vector<std::string>& symbols,
                                          time_ms now, bar_query& out) const;
  std::optional<http_response> read_range(const http_request& request, time_ms now, bar_query& out) const;
  http_response bars(const bar_query& query, bool single, time_ms now);
  std::vector<bar> bars_of(const std::string& symbol, const bar_query& query, time_ms now);
  http_response latest(const std::string& what, const std::vector<std::string>& symbols, bool single, time_ms now);
  http_response snapshots(const std::vector<std::string>& symbols, bool single, time_ms now);
  json snapshot(std::size_t symbol, time_ms now);

  const exchange_config& config_;
  price_source& prices_;
  fault_board& faults_;
};

} // namespace sentio::venue
