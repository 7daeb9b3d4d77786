// Strength of every symbol and the ranked round of a minute (sections 1 and 4).
#pragma once

#include "core/learning/signal.hpp"
#include "core/market/instrument.hpp"
#include "core/strategy/parameters.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace sentio {

/// Why a symbol may not be entered on its own merits; none = it may.
enum class entry_bar : std::uint8_t { none, no_signal, not_ready, stale, probability, confidence, strength };
const char* to_string(entry_bar bar);

/// One symbol in one round.
struct ranked_symbol {
  symbol_signal signal;      ///< the latest one; label 0 when there never was one this session
  bool fresh = false;        ///< its bar is the one just completed
  std::int32_t staleness = 0; ///< minutes since its last bar completed, 0 = fresh
  bool rankable = false;     ///< ready, and not stale beyond the limit
  double strength = 0;       ///< without staleness weight: what a held symbol is compared at
  double entry_strength = 0; ///< strength * exp(-staleness): what a candidate is compared at
  entry_bar barred = entry_bar::none;

  friend bool operator==(const ranked_symbol&, const ranked_symbol&) = default;
};

/// All that the portfolio needs to decide one minute.
struct ranked_round {
  time_ms at = 0;                     ///< decision time: the minute boundary
  std::uint32_t missing = 0;          ///< symbols without a fresh bar
  bool entries_allowed = true;        ///< false if missing * 12 > 5 * n
  std::vector<ranked_symbol> symbols; ///< by symbol_index
  std::vector<symbol_index> order;    ///< rankable symbols, best entry_strength first, ties by index (= name)

  friend bool operator==(const ranked_round&, const ranked_round&) = default;
};

/// The ranking actor's knowledge: last signals, smoothing, staleness.
class ranker {
public:
  ranker(const ranking_parameters& parameters, std::span<const instrument> instruments);

  void begin_session();
  /// Takes a signal of a bar; the caller gives each (symbol, label) once, labels ascending per symbol.
  void take(symbol_index symbol, const symbol_signal& signal);
  /// Closes the round decided at `at`, from all signals taken so far. Does not change what a later close sees.
  ranked_round close(time_ms at) const;
  /// Strength of a signal under the formula, before smoothing: for warm-up statistics and tests.
  double raw_strength(symbol_index symbol, const symbol_signal& signal) const;
  const ranking_parameters& parameters() const { return parameters_; }
  void replace(const ranking_parameters& parameters) { parameters_ = parameters; }

private:
  struct slot {
    bool seen = false;
    symbol_signal signal;
    double strength = 0;
  };
  void judge(const slot& from, time_ms at, ranked_symbol& to) const;

  ranking_parameters parameters_;
  std::vector<double> boosts_;
  std::vector<slot> slots_;
};

} // namespace sentio
