// Reads the logs back, line by line, as typed rows. Memory does not grow with the file.
#pragma once

#include "core/account/money.hpp"
#include "core/learning/learner_parameters.hpp"
#include "core/portfolio/output.hpp"
#include "core/strategy/ranking.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

/// A log that cannot be read. what() is a whole sentence: "trades_2025-06-03.jsonl:17: ...".
class log_error : public std::runtime_error {
public:
  explicit log_error(const std::string& sentence) : std::runtime_error(sentence) {}
};

/// Views in rows are valid until the reader's function returns for that row.
struct signal_row {
  time_ms at = 0;
  std::string_view symbol;
  time_ms bar_label = 0; ///< 0 = no bar of this session yet
  bool fresh = false;
  money open;
  money close;
  double volume = 0;
  double sigma_bp = 0;
  bool would_be_long = false;
  double probability = 0;
  double confidence = 0;
  double edge_bp = 0;
  double strength = 0;
  double entry_strength = 0;
  std::int32_t rank = 0;
  std::int32_t staleness_s = 0;
  std::uint8_t horizon_count = 0;
  std::uint8_t expert_count = 0;
  std::array<double, max_horizons> prediction{};
  std::array<double, max_experts> expert_z{};
  std::array<double, max_experts> expert_weight{};
  entry_bar barred = entry_bar::none;

  /// The model had an opinion on this bar.
  bool ready() const { return barred != entry_bar::no_signal && barred != entry_bar::not_ready; }
};

struct decision_row {
  time_ms at = 0;
  std::string_view symbol;
  decision_kind kind = decision_kind::hold;
  std::string_view reason;
  std::int32_t rank = 0;
  double strength = 0;
  std::int32_t bars_held = 0;
};

struct trade_row {
  time_ms at = 0;
  time_ms decided_at = 0;
  std::string_view symbol;
  bool is_exit = false;
  order_side side = order_side::buy;
  std::int64_t shares = 0;
  money price;
  money value;
  money spread_cost;
  money fees;
  money cost;
  std::string_view client_order_id;
  std::string_view execution_id;
  decision_kind kind = decision_kind::enter;
  std::string_view reason;
  bool no_print = false;
  money pnl;
  double pnl_pct = 0;
  std::int32_t bars_held = 0;
};

struct position_row {
  struct item {
    std::string_view symbol;
    std::int64_t shares = 0;
    money entry_price;
    money mark;
    money unrealized;
    std::int32_t rank = 0;
    double strength = 0;
    std::int32_t bars_held = 0;
  };
  time_ms at = 0;
  std::vector<item> positions;
  money cash;
  money equity;
  money unrealized;
  double drawdown = 0;
};

/// Each calls `take` for every line in order and returns the number of lines. A file that is missing or
/// cannot be read, a line that is not whole, a field that is missing or of another type, a sequence number
/// out of step, or a time before that of the line above throws log_error with file name and line number.
std::uint64_t read_signals(const std::filesystem::path& file,
                           const std::function<void(const signal_row&)>& take);
std::uint64_t read_decisions(const std::filesystem::path& file,
                             const std::function<void(const decision_row&)>& take);
std::uint64_t read_trades(const std::filesystem::path& file,
                          const std::function<void(const trade_row&)>& take);
std::uint64_t read_positions(const std::filesystem::path& file,
                             const std::function<void(const position_row&)>& take);

/// The whole text of a small file. Throws log_error.
std::string read_text_file(const std::filesystem::path& file);

} // namespace sentio
