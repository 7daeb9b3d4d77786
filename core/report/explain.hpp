// Why each symbol was bought, held, sold or left in one round, recomputed from the logs with the portfolio's
// own rules.
#pragma once

#include "core/account/money.hpp"
#include "core/journal/log_reader.hpp"
#include "core/market/calendar.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

struct symbol_explanation {
  std::string name;
  std::string
      action; ///< ENTER, HOLD, EXIT, ROTATE_OUT, ..., or LEFT for a symbol that was neither held nor bought
  std::string rule;        ///< of LEFT: the first rule that refused the entry
  std::string reason;      ///< with the numbers
  std::int64_t shares = 0; ///< held before the round
  money entry_price;
  money mark;
  std::int32_t bars_held = 0;
  std::int32_t rank = 0; ///< 0 = not rankable
  bool fresh = false;
  std::int32_t staleness_s = 0;
  double strength = 0;
  double edge_bp = 0;
  double probability = 0;
  double confidence = 0;
  std::string deciding; ///< what the strength is made of: "edge", or "probability" with the legacy formula
  std::string contradiction; ///< why edge and probability point in opposite directions; empty when they agree
  std::vector<std::string> fills; ///< what the decision led to
};

struct explanation {
  time_ms at = 0;
  civil_date date;
  std::string clock; ///< "10:31", New York
  money cash;
  money equity;
  double drawdown = 0;
  std::string data_note;
  std::vector<symbol_explanation> symbols; ///< by name
};

/// clock: the decision time, "10:31" New York, one minute after the bar's label. only: one symbol, or empty
/// for all. Throws log_error when the logs have no such round or symbol, or cannot be read.
explanation explain(const std::filesystem::path& log_directory, civil_date date, std::string_view clock,
                    std::string_view only = {});

std::string explanation_text(const explanation& what);
std::string explanation_json(const explanation& what);

} // namespace sentio
