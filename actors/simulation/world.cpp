#include "actors/simulation/world.hpp"

#include "actors/simulation/world_parts.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace sentio {

namespace {

/// Bars that many exchanges share.
class shared_market final : public market_source {
public:
  explicit shared_market(session_market_ptr market) : market_(std::move(market)) {}

  const std::vector<std::string>& symbols() const override { return market_->symbols; }
  std::vector<bar> bars(const std::string& symbol, time_ms from, time_ms to) const override {
    const auto place = std::lower_bound(market_->symbols.begin(), market_->symbols.end(), symbol);
    if (place == market_->symbols.end() || *place != symbol || from >= to)
      return {};
    const auto& all = market_->bars[static_cast<std::size_t>(place - market_->symbols.begin())];
    const auto earlier = [](const bar& b, time_ms at) { return b.label < at; };
    return {std::lower_bound(all.begin(), all.end(), from, earlier),
            std::lower_bound(all.begin(), all.end(), to, earlier)};
  }

private:
  session_market_ptr market_;
};

exchange_config exchange_of(const world_config& config) {
  exchange_config venue;
  venue.key_id = simulated_key;
  venue.secret = simulated_secret;
  venue.cash = config.cash;
  venue.seed = config.seed + 1;
  if (config.still)
    venue.partial_fill_share = venue.revised_bar_share = 0;
  return venue;
}

constexpr time_ms ordinary_latency_ms[] = {5, 60}; ///< one way
constexpr std::chrono::milliseconds refused_after{2};

} // namespace

/// One REST request on its way, and whether its sender still waits.
struct simulated_world::exchange_of_words {
  std::weak_ptr<channel> from;
  rest_request request;
  rest_port::answer callback;
  time_point sent_at;
  bool answered = false;
};

struct simulated_world::channel {
  simulated_world* world;
};

class simulated_world::rest_link final : public rest_port {
public:
  explicit rest_link(simulated_world& world) : channel_(std::make_shared<channel>(channel{&world})) {}
  void send(rest_request request, answer callback) override {
    channel_->world->request(channel_, std::move(request), std::move(callback));
  }

private:
  std::shared_ptr<channel> channel_;
};

simulated_world::simulated_world(simulated_runtime& runtime, world_config config)
    : runtime_(runtime), config_(std::move(config)), random_(config_.seed ^ 0x776f726c64ULL),
      began_(runtime.now()), quiet_at_(config_.market->hours.close - quiet_ms),
      exchange_(exchange_of(config_), std::make_unique<shared_market>(config_.market), config_.start) {
  const auto open = config_.market->hours.open;
  fault_plan plan{config_.faults.venue};
  for (auto& f : plan.faults)
    f.after_ms += open - config_.start;
  exchange_.set_faults(std::move(plan));
  const auto after_open = [&](time_ms wait) { return later(open - config_.start + wait); };
  for (const auto& o : config_.faults.outages)
    at(after_open(o.at_ms), [this, o] { begin_outage(o); });
  for (const auto& step : config_.faults.clock_steps)
    at(after_open(step.at_ms), [this, step] {
      clock_error_ += std::chrono::milliseconds(step.by_ms);
      ++struck_["clock step"];
    });
}

simulated_world::~simulated_world() = default;

std::unique_ptr<rest_port> simulated_world::rest(const rest_config&) {
  return std::make_unique<rest_link>(*this);
}

void simulated_world::at(time_point when, std::function<void()> what) {
  queue_.emplace(std::make_pair(std::max(when, now()), ++queued_), std::move(what));
}

time_ms simulated_world::venue_at(time_point when) const {
  return config_.start + std::chrono::duration_cast<std::chrono::milliseconds>(when - began_).count();
}
time_ms simulated_world::venue_now() const {
  return venue_at(now());
}

simulated_world::time_point simulated_world::machine_now() {
  machine_shown_ = std::max(machine_shown_, now() + clock_error_);
  return machine_shown_;
}

simulated_world::time_point simulated_world::next_event() const {
  time_point next = time_point::max();
  if (!queue_.empty())
    next = queue_.begin()->first.first;
  if (!venue_next_) {
    const auto venue = exchange_.next_time();
    venue_next_ = venue ? began_ + std::chrono::milliseconds(*venue - config_.start) : time_point::max();
  }
  next = std::min(next, *venue_next_);
  return std::max(next, now());
}

void simulated_world::run_due() {
  if (!venue_next_ || *venue_next_ <= now()) {
    venue();
    distribute();
  }
  while (!queue_.empty() && queue_.begin()->first.first <= now()) {
    const auto what = std::move(queue_.begin()->second);
    queue_.erase(queue_.begin());
    what();
  }
}

exchange& simulated_world::venue() {
  venue_next_.reset();
  exchange_.advance(venue_now());
  return exchange_;
}

bool simulated_world::strikes(double rate, const char* name) {
  if (rate <= 0 || quiet() || random_.uniform() >= rate)
    return false;
  ++struck_[name];
  return true;
}

time_ms simulated_world::latency() {
  if (config_.still)
    return 0;
  const auto [low, high] = ordinary_latency_ms;
  return low + static_cast<time_ms>(random_.below(static_cast<std::uint64_t>(high - low)));
}

bool simulated_world::is_out(outage_kind what) const {
  const time_ms passed = venue_now() - config_.market->hours.open;
  return std::any_of(config_.faults.outages.begin(), config_.faults.outages.end(), [&](const outage& o) {
    return (o.what == what || o.what == outage_kind::everything) && passed >= o.at_ms &&
           passed < o.at_ms + o.for_ms;
  });
}

