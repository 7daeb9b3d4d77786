// Checkpoint files of whole runs: learners of all symbols and what the warm-up showed.
#pragma once

#include "core/journal/records.hpp"
#include "core/learning/checkpoint_file.hpp"
#include "core/learning/learner_parameters.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace sentio {

/// symbols and states by symbol index, symbols sorted.
checkpoint_file make_checkpoint(const learner_parameters& learner, const warmup_summary& warmup,
                                civil_date last_session, const std::vector<std::string>& symbols,
                                const std::vector<std::string>& states);

/// Throws std::runtime_error with what is wrong: unreadable, altered, or of other learner parameters.
checkpoint_file load_checkpoint(const std::filesystem::path& path, const learner_parameters& learner);

/// The warm-up's summary inside. Throws std::runtime_error when it cannot be read.
warmup_summary warmup_of(const checkpoint_file& file);

/// The state of a symbol, or null.
const std::string* find_state(const checkpoint_file& file, const std::string& symbol);

} // namespace sentio
