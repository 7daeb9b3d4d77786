#define CAF_SUITE program_live_doctor

#include "tests/live/lab.hpp"

#include <sys/stat.h>

using namespace sentio;
using nlohmann::json;
using test::contains;
using test::program;

namespace {

/// The lines of a check: whether all are good, and their texts.
struct verdict {
  bool good = true;
  std::string text;
};

std::map<std::string, verdict> verdicts(const std::string& out) {
  std::map<std::string, verdict> found;
  const auto answer = json::parse(out);
  for (const auto& line : answer.at("checks")) {
    auto& one = found[line.at("check")];
    one.good = one.good && line.at("good").get<bool>();
    one.text += line.at("text").get<std::string>() + "\n";
  }
  return found;
}

/// Looks at the bundled exchange with faults: one check has something to do, all others are good.
std::string only_fault(const program& sentio_actors, const std::string& faults, const std::string& check) {
  test::write_file(sentio_actors.folder() / "faults.json", faults);
  const auto result = sentio_actors.run("doctor --venue local --json --faults faults.json");
  CHECK_EQUAL(result.code, 1);
  for (const auto& [name, one] : verdicts(result.out))
    if (one.good == (name == check))
      CAF_FAIL(faults << ": " << name << " is " << (one.good ? "good: " : "not good: ") << one.text);
  return verdicts(result.out)[check].text;
}

} // namespace

TEST(all is good at the bundled exchange and nothing is left behind) {
  const program sentio_actors;
  const auto plain = sentio_actors.run("doctor --venue local", test::without_keys);
  CHECK_EQUAL(plain.code, 0);
  CHECK(plain.out.find("TO DO") == std::string::npos);
  CHECK(plain.error.empty());
  const auto result = sentio_actors.run("doctor --paper --venue local --json", test::without_keys);
  CHECK_EQUAL(result.code, 0);
  CHECK(json::parse(result.out).at("good").get<bool>());
  const auto found = verdicts(result.out);
  for (const std::string check : {"keys", "account", "other instances", "clock", "calendar", "assets", "bars",
                                  "data", "splits", "log directory", "disk"})
    CHECK(found.contains(check));
  CHECK(contains(found.at("account").text, "a paper account"));
  CHECK(contains(found.at("assets").text, "6 of 6"));
  CHECK(std::filesystem::is_empty(sentio_actors.folder()));
}

TEST(each fault of the exchange is found by its own check) {
  const program sentio_actors;
  CHECK(contains(only_fault(sentio_actors, R"([{"kind":"account_blocked"}])", "account"), "it is blocked"));
  CHECK(contains(only_fault(sentio_actors, R"([{"kind":"trading_blocked"}])", "account"), "it is blocked"));
  CHECK(contains(only_fault(sentio_actors, R"([{"kind":"not_tradable","symbol":"UVXY"}])", "assets"),
                 "UVXY cannot be traded"));
  CHECK(
      contains(only_fault(sentio_actors, R"([{"kind":"clock_offset","delay_ms":3000}])", "clock"), " ahead"));
  CHECK(contains(only_fault(sentio_actors, R"([{"kind":"clock_offset","delay_ms":-900}])", "clock"),
                 " behind"));
  CHECK(contains(only_fault(sentio_actors, R"([{"kind":"early_close"}])", "calendar"), "09:30 to 13:00"));
  CHECK(contains(only_fault(sentio_actors, R"([{"kind":"closed_day"}])", "calendar"),
                 "no session on 2025-12-01"));
}

TEST(a clock that is a little off is good) {
  const program sentio_actors;
  test::write_file(sentio_actors.folder() / "faults.json", R"([{"kind":"clock_offset","delay_ms":200}])");
  const auto result = sentio_actors.run("doctor --venue local --json --faults faults.json");
  CHECK_EQUAL(result.code, 0);
}

TEST(a split is named and told from a move of the market) {
  const program sentio_actors;
  const auto reverse = only_fault(sentio_actors, R"([{"kind":"reverse_split","symbol":"UVXY"}])", "splits");
  CHECK(contains(reverse, "UVXY: a 1-for-5 reverse split since 2025-11-28, not a move of the market"));
  CHECK(contains(reverse, "download-data"));
  CHECK(contains(reverse, "5 of 6 symbols"));
  const auto forward =
      only_fault(sentio_actors, R"([{"kind":"reverse_split","symbol":"TQQQ","value":0.5}])", "splits");
  CHECK(contains(forward, "TQQQ: a 2-for-1 split since 2025-11-28"));
}

