#include "tools/bench.d/bench_report.hpp"

#include <cstdio>
#include <stdexcept>
#include <vector>

namespace sentio {

double spin_registers(instruction_set isa, std::size_t operations) {
  switch (isa) {
  case instruction_set::sse2:
    return spin_sse2(operations);
  case instruction_set::avx2:
    return spin_avx2(operations);
  case instruction_set::avx512:
    return spin_avx512(operations);
  }
  throw std::logic_error("unknown instruction set");
}

void median_reporter::ReportRuns(const std::vector<Run>& runs) {
  for (const Run& run : runs) {
    if (run.error_occurred)
      throw std::runtime_error(run.run_name.str() + ": " + run.error_message);
    if (run.aggregate_name != "median")
      continue;
    const auto items = run.counters.find("items");
    const double per_iteration = items == run.counters.end() ? 1.0 : items->second.value;
    medians_[run.run_name.function_name] =
        run.GetAdjustedCPUTime() * 1e9 / benchmark::GetTimeUnitMultiplier(run.time_unit) / per_iteration;
  }
  ConsoleReporter::ReportRuns(runs);
}

double median_reporter::median_ns(const std::string& name) const {
  const auto found = medians_.find(name);
  return found == medians_.end() ? -1.0 : found->second;
}

void print_figure(const std::string& name, double value, const std::string& unit) {
  std::printf("figure %s %.2f %s\n", name.c_str(), value, unit.c_str());
}

double bare_loop() {
  double sum = 0;
  double step = 1;
  asm volatile("" : "+x"(step));
  for (int i = 0; i < 1000; ++i) {
    sum += step;
    asm volatile("" : "+x"(sum)); // or the compiler would add in fewer steps
  }
  return sum;
}

void register_bare_loop() {
  benchmark::RegisterBenchmark(bare_loop_name, [](benchmark::State& state) {
    for (auto _ : state)
      benchmark::DoNotOptimize(bare_loop());
  });
}

void run_all(int argc, char** argv, median_reporter& reporter) {
  // Given first, so that the command line can say otherwise.
  std::string repetitions = "--benchmark_repetitions=5";
  std::string interleaving = "--benchmark_enable_random_interleaving=true";
  std::string aggregates = "--benchmark_report_aggregates_only=true";
  std::string minimum = "--benchmark_min_time=0.2";
  std::vector<char*> arguments{argv[0], repetitions.data(), interleaving.data(), aggregates.data(),
                               minimum.data()};
  arguments.insert(arguments.end(), argv + 1, argv + argc);
  int count = static_cast<int>(arguments.size());
  arguments.push_back(nullptr);
  benchmark::Initialize(&count, arguments.data());
  if (count > 1)
    throw std::invalid_argument(std::string("unknown argument ") + arguments[1]);
  benchmark::RunSpecifiedBenchmarks(&reporter);
}

} // namespace sentio
