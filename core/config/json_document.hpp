// JSON text as a document, with the mistakes that a JSON library lets pass.
#pragma once

#include "core/config/value_rule.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

/// Parses strict JSON. On a syntax error: empty, and one problem with line and column. A key written twice in
/// one object is a problem too (a library keeps one of the two without a word).
std::optional<json_value> parse_document(std::string_view text, std::string_view file,
                                         std::vector<std::string>& problems);

} // namespace sentio