TEST(bars that are old or missing or of another scale are found) {
  const program sentio_actors;
  const auto all = test::mock_lab::get().bars();
  const std::string exchange_options = "--start 09:20";
  const test::running_exchange exchange(exchange_options);
  const auto look = [&](const std::string& folder) {
    const auto result =
        sentio_actors.run("doctor --json --data-dir " + folder + exchange.address(), exchange.keys());
    CHECK_EQUAL(result.code, 1);
    return verdicts(result.out);
  };
  auto bars = all;
  bars.erase("SDS");
  test::write_bars(sentio_actors.folder() / "missing", bars);
  const auto missing = look("missing");
  CHECK(contains(missing.at("bars").text, "SDS: "));
  CHECK(contains(missing.at("bars").text, "5 of 6 symbols have bars"));
  CHECK(missing.at("splits").good);
  bars = all;
  for (auto& row : bars["TQQQ"].rows) // every price 5 times as high, as before a split that nobody told of
    for (std::size_t field = 0, at = 0; field < 6 && at != std::string::npos;
         ++field, at = row.find(',', at + 1))
      if (field >= 2) {
        const auto end = row.find(',', at + 1);
        const auto price = std::stod(row.substr(at + 1, end - at - 1)) * 5;
        row.replace(at + 1, end == std::string::npos ? std::string::npos : end - at - 1,
                    std::to_string(price));
      }
  test::write_bars(sentio_actors.folder() / "scaled", bars);
  CHECK(contains(look("scaled").at("splits").text, "adjusted by another rule or holds another instrument"));
}

TEST(bars of the day before yesterday are too old) {
  const program sentio_actors;
  const test::running_exchange exchange("--date 2025-12-01 --start 16:30");
  auto bars = test::mock_lab::get().bars();
  for (auto& [symbol, text] : bars) // the half day alone
    std::erase_if(text.rows,
                  [](const auto& row) { return test::epoch_of(row) >= test::half_day_midnight_s + 86'400; });
  test::write_bars(sentio_actors.folder() / "old", bars);
  const auto old = sentio_actors.run("doctor --json --data-dir old" + exchange.address(), exchange.keys());
  CHECK_EQUAL(old.code, 1);
  const auto found = verdicts(old.out);
  CHECK(!found.at("data").good);
  CHECK(contains(found.at("data").text, "1 session behind the last one (2025-12-01)"));
  CHECK(found.at("splits").good);
  // Without files the venue's own bars are what counts.
  const auto venue = sentio_actors.run("doctor --paper" + exchange.address(), exchange.keys());
  CHECK_EQUAL(venue.code, 0);
  CHECK(contains(venue.out, "this exchange has days of its own"));
  CHECK(contains(venue.out, "the venue has bars of 6 symbols on 2025-12-01"));
}

TEST(keys that are missing or open or wrong are something to do) {
  const program sentio_actors;
  const auto none = sentio_actors.run("doctor", test::without_keys);
  CHECK_EQUAL(none.code, 1);
  CHECK(contains(none.out, "ALPACA_PAPER_API_KEY and ALPACA_PAPER_SECRET_KEY"));
  const auto file = sentio_actors.folder() / "config.env";
  test::write_file(file, "ALPACA_PAPER_API_KEY=PKNOTTHISONE\nALPACA_PAPER_SECRET_KEY=SNOTTHISONE\n");
  CHECK_EQUAL(chmod(file.c_str(), 0644), 0);
  const auto open = sentio_actors.run("doctor", test::without_keys);
  CHECK_EQUAL(open.code, 1);
  CHECK(contains(open.out, "config.env has mode 0644"));
  CHECK_EQUAL(chmod(file.c_str(), 0600), 0);
  const test::running_exchange exchange("");
  const auto wrong = sentio_actors.run("doctor" + exchange.address(), test::without_keys);
  CHECK_EQUAL(wrong.code, 1);
  CHECK(contains(wrong.out, "in config.env, mode 0600"));
  CHECK(contains(wrong.out, "the venue refuses these keys"));
  for (const auto& told : {none, open, wrong})
    CHECK((told.out + told.error).find("NOTTHISONE") == std::string::npos);
}

TEST(a log directory that cannot be written and a full disk are found) {
  const program sentio_actors;
  const auto result = sentio_actors.run("doctor --venue local --json --log-dir /proc/nowhere");
  CHECK_EQUAL(result.code, 1);
  const auto found = verdicts(result.out);
  CHECK(!found.at("log directory").good);
  CHECK(contains(found.at("disk").text, "only 0.00 GiB are free"));
  test::write_file(sentio_actors.folder() / "taken", "");
  CHECK(
      contains(sentio_actors.run("doctor --venue local --log-dir taken").out, "is a file; name a directory"));
}

TEST(wrong usage of the doctor is exit code two) {
  const program sentio_actors;
  test::write_file(sentio_actors.folder() / "broken.json", "[{");
  const std::map<std::string, std::string> wrong{
      {"--paper --real", "--paper and --real exclude each other"},
      {"--real --venue local", "--real looks at the broker only"},
      {"--venue moon", "--venue moon is unknown"},
      {"--venue local --venue-url https://localhost:1", "give one of them"},
      {"--faults broken.json", "--faults needs --venue local"},
      {"--venue local --faults broken.json", "broken.json: "},
      {"--venue local --faults absent.json", "absent.json"},
      {"--venue local --symbols NOPE", "NOPE"},
      {"--data-feed otc", "--data-feed otc is unknown"}};
  for (const auto& [options, part] : wrong) {
    const auto result = sentio_actors.run("doctor " + options, test::without_keys);
    CHECK_EQUAL(result.code, 2);
    CHECK(contains(result.error, part));
    CHECK(result.out.empty());
  }
}
