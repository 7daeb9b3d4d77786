// What must be true of a session whatever went wrong in it.
#include "actors/simulation/session_trial.hpp"

#include "core/journal/run_file.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <set>

namespace sentio {

namespace {

using nlohmann::json;

constexpr time_ms converged_ms = 3 * minute_ms; ///< three bars
/// The strategy's own limit: after five minutes without a bar a symbol is not entered.
constexpr std::int64_t stale_after_s = 300;
/// The one failure that may end a session: a disk that takes nothing for longer than restarts are tried.
constexpr std::string_view tape_is_lost = "HALTED: tape cannot be";

struct counted_fill {
  std::string client_order_id;
  std::string symbol;
  std::int64_t shares = 0; ///< sales are negative
  time_ms at = 0;
};

template <class Take>
void each_line(const std::string& text, const Take& take) {
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    take(std::string_view(text).substr(at, end - at));
    at = end + 1;
  }
}

/// The value of a field of a line, without quotes. Our own lines have no spaces and no nested fields of the
/// same name.
std::string_view field(std::string_view line, std::string_view key) {
  const auto at = line.find(key);
  if (at == line.npos)
    return {};
  auto value = line.substr(at + key.size());
  if (value.starts_with('"')) {
    value.remove_prefix(1);
    return value.substr(0, value.find('"'));
  }
  return value.substr(0, value.find_first_of(",}"));
}

std::int64_t whole(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

time_ms time_of(const std::string& utc) {
  // "2025-12-01T14:31:00.123456Z"
  const auto number = [&](std::size_t at, std::size_t length) {
    return whole(std::string_view(utc).substr(at, length));
  };
  const civil_date date{static_cast<int>(number(0, 4)), static_cast<int>(number(5, 2)),
                        static_cast<int>(number(8, 2))};
  const double seconds = std::strtod(utc.c_str() + 17, nullptr);
  return ((days_since_epoch(date) * 24 + number(11, 2)) * 60 + number(14, 2)) * minute_ms +
         static_cast<time_ms>(seconds * 1000);
}

class judgement {
public:
  explicit judgement(const session_record& session) : session_(session) {}

  std::vector<std::string> all() {
    for (const auto& offence : session_.offences)
      blame(offence);
    read_venue();
    if (session_.error.starts_with(tape_is_lost)) {
      // Nothing can be written any more: what is left to judge is that everything was sold.
      compare_positions();
      return std::move(found_);
    }
    if (!session_.error.empty())
      blame(session_.error);
    read_book();
    compare_fills();
    compare_end();
    look_for_stale_entries();
    look_for_convergence();
    return std::move(found_);
  }

private:
  void blame(std::string what) { found_.push_back(std::move(what)); }

  void read_venue() {
    std::map<std::string, std::string> names;
    for (const auto& order : session_.venue.at("orders"))
      names[order.at("id")] = order.at("client_order_id");
    std::set<std::string> ids;
    for (const auto& fill : session_.venue.at("executions")) {
      if (!ids.insert(fill.at("execution_id")).second)
        blame("the exchange counts a fill twice");
      counted_fill one;
      one.client_order_id = names[fill.at("order_id")];
      one.symbol = fill.at("symbol");
      one.shares = whole(fill.at("qty").get_ref<const std::string&>()) * (fill.at("side") == "buy" ? 1 : -1);
      one.at = time_of(fill.at("timestamp"));
      venue_.push_back(std::move(one));
    }
  }

  void read_book() {
    const auto log = session_.logs.find(log_kind::trades);
    if (log == session_.logs.end())
      return;
    std::set<std::string> ids;
    each_line(log->second, [&](std::string_view line) {
      counted_fill one;
      one.client_order_id = field(line, "\"client_order_id\":");
      one.symbol = field(line, "\"symbol\":");
      one.shares = whole(field(line, "\"shares\":")) * (field(line, "\"side\":") == "BUY" ? 1 : -1);
      one.at = whole(field(line, "\"timestamp_ms\":"));
      // A fill of an order that was given up is booked as an adjustment that names the order.
      constexpr std::string_view late = "filled after its end: order ";
      const auto reason = field(line, "\"reason\":");
      if (const auto named = reason.find(late); named != reason.npos)
        one.client_order_id = reason.substr(named + late.size());
      const std::string id(field(line, "\"execution_id\":"));
      if (id.empty() || one.shares == 0)
        blame("a trade cannot be read: " + std::string(line));
      if (!ids.insert(id).second)
        blame("fill " + id + " is in the trades log twice");
      book_.push_back(std::move(one));
    });
  }

  /// Every fill once: by order where the order is ours, else in the position.
  void compare_fills() {
    std::map<std::string, std::int64_t> at_venue, in_book, net;
    for (const auto& fill : venue_) {
      at_venue[fill.client_order_id] += fill.shares;
      net[fill.symbol] += fill.shares;
    }
    for (const auto& fill : book_) {
      in_book[fill.client_order_id] += fill.shares;
      net[fill.symbol] -= fill.shares;
    }
    for (const auto& [symbol, difference] : net)
      if (difference != 0)
        blame("the venue holds " + std::to_string(difference) + " " + symbol + " that the book does not");
    for (const auto& [id, shares] : at_venue)
      if (id.starts_with("s-") && in_book[id] != shares)
        blame("order " + id + ": the venue filled " + std::to_string(shares) + ", the book has " +
              std::to_string(in_book[id]));
    for (const auto& [id, shares] : in_book)
      if (id.starts_with("s-") && shares != 0 && !at_venue.contains(id))
        blame("order " + id + " is filled in the book and not at the venue");
  }

  /// Positions that are left though the venue let us close them; the count of those that it did not.
  std::int64_t compare_positions() {
    std::int64_t allowed = 0;
    for (const auto& [symbol, position] : session_.venue.at("positions").items()) {
      const bool halted = std::find(session_.halted_into_close.begin(), session_.halted_into_close.end(),
                                    symbol) != session_.halted_into_close.end();
      allowed += halted ? 1 : 0;
      if (!halted)
        blame("after the close the venue still holds " + position.at("qty").get<std::string>() + " " +
              symbol);
    }
    return allowed;
  }

  void compare_end() {
    const auto allowed = compare_positions();
    if (session_.summary.empty()) {
      blame("the session has no summary");
      return;
    }
    const auto& summary = session_.summary;
    const bool flat = field(summary, "\"flat\":") == "true";
    if (flat != session_.venue.at("positions").empty())
      blame("the session's own word about being flat is wrong");
    if (!flat || allowed > 0)
      return;
    const double ours = std::strtod(std::string(field(summary, "\"closing_equity\":")).c_str(), nullptr);
    const double venues = std::stod(session_.venue.at("cash").get<std::string>());
    // Derived prices are rounded to a millionth of a dollar a share.
    if (!(std::abs(ours - venues) < 0.01))
      blame("cash differs by " + std::to_string(ours - venues) + " dollars: " + std::to_string(ours) +
            " in the book, " + std::to_string(venues) + " at the venue");
  }

  void look_for_stale_entries() {
    const auto decisions = session_.logs.find(log_kind::decisions);
    const auto signals = session_.logs.find(log_kind::signals);
    if (decisions == session_.logs.end() || signals == session_.logs.end())
      return;
    std::set<std::pair<std::int64_t, std::string_view>> entries;
    each_line(decisions->second, [&](std::string_view line) {
      if (line.find("\"ENTER\"") != line.npos)
        entries.emplace(whole(field(line, "\"timestamp_ms\":")), field(line, "\"symbol\":"));
    });
    each_line(signals->second, [&](std::string_view line) {
      const auto entry = entries.find({whole(field(line, "\"timestamp_ms\":")), field(line, "\"symbol\":")});
      if (entry != entries.end() && whole(field(line, "\"staleness_s\":")) <= stale_after_s)
        entries.erase(entry);
    });
    for (const auto& [at, symbol] : entries)
      blame("an entry of " + std::string(symbol) + " at " + new_york_clock(at) + " without a fresh bar");
  }

  /// Three bars after the last fault every fill is known within three bars, and every symbol has its bars.
  void look_for_convergence() {
    for (const auto& fill : venue_) {
      const time_ms due = std::max(fill.at, session_.quiet_at) + converged_ms;
      std::int64_t at_venue = 0, in_book = 0;
      for (const auto& other : venue_)
        if (other.client_order_id == fill.client_order_id && other.at <= fill.at)
          at_venue += std::abs(other.shares);
      for (const auto& other : book_)
        if (other.client_order_id == fill.client_order_id && other.at <= due)
          in_book += std::abs(other.shares);
      if (fill.client_order_id.starts_with("s-") && in_book < at_venue)
        blame("a fill of " + fill.client_order_id + " at " + new_york_clock(fill.at) +
              " is not known three bars later");
    }
    const auto signals = session_.logs.find(log_kind::signals);
    if (signals == session_.logs.end())
      return;
    std::uint64_t stale = 0;
    std::string example;
    each_line(signals->second, [&](std::string_view line) {
      const auto at = whole(field(line, "\"timestamp_ms\":"));
      if (at <= session_.quiet_at + converged_ms || at > session_.hours.liquidation)
        return;
      const std::pair minute{at, std::string(field(line, "\"symbol\":"))};
      if (whole(field(line, "\"staleness_s\":")) == 0 || session_.without_bar.contains(minute))
        return;
      if (++stale == 1)
        example = minute.second + " at " + new_york_clock(at);
    });
    if (stale > 0)
      blame("in the quiet phase " + std::to_string(stale) +
            " signals are without a bar of their minute, first " + example);
  }

  const session_record& session_;
  std::vector<counted_fill> venue_;
  std::vector<counted_fill> book_;
  std::vector<std::string> found_;
};

} // namespace

std::vector<std::string> judge(const session_record& session) {
  return judgement(session).all();
}

} // namespace sentio
