#include "actors/live/tape_sync.hpp"

#include <cerrno>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace sentio {

namespace {

/// A frozen file system (fsfreeze) lets fdatasync of what was synced before come back, and holds everything
/// that would change a file: so the file's time is set as well.
int touched_and_synced(int descriptor) {
  return futimens(descriptor, nullptr) == 0 && fdatasync(descriptor) == 0 ? 0 : errno;
}

} // namespace

tape_sync::tape_sync() {
  std::thread([state = state_] { work(state); }).detach();
}

tape_sync::~tape_sync() {
  const std::lock_guard lock(state_->mutex);
  state_->over = true;
  state_->changed.notify_all();
}

void tape_sync::work(const std::shared_ptr<shared_state>& state) {
  std::unique_lock lock(state->mutex);
  for (;;) {
    state->changed.wait(lock, [&] { return state->over || state->asked; });
    if (state->over)
      return;
    const int descriptor = *std::exchange(state->asked, std::nullopt);
    state->at_work = true;
    lock.unlock();
    const int result = touched_and_synced(descriptor);
    lock.lock();
    state->at_work = false;
    state->result = result;
    state->changed.notify_all();
  }
}

void tape_sync::ask(int descriptor) {
  const std::lock_guard lock(state_->mutex);
  if (state_->at_work || state_->asked)
    return;
  state_->asked = descriptor;
  state_->changed.notify_all();
}

bool tape_sync::waits() const {
  const std::lock_guard lock(state_->mutex);
  return state_->at_work || state_->asked;
}

std::optional<int> tape_sync::result() {
  const std::lock_guard lock(state_->mutex);
  return std::exchange(state_->result, std::nullopt);
}

bool tape_sync::now(int descriptor, std::chrono::milliseconds patience) {
  std::unique_lock lock(state_->mutex);
  const auto idle = [&] { return !state_->at_work && !state_->asked; };
  const auto end = std::chrono::steady_clock::now() + patience;
  if (!state_->changed.wait_until(lock, end, idle))
    return false;
  state_->asked = descriptor;
  state_->result.reset();
  state_->changed.notify_all();
  return state_->changed.wait_until(lock, end, [&] { return state_->result.has_value(); }) &&
         *state_->result == 0;
}

} // namespace sentio
