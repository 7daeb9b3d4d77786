#include "tests/tape/samples.hpp"

#include "core/tape/codec.hpp"
#include "core/tape/reader.hpp"

#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>

namespace sentio::test {
namespace {

constexpr auto int64_low = std::numeric_limits<std::int64_t>::min();
constexpr auto int64_high = std::numeric_limits<std::int64_t>::max();
constexpr auto uint64_high = std::numeric_limits<std::uint64_t>::max();
constexpr auto uint32_high = std::numeric_limits<std::uint32_t>::max();
constexpr double tiny = std::numeric_limits<double>::denorm_min();
constexpr double huge = std::numeric_limits<double>::max();
constexpr double infinite = std::numeric_limits<double>::infinity();

ranked_round sample_round() {
  ranked_round round;
  round.at = 1'748'957'460'000;
  round.missing = 1;
  round.symbols.resize(3);
  for (std::size_t i = 0; i < 2; ++i) {
    ranked_symbol& symbol = round.symbols[i];
    symbol.signal.label = 1'748'957'400'000;
    symbol.signal.open = 71.23;
    symbol.signal.close = 71.25 + 0.1 * static_cast<double>(i);
    symbol.signal.volume = 6227.3;
    symbol.signal.ready = true;
    symbol.signal.sigma = 0.0007;
    symbol.signal.probability = 0.5125;
    symbol.signal.confidence = 0.41;
    symbol.signal.edge_bp = 0.83;
    symbol.signal.horizon_count = 3;
    symbol.signal.expert_count = 4;
    symbol.signal.prediction = {0.01, -0.02, 0.03};
    symbol.signal.expert_z = {0.1, 0.2, -0.3, 0};
    symbol.signal.expert_weight = {0.25, 0.25, 0.25, 0.25};
    symbol.fresh = true;
    symbol.rankable = true;
    symbol.strength = 0.83;
    symbol.entry_strength = 0.83;
  }
  round.symbols[2].staleness = 7;
  round.symbols[2].barred = entry_bar::stale;
  round.order = {1, 0};
  return round;
}

tape_header sample_header() {
  tape_header header;
  header.feature_table = 0x0123456789abcdefULL;
  header.run.title = "mock";
  header.run.data_note = "synthetic data with a planted edge, seed 7";
  header.run.config_json = R"({"oes_config":{"ewrls_lambda":0.98}})";
  header.run.symbols = {"SQQQ", "TQQQ", "UVXY"};
  header.run.capital = {100'000'000'000};
  header.run.seed = 42;
  header.run.session_tag = "a1b2c3";
  header.run.warmup = {20, 46'800, {{"rotation_manager_config.min_strength_to_enter", 300, 46'000}}};
  header.run.sessions = {{2025, 6, 3}, {2025, 7, 3}};
  return header;
}

venue_event sample_fill() {
  venue_event event;
  event.kind = venue_event_kind::fill;
  event.client_order_id = "s-a1b2c3-20250603-0931-TQQQ-B-1";
  event.at = 1'748'957'460'100;
  event.fill = {"e1", event.client_order_id, 1, order_side::buy, 444, {71'260'000}, {2'100}, {0}, event.at,
                false};
  return event;
}

} // namespace

std::vector<sample_record> sample_records() {
  const bar minute{1'748'957'400'000, 71.23, 71.31, 71.2, 71.25, 6227.3};
  const time_ms at = decision_time(minute);
  const std::string order_id = "s-a1b2c3-20250603-0931-TQQQ-B-1";
  return {
      {record_kind::header, sample_header()},
      {record_kind::learner_state, learner_state_record{1, std::string("checkpoint\0with a zero", 22)}},
      {record_kind::warmup, sample_header().run.warmup},
      {record_kind::session, *session_on({2025, 6, 3})},
      {record_kind::feed_state, feed_state_record{true, "connected"}},
      {record_kind::symbol_state, symbol_state_record{2, true}},
      {record_kind::phase, phase_record{session_phase::open, minute.label}},
      {record_kind::bar, bar_record{1, minute}},
      {record_kind::revision, bar_record{0, minute}},
      {record_kind::cut_off, cut_off_record{at, {0, 1}}},
      {record_kind::round_closed, round_closed_record{at, {2}}},
      {record_kind::ranked_round, sample_round()},
      {record_kind::decision,
       decision{at, 1, decision_kind::enter, "edge 0.83 bp >= enter threshold 0 bp", 1, 0.83, 0}},
      {record_kind::order,
       order_intent{order_id, 1, order_side::buy, 444, {71'250'000}, at, at, decision_kind::enter}},
      {record_kind::venue, sample_fill()},
      {record_kind::timer_due, timer_record{17, at + 500}},
      {record_kind::halt, halt_record{0, true}},
      {record_kind::command, command_record{command_kind::flatten, "operator", at + 900}},
      {record_kind::cancel, cancel_intent{order_id, at + 900}},
      {record_kind::configuration, configuration_record{R"({"symbols":{}})"}},
      {record_kind::venue_snapshot, venue_snapshot_record{R"({"positions":[]})"}},
      {record_kind::data_counts, data_counts_record{{{"rows", 1170}, {"bad rows", 2}}}},
      {record_kind::end, end_record{}},
  };
}

std::vector<sample_record> extreme_records() {
  const std::string bytes = [] {
    std::string all;
    for (int value = 0; value < 256; ++value)
      all += static_cast<char>(value);
    return all;
  }();
  tape_header header;
  header.format_version = uint32_high;
  header.feature_table = uint64_high;
  header.run.title = bytes;
  header.run.symbols = {"", bytes, ""};
  header.run.capital = {int64_low};
  header.run.seed = uint64_high;
  header.run.fresh_daily = true;
  header.run.warmup = {uint32_high, uint64_high, {{"", 0, 0}, {bytes, uint64_high, uint64_high}}};
  header.run.sessions = {{1, 1, 1}, {9999, 12, 31}, {2024, 2, 29}};

  ranked_round full;
  full.at = int64_low;
  full.missing = uint32_high;
  full.entries_allowed = false;
  full.symbols.resize(40);
  for (std::size_t i = 0; i < full.symbols.size(); ++i) {
    ranked_symbol& symbol = full.symbols[i];
    symbol.signal.label = int64_high;
    symbol.signal.open = -0.0; // not the zero that is left out
    symbol.signal.close = tiny;
    symbol.signal.volume = huge;
    symbol.signal.sigma = -huge;
    symbol.signal.probability = infinite;
    symbol.signal.confidence = -infinite;
    symbol.signal.edge_bp = 1 + std::numeric_limits<double>::epsilon();
    symbol.signal.horizon_count = max_horizons;
    symbol.signal.expert_count = max_experts;
    symbol.signal.prediction.fill(-tiny);
    symbol.signal.expert_z.fill(0.1);
    symbol.signal.expert_weight.fill(1.0 / 3);
    symbol.staleness = std::numeric_limits<std::int32_t>::min();
    symbol.strength = -1;
    symbol.entry_strength = huge;
    symbol.barred = entry_bar::strength;
    full.order.push_back(static_cast<symbol_index>(full.symbols.size() - 1 - i));
  }
  venue_event word;
  word.kind = venue_event_kind::expired;
  word.client_order_id = bytes;
  word.at = int64_low;
  word.reason = bytes;
  word.fill = {bytes,        bytes,       uint32_high,  order_side::sell, int64_low,
               {int64_high}, {int64_low}, {int64_high}, int64_high,       true};
  return {
      {record_kind::header, tape_header{}},
      {record_kind::header, header},
      {record_kind::session, session_hours{{2028, 12, 29}, int64_low, int64_high, 0, true}},
      {record_kind::learner_state, learner_state_record{uint32_high, std::string(300'000, '\xff')}},
      {record_kind::learner_state, learner_state_record{}},
      {record_kind::warmup, warmup_summary{}},
      {record_kind::bar, bar_record{uint32_high, {int64_low, tiny, huge, -0.0, infinite, -huge}}},
      {record_kind::phase, phase_record{session_phase::close, int64_high}},
      {record_kind::cut_off, cut_off_record{int64_low, std::vector<symbol_index>(5000, uint32_high)}},
      {record_kind::cut_off, cut_off_record{}},
      {record_kind::round_closed, round_closed_record{int64_high, {}}},
      {record_kind::timer_due, timer_record{uint64_high, int64_low}},
      {record_kind::venue, word},
      {record_kind::venue, venue_event{}},
      {record_kind::venue_snapshot, venue_snapshot_record{bytes}},
      {record_kind::feed_state, feed_state_record{false, bytes}},
      {record_kind::symbol_state, symbol_state_record{uint32_high, false}},
      {record_kind::halt, halt_record{uint32_high, false}},
      {record_kind::command, command_record{command_kind::rearm, bytes, int64_low}},
      {record_kind::configuration, configuration_record{}},
      {record_kind::data_counts, data_counts_record{{{"", uint64_high}, {bytes, 0}}}},
      {record_kind::end, end_record{}},
      {record_kind::ranked_round, ranked_round{}},
      {record_kind::ranked_round, full},
      {record_kind::decision,
       decision{int64_low, uint32_high, decision_kind::eod_exit, bytes,
                std::numeric_limits<std::int32_t>::min(), -0.0, std::numeric_limits<std::int32_t>::max()}},
      {record_kind::order, order_intent{bytes,
                                        uint32_high,
                                        order_side::sell,
                                        int64_low,
                                        {int64_high},
                                        int64_low,
                                        int64_high,
                                        decision_kind::eod_exit}},
      {record_kind::cancel, cancel_intent{"", int64_high}},
  };
}

std::string encoded(const record_payload& payload) {
  return std::visit([](const auto& x) { return encode(x); }, payload);
}

void write_tape(const std::filesystem::path& path, const std::vector<sample_record>& records) {
  tape_writer writer;
  if (const std::string error = writer.create(path, true); !error.empty())
    throw std::runtime_error(error);
  time_ms time = 0;
  for (const sample_record& record : records) {
    writer.append(record.kind, time, encoded(record.payload));
    time += 1000;
  }
  writer.close();
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  std::ofstream out(path, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush())
    throw std::runtime_error("cannot write " + path.string());
}

std::vector<std::uint64_t> frame_positions(const std::filesystem::path& path) {
  std::vector<std::uint64_t> positions;
  tape_reader reader(path);
  tape_record record;
  while (reader.next(record) == read_status::record)
    positions.push_back(record.position);
  if (reader.fault() != tape_fault::none)
    throw std::runtime_error(reader.error());
  positions.push_back(reader.position());
  return positions;
}

} // namespace sentio::test
