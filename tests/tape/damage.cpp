#define CAF_SUITE tape_damage

#include "core/numeric/hash.hpp"
#include "core/tape/reader.hpp"
#include "core/tape/tape_text.hpp"
#include "tests/support/test.hpp"
#include "tests/tape/samples.hpp"

#include <algorithm>
#include <cstring>
#include <fstream>

using namespace sentio;

namespace {

struct reading {
  std::uint64_t records = 0;
  tape_fault fault = tape_fault::none;
  std::string error;
};

reading read_all(const std::filesystem::path& path) {
  tape_reader reader(path);
  tape_record record;
  read_status status = read_status::record;
  reading result;
  while ((status = reader.next(record)) == read_status::record)
    ++result.records;
  result.fault = reader.fault();
  result.error = reader.error();
  if ((status == read_status::end) != (result.fault == tape_fault::none))
    throw std::logic_error("the reader's status contradicts its fault");
  return result;
}

bool names_place(const std::string& error, const std::filesystem::path& path, std::size_t record,
                 std::uint64_t position) {
  const std::string place =
      path.string() + ": record " + std::to_string(record) + " at byte " + std::to_string(position) + ": ";
  return error.compare(0, place.size(), place) == 0;
}

/// A good tape in a scratch folder, and its bytes.
struct small_tape {
  test::scratch_folder folder;
  std::filesystem::path path = folder.path() / "small.tape";
  std::vector<test::sample_record> records = test::sample_records();
  std::string bytes;
  std::vector<std::uint64_t> positions;

  small_tape() {
    write_tape(path, records);
    bytes = test::read_file(path);
    positions = test::frame_positions(path);
  }
  std::size_t record_at(std::uint64_t byte) const {
    const auto after = std::upper_bound(positions.begin(), positions.end(), byte);
    return static_cast<std::size_t>(after - positions.begin()) - 1;
  }
  std::string frame(std::size_t record) const {
    return bytes.substr(positions[record], positions[record + 1] - positions[record]);
  }
  /// Reads with one byte altered in place, and puts it back: thousands of new files would take a minute.
  reading read_with(std::uint64_t byte, char value) const {
    std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
    const auto put = [&](char c) {
      file.seekp(static_cast<std::streamoff>(byte));
      if (!file.put(c).flush())
        throw std::runtime_error("cannot alter " + path.string());
    };
    put(value);
    const reading result = read_all(path);
    put(bytes[byte]);
    return result;
  }
  reading read(std::string_view altered) const {
    test::write_file(path, altered);
    return read_all(path);
  }
};

/// Makes the checksum of a frame right again after an alteration, but not its chain.
void repair_checksum(std::string& frame) {
  const std::size_t end = frame.size() - frame_tail_bytes;
  const std::uint32_t checksum = crc32(std::string_view(frame).substr(0, end));
  std::memcpy(frame.data() + end, &checksum, sizeof checksum);
}

} // namespace

TEST(a whole tape is read to its end) {
  const small_tape tape;
  CHECK_EQUAL(tape.positions.size(), tape.records.size() + 1);
  CHECK_EQUAL(tape.positions.back(), tape.bytes.size());
  CHECK(tape.bytes.size() > 2000);
  tape_reader reader(tape.path);
  tape_record record;
  for (std::size_t i = 0; i < tape.records.size(); ++i) {
    REQUIRE(reader.next(record) == read_status::record);
    CHECK_EQUAL(record.sequence, i);
    CHECK_EQUAL(record.time, static_cast<time_ms>(1000 * i));
    CHECK(record.kind == tape.records[i].kind);
    CHECK(record.payload == test::encoded(tape.records[i].payload));
  }
  CHECK(reader.next(record) == read_status::end);
  CHECK(reader.next(record) == read_status::end);
  CHECK_EQUAL(reader.position(), tape.bytes.size());
}

