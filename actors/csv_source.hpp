// Sessions from bar files, for the feed.
#pragma once

#include "actors/feed.hpp"
#include "core/market/bar_survey.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace sentio {

struct csv_source_options {
  std::filesystem::path directory;
  std::vector<std::string> symbols; ///< sorted
  civil_date first;                 ///< first session to read: the first of the warm-up
  civil_date first_traded;          ///< sessions before it are warm-up
  civil_date last;
  bool strict = false;
  std::shared_ptr<const bar_survey> survey = nullptr; ///< of the directory, when the caller has looked already
};

/// Throws data_error from its constructor or from next().
std::shared_ptr<session_source> make_csv_source(const csv_source_options& options);

/// Sessions already in memory, handed out in their order: tests, simulation.
std::shared_ptr<session_source> make_memory_source(std::vector<session_block_ptr> blocks);

} // namespace sentio
