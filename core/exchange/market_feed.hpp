// Sends market data as time passes: bars after their minute, corrections at +30 s, quotes and trades each second.
#pragma once

#include "core/exchange/fault_board.hpp"
#include "core/exchange/prices.hpp"
#include "core/exchange/stream_hub.hpp"
#include "core/exchange/venue_calendar.hpp"

#include <map>
#include <utility>

namespace sentio::venue {

class market_feed {
public:
  market_feed(price_source& prices, const venue_calendar& calendar, fault_board& faults, stream_hub& hub, time_ms now);

  std::optional<time_ms> next_time(time_ms now) const;
  void run(time_ms now);

private:
  struct publication {
    enum class what : std::uint8_t { bar, correction, again } kind = what::bar;
    std::size_t symbol = 0;
    bar b;
    bool late = false; ///< was put off by a fault already
  };

  void plan_minute(time_ms boundary);
  void publish(const publication& p, time_ms now);
  void publish_bar(const publication& p, time_ms now);
  std::string spoiled(const std::string& good, const std::string& symbol, time_ms now);
  void send_odd(const std::string& symbol, const std::string& good_text);
  void tick(time_ms now);
  void send_ticks(std::size_t index, time_ms now);
  void send_second(std::size_t index, time_ms second, time_ms now);
  void test_minute(time_ms boundary);
  void add(time_ms at, publication p) { queue_.emplace(std::make_pair(at, ++added_), std::move(p)); }
  static time_ms minute_after(time_ms now);

  price_source& prices_;
  const venue_calendar& calendar_;
  fault_board& faults_;
  stream_hub& hub_;
  time_ms next_minute_ = 0;
  time_ms last_tick_ = 0;
  std::uint64_t added_ = 0;
  std::map<std::pair<time_ms, std::uint64_t>, publication> queue_;
};

} // namespace sentio::venue
