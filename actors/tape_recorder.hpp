// Typed records onto a tape file, or nowhere.
#pragma once

#include "core/tape/reader.hpp"
#include "core/tape/writer.hpp"
#include "messages/messages.hpp"

#include <string>

namespace sentio {

/// One function per record that the tape actor writes. Throws when the file cannot be written: trading must
/// stop.
class tape_recorder {
public:
  tape_recorder(const std::string& file, bool overwrite, const run_description& header);

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
  void feed(time_ms at, const feed_change& change);
  void snapshot(time_ms at, const std::string& json);
  void closed(const round_closed& round);
  void counts(time_ms at, const std::vector<named_value>& counts);
  void round(const ranked_round& round);
  void decided(const decision& made);
  void order(const order_intent& intent);
  void cancel(const cancel_intent& intent);

  /// write(2) of what was appended since the last flush.
  void flush();
  void close();

private:
  template <class Payload>
  void append(record_kind kind, time_ms at, const Payload& payload);

  std::size_t symbols_;
  tape_writer writer_; ///< without a file it only numbers
  time_ms last_ = 0;   ///< time of the last record, for those that have none of their own
};

/// Everything that a step of the portfolio made, in the order of its happening, flushed.
void write_outputs(tape_recorder& recorder, const portfolio_step& step);

} // namespace sentio
