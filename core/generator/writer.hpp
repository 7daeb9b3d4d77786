// Generated bars as files.
#pragma once

#include "core/generator/market.hpp"

namespace sentio {

/// The CSV text of a series: ts_utc,ts_nyt_epoch,open,high,low,close,volume, regular and closing rows in
/// order of time. Every number reads back as the very double it came from.
std::string csv_text(const generated_series& series);

/// Writes SYM_RTH_NH.csv (or .csv.gz) for every symbol, and the file NOTE, into options.output, which is made
/// when absent. Each file appears whole or not at all. Gives the bar files, sorted by name. Same options,
/// same bytes (of compressed files: with the same zlib). Throws data_error: impossible options, a directory
/// that has bar files already (unless options.overwrite, which replaces those of the same symbols), a full or
/// read-only disk.
std::vector<std::filesystem::path> write_generated(const generator_options& options);

} // namespace sentio
