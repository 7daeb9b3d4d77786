// With Eigen: the formulas as they stand, and the fastest way found, which keeps one triangle.
#include "tools/bench.d/comparison.hpp"

#include <Eigen/Dense>

#include <cmath>

namespace sentio {
namespace {

class eigen_base : public compared_learner {
public:
  explicit eigen_base(const compared_parameters& parameters)
      : p_(static_cast<Eigen::Index>(parameters.features)), a2_(parameters.a2), a_(std::sqrt(parameters.a2)),
        tau2_(parameters.rho / static_cast<double>(p_)),
        covariance_(tau2_ * Eigen::MatrixXd::Identity(p_, p_)), g_(p_), k_(p_) {
    weights_.fill(Eigen::VectorXd::Zero(p_));
  }

protected:
  std::array<double, compared_horizons> learn(const Eigen::VectorXd& x,
                                              const std::array<double, compared_horizons>& labels) {
    std::array<double, compared_horizons> predictions{};
    for (std::size_t h = 0; h < compared_horizons; ++h) {
      Eigen::VectorXd& w = weights_[h];
      const double error = labels[h] - a_ * w.dot(x);
      w = a_ * w + error * k_;
      predictions[h] = w.dot(x);
    }
    return predictions;
  }

  Eigen::Index p_;
  double a2_;
  double a_;
  double tau2_;
  Eigen::MatrixXd covariance_;
  Eigen::VectorXd g_;
  Eigen::VectorXd k_;
  std::array<Eigen::VectorXd, compared_horizons> weights_;
};

class eigen_textbook final : public eigen_base {
public:
  using eigen_base::eigen_base;
  std::array<double, compared_horizons> bar(const double* input,
                                            const std::array<double, compared_horizons>& labels) override {
    const Eigen::VectorXd x = Eigen::Map<const Eigen::VectorXd>(input, p_);
    covariance_ *= a2_;
    covariance_.diagonal().array() += (1 - a2_) * tau2_;
    g_.noalias() = covariance_ * x;
    k_ = g_ / (1 + x.dot(g_));
    covariance_.noalias() -= k_ * g_.transpose();
    return learn(x, labels);
  }
};

class eigen_symmetric final : public eigen_base {
public:
  using eigen_base::eigen_base;
  std::array<double, compared_horizons> bar(const double* input,
                                            const std::array<double, compared_horizons>& labels) override {
    const Eigen::VectorXd x = Eigen::Map<const Eigen::VectorXd>(input, p_);
    covariance_.triangularView<Eigen::Lower>() *= a2_;
    covariance_.diagonal().array() += (1 - a2_) * tau2_;
    g_.noalias() = covariance_.selfadjointView<Eigen::Lower>() * x;
    const double share = 1 / (1 + x.dot(g_));
    k_ = share * g_;
    covariance_.selfadjointView<Eigen::Lower>().rankUpdate(g_, -share);
    return learn(x, labels);
  }
};

} // namespace

std::unique_ptr<compared_learner> make_eigen(const compared_parameters& parameters) {
  return std::make_unique<eigen_textbook>(parameters);
}

std::unique_ptr<compared_learner> make_eigen_symmetric(const compared_parameters& parameters) {
  return std::make_unique<eigen_symmetric>(parameters);
}

} // namespace sentio
