#include "actors/live/route_watch.hpp"

#include <algorithm>

namespace sentio {

namespace {

constexpr std::int64_t idle_probe_ms = 15'000; ///< without a usable answer for so long, one is asked for
constexpr std::int64_t retry_ms = 2'000;       ///< between attempts while something fails

/// The venue has decided something: a refusal is an answer. 429 and 408 decide nothing.
bool is_decided(int status) {
  return status >= 200 && status < 500 && status != 429 && status != 408;
}

bool is_list(const desk_answer& said) {
  return said.status == 200 && said.body.find_first_not_of(" \t\r\n") != said.body.npos &&
         said.body[said.body.find_first_not_of(" \t\r\n")] == '[';
}

std::pair<route_use, std::string> key_of(const desk_request& request) {
  switch (request.action) {
  case desk_action::post:
    return {route_use::send, request.client_order_id};
  case desk_action::look:
    return {route_use::look_up, request.client_order_id};
  case desk_action::list:
    return {route_use::list_orders, {}};
  case desk_action::positions:
    return {route_use::read_positions, {}};
  case desk_action::fills:
  case desk_action::cancel:
  case desk_action::close_all:
  case desk_action::close_one:
    break;
  }
  return {route_use::cancel, request.client_order_id.empty() ? request.venue_id : request.client_order_id};
}

std::string why_of(const desk_answer& said) {
  if (said.status == 0)
    return said.error.empty() ? "no answer" : said.error;
  return "HTTP " + std::to_string(said.status) +
         (said.retry_after_s > 0 ? ", Retry-After " + std::to_string(said.retry_after_s) + " s" : "");
}

bool is_of_order(route_use use) {
  return use == route_use::send || use == route_use::look_up || use == route_use::cancel;
}

} // namespace

const char* to_string(route_use use) {
  static constexpr const char* texts[] = {"orders cannot be sent",        "orders cannot be looked up",
                                          "orders cannot be canceled",    "the list of orders cannot be read",
                                          "the positions cannot be read", "the account cannot be read"};
  return texts[static_cast<std::size_t>(use)];
}

void route_watch::ask(const key& what, std::int64_t real) {
  auto& n = needs_[what];
  if (n.since == 0) {
    n.since = real;
    n.silences_before = silences_ended_;
  }
  n.last = real;
  n.under_way = true;
}

void route_watch::answer(const key& what, bool usable, const desk_answer& said) {
  heard_ = heard_ || usable;
  const auto found = needs_.find(what);
  if (found == needs_.end())
    return;
  if (usable) {
    silences_ended_ += !is_of_order(what.first) && unusable_.contains(what.first) ? 1U : 0U;
    needs_.erase(found);
    return;
  }
  found->second.under_way = false;
  ++found->second.failures;
  found->second.why = why_of(said);
}

void route_watch::asked(const desk_request& request, std::int64_t real) {
  if (request.action !=
      desk_action::fills) // asked for only while positions are in doubt, which is told by itself
    ask(key_of(request), real);
}

void route_watch::answered(const desk_request& request, const desk_answer& said) {
  if (request.action == desk_action::fills)
    return;
  const bool list = request.action == desk_action::list || request.action == desk_action::positions;
  const bool order = request.action == desk_action::post || request.action == desk_action::look;
  // Good news about an order is an order: an empty 200 says nothing.
  const bool usable = list                         ? is_list(said)
                      : order && said.status < 300 ? is_decided(said.status) && said.body.starts_with('{')
                                                   : is_decided(said.status);
  if (usable && list && given_up_in_silence_)
    given_up_at_.reset();
  if (usable && request.action == desk_action::post)
    given_up_at_.reset();
  answer(key_of(request), usable, said);
}

void route_watch::account_asked(std::int64_t real) {
  account_asked_at_ = real;
  ask({route_use::read_account, {}}, real);
}

void route_watch::account_answered(const desk_answer& said, bool readable) {
  // The whole interface was silent when the order was given up, and is not any more.
  if (readable && given_up_in_silence_)
    given_up_at_.reset();
  answer({route_use::read_account, {}}, readable, said);
}

/// One lost answer to a question that is simply asked again is no outage: the second question is to have been
/// without one for a moment as well.
bool route_watch::is_overdue(const key& what, const need& n, std::int64_t real) const {
  const bool asked_in_vain = n.failures > 1 || (n.failures == 1 && n.under_way && real - n.last >= retry_ms);
  return real - n.since >= route_patience_ms && (is_of_order(what.first) || asked_in_vain);
}

bool route_watch::judge(std::int64_t real, const waits& without_word, const waits& open,
                        const waits& given_up) {
  for (auto at = needs_.begin(); at != needs_.end();) {
    const auto& [what, n] = *at;
    const bool moot =
        (what.first == route_use::send && !without_word(what.second)) ||
        (what.first == route_use::look_up && !open(what.second)) ||
        // What was to be closed at the venue, or an order of somebody else: asked again when needed.
        (what.first == route_use::cancel && !open(what.second) && !n.under_way);
    // An order that was sent into a silence that is over says nothing of now.
    if (moot && what.first == route_use::send && given_up(what.second) &&
        n.silences_before == silences_ended_) {
      given_up_at_ = real;
      given_up_why_ = n.why.empty() ? "no answer" : n.why;
      given_up_in_silence_ = std::any_of(needs_.begin(), needs_.end(), [](const auto& one) {
        return !is_of_order(one.first.first) && one.second.failures > 0;
      });
    }
    at = moot ? needs_.erase(at) : std::next(at);
  }
  unusable_.clear();
  for (const auto& [what, n] : needs_)
    if (is_overdue(what, n, real))
      unusable_.emplace(what.first, n.failures > 0
                                        ? n.why
                                        : "no answer for " + std::to_string((real - n.since) / 1'000) + " s");
  if (given_up_at_ && real - *given_up_at_ >= route_trial_ms)
    given_up_at_.reset();
  if (given_up_at_)
    unusable_.emplace(route_use::send, given_up_why_);
  const bool down = !unusable_.empty();
  if (down && !down_) {
    ++outages_;
    down_since_ = real;
  }
  down_ = down;
  return down_;
}

bool route_watch::is_down(route_use use) const {
  return unusable_.contains(use);
}

std::string route_watch::reasons() const {
  std::string text;
  for (const auto& [use, why] : unusable_)
    text += (text.empty() ? "" : "; ") + std::string(to_string(use)) + " (" + why + ")";
  return text;
}

bool route_watch::wants_probe(std::int64_t real) const {
  const auto account = needs_.find({route_use::read_account, {}});
  if (account != needs_.end() && account->second.under_way)
    return false;
  const bool failing =
      std::any_of(needs_.begin(), needs_.end(), [](const auto& one) { return one.second.failures > 0; });
  return real - account_asked_at_ >= (failing || down_ ? retry_ms : idle_probe_ms);
}

bool route_watch::wants_reconciliation(std::int64_t real) const {
  return std::any_of(needs_.begin(), needs_.end(), [&](const auto& one) {
    const bool list =
        one.first.first == route_use::list_orders || one.first.first == route_use::read_positions;
    return list && !one.second.under_way && real - one.second.last >= retry_ms;
  });
}

} // namespace sentio
