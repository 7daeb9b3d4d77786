#include "core/monitor/outbox.hpp"

#include <algorithm>
#include <stdexcept>

namespace sentio {

namespace {

/// What a text costs beside its letters.
constexpr std::size_t overhead = sizeof(uplink_frame);

} // namespace

/// Takes out what a newer text makes needless. The caller holds the lock.
template <class Which>
void outbox::remove(Which which) {
  replaced_ += std::erase_if(texts_, [&](const uplink_frame& one) {
    if (!which(one.kind))
      return false;
    bytes_ -= one.payload.size() + overhead;
    return true;
  });
}

void outbox::put(uplink_kind kind, std::string text) {
  if (kind != uplink_kind::report && kind != uplink_kind::snapshot && kind != uplink_kind::session &&
      kind != uplink_kind::answer)
    throw std::invalid_argument("an outbox takes reports, snapshots, histories and answers only");
  const std::lock_guard lock(mutex_);
  const std::size_t cost = text.size() + overhead;
  if (text.size() > longest_uplink_payload(uplink_way::up) || cost > limits_.bytes || limits_.texts == 0) {
    ++dropped_;
    return;
  }
  if (kind == uplink_kind::snapshot)
    remove([](uplink_kind one) { return one == uplink_kind::snapshot; });
  if (kind == uplink_kind::session)
    remove([](uplink_kind one) { return one != uplink_kind::answer; });
  while (!texts_.empty() && (bytes_ + cost > limits_.bytes || texts_.size() >= limits_.texts)) {
    const auto& oldest = texts_.front();
    bytes_ -= oldest.payload.size() + overhead;
    lost_ += oldest.kind == uplink_kind::report || oldest.kind == uplink_kind::session ? 1u : 0u;
    texts_.pop_front();
    ++dropped_;
  }
  bytes_ += cost;
  texts_.push_back({kind, std::move(text)});
}

std::optional<uplink_frame> outbox::take() {
  const std::lock_guard lock(mutex_);
  if (texts_.empty())
    return std::nullopt;
  uplink_frame out = std::move(texts_.front());
  texts_.pop_front();
  bytes_ -= out.payload.size() + overhead;
  return out;
}

void outbox::begin_anew() {
  const std::lock_guard lock(mutex_);
  remove([](uplink_kind one) { return one != uplink_kind::answer; });
}

bool outbox::empty() const {
  const std::lock_guard lock(mutex_);
  return texts_.empty();
}

std::size_t outbox::bytes() const {
  const std::lock_guard lock(mutex_);
  return bytes_;
}

std::uint64_t outbox::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

std::uint64_t outbox::lost() const {
  const std::lock_guard lock(mutex_);
  return lost_;
}

std::uint64_t outbox::replaced() const {
  const std::lock_guard lock(mutex_);
  return replaced_;
}

} // namespace sentio
