#define CAF_SUITE operator_commands

#include "core/monitor/certificates.hpp"
#include "core/monitor/command.hpp"
#include "core/monitor/command_gate.hpp"
#include "core/monitor/private_files.hpp"
#include "core/numeric/random.hpp"
#include "tests/support/test.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <set>
#include <stdexcept>
#include <sys/stat.h>

using namespace sentio;
using json = nlohmann::ordered_json;

namespace {

constexpr time_ms now = 1'764'600'000'000;

remote_command sample(std::uint64_t counter = 7) {
  return {"desk-1", counter, now + 30'000, "kill", "TQQQ", "ann"};
}

/// An authority with one instance, the operator's key, and a gate's files.
struct desk {
  test::scratch_folder folder;
  std::filesystem::path made = folder.path() / "certs";
  std::filesystem::path counters = folder.path() / "counters.json";

  desk() {
    authority_plan plan;
    plan.folder = made;
    plan.instances = {"desk-1"};
    make_authority(plan);
  }
  operator_key key() const { return operator_key::load(made / "operator" / "operator.key"); }
  command_gate gate(const std::string& instance = "desk-1") const {
    return command_gate(instance, made / "instance-desk-1" / "operator.pub", counters);
  }
};

std::string refusal_of(command_gate& gate, const std::string& text, time_ms at = now) {
  const auto verdict = gate.judge(text, at);
  if (verdict.accepted)
    return "accepted";
  CHECK(!verdict.why.empty());
  return std::string(to_string(verdict.refusal));
}

/// The text with one field set to another value, the signature kept.
std::string with(const std::string& text, const char* field, const json& value) {
  json object = json::parse(text);
  object[field] = value;
  return object.dump();
}

} // namespace

TEST(a signed command arrives with every field) {
  const desk place;
  auto gate = place.gate();
  const auto verdict = gate.judge(place.key().sign(sample()), now);
  REQUIRE(verdict.accepted.has_value());
  CHECK_EQUAL(verdict.accepted->instance, "desk-1");
  CHECK_EQUAL(verdict.accepted->counter, 7u);
  CHECK_EQUAL(verdict.accepted->expires, now + 30'000);
  CHECK_EQUAL(verdict.accepted->command, "kill");
  CHECK_EQUAL(verdict.accepted->argument, "TQQQ");
  CHECK_EQUAL(verdict.accepted->sender, "ann");
  const auto key = place.key().fingerprint().substr(0, 12);
  CHECK_EQUAL(verdict.key, key);
  CHECK_EQUAL(gate.accepted(), 1u);
}

TEST(the same command again is refused and also after a restart) {
  const desk place;
  const auto text = place.key().sign(sample());
  {
    auto gate = place.gate();
    CHECK_EQUAL(refusal_of(gate, text), "accepted");
    CHECK_EQUAL(refusal_of(gate, text), "replayed");
    CHECK_EQUAL(refusal_of(gate, place.key().sign(sample(6))), "replayed");
    CHECK_EQUAL(gate.refused(command_refusal::replayed), 2u);
  }
  auto gate = place.gate();
  CHECK_EQUAL(refusal_of(gate, text), "replayed");
  CHECK_EQUAL(refusal_of(gate, place.key().sign(sample(8))), "accepted");
  struct stat status {};
  REQUIRE(::stat(place.counters.c_str(), &status) == 0);
  CHECK_EQUAL(status.st_mode & 07777u, 0600u);
}

TEST(a command that was signed before the process began is refused while it lives) {
  const desk place;
  // The counter is the time of signing. Counters were lost: the window alone refuses it.
  const auto signed_at = [&](time_ms when) {
    auto command = sample(static_cast<std::uint64_t>(when));
    command.expires = when + 30'000;
    return place.key().sign(command);
  };
  command_gate gate("desk-1", place.made / "instance-desk-1" / "operator.pub", place.counters, now);
  CHECK_EQUAL(refusal_of(gate, signed_at(now - 8'000), now + 100), "before_start");
  CHECK_EQUAL(gate.refused(command_refusal::before_start), 1u);
  CHECK_EQUAL(refusal_of(gate, signed_at(now + 200), now + 300), "accepted");
  CHECK_EQUAL(refusal_of(gate, signed_at(now + 200), now + 300), "replayed");
  // A clock that was set back does not end the window.
  CHECK_EQUAL(refusal_of(gate, signed_at(now - 20'000), now - 10'000), "replayed");
  std::filesystem::remove(place.counters);
  command_gate anew("desk-1", place.made / "instance-desk-1" / "operator.pub", place.counters, now);
  CHECK_EQUAL(refusal_of(anew, signed_at(now - 20'000), now - 10'000), "before_start");
}

TEST(counters are of each key by itself) {
  const desk one, other;
  std::ofstream(one.made / "both.pub") << std::ifstream(one.made / "operator" / "operator.pub").rdbuf()
                                       << std::ifstream(other.made / "operator" / "operator.pub").rdbuf();
  command_gate gate("desk-1", one.made / "both.pub", one.counters);
  CHECK_EQUAL(refusal_of(gate, one.key().sign(sample(100))), "accepted");
  CHECK_EQUAL(refusal_of(gate, other.key().sign(sample(5))), "accepted");
  CHECK_EQUAL(refusal_of(gate, other.key().sign(sample(5))), "replayed");
}

TEST(a command holds for a minute at most and not after its end) {
  const desk place;
  auto gate = place.gate();
  const auto text = place.key().sign(sample());
  CHECK_EQUAL(refusal_of(gate, text, now + 30'000), "expired");
  CHECK_EQUAL(refusal_of(gate, text, now - 30'001), "expired");
  CHECK_EQUAL(gate.refused(command_refusal::expired), 2u);
  CHECK_EQUAL(refusal_of(gate, text, now - 30'000), "accepted");
}

TEST(a command for another instance is refused) {
  const desk place;
  auto gate = place.gate("desk-2");
  CHECK_EQUAL(refusal_of(gate, place.key().sign(sample())), "foreign_instance");
}

TEST(a command of an unknown key is refused also under the name of a known one) {
  const desk place, stranger;
  auto gate = place.gate();
  const auto foreign = stranger.key().sign(sample());
  CHECK_EQUAL(refusal_of(gate, foreign), "unknown_key");
  CHECK_EQUAL(refusal_of(gate, with(foreign, "key", place.key().fingerprint())), "bad_signature");
  CHECK_EQUAL(gate.accepted(), 0u);
}

TEST(every field is under the signature) {
  const desk place;
  auto gate = place.gate();
  const auto text = place.key().sign(sample());
  CHECK_EQUAL(refusal_of(gate, with(text, "instance", "desk-2")), "bad_signature");
  CHECK_EQUAL(refusal_of(gate, with(text, "counter", 8)), "bad_signature");
  CHECK_EQUAL(refusal_of(gate, with(text, "expires", now + 30'001)), "bad_signature");
  CHECK_EQUAL(refusal_of(gate, with(text, "command", "halt")), "bad_signature");
  CHECK_EQUAL(refusal_of(gate, with(text, "argument", "SQQQ")), "bad_signature");
  CHECK_EQUAL(refusal_of(gate, with(text, "sender", "bob")), "bad_signature");
  CHECK_EQUAL(gate.refused(command_refusal::bad_signature), 6u);
  CHECK_EQUAL(refusal_of(gate, text), "accepted");
}

TEST(letters that move from one field to the next change the signed bytes) {
  remote_command one = sample(), other = sample();
  one.command = "kill";
  one.argument = "lTQQQ";
  other.command = "killl";
  other.argument = "TQQQ";
  CHECK(canonical_bytes(one) != canonical_bytes(other));
}

TEST(no changed byte of a command is accepted unless its values are the same) {
  const desk place;
  const auto text = place.key().sign(sample());
  std::string why;
  const auto original = parse_command(text, why);
  REQUIRE(original.has_value());
  std::set<std::string> seen;
  for (std::size_t at = 0; at < text.size(); ++at)
    for (const int change : {1, 2, 4, 16, 32, 128}) {
      std::string changed = text;
      changed[at] = static_cast<char>(changed[at] ^ change);
      std::filesystem::remove(place.counters);
      auto gate = place.gate();
      const auto refusal = refusal_of(gate, changed);
      seen.insert(refusal);
      CHECK(refusal != "accepted");
    }
  CHECK(seen.count("malformed") == 1);
  CHECK(seen.count("bad_signature") == 1);
  CHECK(seen.count("unknown_key") == 1);
}

TEST(what is no command is malformed) {
  const desk place;
  auto gate = place.gate();
  const auto text = place.key().sign(sample());
  json without = json::parse(text);
  without.erase("sender");
  const std::vector<std::string> bad{
      "",
      "null",
      "[]",
      "{}",
      text.substr(0, text.size() - 1),
      text + " x",
      without.dump(),
      with(text, "more", 1),
      with(text, "type", "halt"),
      with(text, "instance", ""),
      with(text, "instance", std::string(65, 'a')),
      with(text, "instance", "a b"),
      with(text, "counter", 0),
      with(text, "counter", -7),
      with(text, "counter", 7.0),
      with(text, "counter", "7"),
      with(text, "counter", std::uint64_t{1} << 53),
      with(text, "expires", 0),
      with(text, "expires", ~std::uint64_t{0}),
      with(text, "expires", nullptr),
      with(text, "command", ""),
      with(text, "command", "Halt"),
      with(text, "command", "haltandcatchfires"),
      with(text, "argument", std::string(longest_command_argument + 1, 'a')),
      with(text, "argument", std::string("a\x1b[2J")),
      with(text, "argument", std::string("\xc2\x9b")),
      with(text, "argument", std::string("a\xe2\x80\xae")),
      with(text, "sender", std::string("a\xc2\x9b")),
      with(text, "sender", std::string("a\xe2\x80\xae")),
      with(text, "sender", ""),
      with(text, "sender", std::string(65, 'a')),
      with(text, "sender", "a\nb"),
      with(text, "key", "abc"),
      with(text, "signature", ""),
      with(text, "signature", std::string(88, '!')),
      with(text, "signature", std::string(88, 'A')), // not the form that 64 bytes have
      "{\"command\":\"halt\"," + text.substr(1),     // a field twice
      std::string(longest_command_text + 1, ' '),
      std::string(20'000, '['),
  };
  for (const auto& one : bad)
    CHECK_EQUAL(refusal_of(gate, one), "malformed");
  CHECK_EQUAL(gate.refused(command_refusal::malformed), bad.size());
  CHECK_EQUAL(refusal_of(gate, text), "accepted");
}

TEST(10000 mutated texts change nothing) {
  const desk place;
  auto gate = place.gate();
  const auto text = place.key().sign(sample());
  random_source random(3);
  for (int round = 0; round < 10'000; ++round) {
    std::string changed = text;
    const auto changes = 1 + random.below(6);
    for (std::uint64_t i = 0; i < changes; ++i)
      changed[random.below(changed.size())] = static_cast<char>(random.below(256));
    if (random.below(4) == 0)
      changed.resize(random.below(changed.size()));
    if (changed != text)
      CHECK(!gate.judge(changed, now).accepted.has_value());
  }
  CHECK_EQUAL(gate.accepted(), 0u);
  CHECK(!std::filesystem::exists(place.counters));
}

TEST(a command that this version does not know is told apart and not signed) {
  const desk place;
  bool thrown = false;
  auto unknown = sample();
  unknown.command = "dance";
  try {
    place.key().sign(unknown);
  } catch (const std::invalid_argument& error) {
    thrown = std::string(error.what()).find("dance is no command") != std::string::npos;
  }
  CHECK(thrown);
  for (const char* word : {"pause", "resume", "flatten", "halt", "kill", "rearm", "configure"})
    CHECK(is_operator_command(word));
  CHECK(!is_operator_command("dance"));
}

TEST(a command whose counter cannot be written is not accepted) {
  const desk place;
  command_gate gate("desk-1", place.made / "instance-desk-1" / "operator.pub",
                    place.folder.path() / "no such folder" / "counters.json");
  CHECK_EQUAL(refusal_of(gate, place.key().sign(sample())), "unrecorded");
}

TEST(a damaged or open counter file is refused with a sentence) {
  const desk place;
  for (const char* text : {"", "[]", "{\"a\":-1}", "{\"a\":\"1\"}", "{\"a\":1"}) {
    std::filesystem::remove(place.counters);
    write_once(place.counters, text, 0600, false);
    std::string what;
    try {
      place.gate();
    } catch (const file_problem& problem) {
      what = problem.what();
    }
    CHECK(what.find("is damaged") != std::string::npos);
  }
  write_once(place.counters, "{}", 0644, true);
  std::string what;
  try {
    place.gate();
  } catch (const file_problem& problem) {
    what = problem.what();
  }
  CHECK(what.find("0644") != std::string::npos);
}

TEST(key files that others could use or change are refused) {
  const desk place;
  const auto complaint = [](auto load) {
    try {
      load();
    } catch (const file_problem& problem) {
      return std::string(problem.what());
    }
    return std::string("none");
  };
  const auto secret = place.made / "operator" / "operator.key";
  ::chmod(secret.c_str(), 0640);
  CHECK(complaint([&] { operator_key::load(secret); }).find("chmod 600") != std::string::npos);
  ::chmod(secret.c_str(), 0600);
  CHECK_EQUAL(complaint([&] { operator_key::load(secret); }), "none");
  const auto open = place.made / "operator" / "operator.pub";
  CHECK_EQUAL(complaint([&] { operator_public_key::load(open); }), "none");
  ::chmod(open.c_str(), 0664);
  CHECK(complaint([&] { operator_public_key::load(open); }).find("may change it") != std::string::npos);
  // A certificate's key is no operator's key, and half a file is none.
  CHECK(complaint([&] { operator_key::load(place.made / "hub" / "key.pem"); }).find("no Ed25519") !=
        std::string::npos);
  CHECK(complaint([&] { operator_public_key::load(place.made / "hub" / "cert.pem"); }).find("no Ed25519") !=
        std::string::npos);
  write_once(place.made / "half.pub", "-----BEGIN PUBLIC KEY-----\nMCow", 0644, false);
  CHECK(complaint([&] { operator_public_key::load(place.made / "half.pub"); }).find("no public keys") !=
        std::string::npos);
  CHECK(complaint([&] { operator_public_key::load(place.made / "nothing"); }).find("missing") !=
        std::string::npos);
}
