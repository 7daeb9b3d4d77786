// Fuzz target: messages of Alpaca's trade_updates stream.
#include "core/alpaca/wire.hpp"
#include "tests/fuzz/support.hpp"

using namespace sentio;
using fuzz::expect;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto message = alpaca::parse_trading_message(fuzz::text_of(data, size));
  expect(message.index() < std::variant_size_v<alpaca::trading_message>, "a message is of one kind");
  if (const auto* update = std::get_if<alpaca::trade_update>(&message)) {
    expect(update->shares >= 0 && update->order.shares >= 0 && update->order.filled >= 0,
           "counts of shares are not negative");
    alpaca::is_terminal_status(update->order.status);
  }
  return 0;
}
