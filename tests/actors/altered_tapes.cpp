// Tapes that somebody altered and signed again: their checksums and chain are good, and what lies on them may
// be anything. Each is refused with its file and record, or read; nothing crashes, and nothing waits for
// ever.
#define CAF_SUITE altered_tapes

#include "actors/ranking.hpp"
#include "actors/recovery.hpp"
#include "core/numeric/random.hpp"
#include "core/tape/writer.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/small_market.hpp"
#include "tests/support/test.hpp"

#include <array>
#include <cstring>
#include <fstream>
#include <limits>
#include <map>

using namespace sentio;

namespace {

struct raw_record {
  record_kind kind = record_kind::end;
  time_ms time = 0;
  std::string payload;
};

using raw_tape = std::vector<raw_record>;

/// One traded session of twenty minutes, in full: a header, learners, bars, rounds, orders and fills.
std::vector<session_block_ptr> short_market() {
  test::market_options market;
  market.days = 3;
  market.edge = 0.2;
  auto blocks = test::small_market(market);
  auto day = std::make_shared<session_block>(*blocks.back());
  day->hours.close = day->hours.open + 20 * minute_ms;
  day->hours.liquidation = day->hours.close - 2 * minute_ms;
  for (auto& row : day->bars)
    std::erase_if(row, [&](const bar& b) { return b.label >= day->hours.close; });
  blocks.back() = std::move(day);
  return blocks;
}

raw_tape read_raw(const std::string& file) {
  raw_tape records;
  tape_reader reader{std::filesystem::path(file)};
  tape_record record;
  while (reader.next(record) == read_status::record)
    records.push_back({record.kind, record.time, std::string(record.payload)});
  return records;
}

void write_signed(const std::string& file, const raw_tape& records) {
  tape_memory memory; // a file would be synced each time
  tape_writer writer;
  writer.create(memory);
  for (const auto& one : records)
    writer.append(one.kind, one.time, one.payload);
  writer.close();
  std::ofstream(file, std::ios::binary) << memory.bytes;
}

/// What an attacker, a bug or a failing disk may make of a tape.
class alterations {
public:
  alterations(const raw_tape& original, std::uint64_t seed) : original_(original), random_(seed) {}

  raw_tape next() {
    raw_tape tape = original_;
    const auto times = 1 + random_.below(3);
    for (std::uint64_t i = 0; i < times; ++i)
      alter(tape);
    return tape;
  }

private:
  static constexpr std::array<record_kind, 23> kinds{
      record_kind::header,     record_kind::session,       record_kind::learner_state,
      record_kind::warmup,     record_kind::bar,           record_kind::revision,
      record_kind::phase,      record_kind::cut_off,       record_kind::round_closed,
      record_kind::timer_due,  record_kind::venue,         record_kind::venue_snapshot,
      record_kind::feed_state, record_kind::symbol_state,  record_kind::halt,
      record_kind::command,    record_kind::configuration, record_kind::data_counts,
      record_kind::end,        record_kind::ranked_round,  record_kind::decision,
      record_kind::order,      record_kind::cancel};

  std::size_t any(const raw_tape& tape) { return static_cast<std::size_t>(random_.below(tape.size())); }
  auto at(raw_tape& tape, std::size_t i) { return tape.begin() + static_cast<std::ptrdiff_t>(i); }

  std::int64_t odd_number() {
    constexpr std::array<std::int64_t, 10> odd{0,
                                               1,
                                               -1,
                                               3,
                                               1'000'000'000'000,
                                               std::numeric_limits<std::int64_t>::max(),
                                               std::numeric_limits<std::int64_t>::min(),
                                               std::numeric_limits<std::int32_t>::max(),
                                               253'402'300'799'999,
                                               0x7ff8000000000000}; // a number that is none
    return odd[static_cast<std::size_t>(random_.below(odd.size()))];
  }

  void alter_payload(std::string& payload) {
    if (payload.empty())
      return;
    const auto place = static_cast<std::size_t>(random_.below(payload.size()));
    const auto size = std::min<std::size_t>(payload.size() - place, std::size_t{1} << random_.below(4));
    const auto number = odd_number();
    switch (random_.below(5)) {
    case 0:
      payload[place] = static_cast<char>(random_.below(256));
      break;
    case 1:
      payload[place] = static_cast<char>(payload[place] ^ (1 << random_.below(8)));
      break;
    case 2:
      std::memcpy(payload.data() + place, &number, std::min(size, sizeof number));
      break;
    case 3:
      payload.resize(place);
      break;
    default:
      payload.insert(place, size, static_cast<char>(random_.below(256)));
    }
  }

  void alter(raw_tape& tape) {
    const auto one = any(tape);
    const auto other = any(tape);
    switch (random_.below(10)) {
    case 0:
      tape.erase(at(tape, one));
      if (tape.empty())
        tape = original_;
      break;
    case 1:
      tape.insert(at(tape, other), raw_record(tape[one]));
      break;
    case 2:
      std::swap(tape[one], tape[other]);
      break;
    case 3: { // the header, the learners and the hours are what all rests on
      raw_record moved = tape[random_.below(5)];
      tape.insert(at(tape, one), std::move(moved));
      break;
    }
    case 4:
      tape[one].kind = kinds[static_cast<std::size_t>(random_.below(kinds.size()))];
      break;
    case 5:
      tape[one].time = odd_number();
      break;
    case 6:
      alter_payload(tape[random_.below(std::min<std::size_t>(6, tape.size()))].payload);
      break;
    default:
      alter_payload(tape[one].payload);
    }
  }

