#include "core/alpaca/polygon.hpp"

#include "core/alpaca/json_fields.hpp"
#include "core/alpaca/url_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace sentio::polygon {

namespace {

using alpaca::field_reader;
using alpaca::json_document;
using alpaca::json_value;

void add_minute(alpaca::stream_frame& frame, const json_value& element) {
  field_reader read(element);
  alpaca::stream_bar out;
  out.symbol = read.text("sym");
  out.value.label = read.unix_time("s");
  out.value.open = read.number("o");
  out.value.high = read.number("h");
  out.value.low = read.number("l");
  out.value.close = read.number("c");
  out.value.volume = read.number("v");
  if (read.good() && !out.symbol.empty())
    frame.events.emplace_back(std::move(out));
  else
    ++frame.bad;
}

void add_luld(alpaca::stream_frame& frame, const json_value& element) {
  field_reader read(element);
  alpaca::stream_luld out;
  out.symbol = read.text("T");
  out.limit_up = read.number("h");
  out.limit_down = read.number("l");
  out.at = read.unix_time("t");
  if (read.good() && !out.symbol.empty())
    frame.events.emplace_back(std::move(out));
  else
    ++frame.bad;
}

/// "subscribed to: AM.TQQQ,LULD.TQQQ"; false when it is something else.
bool read_topics(std::string_view message, alpaca::stream_subscription& out) {
  constexpr std::string_view opening = "subscribed to: ";
  if (!message.starts_with(opening))
    return false;
  message.remove_prefix(opening.size());
  while (!message.empty()) {
    const auto topic = message.substr(0, message.find(','));
    message.remove_prefix(std::min(topic.size() + 1, message.size()));
    if (topic.starts_with("AM."))
      out.bars.emplace_back(topic.substr(3));
    else if (topic.starts_with("LULD."))
      out.lulds.emplace_back(topic.substr(5));
  }
  return !out.bars.empty() || !out.lulds.empty();
}

void add_status(alpaca::stream_frame& frame, const json_value& element) {
  field_reader read(element);
  const std::string status = read.text("status");
  const std::string message = read.text_or_empty("message");
  alpaca::stream_subscription topics;
  if (!read.good())
    ++frame.bad;
  else if (status == "connected")
    frame.events.emplace_back(alpaca::stream_connected{});
  else if (status == "auth_success")
    frame.events.emplace_back(alpaca::stream_authenticated{});
  else if (status == "success" && read_topics(message, topics))
    frame.events.emplace_back(std::move(topics));
  else if (status == "error")
    frame.events.emplace_back(alpaca::stream_error{400, message});
  else if (status == "auth_failed")
    frame.events.emplace_back(alpaca::stream_error{402, message});
  else if (status == "auth_timeout")
    frame.events.emplace_back(alpaca::stream_error{404, message});
  else if (status == "max_connections")
    frame.events.emplace_back(alpaca::stream_error{406, message});
  else
    ++frame.unknown;
}

} // namespace

alpaca::stream_frame parse_stream_frame(std::string_view text) {
  alpaca::stream_frame frame;
  const json_document document(text);
  if (!document.root().is_list()) {
    frame.malformed = true;
    return frame;
  }
  for (const json_value& element : document.root()) {
    const json_value* const type = alpaca::member(element, "ev");
    if (!type || !type->is_text())
      ++frame.bad;
    else if (type->says("AM"))
      add_minute(frame, element);
    else if (type->says("LULD"))
      add_luld(frame, element);
    else if (type->says("status"))
      add_status(frame, element);
    else
      ++frame.unknown;
  }
  return frame;
}

std::string authentication_message(std::string_view key) {
  nlohmann::ordered_json message;
  message["action"] = "auth";
  message["params"] = key;
  return message.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string subscription_message(const std::vector<std::string>& symbols) {
  std::string topics;
  for (const auto& symbol : symbols)
    topics += (topics.empty() ? "AM." : ",AM.") + symbol;
  nlohmann::ordered_json message;
  message["action"] = "subscribe";
  message["params"] = topics;
  return message.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

alpaca::parsed<alpaca::bar_page> parse_aggregates(std::string_view body, std::string_view symbol) {
  const json_document document(body);
  field_reader read(document.root());
  if (read.text_or_empty("status") == "ERROR")
    read.complain("status is ERROR: " + read.text_or_empty("error"));
  alpaca::bar_page page;
  page.next_page_token = read.text_or_empty("next_url");
  const json_value* const results = alpaca::member(document.root(), "results");
  if (results && !results->is_list())
    read.complain("results is no list");
  // Without any aggregate the word is left out, but then the counts or the ticker stand there.
  if (!results && read.good() && !document.root().has("resultsCount") && !document.root().has("ticker"))
    read.complain("results is missing");
  if (!read.good())
    return {std::nullopt, read.problem()};
  if (!results)
    return {std::move(page), {}};
  for (const json_value& element : *results) {
    field_reader row(element);
    bar value;
    value.label = row.unix_time("t");
    value.open = row.number("o");
    value.high = row.number("h");
    value.low = row.number("l");
    value.close = row.number("c");
    value.volume = row.number("v");
    if (row.good())
      page.bars.push_back({std::string(symbol), value});
    else
      ++page.bad;
  }
  return {std::move(page), {}};
}

std::string aggregates_target(std::string_view symbol, civil_date first, civil_date last, bool adjusted) {
  return "/v2/aggs/ticker/" + alpaca::url_encoded(symbol) + "/range/1/minute/" + to_string(first) + "/" +
         to_string(last) + "?adjusted=" + (adjusted ? "true" : "false") + "&sort=asc&limit=50000";
}

} // namespace sentio::polygon
