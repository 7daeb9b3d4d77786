#define CAF_SUITE recovery

#include "actors/recovery.hpp"

#include "actors/portfolio.hpp"
#include "actors/ranking.hpp"
#include "actors/symbol.hpp"
#include "core/tape/codec.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/mock_actors.hpp"
#include "tests/support/small_market.hpp"

#include <filesystem>

using namespace sentio;

namespace {

/// One traded day as its tape has it, and actors that are born somewhere in the middle of it.
struct fixture : test::actor_fixture {
  mock_setup setup = test::small_setup();
  test::scratch_folder folder;
  resumed_session day;
  std::vector<ranked_round_ptr> rounds;
  std::vector<signal_batch> signals;

  test::tape_ears heard;
  tape_actor tape = test::mock_tape(sys, heard);
  portfolio_actor rounds_taker = test::mock_portfolio(sys, rounds);
  ranking_actor signal_taker = sys.spawn([this]() -> ranking_actor::behavior_type {
    return {
        [](const session_start&) {},
        [this](const signal_batch& batch) { signals.push_back(batch); },
        [](const cut_off&) {},
        [](const round_closed&) {},
        [](const session_end&) {},
        [](summary_atom) {},
        [](status_atom) { return actor_status{}; },
    };
  });

  fixture() {
    test::market_options market;
    market.days = 3;
    setup.tape_file = (folder.path() / "day.tape").string();
    const auto runtime = make_stepwise_engine();
    const auto run = test::run_blocks(*runtime, setup, test::small_market(market));
    CAF_REQUIRE_EQUAL(run.outcome.error, "");
    day = read_session({setup.tape_file, false, nullptr});
  }
  ~fixture() { stop(tape, rounds_taker, signal_taker); }

