#include "core/monitor/metrics.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <initializer_list>

namespace sentio {

using nlohmann::json;

namespace {

enum family : std::uint8_t {
  connected,
  snapshot_age,
  clock_offset,
  equity,
  cash,
  drawdown,
  positions,
  position_shares,
  halted,
  paused,
  phase,
  not_flat,
  staleness,
  leverage,
  actor_up,
  actor_messages,
  actor_mailbox,
  actor_restarts,
  actor_handler,
  order_latency,
  orders,
  hub_refused,
  hub_viewers,
  hub_dropped,
  family_count
};

struct description {
  const char* name;
  const char* type;
  const char* help;
};

constexpr std::array<description, family_count> descriptions{{
    {"sentio_instance_connected", "gauge", "1 when the instance told of itself within the last 5 s."},
    {"sentio_snapshot_age_seconds", "gauge", "Time since the instance's last snapshot arrived."},
    {"sentio_clock_offset_seconds", "gauge",
     "The hub's clock minus the instance's when its last snapshot arrived, with the way in between."},
    {"sentio_equity_dollars", "gauge", "Cash and positions at their marks."},
    {"sentio_cash_dollars", "gauge", "Cash of the account."},
    {"sentio_drawdown_ratio", "gauge", "Loss from the session's highest equity, 0 to 1."},
    {"sentio_positions", "gauge", "Positions held."},
    {"sentio_position_shares", "gauge", "Shares held of a symbol."},
    {"sentio_halted", "gauge", "1 while HALTED is latched."},
    {"sentio_paused", "gauge", "1 while entries are paused."},
    {"sentio_session_phase", "gauge", "1 for the phase that the session is in."},
    {"sentio_flat_after_close_violation", "gauge", "1 when positions are held after the session's close."},
    {"sentio_data_staleness_seconds", "gauge", "Age of a symbol's last bar when the last round was ranked."},
    {"sentio_learner_leverage_ratio", "gauge", "Leverage of the last bar in its learner, 0 to 1."},
    {"sentio_actor_up", "gauge", "1 when the actor is up, 0 when it restarts or is down."},
    {"sentio_actor_messages_total", "counter", "Messages handled since the actor's start."},
    {"sentio_actor_mailbox_messages", "gauge", "Messages that wait."},
    {"sentio_actor_restarts_total", "counter", "Restarts of the actor."},
    {"sentio_actor_handler_seconds", "histogram", "Sampled times of an actor's message handlers."},
    {"sentio_order_latency_seconds", "histogram",
     "From the event that closes a round to the last byte of its orders."},
    {"sentio_orders_total", "counter", "Orders of the session."},
    {"sentio_hub_refused_messages_total", "counter", "Messages that the hub refused, by the reason."},
    {"sentio_hub_viewers", "gauge", "Pages and terminals that look."},
    {"sentio_hub_dropped_total", "counter", "Messages that were dropped for slow viewers."},
}};

using label = std::pair<const char*, std::string_view>;

std::string escaped(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c == '\\' || c == '"')
      out.append(1, '\\').append(1, c);
    else if (c == '\n')
      out += "\\n";
    else
      out += c;
  }
  return out;
}

std::string labels_text(std::span<const label> labels) {
  std::string out;
  for (const auto& [name, value] : labels)
    out += (out.empty() ? "{" : ",") + std::string(name) + "=\"" + escaped(value) + "\"";
  return out.empty() ? out : out + "}";
}

class exposition {
public:
  void add(family which, std::initializer_list<label> labels, double value) {
    if (!std::isfinite(value))
      return;
    lines_[which] += descriptions[which].name + labels_text({labels.begin(), labels.size()}) + " " +
                     fmt::format("{}", value) + "\n";
  }
  void add(family which, std::initializer_list<label> labels, const json& value) {
    if (value.is_number())
      add(which, labels, value.get<double>());
    else if (value.is_boolean())
      add(which, labels, value.get<bool>() ? 1.0 : 0.0);
  }
  /// `classes`: [[bound, count up to it], ..., ["+Inf", all]]; `unit`: of bounds and sum, in seconds.
  void add_histogram(family which, std::initializer_list<label> labels, const json& classes, const json& sum,
                     double unit) {
    if (!classes.is_array() || classes.empty() || !sum.is_number() || classes.back()[0] != "+Inf")
      return;
    const std::string name = descriptions[which].name;
    std::vector<label> with_bound(labels);
    with_bound.emplace_back("le", "");
    const std::string own = labels_text({labels.begin(), labels.size()});
    for (const json& row : classes) {
      // Bounds are round decimals of another unit: ten digits bring 0.1 us back as 1e-07.
      const std::string bound =
          row[0].is_number() ? fmt::format("{:.10g}", row[0].get<double>() * unit) : "+Inf";
      with_bound.back().second = bound;
      lines_[which] += name + "_bucket" + labels_text(with_bound) + " " + row[1].dump() + "\n";
    }
    lines_[which] += name + "_sum" + own + " " + fmt::format("{}", sum.get<double>() * unit) + "\n";
    lines_[which] += name + "_count" + own + " " + classes.back()[1].dump() + "\n";
  }

