#include "core/report/refusal_trace.hpp"

#include "core/account/fees.hpp"
#include "core/report/number_format.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace sentio {

namespace {

/// Lets in whoever the log says was entered; everybody else was stopped by what the logs do not hold.
class logged_desk final : public entry_desk {
public:
  logged_desk(const round_scene& scene, const configuration& config, std::span<const instrument> instruments,
              civil_date date)
      : scene_(scene), config_(config), instruments_(instruments), date_(date) {}

  double round_trip_bp(symbol_index symbol) const override {
    const money price = from_dollars(scene_.round().symbols[symbol].signal.close);
    return round_trip_cost_bp(price, instruments_[symbol], date_, config_.portfolio.costs);
  }
  std::optional<refusal> enter(wanted_entry entry) override { return answer(entry.symbol); }
  std::optional<refusal> rotate(held_view& out, std::string, wanted_entry entry) override {
    const auto stopped = answer(entry.symbol);
    if (!stopped)
      out.leaving = true;
    return stopped;
  }

  const std::string& name(symbol_index symbol) const { return instruments_[symbol].name; }

private:
  std::optional<refusal> answer(symbol_index symbol) const {
    const auto made = scene_.decisions.find(symbol);
    const bool entered = made != scene_.decisions.end() && made->second.kind == decision_kind::enter;
    // A dependent entry is logged when its order goes out, so a fill of this round's decision shows it too.
    const bool filled = std::any_of(scene_.fills.begin(), scene_.fills.end(), [&](const fill_record& fill) {
      return fill.symbol == symbol && !fill.is_exit && fill.decided_at == scene_.round().at;
    });
    return entered || filled ? std::nullopt : std::optional(refusal::risk_gateway);
  }

  const round_scene& scene_;
  const configuration& config_;
  std::span<const instrument> instruments_;
  civil_date date_;
};

class tracer {
public:
  tracer(const round_scene& scene, const configuration& config, std::span<const instrument> instruments,
         const session_hours& hours, money opening_equity, money capital)
      : scene_(scene), round_(scene.round()), rotation_(config.portfolio.rotation), ranking_(config.ranking),
        hours_(hours), opening_equity_(opening_equity), capital_(capital),
        desk_(scene, config, instruments, hours.date), returns_(instruments.size()),
        standings_(instruments.size(), standing::free) {
    for (const ranked_round& round : scene_.rounds)
      returns_.observe(round);
    set_standings();
    set_positions();
  }

  std::vector<refused_entry> trace() {
    std::vector<refused_entry> found;
    if (const auto block = block_of()) {
      for (std::size_t s = 0; s < standings_.size(); ++s)
        if (standings_[s] != standing::held)
          found.push_back({static_cast<symbol_index>(s), to_string(*block), block_reason(*block)});
      return found;
    }
    for (std::size_t s = 0; s < standings_.size(); ++s)
      if (!round_.symbols[s].rankable && standings_[s] != standing::held)
        found.push_back({static_cast<symbol_index>(s), to_string(round_.symbols[s].barred),
                         barred_reason(round_.symbols[s])});
    std::vector<symbol_index> scratch;
    const auto order = final_order(round_, standings_, scratch);
    // The walk counts refusals by rule only. Walking one place further each time shows what the last place
    // added.
    std::vector<std::uint64_t> before = walk(order.first(0));
    for (std::size_t place = 0; place < order.size(); ++place) {
      const std::vector<std::uint64_t> after = walk(order.first(place + 1));
      for (std::size_t rule = 0; rule < after.size(); ++rule)
        if (after[rule] > before[rule])
          found.push_back(named(order[place], place + 1, static_cast<refusal>(rule)));
      before = after;
    }
    std::sort(found.begin(), found.end(),
              [](const refused_entry& a, const refused_entry& b) { return a.symbol < b.symbol; });
    return found;
  }

private:
  /// Rounds since the symbol's last exit, this one included; empty when it had none lately.
  std::optional<std::uint64_t> rounds_since_exit(symbol_index symbol) const {
    const auto last_exit = [&](const std::vector<fill_record>& fills, time_ms until) {
      std::optional<time_ms> at;
      for (const fill_record& fill : fills)
        if (fill.symbol == symbol && fill.is_exit && fill.at <= until)
          at = fill.at;
      return at;
    };
    if (const auto at = last_exit(scene_.fills, round_.at))
      return static_cast<std::uint64_t>(
          std::count_if(scene_.rounds.begin(), scene_.rounds.end(),
                        [&](const ranked_round& round) { return round.at > *at; }));
    if (const auto at = last_exit(scene_.earlier_fills, round_.at))
      return scene_.rounds.size() + static_cast<std::uint64_t>(std::count_if(
                                        scene_.earlier_rounds.begin(), scene_.earlier_rounds.end(),
                                        [&](time_ms round) { return round > *at; }));
    return std::nullopt;
  }

