// The options of remote monitoring, the same for every command that trades.
#pragma once

#include "core/monitor/certificates.hpp"
#include "core/monitor/endpoint.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <CLI/CLI.hpp>

#include <optional>
#include <string>

namespace sentio {

struct monitor_options {
  std::string hub;          ///< HOST:PORT of --monitor; empty without it
  std::string certificates; ///< --cert-dir
  bool dashboard = false;   ///< --dashboard

  bool wanted() const { return dashboard || !hub.empty(); }
};

inline void add_monitor_options(CLI::App& command, monitor_options& options) {
  command.add_option("--monitor", options.hub, "Report to the hub at this place; needs --cert-dir")
      ->type_name("HOST:PORT");
  command
      .add_option("--cert-dir", options.certificates,
                  "This instance's certificates: the folder instance-NAME of `sentio-actors certs`")
      ->type_name("DIR");
  command.add_flag("--dashboard", options.dashboard,
                   "Start a hub beside this session and print the address of its page");
}

/// Checks --monitor and --cert-dir; nothing without --monitor. The name in the certificate is the instance's
/// id. Throws usage_error.
inline std::optional<certificate_facts> checked_monitor(const monitor_options& options) {
  if (options.hub.empty()) {
    if (!options.certificates.empty() && !options.dashboard)
      throw usage_error("--cert-dir is given, but --monitor HOST:PORT is not");
    return std::nullopt;
  }
  if (options.dashboard)
    throw usage_error("--monitor and --dashboard are two ways to be watched; give one of them");
  if (!parse_endpoint(options.hub))
    throw usage_error("--monitor takes HOST:PORT, as in hub.example.org:7443, not " + options.hub);
  if (options.certificates.empty())
    throw usage_error("--monitor needs --cert-dir, this instance's certificates; make them with "
                      "`sentio-actors certs --dir certs --instance NAME`");
  try {
    return check_certificates(options.certificates, certificate_role::instance);
  } catch (const file_problem& problem) {
    throw usage_error(problem.what());
  }
}

} // namespace sentio
