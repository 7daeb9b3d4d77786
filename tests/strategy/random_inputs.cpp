#define CAF_SUITE random_inputs
#include "tests/strategy/broken_strategy.hpp"
#include "tests/strategy/support.hpp"
#include "tests/support/test.hpp"

#include <algorithm>
#include <array>

using namespace sentio;
using namespace sentio::test;

namespace {

constexpr std::size_t symbols = 5;
constexpr int minutes = 40;

test::rotation_setup drawn(random_source& random) {
  test::rotation_setup p;
  p.book.max_positions = static_cast<std::uint32_t>(1 + random.below(3));
  p.rotation.minimum_hold_bars = static_cast<std::uint32_t>(random.below(3));
  p.book.cooldown_bars = static_cast<std::uint32_t>(random.below(3));
  p.rotation.correlation_filter = false;
  p.book.entry_cutoff_minutes = static_cast<std::uint32_t>(random.below(5));
  p.book.eod_liquidation = random.below(5) != 0;
  p.book.breaker_drawdown_pct = random.below(2) ? 0.05 : 0;
  p.sizing.kind = static_cast<sizing_kind>(random.below(3));
  p.risk.halt_loss_pct = random.below(2) ? 0.02 : 0;
  p.risk.max_orders_per_round = static_cast<std::uint32_t>(random.below(3));
  p.risk.max_orders_per_round = random.below(3) ? 0 : 3 + p.risk.max_orders_per_round;
  p.risk.max_staleness_minutes = static_cast<std::uint32_t>(random.below(4));
  return p;
}

/// What the seeds reached, to show that the test tests.
struct coverage {
  std::uint64_t orders = 0;
  std::uint64_t fills = 0;
  std::uint64_t contradictions = 0;
  std::uint64_t runaways = 0;
  std::uint64_t losses = 0;
  std::uint64_t rearmed = 0;
  std::uint64_t closed = 0;
  std::uint64_t down_exits = 0;
};

/// One game: every kind of input in any order, against a model of what may never leave.
class game {
public:
  game(std::uint64_t seed, coverage& reached)
      : reached_(reached), random_(seed),
        day_(drawn(random_), funds(symbols), hours_on({2025, 6, 3}), 20'000) {
    play_session(seed);
    if (seed % 4 == 0) {
      day_.hours = hours_on({2025, 6, 4});
      play_session(seed + 1'000'000);
    }
    CHECK(unique(ids_));
  }

private:
  static session_hours hours_on(civil_date date) {
    session_hours hours = session_of(date);
    hours.close = hours.open + minutes * minute_ms;
    hours.liquidation = hours.close - 8 * minute_ms;
    return hours;
  }
  static bool unique(std::vector<std::string> ids) {
    std::sort(ids.begin(), ids.end());
    return std::adjacent_find(ids.begin(), ids.end()) == ids.end();
  }

