// Bodies of REST answers (shared specification, sections 2 and 3).
#include "core/alpaca/order_fields.hpp"
#include "core/alpaca/wire.hpp"

#include <algorithm>
#include <cmath>

namespace sentio::alpaca {

namespace {

constexpr std::size_t message_letters = 300;

template <class T>
parsed<T> finish(const field_reader& read, T value) {
  if (!read.good())
    return {std::nullopt, read.problem()};
  return {std::move(value), {}};
}

/// Whole shares, or what is whole of a fractional quantity.
void read_quantity(const json_value& object, venue_position& position, field_reader& read) {
  constexpr double most = 1e15;
  const json_value* const quantity = member(object, "qty");
  const auto number = quantity ? as_number(*quantity) : std::nullopt;
  if (!number || std::abs(*number) > most || as_whole(*quantity)) {
    position.shares = read.whole("qty");
    return;
  }
  position.shares = static_cast<std::int64_t>(*number);
  position.fractional = std::string(quantity->letters);
}

parsed<venue_position> read_position(const json_value& object) {
  field_reader read(object);
  venue_position position;
  position.symbol = read.text("symbol");
  read_quantity(object, position, read);
  // A short position is said by the sign, by the side, or by both.
  if (position.shares > 0 && read.text_or_empty("side") == "short")
    position.shares = -position.shares;
  position.average_price = read.amount("avg_entry_price");
  position.current_price = read.amount_or_zero("current_price"); // null before the first quote of a day
  return finish(read, std::move(position));
}

parsed<venue_fill> read_fill(const json_value& object) {
  field_reader read(object);
  venue_fill fill;
  fill.order_id = read.text("order_id");
  fill.symbol = read.text("symbol");
  fill.filled = read.whole("cum_qty");
  const auto side = read.text("side");
  if (side != "buy" && !side.starts_with("sell"))
    read.complain("side is neither buy nor sell");
  fill.side = side == "buy" ? order_side::buy : order_side::sell;
  if (fill.filled <= 0)
    read.complain("cum_qty is not positive");
  return finish(read, std::move(fill));
}

std::string printable(std::string_view text) {
  std::string shown;
  for (const char letter : text) {
    if (shown.size() >= message_letters)
      break;
    shown += letter >= ' ' && letter <= '~' ? letter : ' ';
  }
  return shown;
}

/// "09:30" in minutes; -1 when it is none.
int wall_minutes(std::string_view text) {
  if (text.size() != 5 || text[2] != ':')
    return -1;
  for (const std::size_t i : {0U, 1U, 3U, 4U})
    if (text[i] < '0' || text[i] > '9')
      return -1;
  const int hour = (text[0] - '0') * 10 + (text[1] - '0');
  const int minute = (text[3] - '0') * 10 + (text[4] - '0');
  return hour < 24 && minute < 60 ? hour * 60 + minute : -1;
}

parsed<session_hours> read_session(const json_value& object) {
  constexpr int regular_close = 16 * 60;
  field_reader read(object);
  const auto date = parse_date(read.text("date"));
  const int open = wall_minutes(read.text("open"));
  const int close = wall_minutes(read.text("close"));
  if (!date)
    read.complain("date is no day");
  if (open < 0 || close <= open)
    read.complain("open and close are no times of a session");
  session_hours hours;
  if (read.good()) {
    hours.date = *date;
    hours.open = new_york_to_utc(*date, open / 60, open % 60);
    hours.close = new_york_to_utc(*date, close / 60, close % 60);
    hours.liquidation = hours.close - 2 * minute_ms;
    hours.half_day = close < regular_close;
  }
  return finish(read, hours);
}

template <class T, class Read>
parsed_list<T> read_list(std::string_view body, const char* name, Read read_one) {
  const json_document document(body);
  parsed_list<T> list;
  if (!document.root().is_list()) {
    list.problem = "the body is no JSON array";
    return list;
  }
  list.value.emplace();
  for (const json_value& element : document.root()) {
    if (auto one = read_one(element); one.value) {
      list.value->push_back(std::move(*one.value));
    } else {
      const json_value* const named = member(element, name);
      list.unreadable.push_back(
          {named ? printable(as_text(*named).value_or("")) : std::string(), one.problem});
    }
  }
  return list;
}

void add_bar(bar_page& page, std::string_view symbol, const json_value& object) {
  field_reader read(object);
  bar value;
  value.label = read.time("t");
  value.open = read.number("o");
  value.high = read.number("h");
  value.low = read.number("l");
  value.close = read.number("c");
  value.volume = read.number("v");
  if (read.good() && !symbol.empty())
    page.bars.push_back({std::string(symbol), value});
  else
    ++page.bad;
}

/// A list of bars, or the one object of /bars/latest.
void add_bars(bar_page& page, std::string_view symbol, const json_value& bars) {
  if (!bars.is_list()) {
    if (!bars.is_null())
      add_bar(page, symbol, bars);
    return;
  }
  for (const json_value& element : bars)
    add_bar(page, symbol, element);
}

/// The members of an object by their names; of several with one name the last.
std::vector<const json_value*> by_name(const json_value& object) {
  std::vector<const json_value*> members;
  for (const auto& one : object)
    members.push_back(&one);
  std::stable_sort(members.begin(), members.end(),
                   [](const json_value* a, const json_value* b) { return a->name < b->name; });
  std::vector<const json_value*> last;
  for (const json_value* const one : members)
    if (!last.empty() && last.back()->name == one->name)
      last.back() = one;
    else
      last.push_back(one);
  return last;
}

/// Whole shares in an amount such as "12" or "0.5"; a fraction is no share one could sell.
std::optional<std::int64_t> whole_shares(const json_value& value) {
  const auto exact = as_money(value);
  return exact ? std::optional(exact->micros / 1'000'000) : std::nullopt;
}

} // namespace

parsed<venue_account> parse_account(std::string_view body) {
  const json_document document(body);
  field_reader read(document.root());
  venue_account account;
  account.number = read.text("account_number");
  account.status = read.text("status");
  account.cash = read.amount("cash");
  account.equity = read.amount("equity");
  account.buying_power = read.amount("buying_power");
  for (const char* const name : {"account_blocked", "trading_blocked", "trade_suspended_by_user"})
    if (read.flag_or_false(name))
      account.blocked = true;
  return finish(read, std::move(account));
}

parsed<venue_clock> parse_clock(std::string_view body) {
  const json_document document(body);
  field_reader read(document.root());
  venue_clock clock;
  clock.at = read.time("timestamp");
  clock.is_open = read.flag("is_open");
  clock.next_open = read.time("next_open");
  clock.next_close = read.time("next_close");
  return finish(read, clock);
}

parsed<venue_order> parse_order(std::string_view body) {
  return read_order(json_document(body).root());
}

parsed_list<venue_order> parse_orders(std::string_view body) {
  return read_list<venue_order>(body, "client_order_id", read_order);
}

parsed_list<venue_position> parse_positions(std::string_view body) {
  return read_list<venue_position>(body, "symbol", read_position);
}

parsed_list<venue_fill> parse_fills(std::string_view body) {
  return read_list<venue_fill>(body, "symbol", read_fill);
}

parsed_list<session_hours> parse_calendar(std::string_view body) {
  return read_list<session_hours>(body, "date", read_session);
}

parsed<venue_asset> parse_asset(std::string_view body) {
  const json_document document(body);
  field_reader read(document.root());
  venue_asset asset;
  asset.symbol = read.text("symbol");
  asset.exchange = read.text_or_empty("exchange");
  asset.active = read.text("status") == "active";
  asset.tradable = read.flag("tradable");
  return finish(read, std::move(asset));
}

parsed<bar_page> parse_bar_page(std::string_view body) {
  const json_document document(body);
  field_reader read(document.root());
  bar_page page;
  page.next_page_token = read.text_or_empty("next_page_token");
  const json_value* const bars = member(document.root(), "bars");
  // A null stands for no bars; an answer without the word at all is something else.
  if (!bars && document.root().is_object() && !document.root().has("bars"))
    read.complain("bars is missing");
  if (bars && bars->is_object()) {
    for (const json_value* const list : by_name(*bars))
      add_bars(page, list->name, *list);
  } else if (bars && bars->is_list()) {
    add_bars(page, read.text("symbol"), *bars); // /v2/stocks/{symbol}/bars
  } else if (bars) {
    read.complain("bars is neither an object nor a list");
  }
  return finish(read, std::move(page));
}

venue_refusal parse_refusal(std::string_view body) {
  venue_refusal refusal;
  const json_document document(body);
  if (!document.root().is_object()) {
    refusal.message = printable(body); // a proxy's page, or nothing
    return refusal;
  }
  if (const json_value* const code = member(document.root(), "code"))
    if (const auto number = as_whole(*code); number && *number > 0 && *number <= 999'999'999)
      refusal.code = static_cast<int>(*number);
  for (const char* const name : {"message", "error", "msg", "error_message"})
    if (const json_value* const said = member(document.root(), name); said && refusal.message.empty())
      refusal.message = as_text(*said).value_or("");
  if (refusal.message.empty())
    refusal.message = printable(body);
  refusal.related_orders = as_texts(member(document.root(), "related_orders"));
  if (const json_value* const existing = member(document.root(), "existing_order_id"))
    if (auto id = as_text(*existing);
        id && std::find(refusal.related_orders.begin(), refusal.related_orders.end(), *id) ==
                  refusal.related_orders.end())
      refusal.related_orders.push_back(std::move(*id));
  if (const json_value* const available = member(document.root(), "available"))
    refusal.available = whole_shares(*available);
  if (const json_value* const power = member(document.root(), "buying_power"))
    refusal.buying_power = as_money(*power);
  return refusal;
}

} // namespace sentio::alpaca
