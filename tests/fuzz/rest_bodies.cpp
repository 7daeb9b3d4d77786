// Fuzz target: every REST body of Alpaca; the first byte chooses the parser.
#include "core/alpaca/wire.hpp"
#include "tests/fuzz/support.hpp"

using namespace sentio;
using namespace sentio::alpaca;
using fuzz::expect;

namespace {

template <class T>
void consistent(const parsed<T>& result) {
  expect(result.value.has_value() == result.problem.empty(), "a body has a value or a problem");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0)
    return 0;
  const auto body = fuzz::text_of(data + 1, size - 1);
  switch (data[0]) {
  case 'a':
    consistent(parse_account(body));
    break;
  case 'c':
    consistent(parse_clock(body));
    break;
  case 'o':
    consistent(parse_order(body));
    break;
  case 'O':
    consistent(parse_orders(body));
    break;
  case 'p':
    consistent(parse_positions(body));
    break;
  case 'k':
    consistent(parse_calendar(body));
    break;
  case 's':
    consistent(parse_asset(body));
    break;
  case 'b':
    consistent(parse_bar_page(body));
    break;
  default:
    expect(parse_refusal(body).code >= 0, "a refusal's code is none or positive");
  }
  return 0;
}
