// Fuzz target: frames of Alpaca's market-data stream.
#include "core/alpaca/wire.hpp"
#include "tests/fuzz/support.hpp"

#include <cmath>

using namespace sentio;
using fuzz::expect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto frame = alpaca::parse_stream_frame(fuzz::text_of(data, size));
  expect(!frame.malformed || (frame.events.empty() && frame.bad == 0 && frame.unknown == 0),
         "a malformed frame holds nothing");
  for (const auto& event : frame.events)
    if (const auto* one = std::get_if<alpaca::stream_bar>(&event)) {
      expect(!one->symbol.empty(), "a bar has a symbol");
      for (const double value :
           {one->value.open, one->value.high, one->value.low, one->value.close, one->value.volume})
        expect(std::isfinite(value), "prices and volume are finite");
    }
  return 0;
}
