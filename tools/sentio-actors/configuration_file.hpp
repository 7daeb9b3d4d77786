// A configuration as the user has it on disk.
#pragma once

#include "core/config/configuration.hpp"

#include <filesystem>
#include <string>

namespace sentio {

/// Decodes a file; empty = the shipped default profile. Known symbols come from symbols.json in the same
/// folder, or, when there is none, from the shipped one. Problems and warnings are those of the decoder, and
/// of symbols.json. Throws usage_error when a file cannot be read.
decoded_configuration load_configuration_file(const std::string& file);

/// The same, with problems as one usage_error and warnings printed on standard error.
configuration require_configuration_file(const std::string& file);

/// The name of a configuration that an operator gave a running session for the next one.
inline constexpr const char* next_configuration_name = "next_configuration.json";
/// Checks a configuration and keeps it under that name in a log directory. Returns "" or what is wrong with
/// it; what was kept before stays then.
std::string keep_configuration(const std::filesystem::path& log_dir, const std::string& text);

} // namespace sentio
