#include "actors/tape.hpp"

#include "core/tape/codec.hpp"

#include <algorithm>
#include <stdexcept>

namespace sentio {

namespace {

using pointer = actor_pointer<tape_actor, recorded_tape_state>;

struct player {
  pointer self;

  recorded_tape_state& state() const { return self->state; }
  const wiring& graph() const { return *state().graph; }

  /// Reads the next record into `ahead`; false at the tape's end.
  bool look_ahead() const {
    auto& s = state();
    if (s.ahead)
      return true;
    tape_record record;
    switch (s.reader->next(record)) {
    case read_status::record:
      s.ahead = kept_record{record.kind, record.time, record.sequence, std::string(record.payload)};
      return true;
    case read_status::end:
      return false;
    case read_status::error:
      break;
    }
    throw std::runtime_error(s.reader->error());
  }

  /// Compares what the graph made with what the tape says, then admits the inputs of the next instant.
  void step() const {
    auto& s = state();
    s.config.progress->steps.fetch_add(1);
    collect_recorded();
    compare();
    if (!look_ahead() || s.ahead->kind == record_kind::end) {
      s.ahead.reset();
      count_leftovers();
      s.config.progress->finished = true;
      return;
    }
    const auto at = s.ahead->time;
    while (look_ahead() && !is_output(s.ahead->kind) && s.ahead->kind != record_kind::end &&
           s.ahead->time == at) {
      const auto record = std::move(*s.ahead);
      s.ahead.reset();
      admit(record);
    }
    s.config.progress->venue_time = at;
  }

  void collect_recorded() const {
    auto& s = state();
    while (look_ahead() && is_output(s.ahead->kind)) {
      s.recorded.push_back(std::move(*s.ahead));
      s.ahead.reset();
    }
  }

  void compare() const {
    auto& s = state();
    const auto common = std::min(s.recorded.size(), s.produced.size());
    std::uint64_t differing = 0;
    for (std::size_t i = 0; i < common; ++i)
      differing += s.recorded[i].kind != s.produced[i].kind || s.recorded[i].payload != s.produced[i].payload;
    s.config.progress->differing_outputs.fetch_add(differing);
    // A live tape may hold an input before the outputs of the one before it: the order of outputs is what
    // counts.
    const auto past = static_cast<std::ptrdiff_t>(common);
    s.recorded.erase(s.recorded.begin(), s.recorded.begin() + past);
    s.produced.erase(s.produced.begin(), s.produced.begin() + past);
  }

  /// Outputs that one side has and the other has not.
  void count_leftovers() const {
    auto& s = state();
    s.config.progress->differing_outputs.fetch_add(s.recorded.size() + s.produced.size());
  }

  template <class Payload>
  static Payload decoded(const kept_record& record) {
    Payload payload;
    if (!decode(record.payload, payload))
      throw std::runtime_error("a record of kind " + std::string(to_string(record.kind)) +
                               " cannot be decoded");
    return payload;
  }

  void admit(const kept_record& record) const {
    auto& s = state();
    s.config.progress->tape_record = record.sequence;
    switch (record.kind) {
    case record_kind::header:
    case record_kind::learner_state: // the symbols started from it
    case record_kind::revision:
    case record_kind::feed_state:
    case record_kind::venue_snapshot: // its differences follow as adjustments
      break;
    case record_kind::halt: {
      const auto halt = decoded<halt_record>(record);
      self->send(graph().portfolio, halt_change{halt.symbol, halt.on, record.time});
      break;
    }
    case record_kind::symbol_state: {
      const auto change = decoded<symbol_state_record>(record);
      self->send(graph().portfolio, symbol_change{change.symbol, change.up, record.time, {}});
      break;
    }
    case record_kind::warmup:
      self->send(graph().journal, decoded<warmup_summary>(record));
      break;
    case record_kind::session:
      begin_day(decoded<session_hours>(record));
      break;
    case record_kind::bar: {
      const auto one = decoded<bar_record>(record);
      auto block = std::make_shared<session_block>();
      block->bars.resize(graph().symbols.size());
      block->bars.at(one.symbol).push_back(one.value);
      self->send(graph().symbols.at(one.symbol), bar_batch{std::move(block), 0, 1});
      s.config.progress->symbol_bars.fetch_add(1);
      break;
    }
    case record_kind::phase: {
      const auto phase = decoded<phase_record>(record);
      self->send(graph().portfolio, phase_change{phase.phase, phase.at});
      break;
    }
    case record_kind::cut_off:
      close_minute(decoded<cut_off_record>(record));
      break;
    case record_kind::round_closed: {
      auto closed = decoded<round_closed_record>(record);
      self->send(graph().ranking, round_closed{closed.at, std::move(closed.missing)});
      break;
    }
    case record_kind::venue:
      self->send(graph().portfolio, decoded<venue_event>(record));
      break;
    case record_kind::command: {
      auto command = decoded<command_record>(record);
      self->send(graph().portfolio, operator_command{command.command, command.at, std::move(command.sender)});
      break;
    }
    case record_kind::data_counts:
      end_day(decoded<data_counts_record>(record));
      break;
    default:
      throw std::runtime_error("a tape of this version has no record of kind " +
                               std::string(to_string(record.kind)));
    }
  }

