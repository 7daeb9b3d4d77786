#include "core/learning/calibration.hpp"

#include "core/numeric/elementary.hpp"

#include <algorithm>

namespace sentio {
namespace {

constexpr double a2 = 0.9999;
constexpr double a = 0.99994999874993749609; // sqrt(a2)

constexpr double slope_mean = 1;
constexpr double slope_variance = 16;
constexpr double scale_mean = 1.6;
constexpr double scale_prior_variance = 40.96;
constexpr double offset_prior_variance = 0.01;
constexpr double largest_scale = scale_mean * slope_regression::largest;
constexpr double largest_exponent = 13;

} // namespace

void slope_regression::learn(double predicted, double realised) {
  variance_ = a2 * variance_ + (1 - a2) * slope_variance;
  slope_ = slope_mean + a * (slope_ - slope_mean);
  const double g = variance_ * predicted;
  const double k = g / (1 + predicted * g);
  variance_ -= k * g;
  slope_ += k * (realised - predicted * slope_);
}

double slope_regression::slope() const {
  return std::clamp(slope_, 0.0, largest);
}

void slope_regression::save(byte_writer& out) const {
  out.put(slope_);
  out.put(variance_);
}

void slope_regression::load(byte_reader& in) {
  slope_ = in.get<double>();
  variance_ = in.get<double>();
}

void platt_scaling::learn(double predicted, double realised) {
  if (realised == 0)
    return;
  scale_variance_ = a2 * scale_variance_ + (1 - a2) * scale_prior_variance;
  offset_variance_ = a2 * offset_variance_ + (1 - a2) * offset_prior_variance;
  covariance_ = a2 * covariance_;
  scale_ = scale_mean + a * (scale_ - scale_mean);
  offset_ = a * offset_;
  const double p = probability(predicted);
  const double g_scale = scale_variance_ * predicted + covariance_;
  const double g_offset = covariance_ * predicted + offset_variance_;
  const double information = p * (1 - p);
  const double share = 1 / (1 + information * (predicted * g_scale + g_offset));
  const double surprise = (realised > 0 ? 1.0 : 0.0) - p;
  scale_ = std::clamp(scale_ + g_scale * share * surprise, 0.0, largest_scale);
  offset_ += g_offset * share * surprise;
  scale_variance_ -= information * share * g_scale * g_scale;
  offset_variance_ -= information * share * g_offset * g_offset;
  covariance_ -= information * share * g_scale * g_offset;
}

double platt_scaling::probability(double predicted) const {
  const double exponent = std::clamp(scale_ * predicted + offset_, -largest_exponent, largest_exponent);
  return 1 / (1 + det_exp(-exponent));
}

void platt_scaling::save(byte_writer& out) const {
  out.put(scale_);
  out.put(offset_);
  out.put(scale_variance_);
  out.put(offset_variance_);
  out.put(covariance_);
}

void platt_scaling::load(byte_reader& in) {
  scale_ = in.get<double>();
  offset_ = in.get<double>();
  scale_variance_ = in.get<double>();
  offset_variance_ = in.get<double>();
  covariance_ = in.get<double>();
}

} // namespace sentio
