#include "core/journal/run_file.hpp"

#include "core/journal/line_writer.hpp"
#include "core/journal/log_reader.hpp"

#include <nlohmann/json.hpp>
#include <simdjson.h>

#include <algorithm>

namespace sentio {

namespace {

using json = nlohmann::json;

constexpr auto refusal_count = static_cast<std::size_t>(refusal::count_);

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

json parse_object(std::string_view text, const std::string& place) {
  json value = json::parse(text, nullptr, false);
  if (!value.is_object())
    throw log_error(place + ": not a whole JSON object");
  return value;
}

/// Reads a field of `from`; a wrong type is a sentence with its place.
template <class Value>
Value field(const json& from, const char* key, const std::string& place) {
  const auto found = from.find(key);
  if (found == from.end())
    throw log_error(place + ": field " + key + " is missing");
  try {
    return found->get<Value>();
  } catch (const json::exception&) {
    throw log_error(place + ": field " + key + " is " + found->dump() + ", which is of the wrong type");
  }
}

civil_date date_field(const std::string& text, const std::string& place) {
  const auto date = parse_date(text);
  if (!date)
    throw log_error(place + ": \"" + text + "\" is not a day like 2025-06-03");
  return *date;
}

void append_list(std::string& out, const std::vector<std::string>& words) {
  out += '[';
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0)
      out.append(", ");
    append_json_text(out, words[i]);
  }
  out += ']';
}

/// The configuration as it stands in the file, so that its bytes survive the round trip.
std::string raw_configuration(std::string_view text, const std::string& file) {
  simdjson::ondemand::parser parser;
  const simdjson::padded_string padded(text);
  simdjson::ondemand::document document;
  simdjson::ondemand::object object;
  std::string_view raw;
  if (parser.iterate(padded).get(document) || document["configuration"].get_object().get(object) ||
      object.raw_json().get(raw))
    throw log_error(file + ": field configuration is missing or not an object");
  return std::string(trimmed(raw));
}

} // namespace

std::string write_run_file(const run_description& run) {
  std::string out = "{\n";
  const auto key = [&](const char* name, bool first = false) {
    out.append(first ? "  \"" : ",\n  \"").append(name).append("\": ");
  };
  char room[number_text_room];
  key("title", true);
  append_json_text(out, run.title);
  key("data_note");
  append_json_text(out, run.data_note);
  key("symbols");
  append_list(out, run.symbols);
  key("capital");
  out.append(room, write_micros(room, run.capital.micros));
  key("seed");
  out += std::to_string(run.seed);
  key("session_tag");
  append_json_text(out, run.session_tag);
  key("fresh_daily");
  out += run.fresh_daily ? "true" : "false";
  key("sessions");
  std::vector<std::string> days;
  for (const civil_date& day : run.sessions)
    days.push_back(to_string(day));
  append_list(out, days);
  if (!run.data_warnings.empty()) {
    key("data_warnings");
    append_list(out, run.data_warnings);
  }
  key("warmup");
  out += "{\"sessions\": " + std::to_string(run.warmup.sessions) +
         ", \"bars\": " + std::to_string(run.warmup.bars) + ", \"thresholds\": [";
  for (std::size_t i = 0; i < run.warmup.shares.size(); ++i) {
    const threshold_share& share = run.warmup.shares[i];
    out += i ? ",\n    {\"key\": " : "\n    {\"key\": ";
    append_json_text(out, share.key);
    out +=
        ", \"passed\": " + std::to_string(share.passed) + ", \"seen\": " + std::to_string(share.seen) + "}";
  }
  out += "]}";
  key("configuration");
  out.append(trimmed(run.config_json));
  out += "\n}\n";
  return out;
}

run_description read_run_file(std::string_view text, const std::string& file) {
  const json root = parse_object(text, file);
  run_description run;
  run.title = field<std::string>(root, "title", file);
  run.data_note = field<std::string>(root, "data_note", file);
  run.symbols = field<std::vector<std::string>>(root, "symbols", file);
  if (run.symbols.empty() || !std::is_sorted(run.symbols.begin(), run.symbols.end()))
    throw log_error(file + ": field symbols must list at least one symbol, sorted");
  run.capital = from_dollars(field<double>(root, "capital", file));
  if (run.capital.micros <= 0)
    throw log_error(file + ": field capital must be above 0");
  run.seed = field<std::uint64_t>(root, "seed", file);
  run.session_tag = field<std::string>(root, "session_tag", file);
  run.fresh_daily = field<bool>(root, "fresh_daily", file);
  for (const auto& day : field<std::vector<std::string>>(root, "sessions", file))
    run.sessions.push_back(date_field(day, file + ": field sessions"));
  if (root.contains("data_warnings")) // written only when there are some
    run.data_warnings = field<std::vector<std::string>>(root, "data_warnings", file);
  const json warmup = field<json>(root, "warmup", file);
  run.warmup.sessions = field<std::uint32_t>(warmup, "sessions", file + ": warmup");
  run.warmup.bars = field<std::uint64_t>(warmup, "bars", file + ": warmup");
  for (const json& share : field<std::vector<json>>(warmup, "thresholds", file + ": warmup")) {
    const std::string place = file + ": warmup.thresholds";
    run.warmup.shares.push_back({field<std::string>(share, "key", place),
                                 field<std::uint64_t>(share, "passed", place),
                                 field<std::uint64_t>(share, "seen", place)});
  }
  run.config_json = raw_configuration(text, file);
  return run;
}

