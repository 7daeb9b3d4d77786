// What a tape holds: the kinds of records and the payload of each.
#pragma once

#include "core/account/order.hpp"
#include "core/journal/records.hpp"
#include "core/market/bar.hpp"
#include "core/market/calendar.hpp"
#include "core/portfolio/output.hpp"
#include "core/strategy/ranking.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sentio {

/// Version of the file layout and of every payload. A tape of another version is refused.
inline constexpr std::uint32_t tape_format_version = 1;

/// The numbers are part of the format: never reuse one. Inputs come from outside and drive the fold; outputs
/// (from 64 on) are what the fold made of them, recorded so that a replay can assert them.
enum class record_kind : std::uint8_t {
  header = 0,          ///< tape_header, always record 0
  session = 1,         ///< session_hours: a trading day begins
  learner_state = 2,   ///< learner_state_record
  warmup = 3,          ///< warmup_summary
  bar = 4,             ///< bar_record
  revision = 5,        ///< bar_record
  phase = 6,           ///< phase_record
  cut_off = 7,         ///< cut_off_record
  round_closed = 8,    ///< round_closed_record
  timer_due = 9,       ///< timer_record
  venue = 10,          ///< venue_event
  venue_snapshot = 11, ///< venue_snapshot_record
  feed_state = 12,     ///< feed_state_record
  symbol_state = 13,   ///< symbol_state_record
  halt = 14,           ///< halt_record
  command = 15,        ///< command_record
  configuration = 16,  ///< configuration_record
  data_counts = 17,    ///< data_counts_record
  end = 18,            ///< end_record, always the last one
  ranked_round = 64,
  decision = 65,
  order = 66,  ///< order_intent
  cancel = 67, ///< cancel_intent
};

constexpr bool is_output(record_kind kind) {
  return kind >= record_kind::ranked_round;
}
/// False for a byte that is no record_kind.
constexpr bool is_known(record_kind kind) {
  return kind <= record_kind::end || (kind >= record_kind::ranked_round && kind <= record_kind::cancel);
}
/// "ranked_round", ...; "unknown" for a byte that is no kind.
std::string_view to_string(record_kind kind);

/// The first record: everything a replay needs besides the inputs.
struct tape_header {
  std::uint32_t format_version = tape_format_version;
  std::uint64_t feature_table = 0; ///< feature_table_hash() of the program that wrote the tape
  run_description run;

  friend bool operator==(const tape_header&, const tape_header&) = default;
};

struct learner_state_record {
  symbol_index symbol = 0;
  std::string checkpoint; ///< symbol_model::save()

  friend bool operator==(const learner_state_record&, const learner_state_record&) = default;
};

struct bar_record {
  symbol_index symbol = 0;
  bar value;

  friend bool operator==(const bar_record&, const bar_record&) = default;
};

struct phase_record {
  session_phase phase = session_phase::open;
  time_ms at = 0;

  friend bool operator==(const phase_record&, const phase_record&) = default;
};

struct cut_off_record {
  time_ms at = 0;                      ///< the minute boundary
  std::vector<symbol_index> delivered; ///< symbols with a bar in the minute that ends here, ascending

  friend bool operator==(const cut_off_record&, const cut_off_record&) = default;
};

struct round_closed_record {
  time_ms at = 0;                    ///< decision time of the round
  std::vector<symbol_index> missing; ///< symbols whose signal is not waited for any more, ascending

  friend bool operator==(const round_closed_record&, const round_closed_record&) = default;
};

struct timer_record {
  std::uint64_t id = 0; ///< as given by who asked for the timer
  time_ms at = 0;       ///< venue time at which it was due

  friend bool operator==(const timer_record&, const timer_record&) = default;
};

struct venue_snapshot_record {
  std::string json; ///< the venue's own text, opaque to the tape

  friend bool operator==(const venue_snapshot_record&, const venue_snapshot_record&) = default;
};

struct feed_state_record {
  bool up = false;
  std::string text; ///< why

  friend bool operator==(const feed_state_record&, const feed_state_record&) = default;
};

struct symbol_state_record {
  symbol_index symbol = 0;
  bool up = false;

  friend bool operator==(const symbol_state_record&, const symbol_state_record&) = default;
};

struct halt_record {
  symbol_index symbol = 0;
  bool on = false;

  friend bool operator==(const halt_record&, const halt_record&) = default;
};

struct command_record {
  command_kind command = command_kind::halt;
  std::string sender;
  time_ms at = 0;

  friend bool operator==(const command_record&, const command_record&) = default;
};

struct configuration_record {
  std::string json; ///< canonical, the whole configuration

  friend bool operator==(const configuration_record&, const configuration_record&) = default;
};

struct named_count {
  std::string name;
  std::uint64_t count = 0;

  friend bool operator==(const named_count&, const named_count&) = default;
};

/// The feed's counters for a session: they reach reports, and a replay has no files to count again.
struct data_counts_record {
  std::vector<named_count> counts;

  friend bool operator==(const data_counts_record&, const data_counts_record&) = default;
};

/// The last record, so that a finished tape is told from one cut between two records.
struct end_record {
  friend bool operator==(const end_record&, const end_record&) = default;
};

/// Any payload. bar_record serves two kinds.
using record_payload =
    std::variant<tape_header, session_hours, learner_state_record, warmup_summary, bar_record, phase_record,
                 cut_off_record, round_closed_record, timer_record, venue_event, venue_snapshot_record,
                 feed_state_record, symbol_state_record, halt_record, command_record, configuration_record,
                 data_counts_record, end_record, ranked_round, decision, order_intent, cancel_intent>;

/// Where the payload of a known kind stands among the alternatives above, which follow the order of the
/// kinds.
constexpr std::size_t payload_index(record_kind kind) {
  const auto number = static_cast<std::size_t>(kind);
  if (is_output(kind))
    return payload_index(record_kind::end) + 1 + number - static_cast<std::size_t>(record_kind::ranked_round);
  return kind <= record_kind::bar ? number : number - 1; // a revision is a bar_record too
}

namespace tape_detail {
/// The first alternative that is X, or their count.
template <class X, class... Alternatives>
constexpr std::size_t find_alternative(const std::variant<Alternatives...>*) {
  constexpr bool matches[] = {std::same_as<X, Alternatives>...};
  std::size_t index = 0;
  while (index < sizeof...(Alternatives) && !matches[index])
    ++index;
  return index;
}
template <class X>
inline constexpr std::size_t index_of = find_alternative<X>(static_cast<const record_payload*>(nullptr));
} // namespace tape_detail

template <class X>
concept tape_payload = tape_detail::index_of<X> < std::variant_size_v<record_payload>;

/// Whether records of a kind hold an X.
template <tape_payload X>
constexpr bool holds(record_kind kind) {
  return payload_index(kind) == tape_detail::index_of<X>;
}
static_assert(holds<bar_record>(record_kind::bar) && holds<bar_record>(record_kind::revision));
static_assert(holds<phase_record>(record_kind::phase) && holds<end_record>(record_kind::end));
static_assert(holds<ranked_round>(record_kind::ranked_round) && holds<cancel_intent>(record_kind::cancel));

/// A record as it lies on a tape. The payload's bytes belong to the reader.
struct tape_record {
  std::uint64_t sequence = 0; ///< from 0, without gaps
  record_kind kind = record_kind::end;
  time_ms time = 0;
  std::string_view payload;
  std::uint64_t position = 0; ///< of its first byte in the file
};

} // namespace sentio
