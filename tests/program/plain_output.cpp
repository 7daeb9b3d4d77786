#define CAF_SUITE program_plain_output
// Whoever names a file, a symbol or a key moves no cursor of the person who reads of it.

#include "tests/program/program.hpp"

using namespace sentio;
using test::program;

namespace {

/// Red, a bell, a cursor that goes home, a line turned around, a control of eight bits, DEL.
const std::string hostile = "x\x1b[31m\a\x1b[H\xe2\x80\xae\xc2\x9b\x7f";

/// The first byte or character that a terminal would obey, with what stands around it; empty: there is none.
std::string obeyed(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool control = (byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7f ||
                         text.compare(i, 2, "\xc2\x9b") == 0 || text.compare(i, 3, "\xe2\x80\xae") == 0;
    if (control)
      return "byte " + std::to_string(byte) + " behind \"" +
             text.substr(i < 40 ? 0 : i - 40, i < 40 ? i : 40) + "\"";
  }
  return {};
}

struct lab {
  program sentio_actors{"sentio-actors"};
  int named = 0; ///< answers in which the hostile text stood, in plain letters

  void check(const std::string& arguments, const std::string& name = "sentio-actors") {
    const program other(name);
    const auto& asked = name == "sentio-actors" ? sentio_actors : other;
    const auto result = asked.run(arguments);
    const auto said = result.out + result.error;
    CAF_MESSAGE(arguments.substr(0, 20));
    CHECK(!said.empty());
    CHECK_EQUAL(obeyed(said), "");
    named += said.find("[31m") != std::string::npos;
  }
};

} // namespace

TEST(no command prints a control character of a name that it was given) {
  lab lab;
  const std::string quoted = "'" + hostile + "'";
  const std::vector<std::string> commands{
      quoted,
      "mock --data-dir " + quoted,
      "mock --symbols " + quoted,
      "mock --config " + quoted,
      "mock --log-dir /dev/null/" + quoted,
      "verify-data --data-dir " + quoted,
      "config --check " + quoted,
      "explain --time 10:00 --log-dir " + quoted,
      "report --log-dir " + quoted,
      "replay " + quoted,
      "tape show " + quoted,
      "tape verify " + quoted,
      "status --log-dir " + quoted,
      "halt --log-dir " + quoted,
      "rearm --log-dir " + quoted,
      "warmup --data-dir " + quoted,
      "certs --dir /dev/null/" + quoted,
      "live --paper --venue local --data-dir " + quoted,
      "live --paper --venue " + quoted,
  };
  for (const auto& one : commands)
    lab.check(one);
  lab.check("--data-dir " + quoted, "sentio-exchange");
  lab.check("--faults " + quoted, "sentio-exchange");
  CHECK(lab.named >= 10); // they do say what they were given
}

TEST(no command prints a control character that stands in a file) {
  lab lab;
  const auto folder = lab.sentio_actors.folder();
  std::filesystem::create_directory(folder / "bars");
  test::write_file(folder / "bars" / "AAA_RTH_NH.csv",
                   "symbol,ts_utc,ts_nyt_epoch,open,high,low,close,volume\n" + hostile +
                       ",2025-06-03T13:30:00Z," + hostile + ",1,1,1,1," + hostile + "\n");
  test::write_file(folder / "keys.json", "{\"" + hostile + "\": 1, \"name\": \"" + hostile + "\"}");
  test::write_file(folder / "escaped.json", R"({"x\u001b[31m\u0007\u009b": 1, "symbols": ["\u001b[31mA"]})");
  test::write_file(folder / "a.tape", hostile);
  std::filesystem::create_directory(folder / "logs");
  test::write_file(folder / "logs" / "run.json", "{\"title\": \"\\u001b[31m\", " + hostile);
  test::write_file(folder / "faults.json", R"([{"kind": "\u001b[31mx"}])");
  lab.check("verify-data --data-dir bars");
  lab.check("mock --data-dir bars --symbols AAA");
  lab.check("config --check keys.json");
  lab.check("config --check escaped.json");
  lab.check("replay a.tape");
  lab.check("tape show a.tape");
  lab.check("report --log-dir logs");
  lab.check("--faults " + (folder / "faults.json").string(), "sentio-exchange");
  CHECK(lab.named >= 3);
}
