#define CAF_SUITE program_mock

#include "tests/program/mock_lab.hpp"

#include <nlohmann/json.hpp>

using namespace sentio;
using nlohmann::json;
using test::contains;
using test::mock_lab;
using test::program;

namespace {

const std::string note = "synthetic data with a planted edge, seed 7";

/// One default run on the sample, with its report; several tests read it.
struct default_run {
  program sentio_actors;
  test::program_result result = sentio_actors.run("mock --log-dir run");
  std::filesystem::path logs = sentio_actors.folder() / "run";

  static const default_run& get() {
    static const default_run run;
    return run;
  }
};

} // namespace

TEST(a first run on the sample ends in a report and complete logs) {
  const auto& run = default_run::get();
  CHECK_EQUAL(run.result.code, 0);
  CHECK(run.result.error.empty());
  CHECK(contains(run.result.out, "Analysis report: mock, 2025-11-17 to 2025-12-01"));
  CHECK(contains(run.result.out, "report: run/report.html"));
  CHECK(test::only_whole_days(run.logs));
  const auto described = json::parse(test::file_text(run.logs / "run.json"));
  REQUIRE(described.at("sessions").size() == 10);
  const auto files = test::files_below(run.logs);
  CHECK_EQUAL(files.size(), 10U * 5U + 4U); // and run.json, sessions.jsonl, the two reports
  for (const auto& [name, bytes] : files) {
    CHECK(!bytes.empty());
    if (name.ends_with("2025-12-01.jsonl")) {
      const auto lines = test::lines_of(bytes);
      CHECK(bytes.ends_with('\n') && !lines.empty());
      CHECK(std::all_of(lines.begin(), lines.end(), [](const auto& line) { return json::accept(line); }));
    }
  }
}

TEST(synthetic data are called synthetic wherever results are shown) {
  const auto& run = default_run::get();
  CHECK(contains(run.result.out, note));
  CHECK(contains(test::file_text(run.logs / "analysis_report.txt"), note));
  CHECK(contains(test::file_text(run.logs / "report.html"), note));
  CHECK(contains(test::file_text(run.logs / "session_2025-12-01.log"), note));
  for (const std::string command :
       {"report", "analyze-mrd", "explain --date 2025-12-01 --time 09:31", "report --json",
        "analyze-mrd --json", "explain --date 2025-12-01 --time 09:31 --json"})
    CHECK(contains(run.sentio_actors.run(command + " --log-dir run").out, note));
  // Bars of another origin are not called so.
  const program other;
  auto bars = mock_lab::get().bars();
  test::write_bars(other.folder() / "bars", bars);
  std::filesystem::remove(other.folder() / "bars" / "NOTE");
  const auto plain =
      other.run("mock --data-dir bars --log-dir run --date " + test::last_day + " --warmup-days 1");
  CHECK_EQUAL(plain.code, 0);
  CHECK(plain.out.find("synthetic") == std::string::npos);
  CHECK(test::file_text(other.folder() / "run" / "report.html").find("synthetic") == std::string::npos);
}

