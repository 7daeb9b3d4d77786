// The standard normal distribution, without libm.
#pragma once

namespace sentio {

/// P(Z <= x). Absolute error below 1e-14. Series of Marsaglia (2004) in the middle, a continued fraction
/// outside.
double normal_cdf(double x);
/// x with P(Z <= x) = p, for p in (0, 1); throws std::invalid_argument outside. Error below 1e-10.
double normal_quantile(double p);

} // namespace sentio