  void set_standings() {
    for (std::size_t s = 0; s < standings_.size(); ++s)
      if (const auto since = rounds_since_exit(static_cast<symbol_index>(s)))
        if (*since < rotation_.cooldown_bars)
          standings_[s] = standing::cooling;
    for (const fill_record& fill : scene_.fills)
      if (!fill.is_exit && fill.decided_at < round_.at && fill.at > round_.at) {
        standings_[fill.symbol] = standing::order_open;
        buying_.push_back(fill.symbol);
      }
    for (const scene_position& held : scene_.positions)
      standings_[held.symbol] = standing::held;
  }

  void set_positions() {
    for (const scene_position& held : scene_.positions) {
      held_view view;
      view.symbol = held.symbol;
      view.rank = held.rank;
      view.strength = held.strength;
      view.bars_held = held.bars_held;
      const auto made = scene_.decisions.find(held.symbol);
      // A rotation is the walk's own finding; every other exit was decided before it.
      view.leaving = made != scene_.decisions.end() && made->second.kind != decision_kind::hold &&
                     made->second.kind != decision_kind::rotate_out;
      for (const fill_record& fill : scene_.fills)
        if (fill.symbol == held.symbol && fill.is_exit && fill.decided_at < round_.at && fill.at > round_.at)
          view.leaving = view.selling = true;
      positions_.push_back(view);
    }
  }

  std::vector<std::uint64_t> walk(std::span<const symbol_index> order) {
    std::vector<held_view> held = positions_;
    entry_view view;
    view.round = &round_;
    view.order = order;
    view.standings = standings_;
    view.held = held;
    view.returns = &returns_;
    view.free_slots = static_cast<std::int64_t>(rotation_.max_positions) -
                      static_cast<std::int64_t>(positions_.size() + buying_.size());
    for (const held_view& position : held)
      (position.leaving ? view.exits : view.company).push_back(position.symbol);
    view.company.insert(view.company.end(), buying_.begin(), buying_.end());
    std::vector<std::uint64_t> refused(static_cast<std::size_t>(refusal::count_), 0);
    decide_entries(view, rotation_, desk_, refused);
    return refused;
  }

  std::optional<refusal> block_of() const {
    if (round_.at >= hours_.liquidation || breaker_open())
      return refusal::exits_only;
    if (!round_.entries_allowed)
      return refusal::round_incomplete;
    if (round_.at >= cutoff())
      return refusal::entry_cutoff;
    return std::nullopt;
  }
  time_ms cutoff() const { return hours_.liquidation - time_ms{rotation_.entry_cutoff_minutes} * minute_ms; }
  bool breaker_open() const {
    return (rotation_.breaker_drawdown_pct > 0 &&
            scene_.worst_drawdown >= rotation_.breaker_drawdown_pct * to_dollars(opening_equity_)) ||
           to_dollars(scene_.equity) < rotation_.breaker_equity_floor * to_dollars(capital_);
  }

  std::string block_reason(refusal rule) const {
    if (rule == refusal::round_incomplete)
      return std::to_string(round_.missing) + " of " + std::to_string(round_.symbols.size()) +
             " symbols have no fresh bar; more than 5 in 12 is too many";
    if (rule == refusal::entry_cutoff)
      return "no entries from " + new_york_clock(cutoff()) + " on, " +
             std::to_string(rotation_.entry_cutoff_minutes) + " minutes before liquidation";
    if (round_.at >= hours_.liquidation)
      return "liquidation began at " + new_york_clock(hours_.liquidation) + ": exits only";
    return "circuit breaker: the session's equity fell by " + dollars(from_dollars(scene_.worst_drawdown)) +
           " from its peak; exits only";
  }

  std::string barred_reason(const ranked_symbol& symbol) const {
    const symbol_signal& signal = symbol.signal;
    switch (symbol.barred) {
    case entry_bar::no_signal:
      return "no bar in this session yet";
    case entry_bar::not_ready:
      return "features or learner are not warmed up";
    case entry_bar::stale:
      return "last bar " + std::to_string(symbol.staleness) + " minutes old, allowed are " +
             std::to_string(ranking_.max_staleness_minutes);
    case entry_bar::probability:
      return "probability " + fixed(signal.probability, 4) + " < " + fixed(ranking_.min_probability, 4);
    case entry_bar::confidence:
      return "confidence " + fixed(signal.confidence, 4) + " < " + fixed(ranking_.min_confidence, 4);
    case entry_bar::strength:
      return "strength " + fixed(symbol.entry_strength, 4) + " < " + fixed(ranking_.min_strength, 4);
    case entry_bar::none:
      break;
    }
    return "not rankable";
  }

