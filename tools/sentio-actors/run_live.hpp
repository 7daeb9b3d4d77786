// `sentio-actors live`: paper and real trading.
#pragma once

#include "actors/live/live_run.hpp"
#include "tools/sentio-actors/monitor_options.hpp"
#include "tools/sentio-actors/run_mock.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sentio {

struct live_options {
  bool paper = false;
  bool real = false;
  std::string venue = "alpaca"; ///< or "local": the bundled exchange, in this process
  double speed = 1;             ///< local only
  std::string date;             ///< local only: the session to trade
  std::string session_end;      ///< local only: an earlier close, HH:MM
  std::string faults_file;      ///< local only
  std::string data_dir;
  std::vector<std::string> symbols;
  std::string config_file;
  std::uint32_t warmup_days = 20;
  std::uint32_t min_warmup_days = 1;
  std::string warmup_state;
  std::string feed = "alpaca"; ///< or "polygon"
  std::string data_feed = "iex";
  std::string log_dir;
  std::string state_dir; ///< empty: where state_directory() says
  bool overwrite = false;
  bool dry_run = false;
  bool every_session = false;
  bool keep_awake = false;   ///< no processor sleeps while a session is traded
  bool allow_kill = false;   ///< drills: `sentio-actors kill ACTOR` works on this session
  bool new_session = false;  ///< an interrupted session is not gone on with
  bool recover_only = false; ///< say what a start would go on with, and do nothing
  std::string on_exit;       ///< flatten or keep; empty: flatten for paper, keep for real
  std::string isa;
  std::uint64_t seed = 0;
  bool no_report = false;
  bool json = false;
  monitor_options monitor;
  // For an exchange elsewhere that speaks Alpaca's protocols.
  std::string venue_url; ///< https://localhost:18443
  std::string ca_file;
};

/// Throws usage_error with the option that is wrong, before anything is learned.
void check_usage(const live_options& options);

/// Exit code 0 or 1; throws usage_error or std::exception with a sentence for the user.
int run_live_command(const live_options& options);

} // namespace sentio