TEST(every altered byte is refused at its own record) {
  const small_tape tape;
  for (std::size_t at = 0; at < tape.bytes.size(); ++at)
    for (const int change : {0x01, 0x80, 0xff}) {
      const reading result = tape.read_with(at, static_cast<char>(tape.bytes[at] ^ change));
      if (at < tape_start_bytes) {
        CHECK_EQUAL(result.records, 0u);
        CHECK(result.fault == (at < tape_magic.size() ? tape_fault::not_a_tape : tape_fault::wrong_version));
        continue;
      }
      const std::size_t record = tape.record_at(at);
      CHECK_EQUAL(result.records, record);
      CHECK(names_place(result.error, tape.path, record, tape.positions[record]));
      const bool in_length = at - tape.positions[record] < 4;
      const bool in_chain = tape.positions[record + 1] - at <= chain_bytes;
      if (in_chain)
        CHECK(result.fault == tape_fault::chain);
      else if (!in_length)
        CHECK(result.fault == tape_fault::checksum);
      else
        CHECK(result.fault == tape_fault::checksum || result.fault == tape_fault::truncated ||
              result.fault == tape_fault::wrong_length);
    }
}

TEST(every truncation is refused and only the whole tape is accepted) {
  const small_tape tape;
  for (std::size_t size = tape.bytes.size();; --size) {
    std::filesystem::resize_file(tape.path, size);
    const reading result = read_all(tape.path);
    if (size < tape_start_bytes) {
      CHECK(result.fault == tape_fault::not_a_tape);
      if (size == 0)
        break;
      continue;
    }
    const std::size_t record = tape.record_at(size);
    CHECK_EQUAL(result.records, record);
    if (size == tape.bytes.size()) {
      CHECK(result.fault == tape_fault::none);
      continue;
    }
    const bool between = size == tape.positions[record];
    CHECK(result.fault == (between ? tape_fault::missing_end : tape_fault::truncated));
    CHECK(names_place(result.error, tape.path, record, tape.positions[record]));
  }
}

TEST(a removed record is a gap and a repeated one too) {
  const small_tape tape;
  std::string removed = tape.bytes;
  removed.erase(tape.positions[5], tape.positions[6] - tape.positions[5]);
  reading result = tape.read(removed);
  CHECK(result.fault == tape_fault::sequence);
  CHECK_EQUAL(result.records, 5u);
  CHECK(names_place(result.error, tape.path, 5, tape.positions[5]));
  std::string repeated = tape.bytes;
  repeated.insert(tape.positions[6], tape.frame(5));
  result = tape.read(repeated);
  CHECK(result.fault == tape_fault::sequence);
  CHECK_EQUAL(result.records, 6u);
}

TEST(a record exchanged for a valid one of another tape breaks the chain) {
  const small_tape tape;
  auto others = tape.records;
  others[4].payload = feed_state_record{true, "Connected"};
  const auto other_path = tape.folder.path() / "other.tape";
  write_tape(other_path, others);
  const std::string other = test::read_file(other_path);
  REQUIRE(other.size() == tape.bytes.size());
  // Its own chain value is right for the records before it, so the exchange shows at the record after it.
  std::string mixed = tape.bytes;
  const std::size_t size = tape.positions[5] - tape.positions[4];
  mixed.replace(tape.positions[4], size, other, tape.positions[4], size);
  reading result = tape.read(mixed);
  CHECK(result.fault == tape_fault::chain);
  CHECK_EQUAL(result.records, 5u);
  // Whoever repairs the checksum of an altered record is stopped at that record.
  std::string frame = tape.frame(4);
  frame[frame_head_bytes + 6] = 'X';
  repair_checksum(frame);
  mixed = tape.bytes;
  mixed.replace(tape.positions[4], frame.size(), frame);
  result = tape.read(mixed);
  CHECK(result.fault == tape_fault::chain);
  CHECK_EQUAL(result.records, 4u);
}

TEST(flags and unknown kinds are malformed even with a correct checksum) {
  const small_tape tape;
  const std::pair<std::size_t, char> alterations[] = {{4, 19}, {4, 68}, {5, 1}, {6, 1}};
  for (const auto& [offset, value] : alterations) {
    std::string frame = tape.frame(4);
    frame[offset] = value;
    repair_checksum(frame);
    std::string altered = tape.bytes;
    altered.replace(tape.positions[4], frame.size(), frame);
    const reading result = tape.read(altered);
    CHECK(result.fault == tape_fault::malformed);
    CHECK_EQUAL(result.records, 4u);
  }
}

