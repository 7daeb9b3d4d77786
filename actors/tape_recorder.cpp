#include "actors/tape_recorder.hpp"

#include "core/learning/symbol_model.hpp"
#include "core/tape/codec.hpp"

namespace sentio {

tape_recorder::tape_recorder(const tape_place& place, const run_description& header)
    : symbols_(header.symbols.size()), memory_(place.memory) {
  if (memory_)
    writer_.create(*memory_);
  else if (!place.file.empty())
    if (const auto problem = writer_.create(place.file, place.overwrite); !problem.empty())
      throw tape_error(problem);
  append(record_kind::header, 0, tape_header{tape_format_version, feature_table_hash(), header});
  flush();
}

tape_recorder::tape_recorder(const tape_place& place, const tape_prefix& good, std::size_t symbols)
    : symbols_(symbols), memory_(place.memory) {
  const auto problem =
      memory_ ? writer_.resume(*memory_, good) : writer_.resume(std::filesystem::path(place.file), good);
  if (!problem.empty())
    throw tape_error(problem);
}

template <class Payload>
void tape_recorder::append(record_kind kind, time_ms at, const Payload& payload) {
  last_ = at;
  writer_.append(kind, at, payload);
}

void tape_recorder::warmup(const warmup_summary& summary) {
  append(record_kind::warmup, last_, summary);
}

void tape_recorder::learner(const learner_state& learner) {
  append(record_kind::learner_state, last_, learner_state_record{learner.symbol, learner.bytes});
}

void tape_recorder::session(const session_hours& hours) {
  append(record_kind::session, hours.open, hours);
}

void tape_recorder::revision(time_ms at, const revised_bar& revised) {
  append(record_kind::revision, at, bar_record{revised.symbol, revised.value});
}

void tape_recorder::bar_of(symbol_index symbol, const bar& b) {
  append(record_kind::bar, decision_time(b), bar_record{symbol, b});
}

void tape_recorder::phase(const phase_change& change) {
  append(record_kind::phase, change.at, phase_record{change.phase, change.at});
}

void tape_recorder::minute(const cut_off& minute) {
  if (!writes())
    return;
  cut_off_record record{minute.at, {}};
  auto absent = minute.absent.begin();
  for (symbol_index symbol = 0; symbol < symbols_; ++symbol)
    if (absent != minute.absent.end() && *absent == symbol)
      ++absent;
    else
      record.delivered.push_back(symbol);
  append(record_kind::cut_off, minute.at, record);
}

void tape_recorder::venue(const venue_event& event) {
  append(record_kind::venue, event.at, event);
}

void tape_recorder::command(const operator_command& command) {
  append(record_kind::command, command.at, command_record{command.kind, command.sender, command.at});
}

void tape_recorder::halt(const halt_change& change) {
  append(record_kind::halt, change.at, halt_record{change.symbol, change.on});
}

void tape_recorder::symbol(const symbol_change& change) {
  append(record_kind::symbol_state, change.at, symbol_state_record{change.symbol, change.up});
}

void tape_recorder::feed(time_ms at, const feed_change& change) {
  append(record_kind::feed_state, at, feed_state_record{change.up, change.text});
}

void tape_recorder::snapshot(time_ms at, const std::string& json) {
  append(record_kind::venue_snapshot, at, venue_snapshot_record{json});
}

void tape_recorder::closed(const round_closed& round) {
  append(record_kind::round_closed, round.at, round_closed_record{round.at, round.missing});
}

void tape_recorder::counts(time_ms at, const std::vector<named_value>& counts) {
  if (!writes())
    return;
  data_counts_record record;
  for (const auto& [name, value] : counts)
    record.counts.push_back({name, value});
  append(record_kind::data_counts, at, record);
}

void tape_recorder::flush() {
  writer_.flush();
}

void tape_recorder::close() {
  append(record_kind::end, last_, end_record{});
  writer_.close();
}

void write_outputs(tape_recorder& recorder, const portfolio_step& step) {
  each_output(step, [&](record_kind kind, time_ms at, const auto& payload) {
    recorder.output(kind, at, payload);
  });
  recorder.flush();
}

} // namespace sentio
