// Volume: how much trades, and on which side of the price. Private to the features.
#pragma once

#include "core/features/compact_features.hpp"

namespace sentio::rolling {

class volume_state {
public:
  void begin_session() { displacement_squares_ = 0; }
  void update(const bar_inputs& in, const compact_state& shared, feature_values& values);
  template <class Archive>
  void visit(Archive& archive) {
    archive(displacement_squares_);
    archive(volumes_);
    archive(accumulation_);
    archive(flows_);
    archive(sums_5_);
    archive(sums_20_);
    archive(flows_14_);
    archive(pairs_50_);
    archive(force_);
    archive(size_);
    archive(empty_run_);
    archive(no_flow_run_);
    archive(typical_before_);
  }

private:
  void update_session(const bar_inputs& in, const compact_state& shared, feature_values& values);
  void update_windows(const bar_inputs& in, const compact_state& shared, feature_values& values);
  void update_money_flow(const bar_inputs& in, feature_values& values);
  void update_correlation(const bar_inputs& in, const compact_state& shared, feature_values& values);

  double displacement_squares_ = 0; // since the open, weighted by volume
  history<64> volumes_;
  history<32> accumulation_; // close location * v
  history<16> flows_;        // (h + l + c) / 3 * v, with the sign of its change
  window_sums<1> sums_5_;    // v
  window_sums<5> sums_20_;   // v, v^2, sign(u) v, accumulation, u v
  window_sums<2> flows_14_;  // rising, falling
  window_sums<5> pairs_50_;  // v, v^2, |u|, u^2, |u| v
  average force_;
  average size_;
  idle_run empty_run_; // bars without volume
  idle_run no_flow_run_;
  double typical_before_ = 0;
};

} // namespace sentio::rolling
