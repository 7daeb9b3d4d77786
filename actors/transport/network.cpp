#include "actors/transport/network.hpp"

#include <utility>

namespace sentio {

namespace {

class tls_network final : public venue_network {
public:
  std::unique_ptr<rest_port> rest(const rest_config& config) override {
    return std::make_unique<rest_client>(config);
  }
  std::unique_ptr<ws_port> socket(const ws_config& config, ws_port::sink events) override {
    return std::make_unique<ws_client>(config, std::move(events));
  }
};

} // namespace

std::shared_ptr<venue_network> real_network() {
  return std::make_shared<tls_network>();
}

} // namespace sentio
