#include "core/strategy/rotation.hpp"

#include "core/account/sentence.hpp"

#include <algorithm>
#include <cmath>

namespace sentio {

verdict judge_position(const held_view& p, const rotation_parameters& limits) {
  sentence why;
  if (p.selling)
    return {decision_kind::hold, "exit order open"};
  if (limits.stop_loss && p.gain <= -limits.stop_loss_pct)
    return {decision_kind::stop_loss,
            ((why << "return ").percent(p.gain) << " <= stop loss ").percent(-limits.stop_loss_pct).take()};
  if (limits.profit_target && p.gain >= limits.profit_target_pct)
    return {decision_kind::profit_target, ((why << "return ").percent(p.gain) << " >= profit target ")
                                              .percent(limits.profit_target_pct)
                                              .take()};
  if (p.bars_held < static_cast<std::int64_t>(limits.minimum_hold_bars))
    return {decision_kind::hold,
            (why << "held " << p.bars_held << " of " << limits.minimum_hold_bars << " minimum bars").take()};
  if (p.stale)
    return {decision_kind::exit, (why << "stale: no bar for " << p.staleness << " minutes").take()};
  if (!p.has_opinion)
    return {decision_kind::hold, "no opinion: its signal is not ready"};
  if (p.strength < limits.exit_threshold)
    return {decision_kind::exit,
            ((why << "strength ").strength(p.strength) << " < exit ").strength(limits.exit_threshold).take()};
  if (p.rank > static_cast<std::int64_t>(limits.min_rank_to_hold))
    return {decision_kind::exit,
            (why << "rank " << p.rank << " > " << limits.min_rank_to_hold << " to hold").take()};
  ((why << "strength ").strength(p.strength) << " >= exit ").strength(limits.exit_threshold);
  return {decision_kind::hold, (why << ", rank " << p.rank << " <= " << limits.min_rank_to_hold).take()};
}

std::span<const symbol_index> final_order(const ranked_round& round, std::span<const standing> standings,
                                          std::vector<symbol_index>& scratch) {
  const auto held = [&](symbol_index s) { return standings[s] == standing::held; };
  const auto moves = [&](symbol_index s) { return held(s) && round.symbols[s].staleness > 0; };
  if (std::none_of(round.order.begin(), round.order.end(), moves))
    return round.order;
  const auto value = [&](symbol_index s) {
    return held(s) ? round.symbols[s].strength : round.symbols[s].entry_strength;
  };
  const auto better = [&](symbol_index a, symbol_index b) {
    const double left = value(a);
    const double right = value(b);
    return left != right ? left > right : a < b;
  };
  scratch.assign(round.order.begin(), round.order.end());
  std::erase_if(scratch, moves);
  for (symbol_index s : round.order)
    if (moves(s))
      scratch.insert(std::lower_bound(scratch.begin(), scratch.end(), s, better), s);
  return scratch;
}

namespace {

refusal refusal_for(entry_bar bar) {
  switch (bar) {
  case entry_bar::stale:
    return refusal::stale;
  case entry_bar::probability:
    return refusal::probability;
  case entry_bar::confidence:
    return refusal::confidence;
  case entry_bar::strength:
    return refusal::strength;
  default:
    return refusal::not_ready;
  }
}

/// One round's walk down the ranking.
class entry_walk {
public:
  entry_walk(entry_view& view, const rotation_parameters& limits, entry_desk& desk)
      : view_(view), limits_(limits), desk_(desk) {}

  std::optional<refusal> examine(symbol_index symbol, std::int32_t rank);

private:
  std::optional<refusal> own_rules(symbol_index symbol, std::int32_t rank);
  std::optional<refusal> take_slot(symbol_index symbol, std::int32_t rank);
  std::optional<refusal> rotate(symbol_index symbol, std::int32_t rank);
  bool moves_with_company(symbol_index symbol, std::optional<symbol_index> except) const;
  held_view* weakest() const;
  wanted_entry wanted(symbol_index symbol, std::int32_t rank) const;
  double strength_of(symbol_index s) const { return view_.round->symbols[s].entry_strength; }

