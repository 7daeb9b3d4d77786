#include "core/monitor/command_gate.hpp"

#include "core/monitor/private_files.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace sentio {

namespace {

constexpr std::size_t longest_counter_file = 64 * 1024;

gate_verdict refusal(command_refusal what, std::string why) {
  gate_verdict out;
  out.refusal = what;
  out.why = std::move(why);
  return out;
}

std::map<std::string, std::uint64_t> load_counters(const std::filesystem::path& file) {
  if (!std::filesystem::exists(file))
    return {};
  const auto found =
      nlohmann::json::parse(read_guarded(file, file_guard::owner_only, longest_counter_file), nullptr, false);
  std::map<std::string, std::uint64_t> counters;
  bool good = found.is_object();
  if (good)
    for (const auto& [key, value] : found.items()) {
      good = good && value.is_number_unsigned();
      if (good)
        counters[key] = value.get<std::uint64_t>();
    }
  if (!good)
    throw file_problem(file.string() + " is damaged: it should hold the last counter of each operator's key. "
                                       "Commands live for a minute: wait that long, remove the file, and "
                                       "start again");
  return counters;
}

std::string seconds_text(time_ms span) {
  return std::to_string(span / 1'000) + " s";
}

} // namespace

std::string_view to_string(command_refusal refusal) {
  constexpr std::array<std::string_view, command_refusals> names{
      "malformed", "unknown_key",     "bad_signature", "foreign_instance", "expired",
      "replayed",  "unknown_command", "unrecorded",    "before_start"};
  return names[static_cast<std::size_t>(refusal)];
}

command_gate::command_gate(std::string instance, const std::filesystem::path& public_keys,
                           std::filesystem::path counters, time_ms started)
    : instance_(std::move(instance)), keys_(operator_public_key::load(public_keys)),
      counters_file_(std::move(counters)), started_(started), counters_(load_counters(counters_file_)) {}

gate_verdict command_gate::judge(std::string_view text, time_ms now) {
  auto verdict = look(text, now);
  if (verdict.accepted)
    ++accepted_;
  else
    ++refused_[static_cast<std::size_t>(verdict.refusal)];
  return verdict;
}

gate_verdict command_gate::look(std::string_view text, time_ms now) {
  std::string why;
  auto command = parse_command(text, why);
  if (!command)
    return refusal(command_refusal::malformed, why);
  const auto key = std::find_if(keys_.begin(), keys_.end(), [&](const operator_public_key& one) {
    return one.fingerprint() == command->key;
  });
  if (key == keys_.end())
    return refusal(command_refusal::unknown_key, "it is signed with the key " + command->key.substr(0, 12) +
                                                     "..., which is not among this instance's operator keys");
  if (!key->verify(*command))
    return refusal(command_refusal::bad_signature, "its signature is not that key's: it is forged, or was "
                                                   "changed on its way");
  auto& value = command->value;
  gate_verdict out;
  out.key = command->key.substr(0, 12);
  const auto refuse = [&](command_refusal what, std::string sentence) {
    out.refusal = what;
    out.why = std::move(sentence);
    return out;
  };
  if (value.instance != instance_)
    return refuse(command_refusal::foreign_instance,
                  "it is for the instance " + value.instance + ", and this is " + instance_);
  if (value.expires <= now)
    return refuse(command_refusal::expired, "it expired " + seconds_text(now - value.expires) +
                                                " ago; send it again, and compare the clocks");
  if (value.expires - now > longest_command_life_ms)
    return refuse(command_refusal::expired, "it would hold for another " + seconds_text(value.expires - now) +
                                                ", and a command may for " +
                                                seconds_text(longest_command_life_ms) +
                                                "; compare the clocks");
  const auto last = counters_.find(command->key);
  if (last != counters_.end() && value.counter <= last->second)
    return refuse(command_refusal::replayed, "its counter " + std::to_string(value.counter) +
                                                 " is not after " + std::to_string(last->second) +
                                                 ", the last one of that key: it was sent before");
  // An operator's counter is the time of signing.
  if (now - started_ < longest_command_life_ms && value.counter < static_cast<std::uint64_t>(started_))
    return refuse(command_refusal::before_start,
                  "it was signed before this process began, " + seconds_text(now - started_) +
                      " ago, and may have been acted on then; send it again, and compare the clocks");
  if (!is_operator_command(value.command))
    return refuse(command_refusal::unknown_command,
                  value.command + " is no command of this version; pause, resume, flatten, halt, kill, "
                                  "rearm and configure are");
  auto next = counters_;
  next[command->key] = value.counter;
  try {
    write_durably(counters_file_, nlohmann::json(next).dump() + "\n", 0600);
  } catch (const file_problem& problem) {
    return refuse(command_refusal::unrecorded,
                  std::string("it could not be recorded, so it is not acted on: ") + problem.what());
  }
  counters_ = std::move(next);
  out.accepted = std::move(value);
  return out;
}

} // namespace sentio
