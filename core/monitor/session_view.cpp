#include "core/monitor/session_view.hpp"

#include "core/monitor/event_text.hpp"
#include "core/monitor/session_view_parts.hpp"

#include <algorithm>
#include <cmath>

namespace sentio {

namespace {

constexpr std::size_t most_told = 200'000; ///< keys; a day of 500 symbols has a few thousand
constexpr time_ms rate_window_ms = 5'000;

std::string decision_key(const decision& made) {
  return "d" + std::to_string(made.at) + "/" + std::to_string(made.symbol) + to_string(made.kind);
}

} // namespace

session_view::session_view(instance_identity who, std::vector<std::string> symbols)
    : parts_(std::make_unique<parts>()) {
  parts_->who = std::move(who);
  for (std::string& name : symbols) {
    parts_->symbols.emplace_back();
    parts_->symbols.back().name = std::move(name);
  }
}

session_view::~session_view() = default;
session_view::session_view(session_view&&) noexcept = default;
session_view& session_view::operator=(session_view&&) noexcept = default;

void session_view::begin(const session_hours& hours, money opening_equity, const std::string& data_note) {
  parts& p = *parts_;
  if (p.begun && p.hours.date == hours.date)
    return;
  p.forget();
  p.begun = true;
  p.hours = hours;
  p.data_note = clean_text(data_note);
  p.opening_equity = opening_equity;
  p.cash = p.equity = p.peak = opening_equity;
}

void session_view::take(time_ms at, const ranked_round* round, const portfolio_output& output) {
  parts& p = *parts_;
  p.venue_time = std::max(p.venue_time, at);
  if (round && round->at > p.round_at)
    p.fold(*round);
  for (const book_snapshot& book : output.snapshots)
    if (book.at > p.book_at)
      p.fold(book);
  for (const decision& made : output.decisions)
    if (made.kind != decision_kind::hold && p.first_time(decision_key(made)))
      p.add(made.at, "decision", p.name_of(made.symbol), "", decision_event_text(made.kind, made.reason));
  for (const order_intent& order : output.orders)
    if (p.first_time("o" + order.client_order_id)) {
      ++p.orders;
      p.add(order.decided_at, "order", p.name_of(order.symbol), "",
            order_event_text(order.side, order.shares, order.client_order_id));
    }
  for (const trade& booked : output.trades)
    if (p.first_time("t" + booked.fill.execution_id + "/" + booked.fill.client_order_id))
      p.fold(booked);
  for (const std::string& alert : output.alerts)
    if (p.first_time("a" + std::to_string(at) + alert))
      p.add(at, "alert", "", "", alert);
}

void session_view::note(time_ms at, const std::string& kind, const std::string& actor,
                        const std::string& text) {
  parts_->add(at, kind, "", actor, text);
}

void session_view::set_phase(const std::string& phase, time_ms venue_time) {
  parts& p = *parts_;
  p.venue_time = std::max(p.venue_time, venue_time);
  if (phase == p.phase)
    return;
  p.phase = phase;
  if (phase != "waiting")
    p.add(venue_time, "phase", "", "", phase == "closed" ? "close" : phase);
}

void session_view::set_actors(std::vector<actor_report> actors, time_ms at) {
  parts& p = *parts_;
  std::unordered_map<std::string, std::deque<parts::count_at>> rates;
  for (const actor_report& one : actors) {
    auto kept = std::move(p.rates[one.name]);
    if (!kept.empty() && (one.messages < kept.back().messages || at < kept.back().at))
      kept.clear(); // a successor counts from 0
    if (kept.empty() || at > kept.back().at)
      kept.push_back({at, one.messages});
    // The first is the newest that is at least as old as the window, so that a late report still has one.
    while (kept.size() > 2 && kept[1].at <= at - rate_window_ms)
      kept.pop_front();
    if (kept.size() > 64)
      kept.erase(kept.begin() + 1);
    rates.emplace(one.name, std::move(kept));
  }
  p.rates = std::move(rates);
  p.actors = std::move(actors);
}

void session_view::set_learners(std::vector<learner_report> learners) {
  parts& p = *parts_;
  p.learners.assign(p.symbols.size(), {});
  std::unordered_map<std::string_view, std::size_t> places;
  for (std::size_t i = 0; i < p.symbols.size(); ++i)
    places.emplace(p.symbols[i].name, i);
  for (learner_report& one : learners)
    if (const auto found = places.find(one.symbol); found != places.end())
      p.learners[found->second] = std::move(one);
}

void session_view::add_latency(const latency_report& latest) {
  parts& p = *parts_;
  for (const double ms : latest.samples_ms) {
    if (!std::isfinite(ms) || ms < 0)
      continue;
    const auto place = std::lower_bound(latency_bounds_ms.begin(), latency_bounds_ms.end(), ms);
    ++p.latency[static_cast<std::size_t>(place - latency_bounds_ms.begin())];
    p.latency_sum_ms += ms;
  }
}

void session_view::set_counters(std::vector<std::pair<std::string, std::uint64_t>> counters) {
  counters.resize(std::min(counters.size(), most_contract_counters));
  parts_->counters = std::move(counters);
}

void session_view::set_paused(bool paused) {
  parts_->paused = paused;
}

void session_view::set_halted(bool halted, const std::string& reason) {
  parts_->halted = halted;
  parts_->halt_reason = clean_text(reason);
}

void session_view::set_entries_stopped(const std::string& reason) {
  if (!parts_->halted)
    parts_->halt_reason = clean_text(reason);
}

/// Everything of a session; the process's own figures stay.
void session_view::parts::forget() {
  for (symbol_part& each : symbols) {
    std::string name = std::move(each.name);
    each = symbol_part{};
    each.name = std::move(name);
  }
  phase = "waiting";
  venue_time = round_at = book_at = 0;
  drawdown = max_drawdown = 0;
  positions.clear();
  curve.clear();
  events.clear();
  events_taken = events_in_all;
  marks.clear();
  told.clear();
  orders = 0;
  latency = {};
  latency_sum_ms = 0;
}

bool session_view::parts::first_time(std::string key) {
  if (told.size() >= most_told)
    told.clear(); // bounded, at the price of a few repeated lines
  return told.insert(std::move(key)).second;
}

const std::string& session_view::parts::name_of(symbol_index symbol) const {
  static const std::string nobody;
  return symbol < symbols.size() ? symbols[symbol].name : nobody;
}

void session_view::parts::add(time_ms at, std::string kind, std::string symbol, std::string actor,
                              std::string text) {
  event made;
  made.at = at;
  made.kind = std::move(kind);
  made.symbol = std::move(symbol);
  made.actor = std::move(actor);
  made.text = std::move(text);
  add(std::move(made));
}

void session_view::parts::add(event made) {
  made.text = clean_text(made.text);
  made.actor = clean_text(made.actor, 64);
  events.push_back(std::move(made));
  ++events_in_all;
  if (events.size() > most_contract_rows)
    events.pop_front();
}

void session_view::parts::fold(const ranked_round& round) {
  round_at = round.at;
  for (std::size_t i = 0; i < symbols.size() && i < round.symbols.size(); ++i) {
    const ranked_symbol& from = round.symbols[i];
    symbol_part& to = symbols[i];
    const symbol_signal& signal = from.signal;
    to.seen = signal.label != 0;
    to.fresh = from.fresh;
    to.strength = from.strength;
    to.probability = signal.probability;
    to.confidence = signal.confidence;
    to.edge_bp = signal.edge_bp;
    to.sigma_bp = signal.sigma * 1e4;
    to.close = signal.close;
    to.rank = 0;
    to.staleness_s = from.staleness * 60;
    to.barred = from.barred;
    if (!from.fresh)
      continue;
    // How often P(up) had the next bar's direction right; undecided and unchanged ones do not count.
    if (to.judged_before && signal.close != to.last_close && to.last_probability != 0.5) {
      ++to.judged;
      if ((signal.close > to.last_close) == (to.last_probability > 0.5))
        ++to.right;
    }
    to.judged_before = true;
    to.last_close = signal.close;
    to.last_probability = signal.probability;
    ++to.bars;
    if (to.closes.size() < most_contract_points)
      to.closes.emplace_back(round.at, signal.close);
  }
  for (std::size_t place = 0; place < round.order.size(); ++place)
    if (round.order[place] < symbols.size())
      symbols[round.order[place]].rank = static_cast<std::int32_t>(place + 1);
}

void session_view::parts::fold(const book_snapshot& book) {
  book_at = book.at;
  positions = book.positions;
  cash = book.cash;
  equity = book.equity;
  peak = std::max(peak, equity);
  drawdown = book.drawdown;
  max_drawdown = std::max(max_drawdown, drawdown);
  if (curve.size() < most_contract_points)
    curve.push_back({book.at, book.equity, book.drawdown});
}

void session_view::parts::fold(const trade& booked) {
  const execution& fill = booked.fill;
  if (fill.symbol >= symbols.size())
    return;
  symbols[fill.symbol].traded = true;
  book_fill(booked);
  marks.push_back({fill.at, fill.symbol, fill.side, fill.shares, fill.price, clean_text(booked.reason)});
  if (marks.size() > most_contract_rows)
    marks.pop_front();
  const fill_words words{
      booked.is_exit, fill.side,        fill.shares,  fill.price, fill.spread_cost + fill.fees,
      booked.pnl,     booked.bars_held, booked.reason};
  add({fill.at, "fill", symbols[fill.symbol].name, "", fill_event_text(words), true, fill.side, fill.shares,
       fill.price});
}

/// The book between two rounds: the next round's snapshot replaces it.
void session_view::parts::book_fill(const trade& booked) {
  const execution& fill = booked.fill;
  auto held = std::lower_bound(positions.begin(), positions.end(), fill.symbol,
                               [](const book_position& p, symbol_index s) { return p.symbol < s; });
  const bool known = held != positions.end() && held->symbol == fill.symbol;
  const money value = fill.price * fill.shares;
  const money cost = fill.spread_cost + fill.fees;
  if (fill.side == order_side::buy) {
    cash = cash - value - cost;
    if (!known) {
      held = positions.insert(held, book_position{});
      held->symbol = fill.symbol;
      held->mark = fill.price;
      held->rank = symbols[fill.symbol].rank;
      held->strength = symbols[fill.symbol].strength;
    }
    const std::int64_t shares = held->shares + fill.shares;
    held->entry_price = money{(held->entry_price * held->shares + value).micros / shares};
    held->shares = shares;
  } else {
    cash = cash + value - cost;
    if (known && (held->shares -= fill.shares) <= 0)
      positions.erase(held);
  }
  equity = cash;
  for (book_position& each : positions) {
    each.unrealized = (each.mark - each.entry_price) * each.shares;
    equity += each.mark * each.shares;
  }
  peak = std::max(peak, equity);
  drawdown = peak.micros > 0 ? 1 - to_dollars(equity) / to_dollars(peak) : 0;
  max_drawdown = std::max(max_drawdown, drawdown);
}

} // namespace sentio
