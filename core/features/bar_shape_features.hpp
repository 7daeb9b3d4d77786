// Calendar, price action, patterns, price lags and return lags: what a few bars show without averages.
// Private to the features.
#pragma once

#include "core/features/compact_features.hpp"

namespace sentio::rolling {

class bar_shape_state {
public:
  /// weekday: 0 = Monday; day of the month from 1.
  void begin_session(int weekday, int day_of_month);
  void update(const bar_inputs& in, const compact_state& shared, feature_values& values);

  template <class Archive>
  void visit(Archive& archive) {
    archive(middles_);
    for (double* field :
         {&weekday_sine_, &weekday_cosine_, &month_progress_, &session_high_, &session_low_, &streak_})
      archive(*field);
  }

private:
  void update_calendar(const bar_inputs& in, feature_values& values) const;
  void update_price_action(const bar_inputs& in, const compact_state& shared, feature_values& values);
  void update_patterns(const bar_inputs& in, const compact_state& shared, feature_values& values);

  history<32> middles_; // (H + L) / 2
  double weekday_sine_ = 0;
  double weekday_cosine_ = 0;
  double month_progress_ = 0;
  double session_high_ = 0;
  double session_low_ = 0;
  double streak_ = 0;
};

} // namespace sentio::rolling
