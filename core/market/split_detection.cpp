#include "core/market/split_detection.hpp"

#include <array>
#include <cmath>
#include <cstdio>

namespace sentio {

namespace {

constexpr std::int64_t longest_night_days = 7;
constexpr std::size_t longest_excursion = 20; ///< sessions

struct share_ratio {
  int new_shares;
  int old_shares;
  double tolerance;
};

constexpr std::array<share_ratio, 8> known_splits{{{2, 1, split_tolerance},
                                                   {3, 1, split_tolerance},
                                                   {4, 1, split_tolerance},
                                                   {5, 1, split_tolerance},
                                                   {8, 1, split_tolerance},
                                                   {10, 1, split_tolerance},
                                                   {20, 1, split_tolerance},
                                                   {3, 2, three_for_two_tolerance}}};

/// The split whose ratio is nearest, if one is near. No two tolerances overlap.
std::optional<share_ratio> split_near(double ratio) {
  for (const auto& split : known_splits)
    for (const bool reverse : {false, true}) {
      const share_ratio one =
          reverse ? share_ratio{split.old_shares, split.new_shares, split.tolerance} : split;
      const double off = ratio * one.new_shares / one.old_shares;
      if (off <= one.tolerance && off * one.tolerance >= 1)
        return one;
    }
  return std::nullopt;
}

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

} // namespace

void split_detector::offer(civil_date date, double first_open, double last_close) {
  if (last_date_ && days_since_epoch(date) - days_since_epoch(*last_date_) <= longest_night_days)
    if (const auto split = split_near(first_open / last_close_)) {
      overnight_jump jump{*last_date_,       date,        first_open / last_close_, split->new_shares,
                          split->old_shares, std::nullopt};
      seen_jump* undone = nullptr;
      if (!seen_.empty() && !seen_.back().jump.undone &&
          sessions_ - seen_.back().session <= longest_excursion &&
          seen_.back().jump.new_shares == jump.old_shares && seen_.back().jump.old_shares == jump.new_shares)
        undone = &seen_.back();
      if (undone)
        undone->jump.undone = date;
      else
        seen_.push_back({jump, sessions_});
    }
  last_date_ = date;
  last_close_ = last_close;
  ++sessions_;
}

std::vector<overnight_jump> split_detector::jumps() const {
  std::vector<overnight_jump> all;
  for (const auto& one : seen_)
    all.push_back(one.jump);
  return all;
}

std::string split_sentence(std::string_view symbol, const overnight_jump& jump) {
  const std::string reload = "load its bars again with sentio-actors download-data --adjustment split "
                             "--overwrite";
  if (jump.undone)
    return std::string(symbol) + ": its prices from " + to_string(jump.after) + " until before " +
           to_string(*jump.undone) + " are on another scale (" + number(jump.ratio) +
           " times, and back): they are learned and traded as moves of the market; " + reload;
  return std::string(symbol) + ": a probable " + std::to_string(jump.new_shares) + "-for-" +
         std::to_string(jump.old_shares) + (jump.new_shares < jump.old_shares ? " reverse" : "") +
         " split between " + to_string(jump.before) + " and " + to_string(jump.after) + " (it opens at " +
         number(jump.ratio) + " times the close before, the split alone gives " + number(jump.exact()) +
         "): unadjusted, it is learned and traded as a move of the market; " + reload +
         ", unless the market really moved so far";
}

} // namespace sentio
