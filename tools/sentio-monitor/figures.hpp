// Figures as the screens write them. Unknown is a dash, never 0.
#pragma once

#include <cstdint>
#include <string>

namespace sentio {

std::string money_text(double dollars);                    ///< "100,123.45", "-12.30"
std::string signed_money_text(double dollars);             ///< "+123.45"
std::string price_text(double dollars);                    ///< "69.7300"
std::string percent_text(double fraction, int places = 2); ///< 0.0123 is "1.23%"
std::string number_text(double value, int places);
std::string count_text(double value);     ///< "12,345"
std::string small_text(double value);     ///< three significant digits: "1.23e-05"
std::string microseconds_text(double us); ///< "850 ns", "12.3 us", "4.56 ms", "1.20 s"
std::string clock_text(std::int64_t at);  ///< New York "15:58:03"; "-" when unknown
std::string since_text(std::int64_t ms);  ///< "3 s", "12 min", "5 h", "3 d"

} // namespace sentio
