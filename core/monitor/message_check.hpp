// The door of the hub: what an instance says is checked here and nowhere else. A message comes through as a
// copy that has only the contract's fields, each of its type and within its bounds, or not at all.
#pragma once

#include "core/monitor/contract.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sentio {

/// Why a message was refused, in a word that can be a metric's label: too_large, not_json, too_deep,
/// not_a_message, foreign_instance, bad_field or too_many; `detail` names the field.
struct refused_message {
  std::string why;
  std::string detail;
};

/// A JSON object from a text of at most `most_bytes`, nested at most eight deep. Never throws on what the
/// text holds.
std::optional<nlohmann::json> parse_object(std::string_view text, std::size_t most_bytes,
                                           refused_message& refused);

/// 1 to 64 characters of A-Z a-z 0-9 . _ -
bool is_instance_id(std::string_view text);
/// mock, paper, real or finished.
bool is_session_kind(std::string_view word);

/// Of a history, a snapshot or an event of the instance (`type` and `instance` are looked at first). A
/// history's series are left out: their rows are taken one by one by whoever keeps them.
std::optional<nlohmann::json> checked_message(const nlohmann::json& given, const std::string& instance,
                                              refused_message& refused);

/// A number whose size is below 1e15.
std::optional<double> checked_number(const nlohmann::json& value);
/// A whole number from 0 up to below 2100, in milliseconds.
std::optional<time_ms> checked_time(const nlohmann::json& value);
/// A symbol: 1 to 32 printable characters of ASCII.
bool is_symbol_text(const nlohmann::json& value);

} // namespace sentio
