// Style and script of the report page: no network, no fonts but the reader's own.
#pragma once

#include <string_view>

namespace sentio {

std::string_view page_style();
std::string_view page_script();

} // namespace sentio
