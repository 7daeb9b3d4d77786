#include "actors/simulation/tape_review.hpp"

#include "actors/live/order_desk.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <map>
#include <optional>
#include <utility>

namespace sentio {

namespace {

/// An order may be stuck, and be canceled again, for so long.
constexpr time_ms cancel_patience_ms = 90'000;

bool ends(venue_event_kind kind) {
  return kind == venue_event_kind::rejected || kind == venue_event_kind::canceled ||
         kind == venue_event_kind::expired;
}

/// A buy may be decided so long after its minute: the feed's grace, what the admitter calls behind, and the
/// error of the clocks.
constexpr time_ms stale_decision_ms = 60'000;

class reviewer {
public:
  explicit reviewer(const seen_from_outside& seen) : seen_(seen) {}

  void read(const operator_command& command) {
    if (command.sender == "gateway: order route") {
      if (command.kind == command_kind::maintenance_on)
        pauses_.emplace_back(command.at, std::numeric_limits<time_ms>::max());
      else if (!pauses_.empty())
        pauses_.back().second = std::min(pauses_.back().second, command.at);
    }
    if (command.kind == command_kind::maintenance_on && !paused_)
      paused_ = command.at;
    else if (command.kind == command_kind::maintenance_off)
      paused_.reset();
    else if (command.kind == command_kind::close_session && !closing_)
      closing_ = command.at;
    else if (command.kind == command_kind::halt && !halted_)
      halted_ = command.at;
    else if (command.kind == command_kind::rearm)
      halted_.reset();
  }

  void read(const order_intent& order) {
    const auto& id = order.client_order_id;
    if (paused_ && order.side == order_side::buy && order.decided_at > *paused_)
      found_.push_back("order " + id + " buys while entries are paused");
    // An order that was on its way to the tape when the command came is older.
    if (order.side == order_side::buy && closing_ && order.released_at > *closing_)
      found_.push_back("order " + id + " buys though the session is being closed");
    if (order.side == order_side::buy && halted_ && order.released_at > *halted_)
      found_.push_back("order " + id + " buys while HALTED");
    // The venue may answer again between the end of a minute and its decision.
    const auto closed = seen_.closed.find(order.decided_at);
    const auto at = closed == seen_.closed.end() ? order.decided_at : closed->second;
    for (const auto& [since, until] : seen_.dead_routes)
      if (order.side == order_side::buy && order.decided_at > since + dead_route_bound_ms && at < until)
        found_.push_back("order " + id + " buys while the venue has not answered for " +
                         std::to_string((order.decided_at - since) / 1000) + " s");
    if (closed != seen_.closed.end() && order.side == order_side::buy &&
        closed->second - order.decided_at > stale_decision_ms)
      found_.push_back("order " + id + " was decided " +
                       std::to_string((closed->second - order.decided_at) / 1000) + " s after its minute");
    // The number at the end of an id grows after a known end, or an id could come twice.
    const auto attempt = std::strtoul(id.c_str() + id.rfind('-') + 1, nullptr, 10);
    auto& last = last_[{order.symbol, order.side}];
    if (last.failed_at && order.released_at > *last.failed_at && attempt <= last.attempt)
      found_.push_back("order " + id + " has the attempt of one that ended before");
    last = {attempt, std::nullopt};
    orders_.emplace(id, known_order{order.symbol, order.side, order.shares, 0, false, false});
  }

  /// The row a venue fills a minute without trades with.
  void read(const live_bar& b) {
    const bar& v = b.value;
    if (b.revision)
      return;
    auto& close = closes_[b.symbol];
    if (v.volume <= 0 && v.close == close && v.open == close && v.high == close && v.low == close)
      found_.push_back("the minute " + new_york_clock(v.label) + " without trades of symbol " +
                       std::to_string(b.symbol) + " is on the tape as a bar");
    close = v.close;
  }

  void read(const cancel_intent& cancel) { canceled_.emplace(cancel.client_order_id, cancel.decided_at); }

