#include "actors/journal.hpp"

#include "core/journal/log_lines.hpp"
#include "core/journal/run_file.hpp"
#include "core/journal/session_log.hpp"

namespace sentio {

namespace {

/// Lines gathered before a write(2): large enough to be cheap, small against the memory budget.
constexpr std::size_t buffer_limit = 256 * 1024;

} // namespace

std::string& journal_state::buffer(log_kind kind) {
  return buffers[static_cast<std::size_t>(kind)];
}

log_stamp& journal_state::stamp(log_kind kind) {
  return stamps[static_cast<std::size_t>(kind)];
}

void journal_state::open(const session_start& day) {
  today = day.hours;
  session = to_string(today.date);
  stamps.fill(log_stamp{session, 0});
  config.sink->open_day(today.date);
  day_open = true;
  money equity = config.run.capital;
  if (closing_equity)
    equity = *closing_equity;
  if (config.window)
    config.window->put(watched_day{today, equity});
  buffer(log_kind::session_text) += session_start_text(today, names, equity, config.run.data_note);
  buffer(log_kind::session_text) += data_warnings_text(config.run.data_warnings);
  if (warmup) {
    buffer(log_kind::session_text) += warmup_text(*warmup);
    warmup.reset();
  }
}

void journal_state::write(const portfolio_step& step) {
  const auto& output = step.output;
  if (step.round)
    append_signal_lines(buffer(log_kind::signals), stamp(log_kind::signals), *step.round, names);
  for (const auto& snapshot : output.snapshots)
    append_position_line(buffer(log_kind::positions), stamp(log_kind::positions), snapshot, names);
  for (const auto& made : output.decisions) {
    append_decision_line(buffer(log_kind::decisions), stamp(log_kind::decisions), made, names);
    if (made.kind != decision_kind::hold)
      buffer(log_kind::session_text) += decision_text(made, names);
  }
  for (const auto& booked : output.trades) {
    append_trade_line(buffer(log_kind::trades), stamp(log_kind::trades), booked, names);
    buffer(log_kind::session_text) += trade_text(booked, names);
  }
  for (const auto& alert : output.alerts)
    buffer(log_kind::session_text) += alert_text(step.at, alert);
  for (std::size_t i = 0; i < log_kind_count; ++i)
    if (buffers[i].size() >= buffer_limit)
      flush(static_cast<log_kind>(i));
}

void journal_state::close(const session_closed& day) {
  const session_summary summary{day.hours.date, day.totals, day.counts};
  closing_equity = day.totals.closing_equity;
  buffer(log_kind::session_text) += session_end_text(summary);
  std::string line;
  append_session_summary(line, summary);
  finish();
  const std::lock_guard lock(config.table->mutex);
  config.table->lines[day.hours.date] = std::move(line);
}

void journal_state::finish() {
  if (!day_open)
    return;
  day_open = false;
  for (std::size_t i = 0; i < log_kind_count; ++i)
    flush(static_cast<log_kind>(i));
  config.sink->close_day();
}

void journal_state::flush(log_kind kind) {
  auto& bytes = buffer(kind);
  if (!bytes.empty())
    config.sink->write(kind, bytes);
  bytes.clear();
}

journal_actor::behavior_type journal_behavior(actor_pointer<journal_actor, journal_state> self,
                                              journal_config config, supervisor_actor supervisor) {
  report_failures(self, supervisor, "journal");
  auto& state = self->state;
  state.config = std::move(config);
  state.names = state.config.run.symbols;
  // A run that the user stops inside a day leaves whole, readable files; the day of a run that failed is
  // dropped.
  self->set_exit_handler([self](const caf::exit_msg& order) {
    if (order.reason == caf::exit_reason::user_shutdown)
      self->state.finish();
    else if (self->state.day_open)
      self->state.config.sink->drop_day();
    self->quit(order.reason);
  });
  return {
      [self](const session_start& day) {
        const auto handling = self->state.count();
        self->state.open(day);
      },
      [self](const warmup_summary& summary) {
        const auto handling = self->state.count();
        self->state.warmup = summary;
      },
      [self](const portfolio_step_ptr& step) {
        const auto handling = self->state.count();
        self->state.write(*step);
        if (const auto& window = self->state.config.window)
          window->put(step);
      },
      [self](const session_closed& day) {
        const auto handling = self->state.count();
        self->state.close(day);
        if (const auto& window = self->state.config.window)
          window->put(day);
      },
      [self](status_atom) {
        return status_of(self, "journal", {{"days", self->state.config.table->lines.size()}});
      },
  };
}

} // namespace sentio
