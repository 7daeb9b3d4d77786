// What is known of our orders at a live venue, and what to do about each answer: a value without sockets or
// clocks. Every fill is derived from the order's cumulative quantity, so it counts once, whether it came by
// the stream, by the answer to the POST, by a look-up or by a reconciliation, in any order and any number of
// times (spec F14 to F21).
#pragma once

#include "core/account/order.hpp"
#include "core/alpaca/wire.hpp"

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

enum class desk_action : std::uint8_t {
  post,      ///< POST the order
  look,      ///< GET it by its client order id
  cancel,    ///< DELETE it by the venue's id
  list,      ///< GET all orders of the session
  positions, ///< GET all positions
  fills,     ///< GET the account's executions since a time
  close_all, ///< DELETE all positions, canceling their orders
  close_one  ///< DELETE the position of one symbol, on an account that holds others as well
};

struct desk_request {
  desk_action action = desk_action::post;
  std::string client_order_id; ///< of ours
  std::string venue_id;        ///< with cancel; with close_one the symbol
  time_ms asked_at = 0;        ///< with list: venue time; with fills: since then
  std::int64_t shares = 0;     ///< with close_one: so many only; 0: all
};

/// The venue's answer to a request; status 0: none came, and whether the request arrived is unknown.
struct desk_answer {
  int status = 0;
  std::string body;
  std::string error;
  int retry_after_s = 0;
};

/// What became of an input, in order.
struct desk_output {
  std::vector<desk_request> requests;
  std::vector<venue_event> events;
  std::vector<std::string> alarms;
  bool halt = false;         ///< the venue and we disagree about an order's identity, or somebody else trades
  bool stop_entries = false; ///< the account may not trade
};

/// Real milliseconds for the network, venue milliseconds for what means something to trading.
struct desk_time {
  std::int64_t real = 0;
  time_ms venue = 0;
};

/// Reasons of venue events by which a desk that is born into a session knows what the one before knew.
inline constexpr std::string_view never_arrived = "it never reached the venue";
inline constexpr std::string_view decided_too_long_ago = "not sent: it was decided too long ago";
inline constexpr std::string_view nothing_is_sent = "not sent: the venue does not answer";
inline constexpr std::string_view session_closed_by_then = "not sent: the session is closed";
inline constexpr std::string_view filled_late = "filled after its end: order "; ///< followed by its id

/// An entry may wait for the exit that pays for it until the next cut-off, and no longer.
inline constexpr time_ms longest_entry_ms = 75'000;

class order_desk {
public:
  /// symbols by index; tag of our order ids; what is held at the start.
  order_desk(std::vector<std::string> symbols, std::string session_tag, std::vector<std::int64_t> held);

  /// What an earlier desk of the same session had sent and heard, in the order of the tape; then resume().
  void recall(const order_intent& order, desk_time then);
  void recall_cancel(const std::string& client_order_id);
  void recall(const venue_event& word);
  /// Goes on with what was recalled. An order of which the venue has said nothing is posted again at once:
  /// its id makes that safe. A buy older than a minute is only looked for, since its price is gone.
  void resume(desk_time now);

  /// Buys whose minute is older are never sent: after a standstill of the process their price is gone.
  void limit_entries(time_ms oldest) { oldest_entry_ms_ = oldest; }
  /// From then on nothing is ordered, nor closed at the venue, which would keep it for the next open: what is
  /// under way is only looked for. Venue time.
  void close_at(time_ms close) { closes_at_ = close; }
  /// From then on every order with an id like ours comes from this desk, or is recalled: another one that the
  /// venue took later is a second trader's. Venue time.
  void alone_since(time_ms start) { alone_since_ = start; }
  /// What the venue's values are measured against: the account's value (0: unknown), and by symbol a price in
  /// dollars (0: unknown). What cannot be true (account/venue_bounds.hpp) changes nothing here: it becomes an
  /// event of kind impossible, and orders and positions are asked for.
  void expect(money account, const std::vector<double>& prices);
  /// While it is on, no buy is sent, nor sent again: the venue does not answer.
  void hold_entries(bool on) { entries_held_ = on; }
  /// What waits for another attempt is tried at the next tick: a halt or a flatten does not wait.
  void hurry(desk_time now);
  void submit(const order_intent& order, desk_time now);
  void cancel(const std::string& client_order_id, desk_time now);
  void answered(const desk_request& request, const desk_answer& answer, desk_time now);
  void heard(const alpaca::trade_update& update, desk_time now);
  void heard(const alpaca::trading_unreadable& update);
  /// Orders and positions are asked for and compared. A difference that two comparisons find is an
  /// adjustment.
  void reconcile(desk_time now);
  void close_everything(desk_time now);
  /// Looks again, posts again, cancels what is stuck: whatever is due.
  void tick(desk_time now);

