#define CAF_SUITE rest_client
#include "tests/transport/support.hpp"

#include <atomic>
#include <cstdlib>
#include <future>
#include <thread>

using namespace sentio;
using namespace sentio::test;

namespace {

rest_request get_of(const std::string& target, std::chrono::milliseconds timeout = 5s) {
  rest_request request;
  request.target = target;
  request.timeout = timeout;
  return request;
}

rest_request order_of(const std::string& id, std::chrono::milliseconds timeout = 5s) {
  rest_request request = get_of("/v2/orders", timeout);
  request.method = "POST";
  request.body =
      R"({"symbol":"AAA","qty":"1","side":"buy","type":"limit","limit_price":"10","time_in_force":"day",)"
      R"("client_order_id":")" +
      id + R"("})";
  return request;
}

std::string header_of(const rest_response& response, const std::string& name) {
  for (const auto& [key, value] : response.headers)
    if (key == name)
      return value;
  return {};
}

} // namespace

TEST(an answer has its status body and times) {
  const running_exchange venue;
  rest_client client(venue.rest());
  const auto before = steady::now();
  const rest_response answer = client.get(get_of("/v2/clock"));
  CHECK_EQUAL(answer.status, 200);
  CHECK_EQUAL(answer.error, "");
  const auto body = nlohmann::json::parse(answer.body, nullptr, false);
  CHECK(body.is_object());
  CHECK(header_of(answer, "content-type").starts_with("application/json"));
  CHECK(before < answer.sent_at);
  CHECK(answer.sent_at < answer.received_at);
}

TEST(a refused key is an answer and no failure) {
  const running_exchange venue;
  rest_config config = venue.rest();
  config.headers = {{"APCA-API-KEY-ID", "PKWRONG"}, {"APCA-API-SECRET-KEY", "wrong"}};
  rest_client client(config);
  const rest_response answer = client.get(get_of("/v2/account"));
  CHECK(answer.status == 401 || answer.status == 403);
}

TEST(POST PATCH and DELETE carry their bodies) {
  const running_exchange venue;
  rest_client client(venue.rest());
  const rest_response made = client.get(order_of("post-1"));
  CHECK_EQUAL(made.status, 200);
  const auto order = nlohmann::json::parse(made.body, nullptr, false);
  REQUIRE(order.is_object());
  const std::string id = order.value("id", "");
  // An order that the venue has not yet confirmed cannot be replaced.
  for (int i = 0; i < 50; ++i) {
    if (client.get(get_of("/v2/orders/" + id)).body.find(R"("status":"new")") != std::string::npos)
      break;
    std::this_thread::sleep_for(20ms);
  }
  rest_request change = get_of("/v2/orders/" + id);
  change.method = "PATCH";
  change.body = R"({"limit_price":"11"})";
  const rest_response changed = client.get(change);
  CHECK_EQUAL(changed.status, 200);
  const auto replaced = nlohmann::json::parse(changed.body, nullptr, false);
  REQUIRE(replaced.is_object());
  rest_request cancel = get_of("/v2/orders/" + replaced.value("id", ""));
  cancel.method = "DELETE";
  const rest_response canceled = client.get(cancel);
  CHECK_EQUAL(canceled.status, 204);
  CHECK_EQUAL(canceled.body, "");
}

TEST(a wrong authority and an expired or foreign certificate are refused) {
  running_exchange venue;
  const scratch_folder other;
  rest_config config = venue.rest();
  config.ca_file = make_local_authority(other.path()).ca.string();
  const rest_response strange = rest_client(config).get(get_of("/v2/clock"));
  CHECK_EQUAL(strange.status, 0);
  CHECK(!strange.error.empty());
  CHECK(strange.sent_at == steady::time_point{});
  for (const char* fault : {"tls_expired", "tls_wrong_host"}) {
    venue.faults(R"([{"kind":")" + std::string(fault) + R"("}])");
    const rest_response refused = rest_client(venue.rest()).get(get_of("/v2/clock"));
    CHECK_EQUAL(refused.status, 0);
    CHECK(refused.sent_at == steady::time_point{});
  }
  venue.faults("[]");
  CHECK_EQUAL(rest_client(venue.rest()).get(get_of("/v2/clock")).status, 200);
}

TEST(only https and a readable CA file are taken) {
  const auto refused = [](const rest_config& config) {
    try {
      rest_client client(config);
    } catch (const std::runtime_error&) {
      return true;
    }
    return false;
  };
  CHECK(refused({"http://localhost:1", "", {}, 0}));
  CHECK(refused({"https://localhost:1", "/nowhere/ca.pem", {}, 0}));
}

TEST(an urgent request is not held up by slow ordinary ones) {
  running_exchange venue;
  rest_client client(venue.rest());
  venue.faults(R"([{"kind":"slow_body","count":6,"delay_ms":2500}])");
  std::atomic<int> slow_done{0};
  for (int i = 0; i < 6; ++i)
    client.send(get_of("/v2/clock"), [&](const rest_response&) { ++slow_done; });
  std::this_thread::sleep_for(400ms); // four are under way, two wait
  venue.faults("[]");
  rest_request urgent = get_of("/v2/account");
  urgent.urgent = true;
  const auto before = steady::now();
  const rest_response answer = client.get(urgent);
  CHECK_EQUAL(answer.status, 200);
  CHECK(seconds_since(before) < 1.0);
  CHECK(slow_done < 4);
}

