// `sentio-actors verify-data`: what can be said about bars before anybody trades on them.
#include "core/market/bar_file.hpp"
#include "core/market/data_audit.hpp"
#include "tools/sentio-actors/commands.hpp"
#include "tools/sentio-actors/run_console.hpp"
#include "tools/sentio-actors/shipped.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

namespace sentio {

namespace {

struct verify_options {
  std::string data_dir;
  std::vector<std::string> symbols;
  bool json = false;
};

int verify(const verify_options& options) {
  const auto directory =
      options.data_dir.empty() ? shipped_path("data/sample") : std::filesystem::path(options.data_dir);
  const auto files = audit_directory(directory, options.symbols);
  if (options.json) {
    print("%s\n", audit_json(files).c_str());
  } else {
    if (const std::string note = data_note(directory); !note.empty())
      print("%s\n", note.c_str());
    print_text(audit_table(files));
  }
  const bool good =
      !files.empty() && std::all_of(files.begin(), files.end(), [](auto& file) { return file.tradable(); });
  if (files.empty())
    print_error("sentio-actors: no bar file in %s; files are named SYM_RTH_NH.csv or SYM.csv, or .csv.gz\n",
                directory.c_str());
  return good ? 0 : 1;
}

} // namespace

void add_verify_data(CLI::App& app, exit_code& code) {
  auto options = std::make_shared<verify_options>();
  auto* command =
      app.add_subcommand("verify-data", "Look through bar files: sessions, holes, bad and suspicious rows");
  command->add_option("--data-dir", options->data_dir, "Directory of bars (default: the bundled sample)")
      ->type_name("DIR");
  command->add_option("--symbols", options->symbols, "Only these, A,B,...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LIST");
  command->add_flag("--json", options->json, "Print JSON");
  command->footer("Exit code 1 when a file cannot be traded.\n\nExamples:\n"
                  "  sentio-actors verify-data --data-dir bars\n"
                  "  sentio-actors verify-data --data-dir bars --symbols TQQQ,SQQQ --json");
  command->callback([=, &code] { code.value = verify(*options); });
}

} // namespace sentio
