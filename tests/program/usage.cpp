#define CAF_SUITE program_usage

#include "tests/program/program.hpp"

using sentio::test::contains;
using sentio::test::program;

TEST(help and version are good) {
  const program sentio_actors;
  const auto help = sentio_actors.run("--help");
  CHECK_EQUAL(help.code, 0);
  CHECK(contains(help.out, "Examples:"));
  CHECK(contains(help.out, "verify-data"));
  CHECK(contains(help.out, "Exit codes: 0 good"));
  CHECK(help.error.empty());
  const auto version = sentio_actors.run("--version");
  CHECK_EQUAL(version.code, 0);
  CHECK(version.out.starts_with("sentio-actors 0."));
}

TEST(every command has help with an example) {
  const program sentio_actors;
  for (const std::string command : {"config", "verify-data", "generate-data", "download-data", "report",
                                    "analyze-mrd", "explain", "tape", "tape show", "tape verify"}) {
    const auto help = sentio_actors.run(command + " --help");
    CHECK_EQUAL(help.code, 0);
    CHECK(contains(help.out, "  sentio-actors " + command.substr(0, command.find(' '))));
  }
}

TEST(wrong usage is exit code two and one sentence) {
  const program sentio_actors;
  const auto nothing = sentio_actors.run("");
  CHECK_EQUAL(nothing.code, 2);
  CHECK(contains(nothing.error, "sentio-actors: no command is given; commands are: "));
  const auto typo = sentio_actors.run("confg --schema");
  CHECK_EQUAL(typo.code, 2);
  CHECK(contains(typo.error, "sentio-actors: confg is no command; did you mean config?; commands are: "));
  const auto option = sentio_actors.run("config --chek x");
  CHECK_EQUAL(option.code, 2);
  CHECK(contains(option.error, "--chek"));
  CHECK(contains(option.error, "see `sentio-actors config --help`"));
  const auto flag = sentio_actors.run("--colour");
  CHECK_EQUAL(flag.code, 2);
  CHECK(contains(flag.error, "see `sentio-actors --help`"));
  const auto verb = sentio_actors.run("tape look x");
  CHECK_EQUAL(verb.code, 2);
  CHECK(contains(verb.error, "see `sentio-actors tape"));
  const auto number = sentio_actors.run("generate-data --output x --days many");
  CHECK_EQUAL(number.code, 2);
  CHECK(contains(number.error, "--days"));
  const auto missing = sentio_actors.run("generate-data --days 2");
  CHECK_EQUAL(missing.code, 2);
  CHECK(contains(missing.error, "--output"));
}

TEST(help is a command of its own) {
  const program sentio_actors;
  const auto plain = sentio_actors.run("help");
  CHECK_EQUAL(plain.code, 0);
  CHECK_EQUAL(plain.out, sentio_actors.run("--help").out);
  const auto one = sentio_actors.run("help explain");
  CHECK_EQUAL(one.code, 0);
  CHECK_EQUAL(one.out, sentio_actors.run("explain --help").out);
  const auto unknown = sentio_actors.run("help explian");
  CHECK_EQUAL(unknown.code, 2);
  CHECK(contains(unknown.error, "did you mean explain?"));
}

TEST(a typo is never answered with a command that sells) {
  const program sentio_actors;
  for (const std::string typo :
       {"hlep", "hat", "hlat", "halts", "flaten", "flatten-all", "kil", "kills", "fill"}) {
    const auto answer = sentio_actors.run(typo);
    CHECK_EQUAL(answer.code, 2);
    CHECK(contains(answer.error, typo + " is no command"));
    for (const std::string command : {"halt", "flatten", "kill"})
      CHECK(!contains(answer.error, "did you mean " + command));
  }
}

TEST(an output that cannot be written is no success) {
  const program sentio_actors;
  // The hash hides the redirections that run() adds.
  const auto full = sentio_actors.run("config --schema >/dev/full 2>/dev/null #");
  CHECK_EQUAL(full.code, 1);
}

TEST(the source check finds what it must) {
  const sentio::test::scratch_folder tree;
  const auto check = [&] {
    const std::string line = std::string(SENTIO_SOURCE_DIR) + "/tools/check-sources '" +
                             tree.path().string() + "' >'" + (tree.path() / "out").string() + "'";
    return WEXITSTATUS(std::system(line.c_str()));
  };
  const auto market = tree.path() / "core" / "market";
  std::filesystem::create_directories(market);
  sentio::test::write_file(market / "good.cpp",
                           "// rand() in a comment\n#include \"core/numeric/hash.hpp\"\n");
  CHECK_EQUAL(check(), 0);
  for (const std::string bad :
       {"int x = rand();", "auto t = std::chrono::system_clock::now();", "std::thread t;",
        "double y = std::log(2.0);", "#include \"core/strategy/ranking.hpp\"", "#include \"actors/tape.hpp\"",
        "#include <caf/all.hpp>", "auto h = getenv(\"HOME\");",
        "std::unordered_set<int> ids_; void f() { for (int i : ids_) use(i); }"}) {
    std::string text = bad;
    if (const auto end = text.find("; void"); end != std::string::npos)
      text.replace(end, 2, ";\n");
    sentio::test::write_file(market / "bad.cpp", text + "\n");
    CHECK_EQUAL(check(), 1);
  }
}
