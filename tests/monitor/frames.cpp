#define CAF_SUITE uplink_frames

#include "core/monitor/frame.hpp"

#include "core/numeric/random.hpp"
#include "tests/support/test.hpp"

#include <algorithm>
#include <stdexcept>

using namespace sentio;

namespace {

struct sample {
  uplink_kind kind;
  uplink_way way;
  std::string payload;
};

std::vector<sample> samples() {
  return {{uplink_kind::hello, uplink_way::up, R"({"id":"desk-1"})"},
          {uplink_kind::report, uplink_way::up, R"({"type":"event"})"},
          {uplink_kind::snapshot, uplink_way::up, std::string(100'000, 's')},
          {uplink_kind::session, uplink_way::up, std::string("\0\xff text", 7)},
          {uplink_kind::answer, uplink_way::up, "{}"},
          {uplink_kind::beat, uplink_way::up, ""},
          {uplink_kind::beat, uplink_way::down, ""},
          {uplink_kind::command, uplink_way::down, R"({"type":"command"})"},
          {uplink_kind::whole, uplink_way::down, ""},
          {uplink_kind::state, uplink_way::down, R"({"connected":true,"why":""})"}};
}

std::string encoded(const sample& one) {
  return encode_uplink(one.way, one.kind, one.payload);
}

/// What a reader says about bytes that come at once.
std::string complaint(std::string_view bytes, uplink_way way = uplink_way::up) {
  uplink_reader reader(way);
  std::vector<uplink_frame> frames;
  reader.take(bytes, frames);
  return reader.problem();
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST(every kind comes back whatever the pieces are) {
  for (const std::size_t piece : {1u, 3u, 16u, 17u, 1'000u, 1'000'000u})
    for (const auto way : {uplink_way::up, uplink_way::down}) {
      std::string stream;
      std::vector<sample> sent;
      for (const auto& one : samples())
        if (one.way == way) {
          stream += encoded(one);
          sent.push_back(one);
        }
      uplink_reader reader(way);
      std::vector<uplink_frame> got;
      for (std::size_t at = 0; at < stream.size(); at += piece)
        REQUIRE(reader.take(std::string_view(stream).substr(at, piece), got));
      REQUIRE(got.size() == sent.size());
      for (std::size_t i = 0; i < got.size(); ++i) {
        CHECK(got[i].kind == sent[i].kind);
        CHECK(got[i].payload == sent[i].payload);
      }
    }
}

TEST(a kind that goes the other way is refused by writer and reader) {
  std::size_t refused = 0;
  for (const auto& one : samples()) {
    if (one.kind == uplink_kind::beat)
      continue;
    const auto other = one.way == uplink_way::up ? uplink_way::down : uplink_way::up;
    CHECK(holds(complaint(encoded(one), other), "does not come this way"));
    try {
      encode_uplink(other, one.kind, "");
    } catch (const std::invalid_argument&) {
      ++refused;
    }
  }
  CHECK_EQUAL(refused, 8u);
}

TEST(the longest payload passes and a longer one is refused before it arrives) {
  for (const auto way : {uplink_way::up, uplink_way::down}) {
    const auto kind = way == uplink_way::up ? uplink_kind::report : uplink_kind::command;
    const std::size_t most = longest_uplink_payload(way);
    std::string good = encode_uplink(way, kind, std::string(most, 'x'));
    CHECK_EQUAL(complaint(good, way), "");
    bool thrown = false;
    try {
      encode_uplink(way, kind, std::string(most + 1, 'x'));
    } catch (const std::invalid_argument&) {
      thrown = true;
    }
    CHECK(thrown);
    // The head alone is enough to know.
    std::string head = good.substr(0, uplink_head_bytes);
    for (const int byte : {0xff, 0xf0}) {
      for (std::size_t i = 8; i < 12; ++i)
        head[i] = static_cast<char>(byte);
      CHECK(holds(complaint(head, way), "bytes; at most"));
    }
  }
}

TEST(each damaged byte of a frame is found) {
  const std::string good = encode_uplink(uplink_way::up, uplink_kind::report, R"({"type":"event","at":1})");
  std::size_t waits = 0;
  for (std::size_t at = 0; at < good.size(); ++at)
    for (const int change : {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
      std::string bytes = good;
      bytes[at] = static_cast<char>(bytes[at] ^ change);
      uplink_reader reader(uplink_way::up);
      std::vector<uplink_frame> frames;
      const bool taken = reader.take(bytes, frames);
      CHECK(frames.empty());
      // A greater length only waits for more; with the next frame it is found.
      if (taken) {
        ++waits;
        CHECK(at >= 8 && at < 12);
        reader.take(std::string(longest_uplink_payload(uplink_way::up), 'x'), frames);
      }
      CHECK(frames.empty());
      CHECK(!reader.problem().empty());
    }
  CHECK(waits > 0);
}

TEST(after a malformed frame nothing is taken any more) {
  const std::string good = encode_uplink(uplink_way::up, uplink_kind::report, "first");
  uplink_reader reader(uplink_way::up);
  std::vector<uplink_frame> frames;
  CHECK(!reader.take(good + "this is no frame at all" + good, frames));
  CHECK_EQUAL(frames.size(), 1u); // the one before it
  CHECK(!reader.take(good, frames));
  CHECK_EQUAL(frames.size(), 1u);
  CHECK(holds(reader.problem(), "SUP1"));
}

TEST(10000 random and mutated streams neither crash a reader nor pass a frame that nobody sent) {
  random_source random(7);
  const auto all = samples();
  std::size_t whole = 0, refused = 0, passed = 0;
  for (int round = 0; round < 10'000; ++round) {
    const auto way = random.below(2) == 0 ? uplink_way::up : uplink_way::down;
    std::string stream;
    std::vector<std::string> sent;
    if (round % 4 == 0) {
      const auto size = random.below(300);
      for (std::uint64_t i = 0; i < size; ++i)
        stream += static_cast<char>(random.below(256));
    } else {
      const auto count = 1 + random.below(4);
      for (std::uint64_t i = 0; i < count; ++i) {
        sample one = all[random.below(all.size())];
        one.payload.resize(std::min<std::size_t>(one.payload.size(), random.below(200)));
        sent.push_back(one.payload);
        stream += encoded(one);
      }
      const auto changes = random.below(5);
      for (std::uint64_t i = 0; i < changes && !stream.empty(); ++i)
        stream[random.below(stream.size())] = static_cast<char>(random.below(256));
      if (random.below(3) == 0)
        stream.resize(random.below(stream.size() + 1));
    }
    uplink_reader reader(way);
    std::vector<uplink_frame> frames;
    for (std::string_view rest = stream; !rest.empty();) {
      const auto piece = std::min<std::size_t>(rest.size(), 1 + random.below(64));
      reader.take(rest.substr(0, piece), frames);
      rest.remove_prefix(piece);
    }
    for (const auto& frame : frames) {
      ++passed;
      CHECK(goes(frame.kind, way));
      CHECK(std::find(sent.begin(), sent.end(), frame.payload) != sent.end());
    }
    whole += frames.size() == sent.size() && !sent.empty() ? 1u : 0u;
    refused += reader.problem().empty() ? 0u : 1u;
  }
  CHECK(whole > 300);
  CHECK(refused > 3'000);
  CHECK(passed > 1'000);
}
