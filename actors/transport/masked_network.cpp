#include "actors/transport/masked_network.hpp"

#include "core/numeric/plain_text.hpp"

#include <utility>

namespace sentio {

namespace {

class masking final : public venue_network {
public:
  masking(std::shared_ptr<venue_network> network, std::vector<std::string> keys)
      : network_(std::move(network)),
        keys_(std::make_shared<const std::vector<std::string>>(std::move(keys))) {}

  std::unique_ptr<rest_port> rest(const rest_config& config) override { return network_->rest(config); }
  std::unique_ptr<ws_port> socket(const ws_config& config, ws_port::sink events) override {
    return network_->socket(config, [keys = keys_, events = std::move(events)](ws_event event) {
      mask_keys(event.text, *keys);
      events(std::move(event));
    });
  }

private:
  std::shared_ptr<venue_network> network_;
  std::shared_ptr<const std::vector<std::string>> keys_; ///< outlives the network in its sockets
};

} // namespace

std::shared_ptr<venue_network> masked_network(std::shared_ptr<venue_network> network,
                                              std::vector<std::string> keys) {
  return std::make_shared<masking>(std::move(network), std::move(keys));
}

} // namespace sentio
