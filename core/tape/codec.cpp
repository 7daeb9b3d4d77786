#include "core/tape/codec.hpp"

#include "core/tape/archive.hpp"

#include <bit>
#include <utility>

namespace sentio::tape_detail {

template <>
inline constexpr order_side last_value<order_side> = order_side::sell;
template <>
inline constexpr decision_kind last_value<decision_kind> = decision_kind::eod_exit;
template <>
inline constexpr venue_event_kind last_value<venue_event_kind> = venue_event_kind::impossible;
template <>
inline constexpr session_phase last_value<session_phase> = session_phase::close;
template <>
inline constexpr command_kind last_value<command_kind> = command_kind::close_session;
template <>
inline constexpr entry_bar last_value<entry_bar> = entry_bar::strength;

/// A structure, const when it is saved.
template <class X, class Structure>
concept either = std::same_as<std::remove_const_t<X>, Structure>;

void fields(auto& archive, either<money> auto& x) {
  archive(x.micros);
}

void require_date(auto& archive, const civil_date& x) {
  const bool plausible = x.year >= 1 && x.year <= 9999 && x.month >= 1 && x.month <= 12 && x.day >= 1;
  archive.require(plausible && date_from_days(days_since_epoch(x)) == x);
}

void fields(saving_archive& archive, const civil_date& x) {
  require_date(archive, x);
  archive(static_cast<std::int32_t>(x.year));
  archive(static_cast<std::uint8_t>(x.month));
  archive(static_cast<std::uint8_t>(x.day));
}

void fields(loading_archive& archive, civil_date& x) {
  std::int32_t year = 0;
  std::uint8_t month = 0;
  std::uint8_t day = 0;
  archive(year);
  archive(month);
  archive(day);
  x = {year, month, day};
  require_date(archive, x);
}

void fields(auto& archive, either<session_hours> auto& x) {
  archive(x.date);
  archive(x.open);
  archive(x.close);
  archive(x.liquidation);
  archive(x.half_day);
}

void fields(auto& archive, either<threshold_share> auto& x) {
  archive(x.key);
  archive(x.passed);
  archive(x.seen);
}

void fields(auto& archive, either<warmup_summary> auto& x) {
  archive(x.sessions);
  archive(x.bars);
  archive(x.shares);
}

void fields(auto& archive, either<run_description> auto& x) {
  archive(x.title);
  archive(x.data_note);
  archive(x.config_json);
  archive(x.symbols);
  archive(x.capital);
  archive(x.seed);
  archive(x.session_tag);
  archive(x.fresh_daily);
  archive(x.warmup);
  archive(x.sessions);
  archive.tail(x.data_warnings);
}

void fields(auto& archive, either<tape_header> auto& x) {
  archive(x.format_version);
  archive(x.feature_table);
  archive(x.run);
}

void fields(auto& archive, either<learner_state_record> auto& x) {
  archive(x.symbol);
  archive(x.checkpoint);
}

void fields(auto& archive, either<bar> auto& x) {
  archive(x.label);
  archive(x.open);
  archive(x.high);
  archive(x.low);
  archive(x.close);
  archive(x.volume);
}

void fields(auto& archive, either<bar_record> auto& x) {
  archive(x.symbol);
  archive(x.value);
}

void fields(auto& archive, either<phase_record> auto& x) {
  archive(x.phase);
  archive(x.at);
}

void fields(auto& archive, either<cut_off_record> auto& x) {
  archive(x.at);
  archive(x.delivered);
}

void fields(auto& archive, either<round_closed_record> auto& x) {
  archive(x.at);
  archive(x.missing);
}

void fields(auto& archive, either<timer_record> auto& x) {
  archive(x.id);
  archive(x.at);
}

void fields(auto& archive, either<execution> auto& x) {
  archive(x.execution_id);
  archive(x.client_order_id);
  archive(x.symbol);
  archive(x.side);
  archive(x.shares);
  archive(x.price);
  archive(x.spread_cost);
  archive(x.fees);
  archive(x.at);
  archive(x.no_print);
}

void fields(auto& archive, either<venue_event> auto& x) {
  archive(x.kind);
  archive(x.client_order_id);
  archive(x.at);
  archive(x.fill);
  archive(x.reason);
}

void fields(auto& archive, either<venue_snapshot_record> auto& x) {
  archive(x.json);
}

void fields(auto& archive, either<feed_state_record> auto& x) {
  archive(x.up);
  archive(x.text);
}

void fields(auto& archive, either<symbol_state_record> auto& x) {
  archive(x.symbol);
  archive(x.up);
}

void fields(auto& archive, either<halt_record> auto& x) {
  archive(x.symbol);
  archive(x.on);
}

void fields(auto& archive, either<command_record> auto& x) {
  archive(x.command);
  archive(x.sender);
  archive(x.at);
}

void fields(auto& archive, either<configuration_record> auto& x) {
  archive(x.json);
}

void fields(auto& archive, either<named_count> auto& x) {
  archive(x.name);
  archive(x.count);
}

void fields(auto& archive, either<data_counts_record> auto& x) {
  archive(x.counts);
}

void fields(auto&, either<end_record> auto&) {}

/// Every double of a ranked symbol, in a fixed order.
void for_each_number(either<ranked_symbol> auto& x, auto visit) {
  visit(x.signal.open);
  visit(x.signal.close);
  visit(x.signal.volume);
  visit(x.signal.sigma);
  visit(x.signal.probability);
  visit(x.signal.confidence);
  visit(x.signal.edge_bp);
  for (auto& value : x.signal.prediction)
    visit(value);
  for (auto& value : x.signal.expert_z)
    visit(value);
  for (auto& value : x.signal.expert_weight)
    visit(value);
  visit(x.strength);
  visit(x.entry_strength);
}

inline constexpr std::uint32_t ranked_numbers = 9 + max_horizons + 2 * max_experts;
static_assert(ranked_numbers + 3 <= 32, "the mask of a ranked symbol has 32 bits");

bool is_zero(double x) {
  return std::bit_cast<std::uint64_t>(x) == 0;
}

// Half of a ranked symbol is zeros (horizons and experts that are not there): a mask tells which numbers
// follow, and holds the three flags.
void fields(saving_archive& archive, const ranked_symbol& x) {
  std::uint32_t mask = 0;
  std::uint32_t bit = 0;
  for_each_number(x, [&](double value) { mask |= static_cast<std::uint32_t>(!is_zero(value)) << bit++; });
  for (const bool flag : {x.signal.ready, x.fresh, x.rankable})
    mask |= static_cast<std::uint32_t>(flag) << bit++;
  archive(mask);
  archive(x.signal.label);
  archive(x.staleness);
  archive(x.signal.horizon_count);
  archive(x.signal.expert_count);
  archive(x.barred);
  for_each_number(x, [&](double value) {
    if (!is_zero(value))
      archive(value);
  });
}

void fields(loading_archive& archive, ranked_symbol& x) {
  std::uint32_t mask = 0;
  archive(mask);
  archive(x.signal.label);
  archive(x.staleness);
  archive(x.signal.horizon_count);
  archive(x.signal.expert_count);
  archive(x.barred);
  archive.require(x.signal.horizon_count <= max_horizons && x.signal.expert_count <= max_experts);
  std::uint32_t bit = 0;
  for_each_number(x, [&](double& value) {
    value = 0;
    if ((mask >> bit++ & 1) == 0)
      return;
    archive(value);
    archive.require(!is_zero(value)); // or there were two encodings of one value
  });
  for (bool* flag : {&x.signal.ready, &x.fresh, &x.rankable})
    *flag = (mask >> bit++ & 1) != 0;
  archive.require(mask >> bit == 0);
}

void require_order(saving_archive&, const ranked_round&) {}

void require_order(loading_archive& archive, const ranked_round& x) {
  std::vector<bool> named(x.symbols.size());
  for (const symbol_index symbol : x.order) {
    const bool good = symbol < named.size() && !named[symbol];
    archive.require(good);
    if (!good)
      return;
    named[symbol] = true;
  }
}

void fields(auto& archive, either<ranked_round> auto& x) {
  archive(x.at);
  archive(x.missing);
  archive(x.entries_allowed);
  archive(x.symbols);
  archive(x.order);
  require_order(archive, x);
}

void fields(auto& archive, either<decision> auto& x) {
  archive(x.at);
  archive(x.symbol);
  archive(x.kind);
  archive(x.reason);
  archive(x.rank);
  archive(x.strength);
  archive(x.bars_held);
}

void fields(auto& archive, either<order_intent> auto& x) {
  archive(x.client_order_id);
  archive(x.symbol);
  archive(x.side);
  archive(x.shares);
  archive(x.reference_price);
  archive(x.decided_at);
  archive(x.released_at);
  archive(x.reason);
}

void fields(auto& archive, either<cancel_intent> auto& x) {
  archive(x.client_order_id);
  archive(x.decided_at);
}

} // namespace sentio::tape_detail

