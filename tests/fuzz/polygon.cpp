// Fuzz target: Polygon's stream and aggregates; the first byte chooses the parser.
#include "core/alpaca/polygon.hpp"
#include "tests/fuzz/support.hpp"

using namespace sentio;
using fuzz::expect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0)
    return 0;
  const auto text = fuzz::text_of(data + 1, size - 1);
  if (data[0] == 'g') {
    const auto page = polygon::parse_aggregates(text, "TQQQ");
    expect(page.value.has_value() == page.problem.empty(), "a body has a value or a problem");
    if (page.value)
      for (const auto& row : page.value->bars)
        expect(row.symbol == "TQQQ" && row.value.label >= 0, "a row is of the symbol and after 1970");
  } else {
    const auto frame = polygon::parse_stream_frame(text);
    expect(!frame.malformed || frame.events.empty(), "a malformed frame holds nothing");
  }
  return 0;
}
