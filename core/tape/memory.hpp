// A tape in memory, for simulations: what was written stays when its writer dies.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace sentio {

struct tape_memory {
  std::string bytes;
  /// How many of the bytes that are to be written reach the disk; fewer than all is a failed write. Empty: all
  /// of them, always.
  std::function<std::size_t(std::string_view)> disk;
};

} // namespace sentio
