#define CAF_SUITE tape_codec

#include "core/tape/codec.hpp"

#include "core/numeric/random.hpp"
#include "tests/support/test.hpp"
#include "tests/tape/samples.hpp"

#include <limits>
#include <set>
#include <stdexcept>

using namespace sentio;

namespace {

std::vector<test::sample_record> all_samples() {
  auto samples = test::sample_records();
  for (auto& record : test::extreme_records())
    samples.push_back(std::move(record));
  return samples;
}

bool refused(record_kind kind, std::string_view bytes) {
  record_payload payload;
  return !decode(kind, bytes, payload);
}

} // namespace

TEST(the samples cover every kind of record) {
  std::set<record_kind> kinds;
  for (const auto& record : test::sample_records())
    kinds.insert(record.kind);
  std::size_t known = 0;
  for (int byte = 0; byte < 256; ++byte)
    known += is_known(static_cast<record_kind>(byte)) ? 1u : 0u;
  CHECK_EQUAL(kinds.size(), known);
  CHECK_EQUAL(known, 23u);
}

TEST(names of kinds are unique and only unknown bytes are called unknown) {
  std::set<std::string_view> names;
  for (int byte = 0; byte < 256; ++byte) {
    const auto kind = static_cast<record_kind>(byte);
    CHECK_EQUAL(to_string(kind) == "unknown", !is_known(kind));
    if (is_known(kind))
      names.insert(to_string(kind));
  }
  CHECK_EQUAL(names.size(), 23u);
}

TEST(only what the fold makes is an output) {
  std::set<record_kind> outputs;
  for (const auto& record : test::sample_records())
    if (is_output(record.kind))
      outputs.insert(record.kind);
  const std::set<record_kind> expected{record_kind::ranked_round, record_kind::decision, record_kind::order,
                                       record_kind::cancel};
  CHECK(outputs == expected);
}

TEST(every payload comes back equal and encodes to the same bytes again) {
  for (const auto& record : all_samples()) {
    const std::string bytes = test::encoded(record.payload);
    record_payload back;
    REQUIRE(decode(record.kind, bytes, back));
    CHECK(back == record.payload);
    CHECK(test::encoded(back) == bytes);
  }
}