TEST(bytes after the end record are refused) {
  const small_tape tape;
  for (const std::string& more : {std::string("x"), tape.frame(4), std::string(100, '\0')}) {
    const reading result = tape.read(tape.bytes + more);
    CHECK(result.fault == tape_fault::trailing);
    CHECK_EQUAL(result.records, tape.records.size());
    CHECK(names_place(result.error, tape.path, tape.records.size(), tape.positions.back()));
  }
}

TEST(other files are told from tapes) {
  const small_tape tape;
  CHECK(read_all(tape.folder.path() / "absent.tape").fault == tape_fault::unreadable);
  CHECK(read_all(tape.folder.path()).fault == tape_fault::unreadable);
  CHECK(tape.read("").fault == tape_fault::not_a_tape);
  CHECK(tape.read("timestamp,open,high,low,close,volume\n").fault == tape_fault::not_a_tape);
  std::string newer = tape.bytes;
  newer[tape_magic.size()] = 2;
  const reading result = tape.read(newer);
  CHECK(result.fault == tape_fault::wrong_version);
  CHECK_EQUAL(result.error,
              tape.path.string() + ": the tape has format version 2; this program reads version 1");
}

TEST(the good prefix of a torn tape is found) {
  const small_tape tape;
  test::write_file(tape.path, std::string_view(tape.bytes).substr(0, tape.positions[7] + 11));
  const tape_prefix torn = check_prefix(tape.path);
  CHECK(torn.fault == tape_fault::truncated);
  CHECK_EQUAL(torn.records, 7u);
  CHECK_EQUAL(torn.bytes, tape.positions[7]);
  std::filesystem::resize_file(tape.path, torn.bytes);
  const tape_prefix cut = check_prefix(tape.path);
  CHECK(cut.fault == tape_fault::missing_end);
  CHECK_EQUAL(cut.bytes, torn.bytes);
  CHECK(cut.chain == torn.chain);
  test::write_file(tape.path, tape.bytes);
  const tape_prefix whole = check_prefix(tape.path);
  CHECK(whole.fault == tape_fault::none);
  CHECK(whole.error.empty());
  CHECK_EQUAL(whole.bytes, tape.bytes.size());
  CHECK(whole.chain != torn.chain);
}

TEST(a broken chain leaves the prefix at the last good value) {
  const small_tape tape;
  test::write_file(tape.path, std::string_view(tape.bytes).substr(0, tape.positions[7]));
  const tape_prefix cut = check_prefix(tape.path);
  std::string altered = tape.bytes;
  altered[tape.positions[8] - 1] ^= 1;
  test::write_file(tape.path, altered);
  const tape_prefix broken = check_prefix(tape.path);
  CHECK(broken.fault == tape_fault::chain);
  CHECK_EQUAL(broken.bytes, cut.bytes);
  CHECK(broken.chain == cut.chain);
}

TEST(an altered length cannot make the reader ask for memory that the file does not fill) {
  const small_tape tape;
  std::string altered = tape.bytes;
  const std::uint32_t length = max_payload_bytes;
  std::memcpy(altered.data() + tape.positions[3], &length, sizeof length);
  CHECK(tape.read(altered).fault == tape_fault::truncated);
  const std::uint32_t longer = max_payload_bytes + 1;
  std::memcpy(altered.data() + tape.positions[3], &longer, sizeof longer);
  CHECK(tape.read(altered).fault == tape_fault::wrong_length);
}

TEST(records larger than the first buffer come through) {
  const test::scratch_folder folder;
  const auto path = folder.path() / "large.tape";
  std::vector<test::sample_record> records{{record_kind::header, tape_header{}}};
  for (std::size_t i = 0; i < 5; ++i)
    records.push_back({record_kind::learner_state,
                       learner_state_record{static_cast<symbol_index>(i), std::string(i * 700'001, 'c')}});
  records.push_back({record_kind::end, end_record{}});
  write_tape(path, records);
  tape_reader reader(path);
  tape_record record;
  for (const auto& expected : records) {
    REQUIRE(reader.next(record) == read_status::record);
    CHECK(record.payload == test::encoded(expected.payload));
  }
  CHECK(reader.next(record) == read_status::end);
}