TEST(a request times out when its answer is late and its outcome is unknown) {
  running_exchange venue;
  rest_client client(venue.rest());
  venue.faults(R"([{"kind":"order_answer_delayed","delay_ms":5000}])");
  const auto before = steady::now();
  const rest_response late = client.get(order_of("late-1", 600ms));
  CHECK_EQUAL(late.status, 0);
  CHECK(!late.error.empty());
  CHECK(late.sent_at != steady::time_point{}); // it was sent, so it may have been carried out
  const double waited = seconds_since(before);
  CHECK(waited > 0.5 && waited < 2.0);
  const rest_response found = client.get(get_of("/v2/orders:by_client_order_id?client_order_id=late-1"));
  CHECK_EQUAL(found.status, 200);
}

TEST(a dropped answer is an unknown outcome and the order is not sent twice) {
  running_exchange venue;
  rest_client client(venue.rest());
  CHECK_EQUAL(client.get(get_of("/v2/clock")).status, 200); // a kept connection, which libcurl might retry
  venue.faults(R"([{"kind":"order_answer_dropped"}])");
  const rest_response dropped = client.get(order_of("dropped-1"));
  CHECK_EQUAL(dropped.status, 0);
  CHECK(!dropped.error.empty());
  CHECK(dropped.sent_at != steady::time_point{});
  const rest_response found = client.get(get_of("/v2/orders:by_client_order_id?client_order_id=dropped-1"));
  CHECK_EQUAL(found.status, 200);
}

TEST(a refused connection is known not to have been sent) {
  rest_config config;
  {
    const running_exchange venue;
    config = venue.rest();
    config.ca_file.clear(); // its folder goes with it
  }
  const rest_response answer = rest_client(config).get(order_of("never"));
  CHECK_EQUAL(answer.status, 0);
  CHECK(answer.sent_at == steady::time_point{});
}

TEST(the token bucket spreads requests and lets urgent ones go first) {
  const running_exchange venue;
  rest_config config = venue.rest();
  config.requests_per_minute = 300; // 30 at once, then 5 a second
  rest_client client(config);
  std::mutex mutex;
  std::vector<std::string> order;
  std::promise<void> all;
  const auto before = steady::now();
  const auto note = [&](const std::string& name) {
    return [&, name](const rest_response&) {
      const std::lock_guard lock(mutex);
      order.push_back(name);
      if (order.size() == 36)
        all.set_value();
    };
  };
  for (int i = 0; i < 35; ++i)
    client.send(get_of("/v2/clock"), note("ordinary"));
  std::this_thread::sleep_for(500ms);
  rest_request urgent = get_of("/v2/clock");
  urgent.urgent = true;
  client.send(urgent, note("urgent"));
  REQUIRE(all.get_future().wait_for(10s) == std::future_status::ready);
  const double took = seconds_since(before);
  CHECK(took > 0.9 && took < 3.0); // (36 - 30) / 5 = 1.2 s
  const std::string last = order.back();
  CHECK_EQUAL(last, "ordinary");
}

TEST(what waits for a token too long is told so) {
  const running_exchange venue;
  rest_config config = venue.rest();
  config.requests_per_minute = 6; // one at once, then one in ten seconds
  rest_client client(config);
  CHECK_EQUAL(client.get(get_of("/v2/clock")).status, 200);
  const auto before = steady::now();
  const rest_response late = client.get(get_of("/v2/clock", 300ms));
  CHECK_EQUAL(late.status, 0);
  CHECK(late.sent_at == steady::time_point{});
  CHECK(seconds_since(before) < 1.5);
}

TEST(an endless body is cut off and so is one that is small on its way) {
  running_exchange venue;
  rest_client client(venue.rest());
  for (const char* mebibytes :
       {"64", "128"}) { // the exchange sends the first one as 300 kB of gzip, the second as it is
    venue.faults(R"([{"kind":"huge_body","value":)" + std::string(mebibytes) + "}]");
    const rest_response answer =
        client.get(get_of("/v2/stocks/bars?symbols=AAA&timeframe=1Min&start=2025-06-03&limit=10", 20s));
    CHECK_EQUAL(answer.status, 0);
    CHECK(answer.error.find("32 MiB") != std::string::npos);
    CHECK(answer.body.empty());
  }
}

TEST(the destructor abandons what is under way) {
  running_exchange venue;
  venue.faults(R"([{"kind":"slow_body","count":20,"delay_ms":5000}])");
  std::atomic<int> called{0};
  const auto before = steady::now();
  {
    rest_client client(venue.rest());
    for (int i = 0; i < 10; ++i)
      client.send(get_of("/v2/clock"), [&](const rest_response&) { ++called; });
    std::this_thread::sleep_for(200ms);
  }
  CHECK(seconds_since(before) < 1.2);
  std::this_thread::sleep_for(100ms);
  CHECK_EQUAL(called.load(), 0);
}

TEST(requests of many threads are all answered) {
  const running_exchange venue;
  rest_client client(venue.rest());
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 25; ++i)
        good += client.get(get_of("/v2/clock")).status == 200;
    });
  for (auto& thread : threads)
    thread.join();
  CHECK_EQUAL(good.load(), 100);
}

TEST(proxies of the environment are not used) {
  setenv("https_proxy", "http://127.0.0.1:9", 1);
  setenv("http_proxy", "http://127.0.0.1:9", 1);
  const running_exchange venue;
  CHECK_EQUAL(rest_client(venue.rest()).get(get_of("/v2/clock")).status, 200);
  watched_socket socket(venue.stream());
  CHECK(socket.wait_opened().has_value());
  unsetenv("https_proxy");
  unsetenv("http_proxy");
}
