#define CAF_SUITE checkpoint
#include "tests/learning/synthetic_bars.hpp"
#include "tests/support/test.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string altered(std::string bytes, std::size_t at) {
  bytes.at(at) = static_cast<char>(bytes.at(at) ^ 1);
  return bytes;
}

// Where the header's fields begin.
constexpr std::size_t version_at = 8;
constexpr std::size_t endianness_at = 12;
constexpr std::size_t features_at = 16;
constexpr std::size_t lanes_at = 20;
constexpr std::size_t parameters_at = 28;

std::size_t feature_hash_at(const learner_parameters& p) {
  return parameters_at + canonical_text(p).size();
}

} // namespace

TEST(a loaded model continues bit for bit from any bar) {
  std::vector<learner_parameters> kinds(3);
  kinds[1] = compact_only();
  kinds[1].mixture = mixture_kind::fixed_share;
  kinds[2].kind = learner_kind::classic;
  kinds[2].confidence = confidence_kind::legacy;
  kinds[2].probability = probability_map::legacy_tanh;
  kinds[2].bollinger.enabled = true;
  synthetic_parameters p;
  p.hole_share = 0.05;
  const auto sessions = synthetic_sessions(p);
  for (const learner_parameters& parameters : kinds) {
    symbol_model original(parameters, best_instruction_set());
    symbol_model restored(parameters, best_instruction_set());
    bool same = true;
    std::size_t bars = 0;
    for (const synthetic_session& session : sessions) {
      original.begin_session(session.hours);
      restored.begin_session(session.hours);
      for (const bar& b : session.bars) {
        same = same && original.update(b) == restored.update(b);
        if (++bars % 97 == 0) { // the copy is thrown away and made again from bytes
          restored = symbol_model(parameters, instruction_set::sse2);
          same = same && restored.load(original.save()).empty();
        }
      }
      original.end_session();
      restored.end_session();
      same = same && original.session_counts().updates == restored.session_counts().updates;
    }
    CHECK(same);
    CHECK(original.save() == restored.save());
    CHECK(bars > 1000u);
  }
}

TEST(every field of the header is compared and named) {
  const learner_parameters parameters = compact_only();
  symbol_model model(parameters, best_instruction_set());
  run(model, synthetic_sessions({}));
  const std::string good = model.save();
  const std::size_t hash_at = feature_hash_at(parameters);
  CHECK_EQUAL(model.load(good), "");
  CHECK(contains(model.load(altered(good, 0)), "no learner checkpoint"));
  CHECK(contains(model.load(altered(good, version_at)), "format version is 0, but 1"));
  CHECK(contains(model.load(altered(good, endianness_at)), "byte order mark"));
  CHECK(contains(model.load(altered(good, features_at)), "features p is 17, but 16"));
  CHECK(contains(model.load(altered(good, lanes_at)), "lanes is 9, but 8"));
  CHECK(contains(model.load(altered(good, parameters_at)), "learner parameter"));
  CHECK(contains(model.load(altered(good, hash_at)), "feature table hash"));
  CHECK(contains(model.load(altered(good, hash_at + 8)), "checksum")); // sample counter
  CHECK(contains(model.load(altered(good, hash_at + 16)), "payload size"));
  CHECK(contains(model.load(altered(good, hash_at + 24)), "checksum"));
  CHECK(contains(model.load(altered(good, good.size() - 1)), "checksum"));
  CHECK(contains(model.load(good.substr(0, good.size() - 1)), "payload size"));
  CHECK(contains(model.load(good + "x"), "payload size"));
  CHECK(contains(model.load(""), "no learner checkpoint"));
  CHECK(model.save() == good); // no refusal changed anything
}

TEST(every single altered byte is refused) {
  learner_parameters parameters = compact_only();
  parameters.experts.pop_back();
  parameters.horizons = {5};
  parameters.horizon_weights = {1};
  symbol_model model(parameters, best_instruction_set());
  const std::string good = model.save();
  bool refused = true;
  for (std::size_t at = 0; at < good.size(); at += at < 1000 ? 1 : 101)
    refused = refused && !model.load(altered(good, at)).empty();
  for (std::size_t size = 0; size < good.size(); size += size < 1000 ? 1 : 101)
    refused = refused && !model.load(good.substr(0, size)).empty();
  CHECK(refused);
}

TEST(a checkpoint of other parameters names the first that differs) {
  symbol_model model(compact_only(), best_instruction_set());
  const std::string bytes = model.save();
  learner_parameters other = compact_only();
  other.experts[1].a2 = 0.9985;
  symbol_model different(other, best_instruction_set());
  const std::string problem = different.load(bytes);
  CHECK(contains(problem, "expert_2_a2 0.999"));
  CHECK(contains(problem, "expert_2_a2 0.9985"));
  symbol_model larger(learner_parameters{}, best_instruction_set());
  CHECK(contains(larger.load(bytes), "features p is 16, but 126"));
}
