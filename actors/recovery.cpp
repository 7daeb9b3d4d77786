#include "actors/recovery.hpp"

#include "actors/fold_history.hpp"
#include "actors/mock_run.hpp"
#include "actors/ranking.hpp"
#include "core/numeric/hash.hpp"
#include "core/tape/record_order.hpp"

#include <algorithm>
#include <stdexcept>

namespace sentio {

namespace {

class session_reader_of_tape {
public:
  explicit session_reader_of_tape(const tape_reader& reader) : reader_(reader) {}

  void take(const tape_record& record) {
    if (const auto wrong = order_.take(record, payload_); !wrong.empty())
      throw tape_error(reader_.place(record) + ": " + wrong);
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
  Payload& taken() {
    return std::get<Payload>(payload_);
  }
  template <class Message>
  void remember(Message message) {
    past_.emplace_back(std::make_shared<const Message>(std::move(message)));
  }

  bool take_preamble(const tape_record& record) {
    switch (record.kind) {
    case record_kind::header: {
      auto header = taken<tape_header>();
      if (const auto wrong = why_unusable(header); !wrong.empty())
        throw tape_error(reader_.place(record) + ": " + wrong);
      out_.header = std::move(header.run);
      out_.learners.resize(out_.header.symbols.size());
      return true;
    }
    case record_kind::warmup:
      out_.warmup = taken<warmup_summary>();
      return true;
    case record_kind::learner_state: {
      auto learner = taken<learner_state_record>();
      out_.learners[learner.symbol] = std::move(learner.checkpoint);
      return true;
    }
    case record_kind::session:
      if (out_.hours)
        throw tape_error(reader_.place(record) + ": a second session; only a tape of one live session can be "
                                                 "gone on with");
      for (std::size_t i = 0; i < out_.learners.size(); ++i)
        if (out_.learners[i].empty())
          throw tape_error(reader_.place(record) + ": the session begins without the learner of " +
                           out_.header.symbols[i]);
      out_.hours = taken<session_hours>();
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
      const auto one = taken<bar_record>();
      past_.emplace_back(live_bar{one.symbol, one.value, false});
      return true;
    }
    case record_kind::revision:
      ++out_.revisions;
      return true;
    case record_kind::phase: {
      const auto phase = taken<phase_record>();
      past_.emplace_back(phase_change{phase.phase, phase.at});
      return true;
    }
    case record_kind::cut_off: {
      const auto minute = taken<cut_off_record>();
      cut_off entry{minute.at, {}};
      for (symbol_index symbol = 0; symbol < out_.header.symbols.size(); ++symbol)
        if (!std::binary_search(minute.delivered.begin(), minute.delivered.end(), symbol))
          entry.absent.push_back(symbol);
      past_.emplace_back(std::move(entry));
      return true;
    }
    case record_kind::round_closed: {
      auto round = taken<round_closed_record>();
      past_.emplace_back(round_closed{round.at, std::move(round.missing)});
      return true;
    }
    case record_kind::venue:
      remember(taken<venue_event>());
      return true;
    case record_kind::command: {
      auto command = taken<command_record>();
      remember(operator_command{command.command, command.at, std::move(command.sender)});
      return true;
    }
    case record_kind::halt: {
      const auto halt = taken<halt_record>();
      past_.emplace_back(halt_change{halt.symbol, halt.on, record.time});
      return true;
    }
    case record_kind::symbol_state: {
      const auto change = taken<symbol_state_record>();
      remember(symbol_change{change.symbol, change.up, record.time, {}});
      return true;
    }
    case record_kind::data_counts: {
      session_end end{out_.hours->date, {}};
      for (const auto& one : taken<data_counts_record>().counts)
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
      past_.emplace_back(std::make_shared<const ranked_round>(taken<ranked_round>()));
    else if (record.kind == record_kind::order)
      remember(taken<order_intent>());
    else if (record.kind == record_kind::cancel)
      remember(taken<cancel_intent>());
  }

  const tape_reader& reader_;
  record_order order_;
  record_payload payload_; ///< of the record that is being taken
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

} // namespace

namespace {

template <class Fold>
void fold_records(const resumed_session& session, const Fold& fold) {
  for (std::size_t i = 0; i < session.past->size(); ++i) {
    const auto& entry = (*session.past)[i];
    try {
      fold(entry);
    } catch (const std::exception& problem) {
      throw std::runtime_error(session.tape + ": record " + std::to_string(session.records.at(i)) +
                               described(entry) + " cannot be folded: " + problem.what());
    }
  }
}

} // namespace

void fold_session(portfolio& book, const resumed_session& session) {
  fold_records(session, [&book](const history_entry& entry) {
    std::visit([&book](const auto& one) { folder{book}.on(one); }, entry);
    book.take();
  });
}

void fold_rounds(ranking_state& rounds, const resumed_session& session) {
  fold_records(session, [&rounds](const history_entry& entry) { rounds.fold(entry); });
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
  found.tape = reader->path().string();
  found.good = {reader->records(), reader->position(), reader->chain(), fault, reader->error()};
  return found;
}

} // namespace sentio
