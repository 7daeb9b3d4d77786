// What a strategy sees, and what it may wish. The portfolio asks it once a round, and turns its wishes into
// orders; it alone knows of sizes, cash, open orders and limits.
#pragma once

#include "core/account/order.hpp"
#include "core/strategy/correlation.hpp"
#include "core/strategy/ranking.hpp"
#include "core/strategy/refusal.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

/// Where a symbol stands when entries are examined.
enum class entry_status : std::uint8_t { free, held, order_open, cooling };

/// A position as a strategy sees it.
struct position_view {
  symbol_index symbol = 0;
  double gain = 0;            ///< mark / average entry price - 1
  std::int32_t bars_held = 0; ///< rounds since the entry's first fill
  std::int32_t rank = 0;      ///< 1 = best, 0 = not rankable
  double strength = 0;        ///< last known one, without staleness weight
  bool has_opinion = false;   ///< its signal is ready
  bool stale = false;         ///< no bar for longer than allowed
  std::int32_t staleness = 0; ///< minutes
  bool buying = false;        ///< its entry is not yet filled in full
  bool selling = false;       ///< an exit is open
  bool leaving = false;       ///< selling, or told to exit in this round
};

/// What becomes of a position: held, or sold whole for this reason.
struct position_wish {
  decision_kind kind = decision_kind::hold;
  std::string reason; ///< the rule that fired and its numbers
};

/// A symbol that is to be bought.
struct entry_wish {
  symbol_index symbol = 0;
  std::int32_t rank = 0;
  double strength = 0;
  std::string reason;
  std::optional<symbol_index> after; ///< the symbol whose exit must free slot and cash first
  /// Of equity, 0 ... 1; empty: as the sizing parameters have it.
  std::optional<double> weight{};
};

/// Who carries entries out: sizes them, asks the risk gateway and sends them.
class entry_executor {
public:
  virtual ~entry_executor() = default;
  /// Cost of buying and selling again, in basis points.
  virtual double round_trip_bp(symbol_index symbol) const = 0;
  /// Empty when done, else the rule that stopped it.
  virtual std::optional<refusal> enter(entry_wish entry) = 0;
  /// Exits `out` and enters in its place.
  virtual std::optional<refusal> rotate(position_view& out, std::string reason, entry_wish entry) = 0;
};

/// The market and the book when entries are examined.
struct entry_view {
  const ranked_round* round = nullptr;
  std::span<const symbol_index> order;    ///< final_order
  std::span<const entry_status> statuses; ///< by symbol
  std::span<position_view> held;          ///< by symbol, `leaving` up to date
  std::vector<symbol_index> peers;        ///< symbols that are held and stay, or are being bought
  std::vector<symbol_index> exits;        ///< open exits that no entry waits for yet
  std::int64_t free_slots = 0; ///< max_positions - slots in use; negative after a cut of max_positions
  const return_grid* returns = nullptr; ///< of the last minutes, all symbols
};

/// How often each rule stopped an entry, by refusal.
using refusal_counts = std::vector<std::uint64_t>;

/// A threshold of signals: which share of a warm-up passes it shows whether it can be reached at all.
struct signal_threshold {
  enum class quantity : std::uint8_t {
    strength, ///< of each signal
    lead      ///< of each minute: the best symbol's strength less the weakest one's
  };
  std::string key; ///< its configuration key
  quantity of = quantity::strength;
  double least = 0;
};

/// What the numbers of a refusal are, for people who ask why a symbol was not bought.
struct refusal_context {
  entry_view view; ///< before the round's entries
  symbol_index symbol = 0;
  std::size_t rank = 0; ///< in view.order, 1 = best
  double round_trip_bp = 0;
  std::span<const symbol_index> entered; ///< in this round
  std::span<const instrument> instruments;
};

/// The rules of a strategy with its parameters. Immutable: what a session has been is in the views, so that
/// the same inputs give the same decisions, whoever asks and how often.
class strategy {
public:
  virtual ~strategy() = default;
  /// As a configuration chooses it: "rotation".
  virtual std::string_view name() const = 0;
  /// Asked once a round for each position of a session that goes on. The portfolio's own rules come first: an
  /// exit that is open, liquidation, commands, a symbol that is down.
  virtual position_wish judge(const position_view& position) const = 0;
  /// Examines every symbol that is not held, once: each is either entered or counts one refusal, the first
  /// rule that stopped it. Not asked while entries are blocked as a whole. The positions were judged before.
  virtual void choose_entries(entry_view& view, entry_executor& executor, refusal_counts& refused) const = 0;
  /// How many entries a round may ask for at most when every one is refused.
  virtual std::uint32_t most_entries_per_round() const = 0;
  virtual std::vector<signal_threshold> thresholds() const { return {}; }
  /// The numbers behind a refusal of choose_entries(), as a sentence; empty when the rule is not the
  /// strategy's.
  virtual std::string explain(refusal rule, const refusal_context& context) const = 0;
};

/// The round's ranks with held symbols at their strength and all others at their entry strength. Returns the
/// round's own order when no held symbol is stale, else `scratch`.
std::span<const symbol_index> final_order(const ranked_round& round, std::span<const entry_status> statuses,
                                          std::vector<symbol_index>& scratch);

/// The refusal of a symbol that its own signal bars.
refusal refusal_for(entry_bar bar);

} // namespace sentio
