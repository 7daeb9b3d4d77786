// What the supervisor does, in parts: starting, stopping (supervisor.cpp) and bringing back
// (supervisor_restart.cpp).
#pragma once

#include "actors/supervisor.hpp"

namespace sentio {

struct supervision {
  supervisor_pointer self;

  supervisor_state& state() const { return self->state; }
  supervisor_actor me() const { return caf::actor_cast<supervisor_actor>(self); }
  bool supervised_run() const { return state().config->live.has_value(); }
  void say(const std::string& text) const;

  // supervisor.cpp
  /// Starts everybody. `resumed`: from a tape that was cut off.
  void start_graph(const std::shared_ptr<const resumed_session>& resumed) const;
  void stop_next() const;
  /// `past` of the session: empty at its beginning.
  caf::actor spawn_live_clock(const history_ptr& past) const;
  caf::actor spawn_live_gateway(const history_ptr& past) const;
  caf::actor spawn_live_feed(const history_ptr& past) const;
  void spawn_symbol(symbol_index symbol, const history_ptr& past) const;
  void spawn_deciders(const history_ptr& past) const;
  void spawn_journal() const;
  void list_children() const;

  // supervisor_restart.cpp
  void on_down(const caf::down_msg& down) const;
  void bring_back(supervised& child) const;
  void replace(actor_role role, symbol_index symbol) const;
  void restart(actor_role role) const;
  void halt(const std::string& why) const;
  void end_halted() const;
  void kill(const supervised& child) const;
  supervised* find(actor_role role, symbol_index symbol = 0) const;

private:
  live_config_ptr config_with(const history_ptr& past) const;
  bool is_out_of_patience(supervised& child) const;
  void give_up_symbol(supervised& child) const;
  void rebuild() const;
  void rebuild_when_all_are_gone() const;
  void build_again() const;
  void put_in(actor_role role, symbol_index symbol, const history_ptr& past) const;
  void announce(actor_role role, symbol_index symbol, const history_ptr& past) const;
  void close_without_tape() const;
  void pause_entries(const supervised& child, bool on) const;
};

} // namespace sentio
