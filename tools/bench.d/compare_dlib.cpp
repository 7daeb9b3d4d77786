// With dlib: the formulas with a named intermediate for each product. (In one expression dlib would work out
// the product anew for every element that uses it.)
#include "tools/bench.d/comparison.hpp"

#include <dlib/matrix.h>

#include <cmath>

namespace sentio {
namespace {

using dlib_vector = dlib::matrix<double, 0, 1>;

class dlib_learner final : public compared_learner {
public:
  explicit dlib_learner(const compared_parameters& parameters)
      : p_(static_cast<long>(parameters.features)), a2_(parameters.a2), a_(std::sqrt(parameters.a2)),
        tau2_(parameters.rho / static_cast<double>(p_)),
        covariance_(tau2_ * dlib::identity_matrix<double>(p_)) {
    weights_.fill(dlib::zeros_matrix<double>(p_, 1));
  }

  std::array<double, compared_horizons> bar(const double* input,
                                            const std::array<double, compared_horizons>& labels) override {
    const dlib_vector x = dlib::mat(input, p_);
    covariance_ *= a2_;
    for (long i = 0; i < p_; ++i)
      covariance_(i, i) += (1 - a2_) * tau2_;
    const dlib_vector g = covariance_ * x;
    const dlib_vector k = g / (1 + dlib::dot(x, g));
    covariance_ -= k * dlib::trans(g);
    std::array<double, compared_horizons> predictions{};
    for (std::size_t h = 0; h < compared_horizons; ++h) {
      dlib_vector& w = weights_[h];
      const double error = labels[h] - a_ * dlib::dot(w, x);
      w = a_ * w + error * k;
      predictions[h] = dlib::dot(w, x);
    }
    return predictions;
  }

private:
  long p_;
  double a2_;
  double a_;
  double tau2_;
  dlib::matrix<double> covariance_;
  std::array<dlib_vector, compared_horizons> weights_;
};

} // namespace

std::unique_ptr<compared_learner> make_dlib(const compared_parameters& parameters) {
  return std::make_unique<dlib_learner>(parameters);
}

} // namespace sentio
