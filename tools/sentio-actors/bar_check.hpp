// Whether the bars are there that a run needs: asked before anything is learned, traded or written.
#pragma once

#include "actors/mock_run.hpp"
#include "core/market/bar_coverage.hpp"
#include "core/market/bar_survey.hpp"

#include <filesystem>

#include <string>
#include <vector>

namespace sentio {

/// survey_bars. Throws usage_error when a symbol has no file, or one that cannot be read or has no row: with
/// all of them, and what to leave out.
bar_survey survey_or_refuse(const std::filesystem::path& directory, const std::vector<std::string>& symbols);

enum class bars_from : std::uint8_t { files, venue };

/// The sentences of findings as a run keeps them. Says each on standard error. Throws when there are
/// refusals, with all of them and the way out: usage_error for files, data_error for a venue, which may have
/// the bars another time.
std::vector<std::string> accept_bars(const std::vector<std::string>& symbols, const coverage_findings& found,
                                     bars_from source = bars_from::files);

/// Reads the files of the setup, which has its survey, over a plan, and accepts or refuses what came.
std::vector<std::string> check_bars(const mock_setup& setup, const bar_plan& plan);

} // namespace sentio
