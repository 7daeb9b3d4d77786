// A generated market: index paths, and the one-minute bars of any fund on them.
#pragma once

#include "core/generator/index_paths.hpp"

#include <string_view>

namespace sentio {

/// The bars of one symbol. Two series of one market agree about the index beneath them.
struct generated_series {
  std::string symbol;
  std::vector<bar> bars; ///< regular minutes with trades, ascending
  /// [bar] the planted expectation, known when the bar is complete, of the return over the next five minutes
  /// (open of the next minute to open of the sixth); all 0 without an edge. Its rank correlation with that
  /// return is about `edge`.
  std::vector<double> oracle;
  std::vector<bar> closing_rows; ///< labelled with the close of a session, as real files have on most days
  bool fractional_volume = false;
};

/// Everything follows from the options: the same ones give the same bars on every machine. A symbol's bars do
/// not depend on which other symbols are asked for.
class synthetic_market {
public:
  /// Throws data_error for impossible options or unreadable base files.
  explicit synthetic_market(const generator_options& options);

  const std::vector<session_hours>& sessions() const { return paths_.sessions; }
  const index_paths& paths() const { return paths_; }

  /// A fund's price on a day is previous close * (1 + leverage * (index / index's previous close - 1)): the
  /// daily-reset leverage, applied to every step inside a minute, so that an inverse fund's high comes from
  /// the index's low. On top lie a premium of about half a basis point and, for invented symbols, returns of
  /// their own. Prices are traded on the cent, one in twenty on a hundredth of it.
  generated_series series(std::string_view symbol) const;

private:
  generator_options options_;
  index_paths paths_;
};

/// The series of all symbols of the options, sorted by name.
std::vector<generated_series> generate_market(const generator_options& options);

} // namespace sentio
