#include "core/strategies/rotation/rotation.hpp"

#include "core/account/sentence.hpp"

#include <algorithm>
#include <cmath>

namespace sentio {

namespace {

position_wish judge_position(const position_view& p, const rotation_parameters& limits) {
  sentence why;
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

/// One round's walk down the ranking.
class entry_walk {
public:
  entry_walk(entry_view& view, const rotation_parameters& limits, entry_executor& executor)
      : view_(view), limits_(limits), executor_(executor) {}

  std::optional<refusal> examine(symbol_index symbol, std::int32_t rank);

private:
  std::optional<refusal> own_rules(symbol_index symbol, std::int32_t rank);
  std::optional<refusal> take_slot(symbol_index symbol, std::int32_t rank);
  std::optional<refusal> rotate(symbol_index symbol, std::int32_t rank);
  bool moves_with_peers(symbol_index symbol, std::optional<symbol_index> except) const;
  position_view* weakest() const;
  entry_wish wanted(symbol_index symbol, std::int32_t rank) const;
  double strength_of(symbol_index s) const { return view_.round->symbols[s].entry_strength; }

  entry_view& view_;
  const rotation_parameters& limits_;
  entry_executor& executor_;
  double band_ = 0; // kappa * round-trip cost of the symbol under examination
  bool rotated_ = false;
};

std::optional<refusal> entry_walk::own_rules(symbol_index symbol, std::int32_t rank) {
  const ranked_symbol& ranked = view_.round->symbols[symbol];
  if (ranked.barred != entry_bar::none)
    return refusal_for(ranked.barred);
  if (view_.statuses[symbol] == entry_status::order_open)
    return refusal::order_open;
  if (view_.statuses[symbol] == entry_status::cooling)
    return refusal::cooldown;
  // A strength of exactly zero is no opinion: the slope of the calibration is clamped there while predictions
  // have been worthless. Without this, a threshold of 0 would buy by name.
  if (ranked.entry_strength < limits_.enter_threshold || ranked.strength == 0)
    return refusal::threshold;
  band_ = limits_.kappa > 0 ? limits_.kappa * executor_.round_trip_bp(symbol) : 0.0;
  if (ranked.entry_strength < limits_.enter_threshold + band_)
    return refusal::cost_band;
  if (rank > static_cast<std::int64_t>(limits_.max_rank_to_enter))
    return refusal::rank;
  return std::nullopt;
}

bool entry_walk::moves_with_peers(symbol_index symbol, std::optional<symbol_index> except) const {
  if (!limits_.correlation_filter)
    return false;
  for (symbol_index other : view_.peers) {
    if (other == except)
      continue;
    const auto rho =
        view_.returns->correlation(symbol, other, limits_.correlation_window, limits_.correlation_minimum);
    if (rho && std::fabs(*rho) > limits_.max_correlation)
      return true;
  }
  return false;
}

entry_wish entry_walk::wanted(symbol_index symbol, std::int32_t rank) const {
  sentence why;
  ((why << "rank " << rank << ", strength ").strength(strength_of(symbol)) << " >= enter ")
      .strength(limits_.enter_threshold);
  if (band_ > 0)
    (why << " + cost band ").strength(band_);
  return {symbol, rank, strength_of(symbol), why.take(), std::nullopt};
}

std::optional<refusal> entry_walk::take_slot(symbol_index symbol, std::int32_t rank) {
  if (moves_with_peers(symbol, std::nullopt))
    return refusal::correlation;
  entry_wish entry = wanted(symbol, rank);
  const bool waits = view_.free_slots <= 0;
  if (waits)
    entry.after = view_.exits.front();
  if (auto stopped = executor_.enter(std::move(entry)))
    return stopped;
  if (waits)
    view_.exits.erase(view_.exits.begin());
  else
    --view_.free_slots;
  view_.peers.push_back(symbol);
  return std::nullopt;
}

position_view* entry_walk::weakest() const {
  position_view* worst = nullptr;
  // Of equals the later name ranks lower, so it leaves first.
  for (position_view& p : view_.held)
    if (!p.leaving && !p.buying && (!worst || p.strength <= worst->strength))
      worst = &p;
  return worst;
}

std::optional<refusal> entry_walk::rotate(symbol_index symbol, std::int32_t rank) {
  position_view* out = rotated_ ? nullptr : weakest();
  if (!out)
    return refusal::book_full;
  const double needed = limits_.rotation_delta + band_;
  if (strength_of(symbol) - out->strength < needed)
    return refusal::rotation_delta;
  if (out->bars_held < static_cast<std::int64_t>(limits_.minimum_hold_bars))
    return refusal::minimum_hold;
  if (moves_with_peers(symbol, out->symbol))
    return refusal::correlation;
  sentence why;
  ((why.strength(strength_of(symbol)) << " - weakest ").strength(out->strength) << " >= delta ")
      .strength(needed);
  const symbol_index leaves = out->symbol;
  entry_wish entry = wanted(symbol, rank);
  entry.after = leaves;
  if (auto stopped = executor_.rotate(*out, why.take(), std::move(entry)))
    return stopped;
  rotated_ = true;
  std::erase(view_.peers, leaves);
  view_.peers.push_back(symbol);
  return std::nullopt;
}

std::optional<refusal> entry_walk::examine(symbol_index symbol, std::int32_t rank) {
  if (auto stopped = own_rules(symbol, rank))
    return stopped;
  // After a cut of max_positions the first exits only shrink the book; nobody may wait for those.
  const bool exit_frees_one = view_.free_slots + static_cast<std::int64_t>(view_.exits.size()) > 0;
  return exit_frees_one ? take_slot(symbol, rank) : rotate(symbol, rank);
}

std::string decimals(double value, int places) {
  return sentence().fixed(value, places).take();
}

class rotation final : public strategy {
public:
  explicit rotation(const rotation_parameters& parameters) : parameters_(parameters) {}

  std::string_view name() const override { return "rotation"; }
  position_wish judge(const position_view& position) const override {
    return judge_position(position, parameters_);
  }
  void choose_entries(entry_view& view, entry_executor& executor, refusal_counts& refused) const override;
  std::uint32_t most_entries_per_round() const override { return parameters_.max_rank_to_enter; }
  std::vector<signal_threshold> thresholds() const override;
  std::string explain(refusal rule, const refusal_context& context) const override;

private:
  std::string explain_rotation(refusal rule, const refusal_context& context, double band) const;
  std::string explain_correlation(const refusal_context& context) const;

  rotation_parameters parameters_;
};

void rotation::choose_entries(entry_view& view, entry_executor& executor, refusal_counts& refused) const {
  const auto count = [&](refusal rule) { ++refused[static_cast<std::size_t>(rule)]; };
  const std::vector<ranked_symbol>& symbols = view.round->symbols;
  if (view.order.size() < symbols.size())
    for (std::size_t s = 0; s < symbols.size(); ++s)
      if (!symbols[s].rankable && view.statuses[s] != entry_status::held)
        count(refusal_for(symbols[s].barred));
  entry_walk walk(view, parameters_, executor);
  std::int32_t rank = 0;
  for (symbol_index symbol : view.order) {
    ++rank;
    if (view.statuses[symbol] == entry_status::held)
      continue;
    if (const auto stopped = walk.examine(symbol, rank))
      count(*stopped);
  }
}

std::vector<signal_threshold> rotation::thresholds() const {
  using quantity = signal_threshold::quantity;
  return {{"rotation_manager_config.min_strength_to_enter", quantity::strength, parameters_.enter_threshold},
          {"rotation_manager_config.min_strength_to_exit", quantity::strength, parameters_.exit_threshold},
          {"rotation_manager_config.rotation_strength_delta", quantity::lead, parameters_.rotation_delta}};
}

std::string rotation::explain(refusal rule, const refusal_context& context) const {
  const ranked_symbol& ranked = context.view.round->symbols[context.symbol];
  const double band = parameters_.kappa > 0 ? parameters_.kappa * context.round_trip_bp : 0;
  const std::string strength = "strength " + decimals(ranked.entry_strength, 3);
  switch (rule) {
  case refusal::threshold:
    return ranked.strength == 0 ? "strength 0 is no opinion"
                                : strength + " < enter " + decimals(parameters_.enter_threshold, 3);
  case refusal::cost_band:
    return strength + " < enter " + decimals(parameters_.enter_threshold, 3) + " + " +
           decimals(parameters_.kappa, 2) +
           " x round-trip cost = " + decimals(parameters_.enter_threshold + band, 3);
  case refusal::rank:
    return "rank " + std::to_string(context.rank) + " > " + std::to_string(parameters_.max_rank_to_enter) +
           " to enter";
  case refusal::correlation:
    return explain_correlation(context);
  case refusal::rotation_delta:
  case refusal::minimum_hold:
    return explain_rotation(rule, context, band);
  default:
    return {};
  }
}

std::string rotation::explain_rotation(refusal rule, const refusal_context& context, double band) const {
  const position_view* weakest = nullptr;
  for (const position_view& held : context.view.held)
    if (!held.leaving && (!weakest || held.strength <= weakest->strength))
      weakest = &held;
  if (!weakest)
    return "nobody to rotate out";
  if (rule == refusal::minimum_hold)
    return "the weakest position is held for " + std::to_string(weakest->bars_held) + " of " +
           std::to_string(parameters_.minimum_hold_bars) + " minimum bars";
  return "book full, and strength " +
         decimals(context.view.round->symbols[context.symbol].entry_strength, 3) + " - weakest " +
         decimals(weakest->strength, 3) + " < delta " + decimals(parameters_.rotation_delta + band, 3);
}

std::string rotation::explain_correlation(const refusal_context& context) const {
  for (std::size_t s = 0; s < context.view.statuses.size(); ++s) {
    const auto other = static_cast<symbol_index>(s);
    const bool entered =
        std::find(context.entered.begin(), context.entered.end(), other) != context.entered.end();
    if (other == context.symbol || (context.view.statuses[s] != entry_status::held && !entered))
      continue;
    const auto rho = context.view.returns->correlation(context.symbol, other, parameters_.correlation_window,
                                                       parameters_.correlation_minimum);
    if (rho && std::fabs(*rho) > parameters_.max_correlation)
      return "correlation " + decimals(*rho, 3) + " with " + context.instruments[other].name + ", beyond " +
             decimals(parameters_.max_correlation, 2);
  }
  return "moves with a position or with an entry of this round";
}

} // namespace

std::shared_ptr<const strategy> make_rotation(const rotation_parameters& parameters) {
  return std::make_shared<rotation>(parameters);
}

} // namespace sentio
