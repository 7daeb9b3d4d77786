// What the market shows at an instant: quotes that move within the minute, bars that have been published.
#pragma once

#include "core/exchange/exchange.hpp"
#include "core/exchange/text.hpp"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sentio::venue {

/// National best bid and offer; millionths of a dollar.
struct market_quote {
  micros bid = 0;
  micros ask = 0;
  micros last = 0; ///< the latest trade: the middle, in cents
};

class price_source {
public:
  price_source(const exchange_config& config, std::unique_ptr<market_source> market);

  const std::vector<std::string>& symbols() const { return market_->symbols(); }
  std::optional<std::size_t> find(std::string_view symbol) const;
  const std::string& name(std::size_t symbol) const { return market_->symbols()[symbol]; }

  /// Changes once a second. Empty when the symbol never traded before.
  std::optional<market_quote> quote(std::size_t symbol, time_ms now);
  /// Last price of the session before the day of `now`, in dollars; 0 when there is none.
  double previous_close(std::size_t symbol, time_ms now);

  /// When a bar goes out: 20 to 100 ms after its minute (spec section 1.5).
  time_ms publish_time(std::size_t symbol, time_ms label) const;
  /// Whether a bar is sent first without its late trades and corrected at +30 s.
  bool is_revised(std::size_t symbol, time_ms label) const;
  static bar without_late_trades(bar b);

  /// The bar of a minute of the day of that minute, if it exists and no fault hides it.
  std::optional<bar> bar_of(std::size_t symbol, time_ms label);
  /// Published bars with labels in [from, to), as they stand at `now`, ascending.
  std::vector<bar> published(std::size_t symbol, time_ms from, time_ms to, time_ms now);
  /// Bars with labels in [from, to) whose minute has begun at `now`, published or not and as they will end:
  /// for the minutes in which trades are told, never for what a client may see of a bar.
  std::vector<bar> begun(std::size_t symbol, time_ms from, time_ms to, time_ms now) const;
  /// Published bars of the New York day of `now` as one, its label the day's midnight.
  std::optional<bar> day_so_far(std::size_t symbol, time_ms now);
  std::optional<bar> latest(std::size_t symbol, time_ms now);

  bool halted(std::string_view symbol, time_ms now) const;
  /// No bars that overlap [from, until), and with `halt` no price changes; empty symbol: all.
  void add_gap(const std::string& symbol, time_ms from, time_ms until, bool halt);
  /// A plan that was replaced ends its halts.
  void end_gaps(time_ms now);
  void hide_bar(std::size_t symbol, time_ms label) { hidden_.emplace(symbol, label); }
  /// The minute is told as one without trades: volume 0 at the last price that was told before it.
  void empty_bar(std::size_t symbol, time_ms label);
  /// Prices from an instant on are multiplied; a split also divides volume and is undone by adjustment=split.
  void add_factor(const std::string& symbol, time_ms from, double factor, bool split);
  /// What prices at a label are to be multiplied by to be comparable with those of `now`.
  double split_adjustment(std::string_view symbol, time_ms label, time_ms now) const;

private:
  struct day {
    time_ms begin = -1;
    std::vector<bar> bars;
    std::vector<std::int32_t> last; ///< [minute of the day] index of the latest bar at or before it, -1: none
    double previous_close = 0;
  };
  struct gap {
    std::string symbol;
    time_ms from = 0;
    time_ms until = 0;
    bool halt = false;
  };
  struct factor {
    std::string symbol;
    time_ms from = 0;
    double value = 1;
    bool split = false;
  };

  day& day_of(std::size_t symbol, time_ms now);
  bar scaled(std::size_t symbol, bar b) const;
  /// The bar as it is told: scaled, and without trades where a fault says so.
  bar told(std::size_t symbol, const bar& b) const;
  bool is_hidden(std::size_t symbol, time_ms label) const;
  double middle(std::size_t symbol, time_ms now);

  const exchange_config& config_;
  std::unique_ptr<market_source> market_;
  std::vector<day> days_;
  std::vector<double> half_spread_; ///< as a fraction
  std::vector<gap> gaps_;
  std::vector<factor> factors_;
  std::set<std::pair<std::size_t, time_ms>> hidden_;
  std::map<std::pair<std::size_t, time_ms>, double> empty_; ///< with their price
  time_ms day_begin_ = 0, day_end_ = -1;                    ///< of the New York day asked for last
};

} // namespace sentio::venue
