// Market data by REST as Polygon gives it: aggregates of a range, of the previous day and of all symbols (spec
// section 5).
#pragma once

#include "core/exchange/bar_history.hpp"
#include "core/exchange/refusal.hpp"

namespace sentio::venue {

/// Whether a path is one of Polygon's, offered here or not; Alpaca's own are never.
bool is_polygon_path(const std::string& path);

class polygon_api {
public:
  polygon_api(const exchange_config& config, price_source& prices) : config_(config), prices_(prices) {}

  /// A request whose key was right.
  http_response handle(const http_request& request, time_ms now);
  /// An error in Polygon's words.
  http_response refuse(int status, const std::string& text);

private:
  std::string request_id() { return uuid_of(config_.seed, "polygon request", ++requests_); }
  http_response range(const http_request& request, const std::vector<std::string>& parts, time_ms now);
  http_response previous(const http_request& request, const std::string& ticker, time_ms now);
  http_response grouped(const http_request& request, const std::string& date, time_ms now);
  std::optional<json> day_row(std::size_t symbol, civil_date date, bool adjusted, time_ms now);
  json rows_body(json rows, bool adjusted);

  const exchange_config& config_;
  price_source& prices_;
  std::uint64_t requests_ = 0;
};

} // namespace sentio::venue
