// What actors say to each other. Plain values; large ones travel as pointers to const.
// None of these types ever leaves the process: the network programs have their own.
#pragma once

#include "core/account/order.hpp"
#include "core/journal/records.hpp"
#include "core/learning/signal.hpp"
#include "core/market/calendar.hpp"
#include "core/monitor/observation.hpp"
#include "core/portfolio/output.hpp"
#include "core/strategy/ranking.hpp"

#include <caf/all.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sentio {

/// A named counter of the feed or of an actor.
using named_value = std::pair<std::string, std::uint64_t>;

/// One symbol's revised bar: stored, never learned, never re-decided.
struct revised_bar {
  symbol_index symbol = 0;
  bar value;
};

/// All bars of one trading day, by symbol; the unit of the feed's credit.
struct session_block {
  session_hours hours;
  bool warmup = false;                ///< learned, not traded
  std::vector<std::vector<bar>> bars; ///< by symbol_index, ascending labels
  std::vector<revised_bar> revisions;
  std::vector<named_value> counts; ///< data counters of this session
};
using session_block_ptr = std::shared_ptr<const session_block>;

/// Consumer to feed: you may send so many more blocks; live, bars.
struct credit {
  std::uint32_t blocks = 0;
};

/// Feed to tape: there are no further sessions.
struct end_of_data {
  std::uint32_t sessions = 0; ///< sent in all
};

/// Tape to symbol, ranking, portfolio, gateway, journal: a trading day begins.
struct session_start {
  session_hours hours;
  bool warmup = false;
};

/// The day is over: labels still pending are dropped, logs close.
struct session_end {
  civil_date date;
  std::vector<named_value> counts; ///< the feed's counters of the day
};

/// Tape to clock: which phases and cut-offs has this day?
struct plan_request {
  session_hours hours;
};

/// A phase or a cut-off at an instant of venue time. At one instant phases come first.
struct clock_event {
  time_ms at = 0;
  bool is_cut_off = false;
  session_phase phase = session_phase::open; ///< meaningful unless is_cut_off
};
using clock_plan_ptr = std::shared_ptr<const std::vector<clock_event>>;

/// Tape to symbol: learn bars [first, last) of your row in the block and answer each.
/// More than one bar is run-ahead: ranking shows each answer in its own minute only.
struct bar_batch {
  session_block_ptr block;
  std::uint32_t first = 0;
  std::uint32_t last = 0;
};

/// Symbol to ranking: the answers to a batch, one per bar, ascending labels.
struct signal_batch {
  symbol_index symbol = 0;
  bool warmup = false;
  std::shared_ptr<const std::vector<symbol_signal>> signals;
};

/// Tape to ranking and portfolio: the minute is complete. Symbols in `absent` had no bar in it.
struct cut_off {
  time_ms at = 0;
  std::vector<symbol_index> absent;
};

/// Tape to ranking: close the round without the symbols that have not answered.
struct round_closed {
  time_ms at = 0;
  std::vector<symbol_index> missing;
};

/// Tape to portfolio.
struct phase_change {
  session_phase phase = session_phase::open;
  time_ms at = 0;
};

/// Tape to portfolio: an operator's word.
struct operator_command {
  command_kind kind = command_kind::maintenance_on;
  time_ms at = 0;
  std::string sender;
};

/// Word carrier to live tape: a person's word, to be confirmed.
struct operator_word {
  operator_command command;
  std::uint64_t number = 0; ///< the carrier's
  caf::actor carrier;
};
/// Live tape to word carrier: that word is on the record.
struct word_recorded {
  std::uint64_t number = 0;
};

using ranked_round_ptr = std::shared_ptr<const ranked_round>;

/// Portfolio to tape and journal: what one input led to. `round` is set when it was a ranked round.
struct portfolio_step {
  time_ms at = 0;
  ranked_round_ptr round;
  portfolio_output output;
  std::optional<std::string> latch; ///< HALTED changed: the reason, or empty when it was re-armed
  std::string entries_stopped{};    ///< as the portfolio says it
};
using portfolio_step_ptr = std::shared_ptr<const portfolio_step>;

