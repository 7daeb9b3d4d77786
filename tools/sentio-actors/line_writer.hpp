// Text to a descriptor that may block: a stopped terminal, a pipe that nobody reads.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace sentio {

/// A bounded queue, and a thread that writes it. Whoever speaks never waits for who listens: when the queue
/// is full, its oldest text is dropped and counted, and the number is written where the gap is. Thread-safe.
class line_writer {
public:
  struct limits {
    std::size_t texts = 1'000;
    std::size_t bytes = 1 << 20; ///< one text that is longer is kept all the same
  };

  /// The descriptor is not closed. `name` is what the note at a gap calls it.
  line_writer(int descriptor, std::string name, limits most);
  line_writer(int descriptor, std::string name) : line_writer(descriptor, std::move(name), limits()) {}
  /// Does not wait for the thread, which may be stuck in a write for ever.
  ~line_writer();
  line_writer(const line_writer&) = delete;
  line_writer& operator=(const line_writer&) = delete;

  void write(std::string text);
  /// What is worth seeing only now, as a progress bar is: left out while anything waits, and never counted.
  void write_in_passing(std::string text);
  /// Waits until everything is written, but no longer than `patience` without any progress, and not once
  /// `give_up` says so. False when texts still wait.
  bool drain(std::chrono::milliseconds patience, const std::function<bool()>& give_up = {});

  /// Texts that nobody will see: dropped from the full queue, or refused by the descriptor.
  std::uint64_t dropped() const;
  /// Texts that wait, the one that is being written among them.
  std::uint64_t waiting() const;

private:
  struct shared;
  static void run(const std::shared_ptr<shared>& state);

  std::shared_ptr<shared> state_; ///< the thread's too, which may outlive this
};

} // namespace sentio
