// What has to be known of a venue before a session can be traded there, asked over REST.
#pragma once

#include "actors/live/live_config.hpp"
#include "actors/transport/rest_client.hpp"
#include "core/alpaca/wire.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace sentio {

/// The venue cannot be asked now: no connection, no name, a certificate that is not trusted, no answer, a
/// server's error, or an answer that is not the venue's own, such as a maintenance page. It may be back at
/// any time.
class venue_outage : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// The venue's own words that the keys are wrong.
class keys_refused : public usage_error {
public:
  using usage_error::usage_error;
};

/// REST to a venue, answers waited for. Each function throws venue_outage, keys_refused or another
/// std::runtime_error with a sentence for the user.
class venue_desk {
public:
  explicit venue_desk(const venue_endpoints& venue);

  /// Checks that the account is active, not blocked and has money, and is (or is not) a paper account. Throws
  /// usage_error when the keys are of the other kind.
  alpaca::venue_account account(bool paper) const;
  /// The account as it is, without a judgement.
  alpaca::venue_account any_account() const;
  /// The venue's clock, and the steady instant at which it was read.
  std::pair<alpaca::venue_clock, venue_time::steady::time_point> clock() const;
  /// Venue seconds per second, from two readings of its clock.
  double clock_speed(std::chrono::milliseconds apart) const;
  /// The session of a day: the venue's calendar against the local rule, the earlier close wins; what differs
  /// is added to `notes`. Empty when the venue has none that day.
  std::optional<session_hours> session(civil_date date, std::vector<std::string>& notes) const;
  alpaca::parsed_list<alpaca::venue_order> open_orders() const;
  /// The client order id of the newest order of this program, of any session, whatever became of it; empty
  /// when the venue has none among its latest 500.
  std::string newest_own_order() const;
  /// Cancels the open orders whose client order id begins with "s-" and waits until none is open, at most
  /// `wait`.
  void cancel_own_orders(std::chrono::milliseconds wait) const;
  std::vector<alpaca::venue_position> positions() const;
  /// Asks the venue to cancel an order, by its id, or to sell a whole position; the answer is not judged,
  /// since what came of it is asked for.
  void cancel(const std::string& venue_id) const;
  void close_position(const std::string& symbol) const;
  alpaca::venue_asset asset(const std::string& symbol) const;
  /// Complete minutes with labels in [from, now - 60 s], by index of the symbols; empty rows where there are
  /// none.
  std::vector<std::vector<bar>> bars(const std::vector<std::string>& symbols, time_ms from, time_ms now,
                                     const std::string& adjustment) const;

private:
  void remove(const std::string& target) const;
  rest_response ask(const rest_client& client, const std::string& target, const char* what) const;

  venue_endpoints venue_;
  std::unique_ptr<rest_client> trading_;
  std::unique_ptr<rest_client> data_;
};

} // namespace sentio
