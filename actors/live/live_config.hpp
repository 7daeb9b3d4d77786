// What the actors of the live runtime share.
#pragma once

#include "actors/live/venue_time.hpp"
#include "actors/transport/network.hpp"
#include "core/account/order.hpp"
#include "core/market/calendar.hpp"
#include "messages/messages.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sentio {

/// Where the venue is and who we are to it. Never printed.
struct venue_endpoints {
  std::string trading_url;    ///< https://paper-api.alpaca.markets
  std::string trading_stream; ///< wss://paper-api.alpaca.markets/stream
  std::string data_url;       ///< https://data.alpaca.markets
  std::string data_stream;    ///< wss://stream.data.alpaca.markets/v2/iex
  std::string data_feed = "iex";
  std::string ca_file; ///< empty: the system's authorities
  std::string key_id;
  std::string secret;
  std::string polygon_key; ///< not empty: bars come from Polygon
};

/// Real time from the event that closed a round to the last byte of an order handed to the kernel.
class latency_book {
public:
  struct sample {
    time_ms round = 0;
    double milliseconds = 0;
  };
  void round_closed(time_ms round, venue_time::steady::time_point at) {
    const std::lock_guard lock(mutex_);
    round_ = round;
    closed_at_ = at;
  }
  void order_sent(time_ms round, venue_time::steady::time_point at) {
    const std::lock_guard lock(mutex_);
    if (round == round_)
      samples_.push_back({round, std::chrono::duration<double, std::milli>(at - closed_at_).count()});
  }
  std::vector<sample> samples() const {
    const std::lock_guard lock(mutex_);
    return samples_;
  }

private:
  mutable std::mutex mutex_;
  time_ms round_ = 0;
  venue_time::steady::time_point closed_at_{};
  std::vector<sample> samples_;
};

/// A symbol without a bar for so many minutes of the session raises an alarm. Thin symbols have holes of a
/// few minutes, and a pause for volatility lasts five.
inline constexpr int silent_minutes = 10;
/// In the tape's status, before the name of such a symbol: minutes since its last bar.
inline constexpr std::string_view silent_counter = "silent_minutes ";
/// In the counters of a session, before the name of a symbol with less than half of the minutes.
inline constexpr std::string_view missing_counter = "missing minutes of ";

/// How often actors look whether something is due: real time. A simulation looks less often.
struct live_intervals {
  std::chrono::milliseconds gateway_tick{50};
  std::chrono::milliseconds feed_watch{100};
  std::chrono::milliseconds longest_clock_sleep{250}; ///< a longer one would miss a correction of the clock
  int warm_connections = 3; ///< kept open to the venue, so that a round's orders need no TLS handshake
};

struct live_config {
  std::shared_ptr<venue_time> time;
  /// The machine's wall clock in ms, to judge the venue's by.
  std::function<std::int64_t()> wall_ms = [] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  };
  session_hours hours;
  std::vector<std::string> symbols; ///< by index
  venue_endpoints venue;
  std::string session_tag; ///< of order ids: whose orders are ours
  bool dry_run = false;    ///< everything but orders: each is refused at our own door
  time_ms joined_at = 0;   ///< venue time of the start: minutes closed by then come from back_fill
  std::vector<std::vector<bar>> back_fill; ///< today's bars so far, by symbol
  /// By symbol, in today's scale (splits are in it): what a first bar is measured against. Empty or 0:
  /// unknown, and the first bar is taken as it comes.
  std::vector<double> closes_before;
  money capital; ///< the account's value at the start, which its events are measured against; 0: unknown
  std::vector<venue_event> adopted; ///< adjustments for what the account holds at the start
  time_ms grace_ms = 2'000;         ///< of venue time after a minute for bars that are late
  std::chrono::milliseconds least_grace{
      50}; ///< of real time: an accelerated clock does not hasten the network
  std::shared_ptr<latency_book> latency = std::make_shared<latency_book>();
  /// Bars that the feed may have sent and the tape not yet taken. What comes beyond that is left to REST and
  /// fetched when the tape has caught up: several minutes of all symbols, and memory stays flat.
  std::uint32_t bar_window = 4'096;
  history_ptr past; ///< of the session, for an actor that is born into it; empty: the session begins
  /// HALTED was latched (true, with the reason) or re-armed: to be kept beyond this process. Called by the
  /// tape before it acts on it, or by the supervisor; thread-safe. May be empty.
  std::function<void(bool, const std::string&)> latch;
  std::shared_ptr<venue_network> network = real_network();
  live_intervals intervals;
  /// A line for the person who watches; thread-safe, and never waits for who reads it.
  std::function<void(const std::string&)> say;
  /// Sells what the account holds of the symbols, at the venue and past the tape, when nothing can be written
  /// any more; says what came of it. Called by run_live, which waits for it. May be empty.
  std::function<std::string()> close_without_tape;
  /// Gives what was said a moment to be seen, before the process ends itself. May be empty.
  std::function<void()> last_words;

  /// The process came back after the close: orders' fates are asked for and the logs are ended, and that is
  /// all.
  bool only_finishes() const { return joined_at >= hours.close; }
};
using live_config_ptr = std::shared_ptr<const live_config>;

} // namespace sentio
