#include "core/tape/tape_text.hpp"

#include "core/tape/codec.hpp"
#include "core/tape/record_order.hpp"
#include "core/tape/sinks.hpp"
#include "core/tape/tape_fields.hpp"

#include <fmt/format.h>

#include <iterator>

namespace sentio {

std::string utc_text(time_ms utc) {
  constexpr time_ms day_ms = 86'400'000;
  std::int64_t days = utc / day_ms;
  std::int64_t rest = utc % day_ms;
  if (rest < 0) {
    rest += day_ms;
    --days;
  }
  constexpr std::int64_t most_days = 3'000'000; // beyond year 9999 a date says nothing
  if (days > most_days || days < -most_days)
    return std::to_string(utc) + "ms";
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", to_string(date_from_days(days)), rest / 3'600'000,
                     rest / 60'000 % 60, rest / 1000 % 60, rest % 1000);
}

bool tape_printer::take(const tape_record& record) {
  if (!decode(record.kind, record.payload, payload_))
    return false;
  if (const auto* header = std::get_if<tape_header>(&payload_))
    names_ = header->run.symbols;
  return true;
}

std::optional<std::string> tape_printer::text_line(const tape_record& record) {
  if (!take(record))
    return std::nullopt;
  std::string line = fmt::format("{} {} {}", record.sequence, utc_text(record.time), to_string(record.kind));
  text_sink sink(line, names_);
  describe(sink, payload_);
  return line;
}

std::optional<std::string> tape_printer::json_line(const tape_record& record) {
  if (!take(record))
    return std::nullopt;
  std::string line = fmt::format(
      R"({{"sequence":{},"time_ms":{},"kind":"{}","output":{},"byte":{},"payload":{{)", record.sequence,
      record.time, to_string(record.kind), is_output(record.kind), record.position);
  json_sink sink(line, names_, true);
  describe(sink, payload_);
  line.append("}}");
  return line;
}

tape_summary verify_tape(const std::filesystem::path& path) {
  tape_reader reader(path);
  tape_summary summary;
  chain_value chain = reader.chain();
  tape_record record;
  record_payload payload;
  record_order order;
  while (summary.fault == tape_fault::none && reader.next(record) == read_status::record) {
    if (const auto wrong = order.take(record, payload); !wrong.empty()) {
      summary.fault = tape_fault::malformed;
      summary.error = reader.place(record) + ": " + wrong;
    } else {
      summary.records = reader.records();
      summary.bytes = reader.position();
      chain = reader.chain();
      ++summary.kinds[record.kind];
      if (const auto* session = std::get_if<session_hours>(&payload)) {
        summary.last_session = to_string(session->date);
        if (summary.sessions++ == 0)
          summary.first_session = summary.last_session;
      }
    }
  }
  if (summary.fault == tape_fault::none) {
    summary.fault = reader.fault();
    summary.error = reader.error();
  }
  summary.good = summary.fault == tape_fault::none;
  summary.chain = to_hex(chain);
  return summary;
}

std::string summary_text(const tape_summary& summary) {
  std::string text;
  if (!summary.good)
    text += summary.error + "\nBefore that:\n";
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "{} records, {} bytes, {} sessions", summary.records, summary.bytes, summary.sessions);
  if (summary.sessions > 0)
    fmt::format_to(out, " ({} to {})", summary.first_session, summary.last_session);
  text += '\n';
  for (const auto& [kind, count] : summary.kinds)
    fmt::format_to(out, "  {:<15}{:>12}  {}\n", to_string(kind), count, is_output(kind) ? "output" : "input");
  fmt::format_to(out, "chain {}\n", summary.chain);
  text += summary.good ? "The tape is complete and unaltered.\n" : "The tape is REFUSED.\n";
  return text;
}

std::string summary_json(const tape_summary& summary) {
  std::string json = "{";
  json_sink sink(json, {}, true);
  sink.flag("good", summary.good);
  sink.word("fault", to_string(summary.fault));
  sink.text("error", summary.error);
  sink.count("records", summary.records);
  sink.count("bytes", summary.bytes);
  sink.count("sessions", summary.sessions);
  sink.word("first_session", summary.first_session);
  sink.word("last_session", summary.last_session);
  sink.word("chain", summary.chain);
  json += ",\"kinds\":{";
  json_sink kinds(json, {}, true);
  for (const auto& [kind, count] : summary.kinds)
    kinds.count(to_string(kind), count);
  json += "}}";
  return json;
}

} // namespace sentio
