#define CAF_SUITE terminal_keys

#include "tests/terminal/support.hpp"
#include "tools/sentio-monitor/command_desk.hpp"

#include "core/monitor/certificates.hpp"

#include <fstream>

using namespace sentio;
using test::shows;

namespace {

void type(desk& lines, const terminal_view& view, const std::string& text) {
  for (const char c : text)
    lines.press(static_cast<unsigned char>(c), view);
}

/// A folder with an authority and an operator's key.
std::filesystem::path operator_key_in(const std::filesystem::path& folder) {
  authority_plan plan;
  plan.folder = folder / "certs";
  plan.viewers = {"me"};
  make_authority(plan);
  return plan.folder / "operator" / "operator.key";
}

} // namespace

TEST(numbers and Tab change the screen and q quits) {
  const terminal_view view = test::watching_view();
  desk lines = test::connected_desk();
  CHECK(lines.shown() == screen::instances);
  lines.press('4', view);
  CHECK(lines.shown() == screen::learners);
  lines.press(key::tab, view);
  CHECK(lines.shown() == screen::orders);
  lines.press('6', view);
  lines.press(key::tab, view);
  CHECK(lines.shown() == screen::instances);
  lines.press(key::back_tab, view);
  CHECK(lines.shown() == screen::faults);
  const auto wish = lines.press('q', view);
  REQUIRE(wish.has_value());
  CHECK(wish->what == desk_wish::kind::quit);
}

