#include "actors/mock_run.hpp"

#include "core/learning/symbol_model.hpp"
#include "core/tape/reader.hpp"
#include "core/tape/record_order.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <variant>

namespace sentio {

std::string why_unusable(const tape_header& header) {
  if (header.feature_table != feature_table_hash())
    return "the tape was written with another feature table; only the program version that wrote it can read "
           "it";
  if (header.run.sessions.empty())
    return "the header names no session";
  const auto decoded = decode_configuration(header.run.config_json, "the header's configuration");
  if (!decoded.problems.empty())
    return decoded.problems.front();
  try {
    const auto active = active_instruments(decoded.value);
    if (!std::equal(active.begin(), active.end(), header.run.symbols.begin(), header.run.symbols.end(),
                    [](const instrument& known, const std::string& name) { return known.name == name; }))
      return "the header's symbols are not those of its configuration";
  } catch (const std::invalid_argument& unknown) {
    return unknown.what();
  }
  return {};
}

namespace {

/// A session can be replayed only with the learner that every symbol began it with.
void check_learners(const tape_reader& reader, const tape_record& record, const tape_preamble& preamble) {
  for (std::size_t i = 0; i < preamble.learners.size(); ++i)
    if (preamble.learners[i].empty())
      throw tape_error(reader.place(record) + ": the first session begins without the learner of " +
                       preamble.header.symbols[i]);
}

} // namespace

tape_preamble read_preamble(const std::string& tape_file) {
  tape_preamble preamble;
  // The whole tape is checked first: a run must not begin that the tape cannot finish.
  tape_reader reader(tape_file);
  record_order order;
  tape_record record;
  record_payload payload;
  bool in_preamble = true;
  while (reader.next(record) == read_status::record) {
    if (const auto wrong = order.take(record, payload); !wrong.empty())
      throw tape_error(reader.place(record) + ": " + wrong);
    if (in_preamble && record.kind == record_kind::session)
      check_learners(reader, record, preamble);
    in_preamble = in_preamble && record.kind != record_kind::session;
    if (const auto* header = std::get_if<tape_header>(&payload)) {
      if (const auto wrong = why_unusable(*header); !wrong.empty())
        throw tape_error(reader.place(record) + ": " + wrong);
      preamble.header = header->run;
      preamble.learners.resize(preamble.header.symbols.size());
    } else if (const auto* warmup = std::get_if<warmup_summary>(&payload)) {
      preamble.warmup = *warmup;
    } else if (auto* learner = std::get_if<learner_state_record>(&payload)) {
      preamble.learners[learner->symbol] = std::move(learner->checkpoint);
    }
  }
  if (reader.fault() != tape_fault::none)
    throw tape_error(reader.error());
  if (in_preamble)
    throw tape_error(tape_file + ": the tape has no session; there is nothing to replay");
  return preamble;
}

std::string replay_error(const std::string& tape_file, const run_progress& progress,
                         const std::string& error) {
  if (error.empty() || error.starts_with(tape_file))
    return error;
  return tape_file + ": after record " + std::to_string(progress.tape_record) + ": " + error +
         ". The tape was altered, or another version of the program wrote it; `sentio-actors tape show " +
         tape_file + "` shows its records";
}

} // namespace sentio
