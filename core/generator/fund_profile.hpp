// What a generated symbol is: its index, its leverage, and how it trades.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace sentio {

enum class market_index : unsigned char { large_caps, nasdaq, small_caps, financials, energy, volatility };
inline constexpr std::size_t market_index_count = 6;

/// How an index moves. Daily volatility is that of the regular session, as a fraction.
struct index_profile {
  double daily_volatility;
  double correlation; ///< with large_caps; negative for volatility futures
};
const index_profile& profile_of(market_index index);

struct fund_profile {
  market_index index = market_index::large_caps;
  double leverage = 1;            ///< daily exposure
  double first_price = 100;       ///< dollars at the first open
  double minute_volume = 10'000;  ///< typical shares in a minute with trades
  double missing_share = 0;       ///< chance that a minute of average activity has no trade
  double closing_row_share = 1;   ///< chance of a row labelled with the close
  bool fractional_volume = false; ///< some vendors report tenths of a share
  double own_volatility = 0;      ///< of returns that are not the index's, relative to the index's volatility
};

/// The symbols of the strategy document are known, with the liquidity of their real bars of 2025: TQQQ SQQQ
/// UPRO SPXL SSO SDS UVXY UVIX SVIX SVXY QQQ PSQ SPY SH TNA TZA FAS FAZ ERX ERY. Any other name (SYN000, ...)
/// gets index, leverage, price, liquidity and returns of its own from the hash of the name, whatever the
/// seed.
fund_profile profile_of(std::string_view symbol);

} // namespace sentio
