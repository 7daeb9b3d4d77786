// Orders and executions as JSON: for the state file, and as Alpaca shows them.
#include "core/exchange/books.hpp"

namespace sentio::venue {

namespace {

json optional_number(const std::optional<std::int64_t>& value) { return value ? json(*value) : json(nullptr); }
json optional_text(const std::optional<std::int64_t>& value, int places) {
  return value ? json(decimal_text(*value, places)) : json(nullptr);
}
json optional_time(time_ns at) { return at == 0 ? json(nullptr) : json(utc_text(at)); }
json optional_word(const std::string& text) { return text.empty() ? json(nullptr) : json(text); }

std::optional<std::int64_t> read_optional(const json& value) {
  return value.is_null() ? std::nullopt : std::optional<std::int64_t>(value.get<std::int64_t>());
}

} // namespace

json order_record(const venue_order& o) {
  return {{"sequence", o.sequence},
          {"id", o.id},
          {"client_order_id", o.client_order_id},
          {"symbol", o.symbol},
          {"buy", o.buy},
          {"type", o.type},
          {"time_in_force", o.time_in_force},
          {"intent", o.intent},
          {"status", o.status},
          {"shares", optional_number(o.shares)},
          {"notional", optional_number(o.notional)},
          {"limit", optional_number(o.limit)},
          {"stop", optional_number(o.stop)},
          {"filled", o.filled},
          {"filled_value", o.filled_value},
          {"created", o.created},
          {"updated", o.updated},
          {"filled_at", o.filled_at},
          {"expired_at", o.expired_at},
          {"canceled_at", o.canceled_at},
          {"failed_at", o.failed_at},
          {"replaced_at", o.replaced_at},
          {"replaces", o.replaces},
          {"replaced_by", o.replaced_by},
          {"extended_hours", o.extended_hours},
          {"session_day", o.session_day},
          {"reserve_price", o.reserve_price},
          {"executions", o.executions},
          {"triggered", o.triggered},
          {"stuck", o.stuck},
          {"reject_later", o.reject_later},
          {"next_time", o.next_time}};
}

venue_order order_of_record(const json& r) {
  venue_order o;
  o.sequence = r.at("sequence");
  o.id = r.at("id");
  o.client_order_id = r.at("client_order_id");
  o.symbol = r.at("symbol");
  o.buy = r.at("buy");
  o.type = r.at("type");
  o.time_in_force = r.at("time_in_force");
  o.intent = r.at("intent");
  o.status = r.at("status");
  o.shares = read_optional(r.at("shares"));
  o.notional = read_optional(r.at("notional"));
  o.limit = read_optional(r.at("limit"));
  o.stop = read_optional(r.at("stop"));
  o.filled = r.at("filled");
  o.filled_value = r.at("filled_value");
  o.created = r.at("created");
  o.updated = r.at("updated");
  o.filled_at = r.at("filled_at");
  o.expired_at = r.at("expired_at");
  o.canceled_at = r.at("canceled_at");
  o.failed_at = r.at("failed_at");
  o.replaced_at = r.at("replaced_at");
  o.replaces = r.at("replaces");
  o.replaced_by = r.at("replaced_by");
  o.extended_hours = r.at("extended_hours");
  o.session_day = r.at("session_day");
  o.reserve_price = r.at("reserve_price");
  o.executions = r.at("executions");
  o.triggered = r.at("triggered");
  o.stuck = r.at("stuck");
  o.reject_later = r.at("reject_later");
  o.next_time = r.at("next_time");
  return o;
}

json execution_record(const venue_execution& e) {
  return {{"sequence", e.sequence},
          {"execution_id", e.id},
          {"order_id", e.order_id},
          {"symbol", e.symbol},
          {"side", e.buy ? "buy" : "sell"},
          {"qty", decimal_text(e.shares, 9)},
          {"price", decimal_text(e.price, 6)},
          {"value", decimal_text(e.value, 6)},
          {"timestamp", utc_text(e.at)}};
}

json order_json(const venue_order& o, std::uint64_t seed) {
  json average;
  if (o.filled > 0)
    average = decimal_text(shares_for(o.filled_value, o.filled), 6);
  const civil_date date = date_from_days(o.session_day);
  const auto session = session_on(date);
  const time_ms close = session ? session->close : new_york_to_utc(date, 16, 0);
  json::object_t row; // a nested initializer list would copy every value twice
  row.emplace("id", o.id);
  row.emplace("client_order_id", o.client_order_id);
  row.emplace("created_at", utc_text(o.created));
  row.emplace("updated_at", utc_text(o.updated));
  row.emplace("submitted_at", utc_text(o.created));
  row.emplace("filled_at", optional_time(o.filled_at));
  row.emplace("expired_at", optional_time(o.expired_at));
  row.emplace("expires_at", o.time_in_force == "day" ? json(utc_text(close * ns_of_ms)) : json(nullptr));
  row.emplace("canceled_at", optional_time(o.canceled_at));
  row.emplace("failed_at", optional_time(o.failed_at));
  row.emplace("replaced_at", optional_time(o.replaced_at));
  row.emplace("replaced_by", optional_word(o.replaced_by));
  row.emplace("replaces", optional_word(o.replaces));
  row.emplace("asset_id", uuid_of(seed, "asset " + o.symbol, 0));
  row.emplace("symbol", o.symbol);
  row.emplace("asset_class", "us_equity");
  row.emplace("notional", optional_text(o.notional, 6));
  row.emplace("qty", optional_text(o.shares, 9));
  row.emplace("filled_qty", decimal_text(o.filled, 9));
  row.emplace("filled_avg_price", average);
  row.emplace("order_class", "simple");
  row.emplace("order_type", o.type);
  row.emplace("type", o.type);
  row.emplace("side", o.buy ? "buy" : "sell");
  row.emplace("position_intent", o.intent);
  row.emplace("time_in_force", o.time_in_force);
  row.emplace("limit_price", optional_text(o.limit, 6));
  row.emplace("stop_price", optional_text(o.stop, 6));
  row.emplace("status", o.status);
  row.emplace("extended_hours", o.extended_hours);
  row.emplace("legs", nullptr);
  row.emplace("trail_percent", nullptr);
  row.emplace("trail_price", nullptr);
  row.emplace("hwm", nullptr);
  row.emplace("subtag", nullptr);
  row.emplace("source", nullptr);
  row.emplace("ratio_qty", nullptr);
  return row;
}

} // namespace sentio::venue
