// The fold of whatever a venue may say: no sequence of events, however extreme its values, may make a
// portfolio throw, and what the tape holds of them gives the same portfolio again.
#define CAF_SUITE impossible_events
#include "core/account/venue_bounds.hpp"
#include "core/tape/codec.hpp"
#include "tests/strategy/support.hpp"
#include "tests/support/test.hpp"

#include <array>
#include <cmath>
#include <limits>

using namespace sentio;
using namespace sentio::test;

namespace {

constexpr std::size_t symbols = 3;
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

/// Something as it lies on a tape.
struct taped {
  record_kind kind;
  std::string bytes;
};

template <class Payload>
taped on_tape(record_kind kind, const Payload& payload) {
  byte_writer out;
  encode(out, payload);
  return {kind, out.take()};
}

void apply(portfolio& book, const taped& entry) {
  record_payload payload;
  if (!decode(entry.kind, entry.bytes, payload))
    throw std::runtime_error("a record that was written cannot be read");
  std::visit(
      [&]<class Payload>(const Payload& input) {
        if constexpr (std::is_same_v<Payload, session_hours>)
          book.begin_session(input);
        else if constexpr (std::is_same_v<Payload, phase_record>)
          book.on_phase(input.phase, input.at);
        else if constexpr (std::is_same_v<Payload, cut_off_record>)
          book.on_cut_off(input.at);
        else if constexpr (std::is_same_v<Payload, ranked_round>)
          book.on_round(input);
        else if constexpr (std::is_same_v<Payload, venue_event>)
          book.on_venue(input);
        else if constexpr (std::is_same_v<Payload, command_record>)
          book.on_command(input.command, input.at);
      },
      payload);
  book.check_invariants();
}

struct coverage {
  std::uint64_t events = 0;
  std::uint64_t impossible = 0;
  std::uint64_t booked = 0;
  std::uint64_t orders = 0;
  std::uint64_t latched = 0;
};

test::rotation_setup quick_to_trade(random_source& random) {
  test::rotation_setup p;
  p.book.max_positions = static_cast<std::uint32_t>(1 + random.below(3));
  p.rotation.minimum_hold_bars = 0;
  p.book.cooldown_bars = 0;
  p.rotation.correlation_filter = false;
  p.book.entry_cutoff_minutes = 0;
  p.book.eod_liquidation = random.below(4) != 0;
  p.risk.halt_loss_pct = random.below(3) ? 0 : 0.1;
  p.risk.max_gross_exposure = 0;
  return p;
}

/// One short session, told from a seed.
class telling {
public:
  telling(std::uint64_t seed, coverage& reached)
      : reached_(reached), random_(seed), parameters_(quick_to_trade(random_)), hours_(session_of(a_tuesday)),
        ranks_({}, funds(symbols)),
        book_(parameters_, parameters_.rules(), funds(symbols), capital(), "fuzz") {
    ranks_.begin_session();
    tell(on_tape(record_kind::session, hours_));
    tell(on_tape(record_kind::phase, phase_record{session_phase::open, hours_.open}));
    const auto rounds = 1 + static_cast<int>(random_.below(3));
    for (int minute = 1; minute <= rounds; ++minute) {
      round(minute);
      for (auto events = random_.below(6); events > 0; --events)
        event(hours_.open + minute * minute_ms + 1'000);
      if (random_.below(20) == 0)
        tell(on_tape(record_kind::command, command_record{static_cast<command_kind>(random_.below(5)), "fuzz",
                                                          hours_.open + minute * minute_ms + 2'000}));
    }
    if (random_.below(2) == 0)
      tell(on_tape(record_kind::phase, phase_record{session_phase::liquidation, hours_.liquidation}));
    event(hours_.liquidation + 1'000);
    tell(on_tape(record_kind::phase, phase_record{session_phase::close, hours_.close}));
    event(hours_.close + 1'000);
    reached_.impossible += book_.impossible();
    reached_.latched += book_.halted() ? 1u : 0u;
    fold_again();
  }

private:
  static money capital() { return from_dollars(20'000); }

  void tell(taped entry) {
    apply(book_, entry);
    auto output = book_.take();
    for (const auto& order : output.orders)
      sent_.push_back(order);
    reached_.orders += output.orders.size();
    reached_.booked += output.trades.size();
    outputs_.push_back(std::move(output));
    tape_.push_back(std::move(entry));
  }

  /// Entries are likely; a last price is sometimes one that no bar could have.
  void round(int minute) {
    const auto at = hours_.open + minute * minute_ms;
    for (symbol_index s = 0; s < symbols; ++s) {
      const double close = random_.below(40) == 0 ? extreme_price_of_bar() : 20 + 10 * s + random_.uniform();
      auto signal = signal_of(bar_of(at - minute_ms, close, close), 30 * (random_.uniform() - 0.3));
      ranks_.take(s, signal);
    }
    tell(on_tape(record_kind::cut_off, cut_off_record{at, {}}));
    tell(on_tape(record_kind::ranked_round, ranks_.close(at)));
  }

  double extreme_price_of_bar() {
    constexpr std::array<double, 7> prices{1e-9, 1e-6, 1e-4, 1e9, 9e9, 1e300, -5};
    return prices[random_.below(prices.size())];
  }

  money price(money reference) {
    switch (random_.below(12)) {
    case 0:
      return money{static_cast<std::int64_t>(random_.below(200))}; // 0 to 0.0002 dollars
    case 1:
      return from_dollars(9e9);
    case 2: {
      constexpr std::array<std::int64_t, 8> odd{
          least, -1, 0, 1, 1'000'000'000'000'000, 1'000'000'000'000'001, 9'223'372'036'854'775'806, most};
      return money{odd[random_.below(odd.size())]};
    }
    case 3: // any size
      return money{static_cast<std::int64_t>(1ULL << random_.below(63))};
    case 4:
      return reference * static_cast<std::int64_t>(9 + random_.below(3));
    default:
      return reference;
    }
  }

  std::int64_t shares(std::int64_t ordered) {
    switch (random_.below(12)) {
    case 0: {
      constexpr std::array<std::int64_t, 8> odd{least,         -1,       0,   1'000'000, 1'000'000'000,
                                                1'000'000'001, most - 1, most};
      return odd[random_.below(odd.size())];
    }
    case 1:
      return static_cast<std::int64_t>(1ULL << random_.below(63));
    case 2:
      return ordered + 1;
    case 3:
    case 4:
      return 1 + static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>(ordered)));
    default:
      return ordered;
    }
  }

  time_ms time(time_ms usual) {
    constexpr std::array<time_ms, 6> odd{least, -1, 0, 4'000'000'000'000, 253'402'300'799'999, most};
    return random_.below(25) == 0 ? odd[random_.below(odd.size())] : usual;
  }

  money cost(money value) {
    constexpr std::array<std::int64_t, 4> odd{least, -1, 1'000'000'000'000, most};
    return random_.below(30) == 0 ? money{odd[random_.below(odd.size())]}
           : random_.below(2)     ? money{}
                                  : money{value.micros / 1'000};
  }

  void event(time_ms usual) {
    ++reached_.events;
    venue_event said;
    order_intent order; // one that was sent, or of nobody
    order.client_order_id = "nobody";
    order.shares = 100;
    order.reference_price = from_dollars(25);
    order.symbol = static_cast<symbol_index>(random_.below(symbols));
    if (!sent_.empty() && random_.below(8) != 0)
      order = sent_[sent_.size() - 1 - random_.below(std::min<std::size_t>(sent_.size(), 4))];
    said.kind = random_.below(3) ? venue_event_kind::fill : static_cast<venue_event_kind>(random_.below(7));
    said.client_order_id = order.client_order_id;
    said.at = time(usual);
    said.reason = "told";
    auto& fill = said.fill;
    fill.client_order_id = random_.below(50) ? order.client_order_id : "another";
    fill.execution_id = "x" + std::to_string(random_.below(4) ? 1'000 + reached_.events : random_.below(5));
    fill.symbol = random_.below(25) ? order.symbol : static_cast<symbol_index>(random_.below(5) * 13'107);
    fill.side = random_.below(25) ? order.side : static_cast<order_side>(random_.below(2));
    fill.shares = shares(order.shares);
    fill.price = price(order.reference_price);
    fill.spread_cost = cost(order.reference_price);
    fill.fees = cost(order.reference_price);
    fill.at = said.at;
    tell(on_tape(record_kind::venue, said));
  }

  void fold_again() {
    portfolio again(parameters_, parameters_.rules(), funds(symbols), capital(), "fuzz");
    for (std::size_t i = 0; i < tape_.size(); ++i) {
      apply(again, tape_[i]);
      if (!(again.take() == outputs_[i]))
        throw std::runtime_error("record " + std::to_string(i) + " leads to something else the second time");
    }
    if (again.cash() != book_.cash() || again.equity() != book_.equity() ||
        again.halted() != book_.halted() || again.live_orders() != book_.live_orders() ||
        again.impossible() != book_.impossible())
      throw std::runtime_error("the second fold ends elsewhere");
    for (symbol_index s = 0; s < symbols; ++s)
      if (again.shares(s) != book_.shares(s))
        throw std::runtime_error("the second fold holds other shares");
  }

  coverage& reached_;
  random_source random_;
  test::rotation_setup parameters_;
  session_hours hours_;
  ranker ranks_;
  portfolio book_;
  std::vector<taped> tape_;
  std::vector<portfolio_output> outputs_;
  std::vector<order_intent> sent_;
};

} // namespace

TEST(a hundred thousand sequences of extreme events make no fold throw and fold twice alike) {
  coverage reached;
  for (std::uint64_t seed = 0; seed < 100'000; ++seed) {
    std::string broken;
    try {
      telling(seed, reached);
    } catch (const std::exception& error) {
      broken = error.what();
    }
    if (!broken.empty())
      CAF_FAIL("seed " << seed << ": " << broken);
  }
  CAF_MESSAGE(reached.events << " events, " << reached.impossible << " refused, " << reached.booked
                             << " booked, " << reached.orders << " orders, " << reached.latched
                             << " sequences that end HALTED");
  // The seeds must reach what they are meant to test.
  CHECK(reached.events > 500'000u);
  CHECK(reached.impossible > 100'000u);
  CHECK(reached.booked > 50'000u);
  CHECK(reached.orders > 50'000u);
  CHECK(reached.latched > 50'000u);
}

TEST(an impossible event of the gateway halts and sells and is one line of the log) {
  trading_day day({}, funds(2), session_of(a_tuesday), 20'000);
  random_bars(day, 1, 0);
  day.begin();
  venue_event bought;
  bought.kind = venue_event_kind::adjustment;
  bought.client_order_id = bought.fill.client_order_id = bought.fill.execution_id = "adjustment-1";
  bought.at = bought.fill.at = day.at(1);
  bought.fill.shares = 10;
  bought.fill.price = from_dollars(20);
  day.book.on_venue(bought);
  day.forward(day.at(1));
  venue_event word;
  word.kind = venue_event_kind::impossible;
  word.client_order_id = "impossible-1";
  word.at = day.at(1);
  word.reason = "somebody: a price of 9000000000.00 dollars is not between 0.0001 and 1000000000.00";
  day.book.on_venue(word);
  day.forward(day.at(1));
  CHECK(day.book.halted());
  CHECK_EQUAL(day.book.halt_reason(), "the venue said what cannot be true: " + word.reason);
  CHECK_EQUAL(day.book.impossible(), 1u);
  REQUIRE(day.log.orders.size() == 1);
  CHECK(day.log.orders[0].side == order_side::sell);
  CHECK_EQUAL(day.log.orders[0].shares, 10);
}
