#include "actors/recovery.hpp"

#include "core/learning/symbol_model.hpp"
#include "core/numeric/hash.hpp"
#include "core/tape/codec.hpp"

#include <algorithm>
#include <stdexcept>

namespace sentio {

namespace {

class session_reader_of_tape {
public:
  explicit session_reader_of_tape(const tape_reader& reader) : reader_(reader) {}

  void take(const tape_record& record) {
    if (is_output(record.kind))
      out_.outputs.push_back(output_hash(record.kind, record.payload));
    else if (record.kind != record_kind::bar)
      out_.last_at = std::max(out_.last_at, record.time);
    if (!take_preamble(record) && !take_input(record))
      take_output(record);
    out_.records.resize(past_.size(), record.sequence);
  }

  resumed_session finish() {
    out_.past = std::make_shared<const history>(std::move(past_));
    return std::move(out_);
  }

private:
  template <class Payload>
  Payload decoded(const tape_record& record) const {
    Payload payload;
    if (!decode(record.payload, payload))
      throw tape_error(reader_.place(record) + ": a record of kind " + std::string(to_string(record.kind)) +
                       " that cannot be decoded");
    return payload;
  }
  template <class Message>
  void remember(Message message) {
    past_.emplace_back(std::make_shared<const Message>(std::move(message)));
  }

  bool take_preamble(const tape_record& record) {
    switch (record.kind) {
    case record_kind::header: {
      auto header = decoded<tape_header>(record);
      if (header.feature_table != feature_table_hash())
        throw tape_error(reader_.place(record) +
                         ": the tape was written with another feature table; only the program version that "
                         "wrote it can go on with it");
      out_.header = std::move(header.run);
      out_.learners.resize(out_.header.symbols.size());
      return true;
    }
    case record_kind::warmup:
      out_.warmup = decoded<warmup_summary>(record);
      return true;
    case record_kind::learner_state: {
      auto learner = decoded<learner_state_record>(record);
      if (learner.symbol >= out_.learners.size())
        throw tape_error(reader_.place(record) + ": a learner of a symbol that the header does not name");
      out_.learners[learner.symbol] = std::move(learner.checkpoint);
      return true;
    }
    case record_kind::session:
      if (out_.hours)
        throw tape_error(reader_.place(record) + ": a second session; only a tape of one live session can be "
                                                 "gone on with");
      out_.hours = decoded<session_hours>(record);
      past_.emplace_back(session_start{*out_.hours, false});
      return true;
    case record_kind::end:
      out_.complete = true;
      return true;
    default:
      return false;
    }
  }

  bool take_input(const tape_record& record) {
    switch (record.kind) {
    case record_kind::bar: {
      const auto one = decoded<bar_record>(record);
      past_.emplace_back(live_bar{one.symbol, one.value, false});
      return true;
    }
    case record_kind::revision:
      ++out_.revisions;
      return true;
    case record_kind::phase: {
      const auto phase = decoded<phase_record>(record);
      past_.emplace_back(phase_change{phase.phase, phase.at});
      return true;
    }
    case record_kind::cut_off: {
      const auto minute = decoded<cut_off_record>(record);
      cut_off entry{minute.at, {}};
      for (symbol_index symbol = 0; symbol < out_.header.symbols.size(); ++symbol)
        if (!std::binary_search(minute.delivered.begin(), minute.delivered.end(), symbol))
          entry.absent.push_back(symbol);
      past_.emplace_back(std::move(entry));
      return true;
    }
    case record_kind::round_closed: {
      auto round = decoded<round_closed_record>(record);
      past_.emplace_back(round_closed{round.at, std::move(round.missing)});
      return true;
    }
    case record_kind::venue:
      remember(decoded<venue_event>(record));
      return true;
    case record_kind::command: {
      auto command = decoded<command_record>(record);
      remember(operator_command{command.command, command.at, std::move(command.sender)});
      return true;
    }
    case record_kind::halt: {
      const auto halt = decoded<halt_record>(record);
      past_.emplace_back(halt_change{halt.symbol, halt.on, record.time});
      return true;
    }
    case record_kind::symbol_state: {
      const auto change = decoded<symbol_state_record>(record);
      remember(symbol_change{change.symbol, change.up, record.time, {}});
      return true;
    }
    case record_kind::data_counts: {
      session_end end{out_.hours->date, {}};
      for (const auto& one : decoded<data_counts_record>(record).counts)
        end.counts.emplace_back(one.name, one.count);
      remember(std::move(end));
      return true;
    }
    default:
      return false;
    }
  }

