#define CAF_SUITE ws_client
#include "tests/transport/support.hpp"

#include <thread>

using namespace sentio;
using namespace sentio::test;

namespace {

/// After the end nothing more may come.
void check_closed_once(watched_socket& socket) {
  std::this_thread::sleep_for(150ms);
  CHECK_EQUAL(socket.count(ws_event_kind::closed), 1u);
}

bool authenticated(watched_socket& socket, const running_exchange& venue) {
  socket.send(venue.auth());
  return socket.wait_text("authenticated").has_value();
}

} // namespace

TEST(a socket opens and speaks) {
  const running_exchange venue;
  watched_socket socket(venue.stream());
  CHECK(socket.wait_opened().has_value());
  CHECK(socket.wait_text("connected").has_value());
  CHECK(authenticated(socket, venue));
  socket.send(R"({"action":"subscribe","bars":["AAA"]})");
  CHECK(socket.wait_text("subscription").has_value());
  CHECK_EQUAL(socket.count(ws_event_kind::opened), 1u);
  CHECK_EQUAL(socket.count(ws_event_kind::closed), 0u);
}

TEST(what is sent before the socket is open is sent when it is) {
  const running_exchange venue;
  watched_socket socket(venue.stream());
  socket.send(venue.auth());
  CHECK(socket.wait_text("authenticated").has_value());
}

TEST(binary frames of the trading stream are read as text) {
  const running_exchange venue;
  watched_socket socket(venue.stream("/stream"));
  const auto keys = venue.keys();
  socket.send(R"({"action":"authenticate","data":{"key_id":")" + keys[0].second + R"(","secret_key":")" +
              keys[1].second + R"("}})");
  CHECK(socket.wait_text(R"("status":"authorized")").has_value());
  socket.send(R"({"action":"listen","data":{"streams":["trade_updates"]}})");
  CHECK(socket.wait_text("listening").has_value());
}

