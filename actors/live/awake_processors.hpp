// Processors that do not fall asleep between bars.
#pragma once

#include <stop_token>
#include <thread>
#include <vector>

namespace sentio {

/// One thread of the lowest priority (SCHED_IDLE) a processor that spins as long as this lives. Everything
/// else on the machine goes first, but no processor sleeps, and none of a virtual machine is given away by
/// its host: woken then, it came back up to 25 ms late where this was measured. The price is power, and,
/// where processor time is paid by use, money. What `idle=poll` does for a whole machine, for one process.
/// Throws std::runtime_error where the system does not grant SCHED_IDLE, which needs no privilege on Linux.
class awake_processors {
public:
  awake_processors();

private:
  std::vector<std::jthread> threads_; ///< stopped and joined at the end
};

} // namespace sentio
