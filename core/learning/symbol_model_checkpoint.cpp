#include "core/learning/symbol_model.hpp"

#include "core/learning/symbol_model_state.hpp"
#include "core/numeric/bytes.hpp"
#include "core/numeric/hash.hpp"

#include <string>
#include <utility>

namespace sentio {
namespace {

constexpr std::string_view magic = "SENTIOLM";
constexpr std::uint32_t version = 1;
constexpr std::uint32_t endianness_mark = 0x01020304;

std::string mismatch(std::string_view what, const std::string& found, const std::string& expected) {
  return "the checkpoint's " + std::string(what) + " is " + found + ", but " + expected + " is expected";
}

std::string hexadecimal(std::uint64_t value) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "0x";
  for (int shift = 60; shift >= 0; shift -= 4)
    text += digits[(value >> shift) & 15];
  return text;
}

/// Names the first parameter in which two canonical texts differ.
std::string parameter_mismatch(std::string_view found, std::string_view expected) {
  while (!found.empty() || !expected.empty()) {
    const std::string_view a = found.substr(0, found.find('\n'));
    const std::string_view b = expected.substr(0, expected.find('\n'));
    if (a != b)
      return "the checkpoint was made with the learner parameter \"" + std::string(a) +
             "\", but this model has \"" + std::string(b) + "\"";
    found.remove_prefix(std::min(found.size(), a.size() + 1));
    expected.remove_prefix(std::min(expected.size(), b.size() + 1));
  }
  return "";
}

} // namespace

void symbol_model::state::save(byte_writer& out) const {
  features.save(out);
  spread.save(out);
  bank.save(out);
  for (const input_ring& ring : rings)
    out.put_array(ring.inputs.values());
  for (const predictor_of_set& e : experts)
    e.predictor.save(out);
  for (const prior& p : priors) {
    out.put_array(std::span<const double>(p.expert_reference));
    out.put(p.reference);
    out.put(p.unit);
  }
  weights.save(out);
  slope.save(out);
  platt.save(out);
  confidence.save(out);
  bollinger.save(out);
  out.put_array(std::span<const std::uint64_t>(total_updates));
  out.put(last_label);
  out.put(session.has_value());
  const session_hours hours = session.value_or(session_hours{});
  out.put(days_since_epoch(hours.date));
  out.put(hours.open);
  out.put(hours.close);
  out.put(hours.liquidation);
  out.put(hours.half_day);
}

void symbol_model::state::load(byte_reader& in) {
  if (!features.load(in)) {
    in.fail();
    return;
  }
  spread.load(in);
  bank.load(in);
  for (input_ring& ring : rings)
    in.get_array(ring.inputs.values());
  for (predictor_of_set& e : experts)
    e.predictor.load(in);
  for (prior& p : priors) {
    in.get_array(std::span<double>(p.expert_reference));
    p.reference = in.get<double>();
    p.unit = in.get<double>();
  }
  weights.load(in);
  slope.load(in);
  platt.load(in);
  confidence.load(in);
  bollinger.load(in);
  in.get_array(std::span<std::uint64_t>(total_updates));
  last_label = in.get<time_ms>();
  const bool open_session = in.get_bool();
  session_hours hours;
  hours.date = date_from_days(in.get<std::int64_t>());
  hours.open = in.get<time_ms>();
  hours.close = in.get<time_ms>();
  hours.liquidation = in.get<time_ms>();
  hours.half_day = in.get_bool();
  if (open_session)
    session = hours;
}

std::string symbol_model::save() const {
  byte_writer payload;
  state_->save(payload);
  byte_writer out;
  out.put_raw(magic);
  out.put(version);
  out.put(endianness_mark);
  out.put(static_cast<std::uint32_t>(feature_count(state_->largest)));
  out.put(static_cast<std::uint32_t>(lane_count));
  out.put_text(canonical_text(state_->parameters));
  out.put(feature_table_hash());
  out.put(state_->samples);
  out.put(static_cast<std::uint64_t>(payload.bytes().size()));
  out.put_raw(payload.bytes());
  out.put(fnv1a64(out.bytes()));
  return out.take();
}

std::string symbol_model::load(std::string_view bytes) {
  byte_reader in(bytes);
  const std::string_view found_magic = in.get_raw(magic.size());
  if (found_magic != magic)
    return "these " + std::to_string(bytes.size()) + " bytes are no learner checkpoint: it begins with " +
           std::string(magic);
  if (const auto found = in.get<std::uint32_t>(); found != version)
    return mismatch("format version", std::to_string(found), std::to_string(version));
  if (const auto found = in.get<std::uint32_t>(); found != endianness_mark)
    return mismatch("byte order mark", hexadecimal(found), hexadecimal(endianness_mark));
  const auto features = static_cast<std::uint32_t>(feature_count(state_->largest));
  if (const auto found = in.get<std::uint32_t>(); found != features)
    return mismatch("number of features p", std::to_string(found), std::to_string(features));
  if (const auto found = in.get<std::uint32_t>(); found != lane_count)
    return mismatch("number of lanes", std::to_string(found), std::to_string(lane_count));
  if (std::string problem = parameter_mismatch(in.get_text(), canonical_text(state_->parameters));
      !problem.empty())
    return problem;
  if (const auto found = in.get<std::uint64_t>(); found != feature_table_hash())
    return mismatch("feature table hash", hexadecimal(found), hexadecimal(feature_table_hash())) +
           ": it was made with other features and must be made again from bars";
  const auto samples = in.get<std::uint64_t>();
  const auto size = in.get<std::uint64_t>();
  if (in.failed() || in.remaining() < sizeof(std::uint64_t) || size != in.remaining() - sizeof(std::uint64_t))
    return mismatch("payload size", std::to_string(in.remaining()) + " bytes with its checksum",
                    std::to_string(size) + " and 8");
  byte_reader payload(in.get_raw(size));
  const std::uint64_t computed = fnv1a64(bytes.substr(0, in.position()));
  if (const auto found = in.get<std::uint64_t>(); found != computed)
    return mismatch("checksum", hexadecimal(found), hexadecimal(computed)) + ": its bytes were altered";
  auto fresh = std::make_unique<state>(state_->parameters, state_->isa);
  fresh->load(payload);
  fresh->samples = samples;
  if (payload.failed() || payload.remaining() != 0)
    return "the checkpoint's payload of " + std::to_string(size) + " bytes does not have this model's layout";
  state_ = std::move(fresh);
  return "";
}

} // namespace sentio
