// One simulated session from its beginning to closed logs, through as many lives of the process as its plan
// makes it live.
#pragma once

#include "actors/simulation/session_trial.hpp"
#include "actors/supervisor.hpp"
#include "core/tape/memory.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sentio {

/// The arguments must outlive it.
class session_run {
public:
  session_run(std::uint64_t seed, const mock_setup& setup, session_market_ptr market,
              const fault_profile& faults, const trial_options& options, const still_plan* plan = nullptr);

  trial_result go();
  still_result go_still();

private:
  live_config make_live_config();
  void end_carrier();
  void begin_life(std::shared_ptr<const resumed_session> resumed);
  void be_born_again();
  /// With faults, between two lives: the world goes on without the process.
  void stay_away();
  /// The process asks a venue that may refuse it, as the program does. False: it gave up.
  bool ask_until_answered();
  /// The world goes on without the process, until an instant of venue time.
  void pass_until(time_ms until);
  void run_to_end();
  void step();
  void kill(const std::string& role);
  void kill_what_is_due();
  /// What an operator says by now.
  void speak_what_is_due();
  /// When the process, which stands still now, goes on; empty: it runs.
  std::optional<simulated_runtime::time_point> frozen_until() const;
  void ask_for_counts();
  void fill_record();
  bool tape_fails() const;
  /// With faults. Throws where the process ends.
  std::size_t write_to_tape(std::string_view bytes, int life);
  void read_tape();
  using spans = std::vector<std::pair<time_ms, time_ms>>; ///< venue times since and until when
  /// Both as seen_from_outside wants them.
  spans dead_routes() const;
  spans unreachable() const;
  /// The venue tells the minute as one without trades.
  bool is_told_empty(const std::string& symbol, const bar& b) const;
  void note_closed_minutes();
  void note_holes();

  // The still world
  std::size_t on_write(std::string_view bytes, int life);
  bool on_order(bool taken);
  bool is_planned(crash_instant instant, std::uint64_t number);
  void cut_power();

  session_market_ptr market_;
  const fault_profile& faults_;
  const trial_options& options_;
  const still_plan* plan_;
  mock_setup setup_;
  std::uint64_t seed_;
  session_record record_;
  std::unique_ptr<simulated_runtime> runtime_;
  std::shared_ptr<simulated_world> world_;
  std::vector<actor_kill> kills_;
  std::size_t killed_ = 0;
  struct operator_word {
    time_ms at_ms = 0; ///< after the open
    command_kind kind = command_kind::maintenance_on;
  };
  std::vector<operator_word> words_; ///< in order
  std::vector<fault_window> deaths_; ///< in order
  std::size_t deaths_begun_ = 0;
  std::uint64_t starts_refused_ = 0;
  std::size_t said_ = 0;
  int life_ = 0;
  bool dying_ = false;
  std::uint64_t writes_ = 0;
  std::uint64_t orders_ = 0;
  std::uint64_t taken_orders_ = 0;
  std::uint64_t crashes_ = 0;
  std::uint64_t schedule_ = 0;
  std::map<time_ms, time_ms> closed_; ///< when each minute was closed
  std::shared_ptr<tape_memory> tape_;
  run_products products_;
  std::shared_ptr<graph_handles> handles_;
  std::shared_ptr<graph_config> graph_;
  full_supervisor_actor supervisor_;
  caf::actor carrier_; ///< of the operator's words
};

} // namespace sentio