  refused_entry named(symbol_index symbol, std::size_t place, refusal rule) const {
    const ranked_symbol& ranked = round_.symbols[symbol];
    const double band = rotation_.kappa > 0 ? rotation_.kappa * desk_.round_trip_bp(symbol) : 0;
    const std::string strength = "strength " + fixed(ranked.entry_strength, 3);
    switch (rule) {
    case refusal::threshold:
      if (ranked.strength == 0)
        return {symbol, "threshold", "strength 0 is no opinion"};
      return {symbol, "threshold", strength + " < enter " + fixed(rotation_.enter_threshold, 3)};
    case refusal::cost_band:
      return {symbol, "cost_band",
              strength + " < enter " + fixed(rotation_.enter_threshold, 3) + " + " +
                  fixed(rotation_.kappa, 2) +
                  " x round-trip cost = " + fixed(rotation_.enter_threshold + band, 3)};
    case refusal::rank:
      return {symbol, "rank",
              "rank " + std::to_string(place) + " > " + std::to_string(rotation_.max_rank_to_enter) +
                  " to enter"};
    case refusal::cooldown:
      return {symbol, "cooldown",
              std::to_string(rounds_since_exit(symbol).value_or(0)) + " of " +
                  std::to_string(rotation_.cooldown_bars) + " bars since its exit"};
    case refusal::order_open:
      return {symbol, "order_open", "an order of it is not filled yet"};
    case refusal::correlation:
      return {symbol, "correlation", correlation_reason(symbol)};
    case refusal::book_full:
      return {symbol, "book_full",
              std::to_string(positions_.size()) + " positions of " + std::to_string(rotation_.max_positions) +
                  ", and none left that could be rotated out in this round"};
    case refusal::rotation_delta:
    case refusal::minimum_hold:
      return {symbol, to_string(rule), rotation_reason(symbol, rule, band)};
    case refusal::risk_gateway:
      return {symbol, "later",
              "the logged rules let it pass; size, cash, risk limits, an operator's command or an "
              "order that never filled stopped it (see the session log)"};
    default:
      return {symbol, to_string(rule), barred_reason(ranked)};
    }
  }

  std::string rotation_reason(symbol_index symbol, refusal rule, double band) const {
    const held_view* weakest = nullptr;
    for (const held_view& held : positions_)
      if (!held.leaving && (!weakest || held.strength <= weakest->strength))
        weakest = &held;
    if (!weakest)
      return "nobody to rotate out";
    if (rule == refusal::minimum_hold)
      return "the weakest position is held for " + std::to_string(weakest->bars_held) + " of " +
             std::to_string(rotation_.minimum_hold_bars) + " minimum bars";
    return "book full, and strength " + fixed(round_.symbols[symbol].entry_strength, 3) + " - weakest " +
           fixed(weakest->strength, 3) + " < delta " + fixed(rotation_.rotation_delta + band, 3);
  }

  std::string correlation_reason(symbol_index symbol) const {
    std::string text = "moves with a position or with an entry of this round";
    for (std::size_t other = 0; other < standings_.size(); ++other) {
      const auto one = static_cast<symbol_index>(other);
      const bool entered =
          std::any_of(scene_.fills.begin(), scene_.fills.end(), [&](const fill_record& fill) {
            return fill.symbol == one && !fill.is_exit && fill.decided_at == round_.at;
          });
      if (one == symbol || (standings_[other] != standing::held && !entered))
        continue;
      const auto rho =
          returns_.correlation(symbol, one, rotation_.correlation_window, rotation_.correlation_minimum);
      if (rho && std::fabs(*rho) > rotation_.max_correlation)
        return "correlation " + fixed(*rho, 3) + " with " + desk_.name(one) + ", beyond " +
               fixed(rotation_.max_correlation, 2);
    }
    return text;
  }

  const round_scene& scene_;
  const ranked_round& round_;
  const rotation_parameters& rotation_;
  const ranking_parameters& ranking_;
  const session_hours& hours_;
  money opening_equity_;
  money capital_;
  logged_desk desk_;
  return_grid returns_;
  std::vector<standing> standings_;
  std::vector<symbol_index> buying_;
  std::vector<held_view> positions_;
};

} // namespace

std::vector<refused_entry> trace_refusals(const round_scene& scene, const configuration& config,
                                          std::span<const instrument> instruments, const session_hours& hours,
                                          money opening_equity, money capital) {
  return tracer(scene, config, instruments, hours, opening_equity, capital).trace();
}

} // namespace sentio
