#include "core/report/explain.hpp"

#include "core/journal/run_file.hpp"
#include "core/report/number_format.hpp"
#include "core/report/refusal_trace.hpp"
#include "core/report/round_scene.hpp"
#include "core/report/rounds_log.hpp"
#include "core/report/run_setup.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace sentio {

namespace {

time_ms decision_instant(const session_hours& hours, std::string_view clock) {
  const bool shaped =
      clock.size() == 5 && clock[2] == ':' &&
      std::all_of(clock.begin(), clock.end(), [](char c) { return c == ':' || (c >= '0' && c <= '9'); });
  const auto digit = [&](std::size_t at) { return clock[at] - '0'; };
  const int hour = shaped ? 10 * digit(0) + digit(1) : 99;
  const int minute = shaped ? 10 * digit(3) + digit(4) : 99;
  if (hour > 23 || minute > 59)
    throw log_error("\"" + std::string(clock) + "\" is not a time like 10:31");
  return new_york_to_utc(hours.date, hour, minute);
}

std::string fill_text(const fill_record& fill) {
  return fmt::format("{} {} at {} ({}, cost {}{})", to_string(fill.side), fill.shares, to_string(fill.price),
                     new_york_clock(fill.at), to_string(fill.cost()),
                     fill.is_exit ? ", P&L " + signed_dollars(fill.pnl) : std::string());
}

/// The probability is calibrated by itself, so near zero it may lie on the other side of one half than the
/// edge.
std::string contradiction_of(const symbol_signal& signal, const ranking_parameters& ranking) {
  if (!signal.ready || signal.edge_bp == 0 || (signal.edge_bp > 0) == (signal.probability > 0.5))
    return "";
  if (ranking.formula == strength_formula::legacy)
    return "edge and probability point in opposite directions: the probability decides, the edge is not used";
  return "edge and probability point in opposite directions: the edge decides; the probability " +
         (ranking.min_probability > 0
              ? "only bars entries below min_probability " + fixed(ranking.min_probability, 4)
              : std::string("is not used, because min_probability is 0"));
}

symbol_explanation describe(symbol_index symbol, const std::string& name, const round_scene& scene) {
  const ranked_symbol& ranked = scene.round().symbols[symbol];
  symbol_explanation one;
  one.name = name;
  one.fresh = ranked.fresh;
  one.staleness_s = ranked.staleness * 60;
  one.strength = ranked.strength;
  one.edge_bp = ranked.signal.edge_bp;
  one.probability = ranked.signal.probability;
  one.confidence = ranked.signal.confidence;
  const auto& order = scene.round().order;
  if (const auto at = std::find(order.begin(), order.end(), symbol); at != order.end())
    one.rank = static_cast<std::int32_t>(at - order.begin() + 1);
  for (const scene_position& held : scene.positions)
    if (held.symbol == symbol) {
      one.shares = held.shares;
      one.entry_price = held.entry_price;
      one.mark = held.mark;
      one.bars_held = held.bars_held;
      one.rank = held.rank;
      one.strength = held.strength;
      one.action = "HOLD";
      one.reason = "an exit decided earlier is on its way";
    }
  for (const fill_record& fill : scene.fills)
    if (fill.symbol == symbol && fill.decided_at == scene.round().at) {
      one.fills.push_back(fill_text(fill));
      one.action = to_string(fill.kind);
      one.reason = fill.reason;
    }
  if (const auto made = scene.decisions.find(symbol); made != scene.decisions.end()) {
    one.action = to_string(made->second.kind);
    one.reason = made->second.reason;
  }
  return one;
}

} // namespace

