#define CAF_SUITE hostile_clients
#include "tests/transport/raw_socket.hpp"
#include "tests/transport/support.hpp"

#include <csignal>
#include <random>
#include <thread>

using namespace sentio;
using namespace sentio::test;

namespace {

/// The server still answers, and soon.
bool is_alive(const running_exchange& venue) {
  rest_request request;
  request.target = "/v2/clock";
  request.timeout = 3s;
  return rest_client(venue.rest()).get(request).status == 200;
}

std::string upgrade_of(const std::string& path, const std::string& more = {}) {
  return "GET " + path +
         " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n" +
         more + "\r\n";
}

/// OpenSSL writes to sockets that the server has closed; that is an error code here, no signal.
struct no_broken_pipe {
  no_broken_pipe() { std::signal(SIGPIPE, SIG_IGN); }
} const no_broken_pipe_signal;

} // namespace

TEST(malformed HTTP never stops the server) {
  const running_exchange venue;
  const std::string long_line(40'000, 'a');
  const std::vector<std::string> requests{
      "\r\n\r\n",
      "GET\r\n\r\n",
      "GET / HTTP/9.9\r\n\r\n",
      "GET /" + long_line + " HTTP/1.1\r\n\r\n",
      "GET / HTTP/1.1\r\n" + long_line + ": x\r\n\r\n",
      "GET / HTTP/1.1\r\nX: " + long_line + "\r\n\r\n",
      "POST /v2/orders HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
      "POST /v2/orders HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n{}",
      "POST /v2/orders HTTP/1.1\r\nContent-Length: 10\r\nContent-Length: 3\r\n\r\n{}",
      "POST /v2/orders HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffff\r\n",
      "POST /v2/orders HTTP/1.1\r\nContent-Length: 4\r\n\r\n{{{{ and more than was said",
      "DELETE /v2/orders/%00%ff%2e%2e/../../x?%=%&=&&=%zz HTTP/1.1\r\n\r\n",
      "GET /../../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
      "OPTIONS * HTTP/1.1\r\n\r\n",
      "CONNECT localhost:1 HTTP/1.1\r\n\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "GET /v2/iex HTTP/1.1\r\nUpgrade: websocket\r\n\r\n",
      "GET /v2/iex HTTP/1.1\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nHTTP2-Settings: AAAA\r\n\r\n",
      "GET /v2/iex HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n\r\n",
      std::string("GET / HTTP/1.1\r\n\0\0\0\r\n\r\n", 23),
  };
  for (const std::string& request : requests) {
    raw_socket socket(venue.server.port());
    REQUIRE(socket.good());
    socket.write(request);
  }
  CHECK(is_alive(venue));
}

TEST(requests in one piece are answered in their order) {
  const running_exchange venue;
  raw_socket socket(venue.server.port());
  REQUIRE(socket.good());
  const std::string keys = "apca-api-key-id: PKLOCALEXCHANGE\r\nAPCA-API-SECRET-KEY: local\r\n";
  socket.write("GET /v2/clock HTTP/1.1\r\nHost: x\r\n" + keys + "\r\n");
  CHECK(socket.read_until("timestamp").starts_with("HTTP/1.1 200"));
  socket.write("GET /v2/nothing HTTP/1.1\r\nHost: x\r\n" + keys +
               "\r\nGET /v2/clock HTTP/1.1\r\nHost: x\r\n" + keys + "\r\n");
  CHECK(socket.read_until("\r\n\r\n").starts_with("HTTP/1.1 404"));
  CHECK(is_alive(venue));
}

TEST(random bytes never stop the server) {
  const running_exchange venue;
  std::mt19937 random(1); // a fixed seed: the same bytes each time
  for (int round = 0; round < 150; ++round) {
    std::string bytes;
    const std::size_t length = random() % 3'000;
    for (std::size_t i = 0; i < length; ++i)
      bytes += static_cast<char>(random());
    const int way = round % 3;
    raw_socket socket(venue.server.port(), way != 0);
    if (way == 2)
      socket.write("POST /v2/orders HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(length) +
                   "\r\n\r\n");
    socket.write(bytes);
  }
  CHECK(is_alive(venue));
}

TEST(random frames never stop the server) {
  const running_exchange venue;
  std::mt19937 random(2);
  for (const char* codec : {"", "Content-Type: application/msgpack\r\n"})
    for (const char* path : {"/v2/iex", "/stream", "/stocks"})
      for (int round = 0; round < 20; ++round) {
        raw_socket socket(venue.server.port());
        REQUIRE(socket.good());
        socket.write(upgrade_of(path, codec));
        CHECK(socket.read_until("\r\n\r\n").find("101") != std::string::npos);
        for (int frame = 0; frame < 5; ++frame) {
          std::string bytes;
          for (std::size_t i = random() % 300; i > 0; --i)
            bytes += static_cast<char>(random());
          if (!socket.write(round % 2 ? client_frame(static_cast<unsigned>(random() % 3), true, bytes)
                                      : bytes))
            break;
        }
      }
  CHECK(is_alive(venue));
}

TEST(deeply nested messages never stop the server) {
  const running_exchange venue;
  constexpr auto patience = 60s; // parsing takes seconds under a sanitizer
  for (const char* codec : {"", "Content-Type: application/msgpack\r\n"}) {
    raw_socket socket(venue.server.port());
    socket.write(upgrade_of("/v2/iex", codec));
    socket.read_until("connected");
    socket.write(client_frame(*codec ? 2 : 1, true, std::string(900'000, *codec ? '\x91' : '[')));
    CHECK(socket.read_until("invalid syntax", *codec ? 0s : patience).find("400") != std::string::npos ||
          *codec);
  }
  rest_request order;
  order.method = "POST";
  order.target = "/v2/orders";
  order.body = std::string(900'000, '[');
  order.timeout = patience;
  const int status = rest_client(venue.rest()).get(order).status;
  CHECK(status >= 400 && status < 500);
  CHECK(is_alive(venue));
}

TEST(a message in pieces of frames is one message) {
  const running_exchange venue;
  raw_socket socket(venue.server.port());
  socket.write(upgrade_of("/v2/iex"));
  socket.read_until("connected");
  const std::string auth = venue.auth();
  socket.write(client_frame(1, false, auth.substr(0, 10)));
  socket.write(client_frame(9, true, "between")); // a ping may stand between the pieces
  socket.write(client_frame(0, false, auth.substr(10, 3)));
  socket.write(client_frame(0, false, ""));
  socket.write(client_frame(0, true, auth.substr(13)));
  CHECK(socket.read_until("authenticated").find("authenticated") != std::string::npos);
}

TEST(permessage deflate may be offered) {
  const running_exchange venue;
  raw_socket socket(venue.server.port());
  socket.write(
      upgrade_of("/v2/iex", "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"));
  const std::string answer = socket.read_until("connected");
  CHECK(answer.find("101") != std::string::npos);
  CHECK(answer.find("connected") != std::string::npos); // declined, so the text is plain
}

TEST(a message that never ends is refused) {
  const running_exchange venue;
  raw_socket socket(venue.server.port());
  socket.write(upgrade_of("/v2/iex"));
  socket.read_until("connected");
  bool open = socket.write(client_frame(1, false, std::string(60'000, ' ')));
  for (int i = 0; i < 40 && open; ++i)
    open = socket.write(client_frame(0, false, std::string(60'000, ' ')));
  constexpr std::string_view too_large("\x88\x02\x03\xF1", 4); // a close frame with code 1009
  CHECK(socket.read_until(too_large).find(too_large) != std::string::npos);
  CHECK(is_alive(venue));
}

TEST(a client that does not read is cut off) {
  exchange_server_config config = usual_config();
  config.stream_queue_messages = 20;
  const running_exchange venue(config, 20'000);
  raw_socket slow(venue.server.port());
  slow.write(upgrade_of("/v2/iex"));
  slow.read_until("connected");
  slow.write(client_frame(1, true, venue.auth()));
  slow.read_until("authenticated");
  // Each answer holds the whole set, 160 kB; nobody reads them.
  nlohmann::json wish{{"action", "subscribe"}, {"bars", nlohmann::json::array()}};
  const auto market = small_market(20'000);
  for (const std::string& symbol : market->symbols())
    wish["bars"].push_back(symbol);
  slow.write(client_frame(1, true, wish.dump()));
  bool open = true;
  const std::string again = client_frame(1, true, R"({"action":"subscribe","bars":["AAA"]})");
  for (int i = 0; i < 150 && open; ++i)
    open = slow.write(again);
  // The error may wait for three seconds, then the socket is dropped; a slow machine takes longer to come to
  // that. Until then nothing is read, since who reads is not cut off; that it has happened shows in a pong
  // that nobody takes any more.
  const std::string pong = client_frame(10, true, "");
  const auto longest = steady::now() + 90s;
  while (open && steady::now() < longest) {
    std::this_thread::sleep_for(100ms);
    open = slow.write(pong);
  }
  CHECK(!open);
  CHECK(slow.read_to_end());
  CHECK(is_alive(venue));
}

TEST(many connections at once are served) {
  const running_exchange venue;
  std::vector<std::unique_ptr<raw_socket>> idle;
  for (int i = 0; i < 150; ++i)
    idle.push_back(std::make_unique<raw_socket>(venue.server.port()));
  std::size_t good = 0;
  for (const auto& socket : idle)
    good += socket->good();
  CHECK_EQUAL(good, idle.size());
  CHECK(is_alive(venue));
}
