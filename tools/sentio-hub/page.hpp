// The web page, as it was built.
#pragma once

#include <string_view>

namespace sentio::hub {

/// The bytes of web/dist/index.html.
std::string_view built_page();

} // namespace sentio::hub
