// Takes the named fields of a record: one description of every payload serves text and JSON.
#pragma once

#include "core/account/money.hpp"
#include "core/market/bar.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

namespace sentio {

class field_sink {
public:
  virtual ~field_sink() = default;

  virtual void text(std::string_view key, std::string_view value) = 0;
  /// Names of symbols and enumerators, which need no quotes.
  virtual void word(std::string_view key, std::string_view value) = 0;
  virtual void integer(std::string_view key, std::int64_t value) = 0;
  virtual void count(std::string_view key, std::uint64_t value) = 0;
  /// Any double; shown with enough digits to tell it from every other.
  virtual void number(std::string_view key, double value) = 0;
  virtual void numbers(std::string_view key, std::span<const double> values) = 0;
  virtual void decimal(std::string_view key, money value) = 0;
  virtual void flag(std::string_view key, bool value) = 0;
  /// An instant, UTC.
  virtual void time(std::string_view key, time_ms value) = 0;
  virtual void symbol(std::string_view key, symbol_index value) = 0;
  virtual void symbols(std::string_view key, std::span<const symbol_index> values) = 0;
  virtual void words(std::string_view key, std::span<const std::string> values) = 0;
  /// A text too long for a line of a terminal.
  virtual void document(std::string_view key, std::string_view value) = 0;
  /// Bytes that are shown by their size and CRC-32.
  virtual void bytes(std::string_view key, std::string_view value) = 0;
  /// A list of structures: `describe` gives the fields of number i.
  virtual void rows(std::string_view key, std::size_t size,
                    const std::function<void(std::size_t)>& describe) = 0;
};

} // namespace sentio
