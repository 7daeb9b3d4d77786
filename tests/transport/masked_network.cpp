#define CAF_SUITE masked_network

#include "actors/transport/masked_network.hpp"

#include "tests/support/test.hpp"

using namespace sentio;

namespace {

struct silent_socket final : ws_port {
  void send(std::string) override {}
};

/// A venue that says one thing on each socket.
struct echoing_network final : venue_network {
  std::string words;
  std::unique_ptr<rest_port> rest(const rest_config&) override { return nullptr; }
  std::unique_ptr<ws_port> socket(const ws_config&, ws_port::sink events) override {
    events({ws_event_kind::message, words, 0, 0, 0});
    events({ws_event_kind::closed, words, 401, 0, 0});
    return std::make_unique<silent_socket>();
  }
};

} // namespace

TEST(a key that a venue echoes on a stream reaches nobody) {
  auto venue = std::make_shared<echoing_network>();
  venue->words = R"([{"T":"error","code":402,"msg":"no account for PKABCDEFGH12 with a-very/secret"}])";
  const auto network = masked_network(venue, {"PKABCDEFGH12", "a-very/secret", ""});
  std::vector<std::string> heard;
  const auto socket = network->socket({}, [&](ws_event event) { heard.push_back(event.text); });
  REQUIRE(heard.size() == 2);
  for (const auto& text : heard)
    CHECK_EQUAL(text, R"([{"T":"error","code":402,"msg":"no account for [key] with [key]"}])");
}
