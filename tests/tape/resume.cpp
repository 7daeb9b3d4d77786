#define CAF_SUITE tape_resume

#include "core/tape/reader.hpp"
#include "core/tape/writer.hpp"
#include "tests/support/test.hpp"
#include "tests/tape/samples.hpp"

using namespace sentio;

namespace {

/// Every record but the end, in memory.
tape_memory begun() {
  tape_memory memory;
  tape_writer writer;
  writer.create(memory);
  time_ms at = 0;
  for (const auto& sample : test::sample_records())
    if (sample.kind != record_kind::end)
      writer.append(sample.kind, at += 1'000, test::encoded(sample.payload));
  writer.flush();
  return memory;
}

std::uint64_t records_of(const tape_memory& memory) {
  return check_prefix(memory).records;
}

} // namespace

TEST(a tape that was cut at any byte is gone on with after its last whole record) {
  const auto whole = begun();
  const auto all = records_of(whole);
  std::uint64_t resumed = 0;
  for (std::size_t cut = tape_start_bytes; cut <= whole.bytes.size(); ++cut) {
    tape_memory memory{whole.bytes.substr(0, cut), {}};
    const auto good = check_prefix(memory);
    tape_writer writer;
    REQUIRE(writer.resume(memory, good).empty());
    writer.append(record_kind::halt, 1, halt_record{});
    writer.append(record_kind::end, 2, end_record{});
    writer.close();
    const auto now = check_prefix(memory);
    if (now.fault != tape_fault::none || now.records != good.records + 2 || now.chain != writer.chain())
      CAF_FAIL("cut at byte " << cut << ": " << now.error);
    ++resumed;
  }
  CHECK_EQUAL(resumed, whole.bytes.size() - tape_start_bytes + 1);
  CHECK_EQUAL(all, check_prefix(whole).records);
}

TEST(a tape in a file is cut and gone on with) {
  const test::scratch_folder folder;
  const auto path = folder.path() / "a.tape";
  const auto whole = begun();
  test::write_file(path, std::string_view(whole.bytes).substr(0, whole.bytes.size() - 3));
  const auto good = check_prefix(path);
  CHECK(good.fault == tape_fault::truncated);
  tape_writer writer;
  CAF_REQUIRE_EQUAL(writer.resume(path, good), "");
  writer.append(record_kind::end, 2, end_record{});
  writer.close();
  CHECK(check_prefix(path).fault == tape_fault::none);
  CHECK_EQUAL(check_prefix(path).records, good.records + 1);
}

TEST(a tape has one writer at a time) {
  const test::scratch_folder folder;
  const auto path = folder.path() / "a.tape";
  {
    tape_writer one;
    CAF_REQUIRE_EQUAL(one.create(path, false), "");
    for (const auto& sample : test::sample_records())
      if (sample.kind != record_kind::end)
        one.append(sample.kind, 1'000, test::encoded(sample.payload));
    one.flush();
    const auto size = std::filesystem::file_size(path);
    tape_writer other;
    CHECK(other.create(path, true).find("somebody else writes this tape now") != std::string::npos);
    CHECK(other.resume(path, check_prefix(path)).find("somebody else writes this tape now") !=
          std::string::npos);
    std::filesystem::create_hard_link(path, folder.path() / "b.tape"); // by another name as well
    CHECK(other.create(folder.path() / "b.tape", true).find("somebody else") != std::string::npos);
    CHECK_EQUAL(std::filesystem::file_size(path), size);
  }
  tape_writer next;
  CAF_REQUIRE_EQUAL(next.resume(path, check_prefix(path)), "");
}

TEST(a complete or damaged tape is not gone on with) {
  auto memory = begun();
  {
    tape_writer writer;
    REQUIRE(writer.resume(memory, check_prefix(memory)).empty());
    writer.append(record_kind::end, 2, end_record{});
    writer.close();
  }
  tape_writer complete;
  CHECK(complete.resume(memory, check_prefix(memory)).find("complete") != std::string::npos);
  memory.bytes[memory.bytes.size() / 2] ^= 1;
  tape_writer damaged;
  CHECK(!damaged.resume(memory, check_prefix(memory)).empty());
}

TEST(a disk that takes only a part of a write fails it and keeps the part) {
  auto memory = begun();
  const auto size = memory.bytes.size();
  memory.disk = [](std::string_view) { return std::size_t{5}; };
  tape_writer writer;
  REQUIRE(writer.resume(memory, check_prefix(memory)).empty());
  writer.append(record_kind::halt, 1, halt_record{});
  bool failed = false;
  try {
    writer.flush();
  } catch (const tape_error&) {
    failed = true;
  }
  CHECK(failed);
  CHECK_EQUAL(memory.bytes.size(), size + 5);
  CHECK(check_prefix(memory).fault == tape_fault::truncated);
}
