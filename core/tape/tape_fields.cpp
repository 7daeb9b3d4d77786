#include "core/tape/tape_fields.hpp"

#include <vector>

namespace sentio {
namespace {

std::string_view phase_name(session_phase phase) {
  switch (phase) {
  case session_phase::open:
    return "open";
  case session_phase::liquidation:
    return "liquidation";
  case session_phase::close:
    return "close";
  }
  return "unknown";
}

std::string_view command_name(command_kind command) {
  switch (command) {
  case command_kind::maintenance_on:
    return "maintenance_on";
  case command_kind::maintenance_off:
    return "maintenance_off";
  case command_kind::flatten:
    return "flatten";
  case command_kind::halt:
    return "halt";
  case command_kind::rearm:
    return "rearm";
  case command_kind::configure:
    return "configure";
  case command_kind::kill:
    return "kill";
  case command_kind::close_session:
    return "close_session";
  }
  return "unknown";
}

std::string hexadecimal(std::uint64_t value) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4)
    text += digits[value >> shift & 15];
  return text;
}

void fields(field_sink& sink, const session_hours& x) {
  sink.word("date", to_string(x.date));
  sink.time("open", x.open);
  sink.time("liquidation", x.liquidation);
  sink.time("close", x.close);
  sink.flag("half_day", x.half_day);
}

void fields(field_sink& sink, const warmup_summary& x) {
  sink.count("warmup_sessions", x.sessions);
  sink.count("warmup_bars", x.bars);
  sink.rows("thresholds", x.shares.size(), [&](std::size_t i) {
    sink.word("key", x.shares[i].key);
    sink.count("passed", x.shares[i].passed);
    sink.count("seen", x.shares[i].seen);
  });
}

void fields(field_sink& sink, const tape_header& x) {
  sink.count("format_version", x.format_version);
  sink.word("feature_table", hexadecimal(x.feature_table));
  sink.text("title", x.run.title);
  sink.text("data_note", x.run.data_note);
  sink.words("symbols", x.run.symbols);
  sink.decimal("capital", x.run.capital);
  sink.count("seed", x.run.seed);
  sink.word("session_tag", x.run.session_tag);
  sink.flag("fresh_daily", x.run.fresh_daily);
  std::vector<std::string> dates;
  for (const civil_date date : x.run.sessions)
    dates.push_back(to_string(date));
  sink.words("sessions", dates);
  fields(sink, x.run.warmup);
  if (!x.run.data_warnings.empty())
    sink.rows("data_warnings", x.run.data_warnings.size(),
              [&](std::size_t i) { sink.text("warning", x.run.data_warnings[i]); });
  sink.document("configuration", x.run.config_json);
}

void fields(field_sink& sink, const learner_state_record& x) {
  sink.symbol("symbol", x.symbol);
  sink.bytes("checkpoint", x.checkpoint);
}

void fields(field_sink& sink, const bar_record& x) {
  sink.symbol("symbol", x.symbol);
  sink.time("label", x.value.label);
  sink.number("open", x.value.open);
  sink.number("high", x.value.high);
  sink.number("low", x.value.low);
  sink.number("close", x.value.close);
  sink.number("volume", x.value.volume);
}

void fields(field_sink& sink, const phase_record& x) {
  sink.word("phase", phase_name(x.phase));
  sink.time("at", x.at);
}

void fields(field_sink& sink, const cut_off_record& x) {
  sink.time("at", x.at);
  sink.symbols("delivered", x.delivered);
}

void fields(field_sink& sink, const round_closed_record& x) {
  sink.time("at", x.at);
  sink.symbols("missing", x.missing);
}

void fields(field_sink& sink, const timer_record& x) {
  sink.count("id", x.id);
  sink.time("at", x.at);
}

