#include "core/journal/session_log.hpp"

#include "core/numeric/plain_text.hpp"

#include <fmt/format.h>

namespace sentio {

namespace {

constexpr double rare_share = 0.001;

bool unreachable(const threshold_share& share) {
  return share.seen > 0 && (share.share() < rare_share || share.share() > 1 - rare_share);
}

/// Dollars and cents for people: "$100,012.35".
std::string cents(money amount) {
  const bool negative = amount.micros < 0;
  const std::int64_t size = negative ? -amount.micros : amount.micros;
  const std::int64_t whole = (size + 5'000) / 10'000;
  std::string digits = std::to_string(whole / 100);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
    digits.insert(static_cast<std::size_t>(at), ",");
  return fmt::format("{}${}.{:02}", negative ? "-" : "", digits, whole % 100);
}

std::string name_of(symbol_index symbol, std::span<const std::string> names) {
  return symbol < names.size() ? names[symbol] : fmt::format("symbol {}", symbol);
}

/// 15:58:00.100 without the parts that are zero.
std::string clock_text(time_ms at) {
  const time_ms within = ((at % minute_ms) + minute_ms) % minute_ms;
  std::string text = new_york_clock(at);
  if (within != 0)
    text += fmt::format(":{:02}.{:03}", within / 1000, within % 1000);
  return text;
}

} // namespace

std::string session_log_name(std::string_view session) {
  return fmt::format("session_{}.log", session);
}

std::string session_start_text(const session_hours& hours, std::span<const std::string> names, money equity,
                               std::string_view data_note) {
  std::string out =
      fmt::format("session {}{}: open {}, liquidation {}, close {} New York; equity {}\n",
                  to_string(hours.date), hours.half_day ? " (half day)" : "", new_york_clock(hours.open),
                  new_york_clock(hours.liquidation), new_york_clock(hours.close), cents(equity));
  out += fmt::format("symbols: {}\n", fmt::join(names, " "));
  if (!data_note.empty())
    out += fmt::format("data: {}\n", plain_text(data_note));
  return out;
}

std::string data_warnings_text(std::span<const std::string> warnings) {
  constexpr std::size_t most_shown = 20;
  std::string out;
  for (const auto& warning : warnings.first(std::min(most_shown, warnings.size())))
    out += fmt::format("WARNING data: {}\n", plain_text(warning));
  if (warnings.size() > most_shown)
    out += fmt::format("WARNING data: and {} more, all in run.json\n", warnings.size() - most_shown);
  return out;
}

std::vector<std::string> unreachable_thresholds(const warmup_summary& warmup) {
  std::vector<std::string> keys;
  for (const threshold_share& share : warmup.shares)
    if (unreachable(share))
      keys.push_back(share.key);
  return keys;
}

std::string warmup_text(const warmup_summary& warmup) {
  std::string out = fmt::format("warm-up: {} sessions, {} bars\n", warmup.sessions, warmup.bars);
  for (const threshold_share& share : warmup.shares) {
    if (share.seen == 0) {
      out += fmt::format("  {}: switched off, or no warm-up signal to judge by\n", share.key);
      continue;
    }
    out += fmt::format("  {}: passed by {:.2f} % of warm-up signals ({} of {})\n", share.key,
                       100 * share.share(), share.passed, share.seen);
    if (unreachable(share))
      out += fmt::format("  WARNING: {} {} everything; check its value\n", share.key,
                         share.share() < rare_share ? "refuses almost" : "lets through almost");
  }
  return out;
}

std::string decision_text(const decision& made, std::span<const std::string> names) {
  return fmt::format("{} {} {}: {} (rank {}, strength {:.3f}, held {} bars)\n", clock_text(made.at),
                     to_string(made.kind), name_of(made.symbol, names), plain_text(made.reason), made.rank,
                     made.strength, made.bars_held);
}

std::string trade_text(const trade& booked, std::span<const std::string> names) {
  const execution& fill = booked.fill;
  std::string out =
      fmt::format("{} {} {} {} {} at {}, cost {}", clock_text(fill.at), booked.is_exit ? "EXIT" : "ENTRY",
                  to_string(fill.side), fill.shares, name_of(fill.symbol, names), to_string(fill.price),
                  to_string(fill.spread_cost + fill.fees));
  if (booked.is_exit)
    out += fmt::format(", P&L {} ({:+.3f} %), held {} bars", cents(booked.pnl), 100 * booked.pnl_pct,
                       booked.bars_held);
  if (fill.no_print)
    out += ", at the last close because no bar followed";
  return out + fmt::format("; {}: {}\n", to_string(booked.kind), plain_text(booked.reason));
}

std::string alert_text(time_ms at, std::string_view alert) {
  return fmt::format("{} ALERT {}\n", clock_text(at), plain_text(alert));
}

std::string session_end_text(const session_summary& summary) {
  const session_totals& totals = summary.totals;
  const double start = to_dollars(totals.opening_equity);
  const double change = start > 0 ? to_dollars(totals.closing_equity) / start - 1 : 0;
  std::string out =
      fmt::format("end of session {}: equity {} -> {} ({:+.3f} %), costs {}; {} entries, {} exits, "
                  "{} rotations, {} fills in {} rounds\n",
                  to_string(summary.date), cents(totals.opening_equity), cents(totals.closing_equity),
                  100 * change, cents(totals.spread_cost + totals.fees), totals.entries, totals.exits,
                  totals.rotations, totals.fills, totals.rounds);
  if (!totals.flat)
    out += "WARNING: not flat at the close\n";
  if (totals.cut_to_cash > 0)
    out += fmt::format("{} buys were cut to the cash there was\n", totals.cut_to_cash);
  if (totals.dropped_dependents > 0)
    out += fmt::format("{} entries were dropped because the exit they waited for was not filled in time\n",
                       totals.dropped_dependents);
  out += "entries refused:";
  bool any = false;
  for (std::size_t i = 0; i < totals.refused.size(); ++i)
    if (totals.refused[i] > 0) {
      out += fmt::format("{} {} {}", any ? "," : "", to_string(static_cast<refusal>(i)), totals.refused[i]);
      any = true;
    }
  out += any ? "\n" : " none\n";
  for (const auto& [name, count] : summary.counters)
    if (count > 0)
      out += fmt::format("data: {} {}\n", plain_text(name), count);
  return out;
}

} // namespace sentio
