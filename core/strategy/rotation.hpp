// The pure decision step of one round (section 5): what to do with each position, and which symbols to enter.
#pragma once

#include "core/account/order.hpp"
#include "core/strategy/correlation.hpp"
#include "core/strategy/parameters.hpp"
#include "core/strategy/portfolio.hpp"
#include "core/strategy/ranking.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace sentio {

/// Where a symbol stands when entries are examined.
enum class standing : std::uint8_t { free, held, order_open, cooling };

/// A position as its rules see it.
struct held_view {
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

struct verdict {
  decision_kind kind = decision_kind::hold;
  std::string reason;
};

/// Rules of a position, in this order: exit open, stop loss, profit target, minimum hold, stale, exit
/// threshold, rank; else hold.
verdict judge_position(const held_view& position, const rotation_parameters& parameters);

/// The round's ranks with held symbols at their strength and all others at their entry strength. Returns the
/// round's own order when no held symbol is stale, else `scratch`.
std::span<const symbol_index> final_order(const ranked_round& round, std::span<const standing> standings,
                                          std::vector<symbol_index>& scratch);

/// An entry that passed every rule of its symbol.
struct wanted_entry {
  symbol_index symbol = 0;
  std::int32_t rank = 0;
  double strength = 0;
  std::string reason;
  std::optional<symbol_index> after; ///< the symbol whose exit must free slot and cash first
};

/// Who carries entries out: sizes them, asks the risk gateway and sends them.
class entry_desk {
public:
  virtual ~entry_desk() = default;
  /// Cost of buying and selling again, in basis points. Asked only with kappa > 0.
  virtual double round_trip_bp(symbol_index symbol) const = 0;
  /// Empty when done, else the rule that stopped it.
  virtual std::optional<refusal> enter(wanted_entry entry) = 0;
  /// Exits `out` and enters in its place.
  virtual std::optional<refusal> rotate(held_view& out, std::string reason, wanted_entry entry) = 0;
};

/// What entries are decided on.
struct entry_view {
  const ranked_round* round = nullptr;
  std::span<const symbol_index> order; ///< final_order
  std::span<const standing> standings; ///< by symbol
  std::span<held_view> held;           ///< by symbol, `leaving` up to date
  std::vector<symbol_index>
      company; ///< symbols a newcomer must not move with: held and staying, or being bought
  std::vector<symbol_index> exits; ///< open exits that no entry waits for yet
  std::int64_t free_slots = 0;     ///< max_positions - slots in use; negative after a cut of max_positions
  std::optional<refusal> block;    ///< a rule that stops every entry of this round
  const return_grid* returns = nullptr;
};

/// Examines every symbol that is not held, once. Each is either entered or counts one refusal, by the first
/// rule that stopped it: exits_only, round_incomplete, entry_cutoff (for the whole round); not_ready, stale,
/// probability, confidence, strength (of its signal); order_open, cooldown, threshold, cost_band, rank; with
/// a slot (free, or being freed by an exit): correlation; with a full book: book_full (nobody to rotate out,
/// or one rotation was made), rotation_delta, minimum_hold, correlation; at last zero_shares, cash,
/// risk_gateway.
void decide_entries(entry_view& view, const rotation_parameters& parameters, entry_desk& desk,
                    std::vector<std::uint64_t>& refused);

} // namespace sentio
