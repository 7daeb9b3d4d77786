// Plain loops over plain arrays.
#include "tools/bench.d/comparison.hpp"

#include <cmath>
#include <vector>

namespace sentio {
namespace {

class textbook final : public compared_learner {
public:
  explicit textbook(const compared_parameters& parameters)
      : p_(parameters.features), a2_(parameters.a2), a_(std::sqrt(parameters.a2)),
        tau2_(parameters.rho / static_cast<double>(p_)), covariance_(p_ * p_), g_(p_), k_(p_) {
    for (std::size_t i = 0; i < p_; ++i)
      covariance_[i * p_ + i] = tau2_;
    weights_.fill(std::vector<double>(p_));
  }

  std::array<double, compared_horizons> bar(const double* x,
                                            const std::array<double, compared_horizons>& labels) override {
    double s = 0;
    for (std::size_t i = 0; i < p_; ++i) {
      for (std::size_t j = 0; j < p_; ++j)
        covariance_[i * p_ + j] *= a2_;
      covariance_[i * p_ + i] += (1 - a2_) * tau2_;
    }
    for (std::size_t i = 0; i < p_; ++i) {
      g_[i] = dot(&covariance_[i * p_], x);
      s += g_[i] * x[i];
    }
    for (std::size_t i = 0; i < p_; ++i)
      k_[i] = g_[i] / (1 + s);
    for (std::size_t i = 0; i < p_; ++i)
      for (std::size_t j = 0; j < p_; ++j)
        covariance_[i * p_ + j] -= k_[i] * g_[j];
    std::array<double, compared_horizons> predictions{};
    for (std::size_t h = 0; h < compared_horizons; ++h) {
      auto& w = weights_[h];
      const double error = labels[h] - a_ * dot(w.data(), x);
      for (std::size_t i = 0; i < p_; ++i)
        w[i] = a_ * w[i] + k_[i] * error;
      predictions[h] = dot(w.data(), x);
    }
    return predictions;
  }

private:
  double dot(const double* a, const double* b) const {
    double sum = 0;
    for (std::size_t i = 0; i < p_; ++i)
      sum += a[i] * b[i];
    return sum;
  }

  std::size_t p_;
  double a2_;
  double a_;
  double tau2_;
  std::vector<double> covariance_;
  std::vector<double> g_;
  std::vector<double> k_;
  std::array<std::vector<double>, compared_horizons> weights_;
};

} // namespace

std::unique_ptr<compared_learner> make_textbook(const compared_parameters& parameters) {
  return std::make_unique<textbook>(parameters);
}

} // namespace sentio
