#define CAF_SUITE real_hub

#include "tests/hub/lab.hpp"

using namespace sentio;
using namespace sentio::test;

namespace {

const std::string connected_line = "sentio_instance_connected{instance=\"desk-1\"} 1";

/// An upgrade to a web socket; the answer's head is read.
std::string upgrade(raw_connection& line, const std::string& protocols, const std::string& more = "") {
  line.send(
      "GET /live HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Protocol: " +
      protocols + "\r\n" + more + "\r\n");
  return line.receive_until("\r\n\r\n");
}

/// A frame of a client, masked with zeros.
std::string frame(const std::string& text) {
  std::string out = "\x81";
  if (text.size() < 126)
    out += static_cast<char>(0x80 | text.size());
  else
    out += std::string{'\xfe', static_cast<char>(text.size() >> 8), static_cast<char>(text.size() & 0xff)};
  return out + std::string(4, '\0') + text;
}

/// The code with which a web socket is closed; 0 when it is not within the patience.
int close_code(const std::string& bytes) {
  const auto at = bytes.rfind("\x88\x02");
  if (at == std::string::npos || at + 4 > bytes.size())
    return 0;
  return static_cast<unsigned char>(bytes[at + 2]) * 256 + static_cast<unsigned char>(bytes[at + 3]);
}

std::string everything(raw_connection& line) {
  std::string all;
  for (std::string part; !(part = line.receive()).empty();)
    all += part;
  return all;
}

} // namespace

