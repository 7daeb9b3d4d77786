#include "actors/mock_run.hpp"

#include "core/learning/symbol_model.hpp"
#include "core/tape/codec.hpp"
#include "core/tape/reader.hpp"

namespace sentio {

namespace {

template <class Payload>
Payload decoded(const tape_reader& reader, const tape_record& record) {
  Payload payload;
  if (!decode(record.payload, payload))
    throw tape_error(reader.place(record) + ": a record of kind " + std::string(to_string(record.kind)) +
                     " that cannot be decoded");
  return payload;
}

void check_header(const tape_reader& reader, const tape_record& record, const tape_header& header) {
  if (header.feature_table != feature_table_hash())
    throw tape_error(reader.place(record) +
                     ": the tape was written with another feature table; replay it with the "
                     "program version that wrote it");
  if (header.run.sessions.empty())
    throw tape_error(reader.place(record) + ": the header names no session");
}

} // namespace

tape_preamble read_preamble(const std::string& tape_file) {
  tape_preamble preamble;
  // The whole tape is checked first: a run must not begin that the tape cannot finish.
  tape_reader reader(tape_file);
  tape_record record;
  bool in_preamble = true;
  for (;;) {
    const auto status = reader.next(record);
    if (status == read_status::error)
      throw tape_error(reader.error());
    if (status == read_status::end)
      return preamble;
    in_preamble = in_preamble && record.kind != record_kind::session;
    if (!in_preamble)
      continue;
    if (record.kind == record_kind::header) {
      const auto header = decoded<tape_header>(reader, record);
      check_header(reader, record, header);
      preamble.header = header.run;
      preamble.learners.resize(preamble.header.symbols.size());
    } else if (record.kind == record_kind::warmup) {
      preamble.warmup = decoded<warmup_summary>(reader, record);
    } else if (record.kind == record_kind::learner_state) {
      auto learner = decoded<learner_state_record>(reader, record);
      if (learner.symbol >= preamble.learners.size())
        throw tape_error(reader.place(record) + ": a learner of a symbol that the header does not name");
      preamble.learners[learner.symbol] = std::move(learner.checkpoint);
    }
  }
}

} // namespace sentio
