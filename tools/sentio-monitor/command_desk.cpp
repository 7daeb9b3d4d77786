#include "tools/sentio-monitor/command_desk.hpp"

#include "core/monitor/private_files.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <pwd.h>
#include <stdexcept>
#include <unistd.h>
#include <utility>

namespace sentio {

namespace {

constexpr time_ms command_life_ms = 30'000;

/// A configuration as it is sent: without blanks, so that it fits; the instance checks its keys.
std::string read_configuration(const std::string& file) {
  const std::string text = read_guarded(file, file_guard::open_to_all, 1'000'000);
  const auto parsed = nlohmann::ordered_json::parse(text, nullptr, false);
  if (!parsed.is_object())
    throw std::runtime_error(file + " is no JSON object; `sentio-actors config --print` shows one");
  const std::string compact = parsed.dump();
  if (compact.size() > longest_command_argument)
    throw std::runtime_error(file + " has " + std::to_string(compact.size()) + " bytes without blanks; " +
                             std::to_string(longest_command_argument) + " can be sent");
  return compact;
}

} // namespace

command_desk::command_desk(operator_key signing_key, std::string sender)
    : key_(std::move(signing_key)), sender_(std::move(sender)) {}

std::string command_desk::make(const desk_wish& wish, time_ms now, std::int64_t steady_ms) {
  remote_command command;
  command.instance = wish.instance;
  // A clock that was set back must not make a counter smaller: the instance would refuse it as a repetition.
  last_counter_ = std::max(static_cast<std::uint64_t>(now), last_counter_ + 1);
  command.counter = last_counter_;
  command.expires = now + command_life_ms;
  command.command = wish.command;
  command.argument = wish.command == "configure" ? read_configuration(wish.argument) : wish.argument;
  command.sender = sender_;
  std::string text = key_.sign(command);
  open_[last_counter_] = {wish.command + (wish.argument.empty() ? "" : " " + wish.argument), steady_ms};
  return text;
}

void command_desk::not_sent() {
  open_.erase(last_counter_);
}

std::optional<command_note> command_desk::take(const command_answer& answer) {
  const auto found = open_.find(static_cast<std::uint64_t>(answer.counter));
  if (found == open_.end())
    return std::nullopt;
  const std::string words = found->second.words;
  open_.erase(found);
  if (answer.accepted)
    return command_note{words + ": " + (answer.text.empty() ? "done" : answer.text), look::good};
  return command_note{words + " REFUSED: " + (answer.text.empty() ? "no reason given" : answer.text),
                      look::bad};
}

std::optional<command_note> command_desk::overdue(std::int64_t steady_ms) {
  for (auto one = open_.begin(); one != open_.end(); ++one)
    if (steady_ms - one->second.at_ms > answer_patience_ms) {
      const std::string words = one->second.words;
      open_.erase(one);
      return command_note{words + ": no answer within " + std::to_string(answer_patience_ms / 1'000) +
                              " s; look at the instance before you send it again",
                          look::bad};
    }
  return std::nullopt;
}

std::string sender_of_this_computer() {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  const passwd* const user = getpwuid(geteuid());
  std::string sender = std::string(user ? user->pw_name : "unknown") + "@" + host.data();
  std::replace_if(
      sender.begin(), sender.end(), [](char c) { return c <= ' ' || c > '~'; }, '?');
  return sender.substr(0, longest_command_sender);
}

} // namespace sentio
