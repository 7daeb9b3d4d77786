// With Armadillo: the formulas as they stand; its BLAS does the product and what it recognises.
#include "tools/bench.d/comparison.hpp"

#include <armadillo>

#include <cmath>

namespace sentio {
namespace {

class armadillo_learner final : public compared_learner {
public:
  explicit armadillo_learner(const compared_parameters& parameters)
      : a2_(parameters.a2), a_(std::sqrt(parameters.a2)),
        tau2_(parameters.rho / static_cast<double>(parameters.features)),
        covariance_(tau2_ * arma::mat(parameters.features, parameters.features, arma::fill::eye)) {
    weights_.fill(arma::vec(parameters.features, arma::fill::zeros));
  }

  std::array<double, compared_horizons> bar(const double* input,
                                            const std::array<double, compared_horizons>& labels) override {
    const arma::vec x(input, covariance_.n_rows);
    covariance_ *= a2_;
    covariance_.diag() += (1 - a2_) * tau2_;
    const arma::vec g = covariance_ * x;
    const arma::vec k = g / (1 + arma::dot(x, g));
    covariance_ -= k * g.t();
    std::array<double, compared_horizons> predictions{};
    for (std::size_t h = 0; h < compared_horizons; ++h) {
      arma::vec& w = weights_[h];
      const double error = labels[h] - a_ * arma::dot(w, x);
      w = a_ * w + error * k;
      predictions[h] = arma::dot(w, x);
    }
    return predictions;
  }

private:
  double a2_;
  double a_;
  double tau2_;
  arma::mat covariance_;
  std::array<arma::vec, compared_horizons> weights_;
};

} // namespace

std::unique_ptr<compared_learner> make_armadillo(const compared_parameters& parameters) {
  return std::make_unique<armadillo_learner>(parameters);
}

} // namespace sentio
