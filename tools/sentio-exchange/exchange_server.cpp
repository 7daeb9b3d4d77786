#include "tools/sentio-exchange/exchange_server.hpp"

#include "tools/sentio-exchange/service.hpp"

#include <stdexcept>

namespace sentio {

namespace {

/// A folder of its own under the system's temporary directory, removed at the end.
class temporary_folder {
public:
  temporary_folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "sentio-exchange-XXXXXX").string();
    if (!mkdtemp(pattern.data()))
      throw std::runtime_error("cannot make a temporary folder at " + pattern);
    path_ = pattern;
  }
  ~temporary_folder() {
    std::error_code ignored; // nothing depends on a leftover folder
    std::filesystem::remove_all(path_, ignored);
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;

  const std::filesystem::path& path() const { return path_; }

private:
  std::filesystem::path path_;
};

} // namespace

struct exchange_server::impl {
  std::optional<temporary_folder> folder; ///< outlives the service, which has its files there
  std::unique_ptr<serving::service> service;
};

exchange_server::exchange_server(const exchange_server_config& config, std::unique_ptr<market_source> market)
    : impl_(std::make_unique<impl>()) {
  std::filesystem::path folder = config.tls_folder;
  if (folder.empty())
    folder = impl_->folder.emplace().path();
  impl_->service = std::make_unique<serving::service>(config, std::move(market), folder);
}

exchange_server::~exchange_server() = default;

void exchange_server::start() {
  impl_->service->start();
}

void exchange_server::stop() {
  impl_->service->stop();
}

int exchange_server::port() const {
  return impl_->service->port();
}

std::string exchange_server::host_and_port() const {
  return "localhost:" + std::to_string(port());
}

std::filesystem::path exchange_server::ca_file() const {
  return impl_->service->files().ca;
}

time_ms exchange_server::venue_now() const {
  return impl_->service->venue_now();
}

nlohmann::json exchange_server::state() const {
  return impl_->service->state();
}

void exchange_server::set_faults(const fault_plan& plan) {
  impl_->service->set_faults(plan);
}

} // namespace sentio
