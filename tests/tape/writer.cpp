#define CAF_SUITE tape_writer

#include "core/tape/writer.hpp"

#include "core/numeric/random.hpp"
#include "core/tape/reader.hpp"
#include "tests/support/test.hpp"
#include "tests/tape/samples.hpp"

#include <openssl/evp.h>

#include <stdexcept>

using namespace sentio;

namespace {

template <class Error, class Action>
std::string thrown_by(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error.what();
  }
  return {};
}

} // namespace

TEST(a null writer only numbers) {
  tape_writer writer;
  CHECK(!writer.has_file());
  CHECK_EQUAL(writer.append(record_kind::halt, 1, halt_record{}), 0u);
  CHECK_EQUAL(writer.append(record_kind::halt, 2, halt_record{}), 1u);
  CHECK_EQUAL(writer.append(record_kind::halt, 2, std::string_view("anything")), 2u);
  writer.flush();
  writer.sync();
  CHECK_EQUAL(writer.records(), 3u);
  CHECK_EQUAL(writer.bytes(), 0u);
}

TEST(nothing is in the file before a flush and everything after it) {
  const test::scratch_folder folder;
  const auto path = folder.path() / "a.tape";
  tape_writer writer;
  REQUIRE(writer.create(path, false).empty());
  writer.append(record_kind::header, 0, tape_header{});
  CHECK_EQUAL(std::filesystem::file_size(path), 0u);
  writer.flush();
  CHECK_EQUAL(std::filesystem::file_size(path), writer.bytes());
  CHECK_EQUAL(check_prefix(path).records, 1u);
  writer.append(record_kind::end, 0, end_record{});
  writer.close();
  CHECK_EQUAL(std::filesystem::file_size(path), writer.bytes());
  CHECK(check_prefix(path).fault == tape_fault::none);
  CHECK(check_prefix(path).chain == writer.chain());
}