TEST(what an instance tells reaches terminals and metrics and the page) {
  real_hub hub;
  CHECK(hub.get("/readyz").starts_with("HTTP/1.1 503"));
  tls_peer desk("instance-desk-1", certificate_role::instance, hub.listen);
  CHECK_EQUAL(desk.join("desk-1"), "");
  CHECK(!desk.told("whole").is_null());
  desk.report({{"type", "history"}, {"instance", "desk-1"}, {"date", "2025-12-01"}});
  desk.report(snapshot_of("desk-1"));
  REQUIRE(within(3s, [&] { return hub.has_metric("sentio_equity_dollars{instance=\"desk-1\"} 1000"); }));
  CHECK(hub.get("/readyz").starts_with("HTTP/1.1 200"));
  tls_peer ann("viewer-ann", certificate_role::viewer, hub.listen);
  const json hello = json::parse(ann.look());
  CHECK(hello["instances"][0]["id"] == "desk-1");
  CHECK(hello["instances"][0]["connected"] == true);
  ann.select("desk-1");
  CHECK(ann.told("history")["date"] == "2025-12-01");
  CHECK(ann.told("snapshot")["account"]["equity"] == 1'000.0);
  desk.report(
      {{"type", "event"}, {"instance", "desk-1"}, {"at", now_ms()}, {"kind", "fault"}, {"text", "gone"}});
  CHECK(ann.told("event")["text"] == "gone");
  CHECK(hub.get("/session.json").find("\"date\":\"2025-12-01\"") != std::string::npos);
  CHECK_EQUAL(hub.stop(), "with exit code 0");
}

TEST(who leaves and strangers without a certificate disturb nobody) {
  real_hub hub;
  tls_peer desk("instance-desk-1", certificate_role::instance, hub.listen);
  REQUIRE(desk.join("desk-1").empty());
  desk.report(snapshot_of("desk-1"));
  REQUIRE(within(3s, [&] { return hub.has_metric(connected_line); }));
  for (int i = 0; i < 3; ++i) {
    tls_peer ann("viewer-ann", certificate_role::viewer, hub.listen);
    ann.look();
  }
  for (int i = 0; i < 60; ++i) {
    raw_connection stranger(hub.listen);
    // CAF's fatal header, a TLS record that is none, and silence.
    stranger.send(i % 3 == 0   ? "\x01" + std::string(31, '\0')
                  : i % 3 == 1 ? "\x16\x03\x01\x01" + std::string(40, 'x')
                               : "");
  }
  std::this_thread::sleep_for(1s);
  CHECK(hub.has_metric(connected_line));
  desk.report(snapshot_of("desk-1", 1'234));
  CHECK(within(3s, [&] { return hub.has_metric("sentio_equity_dollars{instance=\"desk-1\"} 1234"); }));
  CHECK(hub.alive());
}

TEST(one id is one instance and others are refused in words) {
  real_hub hub;
  tls_peer first("instance-desk-1", certificate_role::instance, hub.listen);
  tls_peer second("instance-desk-2", certificate_role::instance, hub.listen);
  CHECK_EQUAL(first.join("desk-1"), "");
  CHECK(second.join("desk-1").find("is connected already") != std::string::npos);
  CHECK(second.join("a b").find("1 to 64 characters") != std::string::npos);
  CHECK(second.join("desk-2", 7).find("speaks protocol 1") != std::string::npos);
  CHECK_EQUAL(second.join("desk-2"), "");
  const json refused = json::parse(second.look(7));
  CHECK(refused["type"] == "refused");
}

TEST(reports that are none are counted by their reason) {
  real_hub hub;
  tls_peer desk("instance-desk-1", certificate_role::instance, hub.listen);
  REQUIRE(desk.join("desk-1").empty());
  desk.report_text("nonsense");
  desk.report_text(std::string(100'000, '['));
  desk.report_text("{\"a\":\"" + std::string(longest_hub_text, 'x') + "\"}");
  desk.report(snapshot_of("desk-2"));
  json bad = snapshot_of("desk-1");
  bad["account"]["equity"] = "much";
  desk.report(bad);
  for (const char* why : {"not_json", "too_deep", "too_large", "foreign_instance", "bad_field"}) {
    const std::string line =
        std::string("sentio_hub_refused_messages_total{instance=\"desk-1\",why=\"") + why + "\"} 1";
    CHECK(within(3s, [&] { return hub.has_metric(line); }));
  }
  CHECK(hub.alive());
}

TEST(commands are relayed to their instance and its answers to those who look at it) {
  real_hub hub;
  tls_peer desk("instance-desk-1", certificate_role::instance, hub.listen);
  REQUIRE(desk.join("desk-1").empty());
  tls_peer ann("viewer-ann", certificate_role::viewer, hub.listen);
  ann.look();
  ann.select("desk-1");
  REQUIRE(!ann.told("history").is_null());
  ann.order(R"({"type":"command","instance":"desk-1","counter":5})");
  CHECK(desk.told("command")["counter"] == 5);
  desk.report(
      {{"type", "answer"}, {"instance", "desk-1"}, {"counter", 5}, {"good", true}, {"text", "paused"}});
  CHECK(ann.told("answer")["text"] == "paused");
  ann.order(R"({"type":"command","instance":"desk-9","counter":6})");
  const json answer = ann.told("answer");
  CHECK(answer["good"] == false);
  CHECK(answer["counter"] == 6);
}

TEST(an instance that is silent for five seconds is shown as not connected) {
  real_hub hub;
  tls_peer desk("instance-desk-1", certificate_role::instance, hub.listen);
  REQUIRE(desk.join("desk-1").empty());
  desk.report(snapshot_of("desk-1"));
  REQUIRE(within(3s, [&] { return hub.get("/readyz").starts_with("HTTP/1.1 200"); }));
  CHECK(within(7s, [&] { return hub.has_metric("sentio_instance_connected{instance=\"desk-1\"} 0"); }));
  CHECK(hub.get("/readyz").starts_with("HTTP/1.1 503"));
  desk.report(snapshot_of("desk-1"));
  CHECK(within(3s, [&] { return hub.has_metric(connected_line); }));
}

TEST(pages of other origins and foreign names are refused) {
  real_hub hub({"--host-name", "hub.lan"});
  raw_connection evil(hub.http);
  CHECK(upgrade(evil, "sentio.1", "Origin: http://evil.example\r\n").find(" 403 ") != std::string::npos);
  raw_connection own(hub.http);
  CHECK(upgrade(own, "sentio.1", "Origin: http://localhost\r\n").starts_with("HTTP/1.1 101"));
  const auto with_host = [&](const std::string& host) {
    raw_connection line(hub.http);
    line.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    return line.receive_until("\r\n\r\n").substr(9, 3);
  };
  CHECK_EQUAL(with_host("evil.example"), "403");
  CHECK_EQUAL(with_host("Hub.lan:8080"), "200");
  CHECK_EQUAL(with_host("127.0.0.1:1"), "200");
}

TEST(a page says little and rarely or its connection is closed) {
  real_hub hub;
  const auto code_after = [&](const std::string& frames) {
    raw_connection line(hub.http);
    REQUIRE(upgrade(line, "sentio.1").starts_with("HTTP/1.1 101"));
    line.send(frames);
    return close_code(everything(line));
  };
  CHECK_EQUAL(code_after(frame(std::string(513, 'x'))), 1009);
  CHECK_EQUAL(code_after(frame(R"({"type":"flatten","instance":"desk-1"})")), 1008);
  std::string many;
  for (int i = 0; i < 30; ++i)
    many += frame(R"({"type":"select","instance":"desk-1"})");
  CHECK_EQUAL(code_after(many), 1008);
}

TEST(where a token is needed nothing is told without it) {
  const scratch_folder folder;
  const std::string token = "0123456789abcdef-_AZ", file = (folder.path() / "token").string();
  std::ofstream(file) << token << "\n";
  std::filesystem::permissions(file,
                               std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  real_hub hub({"--token-file", file});
  for (const std::string& shown :
       {std::string("sentio.1"), std::string("sentio.1, sentio.token.0123456789abcdef-_Az")}) {
    raw_connection line(hub.http);
    const std::string head = upgrade(line, shown);
    CHECK(head.starts_with("HTTP/1.1 101"));
    const std::string rest = head + everything(line); // the close frame may come with the head
    CHECK_EQUAL(close_code(rest), 4401);
    CHECK(rest.find("hello") == std::string::npos);
  }
  raw_connection good(hub.http);
  const std::string head = upgrade(good, "sentio.1, sentio.token." + token);
  CHECK(head.find("rotocol: sentio.1\r\n") != std::string::npos);
  const auto body = head.substr(head.find("\r\n\r\n") + 4);
  CHECK((body.empty() ? good.receive() : body).find("\"type\":\"hello\"") != std::string::npos);
  for (const char* path : {"/metrics", "/session.json"})
    CHECK(hub.get(path).starts_with("HTTP/1.1 401"));
  CHECK(hub.get("/metrics", "Authorization: Bearer " + token + "\r\n").starts_with("HTTP/1.1 200"));
  CHECK(hub.get("/healthz").starts_with("HTTP/1.1 200"));
  CHECK(hub.get("/").starts_with("HTTP/1.1 200"));
}
