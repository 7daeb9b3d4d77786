#include "core/tape/record_order.hpp"

#include "core/market/validation.hpp"
#include "core/tape/codec.hpp"
#include "core/tape/tape_text.hpp"

#include <algorithm>
#include <functional>
#include <variant>

namespace sentio {

namespace {

constexpr time_ms day_ms = 24 * 60 * minute_ms;
constexpr time_ms end_of_times = 253'402'300'800'000; ///< the year 10000: sums of times stay in 64 bits

std::string wrong_time(time_ms at) {
  return at >= 0 && at < end_of_times
             ? std::string()
             : "its time of " + std::to_string(at) + " ms is no time from 1970 to 9999";
}

} // namespace

/// What each payload must hold. Payloads without rules of their own end in the last function.
struct record_order::judge {
  record_order& seen;
  record_kind kind;

  std::string wrong_symbol(symbol_index symbol) const {
    if (symbol < seen.symbols_)
      return {};
    return "it names symbol number " + std::to_string(symbol) + "; the header names " +
           std::to_string(seen.symbols_) + ", counted from 0";
  }

  std::string wrong_list(const std::vector<symbol_index>& list) const {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (auto wrong = wrong_symbol(list[i]); !wrong.empty())
        return wrong;
      if (i > 0 && list[i] <= list[i - 1])
        return "its symbols do not ascend";
    }
    return {};
  }

  std::string on(const tape_header& header) const {
    const auto& names = header.run.symbols;
    if (std::adjacent_find(names.begin(), names.end(), std::greater_equal<>()) != names.end())
      return "its symbols are not sorted, or one stands there twice";
    seen.symbols_ = names.size();
    seen.learned_.resize(names.size());
    return {};
  }

  std::string on(const learner_state_record& learner) const {
    if (auto wrong = wrong_symbol(learner.symbol); !wrong.empty())
      return wrong;
    if (seen.learned_[learner.symbol])
      return "the learner of symbol number " + std::to_string(learner.symbol) + " was there already";
    seen.learned_[learner.symbol] = true;
    return {};
  }

  std::string on(const session_hours& hours) const {
    for (const auto at : {hours.open, hours.liquidation, hours.close})
      if (auto wrong = wrong_time(at); !wrong.empty())
        return wrong;
    if (hours.close <= hours.open || hours.close - hours.open > day_ms || hours.liquidation < hours.open ||
        hours.liquidation > hours.close || hours.open % minute_ms != 0 || hours.close % minute_ms != 0)
      return "its hours from " + utc_text(hours.open) + " to " + utc_text(hours.close) +
             ", with liquidation at " + utc_text(hours.liquidation) + ", are no session's";
    if (seen.hours_.close > 0 && (hours.open < seen.hours_.close || !(seen.hours_.date < hours.date)))
      return "the session of " + to_string(hours.date) + " does not follow that of " +
             to_string(seen.hours_.date);
    seen.hours_ = hours;
    seen.in_session_ = true;
    seen.last_cut_off_ = hours.open;
    seen.last_label_.assign(seen.symbols_, 0);
    return {};
  }

  std::string on(const bar_record& record) const {
    if (auto wrong = wrong_symbol(record.symbol); !wrong.empty())
      return wrong;
    const bar& b = record.value;
    if (const auto defect = check_bar(b); defect != bar_defect::none)
      return "no bar: " + std::string(to_string(defect));
    if (kind == record_kind::revision) // what a source says of an earlier minute, and nobody learns from
      return wrong_time(b.label);
    if (b.label < seen.hours_.open || b.label >= seen.hours_.close)
      return "the bar of " + utc_text(b.label) + " lies outside its session";
    auto& last = seen.last_label_[record.symbol];
    if (b.label <= last)
      return "the bar of " + utc_text(b.label) + " comes after that of " + utc_text(last);
    last = b.label;
    return {};
  }

  std::string on(const cut_off_record& minute) const {
    const auto& hours = seen.hours_;
    if (minute.at <= seen.last_cut_off_ || minute.at > hours.close || minute.at % minute_ms != 0)
      return "the cut-off at " + std::to_string(minute.at) +
             " ms is not the end of a later minute of its session";
    seen.last_cut_off_ = minute.at;
    return wrong_list(minute.delivered);
  }

  std::string on(const round_closed_record& round) const {
    const auto wrong = wrong_time(round.at);
    return wrong.empty() ? wrong_list(round.missing) : wrong;
  }

  std::string on(const venue_event& event) const {
    for (const auto at : {event.at, event.fill.at})
      if (auto wrong = wrong_time(at); !wrong.empty())
        return wrong;
    const bool fills = event.kind == venue_event_kind::fill || event.kind == venue_event_kind::adjustment;
    return fills ? wrong_symbol(event.fill.symbol) : std::string();
  }

  std::string on(const ranked_round& round) const {
    if (round.symbols.size() != seen.symbols_)
      return "it ranks " + std::to_string(round.symbols.size()) + " symbols; the header names " +
             std::to_string(seen.symbols_);
    for (const auto& ranked : round.symbols)
      if (auto wrong = wrong_time(ranked.signal.label); !wrong.empty())
        return wrong;
    return wrong_time(round.at);
  }

  std::string on(const order_intent& intent) const {
    for (const auto at : {intent.decided_at, intent.released_at})
      if (auto wrong = wrong_time(at); !wrong.empty())
        return wrong;
    return wrong_symbol(intent.symbol);
  }

  std::string on(const decision& made) const {
    const auto wrong = wrong_time(made.at);
    return wrong.empty() ? wrong_symbol(made.symbol) : wrong;
  }

  std::string on(const symbol_state_record& change) const { return wrong_symbol(change.symbol); }
  std::string on(const halt_record& change) const { return wrong_symbol(change.symbol); }
  std::string on(const phase_record& change) const { return wrong_time(change.at); }
  std::string on(const command_record& command) const { return wrong_time(command.at); }
  std::string on(const cancel_intent& intent) const { return wrong_time(intent.decided_at); }

  std::string on(const data_counts_record&) const {
    seen.in_session_ = false;
    return {};
  }

  template <class Payload>
  std::string on(const Payload&) const {
    return {};
  }
};

/// Whether a record of this kind may stand here at all.
std::string record_order::misplaced(record_kind kind) const {
  const auto named = [kind] { return "a record of kind " + std::string(to_string(kind)); };
  if (begun_ == (kind == record_kind::header))
    return "a tape has one header, and it is its first record; this is " + named();
  switch (kind) {
  case record_kind::header:
  case record_kind::end:
    return {};
  case record_kind::learner_state:
  case record_kind::warmup:
    return hours_.close == 0 ? std::string() : named() + " belongs before the first session";
  case record_kind::session:
    return in_session_ ? "a session begins while the one of " + to_string(hours_.date) + " is open"
                       : std::string();
  default:
    break;
  }
  if (hours_.close == 0)
    return named() + " comes before the first session";
  return in_session_ || is_output(kind)
             ? std::string()
             : named() + " follows the end of the session of " + to_string(hours_.date);
}

std::string record_order::take(const tape_record& record, record_payload& payload) {
  if (!decode(record.kind, record.payload, payload))
    return "the payload is no " + std::string(to_string(record.kind));
  if (auto wrong = misplaced(record.kind); !wrong.empty())
    return wrong;
  begun_ = true;
  if (auto wrong = wrong_time(record.time); !wrong.empty())
    return wrong;
  const judge rules{*this, record.kind};
  return std::visit([&rules](const auto& one) { return rules.on(one); }, payload);
}

} // namespace sentio
