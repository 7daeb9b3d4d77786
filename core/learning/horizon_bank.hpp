// Which bars learn, and the targets they wait for.
#pragma once

#include "core/learning/symbol_model.hpp"
#include "core/market/calendar.hpp"
#include "core/numeric/bytes.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace sentio {

/// A target that has become known.
struct completed_target {
  std::size_t horizon = 0; ///< index in the list of horizons
  std::size_t slot = 0;    ///< of the bar that predicted it
  double value = 0;        ///< in units of sigma_t sqrt(h), within +-2
};

/// Over the symbol's own bars of one session, t counting them:
///   y_h(t) = ln(open(t+1+h) / open(t+1)) / (sigma_t sqrt(h)), clipped to +-2
/// open(t+1) is the first price that could be traded after bar t. The target never depends on a model's
/// output. A bar labelled later than close - (h_max + 2) minutes is masked: by the calendar only, so that the
/// same bars learn whatever comes later. Bars wait in h_max + 2 slots.
class horizon_bank {
public:
  static constexpr double clip = 2.0;

  explicit horizon_bank(const std::vector<std::uint32_t>& horizons);

  void begin_session(const session_hours& hours);
  /// Takes the next bar; returns the targets that its open completes, in the order of the horizons. The span
  /// is valid until the next call.
  std::span<const completed_target> advance(time_ms label, double log_open, double sigma);
  /// Counts the targets that can no longer complete.
  void end_session();

  std::size_t slots() const { return pending_.size(); }
  std::size_t slot() const { return (bars_ - 1) % pending_.size(); } ///< of the bar just taken
  bool masked() const { return !pending_[slot()].learns; }           ///< is the bar just taken
  const learning_counts& counts() const { return counts_; }

  void save(byte_writer& out) const;
  void load(byte_reader& in);

private:
  struct pending_bar {
    double log_open = 0;
    double sigma = 0;
    bool learns = false;
  };
  std::vector<std::uint32_t> horizons_;
  std::vector<double> root_horizon_;
  std::vector<pending_bar> pending_;
  std::array<completed_target, max_horizons> completed_{};
  std::uint64_t bars_ = 0; ///< of this session
  time_ms last_learning_label_ = 0;
  learning_counts counts_;
};

} // namespace sentio