TEST(a NaN keeps its bits) {
  bar_record record;
  record.value.open = std::bit_cast<double>(0x7ff8'dead'beef'0001ULL);
  bar_record back;
  REQUIRE(decode(encode(record), back));
  CHECK_EQUAL(std::bit_cast<std::uint64_t>(back.value.open), 0x7ff8'dead'beef'0001ULL);
}

TEST(left over bytes are refused) {
  for (const auto& record : all_samples())
    CHECK(refused(record.kind, test::encoded(record.payload) + '\0'));
}

TEST(every shorter prefix of a payload is refused) {
  for (const auto& record : test::sample_records()) {
    const std::string bytes = test::encoded(record.payload);
    for (std::size_t size = 0; size < bytes.size(); ++size)
      CHECK(refused(record.kind, std::string_view(bytes).substr(0, size)));
  }
}

TEST(whatever decodes encodes to the very bytes it came from) {
  // Changes each byte of each sample to each of several values: either refused, or another value with exactly
  // this encoding. Two encodings of one value would let an altered output pass as equal.
  std::size_t accepted = 0;
  std::size_t turned_down = 0;
  for (const auto& record : test::sample_records()) {
    const std::string good = test::encoded(record.payload);
    for (std::size_t at = 0; at < good.size(); ++at)
      for (const int change : {1, 2, 4, 0x20, 0x80, 0xff}) {
        std::string bytes = good;
        bytes[at] = static_cast<char>(bytes[at] ^ change);
        record_payload payload;
        if (!decode(record.kind, bytes, payload)) {
          ++turned_down;
          continue;
        }
        ++accepted;
        CHECK(test::encoded(payload) == bytes);
      }
  }
  CHECK(accepted > 1000);
  CHECK(turned_down > 1000);
}

TEST(numbers outside their enumeration are refused) {
  phase_record phase;
  phase.phase = static_cast<session_phase>(3);
  byte_writer out;
  out.put(std::uint8_t{3});
  out.put(time_ms{0});
  CHECK(refused(record_kind::phase, out.bytes()));
  out.clear();
  out.put(static_cast<std::uint8_t>(static_cast<int>(command_kind::close_session) + 1));
  out.put_text("operator");
  out.put(time_ms{0});
  CHECK(refused(record_kind::command, out.bytes()));
  std::string order = encode(order_intent{});
  order[4 + 4] = 2; // the side, after an empty id and the symbol
  CHECK(refused(record_kind::order, order));
}

TEST(a flag is 0 or 1) {
  std::string halt = encode(halt_record{3, true});
  halt.back() = 2;
  CHECK(refused(record_kind::halt, halt));
}

TEST(impossible dates are refused both ways) {
  session_hours hours = *session_on({2025, 6, 3});
  std::string bytes = encode(hours);
  bytes[5] = 31; // day 31 of June
  CHECK(refused(record_kind::session, bytes));
  hours.date = {2025, 2, 29};
  bool thrown = false;
  try {
    encode(hours);
  } catch (const std::logic_error&) {
    thrown = true;
  }
  CHECK(thrown);
}

TEST(a ranking may name only symbols of its round and each once) {
  ranked_round round;
  round.symbols.resize(2);
  round.order = {0, 1};
  ranked_round back;
  CHECK(decode(encode(round), back));
  round.order = {0, 2};
  CHECK(!decode(encode(round), back));
  round.order = {1, 1};
  CHECK(!decode(encode(round), back));
}

TEST(a zero that says it is there is refused) {
  ranked_round round;
  round.symbols.resize(1);
  round.symbols[0].signal.open = 1;
  std::string bytes = encode(round);
  // at, missing, entries_allowed, count; mask, label, staleness, two counts, barred; then the open
  const std::size_t open_at = 8 + 4 + 1 + 4 + 4 + 8 + 4 + 3;
  for (std::size_t i = 0; i < 8; ++i)
    bytes[open_at + i] = 0;
  ranked_round back;
  CHECK(!decode(bytes, back));
}

TEST(a ranked round costs little more than the numbers it holds) {
  for (const auto& record : test::sample_records())
    if (record.kind == record_kind::ranked_round)
      CHECK(test::encoded(record.payload).size() < 450);
}

TEST(a wrong count allocates nothing) {
  byte_writer out;
  out.put(time_ms{0});
  out.put(std::numeric_limits<std::uint32_t>::max());
  CHECK(refused(record_kind::cut_off, out.bytes()));
  out.clear();
  out.put(std::numeric_limits<std::uint32_t>::max());
  CHECK(refused(record_kind::venue_snapshot, out.bytes()));
  CHECK(refused(record_kind::data_counts, out.bytes()));
}

TEST(random bytes never crash a decoder) {
  random_source random(20'250'603);
  std::vector<record_kind> kinds;
  for (const auto& record : test::sample_records())
    kinds.push_back(record.kind);
  const auto samples = test::sample_records();
  std::size_t accepted = 0;
  for (int round = 0; round < 100'000; ++round) {
    std::string bytes;
    const auto kind = kinds[random.below(kinds.size())];
    if (round % 2 == 0) {
      const auto size = random.below(200);
      for (std::uint64_t i = 0; i < size; ++i)
        bytes += static_cast<char>(random.below(256));
    } else {
      // A real payload, cut and altered, gets further into the structures.
      bytes = test::encoded(samples[random.below(samples.size())].payload);
      const auto changes = random.below(4);
      for (std::uint64_t i = 0; i < changes && !bytes.empty(); ++i) {
        const auto at = random.below(bytes.size());
        bytes[at] = static_cast<char>(random.below(256));
      }
      if (random.below(4) == 0)
        bytes.resize(random.below(bytes.size() + 1));
    }
    record_payload payload;
    if (!decode(kind, bytes, payload))
      continue;
    ++accepted;
    CHECK(test::encoded(payload) == bytes);
  }
  CHECK(accepted > 0);
}

TEST(a header without warnings is the one of older programs and with them it reads back equal) {
  tape_header header;
  header.run.symbols = {"TQQQ"};
  header.run.sessions = {{2025, 6, 3}};
  const auto plain = encode(header);
  header.run.data_warnings = {"TQQQ: no bar on 2025-06-03", "and another"};
  const auto warned = encode(header);
  CHECK(warned.starts_with(plain));
  record_payload payload;
  REQUIRE(decode(record_kind::header, warned, payload));
  CHECK(std::get<tape_header>(payload) == header);
  REQUIRE(decode(record_kind::header, plain, payload));
  CHECK(std::get<tape_header>(payload).run.data_warnings.empty());
  // An empty list has one encoding: none.
  CHECK(refused(record_kind::header, plain + std::string(4, '\0')));
  for (std::size_t cut = plain.size() + 1; cut < warned.size(); ++cut)
    CHECK(refused(record_kind::header, std::string_view(warned).substr(0, cut)));
}
