// `sentio-actors config`: checks, prints and describes configuration files.
#include "core/config/configuration.hpp"
#include "tools/sentio-actors/commands.hpp"
#include "tools/sentio-actors/configuration_file.hpp"
#include "tools/sentio-actors/run_console.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace sentio {

namespace {

struct config_options {
  std::string check;
  std::string print;
  bool schema = false;
  bool json = false;
};

/// ", but 2 keys have no effect: a.b, a.c"; empty when every key acts.
std::string without_effect_text(const std::vector<std::string>& keys) {
  if (keys.empty())
    return "";
  return fmt::format(", but {} no effect: {}",
                     keys.size() == 1 ? "1 key has" : fmt::format("{} keys have", keys.size()),
                     fmt::join(keys, ", "));
}

int check_file(const config_options& options) {
  const auto decoded = load_configuration_file(options.check);
  const bool good = decoded.problems.empty();
  if (options.json) {
    const nlohmann::ordered_json out{{"file", options.check},
                                     {"valid", good},
                                     {"problems", decoded.problems},
                                     {"warnings", decoded.warnings},
                                     {"without_effect", decoded.without_effect}};
    print("%s\n", out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
    return good ? 0 : 2;
  }
  for (const auto& warning : decoded.warnings)
    print_error("note: %s\n", warning.c_str());
  for (const auto& problem : decoded.problems)
    print_error("sentio-actors: %s\n", problem.c_str());
  if (good)
    print("%s: good%s\n", options.check.c_str(), without_effect_text(decoded.without_effect).c_str());
  else
    print_error("sentio-actors: %s is refused: %zu problem%s\n", options.check.c_str(),
                decoded.problems.size(), decoded.problems.size() == 1 ? "" : "s");
  return good ? 0 : 2;
}

int print_file(const config_options& options) {
  const configuration value = require_configuration_file(options.print);
  if (options.json)
    print("%s\n", nlohmann::ordered_json::parse(canonical_json(value)).dump(2).c_str());
  else
    print_text(describe_configuration(value));
  return 0;
}

} // namespace

void add_config(CLI::App& app, exit_code& code) {
  auto options = std::make_shared<config_options>();
  auto* command =
      app.add_subcommand("config", "Check a configuration file, print every key, or print the schema");
  auto* check =
      command->add_option("--check", options->check, "Say what is wrong with FILE")->type_name("FILE");
  auto* print =
      command
          ->add_option("--print", options->print,
                       "Every key with value, default, range and meaning; of FILE, or of the default profile")
          ->type_name("[FILE]")
          ->expected(0, 1);
  command->add_flag("--schema", options->schema, "JSON schema (draft 2020-12) of configuration files");
  command->add_flag("--json", options->json, "Print JSON: with --print, a complete file");
  command->footer("Examples:\n"
                  "  sentio-actors config --check my.json\n"
                  "  sentio-actors config --print config/cost_aware.json\n"
                  "  sentio-actors config --print --json > my.json     start from the default profile\n"
                  "  sentio-actors config --schema > schema.json");
  command->callback([=, &code] {
    if (check->count() + print->count() + (options->schema ? 1 : 0) != 1)
      throw usage_error("config takes one of --check FILE, --print [FILE] and --schema");
    if (options->schema)
      print_text(configuration_schema());
    else
      code.value = check->count() ? check_file(*options) : print_file(*options);
  });
}

} // namespace sentio
