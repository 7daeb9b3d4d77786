#define CAF_SUITE exchange_http
#include "tests/transport/raw_socket.hpp"
#include "tests/transport/support.hpp"
#include "tools/sentio-exchange/answer_text.hpp"
#include "tools/sentio-exchange/chunked_body.hpp"
#include "tools/sentio-exchange/request_text.hpp"

#include <zlib.h>

using namespace sentio;
using namespace sentio::serving;
using namespace sentio::test;

namespace {

const std::string keys = "Host: localhost\r\nAPCA-API-KEY-ID: PKLOCALEXCHANGE\r\nAPCA-API-SECRET-KEY: local\r\n";
const std::string websocket = "Host: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                              "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n";

/// An answer as it came: its head in one text, and its body by its length.
struct wire_answer {
  std::string head, body;
  std::string header(const std::string& name) const {
    const auto at = head.find("\r\n" + name + ": ");
    if (at == head.npos)
      return {};
    const auto begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

wire_answer read_answer(raw_socket& socket, bool head_only = false) {
  wire_answer answer;
  std::string text = socket.read_until("\r\n\r\n");
  const auto end = text.find("\r\n\r\n");
  if (end == text.npos)
    return answer;
  answer.head = text.substr(0, end + 2);
  answer.body = text.substr(end + 4);
  const std::string length = answer.header("Content-Length");
  while (!head_only && !length.empty() && answer.body.size() < std::stoul(length)) {
    const std::string more = socket.read_once();
    if (more.empty())
      break;
    answer.body += more;
  }
  return answer;
}

/// A text of a JSON object; empty when it is no such object.
std::string member(const std::string& body, const char* key) {
  const auto object = nlohmann::json::parse(body, nullptr, false);
  return object.is_object() ? object.value(key, "") : "";
}

std::string unzipped(const std::string& bytes) {
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK)
    return {};
  std::string out(1u << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool good = inflate(&stream, Z_FINISH) == Z_STREAM_END;
  out.resize(good ? stream.total_out : 0);
  inflateEnd(&stream);
  return out;
}

std::string chunked_order(const std::string& id) {
  return R"({"symbol":"AAA","qty":"3","side":"buy","type":"limit","limit_price":"10","time_in_force":"day","client_order_id":")"
         + id + "\"}";
}

std::string chunk(const std::string& text) {
  char size[16];
  std::snprintf(size, sizeof size, "%zx", text.size());
  return std::string(size) + "\r\n" + text + "\r\n";
}

} // namespace

TEST(chunks make up the body however they are cut) {
  const std::string text = "5;name=value\r\nhello\r\n1\r\n,\r\n6 \r\n world\r\n0\r\nTrailer: x\r\n\r\nGET";
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    chunked_body reader;
    std::string body;
    auto progress = chunked_body::progress::more;
    std::size_t at = 0;
    for (; at < text.size() && progress == chunked_body::progress::more; at += piece)
      progress = reader.read(std::string_view(text).substr(at, piece), body, 100);
    CHECK(progress == chunked_body::progress::complete);
    CHECK_EQUAL(body, "hello, world");
    CHECK(at >= text.size() - 3);
  }
}