  desk_output take();

  const order_intent* find(const std::string& client_order_id) const;
  std::size_t live() const;                               ///< orders without a known end
  bool is_open(const std::string& client_order_id) const; ///< it has no known end
  /// It has no known end, and the venue has not said that it has it.
  bool is_without_word(const std::string& client_order_id) const;
  bool is_given_up(const std::string& client_order_id) const; ///< it ended without the venue's word
  /// Venue time since which orders have to be listed: those without a known end, those that were given up and
  /// may still arrive, and whatever is newer than the last list that was answered.
  time_ms list_since(desk_time now) const;
  std::uint64_t adjustments() const { return adjustments_; }
  /// Rows and updates that could not be read, each counted when it was said.
  std::uint64_t unreadable() const { return unreadable_; }
  std::uint64_t foreign() const { return foreign_; }
  std::uint64_t second_trader() const { return second_trader_.size(); } ///< orders of another process
  std::uint64_t reposted() const { return reposted_; }
  std::uint64_t duplicates() const { return duplicates_; }
  std::uint64_t impossible() const { return impossible_; } ///< values refused, repetitions among them
  const std::vector<std::int64_t>& held() const { return held_; }
  /// Some of what the book holds is missing at the venue, and nothing says who sold it: no buy is sent.
  bool doubts_positions() const { return !vanished_.empty(); }
  /// The venue's positions were compared often enough to know whether they are in doubt.
  bool knows_positions() const { return comparisons_ >= 2; }
  /// The venue's latest answer to close_everything showed no position of our symbols.
  bool nothing_left() const { return nothing_left_; }

private:
  struct tracked {
    order_intent intent;
    std::string venue_id;
    std::int64_t filled = 0;
    money value; ///< of the fills told so far
    bool acknowledged = false;
    bool done = false;
    bool cancel_wanted = false;
    bool uncertain = false; ///< whether the venue has it is unknown
    bool resumed = false;   ///< posted again by resume(): whether it is there already the venue says
    bool too_late = false;  ///< not to be posted again: what it was decided on is gone
    bool given_up = false;  ///< ended without the venue's word: it may still arrive there
    int posts = 0;
    int looks = 0;
    int misses = 0; ///< looks that found nothing, since the last post
    int refusals = 0;
    desk_time posted;
    std::int64_t canceled_at = 0;        ///< real; 0 = not asked
    std::optional<std::int64_t> look_at; ///< real
    std::optional<std::int64_t> post_at; ///< real
  };

