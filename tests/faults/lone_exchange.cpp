#include "tests/faults/lone_exchange.hpp"

#include "actors/transport/rest_client.hpp"

#include <fstream>
#include <stdexcept>
#include <thread>

namespace sentio::test {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

/// The session's end stays whatever else goes wrong.
json with_early_close(const std::string& faults) {
  json all = json::parse(R"([{"kind": "early_close", "after_ms": 0, "text": "10:15"}])");
  for (auto& one : json::parse(faults))
    all.push_back(std::move(one));
  return all;
}

} // namespace

lone_exchange::lone_exchange(const run_place& place, const fs::path& folder, const std::string& faults)
    : place_(place), folder_(folder) {
  fs::create_directories(folder);
  std::ofstream(folder / "faults.json") << with_early_close(faults).dump();
  process_ =
      std::make_unique<child>(std::vector<std::string>{place.exchange.string(), "--json", "--speed",
                                                       place.speed, "--date", "2025-12-01", "--start",
                                                       "09:27", "--faults", (folder / "faults.json").string(),
                                                       "--state", (folder / "account.db").string()},
                              folder, "exchange");
  for (int i = 0; i < 200 && process_->output().find('\n') == std::string::npos; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  if (process_->output().empty())
    throw std::runtime_error("the exchange did not start: " + process_->errors());
  about_ = json::parse(process_->output());
}

std::unique_ptr<child> lone_exchange::trader(const std::string& stem, const std::string& streams,
                                             const std::vector<std::string>& more,
                                             const std::vector<std::string>& environment) const {
  const auto sample = place_.program.parent_path().parent_path() / "data" / "sample";
  std::vector<std::string> command{place_.program.string(),
                                   "live",
                                   "--paper",
                                   "--venue-url",
                                   about_.at("address"),
                                   "--ca-file",
                                   about_.at("ca_file"),
                                   "--speed",
                                   place_.speed,
                                   "--data-dir",
                                   sample.string(),
                                   "--config",
                                   busy_configuration(folder_),
                                   "--log-dir",
                                   (folder_ / stem).string(),
                                   "--no-report"};
  command.insert(command.end(), more.begin(), more.end());
  std::vector<std::string> all{"ALPACA_PAPER_API_KEY=" + about_.at("key_id").get<std::string>(),
                               "ALPACA_PAPER_SECRET_KEY=" + about_.at("secret").get<std::string>(),
                               "SENTIO_STATE_DIR=" + (folder_ / "state").string()};
  all.insert(all.end(), environment.begin(), environment.end());
  return std::make_unique<child>(command, folder_, streams, all);
}

json lone_exchange::state() const {
  rest_config config;
  config.base_url = about_.at("address");
  config.ca_file = about_.at("ca_file");
  rest_client client(config);
  rest_request request;
  request.target = "/exchange/state";
  const auto answer = client.get(request);
  if (answer.status != 200)
    throw std::runtime_error("the exchange does not tell its state: " + answer.error);
  return json::parse(answer.body);
}

void lone_exchange::cause(const std::string& faults) const {
  rest_config config;
  config.base_url = about_.at("address");
  config.ca_file = about_.at("ca_file");
  rest_client client(config);
  rest_request request;
  request.method = "POST";
  request.target = "/faults";
  request.body = with_early_close(faults).dump();
  const auto answer = client.get(request);
  if (answer.status != 200)
    throw std::runtime_error("the exchange does not take the faults: " + answer.error + answer.body);
}

void let_it_trade(const lone_exchange& exchange, std::chrono::milliseconds more) {
  for (int i = 0; i < 600 && exchange.state().at("executions").size() < 6; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  std::this_thread::sleep_for(more);
}

} // namespace sentio::test
