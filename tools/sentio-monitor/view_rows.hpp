// What the screens show, read from the messages of tools/sentio-hub/web/contract.md: the same names and
// units. A number that is unknown is NaN, a time that is unknown 0. Every text is safe for a terminal.
#pragma once

#include "core/monitor/contract.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sentio {

inline constexpr double unknown_number = std::numeric_limits<double>::quiet_NaN();
inline constexpr std::size_t most_instances = 500; ///< of a hub

struct instance_row {
  std::string id; ///< 1 to 64 characters of A-Z a-z 0-9 . _ -
  std::string name;
  std::string kind;
  bool connected = false;
  std::int64_t since = 0;
};

struct session_row {
  std::string date, phase, kind, data_note;
  std::int64_t venue_time = 0, open = 0, liquidation = 0, close = 0;
};

struct account_row {
  double equity = unknown_number, cash = unknown_number, opening_equity = unknown_number;
  double pnl = unknown_number, drawdown = unknown_number, max_drawdown = unknown_number;
  bool halted = false, paused = false;
  std::string halt_reason;
};

struct position_row {
  std::string symbol;
  double shares = unknown_number, entry_price = unknown_number, mark = unknown_number;
  double unrealized = unknown_number, rank = unknown_number, strength = unknown_number;
  double bars_held = unknown_number;
};

struct ranking_row {
  std::string symbol, barred;
  double rank = unknown_number, strength = unknown_number, probability = unknown_number;
  double confidence = unknown_number, edge_bp = unknown_number, sigma_bp = unknown_number;
  double staleness_s = unknown_number, close = unknown_number;
  bool fresh = false, held = false;
};

struct actor_row {
  std::string name, role, symbol, state, last_error;
  double mailbox = unknown_number, messages = unknown_number, rate = unknown_number;
  double p50_us = unknown_number, p99_us = unknown_number, restarts = unknown_number;
};

struct learner_row {
  std::string symbol;
  double probability = unknown_number, confidence = unknown_number, accuracy = unknown_number;
  double leverage = unknown_number, p_min = unknown_number, p_max = unknown_number, bars = unknown_number;
};

struct latency_row {
  double p50_ms = unknown_number, p99_ms = unknown_number, orders = unknown_number;
};

struct event_row {
  std::int64_t at = 0;
  std::string kind, symbol, actor, text;
};

/// A list that a message may leave out when nothing changed.
template <class Row>
using maybe_rows = std::optional<std::vector<Row>>;

/// The `snapshot` message: what it left out is empty.
struct snapshot_rows {
  std::int64_t at = 0;
  std::optional<session_row> session;
  std::optional<account_row> account;
  std::vector<position_row> positions;
  std::int64_t ranking_at = 0;
  maybe_rows<ranking_row> ranking;
  maybe_rows<actor_row> actors;
  maybe_rows<learner_row> learners;
  std::optional<latency_row> latency;
  maybe_rows<std::pair<std::string, double>> counters;
};

/// The parts of the `history` message that a terminal shows.
struct history_rows {
  std::string date;
  std::vector<std::pair<std::int64_t, double>> equity; ///< ascending times
  std::vector<event_row> events;                       ///< ascending times
};

/// A JSON object of at most longest_hub_text bytes and eight levels, or nothing.
std::optional<nlohmann::json> parse_hub_text(std::string_view text);

// Readers of objects that parse_hub_text gave: a field of the wrong type counts as unknown, lists and texts
// are cut at the limits of the contract. None of them throws for what the object holds.
std::string read_text(const nlohmann::json& object, const char* field);
double read_number(const nlohmann::json& object, const char* field);
std::int64_t read_time(const nlohmann::json& object, const char* field);
/// Rows whose id is none are left out.
std::vector<instance_row> read_instances(const nlohmann::json& message);
snapshot_rows read_snapshot(const nlohmann::json& message);
history_rows read_history(const nlohmann::json& message);
/// Empty without a time.
std::optional<event_row> read_event(const nlohmann::json& message);

} // namespace sentio