TEST(Enter chooses the instance of the marked row) {
  const terminal_view view = test::watching_view();
  desk lines = test::connected_desk();
  lines.draw(view, 1'000, 80, 24);
  lines.press(key::down, view);
  const auto wish = lines.press(key::enter, view);
  REQUIRE(wish.has_value());
  CHECK(wish->what == desk_wish::kind::choose);
  CHECK_EQUAL(wish->instance, "lab");
  CHECK(lines.shown() == screen::overview);
}

TEST(every command is asked about once and only y sends it) {
  const terminal_view view = test::watching_view();
  desk lines = test::connected_desk(true);
  const std::vector<std::pair<char, std::string>> commands{
      {'p', "pause"}, {'r', "resume"}, {'f', "flatten"}, {'h', "halt"}, {'a', "rearm"}};
  for (const auto& [pressed, word] : commands) {
    CHECK(!lines.press(static_cast<std::uint32_t>(pressed), view));
    CHECK(shows(lines.draw(view, 1'000, 80, 24), "instance desk-1? (y/N)"));
    CHECK(!lines.press('n', view));
    CHECK(shows(lines.draw(view, 1'000, 80, 24), "nothing was sent"));
    CHECK(!lines.press(static_cast<std::uint32_t>(pressed), view));
    const auto wish = lines.press('y', view);
    REQUIRE(wish.has_value());
    CHECK(wish->what == desk_wish::kind::command);
    CHECK_EQUAL(wish->instance, "desk-1");
    CHECK_EQUAL(wish->command, word);
    CHECK(!lines.press('y', view)); // no second time
  }
}

TEST(kill and configure take an argument first) {
  const terminal_view view = test::watching_view();
  desk lines = test::connected_desk(true);
  lines.press('c', view);
  type(lines, view, "new.jsonx");
  lines.press(key::erase, view);
  CHECK(shows(lines.draw(view, 1'000, 80, 24), "Configuration file: new.json_"));
  CHECK(!lines.press(key::enter, view));
  auto wish = lines.press('y', view);
  REQUIRE(wish.has_value());
  CHECK_EQUAL(wish->command, "configure");
  CHECK_EQUAL(wish->argument, "new.json");
  // On the screen of actors the marked one is offered.
  lines.press('3', view);
  lines.draw(view, 1'000, 80, 24);
  lines.press(key::down, view);
  lines.press('k', view);
  CHECK(shows(lines.draw(view, 1'000, 80, 24), "Actor to kill: TQQQ_"));
  lines.press(key::enter, view);
  wish = lines.press('y', view);
  REQUIRE(wish.has_value());
  CHECK_EQUAL(wish->argument, "TQQQ");
  // Escape and an empty line send nothing.
  lines.press('c', view);
  lines.press(key::escape, view);
  CHECK(!lines.press('y', view));
  lines.press('c', view);
  lines.press(key::enter, view);
  CHECK(!lines.press('y', view));
}

TEST(without the operator key or an instance there are no commands) {
  const terminal_view view = test::watching_view();
  desk keyless = test::connected_desk(false);
  keyless.press('h', view);
  CHECK(shows(keyless.draw(view, 1'000, 80, 24), "--operator-key FILE"));
  CHECK(!keyless.press('y', view));
  const terminal_view nothing;
  desk lines = test::connected_desk(true);
  lines.press('h', nothing);
  CHECK(shows(lines.draw(nothing, 1'000, 80, 24), "choose an instance first"));
  CHECK(!lines.press('y', nothing));
}

TEST(a lost connection is in sight though a sentence stood there) {
  const terminal_view view = test::watching_view();
  desk lines = test::connected_desk();
  lines.note("pause: done", look::good);
  CHECK(shows(lines.draw(view, 1'000, 80, 24), "pause: done"));
  lines.set_link({false, "the hub does not answer", 2'000});
  const auto drawn = lines.draw(view, 1'000, 80, 24);
  CHECK(shows(drawn, "the hub does not answer; again in 1 s"));
  CHECK(shows(drawn, "STALE: no connection to the hub"));
}

TEST(a question is seen to its end at 80 columns) {
  const terminal_view view = test::watching_view();
  desk lines = test::connected_desk(true);
  lines.press('c', view);
  type(lines, view, "/a/long/way/to/a/configuration/file/of/tomorrow.json");
  lines.press(key::enter, view);
  CHECK(shows(lines.draw(view, 1'000, 80, 24), "(y/N)"));
}

TEST(signed commands are good and their counters grow when the clock is set back) {
  const test::scratch_folder folder;
  const auto file = operator_key_in(folder.path());
  const auto keys = operator_public_key::load(file.parent_path() / "operator.pub");
  command_desk commands(operator_key::load(file), "ann@desk");
  const desk_wish wish{desk_wish::kind::command, "desk-1", "halt", ""};
  std::string why;
  const auto first = parse_command(commands.make(wish, 1'764'600'000'000, 0), why);
  const auto second = parse_command(commands.make(wish, 1'764'599'999'000, 10), why);
  REQUIRE(first.has_value());
  REQUIRE(second.has_value());
  REQUIRE(keys.size() == 1);
  CHECK(keys[0].verify(*first));
  CHECK_EQUAL(first->value.counter, 1'764'600'000'000u);
  CHECK_EQUAL(second->value.counter, 1'764'600'000'001u);
  CHECK_EQUAL(first->value.instance, "desk-1");
  CHECK_EQUAL(first->value.sender, "ann@desk");
  const time_ms life = first->value.expires - 1'764'600'000'000;
  CHECK(life > 0 && life <= longest_command_life_ms);
  const auto answered = commands.take({1'764'600'000'000, true, "HALTED"});
  REQUIRE(answered.has_value());
  CHECK_EQUAL(answered->text, "halt: HALTED");
  CHECK(!commands.take({1'764'600'000'000, true, "again"})); // not twice
  CHECK(!commands.take({77, true, "foreign"}));
  CHECK(!commands.overdue(10'010));
  const auto late = commands.overdue(10'011);
  REQUIRE(late.has_value());
  CHECK(late->text.find("no answer within 10 s") != std::string::npos);
  CHECK(!commands.overdue(99'999));
}

TEST(a configuration is read and checked before it is sent) {
  const test::scratch_folder folder;
  command_desk commands(operator_key::load(operator_key_in(folder.path())), "ann@desk");
  const auto with_file = [&](const std::string& name, const std::string& text) {
    std::ofstream(folder.path() / name) << text;
    return desk_wish{desk_wish::kind::command, "desk-1", "configure", (folder.path() / name).string()};
  };
  std::string why;
  const auto sent = parse_command(commands.make(with_file("good.json", "{ \"a\" : 1 }"), 1'000, 0), why);
  REQUIRE(sent.has_value());
  CHECK_EQUAL(sent->value.argument, "{\"a\":1}");
  const auto refusal = [&](const desk_wish& wish) -> std::string {
    try {
      commands.make(wish, 1'000, 0);
    } catch (const std::exception& error) {
      return error.what();
    }
    return "sent";
  };
  CHECK(refusal(with_file("bad.json", "{ a")).find("is no JSON object") != std::string::npos);
  const std::string long_text = "{\"a\":\"" + std::string(longest_command_argument, 'x') + "\"}";
  CHECK(refusal(with_file("long.json", long_text)).find("can be sent") != std::string::npos);
  const desk_wish missing{desk_wish::kind::command, "desk-1", "configure", (folder.path() / "none").string()};
  CHECK(refusal(missing).find("none") != std::string::npos);
}
