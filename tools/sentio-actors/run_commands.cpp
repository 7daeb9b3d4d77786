// Command lines of mock and warmup.
#include "tools/sentio-actors/commands.hpp"
#include "tools/sentio-actors/run_mock.hpp"
#include "tools/sentio-actors/run_warmup.hpp"

#include <memory>

namespace sentio {

namespace {

constexpr const char* mock_examples = R"(Examples:
  sentio-actors mock                                          the bundled sample
  sentio-actors mock --date 2025-06-03 --data-dir DIR         one day, warmed up on the 20 sessions before
  sentio-actors mock --start-date 2025-06-02 --end-date 2025-06-30 --data-dir DIR --symbols TQQQ,SQQQ,SSO,SDS
  sentio-actors mock --data-dir DIR --fresh-daily --jobs 2    every day on its own, two at a time
  sentio-actors mock --date 2025-06-03 --data-dir DIR --tape day.tape
  sentio-actors mock --from-tape day.tape                     the same logs, without the bars)";

constexpr const char* warmup_examples = R"(Examples:
  sentio-actors warmup --data-dir DIR --symbols TQQQ,SQQQ --output learned.checkpoint
  sentio-actors warmup --data-dir DIR --end-date 2025-06-02 --days 20 --output learned.checkpoint
  sentio-actors mock --data-dir DIR --date 2025-06-03 --warmup-state learned.checkpoint)";

void add_mock_dates(CLI::App& command, mock_options& asked) {
  command.add_option("--date", asked.date, "one session, as 2025-06-03");
  command.add_option("--start-date", asked.start_date,
                     "first session (default: the first after the warm-up)");
  command.add_option("--end-date", asked.end_date, "last session (default: the last there is)");
  command.add_option("--warmup-days", asked.warmup_days, "sessions to learn before the first one")
      ->capture_default_str();
  command.add_option("--min-warmup-days", asked.min_warmup_days, "refuse to trade on fewer")
      ->capture_default_str();
  command.add_option("--warmup-state", asked.warmup_state, "checkpoint to start from instead of warming up");
  command.add_flag("--fresh-daily", asked.fresh_daily,
                   "each day on its own: fresh capital, warmed up afresh");
  command.add_option("--jobs", asked.jobs, "days side by side, with --fresh-daily")->capture_default_str();
}

void add_mock_model(CLI::App& command, mock_options& asked) {
  command.add_option("--symbols", asked.symbols, "symbols to trade, as A,B,C")->delimiter(',');
  command.add_option("--config", asked.config_file,
                     "configuration (default: the shipped rotation_strategy.json)");
  command.add_option("--capital", asked.capital, "starting capital in dollars");
  command.add_option("--fill", asked.fill, "fill model: next_open or close");
  command.add_option("--seed", asked.seed, "seed of the run, part of its order ids")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command.add_option("--baseline", asked.baseline, "also run a baseline for the report: legacy");
  command.add_option("--isa", asked.isa,
                     "instruction set: sse2, avx2, avx512 (default: the best; same results)");
  command.add_option("--run-ahead", asked.run_ahead, "bars a symbol may learn ahead (same results)")
      ->capture_default_str();
  command.add_flag("--strict", asked.strict, "stop at the first bad row");
}

} // namespace

void add_mock(CLI::App& app, exit_code& code) {
  auto asked = std::make_shared<mock_options>();
  auto& command = *app.add_subcommand("mock", "replay bars on a virtual clock: orders, logs and a report");
  command.add_option("--data-dir", asked->data_dir,
                     "folder with bars (default: the bundled synthetic sample)");
  add_mock_dates(command, *asked);
  add_mock_model(command, *asked);
  command
      .add_option("--speed", asked->speed, "0: as fast as possible; 1: real time; 39: a usual demonstration")
      ->capture_default_str();
  command.add_option("--log-dir", asked->log_dir,
                     "folder for the logs (default: logs/mock_trading/<first>_<last>_<n>)");
  command.add_flag("--overwrite", asked->overwrite, "replace the run in the log folder, and the tape");
  command.add_option("--tape", asked->tape_file, "write every input and output to this file");
  auto& from_tape = *command.add_option("--from-tape", asked->from_tape, "replay this tape instead of bars");
  // What the tape has recorded cannot be chosen again.
  for (const char* recorded :
       {"--data-dir", "--date", "--start-date", "--end-date", "--warmup-days", "--min-warmup-days",
        "--warmup-state", "--fresh-daily", "--jobs", "--symbols", "--config", "--capital", "--fill", "--seed",
        "--baseline", "--run-ahead", "--strict", "--tape"})
    from_tape.excludes(recorded);
  command.add_flag("--no-report", asked->no_report, "stop when the logs are closed");
  command.add_flag("--json", asked->json, "figures as JSON");
  add_monitor_options(command, asked->monitor);
  command.footer(mock_examples);
  command.callback([asked, &code] { code.value = run_mock(*asked); });
}

void add_warmup(CLI::App& app, exit_code& code) {
  auto asked = std::make_shared<warmup_options>();
  auto& command = *app.add_subcommand("warmup", "learn sessions and write the learners to a checkpoint file");
  command.add_option("--data-dir", asked->data_dir,
                     "folder with bars (default: the bundled synthetic sample)");
  command.add_option("--symbols", asked->symbols, "symbols to learn, as A,B,C")->delimiter(',');
  command.add_option("--config", asked->config_file,
                     "configuration (default: the shipped rotation_strategy.json)");
  command.add_option("--start-date", asked->start_date, "first session");
  command.add_option("--end-date", asked->end_date, "last session");
  command.add_option("--days", asked->days, "only the last so many sessions of the range (0: all)")
      ->capture_default_str();
  command.add_option("--output", asked->output, "the checkpoint file")->required();
  command.add_option("--isa", asked->isa,
                     "instruction set: sse2, avx2, avx512 (default: the best; same results)");
  command.add_flag("--strict", asked->strict, "stop at the first bad row");
  command.add_flag("--json", asked->json, "figures as JSON");
  command.footer(warmup_examples);
  command.callback([asked, &code] { code.value = run_warmup(*asked); });
}

} // namespace sentio
