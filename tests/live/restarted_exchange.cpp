#define CAF_SUITE program_live_restarted_exchange

#include "actors/transport/rest_client.hpp"
#include "tests/live/lab.hpp"

using namespace sentio;
using test::running_exchange;

namespace {

/// Requests to an exchange by a client that trusts one file.
class account_client {
public:
  account_client(const running_exchange& exchange, const std::filesystem::path& trusted)
      : client_({exchange.url(), trusted.string(),
                 {{"APCA-API-KEY-ID", exchange.key_id()}, {"APCA-API-SECRET-KEY", exchange.secret()}}, 0}) {}

  nlohmann::json get(const std::string& target) {
    rest_request request;
    request.target = target;
    return body_of(client_.get(request));
  }
  nlohmann::json buy_far_below() {
    rest_request request;
    request.method = "POST";
    request.target = "/v2/orders";
    request.body = R"({"symbol":"TQQQ","side":"buy","qty":"1","type":"limit","limit_price":"1",)"
                   R"("time_in_force":"day","client_order_id":"before-the-kill"})";
    return body_of(client_.get(request));
  }

private:
  static nlohmann::json body_of(const rest_response& response) {
    if (response.status != 200)
      throw std::runtime_error("the exchange answered " + std::to_string(response.status) + " " +
                               response.error + response.body);
    return nlohmann::json::parse(response.body);
  }

  rest_client client_;
};

std::string venue_time(account_client& client) {
  return client.get("/v2/clock").at("timestamp").get<std::string>().substr(0, 19);
}

} // namespace

TEST(an exchange that was killed is trusted as before and goes on where it was) {
  const test::scratch_folder scratch;
  const auto folder = scratch.path();
  const std::string options = "--speed 120 --start 09:28 --state " + (folder / "account.db").string() +
                              " --tls-dir " + (folder / "tls").string();
  const auto trusted = folder / "trusted.pem";
  std::string killed_at;
  {
    const running_exchange first(options);
    std::filesystem::copy_file(folder / "tls" / "ca.pem", trusted);
    account_client client(first, trusted);
    const auto order = client.buy_far_below();
    CHECK(order.at("client_order_id") == "before-the-kill");
    while ((killed_at = venue_time(client)) < "2025-12-01T09:40:00")
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
  } // kill -9
  const running_exchange second(options);
  account_client client(second, trusted);
  const std::string now = venue_time(client);
  CHECK(now >= killed_at.substr(0, 17)); // the minute of the kill or later
  CHECK(now < "2025-12-01T11:00:00");    // and not the computer's time or that of another day
  const auto order = client.get("/v2/orders:by_client_order_id?client_order_id=before-the-kill");
  CHECK(order.at("status") == "new");
  // A session that the file is past cannot be begun again without a word.
  test::background_run again(folder, "--session 09:25-09:30 --state account.db", "",
                             test::program_path().parent_path() / "sentio-exchange");
  CHECK_EQUAL(again.wait(15), 2);
  const std::string said = test::file_text(folder / "error");
  CHECK(test::contains(said, "the state file account.db holds venue time 2025-12-01 "));
  CHECK(test::contains(said, "where --session 09:25-09:30 is over; give a later --date"));
}
