// Elementary functions that give the same bits on every machine, compiler and optimisation level.
// glibc picks FMA variants at run time, so its log, exp and sin change bits with the CPU; these do not.
#pragma once

namespace sentio {

/// Natural logarithm of a finite x > 0, within 1 ulp or 2; log of 0 is -infinity, of a negative number NaN.
double det_log(double x);
/// e^x; overflows to infinity above 709.78, underflows to 0 below -745.2.
double det_exp(double x);
double det_tanh(double x);
/// Sine and cosine of |x| <= 1e5 radians, absolute error below 1e-15.
double det_sin(double x);
double det_cos(double x);

} // namespace sentio
