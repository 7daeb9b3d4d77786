// The commands of sentio-actors. Each is registered by one function in a file of its own; its callback sets
// the exit code, or throws usage_error (exit code 2) or another std::exception (exit code 1) with a sentence
// for the user.
#pragma once

#include <CLI/CLI.hpp>

namespace sentio {

/// 0 good; 1 the run, or what was checked, failed; 2 wrong usage or configuration.
struct exit_code {
  int value = 0;
};

void add_mock(CLI::App& app, exit_code& code);
void add_live(CLI::App& app, exit_code& code);
void add_doctor(CLI::App& app, exit_code& code);
void add_status(CLI::App& app, exit_code& code);
void add_maintenance(CLI::App& app, exit_code& code);
void add_flatten(CLI::App& app, exit_code& code);
void add_halt(CLI::App& app, exit_code& code);
void add_rearm(CLI::App& app, exit_code& code);
void add_kill(CLI::App& app, exit_code& code);
void add_replay(CLI::App& app, exit_code& code);
void add_warmup(CLI::App& app, exit_code& code);
void add_verify_data(CLI::App& app, exit_code& code);
void add_report(CLI::App& app, exit_code& code);
void add_analyze_mrd(CLI::App& app, exit_code& code);
void add_explain(CLI::App& app, exit_code& code);
void add_config(CLI::App& app, exit_code& code);
void add_generate_data(CLI::App& app, exit_code& code);
void add_download_data(CLI::App& app, exit_code& code);
void add_tape(CLI::App& app, exit_code& code);
void add_certs(CLI::App& app, exit_code& code);
void add_view(CLI::App& app, exit_code& code);

/// Where commands that read logs look when no directory is given: the link to the last replay.
inline constexpr const char* default_log_directory = "logs/mock_trading/latest";

} // namespace sentio
