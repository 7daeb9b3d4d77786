// What the benchmark programs share: medians by name, and lines that scripts can read.
#pragma once

#include "tools/bench.d/arithmetic_limit.hpp"

#include <benchmark/benchmark.h>

#include <map>
#include <string>

namespace sentio {

/// Prints as usual and keeps the median CPU time of each benchmark, per item where the benchmark sets the
/// counter "items" (its work per iteration).
class median_reporter : public benchmark::ConsoleReporter {
public:
  median_reporter() : ConsoleReporter(OO_None) {}
  void ReportRuns(const std::vector<Run>& runs) override;

  const std::map<std::string, double>& medians_ns() const { return medians_; }
  /// Negative when there is none.
  double median_ns(const std::string& name) const;

private:
  std::map<std::string, double> medians_;
};

/// "figure NAME VALUE UNIT": what tools/bench reads.
void print_figure(const std::string& name, double value, const std::string& unit);

/// A loop whose time depends on the clock rate alone: 1,000 additions, each of which waits for the one
/// before. Times divided by its own can be compared between runs and machines.
double bare_loop();
inline constexpr const char* bare_loop_name = "bare_loop";
void register_bare_loop();

/// The whole of a main(): five repetitions in random order, so that a slow minute of the machine hits all
/// alike.
void run_all(int argc, char** argv, median_reporter& reporter);

} // namespace sentio
