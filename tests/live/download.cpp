#define CAF_SUITE program_live_download

#include "tests/live/lab.hpp"

using namespace sentio;
using test::contains;
using test::program;

namespace {

/// An exchange after the close of the sample's last day, so that its bars are history.
const std::string after_close = "--date 2025-12-01 --start 16:30 ";

nlohmann::json download(const program& sentio_actors, const test::running_exchange& exchange,
                        const std::string& last, const std::string& adjustment, std::string* said = nullptr) {
  auto address = exchange.address();
  address.replace(address.find("--venue-url"), 11, "--base-url");
  const auto result =
      sentio_actors.run("download-data --json --source alpaca --symbols TQQQ --start 2025-11-28 "
                        "--output bars --adjustment " +
                            adjustment + " --end " + last + address,
                        exchange.keys());
  CHECK_EQUAL(result.code, 0);
  if (said)
    *said = result.error;
  return nlohmann::json::parse(result.out).at("symbols").at(0);
}

} // namespace

TEST(adjusted bars are continued while there is no split and loaded anew after one) {
  const program sentio_actors;
  const test::running_exchange before(after_close);
  CHECK_EQUAL(download(sentio_actors, before, "2025-11-28", "split").at("bars").get<int>(), 210);
  const auto file = sentio_actors.folder() / "bars" / "TQQQ_RTH_NH.csv";
  const auto half_day = test::file_text(file);
  const auto more = download(sentio_actors, before, "2025-12-01", "split");
  CHECK_EQUAL(more.at("resumed_after").get<std::string>(), "2025-11-28");
  CHECK_EQUAL(more.at("loaded_anew").get<std::string>(), "");
  CHECK_EQUAL(more.at("bars").get<int>(), 600);
  CHECK(test::file_text(file).starts_with(half_day));

  // The same beginning, continued after a split.
  std::filesystem::remove_all(sentio_actors.folder() / "bars");
  download(sentio_actors, before, "2025-11-28", "split");
  const auto faults = sentio_actors.folder() / "faults.json";
  test::write_file(faults, R"([{"kind":"reverse_split","symbol":"TQQQ","value":0.2}])");
  const test::running_exchange after(after_close + "--faults " + faults.string());
  const auto anew = download(sentio_actors, after, "2025-12-01", "split");
  CHECK(contains(anew.at("loaded_anew").get<std::string>(),
                 "the source's prices of 2025-11-28 are 0.2 times those stored"));
  CHECK(anew.at("resumed_after").is_null());
  CHECK_EQUAL(anew.at("bars").get<int>(), 600);
  CHECK(!test::file_text(file).starts_with(half_day));
  const auto audit = nlohmann::json::parse(sentio_actors.run("verify-data --json --data-dir bars").out);
  CHECK(audit.at("files").at(0).at("jumps").empty());
}

TEST(raw bars that are continued say that a split stays in them) {
  const program sentio_actors;
  const test::running_exchange exchange(after_close);
  std::string said;
  download(sentio_actors, exchange, "2025-11-28", "raw", &said);
  CHECK(said.find("raw prices") == std::string::npos);
  download(sentio_actors, exchange, "2025-12-01", "raw", &said);
  CHECK(contains(said, "warning: raw prices were added to raw prices (TQQQ)"));
}
