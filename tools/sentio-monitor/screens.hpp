// The bodies of the six screens.
#pragma once

#include "tools/sentio-monitor/desk.hpp"

namespace sentio {

/// Exactly `height` lines of exactly `width` columns.
std::vector<styled_line> draw_screen(const terminal_view& view, screen which, table_place& place,
                                     std::size_t width, std::size_t height);

} // namespace sentio
