// Where the bars of a symbol lie.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

/// The file of a symbol: SYM_RTH_NH.csv, SYM_RTH_NH.csv.gz, SYM.csv or SYM.csv.gz in the directory, the first
/// that exists. `directory` may also be one file that holds several symbols, and is then the answer.
/// Throws data_error with all names tried.
std::filesystem::path find_bar_file(const std::filesystem::path& directory, std::string_view symbol);

/// Symbols that find_bar_file would find in a directory, sorted; those of a file that holds several. Hidden
/// files are none of them: macOS writes ._TQQQ.csv beside TQQQ.csv. Throws data_error when it cannot be read.
std::vector<std::string> list_bar_symbols(const std::filesystem::path& directory);

/// "TQQQ" of TQQQ_RTH_NH.csv; empty when the name is none of a bar file.
std::string symbol_of_file_name(std::string_view name);

/// The note that must be shown with every result from these bars ("synthetic data with a planted edge, seed
/// 7"): the first line of the file NOTE, or empty when there is none.
std::string data_note(const std::filesystem::path& directory);

} // namespace sentio