TEST(the ledger of every session goes on from the one before and is flat) {
  const auto& run = default_run::get();
  double equity = 100'000;
  for (const auto& line : test::lines_of(test::file_text(run.logs / "sessions.jsonl"))) {
    const auto session = json::parse(line);
    CHECK_EQUAL(session.at("opening_equity").get<double>(), equity);
    CHECK(session.at("flat").get<bool>());
    CHECK_EQUAL(session.at("fills").get<int>(),
                session.at("entries").get<int>() + session.at("exits").get<int>());
    equity = session.at("closing_equity").get<double>();
  }
  CHECK(equity != 100'000);
  const auto report = json::parse(run.sentio_actors.run("report --log-dir run --json").out);
  CHECK_EQUAL(report.at("data_note").get<std::string>(), note);
  CHECK_EQUAL(report.at("metrics").at("sessions").get<int>(), 10);
  const auto periods = json::parse(run.sentio_actors.run("analyze-mrd --log-dir run --json").out);
  CHECK(test::close_to(periods.at("all").at("net").get<double>(), equity - 100'000, 1e-9));
}

TEST(report writes the same bytes again from the logs alone) {
  const auto& run = default_run::get();
  program elsewhere;
  std::filesystem::copy(run.logs, elsewhere.folder() / "copy");
  for (const std::string name : {"analysis_report.txt", "report.html"})
    std::filesystem::remove(elsewhere.folder() / "copy" / name);
  const auto again = elsewhere.run("report --log-dir copy", "TZ=Asia/Tokyo LC_ALL=de_DE.UTF-8");
  CHECK_EQUAL(again.code, 0);
  CHECK(test::same_folders(run.logs, elsewhere.folder() / "copy"));
}

TEST(the periods of analyze mrd add up to the whole run) {
  const auto& run = default_run::get();
  for (const auto& [option, count] :
       std::map<std::string, std::size_t>{{"--date", 10}, {"--week", 3}, {"--month", 2}}) {
    const auto result = run.sentio_actors.run("analyze-mrd --log-dir run " + option + " --json");
    CHECK_EQUAL(result.code, 0);
    const auto answer = json::parse(result.out);
    CHECK_EQUAL(answer.at("periods").size(), count);
    CHECK(answer.at("problems").empty());
    double net = 0;
    int sessions = 0;
    for (const auto& period : answer.at("periods")) {
      net += period.at("net").get<double>();
      sessions += period.at("sessions").get<int>();
    }
    CHECK_EQUAL(sessions, 10);
    CHECK(test::close_to(net, answer.at("all").at("net").get<double>(), 1e-9));
  }
  const auto text = run.sentio_actors.run("analyze-mrd --log-dir run --week");
  CHECK_EQUAL(text.code, 0);
  CHECK(contains(text.out, "2025-W48"));
}

TEST(explain names the rule that the decisions log has) {
  const auto& run = default_run::get();
  const auto all = run.sentio_actors.run("explain --log-dir run --date 2025-12-01 --time 09:31");
  CHECK_EQUAL(all.code, 0);
  for (const std::string symbol : test::sample_symbols)
    CHECK(contains(all.out, symbol));
  const auto first = json::parse(test::lines_of(test::file_text(run.logs / "decisions_2025-12-01.jsonl"))[0]);
  const auto symbol = first.at("symbol").get<std::string>();
  const auto one =
      run.sentio_actors.run("explain --log-dir run --date 2025-12-01 --time 09:31 --symbol " + symbol);
  CHECK_EQUAL(one.code, 0);
  CHECK(contains(one.out, symbol));
  CHECK(contains(one.out, first.at("reason").get<std::string>()));
  CHECK(one.out.size() < all.out.size());
  const auto nobody =
      run.sentio_actors.run("explain --log-dir run --date 2025-12-01 --time 09:31 --symbol NOPE");
  CHECK_EQUAL(nobody.code, 1);
  CHECK(contains(nobody.error, "NOPE"));
  const auto early = run.sentio_actors.run("explain --log-dir run --date 2025-12-01 --time 03:31");
  CHECK_EQUAL(early.code, 1);
  CHECK(contains(early.error, "2025-12-01 has no round at 03:31"));
  const auto holiday = run.sentio_actors.run("explain --log-dir run --date 2025-11-27 --time 10:31");
  CHECK_EQUAL(holiday.code, 1);
  CHECK(contains(holiday.error, "2025-11-27"));
}

TEST(json of a run has its figures and nothing else on standard output) {
  const program sentio_actors;
  const auto result =
      sentio_actors.run("mock --json --log-dir run --date 2025-12-01" + mock_lab::get().with_checkpoint());
  CHECK_EQUAL(result.code, 0);
  CHECK(result.error.empty());
  const auto answer = json::parse(result.out);
  CHECK_EQUAL(answer.at("log_dir").get<std::string>(), "run");
  CHECK_EQUAL(answer.at("rounds").get<int>(), 390);
  CHECK_EQUAL(answer.at("sessions").get<int>(), 1);
  CHECK_EQUAL(answer.at("differing_outputs").get<int>(), 0);
  CHECK(!answer.at("interrupted").get<bool>());
  CHECK_EQUAL(answer.at("actors").at("journal").at("days").get<int>(), 1);
  CHECK_EQUAL(answer.at("actors").at("supervisor").at("failures").get<int>(), 0);
  CHECK_EQUAL(answer.at("report").at("first_session").get<std::string>(), "2025-12-01");
  CHECK_EQUAL(answer.at("report").at("data_note").get<std::string>(), note);
  int bars = 0;
  for (const std::string symbol : test::sample_symbols)
    bars += answer.at("actors").at(symbol).at("bars").get<int>();
  CHECK_EQUAL(answer.at("symbol_bars").get<int>(), bars);
}

TEST(without a log directory each run gets its own and latest is the last) {
  const program sentio_actors;
  const auto options = mock_lab::get().with_checkpoint() + "--date 2025-12-01";
  CHECK_EQUAL(sentio_actors.run("mock" + options).code, 0);
  CHECK_EQUAL(sentio_actors.run("mock --seed 5" + options).code, 0);
  const auto root = sentio_actors.folder() / "logs" / "mock_trading";
  CHECK(std::filesystem::exists(root / "2025-12-01_2025-12-01_1" / "report.html"));
  CHECK(std::filesystem::exists(root / "2025-12-01_2025-12-01_2" / "report.html"));
  CHECK_EQUAL(json::parse(test::file_text(root / "latest" / "run.json")).at("seed").get<int>(), 5);
  CHECK_EQUAL(sentio_actors.run("report").code, 0);
  CHECK_EQUAL(sentio_actors.run("analyze-mrd").code, 0);
}

TEST(capital and fill model and seed reach the logs) {
  const program sentio_actors;
  const auto options = "mock --date 2025-12-01" + mock_lab::get().from_checkpoint();
  CHECK_EQUAL(sentio_actors.run(options + "--log-dir plain").code, 0);
  CHECK_EQUAL(sentio_actors.run(options + "--log-dir small --capital 50000").code, 0);
  CHECK_EQUAL(sentio_actors.run(options + "--log-dir close --fill close").code, 0);
  CHECK_EQUAL(sentio_actors.run(options + "--log-dir seed --seed 9").code, 0);
  const auto folder = sentio_actors.folder();
  const auto session = json::parse(test::file_text(folder / "small" / "sessions.jsonl"));
  CHECK_EQUAL(session.at("opening_equity").get<double>(), 50'000.0);
  const auto plain = test::logs_of(folder / "plain", test::last_day);
  CHECK(plain.at("trades_") != test::logs_of(folder / "close", test::last_day).at("trades_"));
  // A seed makes other order ids, and changes nothing else.
  const auto seeded = test::logs_of(folder / "seed", test::last_day);
  CHECK(plain.at("trades_") != seeded.at("trades_"));
  for (const std::string stem : {"signals_", "decisions_", "positions_"})
    CHECK(plain.at(stem) == seeded.at(stem));
}

TEST(the legacy baseline runs on the same sessions and is in the report) {
  const program sentio_actors;
  const auto result =
      sentio_actors.run("mock --log-dir run --date 2025-12-01 --warmup-days 2 --baseline legacy");
  CHECK_EQUAL(result.code, 0);
  CHECK(contains(result.out, "egacy"));
  const auto baseline = sentio_actors.folder() / "run" / "baseline_legacy";
  CHECK(test::only_whole_days(baseline));
  CHECK(json::parse(test::file_text(baseline / "run.json")).at("sessions") == json::array({"2025-12-01"}));
}

TEST(the printed configuration gives the same run) {
  const program sentio_actors;
  const auto printed = sentio_actors.run("config --print --json");
  test::write_file(sentio_actors.folder() / "my.json", printed.out);
  CHECK_EQUAL(sentio_actors.run("config --check my.json").code, 0);
  CHECK(json::parse(sentio_actors.run("config --schema").out).contains("properties"));
  const auto options = "mock --date 2025-12-01" + mock_lab::get().from_checkpoint();
  CHECK_EQUAL(sentio_actors.run(options + "--log-dir shipped").code, 0);
  CHECK_EQUAL(sentio_actors.run(options + "--log-dir printed --config my.json").code, 0);
  CHECK(test::same_folders(sentio_actors.folder() / "shipped", sentio_actors.folder() / "printed"));
}
