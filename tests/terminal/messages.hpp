// Messages of the contract, made up for the tests.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>

namespace sentio::test {

using nlohmann::json;

inline constexpr std::int64_t open_time = 1'764'599'400'000; ///< 2025-12-01 09:30 New York

inline json instances_list() {
  return {
      {{"id", "desk-1"},
       {"name", "desk-1 paper"},
       {"kind", "paper"},
       {"connected", true},
       {"since", open_time}},
      {{"id", "lab"}, {"name", "laboratory"}, {"kind", "mock"}, {"connected", false}, {"since", open_time}}};
}

inline json hello() {
  return {{"type", "hello"},
          {"protocol", 1},
          {"version", "0.1.0"},
          {"at", open_time},
          {"instances", instances_list()}};
}

inline json ranking_entry(const std::string& symbol, int rank, double strength, const std::string& barred) {
  return {{"symbol", symbol},   {"rank", rank},    {"strength", strength}, {"probability", 0.61},
          {"confidence", 0.42}, {"edge_bp", 1.25}, {"sigma_bp", 8.5},      {"staleness_s", 1},
          {"fresh", true},      {"close", 69.73},  {"held", rank == 1},    {"barred", barred}};
}

inline json actor(const std::string& name, const std::string& role, const std::string& state,
                  const std::string& error) {
  return {{"name", name},
          {"role", role},
          {"symbol", role == "symbol" ? name : ""},
          {"state", state},
          {"mailbox", 3},
          {"messages", 12'345},
          {"rate", 17.5},
          {"handler_p50_us", 2.5},
          {"handler_p99_us", 1'250},
          {"restarts", error.empty() ? 0 : 2},
          {"last_error", error}};
}

/// A whole snapshot of desk-1, 61 minutes after the open.
inline json snapshot() {
  const std::int64_t at = open_time + 61 * 60'000 + 5'000;
  json out{{"type", "snapshot"}, {"instance", "desk-1"}, {"at", at}, {"ranking_at", at - 5'000}};
  out["session"] = {{"date", "2025-12-01"},
                    {"phase", "open"},
                    {"venue_time", at},
                    {"open", open_time},
                    {"liquidation", open_time + 388 * 60'000},
                    {"close", open_time + 390 * 60'000},
                    {"kind", "paper"},
                    {"data_note", ""}};
  out["account"] = {{"equity", 100'123.45}, {"cash", 4'321.10},   {"opening_equity", 100'000},
                    {"pnl", 123.45},        {"drawdown", 0.0012}, {"max_drawdown", 0.0034},
                    {"halted", false},      {"halt_reason", ""},  {"paused", false}};
  out["positions"] = {{{"symbol", "TQQQ"},
                       {"shares", 453},
                       {"entry_price", 69.5},
                       {"mark", 69.73},
                       {"unrealized", 104.19},
                       {"rank", 1},
                       {"strength", 2.31},
                       {"bars_held", 12}}};
  out["ranking"] = {ranking_entry("SQQQ", 0, -1.5, "not_ready"), ranking_entry("TQQQ", 1, 2.31, "none"),
                    ranking_entry("SSO", 2, 0.84, "none")};
  out["actors"] = {actor("feed", "feed", "up", ""), actor("TQQQ", "symbol", "up", ""),
                   actor("SQQQ", "symbol", "restarting", "the bar of 10:30 has no close")};
  out["learners"] = {{{"symbol", "TQQQ"},
                      {"probability", 0.61},
                      {"confidence", 0.42},
                      {"directional_accuracy", 0.534},
                      {"leverage", 0.0123},
                      {"p_min", 1.2e-5},
                      {"p_max", 0.98},
                      {"bars", 7'800}}};
  out["latency"] = {{"p50_ms", 0.38}, {"p99_ms", 0.57}, {"orders", 25}};
  out["counters"] = {{"refused_bars", 2}, {"late_bars", 0}};
  return out;
}

inline json event(std::int64_t at, const std::string& kind, const std::string& text) {
  return {{"type", "event"}, {"instance", "desk-1"}, {"at", at},
          {"kind", kind},    {"symbol", "TQQQ"},     {"text", text}};
}

inline json history() {
  json points = json::array();
  json events = json::array();
  for (int minute = 1; minute <= 60; ++minute)
    points.push_back({open_time + minute * 60'000, 100'000 + minute * 2, 0.001});
  events.push_back(event(open_time + 60'000, "fill", "ENTER buy 453 at 69.50"));
  events.push_back(event(open_time + 120'000, "fault", "the feed is down"));
  return {{"type", "history"},        {"instance", "desk-1"},   {"date", "2025-12-01"}, {"equity", points},
          {"prices", json::object()}, {"marks", json::array()}, {"events", events}};
}

} // namespace sentio::test
