#include "core/config/configuration.hpp"
#include "core/strategies/rotation/rotation.hpp"

namespace sentio {

std::shared_ptr<const strategy> make_strategy(const configuration& value) {
  return make_rotation(value.rotation);
}

} // namespace sentio
