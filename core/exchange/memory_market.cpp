#include "core/exchange/market_source.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace sentio {

namespace {

class memory_market : public market_source {
public:
  memory_market(std::vector<std::string> symbols, std::vector<std::vector<bar>> bars)
    : symbols_(std::move(symbols)), bars_(std::move(bars)) {
    if (symbols_.size() != bars_.size() || !std::is_sorted(symbols_.begin(), symbols_.end()))
      throw std::logic_error("a market needs sorted symbols and one list of bars for each");
  }

  const std::vector<std::string>& symbols() const override { return symbols_; }

  std::vector<bar> bars(const std::string& symbol, time_ms from, time_ms to) const override {
    const auto place = std::lower_bound(symbols_.begin(), symbols_.end(), symbol);
    if (place == symbols_.end() || *place != symbol || from >= to)
      return {};
    const std::vector<bar>& all = bars_[static_cast<std::size_t>(place - symbols_.begin())];
    const auto earlier = [](const bar& b, time_ms at) { return b.label < at; };
    return {std::lower_bound(all.begin(), all.end(), from, earlier), std::lower_bound(all.begin(), all.end(), to, earlier)};
  }

private:
  std::vector<std::string> symbols_;
  std::vector<std::vector<bar>> bars_;
};

} // namespace

std::unique_ptr<market_source> make_memory_market(std::vector<std::string> symbols,
                                                  std::vector<std::vector<bar>> bars) {
  return std::make_unique<memory_market>(std::move(symbols), std::move(bars));
}

} // namespace sentio
