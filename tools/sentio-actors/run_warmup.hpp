// `sentio-actors warmup`: learns sessions and writes the learners to a file.
#pragma once

#include "tools/sentio-actors/run_mock.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sentio {

struct warmup_options {
  std::string data_dir;
  std::vector<std::string> symbols;
  std::string config_file;
  std::string start_date, end_date;
  std::uint32_t days = 0; ///< the last so many sessions of the range; 0 = all of them
  std::string output;
  std::string isa;
  bool strict = false;
  bool json = false;
};

int run_warmup(const warmup_options& options);

} // namespace sentio
