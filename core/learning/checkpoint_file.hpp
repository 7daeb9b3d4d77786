// The file that carries the learners of several symbols from one run to the next.
#pragma once

#include "core/market/calendar.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sentio {

struct checkpoint_file {
  std::uint64_t parameters_fingerprint = 0; ///< of the learner parameters, see fingerprint()
  std::string warmup;                       ///< opaque to the learner: what the writer wants to find again
  civil_date last_session;                  ///< the last one that was learned
  std::vector<std::pair<std::string, std::string>>
      models; ///< symbol and symbol_model::save(), by symbol name

  friend bool operator==(const checkpoint_file&, const checkpoint_file&) = default;
};

/// Magic, version, byte order mark, contents, checksum. Throws learner_error when a symbol comes twice or out
/// of order.
std::string encode(const checkpoint_file& file);

/// Empty on success, else what is wrong and what would be right; the target is then unchanged.
std::string decode(std::string_view bytes, checkpoint_file& file);

/// Writes to a temporary file beside the path, flushes it to the disk and renames it: the path holds the old
/// file or the new one, never a part. Empty on success, else the path and the system's reason.
std::string write_checkpoint(const std::filesystem::path& path, const checkpoint_file& file);
std::string read_checkpoint(const std::filesystem::path& path, checkpoint_file& file);

} // namespace sentio