  void read(const venue_event& word) {
    heard_[word.client_order_id] = word.at; // a fill comes last as well
    const auto found = orders_.find(word.client_order_id);
    if (found == orders_.end() || found->second.over)
      return;
    auto& order = found->second;
    if (word.kind == venue_event_kind::fill)
      order.filled += word.fill.shares;
    order.over = ends(word.kind) || order.filled >= order.shares;
    if (!ends(word.kind))
      return;
    last_[{order.symbol, order.side}].failed_at = word.at;
    order.refused = word.kind == venue_event_kind::rejected && word.reason != never_arrived &&
                    word.reason != refused_later;
  }

  template <class Other>
  void read(const Other&) {}
  template <class Shared>
  void read(const std::shared_ptr<const Shared>& entry) {
    read(*entry);
  }

  /// Dead routes of which the tape has nothing.
  void look_for_silence() {
    for (const auto& [since, until] : seen_.dead_routes) {
      const auto due = since + dead_route_bound_ms;
      const bool said = std::any_of(pauses_.begin(), pauses_.end(), [&](const auto& pause) {
        return pause.first <= due && pause.second >= due - clock_doubt_ms;
      });
      const bool over = closing_ && *closing_ < until; // the session may have ended before
      if (until > due && !said && !over)
        found_.push_back("the venue did not answer from " + new_york_clock(since) +
                         " on, and nothing was said");
    }
  }

  /// When a call that was due at an instant could reach the venue: not while nothing could.
  time_ms could_leave_from(time_ms due) const {
    for (const auto& [since, until] : seen_.unreachable)
      if (since <= due + cancel_patience_ms && due < until)
        due = until;
    return due;
  }

  std::vector<std::string> compare(const nlohmann::json& venue_orders) {
    look_for_silence();
    for (const auto& order : venue_orders) {
      const auto& id = order.at("client_order_id").get_ref<const std::string&>();
      const auto ours = orders_.find(id);
      const auto posts = seen_.posts.find(id);
      const bool sent_once = posts != seen_.posts.end() && posts->second == 1;
      // Of two posts one may well be refused.
      if (ours != orders_.end() && ours->second.refused && sent_once && order.at("status") != "rejected")
        found_.push_back("order " + id + " is refused in the book, and the venue took it");
      const auto cancel = canceled_.find(id);
      if (cancel == canceled_.end() || seen_.canceled.contains(order.at("id").get<std::string>()))
        continue;
      if (heard_[id] - could_leave_from(cancel->second) > cancel_patience_ms)
        found_.push_back("the cancel of order " + id + ", decided at " + new_york_clock(cancel->second) +
                         ", never left until it was heard of at " + new_york_clock(heard_[id]));
    }
    return std::move(found_);
  }

private:
  /// As the order desk words it.
  static constexpr std::string_view refused_later = "rejected after it was accepted";

  struct known_order {
    symbol_index symbol = 0;
    order_side side = order_side::buy;
    std::int64_t shares = 0;
    std::int64_t filled = 0;
    bool over = false;
    bool refused = false; ///< the venue would not have it, says the tape
  };
  struct last_attempt {
    unsigned long attempt = 0;
    std::optional<time_ms> failed_at;
  };

  const seen_from_outside& seen_;
  std::optional<time_ms> paused_;
  std::optional<time_ms> closing_; ///< of one session: never reset
  std::optional<time_ms> halted_;
  std::vector<std::pair<time_ms, time_ms>> pauses_; ///< because the venue does not answer
  std::map<symbol_index, double> closes_;           ///< of the newest bar
  std::map<std::string, known_order> orders_;
  std::map<std::pair<symbol_index, order_side>, last_attempt> last_;
  std::map<std::string, time_ms> canceled_, heard_;
  std::vector<std::string> found_;
};

} // namespace

std::vector<std::string> review_tape(const history& past, const nlohmann::json& venue_orders,
                                     const seen_from_outside& seen) {
  reviewer review(seen);
  for (const auto& entry : past)
    std::visit([&](const auto& one) { review.read(one); }, entry);
  return review.compare(venue_orders);
}

} // namespace sentio
