// The market-data stream (shared specification, sections 1.2 to 1.4).
#include "core/alpaca/json_fields.hpp"
#include "core/alpaca/wire.hpp"

namespace sentio::alpaca {

namespace {

/// What a status code says about trading (section 1.4). Price and imbalance indications (5 to 9, A, C, D),
/// the short sale restriction (E) and codes we do not know leave a halt, or its absence, as it is: empty.
std::optional<bool> halted_after(std::string_view code) {
  // UTP: halt, volatility pause, quotation resumed but not trading. CTA: halt, LULD.
  for (const std::string_view halt : {"H", "P", "Q", "2", "F"})
    if (code == halt)
      return true;
  if (code == "T" || code == "3") // trading resumed
    return false;
  return std::nullopt;
}

void add_bar(stream_frame& frame, const json_value& element, bool revision) {
  field_reader read(element);
  stream_bar out;
  out.symbol = read.text("S");
  out.value.label = read.time("t");
  out.value.open = read.number("o");
  out.value.high = read.number("h");
  out.value.low = read.number("l");
  out.value.close = read.number("c");
  out.value.volume = read.number("v");
  out.revision = revision;
  if (read.good() && !out.symbol.empty())
    frame.events.emplace_back(std::move(out));
  else
    ++frame.bad;
}

void add_status(stream_frame& frame, const json_value& element) {
  field_reader read(element);
  stream_status out;
  out.symbol = read.text("S");
  out.code = read.text("sc");
  out.reason = read.text_or_empty("rc");
  out.at = read.time("t");
  const auto halted = halted_after(out.code);
  if (!read.good() || out.symbol.empty()) {
    ++frame.bad;
  } else if (!halted) {
    ++frame.unknown;
  } else {
    out.halted = *halted;
    frame.events.emplace_back(std::move(out));
  }
}

void add_luld(stream_frame& frame, const json_value& element) {
  field_reader read(element);
  stream_luld out;
  out.symbol = read.text("S");
  out.limit_up = read.number("u");
  out.limit_down = read.number("d");
  out.at = read.time("t");
  if (read.good() && !out.symbol.empty())
    frame.events.emplace_back(std::move(out));
  else
    ++frame.bad;
}

void add_success(stream_frame& frame, const json_value& element) {
  field_reader read(element);
  const std::string said = read.text("msg");
  if (said == "connected")
    frame.events.emplace_back(stream_connected{});
  else if (said == "authenticated")
    frame.events.emplace_back(stream_authenticated{});
  else
    ++(read.good() ? frame.unknown : frame.bad);
}

void add_subscription(stream_frame& frame, const json_value& element) {
  frame.events.emplace_back(
      stream_subscription{as_texts(member(element, "bars")), as_texts(member(element, "updatedBars")),
                          as_texts(member(element, "statuses")), as_texts(member(element, "lulds"))});
}

void add_error(stream_frame& frame, const json_value& element) {
  field_reader read(element);
  const auto code = read.whole("code");
  if (read.good() && code >= 0 && code <= 99'999'999)
    frame.events.emplace_back(stream_error{static_cast<int>(code), read.text_or_empty("msg")});
  else
    ++frame.bad;
}

void add_element(stream_frame& frame, const json_value& element) {
  const json_value* const type = member(element, "T");
  if (!type || !type->is_text()) {
    ++frame.bad;
    return;
  }
  const std::string_view name = type->letters;
  if (name == "b")
    add_bar(frame, element, false);
  else if (name == "u")
    add_bar(frame, element, true);
  else if (name == "s")
    add_status(frame, element);
  else if (name == "l")
    add_luld(frame, element);
  else if (name == "success")
    add_success(frame, element);
  else if (name == "subscription")
    add_subscription(frame, element);
  else if (name == "error")
    add_error(frame, element);
  else
    ++frame.unknown;
}

} // namespace

stream_frame parse_stream_frame(std::string_view text) {
  stream_frame frame;
  const json_document document(text);
  if (!document.root().is_list()) {
    frame.malformed = true;
    return frame;
  }
  for (const json_value& element : document.root())
    add_element(frame, element);
  return frame;
}

} // namespace sentio::alpaca
