// session_view as messages of the contract.
#include "core/monitor/event_text.hpp"
#include "core/monitor/session_view_parts.hpp"

#include <algorithm>
#include <cmath>

namespace sentio {

using nlohmann::json;

namespace {

/// Estimated bytes of the closes that a history may carry beside the prices shown: the whole stays under 4
/// MiB.
constexpr std::size_t most_close_bytes = 3'000'000;

std::string barred_word(entry_bar barred) {
  std::string word = to_string(barred);
  std::replace(word.begin(), word.end(), ' ', '_');
  return word;
}

json rounded(double value, double to) {
  return number_or_null(std::round(value / to) * to);
}

json points_of(const std::vector<std::pair<time_ms, double>>& closes) {
  json out = json::array();
  for (const auto& [at, close] : closes)
    out.push_back({at, close});
  return out;
}

} // namespace

json session_view::parts::session_json() const {
  return {{"date", begun ? to_string(hours.date) : ""},
          {"phase", phase},
          {"venue_time", time_or_null(venue_time)},
          {"open", time_or_null(hours.open)},
          {"liquidation", time_or_null(hours.liquidation)},
          {"close", time_or_null(hours.close)},
          {"kind", who.kind},
          {"data_note", data_note}};
}

json session_view::parts::account_json() const {
  const auto dollars = [&](money amount) { return begun ? json(to_dollars(amount)) : json(nullptr); };
  const auto fraction = [&](double value) { return begun ? number_or_null(value) : json(nullptr); };
  return {{"equity", dollars(equity)},
          {"cash", dollars(cash)},
          {"opening_equity", dollars(opening_equity)},
          {"pnl", dollars(equity - opening_equity)},
          {"drawdown", fraction(drawdown)},
          {"max_drawdown", fraction(max_drawdown)},
          {"halted", halted},
          {"halt_reason", halt_reason},
          {"paused", paused}};
}

json session_view::parts::positions_json() const {
  json out = json::array();
  for (const book_position& held : positions)
    out.push_back({{"symbol", name_of(held.symbol)},
                   {"shares", held.shares},
                   {"entry_price", to_dollars(held.entry_price)},
                   {"mark", to_dollars(held.mark)},
                   {"unrealized", to_dollars(held.unrealized)},
                   {"rank", held.rank},
                   {"strength", number_or_null(held.strength)},
                   {"bars_held", held.bars_held}});
  return out;
}

json session_view::parts::ranking_json() const {
  json out = json::array();
  if (round_at == 0)
    return out;
  std::vector<bool> held(symbols.size(), false);
  for (const book_position& position : positions)
    if (position.symbol < held.size())
      held[position.symbol] = true;
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const symbol_part& each = symbols[i];
    const auto known = [&](double value) { return each.seen ? number_or_null(value) : json(nullptr); };
    out.push_back({{"symbol", each.name},
                   {"rank", each.rank},
                   {"strength", known(each.strength)},
                   {"probability", known(each.probability)},
                   {"confidence", known(each.confidence)},
                   {"edge_bp", known(each.edge_bp)},
                   {"sigma_bp", known(each.sigma_bp)},
                   {"staleness_s", each.seen ? json(each.staleness_s) : json(nullptr)},
                   {"fresh", each.fresh},
                   {"close", known(each.close)},
                   {"held", static_cast<bool>(held[i])},
                   {"barred", barred_word(each.barred)}});
  }
  return out;
}

json session_view::parts::actors_json() const {
  json out = json::array();
  for (const actor_report& one : actors) {
    json rate = nullptr;
    if (const auto found = rates.find(one.name); found != rates.end() && found->second.size() > 1) {
      const count_at &first = found->second.front(), &last = found->second.back();
      const double seconds = static_cast<double>(last.at - first.at) / 1'000;
      rate = rounded(static_cast<double>(last.messages - first.messages) / seconds, 0.1);
    }
    json row{{"name", clean_text(one.name, 64)},
             {"role", one.role},
             {"state", one.state},
             {"mailbox", one.mailbox},
             {"messages", one.messages},
             {"rate", std::move(rate)},
             {"handler_p50_us", rounded(quantile_of(handler_bounds_us, one.handler, 0.5), 0.01)},
             {"handler_p99_us", rounded(quantile_of(handler_bounds_us, one.handler, 0.99), 0.01)},
             {"handler_buckets", cumulative_classes(handler_bounds_us, one.handler)},
             {"handler_sum_us", number_or_null(one.handler_sum_us)},
             {"restarts", one.restarts},
             {"last_error", clean_text(one.last_error)}};
    if (one.role == "symbol")
      row["symbol"] = clean_text(one.name, 32);
    out.push_back(std::move(row));
  }
  return out;
}

json session_view::parts::learners_json() const {
  json out = json::array();
  for (std::size_t i = 0; i < symbols.size(); ++i) {
    const symbol_part& each = symbols[i];
    const learner_report* own = i < learners.size() && !learners[i].symbol.empty() ? &learners[i] : nullptr;
    if (!each.seen && !own)
      continue;
    const auto of_own = [&](double learner_report::*field) {
      return own ? number_or_null(own->*field) : json();
    };
    out.push_back({{"symbol", each.name},
                   {"probability", each.seen ? number_or_null(each.probability) : json()},
                   {"confidence", each.seen ? number_or_null(each.confidence) : json()},
                   {"directional_accuracy",
                    each.judged > 0 ? json(static_cast<double>(each.right) / static_cast<double>(each.judged))
                                    : json()},
                   {"leverage", of_own(&learner_report::leverage)},
                   {"p_min", of_own(&learner_report::p_min)},
                   {"p_max", of_own(&learner_report::p_max)},
                   {"bars", own ? own->bars : each.bars}});
  }
  return out;
}

