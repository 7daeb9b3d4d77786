#include "core/account/sentence.hpp"
#include "core/portfolio/portfolio_state.hpp"

#include <algorithm>

namespace sentio {

namespace {

/// yyyymmdd of a day, hhmm of a minute of the day: parts of an order id.
void append_padded(std::string& text, int value, std::size_t width) {
  const std::string digits = std::to_string(value);
  text.append(width - std::min(width, digits.size()), '0').append(digits);
}

} // namespace

double portfolio::state::round_trip_bp(symbol_index symbol) const {
  return round_trip_cost_bp(from_dollars(memory[symbol].last_close), instruments[symbol], hours.date,
                            parameters.costs);
}

std::int64_t portfolio::state::target_shares(const entry_wish& entry) const {
  const symbol_index symbol = entry.symbol;
  const money price = from_dollars(memory[symbol].last_close);
  if (entry.weight)
    return whole_shares(from_dollars(to_dollars(account.equity()) * *entry.weight), price);
  const symbol_signal& signal = current->symbols[symbol].signal;
  sizing_input input{account.equity(), parameters.book.max_positions, signal.sigma, signal.edge_bp, 1};
  if (parameters.sizing.kind == sizing_kind::inverse_volatility)
    input.weight = volatility_weight_of(symbol);
  return whole_shares(target_value(parameters.sizing, input), price);
}

namespace {

/// Takes every entry, and remembers it: who would be bought if cash and the risk gateway allowed it.
class planning_executor final : public entry_executor {
public:
  planning_executor(const entry_executor& costs, std::vector<symbol_index>& chosen)
      : costs_(costs), chosen_(chosen) {}
  double round_trip_bp(symbol_index symbol) const override { return costs_.round_trip_bp(symbol); }
  std::optional<refusal> enter(entry_wish entry) override {
    chosen_.push_back(entry.symbol);
    return std::nullopt;
  }
  std::optional<refusal> rotate(position_view& out, std::string, entry_wish entry) override {
    out.leaving = true;
    return enter(std::move(entry));
  }

private:
  const entry_executor& costs_;
  std::vector<symbol_index>& chosen_;
};

} // namespace

void portfolio::state::plan_peers(const entry_view& view) {
  planned_peers.clear();
  entry_view plan = view;
  std::vector<position_view> held(view.held.begin(), view.held.end());
  plan.held = held;
  planning_executor executor(*this, planned_peers);
  std::vector<std::uint64_t> not_counted(totals.refused.size());
  rules->choose_entries(plan, executor, not_counted);
  for (const position_view& one : held)
    if (!one.leaving)
      planned_peers.push_back(one.symbol);
  for (const order_record* order : orders.live())
    if (order->intent.side == order_side::buy && !account.find(order->intent.symbol))
      planned_peers.push_back(order->intent.symbol);
}

double portfolio::state::volatility_weight_of(symbol_index symbol) const {
  // The plan may have had another one in its place: one that was too dear, or that the risk gateway refused.
  std::vector<symbol_index> peers = planned_peers;
  peers.push_back(symbol);
  std::sort(peers.begin(), peers.end()); // a sum must not depend on who leads
  peers.erase(std::unique(peers.begin(), peers.end()), peers.end());
  std::vector<double> sigmas;
  for (const symbol_index one : peers)
    sigmas.push_back(current->symbols[one].signal.sigma);
  return volatility_weight(parameters.sizing, current->symbols[symbol].signal.sigma, sigmas);
}

std::int64_t portfolio::state::affordable_shares(money price) const {
  return whole_shares(account.cash() - reserved_cash(), reserve_per_share(parameters.sizing, price));
}

std::uint32_t portfolio::state::next_attempt(const order_request& request) {
  attempt_counter& counter = memory[request.symbol].attempts[static_cast<std::size_t>(request.side)];
  const time_ms minute = request.decided_at / minute_ms;
  // Also grows within a minute, so that no id comes twice.
  counter.last = counter.failed || counter.minute == minute ? counter.last + 1 : 1;
  counter.minute = minute;
  counter.failed = false;
  return counter.last;
}

std::string portfolio::state::order_id(symbol_index symbol, order_side side, time_ms decided_at,
                                       std::uint32_t attempt) const {
  const int clock = new_york_minute(decided_at);
  std::string id = "s-" + tag + "-";
  append_padded(id, hours.date.year * 10'000 + hours.date.month * 100 + hours.date.day, 8);
  id += "-";
  append_padded(id, clock / 60 * 100 + clock % 60, 4);
  id += "-" + instruments[symbol].name + (side == order_side::buy ? "-B-" : "-S-");
  return id += std::to_string(attempt);
}

risk_view portfolio::state::view_for(const order_request& request, std::string_view inactive) const {
  const symbol_memory& known = memory[request.symbol];
  const money reserved = reserved_cash();
  const holding* position = account.find(request.symbol);
  risk_view view;
  view.symbol_name = instruments[request.symbol].name;
  view.equity = account.equity();
  view.gross_exposure = account.market_value() + reserved;
  view.last_price = from_dollars(known.last_close);
  view.staleness_minutes = known.staleness;
  if (position)
    view.sellable_shares = position->shares - selling_shares(request.symbol);
  view.peak_equity = std::max(peak_equity, view.equity);
  view.buying_power = account.cash() - reserved;
  if (request.side == order_side::buy)
    view.reserve_per_share = reserve_per_share(parameters.sizing, request.price);
  view.twin_open = has_live(request.symbol, request.side);
  view.outside_session = !sending_allowed();
  view.positions = slots_in_use() - (position || has_live(request.symbol, order_side::buy) ? 1 : 0);
  view.inactive = inactive;
  view.not_traded = why_not_traded(request.symbol);
  view.sweep = request.side == order_side::sell && forced_out(request.symbol);
  return view;
}

bool portfolio::state::send(order_request request) {
  const bool buys = request.side == order_side::buy;
  attempt_counter& counter = memory[request.symbol].attempts[static_cast<std::size_t>(request.side)];
  const attempt_counter before = counter;
  const std::uint32_t attempt = next_attempt(request);
  order_intent intent{order_id(request.symbol, request.side, request.decided_at, attempt),
                      request.symbol,
                      request.side,
                      request.shares,
                      request.price,
                      request.decided_at,
                      request.released_at,
                      request.reason};
  const std::string inactive = buys ? why_inactive() : std::string();
  if (const risk_verdict ruling = gate.review(intent, view_for(request, inactive)); !ruling.approved) {
    counter = before;
    if (ruling.rule == risk_rule::runaway) {
      latch(ruling.reason, true, request.released_at); // one alert, however many orders follow
      return false;
    }
    alert(std::string("risk gateway refused ") + to_string(request.side) + " " +
          std::to_string(request.shares) + " " + instruments[request.symbol].name + ": " + ruling.reason);
    return false;
  }
  if (buys && reserved_cash().micros == 0)
    overspent = {};
  check_emission(intent);
  ++orders_out;
  output.orders.push_back(intent);
  orders.add(std::move(intent), std::move(request.note),
             buys ? reserve_per_share(parameters.sizing, request.price) : money{});
  update_status(request.symbol);
  return true;
}

std::optional<refusal> portfolio::state::enter(entry_wish entry) {
  const symbol_index symbol = entry.symbol;
  const money price = from_dollars(memory[symbol].last_close);
  // Halted: by an order of this very round that was one too many.
  if (halted || !why_not_traded(symbol).empty())
    return refusal::risk_gateway;
  const std::int64_t target = target_shares(entry);
  if (target == 0)
    return refusal::zero_shares;
  std::string reason = entry.reason;
  if (entry.after) {
    reason += ", after the exit of " + instruments[*entry.after].name;
    deferred_entries.push_back({symbol, *entry.after, target, price, current->at, reason});
    statuses[symbol] = entry_status::order_open;
  } else {
    const std::int64_t shares = std::min(target, affordable_shares(price));
    if (shares == 0)
      return refusal::cash;
    if (!send(
            {symbol, order_side::buy, shares, price, current->at, current->at, decision_kind::enter, reason}))
      return refusal::risk_gateway;
    if (shares < target)
      ++totals.cut_to_cash;
  }
  round_decisions.push_back(
      {current->at, symbol, decision_kind::enter, std::move(reason), entry.rank, entry.strength, 0});
  return std::nullopt;
}

std::optional<refusal> portfolio::state::rotate(position_view& out, std::string reason, entry_wish entry) {
  const symbol_index leaves = out.symbol;
  reason = "outsider " + instruments[entry.symbol].name + " " + reason;
  // The entry first: nobody is rotated out for a newcomer that is too dear for a single share.
  if (auto stopped = enter(std::move(entry)))
    return stopped;
  out.leaving = true;
  ++totals.rotations;
  for (decision& line : round_decisions)
    if (line.symbol == leaves) {
      line.kind = decision_kind::rotate_out;
      line.reason = reason;
    }
  send_exit(leaves, decision_kind::rotate_out, reason, current->at);
  return std::nullopt;
}

void portfolio::state::send_exit(symbol_index symbol, decision_kind kind, const std::string& note,
                                 time_ms at) {
  const holding* position = account.find(symbol);
  const std::int64_t shares = position ? position->shares - selling_shares(symbol) : 0;
  if (shares <= 0)
    return;
  cancel_entry_of(symbol, at);
  send({symbol, order_side::sell, shares, position->mark, at, at, kind, note});
}

void portfolio::state::exit_now(const holding& position, decision_kind kind, const std::string& note,
                                time_ms at) {
  const symbol_memory& known = memory[position.symbol];
  output.decisions.push_back({at, position.symbol, kind, note, known.rank, known.strength,
                              static_cast<std::int32_t>(rounds - known.entered)});
  send_exit(position.symbol, kind, note, at);
}

void portfolio::state::exit_everything(decision_kind kind, const std::string& note, time_ms at) {
  if (!sending_allowed())
    return;
  swept_at = at;
  for (const holding& h : account.holdings())
    if (h.shares > selling_shares(h.symbol))
      exit_now(h, kind, note, at);
}

void portfolio::state::cancel_entry_of(symbol_index symbol, time_ms at) {
  for (const order_record* order : orders.live()) {
    if (order->intent.symbol != symbol || order->intent.side != order_side::buy || order->cancel_requested)
      continue;
    output.cancels.push_back({order->intent.client_order_id, at});
    orders.request_cancel(order->intent.client_order_id);
  }
}

void portfolio::state::cancel_entries(const char* why, time_ms at) {
  drop_deferred_entries(why);
  for (const order_record* order : orders.live())
    cancel_entry_of(order->intent.symbol, at);
}

void portfolio::state::drop_deferred_entries(const char* why) {
  if (deferred_entries.empty())
    return;
  std::vector<deferred_entry> dropped;
  dropped.swap(deferred_entries);
  for (const deferred_entry& d : dropped) {
    ++totals.dropped_dependents;
    alert("entry of " + instruments[d.symbol].name + " that waited for the exit of " +
          instruments[d.after].name + " dropped: " + why);
    update_status(d.symbol);
  }
}

void portfolio::state::release_deferred_entries(symbol_index after, time_ms at) {
  const auto waits = [&](const deferred_entry& d) { return d.after == after; };
  for (auto next = std::find_if(deferred_entries.begin(), deferred_entries.end(), waits);
       next != deferred_entries.end();
       next = std::find_if(deferred_entries.begin(), deferred_entries.end(), waits)) {
    const deferred_entry released = std::move(*next);
    deferred_entries.erase(next);
    const bool slot = slots_in_use() < std::int64_t{parameters.book.max_positions};
    const std::int64_t shares = slot ? std::min(released.shares, affordable_shares(released.price)) : 0;
    if (shares > 0 && send({released.symbol, order_side::buy, shares, released.price, released.decided_at, at,
                            decision_kind::enter, released.note})) {
      if (shares < released.shares)
        ++totals.cut_to_cash;
      continue;
    }
    ++totals.dropped_dependents;
    alert("entry of " + instruments[released.symbol].name + " dropped when the exit of " +
          instruments[after].name + " was filled: " + (slot ? "no cash or refused" : "no slot"));
    update_status(released.symbol);
  }
}

} // namespace sentio
