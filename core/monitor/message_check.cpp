#include "core/monitor/message_check.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace sentio {

using nlohmann::json;

namespace {

constexpr int deepest = 8;
constexpr std::size_t longest_name = 64;
constexpr double largest_number = 1e15;
constexpr std::size_t most_classes = 64; ///< of a histogram

enum class shape : std::uint8_t {
  text,     ///< at most 500 bytes; missing: ""
  name,     ///< at most 64 bytes; missing: ""
  symbol,   ///< must be there
  word,     ///< one of `words`; must be there
  flag,     ///< missing: false
  number,   ///< or null
  fraction, ///< 0 to 1, or null
  count,    ///< a whole number from 0, or null
  whole,    ///< a whole number, or null
  time,     ///< or null
  classes,  ///< a histogram's, left out when missing
};

struct field {
  const char* name;
  shape kind;
  std::span<const std::string_view> words{};
};

constexpr std::string_view phases[] = {"waiting", "open", "liquidation", "closed"};
constexpr std::string_view session_kinds[] = {"mock", "paper", "real", "finished"};
constexpr std::string_view roles[] = {"feed",    "clock",     "gateway", "tape",       "symbol",
                                      "ranking", "portfolio", "journal", "supervisor", "other"};
constexpr std::string_view states[] = {"up", "restarting", "down"};
constexpr std::string_view event_kinds[] = {"decision", "order",   "fill",    "alert",
                                            "fault",    "restart", "command", "phase"};
constexpr std::string_view sides[] = {"buy", "sell"};

constexpr field session_fields[] = {{"date", shape::name},
                                    {"phase", shape::word, phases},
                                    {"venue_time", shape::time},
                                    {"open", shape::time},
                                    {"liquidation", shape::time},
                                    {"close", shape::time},
                                    {"kind", shape::word, session_kinds},
                                    {"data_note", shape::text}};
constexpr field account_fields[] = {
    {"equity", shape::number}, {"cash", shape::number},      {"opening_equity", shape::number},
    {"pnl", shape::number},    {"drawdown", shape::number},  {"max_drawdown", shape::number},
    {"halted", shape::flag},   {"halt_reason", shape::text}, {"paused", shape::flag}};
constexpr field position_fields[] = {{"symbol", shape::symbol},      {"shares", shape::count},
                                     {"entry_price", shape::number}, {"mark", shape::number},
                                     {"unrealized", shape::number},  {"rank", shape::count},
                                     {"strength", shape::number},    {"bars_held", shape::count}};
constexpr field ranking_fields[] = {
    {"symbol", shape::symbol},        {"rank", shape::count},          {"strength", shape::number},
    {"probability", shape::fraction}, {"confidence", shape::fraction}, {"edge_bp", shape::number},
    {"sigma_bp", shape::number},      {"staleness_s", shape::count},   {"fresh", shape::flag},
    {"close", shape::number},         {"held", shape::flag},           {"barred", shape::name}};
constexpr field actor_fields[] = {{"name", shape::name},
                                  {"role", shape::word, roles},
                                  {"symbol", shape::name},
                                  {"state", shape::word, states},
                                  {"mailbox", shape::count},
                                  {"messages", shape::count},
                                  {"rate", shape::number},
                                  {"handler_p50_us", shape::number},
                                  {"handler_p99_us", shape::number},
                                  {"handler_buckets", shape::classes},
                                  {"handler_sum_us", shape::number},
                                  {"restarts", shape::count},
                                  {"last_error", shape::text}};
constexpr field learner_fields[] = {
    {"symbol", shape::symbol},       {"probability", shape::fraction},
    {"confidence", shape::fraction}, {"directional_accuracy", shape::fraction},
    {"leverage", shape::number},     {"p_min", shape::number},
    {"p_max", shape::number},        {"bars", shape::count}};
constexpr field latency_fields[] = {{"p50_ms", shape::number},
                                    {"p99_ms", shape::number},
                                    {"orders", shape::count},
                                    {"buckets_ms", shape::classes},
                                    {"sum_ms", shape::number}};
constexpr field event_fields[] = {{"at", shape::time},     {"kind", shape::word, event_kinds},
                                  {"symbol", shape::name}, {"actor", shape::name},
                                  {"text", shape::text},   {"shares", shape::count},
                                  {"price", shape::number}};
constexpr field mark_fields[] = {{"t", shape::time},           {"symbol", shape::symbol},
                                 {"side", shape::word, sides}, {"shares", shape::count},
                                 {"price", shape::number},     {"reason", shape::text}};

bool is_count(const json& value) {
  return value.is_number_unsigned() || (value.is_number_integer() && value.get<std::int64_t>() >= 0);
}

/// A refusal on its way out of the nested checks.
struct refusal_at {
  refused_message what;
};

[[noreturn]] void refuse(const char* why, const std::string& detail) {
  throw refusal_at{{why, clean_text(detail, 100)}};
}

json checked_classes(const json& value, const std::string& place) {
  if (!value.is_array() || value.size() > most_classes)
    refuse("bad_field", place);
  for (const json& row : value) {
    const bool pair = row.is_array() && row.size() == 2 && is_count(row[1]);
    if (!pair || !(row[0].is_number() || row[0] == "+Inf"))
      refuse("bad_field", place);
  }
  return value;
}

json checked_field(const json* value, const field& what, const std::string& place) {
  const bool missing = value == nullptr || value->is_null();
  const auto wrong = [&] { refuse("bad_field", place + "." + what.name); };
  switch (what.kind) {
  case shape::text:
  case shape::name: {
    if (missing)
      return "";
    if (!value->is_string())
      wrong();
    const std::string& text = value->get_ref<const std::string&>();
    if (text.size() > (what.kind == shape::text ? longest_contract_text : longest_name))
      wrong();
    return clean_text(text, text.size());
  }
  case shape::symbol:
    if (missing || !is_symbol_text(*value))
      wrong();
    return *value;
  case shape::word:
    if (missing || !value->is_string() ||
        std::find(what.words.begin(), what.words.end(), value->get_ref<const std::string&>()) ==
            what.words.end())
      wrong();
    return *value;
  case shape::flag:
    if (!missing && !value->is_boolean())
      wrong();
    return !missing && value->get<bool>();
  case shape::number:
  case shape::fraction: {
    if (missing)
      return nullptr;
    const auto number = checked_number(*value);
    if (!number || (what.kind == shape::fraction && (*number < 0 || *number > 1)))
      wrong();
    return *number;
  }
  case shape::count:
  case shape::whole:
    if (missing)
      return nullptr;
    if (!value->is_number_integer() || !checked_number(*value) ||
        (what.kind == shape::count && !is_count(*value)))
      wrong();
    return *value;
  case shape::time:
    if (missing)
      return nullptr;
    if (!checked_time(*value))
      wrong();
    return *value;
  case shape::classes:
    return missing ? json() : checked_classes(*value, place + "." + what.name);
  }
  return nullptr;
}

json checked_object(const json& given, std::span<const field> fields, const std::string& place) {
  if (!given.is_object())
    refuse("bad_field", place);
  json out = json::object();
  for (const field& each : fields) {
    const auto found = given.find(each.name);
    json made = checked_field(found == given.end() ? nullptr : &*found, each, place);
    // An absent name is shorter than an empty one, and the contract lets both be.
    const bool empty_extra = (each.kind == shape::classes && made.is_null()) ||
                             (each.kind == shape::name && made == "" && found == given.end());
    if (!empty_extra)
      out[each.name] = std::move(made);
  }
  return out;
}

json checked_list(const json& given, std::span<const field> fields, const std::string& place) {
  if (!given.is_array())
    refuse("bad_field", place);
  if (given.size() > most_contract_rows)
    refuse("too_many", place);
  json out = json::array();
  for (const json& row : given)
    out.push_back(checked_object(row, fields, place));
  return out;
}

json checked_event(const json& given, const std::string& place) {
  json out = checked_object(given, event_fields, place);
  if (out["at"].is_null())
    refuse("bad_field", place + ".at");
  const bool fill = out["kind"] == "fill";
  if (fill && given.contains("side")) {
    static constexpr field side{"side", shape::word, sides};
    out["side"] = checked_field(&given["side"], side, place);
  }
  if (!fill || out["shares"].is_null())
    out.erase("shares");
  if (!fill || out["price"].is_null())
    out.erase("price");
  return out;
}

json checked_counters(const json& given) {
  if (!given.is_object())
    refuse("bad_field", "counters");
  if (given.size() > most_contract_counters)
    refuse("too_many", "counters");
  for (const auto& [name, count] : given.items())
    if (name.size() > longest_name || !count.is_number_integer() || !checked_number(count))
      refuse("bad_field", "counters");
  return given;
}

json checked_snapshot(const json& given) {
  static constexpr field own[] = {{"at", shape::time}, {"ranking_at", shape::time}};
  json out = checked_object(given, own, "snapshot");
  if (out["at"].is_null())
    refuse("bad_field", "snapshot.at");
  const auto object = [&](const char* name, std::span<const field> fields) {
    if (const auto found = given.find(name); found != given.end() && !found->is_null())
      out[name] = checked_object(*found, fields, name);
  };
  const auto list = [&](const char* name, std::span<const field> fields) {
    if (const auto found = given.find(name); found != given.end() && !found->is_null())
      out[name] = checked_list(*found, fields, name);
  };
  object("session", session_fields);
  object("account", account_fields);
  list("positions", position_fields);
  list("ranking", ranking_fields);
  list("actors", actor_fields);
  list("learners", learner_fields);
  object("latency", latency_fields);
  if (const auto found = given.find("counters"); found != given.end() && !found->is_null())
    out["counters"] = checked_counters(*found);
  if (!out.contains("positions"))
    out["positions"] = json::array(); // an absent list is an empty book
  return out;
}

json checked_history(const json& given) {
  static constexpr field own[] = {{"date", shape::name}};
  json out = checked_object(given, own, "history");
  if (!out.contains("date"))
    out["date"] = "";
  out["marks"] = given.contains("marks") ? checked_list(given["marks"], mark_fields, "marks") : json::array();
  json events = json::array();
  if (const auto found = given.find("events"); found != given.end()) {
    if (!found->is_array())
      refuse("bad_field", "events");
    if (found->size() > most_contract_rows)
      refuse("too_many", "events");
    for (const json& row : *found)
      events.push_back(checked_event(row, "events"));
  }
  out["events"] = std::move(events);
  return out;
}

bool too_deep(std::string_view text) {
  int depth = 0;
  bool inside_text = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (inside_text) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        inside_text = false;
    } else if (c == '"') {
      inside_text = true;
    } else if (c == '[' || c == '{') {
      if (++depth > deepest)
        return true;
    } else if (c == ']' || c == '}') {
      --depth;
    }
  }
  return false;
}

} // namespace

