#define CAF_SUITE checkpoint_file
#include "tests/support/test.hpp"

#include "core/learning/checkpoint_file.hpp"
#include "core/learning/learner_error.hpp"
#include "core/learning/learner_parameters.hpp"

#include <fstream>

using namespace sentio;

namespace {

checkpoint_file sample() {
  checkpoint_file file;
  file.parameters_fingerprint = fingerprint(learner_parameters{});
  file.warmup = "20 sessions";
  file.last_session = {2025, 6, 2};
  file.models = {{"SQQQ", std::string(300, 'a')}, {"TQQQ", std::string("b\0c", 3)}};
  return file;
}

} // namespace

TEST(a checkpoint file reads back as it was written) {
  checkpoint_file found;
  CHECK_EQUAL(decode(encode(sample()), found), "");
  CHECK(found == sample());
}

TEST(every altered byte and every cut is refused) {
  const std::string good = encode(sample());
  bool refused = true;
  checkpoint_file found;
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bad = good;
    bad[i] = static_cast<char>(bad[i] ^ 0x20);
    refused = refused && !decode(bad, found).empty() && !decode(good.substr(0, i), found).empty();
  }
  CHECK(refused);
  CHECK(found == checkpoint_file{});
  CHECK(decode("PK and something else", found).find("SENTIOCF") != std::string::npos);
}

TEST(symbols must be sorted and come once) {
  checkpoint_file file = sample();
  std::swap(file.models[0], file.models[1]);
  bool thrown = false;
  try {
    encode(file);
  } catch (const learner_error&) {
    thrown = true;
  }
  CHECK(thrown);
}

TEST(a file is replaced whole or not at all) {
  test::scratch_folder folder;
  const auto path = folder.path() / "state.bin";
  CHECK_EQUAL(write_checkpoint(path, sample()), "");
  checkpoint_file second = sample();
  second.warmup = "21 sessions";
  CHECK_EQUAL(write_checkpoint(path, second), "");
  checkpoint_file found;
  CHECK_EQUAL(read_checkpoint(path, found), "");
  CHECK(found == second);
  CHECK(!std::filesystem::exists(folder.path() / "state.bin.part"));
  const auto nowhere = folder.path() / "missing" / "state.bin";
  CHECK(write_checkpoint(nowhere, sample()).find("No such file") != std::string::npos);
  CHECK(read_checkpoint(nowhere, found).find("missing") != std::string::npos);
  CHECK(found == second);
}

TEST(a damaged file names its path and reason) {
  test::scratch_folder folder;
  const auto path = folder.path() / "state.bin";
  std::string bytes = encode(sample());
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] + 1);
  std::ofstream(path, std::ios::binary) << bytes;
  checkpoint_file found;
  const std::string problem = read_checkpoint(path, found);
  CHECK(problem.find(path.string()) != std::string::npos);
  CHECK(problem.find("checksum") != std::string::npos);
}
