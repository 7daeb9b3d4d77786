// sentio-actors: the command line.
#include "core/config/suggestion.hpp"
#include "tools/sentio-actors/commands.hpp"
#include "tools/sentio-actors/run_console.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr const char* examples = R"(Examples:
  sentio-actors mock                                     replay the bundled sample, end in a report
  sentio-actors mock --date 2025-06-03 --data-dir DIR    one day of your own bars
  sentio-actors --paper --venue local --speed 600        paper trading against the bundled exchange
  sentio-actors doctor --paper                           could a session be traded now? if not, what to do
  sentio-actors verify-data --data-dir DIR               can these bars be traded?
  sentio-actors explain --date 2025-06-03 --time 10:31   why each symbol was bought, held, sold or left
  sentio-actors config --print                           every key, its value and its meaning

Exit codes: 0 good, 1 the run or the check failed, 2 wrong usage or configuration.
`sentio-actors help COMMAND` has the options and examples of a command.)";

/// What these do cannot be undone, so a typo is never answered with one of them.
constexpr std::array<std::string_view, 3> never_suggested{"halt", "flatten", "kill"};

std::string command_names(const CLI::App& app, std::vector<std::string>& suggestions) {
  std::string list;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    const auto& name = command->get_name();
    if (std::find(never_suggested.begin(), never_suggested.end(), name) == never_suggested.end())
      suggestions.push_back(name);
    list += (list.empty() ? "" : ", ") + name;
  }
  return list;
}

/// `help` and `help COMMAND` mean `--help` and `COMMAND --help`; `--paper ...` is short for `live --paper
/// ...`.
void expand_shorthands(const CLI::App& app, std::vector<std::string>& words) {
  if (words.empty())
    return;
  if (words[0] == "--paper" || words[0] == "--real") {
    words.insert(words.begin(), "live");
  } else if (words[0] == "help") {
    words.erase(words.begin());
    const auto named = [&](const CLI::App* command) { return command->get_name() == words[0]; };
    // That there is no such command is for the parser to say.
    if (words.empty() || !app.get_subcommands(named).empty())
      words.push_back("--help");
  }
}

/// One line: what was found, and what would be right.
std::string parse_problem(const CLI::App& app, const CLI::Error& error, const std::string& first) {
  const auto chosen = app.get_subcommands();
  if (chosen.empty()) {
    std::vector<std::string> suggestions{"help"};
    const std::string list = command_names(app, suggestions);
    if (first.empty())
      return "no command is given; commands are: " + list;
    if (first[0] != '-')
      return first + " is no command" + sentio::did_you_mean(first, suggestions) + "; commands are: " + list;
    return std::string(error.what()) + "; see `sentio-actors --help`";
  }
  std::string path = "sentio-actors";
  for (const CLI::App* command = &app; !command->get_subcommands().empty();) {
    command = command->get_subcommands().front();
    path += " " + command->get_name();
  }
  return std::string(error.what()) + "; see `" + path + " --help`";
}

int complain(const std::string& what, int code) {
  sentio::say_line("sentio-actors: " + what);
  return code;
}

int run(int argc, char** argv) {
  CLI::App app{
      "Trading system on actors: replays one-minute bars through learning, ranking and rotation to orders, "
      "logs and a report."};
  app.name("sentio-actors");
  app.set_version_flag("--version", "sentio-actors " SENTIO_VERSION);
  app.footer(examples);
  app.require_subcommand(1);
  sentio::exit_code code;
  for (auto add :
       {sentio::add_mock,          sentio::add_live,          sentio::add_doctor,  sentio::add_status,
        sentio::add_maintenance,   sentio::add_flatten,       sentio::add_halt,    sentio::add_rearm,
        sentio::add_kill,          sentio::add_replay,        sentio::add_warmup,  sentio::add_verify_data,
        sentio::add_report,        sentio::add_analyze_mrd,   sentio::add_explain, sentio::add_config,
        sentio::add_generate_data, sentio::add_download_data, sentio::add_tape,    sentio::add_certs,
        sentio::add_view})
    add(app, code);
  std::vector<std::string> words(argv + 1, argv + argc);
  expand_shorthands(app, words);
  const std::string first = words.empty() ? "" : words[0];
  std::reverse(words.begin(), words.end()); // as CLI11 takes them
  try {
    app.parse(words);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0)
      return app.exit(error); // help and version
    return complain(parse_problem(app, error, first), 2);
  } catch (const sentio::usage_error& error) {
    return complain(error.what(), 2);
  } catch (const std::exception& error) {
    return complain(error.what(), 1);
  }
  return code.value;
}

} // namespace

int main(int argc, char** argv) {
  const int code = run(argc, argv);
  // A full disk behind a redirected output must not look like success.
  if (!sentio::finish_console() || std::fflush(stdout) != 0 || std::ferror(stdout))
    return complain("standard output cannot be written; is its disk full?", 1);
  return code;
}
