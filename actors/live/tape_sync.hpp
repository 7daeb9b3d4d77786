// Makes the tape durable beside the session: a disk may not answer, and whoever waits for it can do nothing
// else.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>

namespace sentio {

class tape_sync {
public:
  tape_sync();
  /// Does not wait for a disk that does not answer: its thread is left behind.
  ~tape_sync();
  tape_sync(const tape_sync&) = delete;
  tape_sync& operator=(const tape_sync&) = delete;

  /// Sets the time of the file behind this descriptor and syncs it, soon. Nothing while an earlier one has
  /// not come back: see waits().
  void ask(int descriptor);
  /// Has the disk not answered yet?
  bool waits() const;
  /// The errno of the last one that came back, 0 when it was good, once; empty: none has come back since the
  /// last call.
  std::optional<int> result();
  /// Asks and waits for the answer. False: it did not come in time, or was an error.
  bool now(int descriptor, std::chrono::milliseconds patience);

private:
  struct shared_state {
    mutable std::mutex mutex;
    std::condition_variable changed;
    std::optional<int> asked; ///< a descriptor that nobody has taken up yet
    bool at_work = false;
    std::optional<int> result;
    bool over = false;
  };
  static void work(const std::shared_ptr<shared_state>& state);

  std::shared_ptr<shared_state> state_ = std::make_shared<shared_state>();
};

} // namespace sentio
