// Every typed interface of the actor graph, in one place. A line per message says who sends it and what it
// means.
#pragma once

#include "messages/messages.hpp"

namespace sentio {

/// Each actor answers this, at any time, without changing anything.
using answers_status = caf::replies_to<status_atom>::with<actor_status>;

/// Handles of the whole graph. Sent once it is complete, and again when an actor was replaced: the receiver
/// talks to the new one from then on.
struct wiring;
using wiring_ptr = std::shared_ptr<const wiring>;

} // namespace sentio

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sentio::wiring_ptr)

namespace sentio {

/// Brings market data in.
using feed_actor = caf::typed_actor<caf::reacts_to<credit>, // tape: send so many more sessions, or bars
                                    answers_status>;

/// The only source of time.
using clock_actor =
    caf::typed_actor<caf::replies_to<plan_request>::with<clock_plan_ptr>, // tape: the phases and cut-offs of
                                                                          // a day
                     answers_status>;

/// One per symbol: bar history, features, learner.
using symbol_actor = caf::typed_actor<caf::reacts_to<session_start>, // tape: a day begins
                                      caf::reacts_to<bar_batch>,     // tape: learn these, answer each
                                      caf::reacts_to<session_end>,   // tape: drop pending labels
                                      caf::reacts_to<save_atom>,     // tape: send your checkpoint
                                      caf::reacts_to<wiring_ptr>,    // supervisor: the ranking was replaced
                                      answers_status>;

/// Closes rounds: one ranking per minute.
using ranking_actor =
    caf::typed_actor<caf::reacts_to<session_start>, // tape
                     caf::reacts_to<signal_batch>,  // symbol: its opinions
                     caf::reacts_to<cut_off>,       // tape: the minute is complete; who had a bar
                     caf::reacts_to<round_closed>,  // tape: do not wait for these any longer
                     caf::reacts_to<session_end>,   // tape
                     caf::reacts_to<summary_atom>,  // tape: the warm-up is over, say what it showed
                     answers_status>;

/// The only writer of positions and cash.
using portfolio_actor =
    caf::typed_actor<caf::reacts_to<session_start>,    // tape
                     caf::reacts_to<phase_change>,     // tape: open, liquidation, close
                     caf::reacts_to<cut_off>,          // tape: what follows waits for the round
                     caf::reacts_to<ranked_round_ptr>, // ranking: the round to decide
                     caf::reacts_to<venue_event>,      // tape: fills and other words of the venue
                     caf::reacts_to<operator_command>, // tape
                     caf::reacts_to<halt_change>,      // tape: the venue stopped or resumed a symbol
                     caf::reacts_to<symbol_change>,    // tape: a symbol has no actor any more
                     caf::reacts_to<session_end>,      // tape
                     answers_status>;

/// Carries orders out and brings the venue's words back; never decides.
using gateway_actor =
    caf::typed_actor<caf::reacts_to<session_block_ptr>, // feed: the market that the simulated venue lives in
                     caf::reacts_to<session_start>,     // tape
                     caf::reacts_to<order_intent>,      // tape: approved and written
                     caf::reacts_to<cancel_intent>,     // tape
                     caf::reacts_to<wake>,              // tape: the instant asked for
                     answers_status>;

/// Writes the four logs.
using journal_actor =
    caf::typed_actor<caf::reacts_to<session_start>,      // tape: open the day's files
                     caf::reacts_to<warmup_summary>,     // tape: for the first day's session log
                     caf::reacts_to<portfolio_step_ptr>, // tape: lines to write, after they are on the tape
                     caf::reacts_to<session_closed>,     // tape: the day's files are complete
                     answers_status>;

struct wiring {
  feed_actor feed;   ///< empty when the run is read from a tape
  clock_actor clock; ///< empty likewise
  std::vector<symbol_actor> symbols;
  ranking_actor ranking;
  portfolio_actor portfolio;
  gateway_actor gateway; ///< empty likewise
  journal_actor journal;
};

} // namespace sentio

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sentio::wiring)

namespace sentio {

/// Numbers, writes and forwards every input; writes every output before anybody acts on it.
using tape_actor =
    caf::typed_actor<caf::reacts_to<wiring>,             // supervisor: whom to forward to
                     caf::reacts_to<step_atom>,          // driver: the graph is idle, admit the next instant
                     caf::reacts_to<session_block_ptr>,  // feed: the bars of a day
                     caf::reacts_to<end_of_data>,        // feed: no further day
                     caf::reacts_to<wake_at>,            // gateway: it has something to say at that instant
                     caf::reacts_to<venue_event>,        // gateway: what the venue says
                     caf::reacts_to<operator_command>,   // operator: pause, resume, flatten, halt, re-arm
                     caf::reacts_to<portfolio_step_ptr>, // portfolio: round, decisions, orders
                     caf::reacts_to<session_closed>,     // portfolio: the day's totals, for the journal
                     caf::reacts_to<learner_state>,      // symbol: its checkpoint, as asked
                     caf::reacts_to<warmup_summary>,     // ranking: what the warm-up showed
                     answers_status>;

/// The live gateway as its clock sees it.
using closing_actor = caf::typed_actor<caf::reacts_to<close_everything>>; // clock: the ladder's last rung

/// The tape of the live runtime: numbers by arrival, and admits nothing between a cut-off and its decisions.
using live_tape_actor =
    tape_actor::extend<caf::reacts_to<live_bar>,      // feed
                       caf::reacts_to<minute_due>,    // clock: close the minute with what has come
                       caf::reacts_to<phase_change>,  // clock
                       caf::reacts_to<halt_change>,   // feed
                       caf::reacts_to<feed_change>,   // feed
                       caf::reacts_to<session_over>,  // clock or driver
                       caf::reacts_to<symbol_change>, // supervisor
                       caf::reacts_to<operator_word>, // word carrier: a command, to be confirmed
                       caf::replies_to<mend_request>::with<history_ptr>, // supervisor: an actor died
                       caf::reacts_to<wiring_ptr>,                       // supervisor: its successor is there
                       caf::reacts_to<round_deadline>                    // itself
                       >;

/// Starts, wires, watches and stops the others.
using supervisor_actor =
    caf::typed_actor<caf::reacts_to<failure>,                   // any: why it is about to die
                     caf::reacts_to<stop_atom>,                 // driver: stop everybody, in order
                     caf::replies_to<kill_request>::with<bool>, // driver: a drill; false: no such actor
                     answers_status>;

} // namespace sentio
