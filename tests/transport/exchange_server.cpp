#define CAF_SUITE exchange_server
#include "tests/transport/support.hpp"
#include "tools/sentio-exchange/request_text.hpp"
#include "tools/sentio-exchange/stream_codec.hpp"

#include <fstream>
#include <thread>

using namespace sentio;
using namespace sentio::serving;
using namespace sentio::test;

namespace {

std::string hex_of(const std::string& bytes) {
  std::string out;
  for (const char byte : bytes) {
    char text[3];
    std::snprintf(text, sizeof text, "%02x", static_cast<unsigned>(static_cast<unsigned char>(byte)));
    out += text;
  }
  return out;
}

} // namespace

TEST(msgpack frames are those of the recorded examples) {
  const auto connected = nlohmann::json::parse(R"([{"T":"success","msg":"connected"}])");
  CHECK_EQUAL(hex_of(encode(connected, stream_codec::msgpack)),
              "9182a154a773756363657373a36d7367a9636f6e6e6563746564");
  // Times: 4 bytes for whole seconds, 8 with nanoseconds (from msgpack_frames.json), 12 outside 1970 to 2514.
  const auto time_of = [](const std::string& text) {
    return hex_of(encode({{{"t", text}}}, stream_codec::msgpack)).substr(8);
  };
  const auto whole = time_of("2025-06-03T13:30:00Z");
  CHECK_EQUAL(whole, "d6ff683ef8d8");
  const auto fraction = time_of("2023-04-06T11:54:26.838232225Z");
  CHECK_EQUAL(fraction, "d7ffc7d9a284642eb2f2");
  const auto trimmed = time_of("2023-04-06T11:54:26.8Z");
  CHECK_EQUAL(trimmed, "d7ffbebc2000642eb2f2"); // 800,000,000 << 34 | seconds
  const auto early = time_of("1969-12-31T23:59:59Z");
  CHECK_EQUAL(early, "c70cff00000000ffffffffffffffff");
  for (const char* no_time : {"2025-06-03", "2025-06-03T13:30:00", "2025-06-03T13:30:00.Z", "now"}) {
    const auto decoded = decode(encode({{{"t", no_time}}}, stream_codec::msgpack), stream_codec::msgpack);
    const std::string kept = decoded[0].value("t", "");
    CHECK_EQUAL(kept, no_time);
  }
}

TEST(messages survive both codecs and malformed ones become null) {
  const auto message =
      nlohmann::json::parse(R"({"action":"subscribe","bars":["A","B"],"n":-3,"x":1.5,"y":null})");
  for (const stream_codec codec : {stream_codec::json, stream_codec::msgpack}) {
    CHECK(decode(encode(message, codec), codec) == message);
    CHECK(decode("", codec).is_null());
    CHECK(decode(encode(message, codec) + "\xC1", codec).is_null());
    const std::string whole = encode(message, codec);
    for (std::size_t length = 0; length < whole.size(); ++length)
      CHECK(decode(whole.substr(0, length), codec).is_null());
  }
  CHECK(decode(std::string(100'000, '\x91'), stream_codec::msgpack).is_null());
  CHECK(decode("\xDD\xFF\xFF\xFF\xFF", stream_codec::msgpack).is_null());
  CHECK(decode("\xDB\xFF\xFF\xFF\xFFx", stream_codec::msgpack).is_null());
}

TEST(credentials and queries are decoded) {
  const auto basic = basic_credentials("Basic UEs6czpjcmV0");
  REQUIRE(basic.has_value());
  CHECK_EQUAL(basic->first, "PK");
  CHECK_EQUAL(basic->second, "s:cret");
  CHECK(!basic_credentials("Bearer UEs6cw==").has_value());
  CHECK(!basic_credentials("Basic !!").has_value());
  CHECK_EQUAL(percent_decoded("a%2Cb+c%zz%4", true), "a,b c%zz%4");
  const auto query = parse_query("symbols=A%2CB&&x&y=1=2");
  REQUIRE(query.size() == 3);
  CHECK_EQUAL(query[0].second, "A,B");
  CHECK_EQUAL(query[1].first, "x");
  CHECK_EQUAL(query[2].second, "1=2");
}

TEST(venue time runs at its speed from its start) {
  exchange_server_config config = usual_config();
  config.speed = 600;
  const running_exchange venue(config);
  const time_ms first = venue.server.venue_now();
  std::this_thread::sleep_for(200ms);
  const auto passed = venue.server.venue_now() - first;
  CHECK(passed >= 120'000 && passed < 400'000);
}

TEST(bars come at their minute of venue time) {
  exchange_server_config config = usual_config();
  config.speed = 60; // a minute in a second: a bar later than that is one of the next minute
  const running_exchange venue(config);
  watched_socket socket(venue.stream());
  socket.send(venue.auth());
  REQUIRE(socket.wait_text("authenticated").has_value());
  socket.send(R"({"action":"subscribe","bars":["AAA"]})");
  for (int i = 0; i < 3; ++i) {
    const auto message = socket.wait_text(R"("T":"b")", 3s);
    REQUIRE(message.has_value());
    const time_ms now = venue.server.venue_now();
    const auto parsed = nlohmann::json::parse(message->text, nullptr, false);
    REQUIRE(parsed.is_array());
    const std::string label = parsed[0].value("t", "");
    CHECK_EQUAL(label, "2025-06-03T14:0" + std::to_string(now / minute_ms % 60 - 1) + ":00Z");
  }
}

TEST(faults can be set over HTTP and the state read) {
  running_exchange venue;
  rest_client client(venue.rest());
  rest_request faults;
  faults.method = "POST";
  faults.target = "/faults";
  faults.body = R"([{"kind":"black_hole_upgrade"},{"kind":"rest_429","value":7}])";
  CHECK_EQUAL(client.get(faults).status / 100, 2);
  rest_request account;
  account.target = "/v2/account";
  const rest_response refused = client.get(account);
  CHECK_EQUAL(refused.status, 429);
  ws_config config = venue.stream();
  config.connect_timeout_s = 1;
  watched_socket socket(config);
  CHECK(socket.wait_closed().has_value());
  CHECK_EQUAL(socket.count(ws_event_kind::opened), 0u);
  CHECK(venue.server.state().is_object());
  faults.body = "[{\"kind\":\"nonsense\"}]";
  CHECK_EQUAL(client.get(faults).status / 100, 4);
}

TEST(an exchange started again in its folder is trusted by the clients of the first start) {
  const scratch_folder scratch;
  exchange_server_config config = usual_config();
  config.tls_folder = scratch.path() / "tls";
  const auto trusted = scratch.path() / "trusted.pem";
  {
    const running_exchange first(config);
    std::filesystem::copy_file(first.server.ca_file(), trusted);
  }
  const running_exchange second(config);
  rest_config client = second.rest();
  client.ca_file = trusted.string();
  rest_request account;
  account.target = "/v2/account";
  CHECK_EQUAL(rest_client(client).get(account).status, 200);
}

TEST(a taken port is told and the certificates lie in the folder) {
  const scratch_folder scratch;
  exchange_server_config config = usual_config();
  config.tls_folder = scratch.path() / "tls";
  exchange_server first(config, small_market());
  first.start();
  CHECK(std::filesystem::exists(scratch.path() / "tls" / "ca.pem"));
  config.port = first.port();
  config.tls_folder = scratch.path() / "other";
  exchange_server second(config, small_market());
  std::string said;
  try {
    second.start();
  } catch (const std::runtime_error& error) {
    said = error.what();
  }
  CHECK(said.find(std::to_string(config.port)) != std::string::npos);
  first.stop();
  first.stop();
}