std::optional<json> parse_object(std::string_view text, std::size_t most_bytes, refused_message& refused) {
  if (text.size() > most_bytes) {
    refused = {"too_large", std::to_string(text.size()) + " bytes"};
    return std::nullopt;
  }
  if (too_deep(text)) {
    refused = {"too_deep", ""};
    return std::nullopt;
  }
  json parsed = json::parse(text, nullptr, false);
  if (parsed.is_discarded() || !parsed.is_object()) {
    refused = {"not_json", ""};
    return std::nullopt;
  }
  return parsed;
}

bool is_instance_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

bool is_session_kind(std::string_view word) {
  return std::find(std::begin(session_kinds), std::end(session_kinds), word) != std::end(session_kinds);
}

std::optional<json> checked_message(const json& given, const std::string& instance,
                                    refused_message& refused) {
  const auto type = given.find("type"), id = given.find("instance");
  if (type == given.end() || !type->is_string()) {
    refused = {"not_a_message", ""};
    return std::nullopt;
  }
  if (id == given.end() || *id != instance) {
    refused = {"foreign_instance", ""};
    return std::nullopt;
  }
  try {
    json out;
    if (*type == "snapshot")
      out = checked_snapshot(given);
    else if (*type == "event")
      out = checked_event(given, "event");
    else if (*type == "history")
      out = checked_history(given);
    else
      refuse("not_a_message", *type);
    out["type"] = *type;
    out["instance"] = instance;
    return out;
  } catch (const refusal_at& refusal) {
    refused = refusal.what;
    return std::nullopt;
  }
}

std::optional<double> checked_number(const json& value) {
  if (!value.is_number())
    return std::nullopt;
  const double number = value.get<double>();
  if (!std::isfinite(number) || std::abs(number) >= largest_number)
    return std::nullopt;
  return number;
}

std::optional<time_ms> checked_time(const json& value) {
  if (!value.is_number_unsigned() ||
      value.get<std::uint64_t>() >= static_cast<std::uint64_t>(latest_contract_time))
    return std::nullopt;
  return value.get<time_ms>();
}

bool is_symbol_text(const json& value) {
  if (!value.is_string())
    return false;
  const std::string& text = value.get_ref<const std::string&>();
  return !text.empty() && text.size() <= 32 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

} // namespace sentio
