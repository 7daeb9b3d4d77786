// The two ways to show the fields of a record.
#pragma once

#include "core/journal/line_writer.hpp"
#include "core/tape/field_sink.hpp"

#include <span>
#include <string>

namespace sentio {

/// "key=value key=value": texts in quotes, lists in brackets.
class text_sink final : public field_sink {
public:
  text_sink(std::string& out, std::span<const std::string> names) : out_(out), names_(names) {}

  void text(std::string_view key, std::string_view value) override;
  void word(std::string_view key, std::string_view value) override;
  void integer(std::string_view key, std::int64_t value) override;
  void count(std::string_view key, std::uint64_t value) override;
  void number(std::string_view key, double value) override;
  void numbers(std::string_view key, std::span<const double> values) override;
  void decimal(std::string_view key, money value) override;
  void flag(std::string_view key, bool value) override;
  void time(std::string_view key, time_ms value) override;
  void symbol(std::string_view key, symbol_index value) override;
  void symbols(std::string_view key, std::span<const symbol_index> values) override;
  void words(std::string_view key, std::span<const std::string> values) override;
  void document(std::string_view key, std::string_view value) override;
  void bytes(std::string_view key, std::string_view value) override;
  void rows(std::string_view key, std::size_t size,
            const std::function<void(std::size_t)>& describe) override;

private:
  std::string& begin(std::string_view key);

  std::string& out_;
  std::span<const std::string> names_;
};

/// The members of a JSON object; the caller opens and closes it.
class json_sink final : public field_sink {
public:
  /// `first`: whether the object is still empty.
  json_sink(std::string& out, std::span<const std::string> names, bool first)
      : out_(out), names_(names), first_(first) {}

  void text(std::string_view key, std::string_view value) override;
  void word(std::string_view key, std::string_view value) override;
  void integer(std::string_view key, std::int64_t value) override;
  void count(std::string_view key, std::uint64_t value) override;
  void number(std::string_view key, double value) override;
  void numbers(std::string_view key, std::span<const double> values) override;
  void decimal(std::string_view key, money value) override;
  void flag(std::string_view key, bool value) override;
  void time(std::string_view key, time_ms value) override;
  void symbol(std::string_view key, symbol_index value) override;
  void symbols(std::string_view key, std::span<const symbol_index> values) override;
  void words(std::string_view key, std::span<const std::string> values) override;
  void document(std::string_view key, std::string_view value) override;
  void bytes(std::string_view key, std::string_view value) override;
  void rows(std::string_view key, std::size_t size,
            const std::function<void(std::size_t)>& describe) override;

private:
  std::string& begin(std::string_view key);
  void append_number(double value);

  std::string& out_;
  std::span<const std::string> names_;
  bool first_;
};

/// "TQQQ", or "#7" for an index that the header does not name.
std::string symbol_name(std::span<const std::string> names, symbol_index symbol);

} // namespace sentio
