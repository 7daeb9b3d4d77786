// What stands before a live session: where the venue is, what the symbols have learned, what the account
// holds.
#pragma once

#include "tools/sentio-actors/live_venue.hpp"
#include "tools/sentio-actors/run_console.hpp"
#include "tools/sentio-actors/run_live.hpp"
#include "tools/sentio-exchange/exchange_server.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sentio {

/// A venue we can talk to. `local` is the bundled exchange when it runs in this process.
struct venue_connection {
  venue_endpoints endpoints;
  std::unique_ptr<exchange_server> local;
  double speed = 1;
  std::string lock_name; ///< "paper", "real" or one of its own for a --venue-url; empty when local
};

/// Alpaca, or the exchange at --venue-url. Throws usage_error when keys are missing.
venue_connection connect_alpaca(const live_options& options);
/// Under which an account at that venue is locked and latched.
std::string lock_name_of(bool real, const std::string& venue_url);
/// The faults of --faults; none without it. Throws usage_error when the file cannot be read or is no such
/// plan.
fault_plan read_faults(const live_options& options);
/// Starts the bundled exchange a little before the session's open, in venue time. Its clock runs from here
/// on.
venue_connection start_local_venue(const live_options& options, const mock_setup& setup, civil_date date);

/// The learners before a session: from --warmup-state, from the bar files, or from the venue's history.
/// Throws what a warm-up throws.
/// What is wrong with their bars becomes the setup's data_warnings.
checkpoint_file learn_before(const live_options& options, mock_setup& setup, civil_date date,
                             const venue_desk* history);

/// The account when the session begins: an adjustment for each position in our symbols. Capital is cash and
/// these.
struct opening_book {
  money capital;
  std::vector<venue_event> adopted;
};
opening_book adopt_positions(const venue_desk& desk, const alpaca::venue_account& account,
                             const std::vector<std::string>& symbols);

} // namespace sentio
