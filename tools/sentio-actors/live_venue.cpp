#include "tools/sentio-actors/live_venue.hpp"

#include "core/account/venue_bounds.hpp"
#include "core/market/session_clock.hpp"
#include "core/market/validation.hpp"
#include "tools/sentio-actors/live_start.hpp"
#include "tools/sentio-actors/run_console.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <stdexcept>
#include <thread>

namespace sentio {

namespace {

constexpr int attempts = 4;
constexpr std::chrono::milliseconds first_wait{300};
constexpr int page_cap = 500;

/// Worth another attempt: nothing was decided.
bool is_passing(int status) {
  return status == 0 || status == 408 || status == 429 || status >= 500;
}

template <class T>
T required(alpaca::parsed<T> found, const char* what) {
  if (!found.value)
    throw venue_outage(std::string("the venue's answer about ") + what + " cannot be read: " + found.problem);
  return std::move(*found.value);
}

/// Alpaca's errors are JSON with a message. A proxy's or a maintenance page says nothing about the keys.
bool is_own_error(const std::string& body) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  return json.is_object() && json.contains("message") && json["message"].is_string();
}

} // namespace

venue_desk::venue_desk(const venue_endpoints& venue) : venue_(venue) {
  rest_config config;
  config.ca_file = venue.ca_file;
  config.headers = {{"APCA-API-KEY-ID", venue.key_id}, {"APCA-API-SECRET-KEY", venue.secret}};
  config.base_url = venue.trading_url;
  trading_ = std::make_unique<rest_client>(config);
  config.base_url = venue.data_url;
  data_ = std::make_unique<rest_client>(config);
}

rest_response venue_desk::ask(const rest_client& client, const std::string& target, const char* what) const {
  rest_request request;
  request.target = target;
  rest_response answer;
  for (int i = 0; i < attempts && (i == 0 || !interrupted()); ++i) {
    if (i > 0)
      std::this_thread::sleep_for(first_wait * (1 << i));
    answer = const_cast<rest_client&>(client).get(request);
    if (!is_passing(answer.status))
      break;
  }
  if (answer.status == 200)
    return answer;
  if (answer.status == 0)
    throw venue_outage(std::string("the venue did not answer about ") + what + ": " + answer.error);
  const bool own = is_own_error(answer.body);
  if ((answer.status == 401 || answer.status == 403) && own)
    throw keys_refused(std::string("the venue refuses these keys when asked about ") + what + " (HTTP " +
                       std::to_string(answer.status) +
                       "): check that key and secret belong together, and to paper "
                       "or to real trading as you asked");
  const auto refusal = alpaca::parse_refusal(answer.body);
  const auto text = std::string("the venue answers HTTP ") + std::to_string(answer.status) + " about " +
                    what + (own ? "" : ", with a page that is not its own") +
                    (refusal.message.empty() ? std::string() : ": " + refusal.message);
  if (own && !is_passing(answer.status))
    throw std::runtime_error(text);
  throw venue_outage(text);
}

alpaca::venue_account venue_desk::any_account() const {
  auto account =
      required(alpaca::parse_account(ask(*trading_, "/v2/account", "the account").body), "the account");
  for (const auto& [name, amount] :
       {std::pair("its cash", account.cash), std::pair("its equity", account.equity),
        std::pair("its buying power", account.buying_power)})
    if (const auto why = why_impossible_amount(name, amount); !why.empty())
      throw std::runtime_error("the venue's answer about the account cannot be true: " + why +
                               "; nothing was traded. Ask again, or look at the broker's web page");
  return account;
}

alpaca::venue_account venue_desk::account(bool paper) const {
  auto account = any_account();
  const bool is_paper = account.number.starts_with("PA");
  if (paper && !is_paper)
    throw usage_error("these keys belong to a real account, not to a paper account; nothing was traded");
  if (!paper && is_paper)
    throw usage_error("these keys belong to a paper account; use --paper, or give the keys of the real one");
  if (account.status != "ACTIVE" || account.blocked)
    throw std::runtime_error("the account may not trade: its status is " + account.status +
                             (account.blocked ? " and it is blocked" : "") + "; see the broker's web page");
  if (account.equity.micros <= 0)
    throw std::runtime_error("the account has no equity to trade with");
  return account;
}

std::pair<alpaca::venue_clock, venue_time::steady::time_point> venue_desk::clock() const {
  const auto answer = ask(*trading_, "/v2/clock", "the time");
  const auto clock = required(alpaca::parse_clock(answer.body), "the time");
  return {clock, answer.sent_at + (answer.received_at - answer.sent_at) / 2};
}

double venue_desk::clock_speed(std::chrono::milliseconds apart) const {
  const auto [first, first_at] = clock();
  std::this_thread::sleep_for(apart);
  const auto [second, second_at] = clock();
  const double real_ms = std::chrono::duration<double, std::milli>(second_at - first_at).count();
  return static_cast<double>(second.at - first.at) / real_ms;
}

