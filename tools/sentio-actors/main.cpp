// sentio-actors: the command line.
#include "core/config/suggestion.hpp"
#include "tools/sentio-actors/commands.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
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
`sentio-actors COMMAND --help` has the options and examples of a command.)";

std::string command_names(const CLI::App& app, std::vector<std::string>& names) {
  std::string list;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(command->get_name());
    list += (list.empty() ? "" : ", ") + command->get_name();
  }
  return list;
}

/// One line: what was found, and what would be right.
std::string parse_problem(const CLI::App& app, const CLI::Error& error, const std::string& first) {
  const auto chosen = app.get_subcommands();
  if (chosen.empty()) {
    std::vector<std::string> names;
    const std::string list = command_names(app, names);
    if (first.empty())
      return "no command is given; commands are: " + list;
    if (first[0] != '-')
      return first + " is no command" + sentio::did_you_mean(first, names) + "; commands are: " + list;
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
  std::fprintf(stderr, "sentio-actors: %s\n", what.c_str());
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
  for (auto add : {sentio::add_mock, sentio::add_live, sentio::add_doctor, sentio::add_status,
                   sentio::add_maintenance, sentio::add_flatten, sentio::add_halt, sentio::add_rearm,
                   sentio::add_kill, sentio::add_replay, sentio::add_warmup, sentio::add_verify_data,
                   sentio::add_report, sentio::add_analyze_mrd, sentio::add_explain, sentio::add_config,
                   sentio::add_generate_data, sentio::add_download_data, sentio::add_tape,
                   sentio::add_certs, sentio::add_view})
    add(app, code);
  // `sentio-actors --paper ...` is short for `sentio-actors live --paper ...`.
  std::vector<std::string> words(argv + 1, argv + argc);
  if (!words.empty() && (words[0] == "--paper" || words[0] == "--real"))
    words.insert(words.begin(), "live");
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
  if (std::fflush(stdout) != 0 || std::ferror(stdout))
    return complain("standard output cannot be written; is its disk full?", 1);
  return code;
}