json session_view::parts::latency_json() const {
  return {{"p50_ms", rounded(quantile_of(latency_bounds_ms, latency, 0.5), 0.001)},
          {"p99_ms", rounded(quantile_of(latency_bounds_ms, latency, 0.99), 0.001)},
          {"orders", orders},
          {"buckets_ms", cumulative_classes(latency_bounds_ms, latency)},
          {"sum_ms", number_or_null(latency_sum_ms)}};
}

json session_view::parts::counters_json() const {
  json out = json::object();
  for (const auto& [name, count] : counters)
    out[clean_text(name, 64)] = count;
  return out;
}

json session_view::parts::event_json(const event& happened) {
  json out{{"at", happened.at}, {"kind", happened.kind}, {"text", happened.text}};
  if (!happened.symbol.empty())
    out["symbol"] = happened.symbol;
  if (!happened.actor.empty())
    out["actor"] = happened.actor;
  if (happened.is_fill) {
    out["side"] = side_word(happened.side);
    out["shares"] = happened.shares;
    out["price"] = to_dollars(happened.price);
  }
  return out;
}

/// All closes in short: one list a symbol, null where it had no fresh bar. Null when there are too many.
json session_view::parts::closes_json() const {
  std::vector<time_ms> times;
  for (const symbol_part& each : symbols)
    for (const auto& [at, close] : each.closes)
      times.push_back(at);
  std::sort(times.begin(), times.end());
  times.erase(std::unique(times.begin(), times.end()), times.end());
  if (times.size() * (14 + 8 * symbols.size()) > most_close_bytes)
    return nullptr;
  json values = json::object();
  for (const symbol_part& each : symbols) {
    json row = json::array();
    auto next = each.closes.begin();
    for (const time_ms at : times) {
      const bool here = next != each.closes.end() && next->first == at;
      row.push_back(here ? json(next->second) : json(nullptr));
      if (here)
        ++next;
    }
    values[each.name] = std::move(row);
  }
  return {{"times", std::move(times)}, {"values", std::move(values)}};
}

json session_view::snapshot(time_ms at) const {
  const parts& p = *parts_;
  return {{"type", "snapshot"},
          {"instance", p.who.id},
          {"at", at},
          {"session", p.session_json()},
          {"account", p.account_json()},
          {"positions", p.positions_json()},
          {"ranking_at", time_or_null(p.round_at)},
          {"ranking", p.ranking_json()},
          {"actors", p.actors_json()},
          {"learners", p.learners_json()},
          {"latency", p.latency_json()},
          {"counters", p.counters_json()}};
}

json session_view::history(bool all_prices) const {
  const parts& p = *parts_;
  json equity = json::array();
  for (const parts::equity_point& point : p.curve)
    equity.push_back({point.at, to_dollars(point.equity), number_or_null(point.drawdown)});
  const bool few = all_prices || p.symbols.size() <= most_symbols_with_prices;
  json prices = json::object();
  for (std::size_t i = 0; i < p.symbols.size(); ++i) {
    const bool held = std::any_of(p.positions.begin(), p.positions.end(),
                                  [&](const book_position& each) { return each.symbol == i; });
    if ((few || held || p.symbols[i].traded) && !p.symbols[i].closes.empty())
      prices[p.symbols[i].name] = points_of(p.symbols[i].closes);
  }
  json marks = json::array();
  for (const parts::mark& each : p.marks)
    marks.push_back({{"t", each.at},
                     {"symbol", p.name_of(each.symbol)},
                     {"side", side_word(each.side)},
                     {"shares", each.shares},
                     {"price", to_dollars(each.price)},
                     {"reason", each.reason}});
  std::vector<const parts::event*> sorted;
  for (const parts::event& happened : p.events)
    sorted.push_back(&happened);
  // Within an instant: what was decided, then what was ordered, then what became of it.
  const auto place = [](const parts::event& happened) {
    static constexpr std::string_view order[] = {"phase", "decision", "order", "fill"};
    return std::find(std::begin(order), std::end(order), happened.kind) - std::begin(order);
  };
  std::stable_sort(sorted.begin(), sorted.end(), [&](const parts::event* a, const parts::event* b) {
    return a->at != b->at ? a->at < b->at : place(*a) < place(*b);
  });
  json events = json::array();
  for (const parts::event* happened : sorted)
    events.push_back(parts::event_json(*happened));
  json out{{"type", "history"},
           {"instance", p.who.id},
           {"date", p.begun ? to_string(p.hours.date) : ""},
           {"equity", std::move(equity)},
           {"prices", std::move(prices)},
           {"marks", std::move(marks)},
           {"events", std::move(events)}};
  if (!few)
    out["closes"] = p.closes_json();
  return out;
}

std::vector<json> session_view::take_events() {
  parts& p = *parts_;
  std::vector<json> out;
  const std::uint64_t first = p.events_in_all - p.events.size();
  for (std::uint64_t i = std::max(first, p.events_taken); i < p.events_in_all; ++i) {
    json event = parts::event_json(p.events[static_cast<std::size_t>(i - first)]);
    event["type"] = "event";
    event["instance"] = p.who.id;
    out.push_back(std::move(event));
  }
  p.events_taken = p.events_in_all;
  return out;
}

} // namespace sentio