  void post(tracked& order, desk_time now);
  void look_later(tracked& order, desk_time now);
  void post_answered(tracked& order, const desk_answer& answer, desk_time now);
  void look_answered(tracked& order, const desk_answer& answer, desk_time now);
  void refused(tracked& order, const desk_answer& answer, desk_time now);
  void learn(const alpaca::venue_order& seen, const alpaca::trade_update* update, desk_time now);
  void learn_fill(tracked& order, const alpaca::venue_order& seen, const alpaca::trade_update* update,
                  desk_time now);
  void learn_late_fill(tracked& order, const alpaca::venue_order& seen, const alpaca::trade_update* update,
                       desk_time now);
  static money price_of(const tracked& order, const alpaca::venue_order& seen,
                        const alpaca::trade_update* update, std::int64_t shares);
  void end(tracked& order, venue_event_kind kind, std::string reason, desk_time now);
  void heard_foreign(const alpaca::venue_order& seen, const alpaca::trade_update* update, desk_time now);
  void look_for_second_trader(const alpaca::venue_order& seen, desk_time now); ///< order_desk_alone.cpp
  // order_desk_bounds.cpp: what cannot be true. A reason that is empty: it can.
  std::string why_impossible_order(const alpaca::venue_order& seen, const alpaca::trade_update* update,
                                   const tracked& ours) const;
  std::string why_impossible_foreign(const alpaca::venue_order& seen, const alpaca::trade_update& update,
                                     symbol_index symbol, money price) const;
  void refuse_order(tracked& order, const alpaca::venue_order& seen, const std::string& why, bool streamed,
                    desk_time now);
  /// True: the positions show what cannot be true.
  bool refuse_difference(symbol_index symbol, std::int64_t difference, money price, desk_time now);
  void refuse(const std::string& what, const std::string& why, desk_time now);
  /// The first price of a position that can be true: its current one, the average, the one that is known, or
  /// 0.
  money price_of_position(symbol_index symbol, const alpaca::venue_position& position, desk_time now);
  void compare(const alpaca::parsed_list<alpaca::venue_position>& answer, desk_time now);
  void adjust(symbol_index symbol, std::int64_t difference, money price, const std::string& why,
              desk_time now);
  void tick_order(tracked& order, desk_time now);
  // order_desk_vanished.cpp: a position that is gone without a fill is doubt, not fact.
  /// True: others' fills say that it went as well.
  bool is_told_by_fills(symbol_index symbol, std::int64_t difference);
  void book_told_fills(symbol_index symbol);
  void doubt(symbol_index symbol, std::int64_t at_venue);
  void ask_for_fills(desk_time now);
  void agrees(symbol_index symbol, desk_time now);
  void fills_answered(const desk_answer& answer);
  bool is_too_late(const order_intent& order, desk_time now) const {
    return is_closed(now) ||
           (order.side == order_side::buy &&
            (entries_held_ || doubts_positions() || now.venue - order.decided_at > oldest_entry_ms_));
  }
  bool is_closed(desk_time now) const { return now.venue >= closes_at_; }
  /// True: it is too late for it, and it was ended, or is looked for when the venue may have it.
  bool held_back(tracked& order, desk_time now);
  std::optional<symbol_index> index_of(const std::string& symbol) const;
  bool alarm_once(const std::string& text);
  void tell_unreadable(const std::string& what, const alpaca::unreadable_row& row);
  void close_left_over(const alpaca::parsed_list<alpaca::venue_position>& answer);
  /// What the venue holds, by symbol; empty where it is not known.
  std::vector<std::optional<std::int64_t>>
  holdings_of(const alpaca::parsed_list<alpaca::venue_position>& answer, std::vector<money>& prices,
              desk_time now);

  std::vector<std::string> symbols_;
  std::string prefix_; ///< of our client order ids
  std::vector<std::int64_t> held_;
  std::vector<std::int64_t> changed_at_; ///< real, by symbol
  std::vector<std::int64_t> difference_; ///< found by the last comparison, by symbol
  std::map<std::string, tracked> orders_;
  std::vector<std::string> recalled_;                  ///< ids in the order of the tape, until resume()
  std::map<std::string, std::int64_t> foreign_filled_; ///< by the venue's order id
  std::set<std::string> own_ids_;                      ///< the venue's, of our orders
  std::vector<time_ms> agreed_at_;  ///< by symbol, venue time: the last comparison that agreed; 0: none did
  std::set<symbol_index> vanished_; ///< missing at the venue, and nobody knows why
  /// By symbol: cumulative quantities of others' orders that filled since then, negative for sales.
  std::vector<std::map<std::string, std::int64_t>> told_fills_;
  std::uint64_t comparisons_ = 0;
  std::set<std::string> said_;
  std::int64_t positions_asked_at_ = 0;
  std::optional<time_ms> listed_at_; ///< venue time of the last list that was answered
  bool nothing_left_ = false;
  time_ms oldest_entry_ms_ = longest_entry_ms;
  bool entries_held_ = false;
  time_ms closes_at_ = std::numeric_limits<time_ms>::max();
  time_ms alone_since_ = std::numeric_limits<time_ms>::max();
  std::uint64_t adjustments_ = 0;
  std::uint64_t foreign_ = 0;
  std::set<std::string> second_trader_;            ///< client order ids
  std::optional<std::int64_t> second_trader_told_; ///< real
  std::uint64_t unreadable_ = 0;
  std::uint64_t reposted_ = 0;
  std::uint64_t duplicates_ = 0;
  std::uint64_t impossible_ = 0;
  std::uint64_t impossible_told_ = 0; ///< as events
  money account_;                     ///< its value; 0: unknown
  std::vector<money> prices_;         ///< by symbol, the last known; 0: unknown
  desk_output output_;
};

} // namespace sentio
