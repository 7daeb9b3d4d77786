#include "tools/sentio-monitor/view_rows.hpp"

#include "core/monitor/message_check.hpp"
#include "messages/hub.hpp"
#include "tools/sentio-monitor/safe_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace sentio {

namespace {

using nlohmann::json;

const json* field_of(const json& object, const char* field) {
  const auto found = object.find(field);
  return found == object.end() ? nullptr : &*found;
}

bool read_flag(const json& object, const char* field) {
  const json* value = field_of(object, field);
  return value && value->is_boolean() && value->get<bool>();
}

double number_of(const json& value) {
  return checked_number(value).value_or(unknown_number);
}

std::int64_t time_of(const json& value) {
  return checked_time(value).value_or(0);
}

/// An object's list of objects; nothing when it has no such list.
template <class Reader>
auto read_list(const json& object, const char* field, Reader read, std::size_t most = most_contract_rows)
    -> maybe_rows<decltype(read(object))> {
  const json* list = field_of(object, field);
  if (!list || !list->is_array())
    return std::nullopt;
  std::vector<decltype(read(object))> rows;
  for (const auto& one : *list) {
    if (rows.size() == most)
      break;
    if (one.is_object())
      rows.push_back(read(one));
  }
  return rows;
}

session_row session_of(const json& given) {
  return {read_text(given, "date"),        read_text(given, "phase"),      read_text(given, "kind"),
          read_text(given, "data_note"),   read_time(given, "venue_time"), read_time(given, "open"),
          read_time(given, "liquidation"), read_time(given, "close")};
}

account_row account_of(const json& given) {
  return {read_number(given, "equity"), read_number(given, "cash"),     read_number(given, "opening_equity"),
          read_number(given, "pnl"),    read_number(given, "drawdown"), read_number(given, "max_drawdown"),
          read_flag(given, "halted"),   read_flag(given, "paused"),     read_text(given, "halt_reason")};
}

position_row position_of(const json& given) {
  return {read_text(given, "symbol"),     read_number(given, "shares"),     read_number(given, "entry_price"),
          read_number(given, "mark"),     read_number(given, "unrealized"), read_number(given, "rank"),
          read_number(given, "strength"), read_number(given, "bars_held")};
}

ranking_row ranking_of(const json& given) {
  return {
      read_text(given, "symbol"),     read_text(given, "barred"),        read_number(given, "rank"),
      read_number(given, "strength"), read_number(given, "probability"), read_number(given, "confidence"),
      read_number(given, "edge_bp"),  read_number(given, "sigma_bp"),    read_number(given, "staleness_s"),
      read_number(given, "close"),    read_flag(given, "fresh"),         read_flag(given, "held")};
}

actor_row actor_of(const json& given) {
  return {read_text(given, "name"),
          read_text(given, "role"),
          read_text(given, "symbol"),
          read_text(given, "state"),
          read_text(given, "last_error"),
          read_number(given, "mailbox"),
          read_number(given, "messages"),
          read_number(given, "rate"),
          read_number(given, "handler_p50_us"),
          read_number(given, "handler_p99_us"),
          read_number(given, "restarts")};
}

learner_row learner_of(const json& given) {
  return {read_text(given, "symbol"),       read_number(given, "probability"),
          read_number(given, "confidence"), read_number(given, "directional_accuracy"),
          read_number(given, "leverage"),   read_number(given, "p_min"),
          read_number(given, "p_max"),      read_number(given, "bars")};
}

maybe_rows<std::pair<std::string, double>> read_counters(const json& message) {
  const json* counters = field_of(message, "counters");
  if (!counters || !counters->is_object())
    return std::nullopt;
  std::vector<std::pair<std::string, double>> rows;
  for (const auto& [name, value] : counters->items())
    if (const double count = number_of(value); !std::isnan(count) && rows.size() < most_contract_counters)
      rows.emplace_back(safe_text(name), count);
  return rows;
}

} // namespace

std::optional<json> parse_hub_text(std::string_view text) {
  refused_message refused; // a terminal only counts
  return parse_object(text, longest_hub_text, refused);
}

std::string read_text(const json& object, const char* field) {
  const json* value = field_of(object, field);
  return value && value->is_string() ? safe_text(value->get_ref<const std::string&>()) : std::string();
}

double read_number(const json& object, const char* field) {
  const json* value = field_of(object, field);
  return value ? number_of(*value) : unknown_number;
}

std::int64_t read_time(const json& object, const char* field) {
  const json* value = field_of(object, field);
  return value ? time_of(*value) : 0;
}

std::vector<instance_row> read_instances(const json& message) {
  const auto read = [](const json& given) -> instance_row {
    return {read_text(given, "id"), read_text(given, "name"), read_text(given, "kind"),
            read_flag(given, "connected"), read_time(given, "since")};
  };
  auto rows = read_list(message, "instances", read, most_instances).value_or(std::vector<instance_row>{});
  std::erase_if(rows, [](const instance_row& row) { return !is_instance_id(row.id); });
  return rows;
}

snapshot_rows read_snapshot(const json& message) {
  snapshot_rows out;
  out.at = read_time(message, "at");
  out.ranking_at = read_time(message, "ranking_at");
  if (const json* given = field_of(message, "session"); given && given->is_object())
    out.session = session_of(*given);
  if (const json* given = field_of(message, "account"); given && given->is_object())
    out.account = account_of(*given);
  if (const json* given = field_of(message, "latency"); given && given->is_object())
    out.latency = latency_row{read_number(*given, "p50_ms"), read_number(*given, "p99_ms"),
                              read_number(*given, "orders")};
  out.positions = read_list(message, "positions", position_of).value_or(std::vector<position_row>{});
  out.ranking = read_list(message, "ranking", ranking_of);
  out.actors = read_list(message, "actors", actor_of);
  out.learners = read_list(message, "learners", learner_of);
  out.counters = read_counters(message);
  return out;
}

std::optional<event_row> read_event(const json& given) {
  event_row out{read_time(given, "at"), read_text(given, "kind"), read_text(given, "symbol"),
                read_text(given, "actor"), read_text(given, "text")};
  if (out.at == 0)
    return std::nullopt;
  return out;
}

history_rows read_history(const json& message) {
  history_rows out;
  out.date = read_text(message, "date");
  if (const json* equity = field_of(message, "equity"); equity && equity->is_array())
    for (const auto& point : *equity) {
      if (!point.is_array() || point.size() < 2 || out.equity.size() == most_contract_points)
        continue;
      const std::int64_t at = time_of(point[0]);
      const double value = number_of(point[1]);
      if (at > (out.equity.empty() ? 0 : out.equity.back().first) && !std::isnan(value))
        out.equity.emplace_back(at, value);
    }
  const json* events = field_of(message, "events");
  if (events && events->is_array()) {
    // The newest stand last.
    const std::size_t skipped = events->size() > most_contract_rows ? events->size() - most_contract_rows : 0;
    for (std::size_t i = skipped; i < events->size(); ++i)
      if ((*events)[i].is_object())
        if (auto event = read_event((*events)[i]))
          out.events.push_back(std::move(*event));
    std::stable_sort(out.events.begin(), out.events.end(),
                     [](const event_row& a, const event_row& b) { return a.at < b.at; });
  }
  return out;
}

} // namespace sentio