explanation explain(const std::filesystem::path& log_directory, civil_date date, std::string_view clock,
                    std::string_view only) {
  const run_description run =
      read_run_file(read_text_file(log_directory / run_file_name), std::string(run_file_name));
  const auto summaries = read_session_summaries(read_text_file(log_directory / sessions_file_name),
                                                std::string(sessions_file_name));
  const auto today = std::find_if(summaries.begin(), summaries.end(),
                                  [&](const session_summary& one) { return one.date == date; });
  const auto hours = session_on(date);
  if (!hours)
    throw log_error(to_string(date) + " is no trading day: " + closed_reason(date));
  if (today == summaries.end())
    throw log_error(to_string(date) + " is not in these logs" +
                    (summaries.empty() ? std::string("; they have no finished session")
                                       : "; they run from " + to_string(summaries.front().date) + " to " +
                                             to_string(summaries.back().date)));
  if (!only.empty())
    index_of(only, run.symbols, "explain");
  const configuration config = run_configuration(run);
  const auto instruments = run_instruments(config, run);
  const bool has_previous = today != summaries.begin() && !run.fresh_daily;
  const civil_date previous = has_previous ? std::prev(today)->date : date;
  const round_scene scene = gather_scene(log_directory, run.symbols, date, has_previous ? &previous : nullptr,
                                         decision_instant(*hours, clock));

  explanation result;
  result.at = scene.round().at;
  result.date = date;
  result.clock = new_york_clock(result.at);
  result.cash = scene.cash;
  result.equity = scene.equity;
  result.drawdown = scene.drawdown;
  result.data_note = run.data_note;
  const std::string deciding = config.ranking.formula == strength_formula::edge ? "edge" : "probability";
  const auto refused =
      trace_refusals(scene, config, instruments, *hours, today->totals.opening_equity, run.capital);
  for (std::size_t s = 0; s < run.symbols.size(); ++s) {
    if (!only.empty() && run.symbols[s] != only)
      continue;
    symbol_explanation one = describe(static_cast<symbol_index>(s), run.symbols[s], scene);
    one.deciding = deciding;
    one.contradiction = contradiction_of(scene.round().symbols[s].signal, config.ranking);
    if (one.action.empty()) {
      one.action = "LEFT";
      for (const refused_entry& entry : refused)
        if (entry.symbol == s) {
          one.rule = entry.rule;
          one.reason = entry.reason;
        }
    }
    result.symbols.push_back(std::move(one));
  }
  return result;
}

std::string explanation_text(const explanation& what) {
  std::string out;
  if (!what.data_note.empty())
    out += "*** " + what.data_note + " ***\n";
  out += fmt::format("{} {} New York: equity {}, cash {}, drawdown {}\n", to_string(what.date), what.clock,
                     dollars(what.equity), dollars(what.cash), percent(what.drawdown, 2));
  for (const symbol_explanation& one : what.symbols) {
    out += fmt::format("\n{:<6} {}{}\n", one.name, one.action, one.rule.empty() ? "" : " (" + one.rule + ")");
    if (!one.reason.empty())
      out += "       why: " + one.reason + "\n";
    out += fmt::format("       rank {}, strength {}, edge {} bp, probability {}, confidence {}{}\n",
                       one.rank > 0 ? std::to_string(one.rank) : "none", fixed(one.strength, 3),
                       fixed(one.edge_bp, 3), fixed(one.probability, 4), fixed(one.confidence, 3),
                       one.fresh ? "" : fmt::format(", last bar {} s old", one.staleness_s));
    if (!one.contradiction.empty())
      out += "       " + one.contradiction + "\n";
    if (one.shares > 0)
      out += fmt::format("       held: {} shares from {}, now {}, {} bars\n", one.shares,
                         to_string(one.entry_price), to_string(one.mark), one.bars_held);
    for (const std::string& fill : one.fills)
      out += "       then: " + fill + "\n";
  }
  return out;
}

std::string explanation_json(const explanation& what) {
  nlohmann::ordered_json out;
  out["timestamp_ms"] = what.at;
  out["session"] = to_string(what.date);
  out["time"] = what.clock;
  out["data_note"] = what.data_note;
  out["equity"] = to_dollars(what.equity);
  out["cash"] = to_dollars(what.cash);
  out["drawdown"] = what.drawdown;
  out["symbols"] = nlohmann::ordered_json::array();
  for (const symbol_explanation& one : what.symbols) {
    nlohmann::ordered_json item;
    item["symbol"] = one.name;
    item["action"] = one.action;
    item["rule"] = one.rule;
    item["reason"] = one.reason;
    item["rank"] = one.rank;
    item["strength"] = one.strength;
    item["edge_bp"] = one.edge_bp;
    item["probability"] = one.probability;
    item["confidence"] = one.confidence;
    item["deciding"] = one.deciding;
    item["contradiction"] = one.contradiction;
    item["fresh"] = one.fresh;
    item["staleness_s"] = one.staleness_s;
    item["shares"] = one.shares;
    item["entry_price"] = to_dollars(one.entry_price);
    item["mark"] = to_dollars(one.mark);
    item["bars_held"] = one.bars_held;
    item["fills"] = one.fills;
    out["symbols"].push_back(std::move(item));
  }
  return out.dump(2) + "\n";
}

} // namespace sentio
