#include "actors/live/watchdog.hpp"

namespace sentio {

namespace {

constexpr std::chrono::seconds ask_interval{1};

} // namespace

void watchdog::watch(const std::string& name, const caf::actor& handle, duration attended) {
  if (!handle)
    return;
  auto& ward = wards_[name];
  if (ward.handle == handle)
    return;
  if (ward.handle)
    asker_->demonitor(ward.handle);
  ward = {handle, attended, false};
  asker_->monitor(handle);
}

void watchdog::take_answers(duration attended) {
  bool more = true;
  asker_->receive_while(more)(
      [&](const actor_status&) {
        const auto& sender = asker_->current_sender();
        for (auto& [name, ward] : wards_)
          if (ward.handle == sender)
            ward.answered = attended;
      },
      [&](const caf::down_msg& down) {
        for (auto& [name, ward] : wards_)
          if (ward.handle.address() == down.source)
            ward.gone = true;
      },
      [&](const caf::error&) {
        // An actor that refuses to answer lives; one that died is told by its down message.
      },
      caf::after(std::chrono::seconds(0)) >> [&] { more = false; });
}

std::optional<std::string> watchdog::look(duration attended) {
  take_answers(attended);
  if (attended - asked_ < ask_interval)
    return std::nullopt;
  asked_ = attended;
  for (auto& [name, ward] : wards_) {
    if (ward.gone)
      continue;
    if (attended - ward.answered >= patience_)
      return name;
    asker_->send(ward.handle, status_atom_v);
  }
  return std::nullopt;
}

} // namespace sentio
