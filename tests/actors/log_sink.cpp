#define CAF_SUITE log_sink
#include "tests/support/test.hpp"

#include "actors/log_sink.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

using namespace sentio;

namespace {

const civil_date day{2025, 6, 3};

std::string content(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::stringstream all;
  all << in.rdbuf();
  return all.str();
}

std::size_t partial_files(const std::filesystem::path& directory) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(directory))
    count += entry.path().extension() == ".partial";
  return count;
}

} // namespace

TEST(a day is visible under its name only when it is closed) {
  const test::scratch_folder scratch;
  const auto sink = make_file_sink(scratch.path());
  sink->open_day(day);
  sink->write(log_kind::trades, "{}\n");
  CHECK(!std::filesystem::exists(scratch.path() / "trades_2025-06-03.jsonl"));
  CHECK_EQUAL(partial_files(scratch.path()), 5u);
  sink->close_day();
  CHECK_EQUAL(content(scratch.path() / "trades_2025-06-03.jsonl"), "{}\n");
  CHECK(std::filesystem::exists(scratch.path() / "session_2025-06-03.log"));
  CHECK_EQUAL(partial_files(scratch.path()), 0u);
}

TEST(a day that is not closed leaves no file) {
  const test::scratch_folder scratch;
  {
    const auto sink = make_file_sink(scratch.path());
    sink->open_day(day);
    sink->write(log_kind::signals, "{\"a\":1}\n");
  }
  CHECK(std::filesystem::is_empty(scratch.path()));
}

TEST(a file that cannot get its name is named and its lines stay) {
  const test::scratch_folder scratch;
  const auto sink = make_file_sink(scratch.path());
  sink->open_day(day);
  sink->write(log_kind::trades, "{}\n");
  const auto name = scratch.path() / "trades_2025-06-03.jsonl";
  std::filesystem::create_directories(name / "taken");
  std::string said;
  try {
    sink->close_day();
  } catch (const std::runtime_error& problem) {
    said = problem.what();
  }
  CHECK(said.find(name.string()) != std::string::npos);
  CHECK_EQUAL(content(name.string() + ".partial"), "{}\n");
}

TEST(a day that is opened anew begins anew and needs no further descriptors) {
  const test::scratch_folder scratch;
  const auto open_now = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  };
  const auto sink = make_file_sink(scratch.path());
  sink->open_day(day);
  sink->write(log_kind::trades, "{\"half\":1}\n");
  const auto before = open_now();
  sink->open_day(day);
  CHECK_EQUAL(open_now(), before);
  sink->write(log_kind::trades, "{}\n");
  sink->close_day();
  CHECK_EQUAL(content(scratch.path() / "trades_2025-06-03.jsonl"), "{}\n");
}

TEST(a folder that cannot be written is named and nothing is left) {
  const test::scratch_folder scratch;
  const auto missing = scratch.path() / "gone";
  const auto sink = make_file_sink(missing);
  std::string said;
  try {
    sink->open_day(day);
  } catch (const std::runtime_error& problem) {
    said = problem.what();
  }
  CHECK(said.find(missing.string()) != std::string::npos);
  CHECK(!std::filesystem::exists(missing));
}

TEST(the hash depends on every byte and on the log it is in) {
  const auto hash_of = [](log_kind kind, const char* text) {
    auto hash = std::make_shared<log_hash>();
    make_hash_sink(hash)->write(kind, text);
    return hash->combined();
  };
  CHECK_EQUAL(hash_of(log_kind::signals, "ab"), hash_of(log_kind::signals, "ab"));
  CHECK(hash_of(log_kind::signals, "ab") != hash_of(log_kind::signals, "ac"));
  CHECK(hash_of(log_kind::signals, "ab") != hash_of(log_kind::trades, "ab"));
}