namespace {

/// Only where there is one: most sessions have none.
void append_latches(line_writer& line, const std::vector<session_latch>& latches) {
  if (latches.empty())
    return;
  std::string& list = line.nested("latches");
  for (std::size_t i = 0; i < latches.size(); ++i) {
    const session_latch& latch = latches[i];
    list += i == 0 ? '[' : ',';
    line_writer one(list);
    one.word("rule", to_string(latch.rule));
    one.text("reason", latch.reason);
    one.integer("at_ms", latch.at);
    one.integer("since_ms", latch.since);
    one.integer("until_ms", latch.until);
    one.end_object();
  }
  list += ']';
}

std::vector<session_latch> read_latches(const json& line, const std::string& place) {
  std::vector<session_latch> latches;
  if (!line.contains("latches")) // none, or of an earlier version
    return latches;
  for (const json& one : field<std::vector<json>>(line, "latches", place)) {
    const std::string here = place + ": latches";
    const auto name = field<std::string>(one, "rule", here);
    std::size_t rule = 0;
    while (rule < static_cast<std::size_t>(latch_rule::count_) &&
           name != to_string(static_cast<latch_rule>(rule)))
      ++rule;
    if (rule == static_cast<std::size_t>(latch_rule::count_))
      throw log_error(here + " names an unknown rule \"" + name +
                      "\"; known are drawdown, equity_floor, overdrawn and halted");
    latches.push_back({static_cast<latch_rule>(rule), field<std::string>(one, "reason", here),
                       field<time_ms>(one, "at_ms", here), field<time_ms>(one, "since_ms", here),
                       field<time_ms>(one, "until_ms", here)});
  }
  return latches;
}

} // namespace

void append_session_summary(std::string& out, const session_summary& summary) {
  const session_totals& totals = summary.totals;
  const auto whole = [](std::uint64_t count) { return static_cast<std::int64_t>(count); };
  line_writer line(out);
  line.word("session", to_string(summary.date));
  line.decimal("opening_equity", totals.opening_equity);
  line.decimal("closing_equity", totals.closing_equity);
  line.decimal("spread_cost", totals.spread_cost);
  line.decimal("fees", totals.fees);
  line.integer("fills", whole(totals.fills));
  line.integer("rounds", whole(totals.rounds));
  line.integer("rotations", whole(totals.rotations));
  line.integer("entries", whole(totals.entries));
  line.integer("exits", whole(totals.exits));
  line.integer("cut_to_cash", whole(totals.cut_to_cash));
  line.integer("dropped_dependents", whole(totals.dropped_dependents));
  line.boolean("flat", totals.flat);
  append_latches(line, totals.latches);
  line_writer refused(line.nested("refused"));
  for (std::size_t i = 0; i < refusal_count; ++i)
    refused.integer(to_string(static_cast<refusal>(i)),
                    i < totals.refused.size() ? whole(totals.refused[i]) : 0);
  refused.end_object();
  std::string& counters = line.nested("counters");
  counters += '{';
  for (std::size_t i = 0; i < summary.counters.size(); ++i) {
    if (i > 0)
      counters += ',';
    append_json_text(counters, summary.counters[i].first);
    counters += ':' + std::to_string(summary.counters[i].second);
  }
  counters += '}';
  line.end_line();
}

namespace {

session_summary read_summary(std::string_view text, const std::string& place) {
  const auto root = nlohmann::ordered_json::parse(text, nullptr, false);
  if (!root.is_object())
    throw log_error(place + ": not a whole JSON object");
  const json plain = json(root);
  session_summary summary;
  session_totals& totals = summary.totals;
  const auto amount = [&](const char* key) { return from_dollars(field<double>(plain, key, place)); };
  const auto count = [&](const char* key) { return field<std::uint64_t>(plain, key, place); };
  summary.date = date_field(field<std::string>(plain, "session", place), place);
  totals.opening_equity = amount("opening_equity");
  totals.closing_equity = amount("closing_equity");
  totals.spread_cost = amount("spread_cost");
  totals.fees = amount("fees");
  totals.fills = count("fills");
  totals.rounds = count("rounds");
  totals.rotations = count("rotations");
  totals.entries = count("entries");
  totals.exits = count("exits");
  totals.cut_to_cash = count("cut_to_cash");
  totals.dropped_dependents = count("dropped_dependents");
  totals.flat = field<bool>(plain, "flat", place);
  totals.latches = read_latches(plain, place);
  totals.refused.assign(refusal_count, 0);
  const json refused = field<json>(plain, "refused", place);
  for (const auto& [key, value] : refused.items()) {
    std::size_t rule = 0;
    while (rule < refusal_count && key != to_string(static_cast<refusal>(rule)))
      ++rule;
    if (rule == refusal_count)
      throw log_error(place + ": refused names an unknown rule \"" + key + "\"");
    totals.refused[rule] = field<std::uint64_t>(refused, key.c_str(), place + ": refused");
  }
  const auto counters = root.find("counters");
  if (counters == root.end() || !counters->is_object())
    throw log_error(place + ": field counters is missing or not an object");
  for (const auto& [key, value] : counters->items())
    summary.counters.emplace_back(key,
                                  field<std::uint64_t>(json(*counters), key.c_str(), place + ": counters"));
  return summary;
}

} // namespace

std::vector<session_summary> read_session_summaries(std::string_view text, const std::string& file) {
  std::vector<session_summary> all;
  std::size_t line = 0;
  while (!text.empty()) {
    const std::string place = file + ":" + std::to_string(++line);
    const std::size_t stop = text.find('\n');
    if (stop == std::string_view::npos)
      throw log_error(place + ": the line has no end; the file was cut off");
    all.push_back(read_summary(text.substr(0, stop), place));
    if (all.size() > 1 && !(all[all.size() - 2].date < all.back().date))
      throw log_error(place + ": session " + to_string(all.back().date) + " does not come after " +
                      to_string(all[all.size() - 2].date));
    text.remove_prefix(stop + 1);
  }
  return all;
}

} // namespace sentio