/// Portfolio to journal: the day's totals; the day's logs may be closed.
struct session_closed {
  session_hours hours;
  session_totals totals;
  std::vector<named_value> counts;
};

/// Gateway to tape: wake me at this instant (0 = nothing pending).
struct wake_at {
  time_ms at = 0;
};
/// Tape to gateway: the instant has come.
struct wake {
  time_ms at = 0;
};

/// Live feed to tape: a bar as it arrived, from the stream or a back-fill.
struct live_bar {
  symbol_index symbol = 0;
  bar value;
  bool revision = false; ///< of a bar already sent
};

/// Live clock to tape: the minute that ends at `at` and its grace are over.
struct minute_due {
  time_ms at = 0;
};

/// Live feed to tape to portfolio: trading in a symbol is halted, or resumed.
struct halt_change {
  symbol_index symbol = 0;
  bool on = false;
  time_ms at = 0;
};

/// Supervisor to tape to portfolio: a symbol's actor is gone for good, or is back.
struct symbol_change {
  symbol_index symbol = 0;
  bool up = false;
  time_ms at = 0;
  std::string why; ///< not on the tape
};

/// Live feed to tape: the stream of bars is there, or gone.
struct feed_change {
  bool up = false;
  std::string text; ///< why
};

/// Live clock, or the driver, to tape: nothing more is admitted to this session.
struct session_over {
  std::string why;
};

/// Live clock to gateway: the last rung of the liquidation ladder, close whatever the venue still holds.
struct close_everything {
  time_ms at = 0;
};

/// Tape to itself: a round that is not decided by then is closed without the symbols that have not answered.
struct round_deadline {
  time_ms at = 0;
};

/// Symbol to tape: the model's checkpoint, when asked.
struct learner_state {
  symbol_index symbol = 0;
  std::string bytes;
};

/// Who can be restarted. Each has its own way back (supervisor.hpp).
enum class actor_role : std::uint8_t { feed, clock, tape, gateway, symbol, ranking, portfolio, journal };

/// Supervisor to tape: one of your actors died. Admit nothing until its successor is named, and say what it
/// missed.
struct mend_request {
  actor_role role = actor_role::symbol;
  symbol_index symbol = 0; ///< with role symbol
};

/// Driver to supervisor: kill this actor, for drills.
struct kill_request {
  std::string actor; ///< as status names it: "TQQQ", "ranking"
};

/// Any actor to the supervisor: I failed, and this is why.
struct failure {
  std::string actor;
  std::string text;
};

/// One thing that the graph was told, or made, in the order of the tape. Large ones are shared.
using history_entry =
    std::variant<session_start, live_bar, phase_change, cut_off, round_closed, ranked_round_ptr,
                 std::shared_ptr<const order_intent>, std::shared_ptr<const cancel_intent>,
                 std::shared_ptr<const venue_event>, std::shared_ptr<const operator_command>, halt_change,
                 std::shared_ptr<const symbol_change>, std::shared_ptr<const session_end>>;
/// All of a session so far: what an actor that is born into it folds before it hears anything.
using history = std::vector<history_entry>;
using history_ptr = std::shared_ptr<const history>;

/// Every actor's answer to status.
struct actor_status {
  std::string name;
  std::uint64_t messages = 0;              ///< handled since its start
  std::vector<named_value> counts;         ///< the actor's own
  std::uint64_t mailbox = 0;               ///< messages that wait
  handler_histogram handler{};             ///< sampled handler times, a count per class
  double handler_sum_us = 0;               ///< of the sampled ones
  std::optional<learner_report> learner{}; ///< of a symbol
  std::vector<actor_report>
      watched{}; ///< of the supervisor: role, state, restarts and last error of the others
  std::string
      entries_stopped{}; ///< of the portfolio: the latch other than HALTED that stops entries; empty = none
};

} // namespace sentio