std::optional<session_hours> venue_desk::session(civil_date date, std::vector<std::string>& notes) const {
  const auto day = to_string(date);
  const auto answer = ask(*trading_, "/v2/calendar?start=" + day + "&end=" + day, "the calendar");
  const auto days = required(alpaca::parse_calendar(answer.body), "the calendar");
  const auto found =
      std::find_if(days.begin(), days.end(), [&](const session_hours& h) { return h.date == date; });
  const auto local = session_on(date);
  if (found == days.end()) {
    if (local)
      notes.push_back("ALARM the venue has no session on " + day + ", though the calendar's rule has one");
    return std::nullopt;
  }
  session_hours hours = *found;
  if (!local) {
    notes.push_back("ALARM the venue has a session on " + day +
                    ", though the calendar's rule says: " + closed_reason(date));
    return hours;
  }
  if (hours.close != local->close || hours.open != local->open) {
    notes.push_back("ALARM the venue's session of " + day + " is " + new_york_clock(hours.open) + " to " +
                    new_york_clock(hours.close) + ", by rule " + new_york_clock(local->open) + " to " +
                    new_york_clock(local->close) + "; going by the earlier close");
    hours.close = std::min(hours.close, local->close);
    hours.half_day = hours.close < local->close || local->half_day;
  }
  hours.liquidation = hours.close - 2 * minute_ms;
  return hours;
}

alpaca::parsed_list<alpaca::venue_order> venue_desk::open_orders() const {
  auto list = alpaca::parse_orders(ask(*trading_, "/v2/orders?status=open&limit=500", "open orders").body);
  if (!list.value)
    required<std::vector<alpaca::venue_order>>(list, "open orders");
  return list;
}

std::string venue_desk::newest_own_order() const {
  const auto list = alpaca::parse_orders(
      ask(*trading_, "/v2/orders?status=all&limit=500&direction=desc", "earlier orders").body);
  if (!list.value)
    required<std::vector<alpaca::venue_order>>(list, "earlier orders");
  for (const auto& order : *list.value)
    if (order.client_order_id.starts_with("s-"))
      return order.client_order_id;
  return {};
}

void venue_desk::cancel_own_orders(std::chrono::milliseconds wait) const {
  const auto until = std::chrono::steady_clock::now() + wait;
  for (;;) {
    const auto open = open_orders();
    if (!open.unreadable.empty())
      throw std::runtime_error(
          "the account has an open order that is not ours" +
          (open.unreadable[0].name.empty() ? "" : ", " + open.unreadable[0].name) +
          " (it cannot be read: " + open.unreadable[0].problem +
          "): another program or person trades on it; cancel it or use an account of its own");
    std::size_t own = 0;
    for (const auto& order : *open.value) {
      if (!order.client_order_id.starts_with("s-"))
        throw std::runtime_error("the account has an open order that is not ours, " + order.client_order_id +
                                 " of " + order.symbol +
                                 ": another program or person trades on it; cancel it or use an "
                                 "account of its own");
      ++own;
      cancel(order.id);
    }
    if (own == 0)
      return;
    if (std::chrono::steady_clock::now() > until)
      throw std::runtime_error(std::to_string(own) +
                               " orders of an earlier run cannot be canceled; try again");
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
}

void venue_desk::remove(const std::string& target) const {
  rest_request request;
  request.method = "DELETE";
  request.target = target;
  request.urgent = true;
  trading_->get(request);
}

void venue_desk::cancel(const std::string& venue_id) const {
  remove("/v2/orders/" + venue_id);
}

void venue_desk::close_position(const std::string& symbol) const {
  remove("/v2/positions/" + symbol);
}

std::vector<alpaca::venue_position> venue_desk::positions() const {
  const auto list = alpaca::parse_positions(ask(*trading_, "/v2/positions", "positions").body);
  for (const auto& row : list.unreadable)
    say_line("ALARM a position" + (row.name.empty() ? "" : " of " + row.name) + " cannot be read (" +
             row.problem + "): it is left alone");
  return required<std::vector<alpaca::venue_position>>(list, "positions");
}

alpaca::venue_asset venue_desk::asset(const std::string& symbol) const {
  const auto what = "the asset " + symbol;
  return required(alpaca::parse_asset(ask(*trading_, "/v2/assets/" + symbol, what.c_str()).body),
                  what.c_str());
}

std::vector<std::vector<bar>> venue_desk::bars(const std::vector<std::string>& symbols, time_ms from,
                                               time_ms now, const std::string& adjustment) const {
  std::vector<std::vector<bar>> rows(symbols.size());
  if (now - minute_ms < from)
    return rows;
  std::vector<bar_sequence> sequences(symbols.size());
  session_clock calendar;
  std::uint64_t refused = 0;
  std::string token;
  for (int page = 0; page < page_cap; ++page) {
    const auto target = alpaca::bars_target(symbols, from, now, venue_.data_feed, adjustment, token);
    const auto found = required(alpaca::parse_bar_page(ask(*data_, target, "bars").body), "bars");
    for (const auto& one : found.bars) {
      const auto symbol = std::lower_bound(symbols.begin(), symbols.end(), one.symbol);
      if (symbol == symbols.end() || *symbol != one.symbol || decision_time(one.value) > now)
        continue;
      const auto index = static_cast<std::size_t>(symbol - symbols.begin());
      bar b = one.value;
      const auto* const session = calendar.session_of_day(b.label);
      if (admit_bar(b) != bar_defect::none)
        ++refused;
      else if (sequences[index].offer(b, session ? session->open : b.label) == bar_arrival::accepted)
        rows[index].push_back(b);
    }
    token = found.next_page_token;
    if (!token.empty())
      continue;
    if (refused > 0)
      say_line("note: " + std::to_string(refused) + " bars of the venue are impossible and were left out");
    return rows;
  }
  throw std::runtime_error("the venue's pages of bars never end; stopped after " + std::to_string(page_cap));
}

} // namespace sentio
