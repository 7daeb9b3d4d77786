// The learner of strategy section 3 written with other libraries, as their users would write it:
//   P <- a2 P + (1 - a2) tau2 I;  g = P x;  k = g / (1 + x'g);  P <- P - k g';  w_h <- a w_h + k (y_h - a
//   x'w_h)
// one covariance for all horizons, labels given at once.
#pragma once

#include <array>
#include <cstddef>
#include <memory>

namespace sentio {

inline constexpr std::size_t compared_horizons = 3;

struct compared_parameters {
  std::size_t features = 126;
  double a2 = 0.9998;
  double rho = 0.001; ///< tau2 = rho / features
};

class compared_learner {
public:
  virtual ~compared_learner() = default;
  /// One bar: advances P, learns a label per horizon, and predicts from the same input.
  virtual std::array<double, compared_horizons> bar(const double* x,
                                                    const std::array<double, compared_horizons>& labels) = 0;
};

std::unique_ptr<compared_learner> make_textbook(const compared_parameters& parameters); ///< plain loops
std::unique_ptr<compared_learner> make_eigen(const compared_parameters& parameters);
std::unique_ptr<compared_learner> make_eigen_symmetric(const compared_parameters& parameters);
std::unique_ptr<compared_learner> make_armadillo(const compared_parameters& parameters);
std::unique_ptr<compared_learner> make_dlib(const compared_parameters& parameters);

} // namespace sentio
