// Which planted bug is on, in the test-only build that has them all.
#pragma once

#include <string>
#include <string_view>

namespace sentio::mutants {

inline std::string active; ///< empty: the program as it is

inline bool is(std::string_view name) {
  return active == name;
}

} // namespace sentio::mutants