  const raw_tape& original_;
  random_source random_;
};

bool names_its_place(const std::string& error, const std::string& file) {
  return error.starts_with(file + ": ") && error.find("record ") != std::string::npos;
}

struct fixture {
  test::scratch_folder folder;
  mock_setup setup = test::small_setup();
  std::string file = (folder.path() / "altered.tape").string();
  raw_tape original;

  fixture() {
    setup.config.portfolio.book.entry_cutoff_minutes = 0;
    setup.tape_file = (folder.path() / "real.tape").string();
    const auto runtime = make_stepwise_engine();
    const auto run = test::run_blocks(*runtime, setup, short_market());
    CAF_REQUIRE_EQUAL(run.outcome.error, "");
    original = read_raw(setup.tape_file);
  }

  /// Why a replay refuses the tape, or what ended it; empty: it was read to its end. `whole`: the graph runs,
  /// too.
  std::string replay(bool whole = true) const {
    run_products products;
    replay_outcome outcome;
    try {
      const auto preamble = read_preamble(file);
      if (!whole)
        return {};
      auto hashed = std::make_shared<log_hash>();
      auto graph = recorded_graph(file, preamble, setup.isa, make_hash_sink(hashed), products);
      const auto runtime = make_stepwise_engine();
      outcome = run_replay(*runtime, std::move(graph));
    } catch (const tape_error& refused) {
      return refused.what();
    }
    return replay_error(file, *products.progress, outcome.error);
  }

  /// The same of a recovery.
  std::string recover() const {
    try {
      const auto session = read_session({file, false, nullptr});
      const auto config = decode_configuration(session.header.config_json, file).value;
      portfolio book(config.portfolio, make_strategy(config), active_instruments(config), session.header.capital,
                     session.header.session_tag);
      fold_session(book, session);
      ranking_state rounds;
      rounds.set_up(
          {config.ranking, make_strategy(config)->thresholds(), active_instruments(config), std::nullopt, nullptr});
      fold_rounds(rounds, session);
    } catch (const std::runtime_error& refused) {
      return refused.what();
    }
    return {};
  }

  std::size_t first(record_kind kind) const {
    const auto found = std::find_if(original.begin(), original.end(),
                                    [kind](const raw_record& one) { return one.kind == kind; });
    return static_cast<std::size_t>(found - original.begin());
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(altered_tape_tests, fixture)

TEST(the tape that is altered below is read whole and holds what a session has) {
  write_signed(file, original);
  CHECK_EQUAL(replay(), "");
  CHECK_EQUAL(recover(), "");
  for (const auto kind : {record_kind::learner_state, record_kind::bar, record_kind::venue,
                          record_kind::ranked_round, record_kind::order, record_kind::end})
    CHECK(first(kind) < original.size());
}

TEST(a header behind its session is refused with its place) {
  auto tape = original;
  const auto session = first(record_kind::session);
  const auto header = tape.front();
  tape.erase(tape.begin());
  tape.insert(tape.begin() + static_cast<std::ptrdiff_t>(session), header);
  write_signed(file, tape);
  CHECK(names_its_place(replay(), file));
  CHECK(replay().find("record 0 ") != std::string::npos);
  CHECK(names_its_place(recover(), file));
}

TEST(a symbol that the header does not name is refused with its place) {
  auto tape = original;
  const auto where = first(record_kind::bar);
  tape[where].payload[0] = 7;
  write_signed(file, tape);
  CHECK(replay().find("record " + std::to_string(where) + " ") != std::string::npos);
  CHECK(replay().find("it names symbol number 7; the header names 3") != std::string::npos);
  CHECK_EQUAL(replay(), recover());
}

/// Fewer where threads are watched, which has nothing to find in what one thread reads.
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
constexpr int tapes = 500;
#else
constexpr int tapes = 10'000;
#endif
#else
constexpr int tapes = 10'000;
#endif

TEST(altered tapes are refused with their place or read) {
  alterations altered(original, 15);
  std::map<std::string, int> strange;
  int refused = 0;
  int read = 0;
  int recovered = 0;
  for (int i = 0; i < tapes; ++i) {
    write_signed(file, altered.next());
    const auto by_recovery = recover();
    recovered += by_recovery.empty();
    if (!by_recovery.empty() && !names_its_place(by_recovery, file))
      ++strange["recovery: " + by_recovery];
    const auto by_replay = replay(i % 40 == 0); // a graph costs ten times what reading does
    read += by_replay.empty();
    refused += !by_replay.empty();
    if (!by_replay.empty() && !names_its_place(by_replay, file))
      ++strange["replay: " + by_replay];
  }
  for (const auto& [error, times] : strange)
    CAF_MESSAGE(times << " times without a place: " << error);
  CHECK(strange.empty());
  CHECK(refused > tapes / 2);
  CHECK(read > tapes / 20);
  CHECK(recovered > tapes / 20);
  CAF_MESSAGE(refused << " refused, " << read << " read, " << recovered << " recovered");
}

CAF_TEST_FIXTURE_SCOPE_END()
