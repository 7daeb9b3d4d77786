#define CAF_SUITE uplink_program

#include "core/numeric/random.hpp"
#include "tests/uplink/support.hpp"

#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <sstream>
#include <sys/socket.h>
#include <unistd.h>

using namespace sentio;
using namespace sentio::test;

namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream out;
  out << std::ifstream(file, std::ios::binary).rdbuf();
  return out.str();
}

/// sentio-uplink with its standard error in a file, and our end of its socket.
struct program {
  int ours = -1;
  std::filesystem::path errors;
  child_process child;

  program(const house& place, std::vector<std::string> more) : errors(place.folder.path() / "errors") {
    int ends[2];
    REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    const int file = ::open(errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    const int kept = ::dup(STDERR_FILENO);
    ::dup2(file, STDERR_FILENO);
    child = child_process(program_beside_this("sentio-uplink"), std::move(more), ends[1]);
    ::dup2(kept, STDERR_FILENO);
    for (const int one : {file, kept, ends[1]})
      ::close(one);
    ours = ends[0];
  }
  ~program() { hang_up(); }
  program(const program&) = delete;
  program& operator=(const program&) = delete;

  void hang_up() {
    if (ours >= 0)
      ::close(ours);
    ours = -1;
  }
  void say(std::string_view bytes) const {
    [[maybe_unused]] const auto sent = ::send(ours, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }
  /// How it ended, or "runs".
  std::string end(std::chrono::seconds limit = 10s) {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (child.running() && std::chrono::steady_clock::now() < until)
      std::this_thread::sleep_for(10ms);
    return child.running() ? "runs" : child.end();
  }
};

std::vector<std::string> arguments(const house& place) {
  return {"--fd=3", "--hub=127.0.0.1:" + std::to_string(closed_port()), "--cert-dir=" + place.desk.string(),
          "--parent=" + std::to_string(::getpid())};
}

std::string hello() {
  return encode_uplink(uplink_way::up, uplink_kind::hello, R"({"id":"a","name":"a","kind":"mock"})");
}

} // namespace

TEST(malformed frames of the parent end it with a message) {
  const house place;
  const std::string beat = encode_uplink(uplink_way::up, uplink_kind::beat, "");
  std::string damaged = encode_uplink(uplink_way::up, uplink_kind::report, "{}");
  damaged.back() = '!';
  const std::vector<std::pair<std::string, const char*>> cases{
      {"no frame at all, only words", "SUP1"},
      {hello() + damaged, "checksum"},
      {beat + encode_uplink(uplink_way::down, uplink_kind::whole, ""), "does not come this way"},
      {encode_uplink(uplink_way::up, uplink_kind::report, "{}"), "before its hello"},
      {hello() + hello(), "second hello"},
      {encode_uplink(uplink_way::up, uplink_kind::hello, "{}"), "without id"},
      {encode_uplink(uplink_way::up, uplink_kind::hello, std::string(5'000, '[')), "without id"}};
  for (const auto& [bytes, part] : cases) {
    program one(place, arguments(place));
    one.say(bytes);
    CHECK_EQUAL(one.end(), "with exit code 1");
    const auto errors = text_of(one.errors);
    CHECK(holds(errors, "sentio-uplink: the trading process sent"));
    CHECK(holds(errors, part));
  }
}

TEST(random streams end it in an orderly way) {
  const house place;
  random_source random(5);
  for (int round = 0; round < 20; ++round) {
    program one(place, arguments(place));
    std::string bytes = round % 2 == 0 ? hello() : "";
    for (int i = 0; i < 300; ++i)
      bytes += static_cast<char>(random.below(256));
    one.say(bytes);
    CHECK_EQUAL(one.end(), "with exit code 1");
  }
}

TEST(it ends when its parent closes the socket) {
  const house place;
  program quiet(place, arguments(place));
  program greeted(place, arguments(place));
  greeted.say(hello());
  CHECK_EQUAL(greeted.end(1s), "runs");
  quiet.hang_up();
  greeted.hang_up();
  CHECK_EQUAL(quiet.end(), "with exit code 0");
  CHECK_EQUAL(greeted.end(), "with exit code 0");
}

TEST(it beats once a second while the parent says nothing) {
  const house place;
  const program one(place, arguments(place));
  uplink_reader reader(uplink_way::down);
  std::vector<uplink_frame> frames;
  const auto end = std::chrono::steady_clock::now() + 4s;
  while (std::chrono::steady_clock::now() < end) {
    pollfd place_of{one.ours, POLLIN, 0};
    char bytes[4096];
    if (::poll(&place_of, 1, 100) > 0) {
      const auto count = ::recv(one.ours, bytes, sizeof bytes, 0);
      REQUIRE(count > 0);
      CHECK(reader.take({bytes, static_cast<std::size_t>(count)}, frames));
    }
  }
  std::size_t beats = 0;
  for (const auto& frame : frames)
    beats += frame.kind == uplink_kind::beat ? 1u : 0u;
  CHECK(beats >= 3);
  CHECK(beats <= 5);
}

TEST(wrong usage is told with exit code 2 and strangers are not served) {
  const house place;
  const auto try_with = [&](std::vector<std::string> words, const char* end, const char* part) {
    program one(place, std::move(words));
    CHECK_EQUAL(one.end(), end);
    CHECK(holds(text_of(one.errors), part));
  };
  try_with({}, "with exit code 2", "required");
  auto words = arguments(place);
  words[1] = "--hub=nonsense";
  try_with(words, "with exit code 2", "HOST:PORT");
  words = arguments(place);
  words[0] = "--fd=0";
  try_with(words, "with exit code 1", "no connected socket");
  words = arguments(place);
  words[3] = "--parent=1";
  try_with(words, "with exit code 1", "its parent is not process 1");
  words = arguments(place);
  words[2] = "--cert-dir=" + (place.root / "hub").string();
  try_with(words, "with exit code 1", "is for the role hub");
}
