#include "core/exchange/rest_faults.hpp"

#include "core/exchange/refusal.hpp"

#include <algorithm>
#include <cmath>

namespace sentio::venue {

namespace {

constexpr std::int64_t never_ms = 24 * 3'600'000; ///< longer than any client waits

bool is_of_route(const std::string& route, const http_request& request) {
  const std::size_t path = std::min(route.find('/'), route.size());
  const std::string method = route.substr(0, std::min(route.find(' '), path));
  return (method.empty() || method == request.method) && request.path.starts_with(route.substr(path));
}

bool is_met(const fault& f, const http_request& request) {
  if (!is_of_route(f.route, request))
    return false;
  return f.match.empty() || request.body.find(f.match) != std::string::npos ||
         std::any_of(request.query.begin(), request.query.end(), [&](const auto& one) {
           return (one.first + "=" + one.second).find(f.match) != std::string::npos;
         });
}

void alter(json& answer, const fault& f) {
  const json patch = json::parse(f.text);
  const auto concerned = [&](const json& row) {
    return row.is_object() && (f.symbol.empty() || row.value("symbol", "") == f.symbol);
  };
  if (answer.is_object())
    answer.merge_patch(patch);
  else if (answer.is_array())
    for (json& row : answer)
      if (concerned(row))
        row.merge_patch(patch);
}

} // namespace

std::optional<http_response> answer_of_fault(fault_board& faults, const http_request& request, time_ms now) {
  const auto met = [&](const fault& f) { return is_met(f, request); };
  const auto met_before = [&](const fault& f) { return f.value.value_or(0) != 1 && is_met(f, request); };
  http_response r;
  if (faults.strike_if(fault_kind::rest_refused, now, met_before)) {
    r.status = 503; // for whoever looks at the value; nothing of it is sent
    r.drop_connection = true;
    return r;
  }
  if (faults.strike_if(fault_kind::rest_unanswered, now, met_before)) {
    r.status = 503;
    r.drop_connection = true;
    r.delay_ms = never_ms;
    return r;
  }
  if (const placed_fault* limited = faults.strike_if(fault_kind::rest_429, now, met)) {
    r = refuse(429, 42910000, "rate limit exceeded.");
    r.headers.emplace_back("Retry-After", std::to_string(std::llround(limited->value())));
    return r;
  }
  if (const placed_fault* other = faults.strike_if(fault_kind::rest_answer, now, met)) {
    r.status = static_cast<int>(std::clamp(other->value(), 100.0, 599.0));
    r.headers = other->what.headers;
    r.body = other->what.text;
    r.delay_ms = std::max<std::int64_t>(0, other->delay());
    return r;
  }
  return std::nullopt;
}

void alter_by_fault(fault_board& faults, const http_request& request, time_ms now, http_response& response) {
  const auto met = [&](const fault& f) { return is_met(f, request); };
  const auto met_after = [&](const fault& f) { return f.value.value_or(0) == 1 && is_met(f, request); };
  if (const placed_fault* slow = faults.strike_if(fault_kind::slow_body, now, met))
    response.delay_ms += slow->delay();
  if (faults.strike_if(fault_kind::rest_unanswered, now, met_after)) {
    response.drop_connection = true;
    response.delay_ms = never_ms;
  }
  if (faults.strike_if(fault_kind::rest_refused, now, met_after))
    response.drop_connection = true;
  if (response.status != 200)
    return;
  const bool is_list = response.body.starts_with('[');
  const auto of_list = [&](const fault& f) { return is_list && is_met(f, request); };
  const placed_fault* more = faults.strike_if(fault_kind::rest_rows, now, of_list);
  const placed_fault* altered = faults.strike_if(fault_kind::rest_altered, now, met);
  if (!more && !altered)
    return;
  json answer = json::parse(response.body, nullptr, false);
  if (more)
    for (json& row : json::parse(more->what.text))
      answer.push_back(row);
  if (altered)
    alter(answer, altered->what);
  response.body = dumped(answer);
}

} // namespace sentio::venue