void fields(field_sink& sink, const venue_event& x) {
  sink.word("event", to_string(x.kind));
  sink.text("client_order_id", x.client_order_id);
  sink.time("at", x.at);
  if (!x.reason.empty())
    sink.text("reason", x.reason);
  if (x.kind != venue_event_kind::fill && x.kind != venue_event_kind::adjustment)
    return;
  sink.text("execution_id", x.fill.execution_id);
  sink.symbol("symbol", x.fill.symbol);
  sink.word("side", to_string(x.fill.side));
  sink.integer("shares", x.fill.shares);
  sink.decimal("price", x.fill.price);
  sink.decimal("spread_cost", x.fill.spread_cost);
  sink.decimal("fees", x.fill.fees);
  sink.time("filled_at", x.fill.at);
  sink.flag("no_print", x.fill.no_print);
}

void fields(field_sink& sink, const venue_snapshot_record& x) {
  sink.document("snapshot", x.json);
}

void fields(field_sink& sink, const feed_state_record& x) {
  sink.flag("up", x.up);
  sink.text("text", x.text);
}

void fields(field_sink& sink, const symbol_state_record& x) {
  sink.symbol("symbol", x.symbol);
  sink.flag("up", x.up);
}

void fields(field_sink& sink, const halt_record& x) {
  sink.symbol("symbol", x.symbol);
  sink.flag("on", x.on);
}

void fields(field_sink& sink, const command_record& x) {
  sink.word("command", command_name(x.command));
  sink.text("sender", x.sender);
  sink.time("at", x.at);
}

void fields(field_sink& sink, const configuration_record& x) {
  sink.document("configuration", x.json);
}

void fields(field_sink& sink, const data_counts_record& x) {
  sink.rows("counts", x.counts.size(), [&](std::size_t i) {
    sink.text("name", x.counts[i].name);
    sink.count("count", x.counts[i].count);
  });
}

void fields(field_sink&, const end_record&) {}

void fields(field_sink& sink, const ranked_round& x) {
  sink.time("at", x.at);
  sink.count("missing", x.missing);
  sink.flag("entries_allowed", x.entries_allowed);
  sink.symbols("order", x.order);
  sink.rows("signals", x.symbols.size(), [&](std::size_t i) {
    const ranked_symbol& ranked = x.symbols[i];
    const symbol_signal& signal = ranked.signal;
    sink.symbol("symbol", static_cast<symbol_index>(i));
    sink.time("label", signal.label);
    sink.flag("fresh", ranked.fresh);
    sink.integer("staleness", ranked.staleness);
    sink.flag("ready", signal.ready);
    sink.flag("rankable", ranked.rankable);
    sink.word("barred", to_string(ranked.barred));
    sink.number("strength", ranked.strength);
    sink.number("entry_strength", ranked.entry_strength);
    sink.number("open", signal.open);
    sink.number("close", signal.close);
    sink.number("volume", signal.volume);
    sink.number("sigma", signal.sigma);
    sink.number("probability", signal.probability);
    sink.number("confidence", signal.confidence);
    sink.number("edge_bp", signal.edge_bp);
    sink.numbers("prediction", std::span(signal.prediction).first(signal.horizon_count));
    sink.numbers("expert_z", std::span(signal.expert_z).first(signal.expert_count));
    sink.numbers("expert_weight", std::span(signal.expert_weight).first(signal.expert_count));
  });
}

void fields(field_sink& sink, const decision& x) {
  sink.time("at", x.at);
  sink.symbol("symbol", x.symbol);
  sink.word("decision", to_string(x.kind));
  sink.text("reason", x.reason);
  sink.integer("rank", x.rank);
  sink.number("strength", x.strength);
  sink.integer("bars_held", x.bars_held);
}

void fields(field_sink& sink, const order_intent& x) {
  sink.text("client_order_id", x.client_order_id);
  sink.symbol("symbol", x.symbol);
  sink.word("side", to_string(x.side));
  sink.integer("shares", x.shares);
  sink.decimal("reference_price", x.reference_price);
  sink.time("decided_at", x.decided_at);
  sink.time("released_at", x.released_at);
  sink.word("reason", to_string(x.reason));
}

void fields(field_sink& sink, const cancel_intent& x) {
  sink.text("client_order_id", x.client_order_id);
  sink.time("decided_at", x.decided_at);
}

} // namespace

void describe(field_sink& sink, const record_payload& payload) {
  std::visit([&](const auto& x) { fields(sink, x); }, payload);
}

} // namespace sentio
