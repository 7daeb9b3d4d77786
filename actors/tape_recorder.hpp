// Typed records onto a tape file, or nowhere.
#pragma once

#include "core/tape/reader.hpp"
#include "core/tape/writer.hpp"
#include "messages/messages.hpp"

#include <memory>
#include <string>

namespace sentio {

/// Where a tape lies: in a file, in memory, or nowhere.
struct tape_place {
  std::string file; ///< empty: none
  bool overwrite = false;
  std::shared_ptr<tape_memory> memory; ///< instead of a file, in simulations
};

/// One function per record that the tape actor writes. Throws when the file cannot be written: trading must
/// stop.
class tape_recorder {
public:
  /// Begins a tape with its header.
  tape_recorder(const tape_place& place, const run_description& header);
  /// Goes on with a tape that was cut off.
  tape_recorder(const tape_place& place, const tape_prefix& good, std::size_t symbols);

  bool writes() const { return writer_.has_file(); }
  std::uint64_t records() const { return writer_.records(); }

  void warmup(const warmup_summary& summary);
  void learner(const learner_state& learner);
  void session(const session_hours& hours);
  void revision(time_ms at, const revised_bar& revised);
  void bar_of(symbol_index symbol, const bar& b);
  void phase(const phase_change& change);
  void minute(const cut_off& minute);
  void venue(const venue_event& event);
  void command(const operator_command& command);
  void halt(const halt_change& change);
  void symbol(const symbol_change& change);
  void feed(time_ms at, const feed_change& change);
  void snapshot(time_ms at, const std::string& json);
  void closed(const round_closed& round);
  void counts(time_ms at, const std::vector<named_value>& counts);
  /// `payload`: a structure of the kind, or its encoded bytes.
  template <class Payload>
  void output(record_kind kind, time_ms at, const Payload& payload) {
    last_ = at;
    writer_.append(kind, at, payload);
  }

  /// write(2) of what was appended since the last flush.
  void flush();
  /// Of the tape's file, for fdatasync(2) by another thread; -1 when there is none.
  int descriptor() const { return writer_.descriptor(); }
  void close();

private:
  template <class Payload>
  void append(record_kind kind, time_ms at, const Payload& payload);

  std::size_t symbols_;
  std::shared_ptr<tape_memory> memory_; ///< outlives the writer
  tape_writer writer_; ///< without a file it only numbers
  time_ms last_ = 0;   ///< time of the last record, for those that have none of their own
};

/// Calls with record_kind, time and payload of everything that a step of the portfolio made, in the order of
/// the tape.
template <class Each>
void each_output(const portfolio_step& step, const Each& each) {
  if (step.round)
    each(record_kind::ranked_round, step.round->at, *step.round);
  for (const auto& made : step.output.decisions)
    each(record_kind::decision, made.at, made);
  for (const auto& intent : step.output.cancels)
    each(record_kind::cancel, intent.decided_at, intent);
  for (const auto& intent : step.output.orders)
    each(record_kind::order, intent.released_at, intent);
}

/// Writes and flushes them.
void write_outputs(tape_recorder& recorder, const portfolio_step& step);

} // namespace sentio