TEST(malformed and endless chunks are told apart from good ones) {
  const auto read = [](const std::string& text) {
    chunked_body reader;
    std::string body;
    return reader.read(text, body, 100);
  };
  for (const char* bad : {"x\r\n", "\r\n", "-1\r\n", "5\nhello\r\n", "5\r\nhelloworld\r\n", "0x5\r\n", " 5\r\n"})
    CHECK(read(bad) == chunked_body::progress::malformed);
  CHECK(read("5;" + std::string(5'000, 'a')) == chunked_body::progress::malformed);
  CHECK(read("65\r\n") == chunked_body::progress::too_long);
  CHECK(read("ffffffffffffffffffff\r\n") == chunked_body::progress::too_long);
  CHECK(read("ffffffffffffffff\r\n") == chunked_body::progress::too_long);
  CHECK(read("64\r\n") == chunked_body::progress::more);
}

TEST(gzip is used when the client allows it) {
  CHECK(allows_gzip("gzip"));
  CHECK(allows_gzip("br, GZIP;q=0.5, deflate"));
  CHECK(allows_gzip("*"));
  CHECK(!allows_gzip(""));
  CHECK(!allows_gzip("identity, br"));
  CHECK(!allows_gzip("gzip;q=0"));
  CHECK(!allows_gzip("gzip; q=0.00"));
  const std::string text(10'000, 'x');
  CHECK_EQUAL(unzipped(gzipped(text).value_or("")), text);
}

TEST(a head names no header twice and breaks no line) {
  http_response answer;
  answer.status = 503;
  answer.body = "<html></html>";
  answer.headers = {{"Content-Type", "text/plain"}, {"X-Odd", "a\r\nSet-Cookie: b"}, {"Retry-After", "3"}};
  CHECK_EQUAL(answer_head(answer, 13, true),
              "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 13\r\nContent-Type: text/plain\r\nRetry-After: 3\r\n"
              "Connection: close\r\n\r\n");
  const auto token = bearer_token("Bearer abc");
  CHECK(token == "abc");
  CHECK(!bearer_token("Bearer ").has_value());
  CHECK(!bearer_token("Basic abc").has_value());
}

TEST(an order may come in chunks) {
  const running_exchange venue;
  raw_socket socket(venue.server.port());
  const std::string order = chunked_order("c-1");
  socket.write("POST /v2/orders HTTP/1.1\r\n" + keys + "Transfer-Encoding: chunked\r\n\r\n");
  socket.write(chunk(order.substr(0, 20)));
  socket.write(chunk(order.substr(20)) + "0\r\n\r\n");
  const wire_answer taken = read_answer(socket);
  CHECK(taken.head.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK_EQUAL(member(taken.body, "client_order_id"), "c-1");
  CHECK_EQUAL(taken.header("Connection"), "close");
  raw_socket again(venue.server.port());
  again.write("GET /v2/orders:by_client_order_id?client_order_id=c-1 HTTP/1.1\r\n" + keys + "\r\n");
  const wire_answer found = read_answer(again);
  CHECK(found.head.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK_EQUAL(member(found.body, "qty"), "3");
}

TEST(a body that is framed wrongly is refused and the connection ends) {
  const running_exchange venue;
  const auto answer_to = [&](const std::string& head, const std::string& body) {
    raw_socket socket(venue.server.port());
    socket.write("POST /v2/orders HTTP/1.1\r\n" + keys + head + "\r\n" + body);
    const wire_answer answer = read_answer(socket);
    CHECK_EQUAL(answer.header("Connection"), "close");
    CHECK_EQUAL(answer.header("X-Request-ID").size(), 32u);
    CHECK(!answer.header("Date").empty());
    return answer.head.substr(0, 12);
  };
  CHECK_EQUAL(answer_to("Transfer-Encoding: chunked\r\n", "nonsense\r\n"), "HTTP/1.1 400");
  CHECK_EQUAL(answer_to("Transfer-Encoding: chunked\r\nContent-Length: 2\r\n", "{}"), "HTTP/1.1 400");
  CHECK_EQUAL(answer_to("Transfer-Encoding: gzip\r\n", "{}"), "HTTP/1.1 501");
  CHECK_EQUAL(answer_to("Transfer-Encoding: chunked\r\n", "200000\r\n"), "HTTP/1.1 413");
  CHECK_EQUAL(answer_to("", ""), "HTTP/1.1 411");
  CHECK(venue.server.state()["orders"].empty());
}

TEST(HEAD has the head of GET and no body) {
  const running_exchange venue;
  raw_socket socket(venue.server.port());
  socket.write("GET /v2/assets HTTP/1.1\r\n" + keys + "\r\n");
  const wire_answer whole = read_answer(socket);
  REQUIRE(whole.body.size() > 100u);
  socket.write("HEAD /v2/assets HTTP/1.1\r\n" + keys + "\r\nGET /v2/clock HTTP/1.1\r\n" + keys + "\r\n");
  const wire_answer head = read_answer(socket, true);
  CHECK(head.head.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK_EQUAL(head.header("Content-Length"), std::to_string(whole.body.size()));
  // What follows the head is the next answer.
  const std::string next = head.body.empty() ? socket.read_until("\r\n\r\n") : head.body;
  CHECK(next.starts_with("HTTP/1.1 200 OK\r\n"));
}

TEST(a large answer is compressed for a client that asks) {
  const running_exchange venue;
  raw_socket socket(venue.server.port());
  const std::string path = "GET /v2/calendar?start=2025-01-01&end=2025-12-31 HTTP/1.1\r\n";
  socket.write(path + keys + "\r\n");
  const wire_answer plain = read_answer(socket);
  socket.write(path + keys + "Accept-Encoding: gzip, deflate\r\n\r\n");
  const wire_answer packed = read_answer(socket);
  CHECK(plain.header("Content-Encoding").empty());
  CHECK_EQUAL(packed.header("Content-Encoding"), "gzip");
  CHECK(packed.body.size() < plain.body.size() / 4);
  CHECK_EQUAL(unzipped(packed.body), plain.body);
  CHECK(plain.body.size() > 10'000u);
  socket.write("GET /v2/clock HTTP/1.1\r\n" + keys + "Accept-Encoding: gzip\r\n\r\n");
  CHECK(read_answer(socket).header("Content-Encoding").empty()); // it gains nothing
}

TEST(a refused upgrade is a whole HTTP 1 1 answer) {
  running_exchange venue;
  const auto answer_to = [&](const std::string& path) {
    raw_socket socket(venue.server.port());
    socket.write("GET " + path + " HTTP/1.1\r\n" + websocket + "\r\n");
    return read_answer(socket);
  };
  const wire_answer unknown = answer_to("/v2/nowhere");
  CHECK(unknown.head.starts_with("HTTP/1.1 404 Not Found\r\n"));
  CHECK_EQUAL(member(unknown.body, "message"), "not found.");
  venue.faults(R"([{"kind":"upgrade_429","value":7}])");
  const wire_answer busy = answer_to("/stream");
  CHECK(busy.head.starts_with("HTTP/1.1 429 Too Many Requests\r\n"));
  CHECK_EQUAL(busy.header("Retry-After"), "7");
  for (const wire_answer& refused : {unknown, busy}) {
    CHECK_EQUAL(refused.header("X-Request-ID").size(), 32u);
    CHECK(refused.header("Date").ends_with(" GMT"));
    CHECK_EQUAL(refused.header("Content-Length"), std::to_string(refused.body.size()));
  }
}

TEST(streams are found with a slash at the end too) {
  const running_exchange venue;
  for (const char* path : {"/stream/", "/stream", "/v2/iex/", "/stocks/"}) {
    raw_socket socket(venue.server.port());
    socket.write(std::string("GET ") + path + " HTTP/1.1\r\n" + websocket + "\r\n");
    const wire_answer answer = read_answer(socket, true);
    CHECK(answer.head.starts_with("HTTP/1.1 101 "));
    CHECK_EQUAL(answer.header("X-Request-ID").size(), 32u);
  }
}

TEST(the authentication timeout is real time at any speed) {
  exchange_server_config config = usual_config();
  config.speed = 600;
  config.venue.auth_timeout_ms = 1'000; // of real time: 600 s of the venue's
  const running_exchange venue(config);
  watched_socket socket(venue.stream());
  REQUIRE(socket.wait_opened().has_value());
  const auto opened = steady::now();
  const auto late = socket.wait_text("auth timeout", 20s);
  REQUIRE(late.has_value());
  CHECK(seconds_since(opened) > 0.8);
  CHECK(socket.wait_closed().has_value());
}
