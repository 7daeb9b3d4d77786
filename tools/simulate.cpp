// Sessions in virtual time: with faults (--seeds), or one mock session under many schedules
// (--interleavings).
#include "core/numeric/plain_text.hpp"
#include "tools/simulate_modes.hpp"

#include "core/market/bar_file.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <malloc.h>
#include <stdexcept>
#include <string>

namespace sentio {

mock_setup simulation_setup(const simulate_options& asked) {
  mock_setup setup;
  setup.config = decode_configuration("{}", "built-in defaults").value;
  setup.data_dir = asked.data_dir;
  setup.data_note = data_note(asked.data_dir);
  setup.isa = best_instruction_set();
  return setup;
}

} // namespace sentio

namespace {

constexpr const char* examples = R"(Examples:
  tools/simulate --seeds 1000               a thousand sessions, each with faults of its own
  tools/simulate --seeds 1 --seed 616 --verbose
                                            one of them, with what its actors say
  tools/simulate --seeds 1 --seed 616 --shrink
                                            the smallest fault schedule with which it still fails
  tools/simulate --seeds 100 --faults data  only bad and missing bars
  tools/simulate --crashes 200              the process ends at 200 places, and goes on from its tape
  tools/simulate --interleavings 1000       one session in a thousand message orders: one journal

Exit codes: 0 all well, 1 a violation or a failed run, 2 wrong usage.)";

int complain(const std::string& what, int code) {
  std::fprintf(stderr, "simulate: %s\n", sentio::plain_text(what, sentio::line_ends::kept).c_str());
  return code;
}

void add_options(CLI::App& app, sentio::simulate_options& asked) {
  app.footer(examples);
  app.set_version_flag("--version", "sentio-simulate " SENTIO_VERSION);
  app.add_option("--seeds", asked.seeds, "how many sessions with faults (default: 1000)")
      ->check(CLI::Range(1, 10'000'000));
  app.add_option("--interleavings", asked.interleavings, "how many schedules of a mock session")
      ->check(CLI::Range(1, 10'000'000));
  app.add_option("--crashes", asked.crashes,
                 "end the process at so many places of a session, or at all of them (\"all\"), and go on")
      ->check(CLI::PositiveNumber | CLI::IsMember({"all"}));
  app.add_option("--double-crashes", asked.double_crashes, "so many sessions whose process ends twice");
  app.add_option("--kill-each", asked.kill_each, "kill every kind of actor so many times");
  app.add_option("--kills-a-session", asked.kills_a_session, "with --kill-each (default: 10)")
      ->check(CLI::Range(1, 1'000));
  app.add_option("--plan", asked.plan, "one session with the crashes and kills of a plan, as it is printed");
  app.add_option("--seed", asked.first_seed, "the first seed");
  app.add_option("--days", asked.days, "take the session from the last so many days")
      ->check(CLI::Range(1, 250));
  app.add_option("--faults", asked.faults,
                 "all, none, data, orders, network, kills, or a profile's JSON file");
  app.add_flag("--shrink", asked.shrink,
               "look for the smallest fault schedule with which a seed still fails");
  app.add_option("--keep", asked.keep, "write the profiles of failing seeds into this folder");
  app.add_flag("--verbose", asked.verbose, "print what the actors say; for one seed");
  app.add_option("--threads", asked.threads, "how many at once (default: one a core)");
  app.add_option("--data-dir", asked.data_dir, "bars to take sessions from")->required();
  app.add_option("--date", asked.date, "the mock session (default: the last one)");
  app.add_flag("--full-features", asked.full_features,
               "126 features always, not in each hundredth seed only");
  app.add_flag("--skip-threads", asked.skip_threads, "leave the multi-threaded scheduler out");
}

int run(sentio::simulate_options& asked) {
  // Each session has megabytes of logs and tape: not given back to the system in between.
  mallopt(M_MMAP_THRESHOLD, 256 << 20);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  mallopt(M_TOP_PAD, 16 << 20);
  if (asked.interleavings > 0)
    return sentio::simulate_interleavings(asked);
  if (!asked.crashes.empty() || asked.double_crashes > 0 || asked.kill_each > 0 || !asked.plan.empty())
    return sentio::simulate_still(asked);
  if (asked.seeds == 0)
    asked.seeds = 1'000;
  return sentio::simulate_faults(asked);
}

} // namespace

int main(int argc, char** argv) {
  sentio::simulate_options asked;
  CLI::App app{
      "Whole sessions in virtual time. With --seeds: the live graph against a simulated venue and network, "
      "each seed with faults, rates and an actor schedule of its own, then a quiet phase in which all must "
      "be well again. With --crashes, --double-crashes or --kill-each: sessions in which nothing else fails "
      "and nothing takes time, and which must leave what the undisturbed one leaves. With --interleavings: "
      "one mock session, whose journal may not depend on the schedule.",
      "simulate"};
  add_options(app, asked);
  try {
    app.parse(argc, argv);
    return run(asked);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0)
      return app.exit(error); // help and version
    return complain(std::string(error.what()) + "; see `tools/simulate --help`", 2);
  } catch (const std::invalid_argument& problem) {
    return complain(problem.what(), 2);
  } catch (const std::exception& problem) {
    return complain(problem.what(), 1);
  }
}