  void play_session(std::uint64_t seed) {
    random_bars(day_, seed, 0.3, 0.01);
    day_.think = wandering(seed, symbols, 6);
    day_.next_bar.assign(symbols, 0);
    day_.ranks.begin_session();
    day_.book.begin_session(day_.hours);
    session_out_ = 0;
    closing_ = false;
    listen("begin", false);
    for (int m = 1; m <= minutes; ++m) {
      for (std::uint64_t inputs = random_.below(6); inputs > 0; --inputs)
        anything(day_.at(m - 1) + static_cast<time_ms>(random_.below(60'000)));
      if (m == 1)
        day_.book.on_phase(session_phase::open, day_.hours.open);
      if (day_.at(m) == day_.hours.liquidation)
        day_.book.on_phase(session_phase::liquidation, day_.at(m));
      if (random_.below(10) != 0)
        day_.book.on_cut_off(day_.at(m));
      listen("phase", day_.book.halted());
      const bool halted = day_.book.halted();
      const ranked_round round = day_.round_of(m);
      for (symbol_index s = 0; s < symbols; ++s)
        if (round.symbols[s].staleness == 0 && round.symbols[s].signal.label != 0)
          awaits_[s] = false;
      day_.book.on_round(round);
      listen("round", halted);
    }
    day_.book.on_phase(session_phase::close, day_.hours.close);
    listen("close", true);
    for (int i = 0; i < 5; ++i) // words of the venue after the close
      anything(day_.hours.close + 1'000 * (i + 1));
  }

  void anything(time_ms at) {
    const bool halted = day_.book.halted();
    switch (random_.below(12)) {
    case 0:
      command(at);
      return;
    case 1: {
      const auto symbol = static_cast<symbol_index>(random_.below(symbols));
      const bool on = random_.below(2) == 0;
      awaits_[symbol] = awaits_[symbol] || (halted_[symbol] && !on);
      halted_[symbol] = on;
      day_.book.on_halt(symbol, on);
      break;
    }
    case 2: {
      const auto symbol = static_cast<symbol_index>(random_.below(symbols));
      down_[symbol] = random_.below(3) == 0;
      day_.book.on_symbol(symbol, !down_[symbol], at);
      break;
    }
    case 3:
      adjust(at);
      break;
    case 4:
      if (random_.below(4) == 0) {
        const auto next = drawn(random_);
        day_.book.replace(next, next.rules());
      }
      break;
    case 5:
      if (random_.below(8) == 0)
        for (std::uint64_t i = random_.below(40); i > 0; --i)
          portfolio_probe::ask(day_.book, static_cast<symbol_index>(random_.below(symbols)),
                               random_.below(4) ? order_side::buy : order_side::sell,
                               static_cast<std::int64_t>(random_.below(200)), 20 + random_.uniform() * 40,
                               at);
      portfolio_probe::end_of_input(day_.book, at);
      break;
    default:
      venue_word(at);
    }
    listen("input", halted);
  }

  void command(time_ms at) {
    auto kind = static_cast<command_kind>(random_.below(5));
    if (random_.below(40) == 0)
      kind = command_kind::close_session;
    const bool before = day_.book.halted();
    day_.book.on_command(kind, at);
    if (kind == command_kind::rearm)
      reached_.rearmed += before ? 1u : 0u;
    maintenance_ =
        kind == command_kind::maintenance_on || (maintenance_ && kind != command_kind::maintenance_off);
    CHECK_EQUAL(day_.book.halted(), kind == command_kind::halt || (before && kind != command_kind::rearm));
    closing_ = closing_ || kind == command_kind::close_session;
    reached_.closed += kind == command_kind::close_session ? 1u : 0u;
    CHECK_EQUAL(day_.book.closing(), closing_);
    listen("command", true); // no command buys
  }

  void adjust(time_ms at) {
    venue_event event;
    event.kind = venue_event_kind::adjustment;
    event.at = event.fill.at = at;
    event.client_order_id = event.fill.client_order_id = event.fill.execution_id =
        "adjustment-" + std::to_string(++said_);
    event.fill.symbol = static_cast<symbol_index>(random_.below(symbols));
    event.fill.side = random_.below(2) ? order_side::buy : order_side::sell;
    event.fill.shares = 1 + static_cast<std::int64_t>(random_.below(150));
    event.fill.price = from_dollars(20 + 40 * random_.uniform());
    event.reason = "drawn";
    day_.book.on_venue(event);
  }

  /// A word about any order ever sent: likely, unlikely or impossible.
  void venue_word(time_ms at) {
    if (sent_.empty())
      return;
    const std::size_t latest = std::min<std::size_t>(sent_.size(), 6);
    const order_intent order = random_.below(8) ? sent_[sent_.size() - 1 - random_.below(latest)]
                                                : sent_[random_.below(sent_.size())];
    const std::uint64_t kind = random_.below(10);
    if (kind == 0 && !events_.empty()) {
      day_.book.on_venue(events_[random_.below(events_.size())]); // said before
      return;
    }
    if (kind < 3) {
      static constexpr std::array<venue_event_kind, 4> words{
          venue_event_kind::accepted, venue_event_kind::rejected, venue_event_kind::canceled,
          venue_event_kind::expired};
      hear(says(words[random_.below(4)], order.client_order_id, at, "drawn"));
      return;
    }
    const order_record* open = nullptr;
    for (const order_record* one : day_.book.open_orders())
      if (one->intent.client_order_id == order.client_order_id)
        open = one;
    const std::int64_t remaining = open ? open->remaining() : order.shares;
    const std::int64_t shares =
        random_.below(2)
            ? remaining
            : 1 + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(remaining)));
    const double reference = to_dollars(order.reference_price);
    const double price = random_.below(10) ? reference * (0.99 + 0.02 * random_.uniform())
                                           : reference * (0.5 + random_.uniform());
    execution fill = fill_of(order, ++said_, shares, price, at, 0.02 * random_.uniform(), 0.01);
    if (kind == 3) {
      contradict(fill, remaining, open != nullptr);
      return;
    }
    ++reached_.fills;
    hear(says(fill));
  }

  void hear(const venue_event& event) {
    events_.push_back(event);
    day_.book.on_venue(event);
  }

  void contradict(execution fill, std::int64_t remaining, bool open) {
    switch (random_.below(4)) {
    case 0:
      fill.shares = remaining + 1;
      break;
    case 1:
      fill.side = fill.side == order_side::buy ? order_side::sell : order_side::buy;
      break;
    case 2:
      fill.symbol = (fill.symbol + 1) % static_cast<symbol_index>(symbols);
      break;
    default:
      fill.price = {};
    }
    const auto cash = day_.book.cash();
    const auto before = day_.book.impossible();
    day_.book.on_venue(says(fill));
    // Of an order that is over it is only late, unless it can be true of no order.
    const bool refused = day_.book.impossible() > before;
    CHECK_EQUAL(refused, open || fill.price.micros == 0);
    CHECK(!refused || day_.book.halted());
    CHECK_EQUAL(day_.book.cash(), cash);
    reached_.contradictions += refused ? 1u : 0u;
  }

  void listen(const char* input, bool no_buys) {
    day_.book.check_invariants();
    const portfolio_output out = day_.book.take();
    session_out_ += out.orders.size();
    reached_.orders += out.orders.size();
    CHECK_EQUAL(session_out_, day_.book.gateway().approved());
    for (const order_intent& order : out.orders) {
      sent_.push_back(order);
      ids_.push_back(order.client_order_id);
      if (order.side == order_side::sell)
        continue;
      if (no_buys || closing_ || maintenance_ || halted_[order.symbol] || awaits_[order.symbol] ||
          down_[order.symbol])
        CAF_FAIL(order.client_order_id << " left with input " << input << ", halted " << no_buys
                                       << ", maintenance " << maintenance_);
    }
    for (const decision& line : out.decisions)
      reached_.down_exits += line.reason == "symbol is down" ? 1u : 0u;
    for (const std::string& text : out.alerts) {
      reached_.runaways += text.ends_with("a runaway; everything is sold, and nothing bought until rearmed");
      reached_.losses += text.starts_with("CRITICAL halted: loss");
    }
  }

  coverage& reached_;
  random_source random_;
  trading_day day_;
  std::vector<order_intent> sent_;
  std::vector<venue_event> events_;
  std::vector<std::string> ids_;
  std::array<bool, symbols> halted_{};
  std::array<bool, symbols> awaits_{};
  std::array<bool, symbols> down_{};
  bool maintenance_ = false;
  bool closing_ = false;
  std::uint64_t session_out_ = 0;
  int said_ = 0;
};

} // namespace

TEST(two thousand random sequences of inputs break no identity and no buy leaves while halted) {
  coverage reached;
  for (std::uint64_t seed = 0; seed < 2'000; ++seed) {
    std::string broken;
    try {
      game(seed, reached);
    } catch (const std::exception& error) {
      broken = error.what();
    }
    if (!broken.empty())
      CAF_FAIL("seed " << seed << ": " << broken);
  }
  CAF_MESSAGE(reached.orders << " orders, " << reached.fills << " fills, " << reached.contradictions
                             << " contradictions, " << reached.runaways << " runaways, " << reached.losses
                             << " losses, " << reached.rearmed << " rearmed, " << reached.down_exits
                             << " exits of symbols that are down");
  // The seeds must reach what they are meant to test.
  CHECK(reached.orders > 10'000u);
  CHECK(reached.fills > 10'000u);
  CHECK(reached.contradictions > 500u);
  CHECK(reached.runaways > 50u);
  CHECK(reached.losses > 100u);
  CHECK(reached.rearmed > 500u);
  CHECK(reached.closed > 200u);
  CHECK(reached.down_exits > 500u);
}
