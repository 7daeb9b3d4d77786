// The predecessor's probability map and its amplification near Bollinger bands, both selectable.
#pragma once

#include "core/learning/learner_parameters.hpp"
#include "core/numeric/bytes.hpp"

#include <cstdint>
#include <vector>

namespace sentio {

/// clamp(0.5 + 0.4 tanh(50 r), .05, .95); r is the predicted log return over five bars.
double legacy_probability(double predicted_return);

/// Bands of mean +- deviations * standard deviation over the last `period` closes. A probability above one
/// half grows by up to `factor` as the close nears the lower band within `proximity` of the bands' width, one
/// below one half shrinks as it nears the upper band; within [.05, .95]. Without spread or before `period`
/// closes nothing changes.
class bollinger_amplifier {
public:
  explicit bollinger_amplifier(const bollinger_parameters& parameters);

  void update(double close);
  double amplify(double probability) const;

  void save(byte_writer& out) const;
  void load(byte_reader& in);

private:
  bollinger_parameters parameters_;
  std::vector<double> closes_;
  std::uint64_t count_ = 0;
};

} // namespace sentio