TEST(messages of 300 kB arrive whole in both directions) {
  const running_exchange venue(usual_config(), 40'000);
  watched_socket socket(venue.stream());
  REQUIRE(authenticated(socket, venue));
  nlohmann::json wish{{"action", "subscribe"}, {"bars", nlohmann::json::array()}};
  const auto market = small_market(40'000);
  for (const std::string& symbol : market->symbols())
    wish["bars"].push_back(symbol);
  const std::string text = wish.dump();
  REQUIRE(text.size() > 300'000);
  socket.send(text);
  const auto answer = socket.wait_text("subscription", 20s);
  REQUIRE(answer.has_value());
  CHECK(answer->text.size() > 300'000);
  const auto parsed = nlohmann::json::parse(answer->text, nullptr, false);
  REQUIRE(parsed.is_array());
  const std::size_t taken = parsed[0]["bars"].size();
  CHECK_EQUAL(taken, wish["bars"].size());
}

TEST(a message over the cap ends the connection) {
  const running_exchange venue(usual_config(), 2'000);
  ws_config config = venue.stream();
  config.message_cap = 5'000;
  watched_socket socket(config);
  REQUIRE(authenticated(socket, venue));
  nlohmann::json wish{{"action", "subscribe"}, {"bars", nlohmann::json::array()}};
  const auto market = small_market(2'000);
  for (const std::string& symbol : market->symbols())
    wish["bars"].push_back(symbol);
  socket.send(wish.dump());
  const auto end = socket.wait_closed();
  REQUIRE(end.has_value());
  CHECK(end->text.find("longer than 5000 bytes") != std::string::npos);
  check_closed_once(socket);
}

TEST(a refused connection closes once) {
  ws_config config;
  {
    const running_exchange venue;
    config = venue.stream();
    config.ca_file.clear();
  }
  watched_socket socket(config);
  const auto end = socket.wait_closed();
  REQUIRE(end.has_value());
  CHECK_EQUAL(end->http_status, 0);
  check_closed_once(socket);
  CHECK_EQUAL(socket.count(ws_event_kind::opened), 0u);
}

TEST(connections that the server cuts off at once close once) {
  running_exchange venue;
  venue.faults(R"([{"kind":"refuse_connect"}])");
  watched_socket socket(venue.stream());
  CHECK(socket.wait_closed().has_value());
  check_closed_once(socket);
}

TEST(a wrong authority and an expired or foreign certificate are refused) {
  running_exchange venue;
  const scratch_folder other;
  ws_config config = venue.stream();
  config.ca_file = make_local_authority(other.path()).ca.string();
  watched_socket strange(config);
  const auto end = strange.wait_closed();
  REQUIRE(end.has_value());
  CHECK_EQUAL(end->http_status, 0);
  check_closed_once(strange);
  for (const char* fault : {"tls_expired", "tls_wrong_host"}) {
    venue.faults(R"([{"kind":")" + std::string(fault) + R"("}])");
    watched_socket socket(venue.stream());
    CHECK(socket.wait_closed().has_value());
    check_closed_once(socket);
    CHECK_EQUAL(socket.count(ws_event_kind::opened), 0u);
  }
}

TEST(a refused upgrade tells its status and Retry - After) {
  running_exchange venue;
  venue.faults(R"([{"kind":"upgrade_429","value":17}])");
  watched_socket socket(venue.stream());
  const auto end = socket.wait_closed();
  REQUIRE(end.has_value());
  CHECK_EQUAL(end->http_status, 429);
  CHECK_EQUAL(end->retry_after_s, 17);
  check_closed_once(socket);
  watched_socket nowhere(venue.stream("/nowhere"));
  const auto missing = nowhere.wait_closed();
  REQUIRE(missing.has_value());
  CHECK_EQUAL(missing->http_status, 404);
}

TEST(an upgrade that is never answered closes after the timeout) {
  running_exchange venue;
  venue.faults(R"([{"kind":"black_hole_upgrade"}])");
  ws_config config = venue.stream();
  config.connect_timeout_s = 1;
  const auto before = steady::now();
  watched_socket socket(config);
  const auto end = socket.wait_closed();
  REQUIRE(end.has_value());
  const double waited = seconds_since(before);
  CHECK(waited > 0.9 && waited < 2.5);
  check_closed_once(socket);
  CHECK_EQUAL(socket.count(ws_event_kind::opened), 0u);
}

TEST(a dropped connection closes once without a code) {
  running_exchange venue;
  watched_socket socket(venue.stream());
  REQUIRE(authenticated(socket, venue));
  venue.faults(R"([{"kind":"data_drop"}])");
  const auto end = socket.wait_closed();
  REQUIRE(end.has_value());
  CHECK_EQUAL(end->close_code, 0);
  check_closed_once(socket);
  socket.send("dropped after the end");
}

TEST(the close code of the server is reported) {
  running_exchange venue;
  watched_socket socket(venue.stream());
  REQUIRE(authenticated(socket, venue));
  venue.faults(R"([{"kind":"close_1011"}])");
  const auto end = socket.wait_closed();
  REQUIRE(end.has_value());
  CHECK_EQUAL(end->close_code, 1011);
  check_closed_once(socket);
}

TEST(the end of the server closes its clients) {
  auto venue = std::make_unique<running_exchange>();
  watched_socket socket(venue->stream());
  REQUIRE(socket.wait_opened().has_value());
  venue.reset();
  CHECK(socket.wait_closed().has_value());
  check_closed_once(socket);
}

TEST(the destructor is quick in every state and leaves no session behind) {
  exchange_server_config limited = usual_config();
  limited.venue.data_connection_limit = 1;
  running_exchange venue(limited);
  {
    watched_socket socket(venue.stream());
    REQUIRE(authenticated(socket, venue));
    const auto before = steady::now();
    socket.destroy();
    CHECK(seconds_since(before) < 1.0);
    CHECK_EQUAL(socket.count(ws_event_kind::closed), 0u); // the owner ended it and needs no event
  }
  {
    watched_socket next(venue.stream()); // only one session is allowed, so the old one must be gone
    CHECK(authenticated(next, venue));
  }
  for (const char* faults : {R"([{"kind":"black_hole_upgrade"}])", "[]", R"([{"kind":"refuse_connect"}])"}) {
    venue.faults(faults);
    for (const auto pause : {0ms, 3ms, 50ms}) {
      watched_socket socket(venue.stream());
      std::this_thread::sleep_for(pause);
      const auto before = steady::now();
      socket.destroy();
      CHECK(seconds_since(before) < 1.0);
    }
  }
}

TEST(the destructor sends what waits before it closes) {
  const running_exchange venue;
  watched_socket listener(venue.stream("/stream"));
  {
    watched_socket socket(venue.stream());
    REQUIRE(socket.wait_opened().has_value());
    for (int i = 0; i < 50; ++i)
      socket.send(R"({"action":"nonsense"})");
    const auto before = steady::now();
    socket.destroy();
    CHECK(seconds_since(before) < 1.0);
  }
  CHECK(listener.wait_opened().has_value());
}

TEST(several threads send at once) {
  const running_exchange venue;
  watched_socket socket(venue.stream());
  REQUIRE(authenticated(socket, venue));
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i)
        socket.send(R"({"action":"subscribe","bars":["AAA"]})");
    });
  for (auto& thread : threads)
    thread.join();
  for (int i = 0; i < 200; ++i)
    REQUIRE(socket.wait_text("subscription").has_value());
  CHECK_EQUAL(socket.count(ws_event_kind::closed), 0u);
}

TEST(handshakes of one thread survive contexts made on others) {
  const running_exchange venue;
  std::vector<std::thread> threads;
  std::atomic<int> opened{0};
  for (int t = 0; t < 6; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 10; ++i) {
        watched_socket socket(venue.stream("/stream"));
        opened += socket.wait_opened().has_value();
      }
    });
  for (auto& thread : threads)
    thread.join();
  CHECK_EQUAL(opened.load(), 60);
}

TEST(addresses and CA files that cannot be used close at once with a reason) {
  for (const char* url :
       {"ws://localhost:1/x", "wss://", "wss://:1/x", "wss://localhost:99999/", "wss://localhost:x"}) {
    ws_config config;
    config.url = url;
    watched_socket socket(config);
    const auto end = socket.wait_closed();
    REQUIRE(end.has_value());
    CHECK(end->text.find("wss://") != std::string::npos);
  }
  ws_config config;
  config.url = "wss://localhost:1/";
  config.ca_file = "/nowhere/ca.pem";
  watched_socket socket(config);
  const auto end = socket.wait_closed();
  REQUIRE(end.has_value());
  CHECK(end->text.find("/nowhere/ca.pem") != std::string::npos);
  ws_config nameless;
  nameless.url = "wss://no-such-host.invalid/";
  watched_socket lost(nameless);
  CHECK(lost.wait_closed().has_value());
  check_closed_once(lost);
}

TEST(a message of megabytes over the cap ends the connection and the client at once) {
  running_exchange venue;
  for (const char* path : {"/v2/iex", "/stream"}) {
    watched_socket socket(venue.stream(path));
    const bool trading = std::string(path) == "/stream";
    if (trading) {
      const auto keys = venue.keys();
      socket.send(R"({"action":"authenticate","data":{"key_id":")" + keys[0].second + R"(","secret_key":")" +
                  keys[1].second + R"("}})");
      socket.send(R"({"action":"listen","data":{"streams":["trade_updates"]}})");
      REQUIRE(socket.wait_text("listening").has_value());
    } else {
      REQUIRE(authenticated(socket, venue));
    }
    const std::string pad(9U << 20, 'x');
    venue.faults(trading ? R"([{"kind":"trade_update_sent","text":{"event":")" + pad + R"("}}])"
                         : R"([{"kind":"data_message_sent","text":[{"T":")" + pad + R"("}]}])");
    const auto end = socket.wait_closed();
    REQUIRE(end.has_value());
    CHECK(end->text.find("longer than 8388608 bytes") != std::string::npos);
    check_closed_once(socket);
    const auto before = steady::now();
    socket.destroy();
    CHECK(seconds_since(before) < 1.0);
  }
}
