#include "actors/simulation/fault_profile.hpp"

#include <nlohmann/json.hpp>

namespace sentio {

namespace {

using json = nlohmann::ordered_json;

json print_messages(const message_rates& r) {
  json out = json::object();
  const auto put = [&](const char* name, auto value) {
    if (value != decltype(value){})
      out[name] = value;
  };
  put("drop", r.drop);
  put("duplicate", r.duplicate);
  put("reorder", r.reorder);
  if (r.reorder > 0)
    put("reorder_span", r.reorder_span);
  put("delay", r.delay);
  if (r.delay > 0)
    put("longest_delay_ms", r.longest_delay_ms);
  return out;
}

json print_requests(const request_rates& r) {
  json out = json::object();
  const auto put = [&](const char* name, auto value) {
    if (value != decltype(value){})
      out[name] = value;
  };
  put("lost", r.lost);
  put("answer_lost", r.answer_lost);
  put("too_many", r.too_many);
  put("broken_before", r.broken_before);
  put("broken_after", r.broken_after);
  put("slow", r.slow);
  if (r.slow > 0)
    put("longest_ms", r.longest_ms);
  return out;
}

/// Reads a field, when it is there, and takes it out, so that what is left over is unknown.
template <class Value>
void read(json& object, const char* name, Value& out) {
  if (const auto found = object.find(name); found != object.end()) {
    out = found->get<Value>();
    object.erase(found);
  }
}

void nothing_left(const json& object, const char* where) {
  if (!object.is_object())
    throw std::invalid_argument(std::string(where) + " is no object");
  if (!object.empty())
    throw std::invalid_argument(std::string(where) + " has an unknown field " + object.begin().key());
}

message_rates read_messages(json object, const char* where) {
  message_rates r;
  read(object, "drop", r.drop);
  read(object, "duplicate", r.duplicate);
  read(object, "reorder", r.reorder);
  read(object, "reorder_span", r.reorder_span);
  read(object, "delay", r.delay);
  read(object, "longest_delay_ms", r.longest_delay_ms);
  nothing_left(object, where);
  return r;
}

request_rates read_requests(json object) {
  request_rates r;
  read(object, "lost", r.lost);
  read(object, "answer_lost", r.answer_lost);
  read(object, "too_many", r.too_many);
  read(object, "broken_before", r.broken_before);
  read(object, "broken_after", r.broken_after);
  read(object, "slow", r.slow);
  read(object, "longest_ms", r.longest_ms);
  nothing_left(object, "requests");
  return r;
}

outage read_outage(json object) {
  outage o;
  std::string what = "data";
  read(object, "what", what);
  bool known = false;
  for (const auto kind :
       {outage_kind::data, outage_kind::trading, outage_kind::rest, outage_kind::everything})
    if (what == to_string(kind)) {
      o.what = kind;
      known = true;
    }
  if (!known)
    throw std::invalid_argument("an outage of " + what +
                                " is unknown; data, trading, rest and everything are");
  read(object, "at_ms", o.at_ms);
  read(object, "for_ms", o.for_ms);
  read(object, "silent", o.silent);
  nothing_left(object, "an outage");
  return o;
}

std::vector<fault_window> read_windows(json list, const char* what) {
  std::vector<fault_window> windows;
  for (auto one : list) {
    fault_window window;
    read(one, "at_ms", window.at_ms);
    read(one, "for_ms", window.for_ms);
    nothing_left(one, what);
    windows.push_back(window);
  }
  return windows;
}

session_order read_session_order(json object) {
  session_order order;
  std::string kind;
  read(object, "kind", kind);
  bool known = false;
  for (const auto one : {session_order_kind::close, session_order_kind::halt, session_order_kind::keep})
    if (kind == to_string(one)) {
      order.kind = one;
      known = true;
    }
  if (!known)
    throw std::invalid_argument("a session order \"" + kind + "\" is unknown; close, halt and keep are");
  read(object, "at_ms", order.at_ms);
  read(object, "for_ms", order.for_ms);
  nothing_left(object, "a session order");
  return order;
}

json print_windows(const std::vector<fault_window>& windows) {
  json list = json::array();
  for (const auto& window : windows)
    list.push_back({{"at_ms", window.at_ms}, {"for_ms", window.for_ms}});
  return list;
}

fault_profile read_profile(json object) {
  fault_profile p;
  const auto take = [&](const char* name) {
    json value;
    read(object, name, value);
    return value;
  };
  if (const auto value = take("bars"); !value.is_null())
    p.bars = read_messages(value, "bars");
  if (const auto value = take("order_events"); !value.is_null())
    p.order_events = read_messages(value, "order_events");
  if (const auto value = take("requests"); !value.is_null())
    p.requests = read_requests(value);
  for (const auto& one : take("outages"))
    p.outages.push_back(read_outage(one));
  for (auto one : take("clock_steps")) {
    clock_step step;
    read(one, "at_ms", step.at_ms);
    read(one, "by_ms", step.by_ms);
    nothing_left(one, "a clock step");
    p.clock_steps.push_back(step);
  }
  if (const auto value = take("venue"); !value.is_null()) {
    fault_plan plan;
    if (const auto problem = parse_faults(value.dump(), plan); !problem.empty())
      throw std::invalid_argument("venue: " + problem);
    p.venue = std::move(plan.faults);
  }
  for (auto one : take("kills")) {
    actor_kill kill;
    read(one, "at_ms", kill.at_ms);
    read(one, "role", kill.role);
    nothing_left(one, "a kill");
    p.kills.push_back(std::move(kill));
  }
  p.tape_errors = read_windows(take("tape_errors"), "a tape error");
  p.pauses = read_windows(take("pauses"), "a pause");
  p.freezes = read_windows(take("freezes"), "a freeze");
  p.deaths = read_windows(take("deaths"), "a death");
  for (const auto& one : take("session_orders"))
    p.session_orders.push_back(read_session_order(one));
  p.refused_starts = read_windows(take("refused_starts"), "a refused start");
  nothing_left(object, "the profile");
  return p;
}

} // namespace

std::string print_profile(const fault_profile& p) {
  json out = json::object();
  const auto put = [&](const char* name, json value) {
    if (!value.empty())
      out[name] = std::move(value);
  };
  put("bars", print_messages(p.bars));
  put("order_events", print_messages(p.order_events));
  put("requests", print_requests(p.requests));
  json list = json::array();
  for (const auto& o : p.outages)
    list.push_back(
        {{"what", to_string(o.what)}, {"at_ms", o.at_ms}, {"for_ms", o.for_ms}, {"silent", o.silent}});
  put("outages", std::exchange(list, json::array()));
  for (const auto& step : p.clock_steps)
    list.push_back({{"at_ms", step.at_ms}, {"by_ms", step.by_ms}});
  put("clock_steps", std::exchange(list, json::array()));
  put("venue", json::parse(print_faults({p.venue})));
  for (const auto& kill : p.kills)
    list.push_back({{"at_ms", kill.at_ms}, {"role", kill.role}});
  put("kills", std::exchange(list, json::array()));
  put("tape_errors", print_windows(p.tape_errors));
  put("pauses", print_windows(p.pauses));
  put("freezes", print_windows(p.freezes));
  put("deaths", print_windows(p.deaths));
  for (const auto& order : p.session_orders) {
    list.push_back({{"kind", to_string(order.kind)}, {"at_ms", order.at_ms}});
    if (order.for_ms > 0)
      list.back()["for_ms"] = order.for_ms;
  }
  put("session_orders", std::exchange(list, json::array()));
  put("refused_starts", print_windows(p.refused_starts));
  return out.dump(2);
}

std::string parse_profile(std::string_view text, fault_profile& out) {
  try {
    out = read_profile(json::parse(text.begin(), text.end()));
    return {};
  } catch (const std::exception& problem) {
    return problem.what();
  }
}

} // namespace sentio
