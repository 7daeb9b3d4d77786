// GET /v2/assets: what is traded here.
#include "core/exchange/trading_api.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace sentio::venue {

namespace {

struct listing {
  std::string_view symbol, exchange;
};

// The leveraged funds that are shipped (spec section 1.4), sorted.
constexpr std::array<listing, 10> listings{{{"SDS", "ARCA"},
                                            {"SH", "ARCA"},
                                            {"SPXL", "ARCA"},
                                            {"SQQQ", "NASDAQ"},
                                            {"SVIX", "BATS"},
                                            {"SVXY", "BATS"},
                                            {"TQQQ", "NASDAQ"},
                                            {"UPRO", "ARCA"},
                                            {"UVIX", "BATS"},
                                            {"UVXY", "BATS"}}};
constexpr std::array<std::string_view, 4> classes{"us_equity", "us_option", "crypto", "crypto_perp"};
constexpr std::array<std::string_view, 9> exchanges{"AMEX", "ARCA",     "BATS", "NYSE",   "NASDAQ",
                                                    "OTC",  "NYSEARCA", "ASCX", "CRYPTO"};

template <class List>
bool has(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

} // namespace

const char* trading_api::exchange_of(const std::string& symbol) {
  static constexpr const char* venues[3] = {"NASDAQ", "ARCA", "BATS"};
  for (const listing& known : listings)
    if (known.symbol == symbol)
      return known.exchange.data(); // of a literal, so it ends with a zero
  return venues[mix(5, symbol, 0) % 3];
}

json trading_api::asset_json(const std::string& symbol, time_ms now) const {
  const bool tradable = parts_.faults.active(fault_kind::not_tradable, now, symbol) == nullptr;
  return {{"id", uuid_of(parts_.config.seed, "asset " + symbol, 0)},
          {"class", "us_equity"},
          {"exchange", exchange_of(symbol)},
          {"symbol", symbol},
          {"name", symbol + " (sentio exchange)"},
          {"status", tradable ? "active" : "inactive"},
          {"tradable", tradable},
          {"marginable", false},
          {"maintenance_margin_requirement", 100},
          {"shortable", false},
          {"easy_to_borrow", false},
          {"fractionable", true},
          {"attributes", json::array()}};
}

http_response trading_api::list_assets(const http_request& request, time_ms now) const {
  const std::string status = query_value(request, "status"), kind = query_value(request, "asset_class");
  const std::string exchange = query_value(request, "exchange");
  if (!status.empty() && status != "active" && status != "inactive")
    return bad_parameter("invalid status \"" + status + "\"");
  if (!kind.empty() && !has(classes, kind))
    return bad_parameter("invalid asset_class \"" + kind + "\"");
  if (!exchange.empty() && !has(exchanges, exchange))
    return bad_parameter("invalid exchange \"" + exchange + "\"");
  // No asset here has an attribute, so that whoever asks for some gets none.
  const bool any = (kind.empty() || kind == "us_equity") && query_value(request, "attributes").empty();
  json rows = json::array();
  for (const std::string& symbol : parts_.prices.symbols()) {
    if (!any || (!exchange.empty() && exchange != exchange_of(symbol)))
      continue;
    if (json asset = asset_json(symbol, now); status.empty() || asset["status"] == status)
      rows.push_back(std::move(asset));
  }
  return answer(200, rows);
}

http_response trading_api::assets(const http_request& request, time_ms now) const {
  if (request.path == "/v2/assets")
    return list_assets(request, now);
  const std::string symbol = symbol_of(request.path.substr(11));
  return parts_.prices.find(symbol) ? answer(200, asset_json(symbol, now))
                                    : refuse(404, 40410000, "asset not found for " + symbol);
}

} // namespace sentio::venue