  std::string text() const {
    std::string out;
    for (std::size_t i = 0; i < family_count; ++i)
      if (!lines_[i].empty())
        out += fmt::format("# HELP {0} {1}\n# TYPE {0} {2}\n", descriptions[i].name, descriptions[i].help,
                           descriptions[i].type) +
               lines_[i];
    return out;
  }

private:
  std::array<std::string, family_count> lines_;
};

json field_of(const json& object, const char* name) {
  if (!object.is_object())
    return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? json(nullptr) : *found;
}

void add_account(exposition& out, const std::string& id, const session_history& of) {
  const json &account = of.part(snapshot_part::account), &session = of.part(snapshot_part::session);
  out.add(equity, {{"instance", id}}, field_of(account, "equity"));
  out.add(cash, {{"instance", id}}, field_of(account, "cash"));
  out.add(drawdown, {{"instance", id}}, field_of(account, "drawdown"));
  out.add(halted, {{"instance", id}}, field_of(account, "halted"));
  out.add(paused, {{"instance", id}}, field_of(account, "paused"));
  if (of.snapshots() > 0)
    out.add(positions, {{"instance", id}}, static_cast<double>(of.positions().size()));
  for (const json& held : of.positions())
    out.add(position_shares, {{"instance", id}, {"symbol", held["symbol"].get_ref<const std::string&>()}},
            held["shares"]);
  if (session.is_object())
    for (const char* each : {"waiting", "open", "liquidation", "closed"})
      out.add(phase, {{"instance", id}, {"phase", each}}, session["phase"] == each ? 1.0 : 0.0);
  out.add(orders, {{"instance", id}}, field_of(of.part(snapshot_part::latency), "orders"));
  out.add_histogram(order_latency, {{"instance", id}},
                    field_of(of.part(snapshot_part::latency), "buckets_ms"),
                    field_of(of.part(snapshot_part::latency), "sum_ms"), 1e-3);
}

void add_symbols(exposition& out, const std::string& id, const session_history& of) {
  for (const json& row : of.part(snapshot_part::ranking))
    out.add(staleness, {{"instance", id}, {"symbol", row["symbol"].get_ref<const std::string&>()}},
            row["staleness_s"]);
  for (const json& row : of.part(snapshot_part::learners))
    out.add(leverage, {{"instance", id}, {"symbol", row["symbol"].get_ref<const std::string&>()}},
            row["leverage"]);
}

void add_actors(exposition& out, const std::string& id, const session_history& of) {
  for (const json& row : of.part(snapshot_part::actors)) {
    const std::string name = row.value("name", "");
    const std::string role = row["role"].get<std::string>();
    const std::initializer_list<label> who{{"instance", id}, {"actor", name}, {"role", role}};
    out.add(actor_up, who, row["state"] == "up" ? 1.0 : 0.0);
    out.add(actor_messages, who, row["messages"]);
    out.add(actor_mailbox, who, row["mailbox"]);
    out.add(actor_restarts, who, row["restarts"]);
    out.add_histogram(actor_handler, who, field_of(row, "handler_buckets"), row["handler_sum_us"], 1e-6);
  }
}

bool held_after_close(const session_history& of) {
  return field_of(of.part(snapshot_part::session), "phase") == "closed" && !of.positions().empty();
}

} // namespace

std::string metrics_text(std::span<const instance_figures> instances, const hub_figures& hub) {
  exposition out;
  for (const instance_figures& one : instances) {
    out.add(connected, {{"instance", one.id}}, one.connected ? 1.0 : 0.0);
    out.add(snapshot_age, {{"instance", one.id}}, one.snapshot_age_s);
    out.add(hub_dropped, {{"instance", one.id}}, static_cast<double>(one.dropped));
    if (!one.history)
      continue;
    if (one.history->part(snapshot_part::session).is_object())
      out.add(not_flat, {{"instance", one.id}}, held_after_close(*one.history) ? 1.0 : 0.0);
    if (!one.connected)
      continue;
    out.add(clock_offset, {{"instance", one.id}}, one.clock_offset_s);
    add_account(out, one.id, *one.history);
    add_symbols(out, one.id, *one.history);
    add_actors(out, one.id, *one.history);
  }
  for (const auto& [who, count] : hub.refused)
    out.add(hub_refused, {{"instance", who.first}, {"why", who.second}}, static_cast<double>(count));
  out.add(hub_viewers, {{"kind", "page"}}, static_cast<double>(hub.pages));
  out.add(hub_viewers, {{"kind", "terminal"}}, static_cast<double>(hub.terminals));
  return out.text();
}

} // namespace sentio
