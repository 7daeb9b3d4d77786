// Fuzz target: RFC 3339 times, read and written.
#include "core/alpaca/wire.hpp"
#include "tests/fuzz/support.hpp"

#include <algorithm>
#include <cstring>

using namespace sentio;
using fuzz::expect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = fuzz::text_of(data, size);
  // Offsets reach a day beyond the years 1 to 9999, whose dates alone have four digits.
  constexpr time_ms first = -62'135'596'800'000;
  constexpr time_ms last = 253'402'300'799'999;
  if (const auto at = alpaca::parse_timestamp(text); at && *at >= first && *at <= last)
    expect(alpaca::parse_timestamp(alpaca::format_timestamp(*at)) == at, "a time is read back as written");
  time_ms any = 0;
  std::memcpy(&any, data, std::min(size, sizeof(any)));
  const bool four_digits = any >= first && any <= last;
  const auto again = alpaca::parse_timestamp(alpaca::format_timestamp(any));
  expect(!four_digits || again == any, "any time of four-digit years is read back");
  return 0;
}
