#include "core/account/sentence.hpp"
#include "core/strategy/portfolio_state.hpp"

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

std::int64_t portfolio::state::target_shares(symbol_index symbol) const {
  const symbol_signal& signal = current->symbols[symbol].signal;
  sizing_input input{account.equity(), parameters.rotation.max_positions, signal.sigma, signal.edge_bp, 1};
  if (parameters.sizing.kind == sizing_kind::inverse_volatility)
    input.weight = volatility_weight_of(symbol);
  return whole_shares(target_value(parameters.sizing, input), from_dollars(memory[symbol].last_close));
}

namespace {

/// Takes every entry, and remembers it: who would be bought if cash and the risk gateway allowed it.
class planning_desk final : public entry_desk {
public:
  planning_desk(const entry_desk& costs, std::vector<symbol_index>& chosen)
      : costs_(costs), chosen_(chosen) {}
  double round_trip_bp(symbol_index symbol) const override { return costs_.round_trip_bp(symbol); }
  std::optional<refusal> enter(wanted_entry entry) override {
    chosen_.push_back(entry.symbol);
    return std::nullopt;
  }
  std::optional<refusal> rotate(held_view& out, std::string, wanted_entry entry) override {
    out.leaving = true;
    return enter(std::move(entry));
  }

private:
  const entry_desk& costs_;
  std::vector<symbol_index>& chosen_;
};

} // namespace

void portfolio::state::plan_company(const entry_view& view) {
  planned_company.clear();
  entry_view plan = view;
  std::vector<held_view> held(view.held.begin(), view.held.end());
  plan.held = held;
  planning_desk desk(*this, planned_company);
  std::vector<std::uint64_t> not_counted(totals.refused.size());
  decide_entries(plan, parameters.rotation, desk, not_counted);
  for (const held_view& one : held)
    if (!one.leaving)
      planned_company.push_back(one.symbol);
  for (const order_record* order : orders.live())
    if (order->intent.side == order_side::buy && !account.find(order->intent.symbol))
      planned_company.push_back(order->intent.symbol);
}

double portfolio::state::volatility_weight_of(symbol_index symbol) const {
  // The plan may have had another one in its place: one that was too dear, or that the risk gateway refused.
  std::vector<symbol_index> company = planned_company;
  company.push_back(symbol);
  std::sort(company.begin(), company.end()); // a sum must not depend on who leads
  company.erase(std::unique(company.begin(), company.end()), company.end());
  std::vector<double> sigmas;
  for (const symbol_index one : company)
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
  restand(request.symbol);
  return true;
}

std::optional<refusal> portfolio::state::enter(wanted_entry entry) {
  const symbol_index symbol = entry.symbol;
  const money price = from_dollars(memory[symbol].last_close);
  // Halted: by an order of this very round that was one too many.
  if (halted || !why_not_traded(symbol).empty())
    return refusal::risk_gateway;
  const std::int64_t target = target_shares(symbol);
  if (target == 0)
    return refusal::zero_shares;
  std::string reason = entry.reason;
  if (entry.after) {
    reason += ", after the exit of " + instruments[*entry.after].name;
    dependents.push_back({symbol, *entry.after, target, price, current->at, reason});
    standings[symbol] = standing::order_open;
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

std::optional<refusal> portfolio::state::rotate(held_view& out, std::string reason, wanted_entry entry) {
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
  drop_dependents(why);
  for (const order_record* order : orders.live())
    cancel_entry_of(order->intent.symbol, at);
}

void portfolio::state::drop_dependents(const char* why) {
  if (dependents.empty())
    return;
  std::vector<dependent> dropped;
  dropped.swap(dependents);
  for (const dependent& d : dropped) {
    ++totals.dropped_dependents;
    alert("entry of " + instruments[d.symbol].name + " that waited for the exit of " +
          instruments[d.after].name + " dropped: " + why);
    restand(d.symbol);
  }
}

void portfolio::state::release_dependents(symbol_index after, time_ms at) {
  const auto waits = [&](const dependent& d) { return d.after == after; };
  for (auto next = std::find_if(dependents.begin(), dependents.end(), waits); next != dependents.end();
       next = std::find_if(dependents.begin(), dependents.end(), waits)) {
    const dependent released = std::move(*next);
    dependents.erase(next);
    const bool slot = slots_in_use() < std::int64_t{parameters.rotation.max_positions};
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
    restand(released.symbol);
  }
}

} // namespace sentio
