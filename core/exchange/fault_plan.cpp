#include "core/exchange/faults.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace sentio {

namespace {

using json = nlohmann::json;

/// "09:45" or "09:45:30" as seconds of the day.
std::optional<int> second_of_day(std::string_view text) {
  const auto two = [&](std::size_t at) {
    int value = -1;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + at + 2, value);
    return error == std::errc() && end == text.data() + at + 2 ? value : -1;
  };
  if ((text.size() != 5 && text.size() != 8) || text[2] != ':' || (text.size() == 8 && text[5] != ':'))
    return std::nullopt;
  const int hour = two(0), minute = two(3), second = text.size() == 8 ? two(6) : 0;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    return std::nullopt;
  return (hour * 60 + minute) * 60 + second;
}

std::string clock_text(int second) {
  const auto two = [](int value) { return std::string(value < 10 ? "0" : "") + std::to_string(value); };
  return two(second / 3600) + ":" + two(second / 60 % 60) + ":" + two(second % 60);
}

const fault_description* find_kind(std::string_view name) {
  for (const fault_description& d : fault_descriptions())
    if (d.name == name)
      return &d;
  return nullptr;
}

bool names_row(std::string_view rows, std::string_view row) {
  while (!rows.empty()) {
    const std::size_t end = std::min(rows.find(' '), rows.size());
    if (rows.substr(0, end) == row)
      return true;
    rows.remove_prefix(std::min(end + 1, rows.size()));
  }
  return false;
}

std::string read_whole(const json& value, const std::string& key, std::int64_t low, std::int64_t& out) {
  constexpr double limit = 1e15; // far beyond any day in milliseconds, and exact as a double
  if (!value.is_number())
    return key + " is no number";
  const double number = value.get<double>();
  if (!(number >= static_cast<double>(low)) || number > limit || number < -limit || number != std::floor(number))
    return key + " is no whole number" + (low >= 0 ? " of at least " + std::to_string(low) : "");
  out = static_cast<std::int64_t>(number);
  return {};
}

std::string read_number_key(const std::string& key, const json& value, fault& out) {
  std::int64_t whole = 0;
  if (key == "value") {
    if (!value.is_number())
      return "value is no number";
    out.value = value.get<double>();
    return {};
  }
  const std::int64_t low = key == "delay_ms" ? -1'000'000'000'000 : key == "count" ? 1 : 0;
  if (std::string problem = read_whole(value, key, low, whole); !problem.empty())
    return problem;
  if (key == "after_ms")
    out.after_ms = whole;
  else if (key == "for_ms")
    out.for_ms = whole;
  else if (key == "count")
    out.count = whole;
  else
    out.delay_ms = whole;
  return {};
}

std::string read_headers(const json& value, fault& out) {
  if (!value.is_object())
    return "headers is no object of texts";
  for (const auto& [name, text] : value.items()) {
    if (!text.is_string())
      return "header " + name + " is no text";
    out.headers.emplace_back(name, text.get<std::string>());
  }
  return {};
}

/// What a kind needs beyond its type.
std::string check_text(const fault& f) {
  const bool patch = f.kind == fault_kind::rest_altered || f.kind == fault_kind::trade_update_altered;
  const bool list = f.kind == fault_kind::rest_rows || f.kind == fault_kind::data_message_sent;
  if (!patch && !list && f.kind != fault_kind::trade_update_sent)
    return {};
  const json text = json::parse(f.text, nullptr, false);
  if (list ? !text.is_array() : !text.is_object())
    return std::string("text is no JSON ") + (list ? "array" : "object");
  return {};
}

std::string read_key(const std::string& key, const json& value, fault& out, std::string& row) {
  if (value.is_null())
    return {};
  if (key == "after_ms" || key == "for_ms" || key == "count" || key == "value" || key == "delay_ms")
    return read_number_key(key, value, out);
  if (key == "headers")
    return read_headers(value, out);
  if (key == "text" && value.is_structured()) {
    out.text = value.dump(-1, ' ', false, json::error_handler_t::replace);
    return {};
  }
  if (key != "at" && key != "symbol" && key != "text" && key != "row" && key != "kind" && key != "route" && key != "match")
    return "no such key: " + key;
  if (!value.is_string())
    return key + " is no text";
  const std::string& text = value.get_ref<const std::string&>();
  if (key == "at") {
    out.at_second = second_of_day(text);
    if (!out.at_second)
      return "at is no time of day: " + text;
  } else if (key == "symbol") {
    out.symbol = text;
  } else if (key == "text") {
    out.text = text;
  } else if (key == "match") {
    out.match = text;
  } else if (key == "route") {
    out.route = text;
    if (!text.empty() && text.front() != '/' && text.find(" /") == text.npos && text.find(' ') != text.npos)
      return "route is neither a method, a path nor \"METHOD /path\": " + text;
  } else if (key == "row") {
    row = text;
  }
  return {};
}

std::string read_fault(const json& row, fault& out) {
  if (!row.is_object())
    return "is no object";
  const auto kind = row.find("kind");
  if (kind == row.end() || !kind->is_string())
    return "has no kind";
  const fault_description* description = find_kind(kind->get_ref<const std::string&>());
  if (!description)
    return "has an unknown kind: " + kind->get<std::string>();
  out.kind = description->kind;
  std::string named_row;
  for (const auto& [key, value] : row.items())
    if (std::string problem = read_key(key, value, out, named_row); !problem.empty())
      return problem;
  if (!named_row.empty() && !names_row(description->row, named_row))
    return std::string(description->name) + " belongs to row " + std::string(description->row) + ", not " + named_row;
  return check_text(out);
}

} // namespace

const fault_description& description_of(fault_kind kind) {
  return fault_descriptions()[static_cast<std::size_t>(kind)];
}

std::string parse_faults(std::string_view text, fault_plan& out) {
  const json document = json::parse(text, nullptr, false);
  if (document.is_discarded())
    return "the faults are no JSON";
  const json* rows = &document;
  if (document.is_object()) {
    const auto found = document.find("faults");
    if (found == document.end())
      return "no key \"faults\"";
    rows = &*found;
  }
  if (!rows->is_array())
    return "the faults are no array";
  fault_plan plan;
  for (const json& row : *rows) {
    fault one;
    if (std::string problem = read_fault(row, one); !problem.empty())
      return "fault " + std::to_string(plan.faults.size() + 1) + ": " + problem;
    plan.faults.push_back(std::move(one));
  }
  out = std::move(plan);
  return {};
}

std::string print_faults(const fault_plan& plan) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const fault& f : plan.faults) {
    const fault_description& d = description_of(f.kind);
    nlohmann::ordered_json row;
    row["row"] = std::string(d.row.substr(0, d.row.find(' ')));
    row["kind"] = std::string(d.name);
    if (f.at_second)
      row["at"] = clock_text(*f.at_second);
    else if (f.after_ms != 0)
      row["after_ms"] = f.after_ms;
    if (f.for_ms)
      row["for_ms"] = *f.for_ms;
    if (f.count)
      row["count"] = *f.count;
    if (!f.symbol.empty())
      row["symbol"] = f.symbol;
    if (f.value)
      row["value"] = *f.value;
    if (f.delay_ms)
      row["delay_ms"] = *f.delay_ms;
    if (!f.text.empty())
      row["text"] = f.text;
    if (!f.route.empty())
      row["route"] = f.route;
    if (!f.match.empty())
      row["match"] = f.match;
    for (const auto& [name, text] : f.headers)
      row["headers"][name] = text;
    rows.push_back(std::move(row));
  }
  return rows.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

} // namespace sentio