  entry_view& view_;
  const rotation_parameters& limits_;
  entry_desk& desk_;
  double band_ = 0; // kappa * round-trip cost of the symbol under examination
  bool rotated_ = false;
};

std::optional<refusal> entry_walk::own_rules(symbol_index symbol, std::int32_t rank) {
  const ranked_symbol& ranked = view_.round->symbols[symbol];
  if (ranked.barred != entry_bar::none)
    return refusal_for(ranked.barred);
  if (view_.standings[symbol] == standing::order_open)
    return refusal::order_open;
  if (view_.standings[symbol] == standing::cooling)
    return refusal::cooldown;
  // A strength of exactly zero is no opinion: the slope of the calibration is clamped there while predictions
  // have been worthless. Without this, a threshold of 0 would buy by name.
  if (ranked.entry_strength < limits_.enter_threshold || ranked.strength == 0)
    return refusal::threshold;
  band_ = limits_.kappa > 0 ? limits_.kappa * desk_.round_trip_bp(symbol) : 0.0;
  if (ranked.entry_strength < limits_.enter_threshold + band_)
    return refusal::cost_band;
  if (rank > static_cast<std::int64_t>(limits_.max_rank_to_enter))
    return refusal::rank;
  return std::nullopt;
}

bool entry_walk::moves_with_company(symbol_index symbol, std::optional<symbol_index> except) const {
  if (!limits_.correlation_filter)
    return false;
  for (symbol_index other : view_.company) {
    if (other == except)
      continue;
    const auto rho =
        view_.returns->correlation(symbol, other, limits_.correlation_window, limits_.correlation_minimum);
    if (rho && std::fabs(*rho) > limits_.max_correlation)
      return true;
  }
  return false;
}

wanted_entry entry_walk::wanted(symbol_index symbol, std::int32_t rank) const {
  sentence why;
  ((why << "rank " << rank << ", strength ").strength(strength_of(symbol)) << " >= enter ")
      .strength(limits_.enter_threshold);
  if (band_ > 0)
    (why << " + cost band ").strength(band_);
  return {symbol, rank, strength_of(symbol), why.take(), std::nullopt};
}

std::optional<refusal> entry_walk::take_slot(symbol_index symbol, std::int32_t rank) {
  if (moves_with_company(symbol, std::nullopt))
    return refusal::correlation;
  wanted_entry entry = wanted(symbol, rank);
  const bool waits = view_.free_slots <= 0;
  if (waits)
    entry.after = view_.exits.front();
  if (auto stopped = desk_.enter(std::move(entry)))
    return stopped;
  if (waits)
    view_.exits.erase(view_.exits.begin());
  else
    --view_.free_slots;
  view_.company.push_back(symbol);
  return std::nullopt;
}

held_view* entry_walk::weakest() const {
  held_view* worst = nullptr;
  // Of equals the later name ranks lower, so it leaves first.
  for (held_view& p : view_.held)
    if (!p.leaving && !p.buying && (!worst || p.strength <= worst->strength))
      worst = &p;
  return worst;
}

std::optional<refusal> entry_walk::rotate(symbol_index symbol, std::int32_t rank) {
  held_view* out = rotated_ ? nullptr : weakest();
  if (!out)
    return refusal::book_full;
  const double needed = limits_.rotation_delta + band_;
  if (strength_of(symbol) - out->strength < needed)
    return refusal::rotation_delta;
  if (out->bars_held < static_cast<std::int64_t>(limits_.minimum_hold_bars))
    return refusal::minimum_hold;
  if (moves_with_company(symbol, out->symbol))
    return refusal::correlation;
  sentence why;
  ((why.strength(strength_of(symbol)) << " - weakest ").strength(out->strength) << " >= delta ")
      .strength(needed);
  const symbol_index leaves = out->symbol;
  wanted_entry entry = wanted(symbol, rank);
  entry.after = leaves;
  if (auto stopped = desk_.rotate(*out, why.take(), std::move(entry)))
    return stopped;
  rotated_ = true;
  std::erase(view_.company, leaves);
  view_.company.push_back(symbol);
  return std::nullopt;
}

std::optional<refusal> entry_walk::examine(symbol_index symbol, std::int32_t rank) {
  if (auto stopped = own_rules(symbol, rank))
    return stopped;
  // After a cut of max_positions the first exits only shrink the book; nobody may wait for those.
  const bool exit_frees_one = view_.free_slots + static_cast<std::int64_t>(view_.exits.size()) > 0;
  return exit_frees_one ? take_slot(symbol, rank) : rotate(symbol, rank);
}

} // namespace

void decide_entries(entry_view& view, const rotation_parameters& parameters, entry_desk& desk,
                    std::vector<std::uint64_t>& refused) {
  const auto count = [&](refusal rule, std::uint64_t times) {
    refused[static_cast<std::size_t>(rule)] += times;
  };
  const std::vector<ranked_symbol>& symbols = view.round->symbols;
  if (view.block) {
    count(*view.block, symbols.size() - view.held.size());
    return;
  }
  if (view.order.size() < symbols.size())
    for (std::size_t s = 0; s < symbols.size(); ++s)
      if (!symbols[s].rankable && view.standings[s] != standing::held)
        count(refusal_for(symbols[s].barred), 1);
  entry_walk walk(view, parameters, desk);
  std::int32_t rank = 0;
  for (symbol_index symbol : view.order) {
    ++rank;
    if (view.standings[symbol] == standing::held)
      continue;
    if (const auto stopped = walk.examine(symbol, rank))
      count(*stopped, 1);
  }
}

} // namespace sentio
