// Whether the tests run with a sanitizer, which slows them down by an order.
#pragma once

#include "core/monitor/sanitized.hpp"

namespace sentio::test {

inline constexpr bool sanitized = built_with_sanitizer;

} // namespace sentio::test
