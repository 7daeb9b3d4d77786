#include "tools/sentio-actors/line_writer.hpp"

#include <algorithm>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <deque>
#include <mutex>
#include <poll.h>
#include <string_view>
#include <thread>
#include <unistd.h>
#include <utility>

namespace sentio {

namespace {

using steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds look_interval{10};
/// A pipe takes so much whole or not at all.
constexpr std::size_t most_at_once = 4'096;

} // namespace

struct line_writer::shared {
  shared(int to, std::string called, limits bounds) : descriptor(to), name(std::move(called)), most(bounds) {}

  const int descriptor;
  const std::string name;
  const limits most;

  mutable std::mutex mutex{};
  std::condition_variable work{};
  std::deque<std::string> waiting{};
  std::size_t bytes = 0; ///< of those that wait
  bool writing = false;
  bool over = false;
  std::uint64_t dropped = 0;
  std::uint64_t gap = 0;      ///< dropped since the last note of it
  std::uint64_t progress = 0; ///< pieces written

  /// Locked by the caller.
  void take(std::string text) {
    bytes += text.size();
    waiting.push_back(std::move(text));
    while (waiting.size() > 1 && (waiting.size() > most.texts || bytes > most.bytes)) {
      bytes -= waiting.front().size();
      waiting.pop_front();
      ++dropped;
      ++gap;
    }
    work.notify_one();
  }

  /// The next text, with a note of the gap before it. Locked by the caller.
  std::string next() {
    auto text = std::move(waiting.front());
    waiting.pop_front();
    bytes -= text.size();
    if (const auto lost = std::exchange(gap, 0); lost > 0)
      text = "(" + std::to_string(lost) + (lost == 1 ? " text was" : " texts were") +
             " dropped here, since " + name + " was not read)\n" + text;
    return text;
  }

  /// False when the descriptor does not take it.
  bool write_whole(std::string_view text) {
    while (!text.empty()) {
      const auto count = ::write(descriptor, text.data(), std::min(text.size(), most_at_once));
      if (count >= 0) {
        text.remove_prefix(static_cast<std::size_t>(count));
        const std::lock_guard lock(mutex);
        ++progress;
      } else if (errno == EAGAIN || errno == EWOULDBLOCK) { // somebody else made it so
        pollfd place{descriptor, POLLOUT, 0};
        ::poll(&place, 1, 100);
      } else if (errno != EINTR) {
        return false;
      }
    }
    return true;
  }
};

line_writer::line_writer(int descriptor, std::string name, limits most)
    : state_(std::make_shared<shared>(descriptor, std::move(name), most)) {
  // Its thread takes no signal: that is for whoever acts on one.
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  try {
    std::thread([state = state_] { run(state); }).detach();
  } catch (...) {
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    throw;
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

line_writer::~line_writer() {
  const std::lock_guard lock(state_->mutex);
  state_->over = true;
  state_->work.notify_one();
}

void line_writer::run(const std::shared_ptr<shared>& state) {
  std::unique_lock lock(state->mutex);
  for (;;) {
    state->work.wait(lock, [&] { return state->over || !state->waiting.empty(); });
    if (state->waiting.empty())
      return;
    const auto text = state->next();
    state->writing = true;
    lock.unlock();
    const bool written = state->write_whole(text);
    lock.lock();
    state->writing = false;
    if (!written)
      ++state->dropped;
  }
}

void line_writer::write(std::string text) {
  const std::lock_guard lock(state_->mutex);
  state_->take(std::move(text));
}

void line_writer::write_in_passing(std::string text) {
  const std::lock_guard lock(state_->mutex);
  if (state_->waiting.empty() && !state_->writing)
    state_->take(std::move(text));
}

bool line_writer::drain(std::chrono::milliseconds patience, const std::function<bool()>& give_up) {
  std::uint64_t seen = 0;
  for (auto moved = steady::now();; std::this_thread::sleep_for(look_interval)) {
    {
      const std::lock_guard lock(state_->mutex);
      if (state_->waiting.empty() && !state_->writing)
        return true;
      if (std::exchange(seen, state_->progress) != state_->progress)
        moved = steady::now();
    }
    if (steady::now() - moved > patience || (give_up && give_up()))
      return false;
  }
}

std::uint64_t line_writer::dropped() const {
  const std::lock_guard lock(state_->mutex);
  return state_->dropped;
}

std::uint64_t line_writer::waiting() const {
  const std::lock_guard lock(state_->mutex);
  return state_->waiting.size() + (state_->writing ? 1 : 0);
}

} // namespace sentio