CAF_BEGIN_TYPE_ID_BLOCK(sentio, first_custom_type_id)
CAF_ADD_ATOM(sentio, sentio, step_atom, "step")       // driver to tape: admit the next instant
CAF_ADD_ATOM(sentio, sentio, stop_atom, "stop")       // driver to supervisor: end the run cleanly
CAF_ADD_ATOM(sentio, sentio, save_atom, "save")       // tape to symbol: send your checkpoint
CAF_ADD_ATOM(sentio, sentio, summary_atom, "summary") // tape to ranking: the warm-up is over
CAF_ADD_ATOM(sentio, sentio, status_atom, "status")   // anybody to anybody
CAF_END_TYPE_ID_BLOCK(sentio)

// The mock and live graphs are in one process: no serialisation exists, so none can be wrong.
#define SENTIO_LOCAL_MESSAGE(type) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(type)
SENTIO_LOCAL_MESSAGE(sentio::session_block_ptr)
SENTIO_LOCAL_MESSAGE(sentio::credit)
SENTIO_LOCAL_MESSAGE(sentio::end_of_data)
SENTIO_LOCAL_MESSAGE(sentio::session_start)
SENTIO_LOCAL_MESSAGE(sentio::session_end)
SENTIO_LOCAL_MESSAGE(sentio::plan_request)
SENTIO_LOCAL_MESSAGE(sentio::clock_plan_ptr)
SENTIO_LOCAL_MESSAGE(sentio::bar_batch)
SENTIO_LOCAL_MESSAGE(sentio::signal_batch)
SENTIO_LOCAL_MESSAGE(sentio::cut_off)
SENTIO_LOCAL_MESSAGE(sentio::round_closed)
SENTIO_LOCAL_MESSAGE(sentio::phase_change)
SENTIO_LOCAL_MESSAGE(sentio::operator_command)
SENTIO_LOCAL_MESSAGE(sentio::operator_word)
SENTIO_LOCAL_MESSAGE(sentio::word_recorded)
SENTIO_LOCAL_MESSAGE(sentio::ranked_round_ptr)
SENTIO_LOCAL_MESSAGE(sentio::portfolio_step_ptr)
SENTIO_LOCAL_MESSAGE(sentio::session_closed)
SENTIO_LOCAL_MESSAGE(sentio::order_intent)
SENTIO_LOCAL_MESSAGE(sentio::cancel_intent)
SENTIO_LOCAL_MESSAGE(sentio::venue_event)
SENTIO_LOCAL_MESSAGE(sentio::wake_at)
SENTIO_LOCAL_MESSAGE(sentio::wake)
SENTIO_LOCAL_MESSAGE(sentio::learner_state)
SENTIO_LOCAL_MESSAGE(sentio::warmup_summary)
SENTIO_LOCAL_MESSAGE(sentio::live_bar)
SENTIO_LOCAL_MESSAGE(sentio::minute_due)
SENTIO_LOCAL_MESSAGE(sentio::halt_change)
SENTIO_LOCAL_MESSAGE(sentio::symbol_change)
SENTIO_LOCAL_MESSAGE(sentio::mend_request)
SENTIO_LOCAL_MESSAGE(sentio::kill_request)
SENTIO_LOCAL_MESSAGE(sentio::history_ptr)
SENTIO_LOCAL_MESSAGE(sentio::feed_change)
SENTIO_LOCAL_MESSAGE(sentio::session_over)
SENTIO_LOCAL_MESSAGE(sentio::close_everything)
SENTIO_LOCAL_MESSAGE(sentio::round_deadline)
SENTIO_LOCAL_MESSAGE(sentio::failure)
SENTIO_LOCAL_MESSAGE(sentio::actor_status)
#undef SENTIO_LOCAL_MESSAGE
