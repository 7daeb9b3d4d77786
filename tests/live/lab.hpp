// What the tests of live trading share: short sessions against the bundled exchange, and running instances.
#pragma once

#include "actors/transport/rest_client.hpp"
#include "tests/program/background_run.hpp"

#include <nlohmann/json.hpp>

namespace sentio::test {

/// No key of the machine reaches a test.
inline const std::string without_keys =
    "ALPACA_PAPER_API_KEY= ALPACA_PAPER_SECRET_KEY= ALPACA_API_KEY= ALPACA_SECRET_KEY= POLYGON_API_KEY= ";

/// A session of 50 minutes in 4 s. With an earlier end nothing would be bought: entries stop half an hour
/// before.
inline const std::string short_session =
    "--paper --venue local --speed 1200 --session-end 10:20 --log-dir logs ";
/// The first minutes take a second each two, so that a test can talk to the instance.
inline const std::string slow_session = "--paper --venue local --speed 120 --log-dir logs --no-report ";

inline nlohmann::json json_file(const std::filesystem::path& file) {
  return nlohmann::json::parse(file_text(file));
}

/// Lists and lines whole, no half-written file, no socket of an instance that is gone.
inline bool closed_logs(const std::filesystem::path& folder, const std::string& date = last_day) {
  const auto files = files_below(folder);
  bool good = !std::filesystem::exists(folder / "control.sock");
  for (const std::string& name :
       {"signals_" + date + ".jsonl", "decisions_" + date + ".jsonl", "trades_" + date + ".jsonl",
        "positions_" + date + ".jsonl", "latency_" + date + ".jsonl", "session_" + date + ".log",
        "session_" + date + ".tape", "learned_" + date + ".checkpoint", std::string("run.json"),
        std::string("sessions.jsonl")})
    if (!files.contains(name)) {
      CAF_MESSAGE("missing: " << name);
      good = false;
    }
  for (const auto& [name, bytes] : files)
    if (name.ends_with(".partial") || (name.ends_with(".jsonl") && !valid_lines(bytes))) {
      CAF_MESSAGE("not closed: " << name);
      good = false;
    }
  return good;
}

/// Whether the session's tape gives the recorded outputs again.
inline bool replays(const program& sentio_actors, const std::string& logs = "logs") {
  const auto result = sentio_actors.run("replay " + logs + "/session_" + last_day + ".tape");
  return result.code == 0 && contains(result.out + result.error, "0 outputs differ from the record");
}

/// Waits until the instance of the log directory `logs` holds something, at most 30 s.
inline bool holds_positions(const program& sentio_actors, const std::string& logs = "logs") {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (std::chrono::steady_clock::now() < end) {
    const auto status = sentio_actors.run("status --json --log-dir " + logs);
    if (status.code == 0 &&
        nlohmann::json::parse(status.out).at("actors").at("portfolio").value("positions", 0) > 0)
      return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  CAF_MESSAGE("nothing was bought in time");
  return false;
}

/// sentio-exchange in a folder of its own, with the sample's last day.
class running_exchange {
public:
  explicit running_exchange(const std::string& options)
      : process_(folder_.path(), "--json " + options, "", program_path().parent_path() / "sentio-exchange") {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(15);
    for (std::string text; std::chrono::steady_clock::now() < end;
         std::this_thread::sleep_for(std::chrono::milliseconds(20)))
      if (text = file_text(folder_.path() / "out"); text.ends_with('\n')) {
        about_ = nlohmann::json::parse(text);
        return;
      }
    throw std::runtime_error("the exchange did not start: " + file_text(folder_.path() / "error"));
  }
  std::string url() const { return about_.at("address"); }
  std::string key_id() const { return about_.at("key_id"); }
  std::string secret() const { return about_.at("secret"); }
  /// The variables that a client needs.
  std::string keys() const {
    return "ALPACA_PAPER_API_KEY=" + key_id() + " ALPACA_PAPER_SECRET_KEY=" + secret() + " ";
  }
  /// The options that lead a client here.
  std::string address() const {
    return " --venue-url " + about_.at("address").get<std::string>() + " --ca-file " +
           about_.at("ca_file").get<std::string>() + " ";
  }

  /// What it answers a GET with these keys.
  nlohmann::json get(const std::string& target) const {
    rest_config config;
    config.base_url = about_.at("address");
    config.ca_file = about_.at("ca_file");
    config.headers = {{"APCA-API-KEY-ID", key_id()}, {"APCA-API-SECRET-KEY", secret()}};
    rest_client client(config);
    rest_request request;
    request.target = target;
    const auto answer = client.get(request);
    if (answer.status != 200)
      throw std::runtime_error("the exchange answers " + std::to_string(answer.status) + " about " + target +
                               ": " + answer.body + answer.error);
    return nlohmann::json::parse(answer.body);
  }
  /// What it does wrong from now on: a list of faults as sentio-exchange takes them; "[]": nothing.
  void set_faults(const std::string& faults) const {
    rest_config config;
    config.base_url = about_.at("address");
    config.ca_file = about_.at("ca_file");
    rest_client client(config);
    rest_request request;
    request.method = "POST";
    request.target = "/faults";
    request.body = faults;
    if (const auto answer = client.get(request); answer.status >= 300 || answer.status == 0)
      throw std::runtime_error("the exchange does not take faults: " + answer.body + answer.error);
  }

private:
  scratch_folder folder_;
  background_run process_;
  nlohmann::json about_;
};

} // namespace sentio::test
