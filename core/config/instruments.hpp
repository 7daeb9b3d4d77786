// Rows of known symbols: lookup, and the synthetic ones of generated data.
#pragma once

#include "core/market/instrument.hpp"

#include <string_view>
#include <vector>

namespace sentio {

/// "SYN" and three digits: a generated symbol, known without a row in symbols.json.
bool is_synthetic(std::string_view symbol);
/// Its row: leverage 1, boost 1, half spread 1 bp.
instrument synthetic_instrument(std::string_view symbol);

/// Row of a symbol in a list sorted by name; nullptr when there is none.
const instrument* find_instrument(const std::vector<instrument>& sorted, std::string_view symbol);
/// Adds the row of a synthetic symbol at its place, when it has none yet.
void add_synthetic(std::vector<instrument>& sorted, std::string_view symbol);
void sort_by_name(std::vector<instrument>& rows);

} // namespace sentio
