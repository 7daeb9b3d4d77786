// The word that a mistyped one was probably meant to be.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

/// The nearest of `known` by edit distance with transpositions; empty when none is near
/// (more than a third of the letters differ). Ties go to the earlier one.
std::optional<std::string> nearest_word(std::string_view word, const std::vector<std::string>& known);

/// "; did you mean X?" or nothing.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& known);

} // namespace sentio
