#include "core/report/refusal_trace.hpp"

#include "core/account/fees.hpp"
#include "core/report/number_format.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace sentio {

namespace {

/// Lets in whoever the log says was entered; everybody else was stopped by what the logs do not hold.
class logged_executor final : public entry_executor {
public:
  logged_executor(const round_scene& scene, const configuration& config,
                  std::span<const instrument> instruments, civil_date date)
      : scene_(scene), config_(config), instruments_(instruments), date_(date) {}

  double round_trip_bp(symbol_index symbol) const override {
    const money price = from_dollars(scene_.round().symbols[symbol].signal.close);
    return round_trip_cost_bp(price, instruments_[symbol], date_, config_.portfolio.costs);
  }
  std::optional<refusal> enter(entry_wish entry) override { return answer(entry.symbol); }
  std::optional<refusal> rotate(position_view& out, std::string, entry_wish entry) override {
    const auto stopped = answer(entry.symbol);
    if (!stopped)
      out.leaving = true;
    return stopped;
  }

  std::span<const instrument> instruments() const { return instruments_; }

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
      : scene_(scene), round_(scene.round()), book_(config.portfolio.book), rules_(make_strategy(config)),
        ranking_(config.ranking), hours_(hours), opening_equity_(opening_equity), capital_(capital),
        executor_(scene, config, instruments, hours.date), returns_(instruments.size()),
        statuses_(instruments.size(), entry_status::free) {
    for (const ranked_round& round : scene_.rounds)
      returns_.observe(round);
    set_statuses();
    set_positions();
  }

  std::vector<refused_entry> trace() {
    std::vector<refused_entry> found;
    if (const auto block = block_of()) {
      for (std::size_t s = 0; s < statuses_.size(); ++s)
        if (statuses_[s] != entry_status::held)
          found.push_back({static_cast<symbol_index>(s), to_string(*block), block_reason(*block)});
      return found;
    }
    for (std::size_t s = 0; s < statuses_.size(); ++s)
      if (!round_.symbols[s].rankable && statuses_[s] != entry_status::held)
        found.push_back({static_cast<symbol_index>(s), to_string(round_.symbols[s].barred),
                         barred_reason(round_.symbols[s])});
    std::vector<symbol_index> scratch;
    const auto order = final_order(round_, statuses_, scratch);
    // The walk counts refusals by rule only. Walking one place further each time shows what the last place
    // added.
    refusal_counts before = walk(order.first(0));
    for (std::size_t place = 0; place < order.size(); ++place) {
      const refusal_counts after = walk(order.first(place + 1));
      for (std::size_t rule = 0; rule < after.size(); ++rule)
        if (after[rule] > before[rule])
          found.push_back(named(order[place], order, place + 1, static_cast<refusal>(rule)));
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

  void set_statuses() {
    for (std::size_t s = 0; s < statuses_.size(); ++s)
      if (const auto since = rounds_since_exit(static_cast<symbol_index>(s)))
        if (*since < book_.cooldown_bars)
          statuses_[s] = entry_status::cooling;
    for (const fill_record& fill : scene_.fills)
      if (!fill.is_exit && fill.decided_at < round_.at && fill.at > round_.at) {
        statuses_[fill.symbol] = entry_status::order_open;
        buying_.push_back(fill.symbol);
      }
    for (const scene_position& held : scene_.positions)
      statuses_[held.symbol] = entry_status::held;
  }

  void set_positions() {
    for (const scene_position& held : scene_.positions) {
      position_view view;
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

  /// Before the round's entries. `held` must outlive it.
  entry_view view_of(std::span<const symbol_index> order, std::span<position_view> held) const {
    entry_view view;
    view.round = &round_;
    view.order = order;
    view.statuses = statuses_;
    view.held = held;
    view.returns = &returns_;
    view.free_slots = static_cast<std::int64_t>(book_.max_positions) -
                      static_cast<std::int64_t>(positions_.size() + buying_.size());
    for (const position_view& position : held)
      (position.leaving ? view.exits : view.peers).push_back(position.symbol);
    view.peers.insert(view.peers.end(), buying_.begin(), buying_.end());
    return view;
  }

  refusal_counts walk(std::span<const symbol_index> order) {
    std::vector<position_view> held = positions_;
    entry_view view = view_of(order, held);
    refusal_counts refused(static_cast<std::size_t>(refusal::count_), 0);
    rules_->choose_entries(view, executor_, refused);
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
  time_ms cutoff() const { return hours_.liquidation - time_ms{book_.entry_cutoff_minutes} * minute_ms; }
  bool breaker_open() const {
    return (book_.breaker_drawdown_pct > 0 &&
            scene_.worst_drawdown >= book_.breaker_drawdown_pct * to_dollars(opening_equity_)) ||
           to_dollars(scene_.equity) < book_.breaker_equity_floor * to_dollars(capital_);
  }

  std::string block_reason(refusal rule) const {
    if (rule == refusal::round_incomplete)
      return std::to_string(round_.missing) + " of " + std::to_string(round_.symbols.size()) +
             " symbols have no fresh bar; more than 5 in 12 is too many";
    if (rule == refusal::entry_cutoff)
      return "no entries from " + new_york_clock(cutoff()) + " on, " +
             std::to_string(book_.entry_cutoff_minutes) + " minutes before liquidation";
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

  refused_entry named(symbol_index symbol, std::span<const symbol_index> order, std::size_t place,
                      refusal rule) {
    switch (rule) {
    case refusal::cooldown:
      return {symbol, "cooldown",
              std::to_string(rounds_since_exit(symbol).value_or(0)) + " of " +
                  std::to_string(book_.cooldown_bars) + " bars since its exit"};
    case refusal::order_open:
      return {symbol, "order_open", "an order of it is not filled yet"};
    case refusal::book_full:
      return {symbol, "book_full",
              std::to_string(positions_.size()) + " positions of " + std::to_string(book_.max_positions) +
                  ", and none left that could be rotated out in this round"};
    case refusal::risk_gateway:
      return {symbol, "later",
              "the logged rules let it pass; size, cash, risk limits, an operator's command or an "
              "order that never filled stopped it (see the session log)"};
    default:
      break;
    }
    std::vector<position_view> held = positions_;
    const auto entered = entered_in_round();
    const refusal_context context{
        view_of(order, held),   symbol, place, executor_.round_trip_bp(symbol), entered,
        executor_.instruments()};
    const std::string reason = rules_->explain(rule, context);
    return {symbol, to_string(rule), reason.empty() ? barred_reason(round_.symbols[symbol]) : reason};
  }

  std::vector<symbol_index> entered_in_round() const {
    std::vector<symbol_index> entered;
    for (const fill_record& fill : scene_.fills)
      if (!fill.is_exit && fill.decided_at == round_.at)
        entered.push_back(fill.symbol);
    return entered;
  }

  const round_scene& scene_;
  const ranked_round& round_;
  const book_parameters& book_;
  std::shared_ptr<const strategy> rules_;
  const ranking_parameters& ranking_;
  const session_hours& hours_;
  money opening_equity_;
  money capital_;
  logged_executor executor_;
  return_grid returns_;
  std::vector<entry_status> statuses_;
  std::vector<symbol_index> buying_;
  std::vector<position_view> positions_;
};

} // namespace

std::vector<refused_entry> trace_refusals(const round_scene& scene, const configuration& config,
                                          std::span<const instrument> instruments, const session_hours& hours,
                                          money opening_equity, money capital) {
  return tracer(scene, config, instruments, hours, opening_equity, capital).trace();
}

} // namespace sentio
