// Orders and executions as JSON: for the state file, and as Alpaca shows them.
#include "core/exchange/books.hpp"
#include "core/exchange/json_text.hpp"

namespace sentio::venue {

namespace {

json optional_number(const std::optional<std::int64_t>& value) { return value ? json(*value) : json(nullptr); }

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
          {"next_time", o.next_time},
          {"order_class", o.order_class},
          {"parent", o.parent},
          {"legs", o.legs},
          {"waiting", o.waiting},
          {"trail_price", optional_number(o.trail_price)},
          {"trail_percent", optional_number(o.trail_percent)},
          {"water_mark", optional_number(o.water_mark)},
          {"acknowledged", o.acknowledged},
          {"acknowledgement", o.acknowledgement}};
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
  if (!r.contains("order_class"))
    return o; // of a file of version 1: a simple order
  o.order_class = r.at("order_class");
  o.parent = r.at("parent");
  o.legs = r.at("legs").get<std::vector<std::int64_t>>();
  o.waiting = r.at("waiting");
  o.trail_price = read_optional(r.at("trail_price"));
  o.trail_percent = read_optional(r.at("trail_percent"));
  o.water_mark = read_optional(r.at("water_mark"));
  o.acknowledged = r.at("acknowledged");
  o.acknowledgement = r.at("acknowledgement");
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

std::string order_text(const venue_order& o, std::uint64_t seed, std::string_view legs) {
  const auto time = [](time_ns at) { return at == 0 ? std::string() : utc_text(at); };
  const auto decimal = [](const std::optional<std::int64_t>& value, int places) {
    return value ? decimal_text(*value, places) : std::string();
  };
  std::string expires;
  if (o.time_in_force == "day") {
    const civil_date date = date_from_days(o.session_day);
    const auto session = session_on(date);
    const bool half = session && session->half_day;
    const time_ms close = session ? session->close : new_york_to_utc(date, 16, 0);
    expires = utc_text((o.extended_hours ? new_york_to_utc(date, half ? 17 : 20, 0) : close) * ns_of_ms);
  }
  const std::string created = utc_text(o.created);
  object_text row;
  row.text("asset_class", "us_equity").text("asset_id", uuid_of(seed, "asset " + o.symbol, 0));
  row.text_or_null("canceled_at", time(o.canceled_at)).text("client_order_id", o.client_order_id);
  row.text("created_at", created).text_or_null("expired_at", time(o.expired_at));
  row.text_or_null("expires_at", expires).flag("extended_hours", o.extended_hours);
  row.text_or_null("failed_at", time(o.failed_at)).text_or_null("filled_at", time(o.filled_at));
  row.text_or_null("filled_avg_price",
                   o.filled > 0 ? decimal_text(shares_for(o.filled_value, o.filled), 6) : std::string());
  row.decimal("filled_qty", o.filled, 9).text_or_null("hwm", decimal(o.water_mark, 6));
  row.text("id", o.id).ready("legs", legs);
  row.text_or_null("limit_price", decimal(o.limit, 6)).text_or_null("notional", decimal(o.notional, 6));
  row.text("order_class", o.order_class).text("order_type", o.type).text("position_intent", o.intent);
  row.text_or_null("qty", decimal(o.shares, 9)).null("ratio_qty");
  row.text_or_null("replaced_at", time(o.replaced_at)).text_or_null("replaced_by", o.replaced_by);
  row.text_or_null("replaces", o.replaces).text("side", o.buy ? "buy" : "sell").null("source");
  row.text("status", o.status).text_or_null("stop_price", decimal(o.stop, 6)).text("submitted_at", created);
  row.null("subtag").text("symbol", o.symbol).text("time_in_force", o.time_in_force);
  row.text_or_null("trail_percent", decimal(o.trail_percent, 6)).text_or_null("trail_price", decimal(o.trail_price, 6));
  return row.text("type", o.type).text("updated_at", utc_text(o.updated)).take();
}

} // namespace sentio::venue