// ---- REST

namespace {

bool is_order(const rest_request& request) {
  return request.method == "POST" && request.target == "/v2/orders";
}

/// An entry may wait for the exit that pays for it until the next cut-off, and a gateway that comes back
/// sends what is not older than a minute. With the clocks' errors that is all.
constexpr time_ms stale_buy_ms = 90'000;

/// When a buy was decided, from its id: "s-TAG-20250603-0931-TQQQ-B-1". Empty for a sale or another id.
std::optional<time_ms> decided_at(const std::string& id, const session_hours& hours) {
  const auto side = id.rfind("-B-");
  const auto day = id.find('-', 2);
  if (side == id.npos || day == id.npos || id.size() < day + 14)
    return std::nullopt;
  const auto number = [&](std::size_t at) { return (id[at] - '0') * 10 + (id[at + 1] - '0'); };
  const int minute = number(day + 10) * 60 + number(day + 12);
  return hours.open + (minute - new_york_minute(hours.open)) * minute_ms;
}

} // namespace

bool simulated_world::sender_survives(const rest_request& request, bool taken) const {
  return !config_.on_order || !is_order(request) || config_.on_order(taken);
}

void simulated_world::watch_orders(const rest_request& request) {
  constexpr std::string_view one_order = "/v2/orders/";
  if (request.method == "DELETE" && request.target.starts_with(one_order))
    canceled_.insert(request.target.substr(one_order.size()));
  if (!is_order(request))
    return;
  const auto body = nlohmann::json::parse(request.body, nullptr, false);
  if (!body.is_object() || !body.contains("client_order_id")) {
    offences_.push_back("an order without an id: " + request.body);
    return;
  }
  const auto [known, is_new] = bodies_.emplace(body["client_order_id"].get<std::string>(), request.body);
  ++posts_[known->first];
  const auto decided = is_new ? decided_at(known->first, config_.market->hours) : std::nullopt;
  if (decided && venue_now() - *decided > stale_buy_ms)
    offences_.push_back("order " + known->first + " buys " + std::to_string((venue_now() - *decided) / 1000) +
                        " s after its minute");
  if (!is_new && known->second != request.body)
    offences_.push_back("order " + known->first + " was posted with two bodies: " + known->second + " and " +
                        request.body);
}

void simulated_world::request(const std::shared_ptr<channel>& from, rest_request request,
                              rest_port::answer callback) {
  ++requests_;
  watch_orders(request);
  if (!sender_survives(request, false))
    return;
  auto words = std::make_shared<exchange_of_words>();
  *words = {from, std::move(request), std::move(callback), machine_now(), false};
  if (is_out(outage_kind::rest)) {
    words->sent_at = {};
    ++struck_["request refused"];
    rest_response none;
    none.error = "could not connect";
    answer(words, std::move(none), now() + refused_after);
    return;
  }
  // Nobody waits for longer; whatever comes later is not heard.
  at(now() + words->request.timeout, [this, words] {
    if (words->answered)
      return;
    rest_response none;
    none.error = "timed out";
    answer(words, std::move(none), now());
  });
  const auto& rates = config_.faults.requests;
  if (strikes(rates.lost, "request lost"))
    return;
  if (strikes(rates.too_many, "429")) {
    rest_response refused;
    refused.status = 429;
    refused.body = R"({"code":42910000,"message":"rate limit exceeded."})";
    refused.headers = {{"retry-after", std::to_string(1 + random_.below(10))}};
    answer(words, std::move(refused), later(2 * latency()));
    return;
  }
  if (strikes(rates.broken_before, "503 before")) {
    rest_response refused;
    refused.status = 503;
    refused.body = "<html><body>503 Service Temporarily Unavailable</body></html>";
    answer(words, std::move(refused), later(2 * latency()));
    return;
  }
  time_ms way = latency();
  if (strikes(rates.slow, "slow request"))
    way += static_cast<time_ms>(random_.below(static_cast<std::uint64_t>(rates.longest_ms) + 1));
  at(later(way), [this, words] { arrive(words); });
}

void simulated_world::arrive(const std::shared_ptr<exchange_of_words>& words) {
  auto said = venue().handle(http_of(words->request));
  const bool heard = sender_survives(words->request, true);
  distribute();
  if (!heard)
    return;
  const auto& rates = config_.faults.requests;
  if (said.drop_connection) {
    ++struck_["answer dropped"];
    rest_response none;
    none.error = "the connection was closed";
    answer(words, std::move(none), later(latency() + said.delay_ms));
    return;
  }
  if (strikes(rates.answer_lost, "answer lost"))
    return;
  rest_response response;
  response.status = said.status;
  response.body = std::move(said.body);
  response.headers = lower_case_headers(said.headers);
  if (said.status < 300 && strikes(rates.broken_after, "500 after")) {
    response.status = 500;
    response.body = R"({"code":50010000,"message":"internal server error occurred"})";
  }
  answer(words, std::move(response), later(latency() + said.delay_ms));
}

void simulated_world::answer(const std::shared_ptr<exchange_of_words>& words, rest_response response,
                             time_point when) {
  auto give = [this, words, response = std::move(response)]() mutable {
    if (words->answered || words->from.expired())
      return;
    words->answered = true;
    response.sent_at = words->sent_at;
    response.received_at = machine_now();
    words->callback(std::move(response));
    words->callback = nullptr;
  };
  if (when <= now())
    give();
  else
    at(when, std::move(give));
}

} // namespace sentio