  void begin_day(const session_hours& hours) const {
    auto& s = state();
    s.today = hours;
    s.config.progress->sessions.fetch_add(1);
    const session_start day{hours, false};
    self->send(graph().journal, day);
    self->send(graph().portfolio, day);
    for (const auto& symbol : graph().symbols)
      self->send(symbol, day);
    self->send(graph().ranking, day);
  }

  void close_minute(const cut_off_record& record) const {
    cut_off minute{record.at, {}};
    for (symbol_index symbol = 0; symbol < graph().symbols.size(); ++symbol)
      if (!std::binary_search(record.delivered.begin(), record.delivered.end(), symbol))
        minute.absent.push_back(symbol);
    self->send(graph().portfolio, minute);
    self->send(graph().ranking, std::move(minute));
    state().config.progress->rounds.fetch_add(1);
  }

  void end_day(const data_counts_record& counts) const {
    auto& s = state();
    session_end end{s.today->date, {}};
    for (const auto& one : counts.counts)
      end.counts.emplace_back(one.name, one.count);
    self->send(graph().portfolio, end);
    for (const auto& symbol : graph().symbols)
      self->send(symbol, end);
    self->send(graph().ranking, end);
  }
};

/// The same records, in the same order, as the merging tape writes for a step.
void keep_outputs(recorded_tape_state& s, const portfolio_step& step) {
  const auto keep = [&](record_kind kind, const auto& payload) {
    s.produced.push_back({kind, step.at, 0, encode(payload)});
  };
  if (step.round)
    keep(record_kind::ranked_round, *step.round);
  for (const auto& made : step.output.decisions)
    keep(record_kind::decision, made);
  for (const auto& intent : step.output.cancels)
    keep(record_kind::cancel, intent);
  for (const auto& intent : step.output.orders)
    keep(record_kind::order, intent);
}

} // namespace

tape_actor::behavior_type recorded_tape(actor_pointer<tape_actor, recorded_tape_state> self,
                                        recorded_tape_config config, supervisor_actor supervisor) {
  report_failures(self, supervisor, "tape");
  auto& state = self->state;
  state.config = std::move(config);
  state.reader = std::make_unique<tape_reader>(state.config.tape_file);
  const player moves{self};
  return {
      [self](const wiring& graph) {
        const auto handling = self->state.count();
        self->state.graph = graph;
      },
      [self, moves](step_atom) {
        const auto handling = self->state.count();
        moves.step();
      },
      // Sources do not exist in a replay from a tape: their words are on it.
      [self](const session_block_ptr&) { const auto handling = self->state.count(); },
      [self](const end_of_data&) { const auto handling = self->state.count(); },
      [self](const wake_at&) { const auto handling = self->state.count(); },
      [self](const venue_event&) { const auto handling = self->state.count(); },
      [self](const operator_command&) { const auto handling = self->state.count(); },
      [self](const portfolio_step_ptr& step) {
        const auto handling = self->state.count();
        keep_outputs(self->state, *step);
        self->send(self->state.graph->journal, step);
      },
      [self](const session_closed& day) {
        const auto handling = self->state.count();
        self->send(self->state.graph->journal, day);
      },
      [self](const learner_state&) { const auto handling = self->state.count(); },
      [self](const warmup_summary&) { const auto handling = self->state.count(); },
      [self](status_atom) { return status_of(self, "tape"); },
  };
}

} // namespace sentio