  history_ptr first(std::size_t entries) const {
    return std::make_shared<const history>(day.past->begin(),
                                           day.past->begin() + static_cast<std::ptrdiff_t>(entries));
  }
  template <class Entry>
  std::vector<Entry> of(std::size_t from, std::size_t to) const {
    std::vector<Entry> found;
    for (auto i = from; i < to; ++i)
      if (const auto* entry = std::get_if<Entry>(&(*day.past)[i]))
        found.push_back(*entry);
    return found;
  }
  /// Hashes of all outputs of the steps, as the tape has them.
  std::vector<std::uint64_t> made() const {
    std::vector<std::uint64_t> hashes;
    for (const auto& step : heard.steps)
      each_output(*step, [&](record_kind kind, time_ms, const auto& payload) {
        hashes.push_back(output_hash(kind, encode(payload)));
      });
    return hashes;
  }
  void feed_portfolio(const portfolio_actor& actor, const history_entry& entry) {
    if (const auto* phase = std::get_if<phase_change>(&entry))
      tell(actor, *phase);
    else if (const auto* minute = std::get_if<cut_off>(&entry))
      tell(actor, *minute);
    else if (const auto* round = std::get_if<ranked_round_ptr>(&entry))
      tell(actor, *round);
    else if (const auto* word = std::get_if<std::shared_ptr<const venue_event>>(&entry))
      tell(actor, **word);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(recovery_tests, fixture)

TEST(a tape gives back the session) {
  CHECK(day.complete);
  REQUIRE(day.hours.has_value());
  CHECK_EQUAL(day.learners.size(), 3u);
  CHECK(day.outputs.size() > 300);
  const auto bars = of<live_bar>(0, day.past->size());
  const auto minutes = of<cut_off>(0, day.past->size());
  const auto decided = of<ranked_round_ptr>(0, day.past->size());
  CHECK(bars.size() > 500);
  CHECK_EQUAL(minutes.size(), static_cast<std::size_t>(day.hours->minutes()));
  CHECK_EQUAL(minutes.size(), decided.size());
}

TEST(a portfolio born anywhere makes the recorded outputs again and goes on with the same ones) {
  const auto size = day.past->size();
  std::uint64_t orders = 0;
  for (std::size_t cut = 1; cut < size; cut += size / 40) {
    heard.steps.clear();
    portfolio_config config{setup.config.portfolio, make_strategy(setup.config), active_instruments(setup.config),
                            from_dollars(setup.config.capital), day.header.session_tag, first(cut)};
    portfolio_actor actor = sys.spawn(portfolio_behavior, config, tape, supervisor);
    run();
    for (auto i = cut; i < size; ++i)
      feed_portfolio(actor, (*day.past)[i]);
    const auto again = made();
    if (again != day.outputs)
      CAF_FAIL("born at entry " << cut << ": " << again.size() << " outputs, on the tape "
                                << day.outputs.size());
    for (const auto& step : heard.steps)
      orders += step->output.orders.size();
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    run();
  }
  CHECK(orders > 100);
  CHECK(failures.empty());
}

TEST(a ranking born anywhere closes the recorded rounds) {
  const auto size = day.past->size();
  for (std::size_t cut = 1; cut < size; cut += size / 40) {
    rounds.clear();
    ranking_config config{setup.config.ranking, make_strategy(setup.config)->thresholds(),
                          active_instruments(setup.config), std::nullopt, first(cut)};
    ranking_actor actor = sys.spawn(ranking_behavior, config, rounds_taker, tape, supervisor);
    run();
    // The symbols say again what was not used: here all that belongs to the rounds to come.
    const auto open = of<ranked_round_ptr>(cut, size);
    for (const auto& round : open)
      for (symbol_index symbol = 0; symbol < round->symbols.size(); ++symbol)
        if (round->symbols[symbol].fresh)
          for (int twice = 0; twice < 2; ++twice)
            tell(actor, signal_batch{symbol, false,
                                     std::make_shared<const std::vector<symbol_signal>>(
                                         1, round->symbols[symbol].signal)});
    for (auto i = cut; i < size; ++i)
      if (const auto* minute = std::get_if<cut_off>(&(*day.past)[i]))
        tell(actor, *minute);
    CAF_REQUIRE_EQUAL(rounds.size(), open.size());
    for (std::size_t i = 0; i < open.size(); ++i)
      if (*rounds[i] != *open[i])
        CAF_FAIL("born at entry " << cut << ": round " << i << " differs");
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    run();
  }
  CHECK(failures.empty());
}

TEST(a symbol born anywhere repeats what no round has used and learns on with the same bits) {
  const auto size = day.past->size();
  const symbol_index symbol = 1;
  const auto checkpoint = std::make_shared<const std::string>(day.learners[symbol]);
  const symbol_config config{symbol, "SQQQ", setup.config.learner, setup.isa, checkpoint, nullptr};
  const auto rest_from = [&](std::size_t cut) {
    signals.clear();
    auto born = config;
    born.past = first(cut);
    symbol_actor actor = sys.spawn(symbol_behavior, born, signal_taker, tape, supervisor);
    run();
    for (auto i = cut; i < size; ++i)
      if (const auto* arrived = std::get_if<live_bar>(&(*day.past)[i]);
          arrived && arrived->symbol == symbol) {
        auto block = std::make_shared<session_block>();
        block->bars.resize(3);
        block->bars[symbol].push_back(arrived->value);
        tell(actor, bar_batch{block, 0, 1});
      }
    caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
    run();
    std::vector<symbol_signal> said;
    for (const auto& batch : signals)
      said.insert(said.end(), batch.signals->begin(), batch.signals->end());
    return said;
  };
  const auto all = rest_from(1);
  REQUIRE(all.size() > 200u);
  for (std::size_t cut = size / 30; cut + size / 30 < size; cut += size / 30) {
    const auto rest = rest_from(cut);
    REQUIRE(!rest.empty());
    CHECK(std::equal(rest.rbegin(), rest.rend(), all.rbegin()));
  }
  CHECK(failures.empty());
}

TEST(a ranking whose record was altered says so and dies) {
  auto altered = std::make_shared<history>(*day.past);
  for (auto& entry : *altered)
    if (auto* round = std::get_if<ranked_round_ptr>(&entry); round && (*round)->order.size() > 1) {
      auto other = std::make_shared<ranked_round>(**round);
      std::swap(other->order[0], other->order[1]);
      *round = other;
      break;
    }
  ranking_config config{setup.config.ranking, make_strategy(setup.config)->thresholds(),
                        active_instruments(setup.config), std::nullopt, altered};
  const ranking_actor actor = sys.spawn(ranking_behavior, config, rounds_taker, tape, supervisor);
  run();
  CAF_REQUIRE_EQUAL(failures.size(), 1u);
  CHECK(failures[0].text.find("does not follow from its signals") != std::string::npos);
}

CAF_TEST_FIXTURE_SCOPE_END()
