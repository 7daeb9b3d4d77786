#define CAF_SUITE program_keys

#include "tools/sentio-actors/keys.hpp"
#include "tests/program/program.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <functional>
#include <sys/stat.h>
#include <type_traits>

using namespace sentio;
using test::contains;
using test::scratch_folder;

namespace {

/// The environment of a test is the test's own: no key of the machine reaches it.
class bare_environment {
public:
  bare_environment() { clear(); }
  ~bare_environment() { clear(); }
  bare_environment(const bare_environment&) = delete;
  bare_environment& operator=(const bare_environment&) = delete;
  void set(const char* name, const char* value) const { setenv(name, value, 1); }

private:
  static void clear() {
    for (const char* const name : {"ALPACA_PAPER_API_KEY", "ALPACA_PAPER_SECRET_KEY", "ALPACA_API_KEY",
                                   "ALPACA_SECRET_KEY", "POLYGON_API_KEY"})
      unsetenv(name);
  }
};

std::filesystem::path key_file(const scratch_folder& folder, const std::string& text, mode_t mode) {
  const auto file = folder.path() / "config.env";
  test::write_file(file, text);
  if (chmod(file.c_str(), mode) != 0)
    throw std::runtime_error("cannot change the mode of " + file.string());
  return file;
}

std::string problem_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const usage_error& error) {
    return error.what();
  }
  return {};
}

template <class T, class = void>
struct can_be_printed : std::false_type {};
template <class T>
struct can_be_printed<T, std::void_t<decltype(std::declval<std::ostream&>() << std::declval<const T&>())>>
    : std::true_type {};

const std::string both = "ALPACA_PAPER_API_KEY=PKFILE\nALPACA_PAPER_SECRET_KEY=SFILE\n";

} // namespace

TEST(keys cannot be printed) {
  CHECK(!can_be_printed<venue_keys>::value);
  CHECK(can_be_printed<std::string>::value);
}

TEST(the environment comes before the file) {
  const scratch_folder folder;
  const bare_environment environment;
  CHECK(!find_keys(key_kind::paper, folder.path()));
  key_file(folder, both, 0600);
  const auto file = load_keys(key_kind::paper, folder.path());
  CHECK_EQUAL(file.id, "PKFILE");
  CHECK_EQUAL(file.secret, "SFILE");
  environment.set("ALPACA_PAPER_API_KEY", "PKENV");
  environment.set("ALPACA_PAPER_SECRET_KEY", "SENV");
  const auto given = load_keys(key_kind::paper, folder.path());
  CHECK_EQUAL(given.id, "PKENV");
  CHECK_EQUAL(given.secret, "SENV");
  // Paper keys are no keys of the real account.
  CHECK(!find_keys(key_kind::real, folder.path()));
  environment.set("POLYGON_API_KEY", "POLY");
  const auto polygon = load_keys(key_kind::polygon, folder.path());
  CHECK_EQUAL(polygon.id, "POLY");
  CHECK(polygon.secret.empty());
}

TEST(the file is read as a shell would) {
  const scratch_folder folder;
  const bare_environment environment;
  key_file(folder,
           "# keys\r\n\n  export ALPACA_API_KEY = \"AK 1\"x\nALPACA_API_KEY='AK2'\r\n#ALPACA_API_KEY=no\n"
           "ALPACA_SECRET_KEY=a=b#c\nNOT_A_LINE\n=\nXALPACA_API_KEY=other",
           0600);
  const auto keys = load_keys(key_kind::real, folder.path());
  CHECK_EQUAL(keys.id, "AK2");
  CHECK_EQUAL(keys.secret, "a=b#c");
}

TEST(a byte order mark before the first key is no part of it) {
  const scratch_folder folder;
  const bare_environment environment;
  key_file(folder, "\xEF\xBB\xBF" + both, 0600);
  CHECK_EQUAL(load_keys(key_kind::paper, folder.path()).id, "PKFILE");
}

TEST(a file that others may read is refused) {
  const scratch_folder folder;
  const bare_environment environment;
  for (const mode_t mode : {0644u, 0640u, 0604u, 0660u, 0610u, 0601u, 0666u, 0777u}) {
    const auto file = key_file(folder, both, mode);
    const auto problem = problem_of([&] { load_keys(key_kind::paper, folder.path()); });
    CHECK(contains(problem, "run: chmod 600 " + file.string()));
    CHECK(problem.find("PKFILE") == std::string::npos && problem.find("SFILE") == std::string::npos);
  }
  for (const mode_t mode : {0600u, 0400u}) {
    std::filesystem::remove(folder.path() / "config.env");
    key_file(folder, both, mode);
    CHECK(find_keys(key_kind::paper, folder.path()).has_value());
  }
}

TEST(half a pair and impossible keys are refused without being shown) {
  const scratch_folder folder;
  const bare_environment environment;
  key_file(folder, "ALPACA_PAPER_API_KEY=PKFILE\nALPACA_PAPER_SECRET_KEY=\n", 0600);
  const auto half = problem_of([&] { load_keys(key_kind::paper, folder.path()); });
  CHECK(contains(half, "ALPACA_PAPER_API_KEY is in "));
  CHECK(contains(half, "but ALPACA_PAPER_SECRET_KEY is not"));
  CHECK(half.find("PKFILE") == std::string::npos);
  for (const char* const value : {"AK\nHost: x", "AK K", "AK\t", "\xc3\xa4K"}) {
    environment.set("ALPACA_API_KEY", value);
    environment.set("ALPACA_SECRET_KEY", "S");
    const auto problem = problem_of([&] { load_keys(key_kind::real, folder.path()); });
    CHECK(contains(problem, "ALPACA_API_KEY in the environment holds a character that no key has"));
    CHECK(problem.find("AK") == std::string::npos);
  }
  environment.set("ALPACA_API_KEY", std::string(600, 'k').c_str());
  CHECK(contains(problem_of([&] { load_keys(key_kind::real, folder.path()); }), "too long"));
}

TEST(what is no file of keys is refused) {
  const scratch_folder folder;
  const bare_environment environment;
  const auto file = folder.path() / "config.env";
  std::filesystem::create_directory(file);
  CHECK(contains(problem_of([&] { load_keys(key_kind::paper, folder.path()); }), "no regular file"));
  std::filesystem::remove(file);
  REQUIRE(mkfifo(file.c_str(), 0600) == 0);
  CHECK(contains(problem_of([&] { load_keys(key_kind::paper, folder.path()); }), "no regular file"));
  std::filesystem::remove(file);
  key_file(folder, std::string(100'000, '#'), 0600);
  CHECK(contains(problem_of([&] { load_keys(key_kind::paper, folder.path()); }), "64 KiB"));
}

TEST(without keys both ways are named) {
  const scratch_folder folder;
  const bare_environment environment;
  const auto paper = problem_of([&] { load_keys(key_kind::paper, folder.path()); });
  CHECK(contains(paper, "ALPACA_PAPER_API_KEY and ALPACA_PAPER_SECRET_KEY in the environment"));
  CHECK(contains(paper, "config.env in this directory (chmod 600 config.env)"));
  CHECK(contains(problem_of([&] { load_keys(key_kind::real, folder.path()); }), "ALPACA_SECRET_KEY"));
  CHECK(contains(problem_of([&] { load_keys(key_kind::polygon, folder.path()); }), "POLYGON_API_KEY=..."));
}
