// Wrong usage or configuration, as opposed to a run that failed.
#pragma once

#include <stdexcept>

namespace sentio {

/// Wrong usage or configuration: exit code 2. Everything else that is thrown is exit code 1.
class usage_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace sentio