namespace sentio {

template <tape_payload X>
void encode(byte_writer& out, const X& payload) {
  tape_detail::saving_archive archive(out);
  archive(payload);
}

template <tape_payload X>
bool decode(byte_reader& in, X& payload) {
  tape_detail::loading_archive archive(in);
  archive(payload);
  return !in.failed() && in.remaining() == 0;
}

bool decode(record_kind kind, std::string_view bytes, record_payload& payload) {
  if (!is_known(kind))
    return false;
  return [&]<std::size_t... Index>(std::index_sequence<Index...>) {
    using reader = bool (*)(std::string_view, record_payload&);
    constexpr reader readers[] = {[](std::string_view encoded, record_payload& into) {
      return decode(encoded, into.emplace<Index>());
    }...};
    return readers[payload_index(kind)](bytes, payload);
  }
  (std::make_index_sequence<std::variant_size_v<record_payload>>());
}

#define SENTIO_TAPE_PAYLOAD(X)                                                                               \
  template void encode<X>(byte_writer&, const X&);                                                           \
  template bool decode<X>(byte_reader&, X&);
SENTIO_TAPE_PAYLOAD(tape_header)
SENTIO_TAPE_PAYLOAD(session_hours)
SENTIO_TAPE_PAYLOAD(learner_state_record)
SENTIO_TAPE_PAYLOAD(warmup_summary)
SENTIO_TAPE_PAYLOAD(bar_record)
SENTIO_TAPE_PAYLOAD(phase_record)
SENTIO_TAPE_PAYLOAD(cut_off_record)
SENTIO_TAPE_PAYLOAD(round_closed_record)
SENTIO_TAPE_PAYLOAD(timer_record)
SENTIO_TAPE_PAYLOAD(venue_event)
SENTIO_TAPE_PAYLOAD(venue_snapshot_record)
SENTIO_TAPE_PAYLOAD(feed_state_record)
SENTIO_TAPE_PAYLOAD(symbol_state_record)
SENTIO_TAPE_PAYLOAD(halt_record)
SENTIO_TAPE_PAYLOAD(command_record)
SENTIO_TAPE_PAYLOAD(configuration_record)
SENTIO_TAPE_PAYLOAD(data_counts_record)
SENTIO_TAPE_PAYLOAD(end_record)
SENTIO_TAPE_PAYLOAD(ranked_round)
SENTIO_TAPE_PAYLOAD(decision)
SENTIO_TAPE_PAYLOAD(order_intent)
SENTIO_TAPE_PAYLOAD(cancel_intent)
#undef SENTIO_TAPE_PAYLOAD

} // namespace sentio
