// `sentio-actors tape`: looks into a tape and checks it.
#include "core/tape/tape_text.hpp"
#include "tools/sentio-actors/commands.hpp"
#include "tools/sentio-actors/run_console.hpp"

#include <cstdio>
#include <limits>
#include <memory>
#include <string>

namespace sentio {

namespace {

struct tape_options {
  std::string file;
  std::uint64_t limit = std::numeric_limits<std::uint64_t>::max();
  bool json = false;
};

int show(const tape_options& options) {
  tape_reader reader(options.file);
  tape_printer printer;
  tape_record record;
  for (std::uint64_t shown = 0; shown < options.limit; ++shown) {
    const auto status = reader.next(record);
    if (status == read_status::end)
      return 0;
    if (status == read_status::error)
      throw tape_error(reader.error());
    const auto line = options.json ? printer.json_line(record) : printer.text_line(record);
    if (!line)
      throw tape_error(reader.place(record) + ": the payload is not one of its kind");
    print("%s\n", line->c_str());
  }
  return 0;
}

int verify(const tape_options& options) {
  const auto summary = verify_tape(options.file);
  if (options.json)
    print("%s\n", summary_json(summary).c_str());
  else
    print_text(summary_text(summary));
  if (!summary.good)
    print_error("sentio-actors: %s\n", summary.error.c_str());
  return summary.good ? 0 : 1;
}

} // namespace

void add_tape(CLI::App& app, exit_code& code) {
  auto options = std::make_shared<tape_options>();
  auto* command = app.add_subcommand("tape", "Show or verify a tape");
  command->require_subcommand(1);
  const auto add = [&](const char* name, const char* meaning) {
    auto* verb = command->add_subcommand(name, meaning);
    verb->add_option("FILE", options->file, "The tape")->required();
    verb->add_flag("--json", options->json, "Print JSON");
    return verb;
  };
  auto* shown = add("show", "A line per record");
  shown->add_option("--limit", options->limit, "At most so many records")->type_name("N");
  shown->footer("Examples:\n  sentio-actors tape show run.tape --limit 20");
  shown->callback([=, &code] { code.value = show(*options); });
  auto* verified = add("verify", "Check every record, checksum and the hash chain; exit code 1 when refused");
  verified->footer("Examples:\n  sentio-actors tape verify run.tape --json");
  verified->callback([=, &code] { code.value = verify(*options); });
  command->footer("Examples:\n"
                  "  sentio-actors tape show run.tape --limit 20\n"
                  "  sentio-actors tape verify run.tape");
}

} // namespace sentio
