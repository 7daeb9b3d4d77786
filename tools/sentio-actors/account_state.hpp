// Whether an account is HALTED, as its state directory and its venue tell together: a directory that has
// never heard of an account says nothing about it.
#pragma once

#include "tools/sentio-actors/halt_latch.hpp"
#include "tools/sentio-actors/live_venue.hpp"
#include "tools/sentio-actors/state_directory.hpp"

#include <optional>
#include <string>

namespace sentio {

/// An account at a venue, by the venue's lock_name_of.
struct account_name {
  std::string venue;
  std::string number;

  std::string text() const { return venue + "-" + number; }
};

/// The latch of an account. Where the directory does not know the account, or is not there, the venue is
/// asked: when it has orders of this program, the account was traded with another state directory, or with
/// this one before it was lost, and it counts as latched. Changes nothing. Throws what venue_desk throws.
std::optional<latch_record> find_latch(const std::filesystem::path& state, const account_name& account,
                                       const venue_desk& desk);

/// The same at a start. From then on the directory knows the account, and what was found is in it, on the
/// disk. Throws std::runtime_error when the directory cannot be written and does not know the account yet.
void learn_account(const state_folder& state, const account_name& account, const venue_desk& desk);

} // namespace sentio
