#define CAF_SUITE program_live_limits
// Limits that leave a session no room: it is refused before anything is traded.

#include "core/monitor/sanitized.hpp"
#include "tests/live/lab.hpp"

using namespace sentio;
using test::contains;
using test::program;

namespace {

void check_refused(const std::string& limit, const std::string& named) {
  const program sentio_actors;
  const auto run =
      sentio_actors.run(test::short_session, limit + " && " + test::without_keys + "timeout -k 1 30");
  CHECK_EQUAL(run.code, 1);
  CHECK(contains(run.error, named));
  CHECK(contains(run.error, "start again"));
  CHECK_EQUAL(test::lines_of(run.error).size(), 1u);
  CHECK(!std::filesystem::exists(sentio_actors.folder() / "logs"));
}

} // namespace

TEST(a process without memory for a session is refused with a sentence) {
  if (built_with_sanitizer) {
    CAF_MESSAGE("skipped: a sanitizer takes all address space for itself");
    return;
  }
  for (const std::string kilobytes : {"200000", "300000", "400000"})
    check_refused("ulimit -v " + kilobytes, "(ulimit -v is " + kilobytes + ")");
}

TEST(a process that may open few files is refused with a sentence) {
  check_refused("ulimit -n 60", "may open 60 files");
}
