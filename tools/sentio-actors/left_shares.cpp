#include "tools/sentio-actors/left_shares.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <optional>
#include <thread>

namespace sentio {

namespace {

using shares_by_symbol = std::map<std::string, std::int64_t>;

constexpr int venue_attempts = 3;
constexpr std::chrono::seconds attempt_interval{1};

bool should_be_flat(const session_run& run) {
  if (run.options.dry_run || run.kept)
    return false;
  return run.stopped_early || run.closing_by_tape || !run.outcome.error.empty() ||
         run.setup.config.portfolio.book.eod_liquidation;
}

std::string named(const shares_by_symbol& shares) {
  std::string text;
  for (const auto& [symbol, count] : shares)
    text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + symbol;
  return text;
}

std::optional<shares_by_symbol> held_at_venue(const session_run& run) {
  const auto& symbols = run.setup.config.symbols;
  std::string problem;
  for (int attempt = 0; attempt < venue_attempts; ++attempt) {
    if (attempt > 0)
      std::this_thread::sleep_for(attempt_interval);
    try {
      shares_by_symbol held;
      for (const auto& position : run.desk.positions())
        if (position.shares != 0 &&
            std::find(symbols.begin(), symbols.end(), position.symbol) != symbols.end())
          held[position.symbol] = position.shares;
      return held;
    } catch (const std::exception& failed) {
      problem = failed.what();
    }
  }
  say_line("the venue could not be asked what the account holds (" + problem + ")");
  return std::nullopt;
}

/// The portfolio's own count of positions and orders in its last words; empty when it had none.
std::optional<bool> was_flat(const live_outcome& outcome) {
  for (const auto& actor : outcome.actors)
    if (actor.name == "portfolio")
      return std::none_of(actor.counts.begin(), actor.counts.end(),
                          [](const auto& count) { return count.first == "positions" && count.second != 0; });
  return std::nullopt;
}

std::optional<shares_by_symbol> held_by_book(const session_run& run) {
  if (was_flat(run.outcome) == true)
    return shares_by_symbol{};
  try {
    const auto session = read_session({run.setup.tape_file, false, nullptr});
    if (!session.hours)
      return shares_by_symbol{};
    shares_by_symbol held;
    const auto book = folded_book(session);
    for (const auto& one : book.book().holdings())
      held[session.header.symbols.at(one.symbol)] = one.shares;
    return held;
  } catch (const std::exception& problem) {
    say_line(std::string("what the session's book holds cannot be read from its tape: ") + problem.what());
    return std::nullopt;
  }
}

} // namespace

left_shares look_for_left_shares(const session_run& run) {
  left_shares left;
  if (!should_be_flat(run))
    return left;
  const auto by_book = held_by_book(run);
  const auto at_venue = held_at_venue(run);
  const std::string advice =
      "; the session should have ended flat: close them at the broker, or the next session "
      "takes them over";
  if (at_venue && !at_venue->empty()) {
    left.shares = *at_venue;
    left.sentence = "CRITICAL the account still holds " + named(left.shares) + advice;
  } else if (!at_venue && by_book && !by_book->empty()) {
    left.shares = *by_book;
    left.sentence = "CRITICAL by its book the session still holds " + named(left.shares) + advice;
  } else if (!at_venue && !by_book) {
    left.sentence =
        "CRITICAL nobody could say what the account holds: look there, and close what the session left";
  } else if (by_book && !by_book->empty()) {
    left.shares = *by_book;
    left.sentence =
        "CRITICAL by its book the session still holds " + named(left.shares) +
        ", which the account does not: compare the fills of its orders at the broker with the trades log";
  } else if (run.left_open) {
    left.sentence = "CRITICAL orders without a known end were left: look for them at the broker";
  }
  return left;
}

std::string left_between_sessions(const session_run& run) {
  if (run.options.dry_run || !run.setup.config.portfolio.book.eod_liquidation)
    return {};
  const auto held = held_at_venue(run);
  if (!held)
    return "CRITICAL nobody could say what the account holds: look there";
  if (held->empty())
    return {};
  return "CRITICAL the account still holds " + named(*held) +
         " while no session is open: close them at the broker, or the next session takes them over";
}

} // namespace sentio
