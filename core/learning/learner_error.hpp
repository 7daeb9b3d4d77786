// What the learner throws when one of its identities is broken, or when it is used out of order.
#pragma once

#include <stdexcept>

namespace sentio {

/// The message is a sentence for a person; it names no symbol, the caller knows it.
class learner_error : public std::logic_error {
public:
  using std::logic_error::logic_error;
};

} // namespace sentio
