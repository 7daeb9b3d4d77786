// The ranking actor: closes one round a minute, when every expected answer is in.
#pragma once

#include "actors/common.hpp"
#include "core/strategy/ranking.hpp"
#include "core/strategy/warmup_shares.hpp"

#include <deque>
#include <optional>

namespace sentio {

struct ranking_config {
  ranking_parameters parameters;
  std::vector<signal_threshold> thresholds; ///< only to tell which share of the warm-up's signals passes them
  std::vector<instrument> instruments;
  std::optional<warmup_summary> warmup; ///< known already when the run starts from a checkpoint
  history_ptr past;                     ///< of the running session: folded before anything else
};

/// Closes rounds in order. Independent of who answered first: signals are filed by symbol and label.
struct ranking_state : counted_state {
  struct answers {
    std::deque<std::shared_ptr<const std::vector<symbol_signal>>> batches;
    std::size_t next = 0; ///< in the front batch
    time_ms newest = 0;   ///< label of the newest one ever: a symbol that was restarted says things twice
  };
  struct open_round {
    time_ms at = 0;
    std::vector<symbol_index> absent; ///< ascending
  };
  std::optional<ranker> ranks;
  std::optional<warmup_shares> shares;
  std::optional<warmup_summary> warmup;
  std::vector<answers> pending;
  std::deque<open_round> rounds;
  std::uint64_t closed = 0;

  void set_up(const ranking_config& config);
  void begin(const session_start& day);
  void take(const signal_batch& batch);
  void expect(const cut_off& minute);
  void give_up(const round_closed& record);
  /// The next round, if all its answers are in.
  ranked_round_ptr close_next();
  /// Takes one input of the session so far, and rounds from the record. Throws std::logic_error when one does
  /// not follow from its signals.
  void fold(const history_entry& entry);

private:
  static void take_next(answers& of_symbol);
  void fold_round(const ranked_round& recorded);
  /// The symbol's answer for the bar that ends at `at`, or null while it is not there.
  const symbol_signal* answer(symbol_index symbol, time_ms at);
};

ranking_actor::behavior_type ranking_behavior(actor_pointer<ranking_actor, ranking_state> self,
                                              ranking_config config, portfolio_actor portfolio,
                                              tape_actor tape, supervisor_actor supervisor);

} // namespace sentio