  void take_output(const tape_record& record) {
    if (record.kind == record_kind::ranked_round)
      past_.emplace_back(std::make_shared<const ranked_round>(decoded<ranked_round>(record)));
    else if (record.kind == record_kind::order)
      remember(decoded<order_intent>(record));
    else if (record.kind == record_kind::cancel)
      remember(decoded<cancel_intent>(record));
  }

  const tape_reader& reader_;
  resumed_session out_;
  history past_;
};

/// Applies a live tape's inputs: they are in an order in which each can be taken as it comes.
struct folder {
  portfolio& book;

  void on(const session_start& day) const { book.begin_session(day.hours); }
  void on(const phase_change& change) const { book.on_phase(change.phase, change.at); }
  void on(const cut_off& minute) const { book.on_cut_off(minute.at); }
  void on(const ranked_round& round) const { book.on_round(round); }
  void on(const venue_event& event) const { book.on_venue(event); }
  void on(const operator_command& command) const { book.on_command(command.kind, command.at); }
  void on(const halt_change& change) const { book.on_halt(change.symbol, change.on); }
  void on(const symbol_change& change) const { book.on_symbol(change.symbol, change.up, change.at); }
  // Not the portfolio's, or its own making.
  void on(const live_bar&) const {}
  void on(const round_closed&) const {}
  void on(const order_intent&) const {}
  void on(const cancel_intent&) const {}
  void on(const session_end&) const {}
  template <class Entry>
  void on(const std::shared_ptr<const Entry>& entry) const {
    on(*entry);
  }
};

/// Of a record, for whoever looks for it on the tape.
std::string described(const history_entry& entry) {
  if (const auto* word = std::get_if<std::shared_ptr<const venue_event>>(&entry))
    return std::string(" (the venue's ") + to_string((*word)->kind) + " " + (*word)->client_order_id +
           " at " + new_york_clock((*word)->at) + ")";
  if (const auto* round = std::get_if<ranked_round_ptr>(&entry))
    return " (the round of " + new_york_clock((*round)->at) + ")";
  return {};
}

} // namespace

void fold_session(portfolio& book, const resumed_session& session) {
  for (std::size_t i = 0; i < session.past->size(); ++i) {
    const auto& entry = (*session.past)[i];
    try {
      std::visit([&book](const auto& one) { folder{book}.on(one); }, entry);
    } catch (const std::exception& problem) {
      throw std::runtime_error("record " + std::to_string(session.records.at(i)) + described(entry) +
                               " cannot be folded: " + problem.what());
    }
    book.take();
  }
}

std::uint64_t output_hash(record_kind kind, std::string_view payload) {
  return word_hash(payload) ^ (static_cast<std::uint64_t>(kind) * 0x9e3779b97f4a7c15ULL);
}

resumed_session read_session(const tape_place& place) {
  const auto reader = place.memory ? std::make_unique<tape_reader>(*place.memory, "memory")
                                   : std::make_unique<tape_reader>(std::filesystem::path(place.file));
  session_reader_of_tape session(*reader);
  tape_record record;
  while (reader->next(record) == read_status::record)
    session.take(record);
  const auto fault = reader->fault();
  // A tape of less than its first bytes is one whose writer died at once.
  const bool never_begun =
      fault == tape_fault::not_a_tape && reader->position() == 0 && reader->records() == 0;
  if (fault != tape_fault::none && fault != tape_fault::truncated && fault != tape_fault::missing_end &&
      !never_begun)
    throw tape_error(reader->error());
  auto found = session.finish();
  found.good = {reader->records(), reader->position(), reader->chain(), fault, reader->error()};
  return found;
}

} // namespace sentio
