#include "actors/simulation/fault_profile.hpp"

#include "core/numeric/random.hpp"

#include <algorithm>
#include <iterator>

namespace sentio {

namespace {

constexpr time_ms second_ms = 1'000;

/// Draws from one seed, in a fixed order.
class drawer {
public:
  drawer(std::uint64_t seed, const session_hours& hours, const std::vector<std::string>& symbols)
      : random_(seed), symbols_(symbols), quiet_at_(hours.close - hours.open - quiet_ms) {}

  bool chance(double share) { return random_.uniform() < share; }
  double rate(double largest) { return largest * random_.uniform(); }
  time_ms between(time_ms low, time_ms high) {
    return low + static_cast<time_ms>(random_.below(static_cast<std::uint64_t>(high - low + 1)));
  }
  /// A time before the quiet phase.
  time_ms when() { return between(0, quiet_at_ - 2 * second_ms); }
  /// Many short ones, few long ones, and none that reaches into the quiet phase.
  time_ms length(time_ms at, time_ms low, time_ms high) {
    const double part = random_.uniform() * random_.uniform() * random_.uniform();
    const auto drawn = low + static_cast<time_ms>(part * static_cast<double>(high - low));
    return std::min(drawn, quiet_at_ - at);
  }
  /// Of any length alike, and none that reaches into the quiet phase.
  time_ms stretch(time_ms at, time_ms low, time_ms high) {
    return std::min(between(low, high), quiet_at_ - at);
  }
  const std::string& symbol() { return symbols_[random_.below(symbols_.size())]; }
  template <class T>
  const T& one_of(const std::vector<T>& values) {
    return values[random_.below(values.size())];
  }
  time_ms quiet_at() const { return quiet_at_; }

private:
  random_source random_;
  const std::vector<std::string>& symbols_;
  time_ms quiet_at_;
};

message_rates draw_messages(drawer& draw) {
  message_rates r;
  r.drop = draw.chance(0.4) ? draw.rate(0.30) : 0;
  r.duplicate = draw.chance(0.4) ? draw.rate(0.50) : 0;
  if (draw.chance(0.4)) {
    r.reorder = draw.rate(0.5);
    r.reorder_span = static_cast<int>(draw.between(1, 5));
  }
  if (draw.chance(0.3)) {
    r.delay = draw.rate(0.2);
    r.longest_delay_ms = draw.between(100, 90 * second_ms);
  }
  return r;
}

request_rates draw_requests(drawer& draw) {
  request_rates r;
  const auto rate = [&](double share) { return draw.chance(share) ? draw.rate(0.2) : 0; };
  r.lost = rate(0.3);
  r.answer_lost = rate(0.3);
  r.too_many = rate(0.2);
  r.broken_before = rate(0.2);
  r.broken_after = rate(0.2);
  if (draw.chance(0.3)) {
    r.slow = draw.rate(0.2);
    r.longest_ms = draw.between(100, 90 * second_ms);
  }
  return r;
}

/// A kind of fault of the exchange and what may be drawn with it.
struct venue_choice {
  fault_kind kind;
  std::int64_t most_strikes; ///< 0: a window without a limit
  time_ms longest_ms;        ///< of the window
  bool of_one_symbol;
};

constexpr venue_choice data_choices[] = {
    {fault_kind::data_ghost, 1, 90'000, false},
    {fault_kind::close_1011, 1, 1'000, false},
    {fault_kind::upgrade_429, 0, 60'000, false},
    {fault_kind::data_mute, 0, 600'000, false},
    {fault_kind::missing_bars, 0, 1'200'000, true},
    {fault_kind::late_bars, 0, 600'000, true},
    {fault_kind::revised_bars, 0, 3'600'000, true},
    {fault_kind::duplicate_bars, 0, 600'000, true},
    {fault_kind::unordered_bars, 0, 600'000, true},
    {fault_kind::partial_subscription, 1, 3'600'000, false},
    {fault_kind::subscription_405, 1, 3'600'000, false},
    {fault_kind::slow_client, 1, 1'000, false},
    {fault_kind::odd_frames, 0, 300'000, false},
    {fault_kind::malformed_json, 12, 900'000, false},
    {fault_kind::bad_price_zero, 5, 900'000, true},
    {fault_kind::bad_price_negative, 5, 900'000, true},
    {fault_kind::bad_price_nan, 5, 900'000, true},
    {fault_kind::bad_price_crossed, 5, 900'000, true},
    {fault_kind::bad_price_spike, 5, 900'000, true},
    {fault_kind::slow_body, 3, 900'000, false},
};

constexpr venue_choice order_choices[] = {
    {fault_kind::order_answer_dropped, 5, 3'600'000, false},
    {fault_kind::order_answer_delayed, 5, 3'600'000, false},
    {fault_kind::order_500_after, 5, 3'600'000, false},
    {fault_kind::order_504_after, 5, 3'600'000, false},
    {fault_kind::order_503_before, 5, 3'600'000, false},
    {fault_kind::order_duplicate_answer, 5, 3'600'000, false},
    {fault_kind::fill_before_answer, 10, 3'600'000, false},
    {fault_kind::duplicate_fills, 0, 7'200'000, false},
    {fault_kind::trade_updates_dropped, 0, 1'200'000, false},
    {fault_kind::order_stuck, 3, 3'600'000, false},
    {fault_kind::cancel_stuck, 0, 300'000, false},
    {fault_kind::cancel_fill_race, 3, 3'600'000, false},
    {fault_kind::partial_fills, 0, 7'200'000, false},
    {fault_kind::shares_held, 3, 3'600'000, false},
    {fault_kind::wash_trade, 3, 3'600'000, false},
    {fault_kind::no_buying_power, 5, 3'600'000, false},
    {fault_kind::order_rejected_later, 5, 3'600'000, false},
    {fault_kind::rest_429, 0, 60'000, false},
    {fault_kind::halt, 0, 900'000, true},
    {fault_kind::luld_pause, 0, 600'000, true},
    {fault_kind::reopen_gap, 0, 300'000, true},
    {fault_kind::not_tradable, 0, 900'000, true},
    {fault_kind::trading_blocked, 0, 300'000, false},
};

fault draw_fault(drawer& draw, const venue_choice& choice) {
  fault f;
  f.kind = choice.kind;
  f.after_ms = draw.when();
  f.for_ms = std::max<time_ms>(1, draw.length(f.after_ms, 1'000, choice.longest_ms));
  if (choice.most_strikes > 0)
    f.count = draw.between(1, choice.most_strikes);
  const std::string& symbol = draw.symbol();
  if (choice.of_one_symbol)
    f.symbol = symbol;
  if (f.kind == fault_kind::reopen_gap)
    f.value = draw.rate(0.2) - 0.1;
  if (f.kind == fault_kind::cancel_fill_race && draw.chance(0.5))
    f.value = 0.5;
  if (f.kind == fault_kind::order_answer_delayed || f.kind == fault_kind::slow_body)
    f.delay_ms = draw.between(500, 90'000);
  if (f.kind == fault_kind::late_bars)
    f.delay_ms = draw.between(500, 90'000);
  return f;
}

template <std::size_t size>
void draw_venue(drawer& draw, const venue_choice (&choices)[size], std::vector<fault>& out) {
  for (auto count = draw.between(0, 6); count > 0; --count)
    out.push_back(
        draw_fault(draw, choices[static_cast<std::size_t>(draw.between(0, static_cast<time_ms>(size) - 1))]));
}

void draw_network(drawer& draw, fault_profile& p) {
  p.order_events = draw_messages(draw);
  p.requests = draw_requests(draw);
  static const std::vector<outage_kind> kinds{outage_kind::data, outage_kind::data, outage_kind::trading,
                                              outage_kind::rest, outage_kind::everything};
  for (auto count = draw.between(0, 10); count > 0; --count) {
    outage o;
    o.what = draw.one_of(kinds);
    o.at_ms = draw.when();
    o.for_ms = draw.length(o.at_ms, 1'000, 30 * minute_ms);
    o.silent = draw.chance(0.3);
    p.outages.push_back(o);
  }
  for (auto count = draw.chance(0.3) ? draw.between(1, 3) : 0; count > 0; --count)
    p.clock_steps.push_back({draw.when(), draw.between(-5'000, 5'000)});
  if (draw.chance(0.1)) {
    fault f;
    f.kind = fault_kind::clock_offset;
    f.after_ms = draw.when();
    f.for_ms = draw.length(f.after_ms, minute_ms, 20 * minute_ms);
    f.delay_ms = draw.between(-5'000, 5'000);
    p.venue.push_back(f);
  }
}

void draw_kills(drawer& draw, const std::vector<std::string>& symbols, fault_profile& p) {
  std::vector<std::string> roles{"ranking", "portfolio", "gateway", "feed", "clock", "journal", "tape"};
  for (const auto& symbol : symbols)
    roles.push_back("symbol " + symbol);
  for (auto count = draw.between(0, 10); count > 0; --count) {
    const auto at = draw.when();
    p.kills.push_back({at, draw.one_of(roles)});
  }
  if (draw.chance(0.1)) {
    const auto at = draw.when();
    p.tape_errors.push_back({at, draw.length(at, 1'000, 5 * minute_ms)});
  }
  for (auto count = draw.chance(0.4) ? draw.between(1, 2) : 0; count > 0; --count) {
    const auto at = draw.when();
    p.pauses.push_back({at, draw.stretch(at, minute_ms, 60 * minute_ms)});
  }
  for (auto count = draw.chance(0.3) ? draw.between(1, 3) : 0; count > 0; --count) {
    const auto at = draw.when();
    p.freezes.push_back({at, draw.stretch(at, 10 * second_ms, 5 * minute_ms)});
  }
  for (auto count = draw.chance(0.25) ? draw.between(1, 2) : 0; count > 0; --count) {
    const auto at = draw.when();
    p.deaths.push_back({at, draw.stretch(at, second_ms, 30 * minute_ms)});
  }
}

/// From a stream of its own: seeds keep the worlds that they had without it.
void draw_session_orders(drawer& draw, const session_hours& hours, fault_profile& p) {
  if (!draw.chance(0.25))
    return;
  session_order order;
  order.kind = draw.chance(0.5)   ? session_order_kind::close
               : draw.chance(0.7) ? session_order_kind::halt
                                  : session_order_kind::keep;
  order.at_ms = draw.between(0, hours.close - hours.open);
  if (order.kind == session_order_kind::halt && draw.chance(0.7))
    order.for_ms = draw.between(second_ms, 60 * minute_ms);
  p.session_orders.push_back(order);
}

/// A hostile or odd world: a REST interface that is dead while the streams live, endless waits, rows that
/// nobody expects or without trades, and an old word about an order that is done.
void draw_odd_world(drawer& draw, const std::vector<std::string>& symbols, fault_profile& p) {
  const auto add = [&](fault_kind kind, const char* route, time_ms longest_ms) -> fault& {
    fault f;
    f.kind = kind;
    f.route = route;
    f.after_ms = draw.when();
    f.for_ms = std::max<time_ms>(1, draw.stretch(f.after_ms, second_ms, longest_ms));
    p.venue.push_back(std::move(f));
    return p.venue.back();
  };
  if (draw.chance(0.15))
    add(draw.chance(0.5) ? fault_kind::rest_refused : fault_kind::rest_unanswered, "/v2/", 60 * minute_ms);
  if (draw.chance(0.2)) {
    auto& wait = add(fault_kind::rest_429, "POST /v2/orders", 60 * minute_ms);
    wait.value = static_cast<double>(draw.between(60, 36'000));
    wait.count = draw.between(1, 5);
  }
  if (draw.chance(0.2)) {
    static const std::vector<const char*> rows{
        R"([{"symbol":"BTCUSD","qty":"0.0314","avg_entry_price":"90000"}])",
        R"([{"symbol":"XYZ","avg_entry_price":"1"}])", R"([null,7,{"qty":"3"}])"};
    add(fault_kind::rest_rows, draw.chance(0.5) ? "GET /v2/positions" : "GET /v2/orders", 120 * minute_ms)
        .text = draw.one_of(rows);
  }
  for (const auto kind : {fault_kind::idle_bars, fault_kind::stale_new_after_fill})
    if (draw.chance(0.2))
      add(kind, "", 60 * minute_ms).symbol = draw.symbol();
  if (draw.chance(0.1)) {
    auto& odd = add(fault_kind::rest_altered, "GET /v2/positions", 30 * minute_ms);
    odd.symbol = symbols.front();
    odd.text = R"({"qty":null})";
  }
}

/// A venue that is wrong about the time by anything up to hours, and bars of minutes to come.
void draw_wrong_times(drawer& draw, const std::vector<std::string>& symbols, fault_profile& p) {
  constexpr time_ms farthest = 7 * 60 * minute_ms;
  for (auto count = draw.chance(0.2) ? draw.between(1, 3) : 0; count > 0; --count) {
    fault f;
    f.kind = fault_kind::clock_offset;
    f.after_ms = draw.when();
    f.for_ms = draw.chance(0.5) ? draw.stretch(f.after_ms, second_ms, minute_ms)
                                : draw.stretch(f.after_ms, minute_ms, 60 * minute_ms);
    f.delay_ms = draw.between(-farthest, farthest);
    p.venue.push_back(std::move(f));
  }
  if (draw.chance(0.15)) {
    fault f;
    f.kind = fault_kind::future_bars;
    f.after_ms = draw.when();
    f.for_ms = draw.stretch(f.after_ms, minute_ms, 30 * minute_ms);
    f.count = draw.between(1, 5);
    f.delay_ms = draw.between(1, 300) * minute_ms;
    if (draw.chance(0.5))
      f.symbol = draw.one_of(symbols);
    p.venue.push_back(std::move(f));
  }
}

/// The venue, or somebody between it and us, says that the account holds nothing.
void draw_vanished_positions(drawer& draw, fault_profile& p) {
  for (auto count = draw.chance(0.2) ? draw.between(1, 2) : 0; count > 0; --count) {
    fault f;
    f.kind = fault_kind::rest_answer;
    f.route = "GET /v2/positions";
    f.value = 200;
    f.text = "[]";
    f.after_ms = draw.when();
    f.for_ms = draw.stretch(f.after_ms, minute_ms, 30 * minute_ms);
    p.venue.push_back(std::move(f));
  }
}

/// A venue that wants nothing of our keys for a while, on the data stream.
void draw_refused_streams(drawer& draw, fault_profile& p) {
  if (!draw.chance(0.1))
    return;
  fault f;
  f.kind = fault_kind::auth_402;
  f.after_ms = draw.when();
  f.for_ms = draw.stretch(f.after_ms, second_ms, 30 * minute_ms);
  p.venue.push_back(f);
  f.kind = fault_kind::data_drop;
  f.for_ms = second_ms;
  p.venue.push_back(std::move(f));
}

/// Some of the processes that come back find a venue in maintenance.
void draw_refused_starts(drawer& draw, fault_profile& p) {
  for (const auto& death : p.deaths)
    if (const auto at = death.at_ms + death.for_ms - second_ms; draw.chance(0.4) && at < draw.quiet_at())
      p.refused_starts.push_back({at, draw.stretch(at, 2 * second_ms, 20 * minute_ms)});
}

/// The data of a trade_updates message of an order that is not ours.
std::string foreign_fill(const std::string& symbol, std::int64_t shares, const std::string& price,
                         int number) {
  const auto quoted = [](const std::string& text) { return '"' + text + '"'; };
  const auto id = std::string(extreme_mark) + std::to_string(number);
  const auto quantity = quoted(std::to_string(shares));
  return R"({"event":"fill","execution_id":)" + quoted(id) + R"(,"price":)" + quoted(price) + R"(,"qty":)" +
         quantity + R"(,"timestamp":"2025-01-02T15:00:00Z","order":{"id":)" + quoted(id) +
         R"(,"client_order_id":)" + quoted("person-" + id) + R"(,"symbol":)" + quoted(symbol) +
         R"(,"side":"buy","type":"market","status":"filled","qty":)" + quantity + R"(,"filled_qty":)" +
         quantity + R"(,"filled_avg_price":)" + quoted(price) + "}}";
}

/// A venue, or somebody between it and us, says what cannot be true: of an order that is not ours, or of a
/// fill of ours.
void draw_extremes(drawer& draw, fault_profile& p) {
  if (!draw.chance(0.1))
    return;
  static const std::vector<std::pair<std::int64_t, std::string>> fills{{1'000'000, "9000000000"},
                                                                       {1'000'000'000, "50"},
                                                                       {1'000'000, "100"},
                                                                       {10, "9000000000"},
                                                                       {10, "0.000001"},
                                                                       {10, "100000"},
                                                                       {9'000'000'000'000'000'000, "1"}};
  static const std::vector<std::string> alterations{
      R"("price":"9000000000")", R"("price":"-5")",
      R"("price":"9000000000","order":{"filled_avg_price":"9000000000"})",
      R"("qty":"1000000","order":{"filled_qty":"1000000"})"};
  for (int number = 1, count = static_cast<int>(draw.between(1, 3)); number <= count; ++number) {
    fault f;
    f.count = 1;
    f.after_ms = draw.when();
    const auto& [shares, price] = draw.one_of(fills);
    const auto& alteration = draw.one_of(alterations);
    const auto& symbol = draw.symbol();
    if (draw.chance(0.6)) {
      f.kind = fault_kind::trade_update_sent;
      f.for_ms = second_ms; // it is sent once, at the beginning
      f.text = foreign_fill(symbol, shares, price, number);
    } else {
      f.kind = fault_kind::trade_update_altered;
      f.for_ms = draw.stretch(f.after_ms, minute_ms, 60 * minute_ms);
      f.match = "fill";
      f.text = R"({"execution_id":")" + std::string(extreme_mark) + std::to_string(number) + R"(",)" +
               alteration + "}";
    }
    p.venue.push_back(f);
  }
}

} // namespace

bool find_fault_groups(std::string_view name, fault_groups& out) {
  if (name == "all")
    out = {true, true, true, true};
  else if (name == "none")
    out = {false, false, false, false};
  else if (name == "data")
    out = {true, false, false, false};
  else if (name == "orders")
    out = {false, true, false, false};
  else if (name == "network")
    out = {false, false, true, false};
  else if (name == "kills")
    out = {false, false, false, true};
  else
    return false;
  return true;
}

fault_profile draw_profile(std::uint64_t seed, const fault_groups& groups, const session_hours& hours,
                           const std::vector<std::string>& symbols) {
  fault_profile p;
  // A drawer for each group: the others' absence changes nothing in it.
  if (drawer draw(seed ^ 0x64617461, hours, symbols); groups.data) {
    p.bars = draw_messages(draw);
    draw_venue(draw, data_choices, p.venue);
  }
  if (drawer draw(seed ^ 0x6f726465, hours, symbols); groups.orders)
    draw_venue(draw, order_choices, p.venue);
  if (drawer draw(seed ^ 0x6e657477, hours, symbols); groups.network)
    draw_network(draw, p);
  if (drawer draw(seed ^ 0x6b696c6c, hours, symbols); groups.kills)
    draw_kills(draw, symbols, p);
  if (drawer draw(seed ^ 0x656e6473, hours, symbols); groups.kills)
    draw_session_orders(draw, hours, p);
  if (drawer draw(seed ^ 0x6f646477, hours, symbols); groups.network)
    draw_odd_world(draw, symbols, p);
  if (drawer draw(seed ^ 0x74696d65, hours, symbols); groups.network)
    draw_wrong_times(draw, symbols, p);
  if (drawer draw(seed ^ 0x676f6e65, hours, symbols); groups.network)
    draw_vanished_positions(draw, p);
  if (drawer draw(seed ^ 0x6b657973, hours, symbols); groups.network)
    draw_refused_streams(draw, p);
  if (drawer draw(seed ^ 0x73746172, hours, symbols); groups.kills)
    draw_refused_starts(draw, p);
  if (drawer draw(seed ^ 0x65787472, hours, symbols); groups.orders)
    draw_extremes(draw, p);
  return p;
}

namespace {

/// Calls back for every part: with a function that takes it away.
template <class Profile, class Visit>
void each_rate(Profile& p, const Visit& visit) {
  for (auto* rates : {&p.bars, &p.order_events})
    for (auto* rate : {&rates->drop, &rates->duplicate, &rates->reorder, &rates->delay})
      visit(*rate);
  auto& r = p.requests;
  for (auto* rate : {&r.lost, &r.answer_lost, &r.too_many, &r.broken_before, &r.broken_after, &r.slow})
    visit(*rate);
}

template <class Profile, class Visit>
void each_list(Profile& p, const Visit& visit) {
  visit(p.outages);
  visit(p.clock_steps);
  visit(p.venue);
  visit(p.kills);
  visit(p.tape_errors);
  visit(p.pauses);
  visit(p.freezes);
  visit(p.deaths);
  visit(p.session_orders);
  visit(p.refused_starts);
}

} // namespace

std::size_t part_count(const fault_profile& profile) {
  std::size_t count = 0;
  each_rate(profile, [&](double rate) { count += rate > 0 ? 1 : 0; });
  each_list(profile, [&](const auto& list) { count += list.size(); });
  return count;
}

fault_profile with_parts(const fault_profile& profile, const std::vector<bool>& keep) {
  fault_profile p = profile;
  std::size_t part = 0;
  each_rate(p, [&](double& rate) {
    if (rate > 0 && !keep.at(part++))
      rate = 0;
  });
  each_list(p, [&](auto& list) {
    std::remove_reference_t<decltype(list)> kept;
    for (auto& item : list)
      if (keep.at(part++))
        kept.push_back(std::move(item));
    list = std::move(kept);
  });
  return p;
}

const char* to_string(outage_kind kind) {
  static constexpr const char* names[] = {"data", "trading", "rest", "everything"};
  return names[static_cast<std::size_t>(kind)];
}

const char* to_string(session_order_kind kind) {
  static constexpr const char* names[] = {"close", "halt", "keep"};
  return names[static_cast<std::size_t>(kind)];
}

} // namespace sentio
