#include "tools/sentio-actors/close_without_tape.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <thread>

namespace sentio {

namespace {

constexpr std::chrono::seconds patience{60};
constexpr std::chrono::milliseconds interval{500};

/// What the account holds, as "100 TQQQ, 5 UVXY", and every sale asked for once more.
std::string sell_what_is_held(const session_run& run) {
  const auto open = run.desk.open_orders();
  for (const auto& order : *open.value)
    if (order.client_order_id.starts_with("s-"))
      run.desk.cancel(order.id);
  std::string held;
  const auto& symbols = run.setup.config.symbols;
  for (const auto& position : run.desk.positions()) {
    if (position.shares == 0 || std::find(symbols.begin(), symbols.end(), position.symbol) == symbols.end())
      continue;
    held += (held.empty() ? "" : ", ") + std::to_string(position.shares) + " " + position.symbol;
    run.desk.close_position(position.symbol);
  }
  return held;
}

} // namespace

std::string close_without_tape(const session_run& run) {
  std::string sold;
  std::string held = "what cannot be known";
  std::string problem;
  const auto end = std::chrono::steady_clock::now() + patience;
  do {
    if (run.time->now() >= run.hours.close) {
      problem = "the session is closed";
      break;
    }
    try {
      held = sell_what_is_held(run);
      if (held.empty())
        return sold.empty() ? "the account holds nothing"
                            : "sold at the venue: " + sold + "; the account holds nothing";
      sold = sold.empty() ? held : sold;
      problem.clear();
    } catch (const std::exception& failure) {
      problem = failure.what();
    }
    std::this_thread::sleep_for(interval);
  } while (std::chrono::steady_clock::now() < end);
  return "CRITICAL the account still holds " + held + (problem.empty() ? "" : " (" + problem + ")") +
         ": close it at the broker";
}

} // namespace sentio