TEST(a writer that waits too long flushes by itself) {
  const test::scratch_folder folder;
  const auto path = folder.path() / "a.tape";
  tape_writer writer;
  REQUIRE(writer.create(path, false).empty());
  const std::string payload(100'000, 'x');
  for (int i = 0; i < 50; ++i)
    writer.append(record_kind::venue_snapshot, i, std::string_view(payload));
  CHECK(std::filesystem::file_size(path) >= tape_writer::buffer_bytes);
}

TEST(an existing file is replaced only when asked and only if it is a tape) {
  const test::scratch_folder folder;
  const auto path = folder.path() / "a.tape";
  write_tape(path, test::sample_records());
  const std::string before = test::read_file(path);
  {
    tape_writer writer;
    CHECK_EQUAL(writer.create(path, false),
                path.string() + ": the file is there already; choose another name, or overwrite it");
    CHECK(!writer.has_file());
  }
  CHECK(test::read_file(path) == before);
  {
    tape_writer writer;
    CHECK(writer.create(path, true).empty());
    writer.append(record_kind::end, 0, end_record{});
    writer.close();
  }
  CHECK(test::read_file(path).size() < before.size());
  const auto notes = folder.path() / "notes.txt";
  test::write_file(notes, "precious");
  tape_writer writer;
  CHECK_EQUAL(writer.create(notes, true),
              notes.string() + ": the file is no tape, and is left as it is; choose another name");
  CHECK_EQUAL(test::read_file(notes), "precious");
}

TEST(a tape that cannot be made says why) {
  const test::scratch_folder folder;
  const auto path = folder.path() / "absent" / "a.tape";
  tape_writer writer;
  CHECK_EQUAL(writer.create(path, false),
              path.string() + ": cannot create the tape: No such file or directory");
}

TEST(a full disk is reported and ends the writer) {
  tape_writer writer;
  REQUIRE(writer.create("/dev/full", true).empty());
  writer.append(record_kind::header, 0, tape_header{});
  const std::string full = thrown_by<tape_error>([&] { writer.flush(); });
  CHECK_EQUAL(full,
              "/dev/full: cannot write the tape: No space left on device; 1 records were taken, and the last "
              "of them may not be in the file");
  CHECK_EQUAL(thrown_by<tape_error>([&] { writer.append(record_kind::halt, 0, halt_record{}); }), full);
  CHECK_EQUAL(thrown_by<tape_error>([&] { writer.flush(); }), full);
  CHECK_EQUAL(thrown_by<tape_error>([&] { writer.close(); }), full);
  CHECK_EQUAL(writer.records(), 1u);
}

TEST(a closed tape and a record that is too long are refused) {
  const test::scratch_folder folder;
  tape_writer writer;
  REQUIRE(writer.create(folder.path() / "a.tape", false).empty());
  const std::string longest(max_payload_bytes + 1, 'x');
  CHECK(!thrown_by<std::logic_error>([&] {
           writer.append(record_kind::venue_snapshot, 0, std::string_view(longest));
         }).empty());
  CHECK_EQUAL(writer.records(), 0u);
  writer.append(record_kind::end, 0, end_record{});
  writer.close();
  writer.close();
  CHECK(!thrown_by<std::logic_error>([&] { writer.append(record_kind::halt, 0, halt_record{}); }).empty());
  CHECK(!thrown_by<std::logic_error>([&] { writer.create(folder.path() / "b.tape", false); }).empty());
}

TEST(a kind is never given the payload of another) {
  const test::scratch_folder folder;
  tape_writer writer;
  REQUIRE(writer.create(folder.path() / "a.tape", false).empty());
  CHECK(!thrown_by<std::logic_error>([&] { writer.append(record_kind::bar, 0, halt_record{}); }).empty());
  CHECK_EQUAL(writer.append(record_kind::bar, 0, bar_record{}), 0u);
  CHECK_EQUAL(writer.append(record_kind::revision, 0, bar_record{}), 1u);
}

TEST(how often a tape is flushed changes no byte of it) {
  const test::scratch_folder folder;
  const auto once = folder.path() / "once.tape";
  write_tape(once, test::sample_records());
  const auto often = folder.path() / "often.tape";
  tape_writer writer;
  REQUIRE(writer.create(often, false).empty());
  time_ms time = 0;
  for (const auto& record : test::sample_records()) {
    std::visit([&](const auto& x) { writer.append(record.kind, time, x); }, record.payload);
    time += 1000;
    writer.sync();
  }
  writer.close();
  CHECK(test::read_file(once) == test::read_file(often));
}

TEST(the chain is SHA 256 over the value before and the frame) {
  const test::scratch_folder folder;
  const auto path = folder.path() / "a.tape";
  write_tape(path, test::sample_records());
  const std::string bytes = test::read_file(path);
  const auto positions = test::frame_positions(path);
  std::string chain = bytes.substr(0, tape_start_bytes);
  for (std::size_t i = 0; i + 1 < positions.size(); ++i) {
    const std::size_t end = positions[i + 1] - chain_bytes;
    const std::string hashed = chain + bytes.substr(positions[i], end - positions[i]);
    unsigned char digest[EVP_MAX_MD_SIZE];
    REQUIRE(EVP_Digest(hashed.data(), hashed.size(), digest, nullptr, EVP_sha256(), nullptr) == 1);
    chain.assign(reinterpret_cast<const char*>(digest), chain_bytes);
    CHECK(bytes.compare(end, chain_bytes, chain) == 0);
  }
}

TEST(random tapes come back record by record) {
  const test::scratch_folder folder;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    random_source random(seed);
    const auto path = folder.path() / (std::to_string(seed) + ".tape");
    std::vector<std::string> payloads;
    const auto samples = test::sample_records();
    tape_writer writer;
    REQUIRE(writer.create(path, false).empty());
    const auto count = random.below(2000);
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto& record = samples[random.below(samples.size() - 1)];
      payloads.push_back(test::encoded(record.payload));
      CHECK_EQUAL(writer.append(record.kind, static_cast<time_ms>(random.next()), payloads.back()), i);
      if (random.below(10) == 0)
        writer.flush();
    }
    writer.append(record_kind::end, 0, end_record{});
    writer.close();
    tape_reader reader(path);
    tape_record record;
    for (std::uint64_t i = 0; i < count; ++i) {
      REQUIRE(reader.next(record) == read_status::record);
      CHECK_EQUAL(record.sequence, i);
      CHECK(record.payload == payloads[i]);
    }
    CHECK(reader.next(record) == read_status::record);
    CHECK(record.kind == record_kind::end);
    CHECK(reader.next(record) == read_status::end);
    CHECK(reader.chain() == writer.chain());
  }
}
