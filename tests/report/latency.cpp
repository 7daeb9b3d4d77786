#define CAF_SUITE report_latency
#include "core/report/latency.hpp"

#include "core/report/report.hpp"
#include "tests/support/test.hpp"

#include <fstream>

using namespace sentio;

TEST(percentiles are values that were measured) {
  const std::vector<double> ten{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  CHECK_EQUAL(nearest_rank(ten, 0.5), 5.0);
  CHECK_EQUAL(nearest_rank(ten, 0.99), 10.0);
  CHECK_EQUAL(nearest_rank(ten, 0.0), 1.0);
  CHECK_EQUAL(nearest_rank({}, 0.5), 0.0);
  CHECK_EQUAL(latency_text({0.5, 1.25}), "2 orders, p50 0.50 ms, p99 1.25 ms");
  CHECK(latency_text({}).empty());
}

TEST(latencies of the sessions are read and a broken line is named) {
  const test::scratch_folder folder;
  const auto file = folder.path() / "latency_2025-06-03.jsonl";
  std::ofstream(file) << R"({"round_ms":1,"order_ms":2.5})"
                      << "\n"
                      << R"({"round_ms":1,"order_ms":0.5})"
                      << "\n";
  const auto found = load_latencies(folder.path(), {{2025, 6, 2}, {2025, 6, 3}});
  REQUIRE(found.size() == 2u);
  CHECK_EQUAL(found[0], 0.5);
  CHECK(load_latencies(folder.path(), {{2025, 6, 2}}).empty());
  std::ofstream(file, std::ios::app) << "{}\n";
  std::string message;
  try {
    load_latencies(folder.path(), {{2025, 6, 3}});
  } catch (const report_error& error) {
    message = error.what();
  }
  CHECK(message.find("latency_2025-06-03.jsonl:3") != std::string::npos);
}
