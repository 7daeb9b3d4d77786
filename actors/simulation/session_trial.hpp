// Whole sessions of the live graph in virtual time, each against a world of its own with faults of its own.
#pragma once

#include "actors/mock_run.hpp"
#include "actors/simulation/still_session.hpp"
#include "actors/simulation/world.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace sentio {

/// What one session left behind, for the judge.
struct session_record {
  session_hours hours;
  time_ms quiet_at = 0;
  std::vector<std::string> symbols;
  double capital = 0; ///< dollars
  std::map<log_kind, std::string> logs;
  std::string summary;                         ///< the line of sessions.jsonl
  nlohmann::json venue;                        ///< exchange::state at the end
  std::map<std::string, std::uint64_t> counts; ///< "gateway.adjustments"
  std::set<std::pair<time_ms, std::string>>
      without_bar;                            ///< minutes (their ends) that the market has no bar of
  std::vector<std::string> halted_into_close; ///< symbols that the venue did not allow to close
  std::string error;                          ///< of the graph; empty when it ran to its end
  std::vector<std::string> offences;
};

/// Everything that is wrong with a session; empty when all is well.
std::vector<std::string> judge(const session_record& session);

struct trial_result {
  std::uint64_t seed = 0;
  std::uint64_t schedule = 0; ///< hash of the order of turns
  std::uint64_t journal = 0;  ///< hash of every log
  std::vector<std::string> violations;
  simulated_world::counts struck; ///< faults, by name
  std::uint64_t fills = 0;        ///< at the venue
  std::uint64_t adjustments = 0;
  std::uint64_t requests = 0;
  std::uint64_t messages = 0;
};

struct trial_options {
  std::uint32_t days = 1; ///< the last so many sessions of the data; a seed takes one of them
  /// Which seeds learn with all 126 features; the others with 16, whose trials take a fraction of the time.
  enum class features : std::uint8_t { none, each_hundredth, all } full = features::each_hundredth;
  bool carry_out_kills = true;
  /// For tests of the judge itself: changes what the session left before it is judged.
  std::function<void(session_record&, const fault_profile&)> spoil;
  std::function<void(const std::string&)> say; ///< the actors' words, with their time; empty: nobody listens
};

class session_trials {
public:
  /// Learns on the sessions before the traded ones, once for all trials. Throws what a run throws.
  session_trials(mock_setup setup, trial_options options);

  fault_profile profile(std::uint64_t seed, const fault_groups& groups) const;
  /// Thread-safe: trials share nothing that changes.
  trial_result run(std::uint64_t seed, const fault_profile& faults) const;
  /// A session of a still world, with crashes and kills at the places of the plan. Thread-safe.
  still_result run_still(std::uint64_t seed, const still_plan& plan) const;
  /// The smallest profile that can be found which still fails; `tries` at most.
  fault_profile shrink(std::uint64_t seed, fault_profile failing, std::size_t tries = 400) const;

  const session_hours& hours(std::uint64_t seed) const { return market_of(seed)->hours; }
  const std::vector<std::string>& symbols() const { return markets_.front()->symbols; }

private:
  const session_market_ptr& market_of(std::uint64_t seed) const { return markets_[seed % markets_.size()]; }
  mock_setup setup_of(std::uint64_t seed) const;

  trial_options options_;
  std::vector<session_market_ptr> markets_; ///< by day
  mock_setup small_;                        ///< 16 features
  mock_setup full_;                         ///< 126
};

} // namespace sentio
