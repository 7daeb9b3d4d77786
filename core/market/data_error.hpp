// The one exception of the rooms that read or write bar files.
#pragma once

#include <stdexcept>
#include <string>

namespace sentio {

/// Bars that cannot be read or written. what() is a whole sentence for the user: the file
/// (and line), what was found, and what would be right. Programs print it and exit with code 1.
class data_error : public std::runtime_error {
public:
  explicit data_error(const std::string& sentence) : std::runtime_error(sentence) {}
};

} // namespace sentio
