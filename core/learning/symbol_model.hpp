// The whole model of one symbol: features, EWRLS experts, mixture, calibration, confidence.
#pragma once

#include "core/learning/learner_parameters.hpp"
#include "core/learning/signal.hpp"
#include "core/market/bar.hpp"
#include "core/market/calendar.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

/// Instruction set of the numeric kernels. Results are bit-identical for all of them.
enum class instruction_set : std::uint8_t { sse2, avx2, avx512 };

/// The widest set this machine can run.
instruction_set best_instruction_set();
bool is_supported(instruction_set isa);
std::string_view to_string(instruction_set isa);

/// Counts of the update identity, per session: updates[h] = unmasked - dropped[h].
struct learning_counts {
  std::uint64_t bars = 0;     ///< folded
  std::uint64_t unmasked = 0; ///< bars that advanced P
  std::array<std::uint64_t, max_horizons> updates{};
  std::array<std::uint64_t, max_horizons> dropped{}; ///< labels still pending at the session's end
};

/// A bounded health report: for status and invariants.
struct learner_health {
  bool finite = true;
  /// Of P over all experts, relative to its bound tau^2 (stationary) or to P0 (classic).
  double smallest_diagonal = 0;
  double largest_diagonal = 0;
  double leverage = 0; ///< x'k of the first expert at the last bar
};

/// State = fold over (session, bar): save and load give bit-identical later signals.
class symbol_model {
public:
  symbol_model(const learner_parameters& parameters, instruction_set isa);
  symbol_model(symbol_model&&) noexcept;
  symbol_model& operator=(symbol_model&&) noexcept;
  ~symbol_model();

  /// Sessions come in ascending order; bars inside a session with ascending labels (asserted).
  void begin_session(const session_hours& hours);
  /// Learns the labels that this bar completes, then predicts. No allocation after the first session.
  symbol_signal update(const bar& b);
  /// Drops the labels still pending, and counts them.
  void end_session();

  const learning_counts& session_counts() const; ///< since begin_session
  learner_health health() const;

  /// Header (magic, version, endianness, p, lanes, parameters, feature-table hash, sample counter), payload,
  /// checksum. load returns an empty text on success, else what is wrong and what would be right.
  std::string save() const;
  std::string load(std::string_view bytes);

private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Hash of the feature table (names, formulas, windows): a checkpoint made with another table is refused.
std::uint64_t feature_table_hash();

} // namespace sentio
