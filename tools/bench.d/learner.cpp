// bench_learner: the learner's kernel, 126 features and three horizons, against the arithmetic limit of the
// machine and against the same formulas in other libraries. All times are for one bar.
#include "core/learning/ewrls.hpp"
#include "core/learning/kernel.hpp"
#include "core/numeric/random.hpp"
#include "tools/bench.d/bench_report.hpp"
#include "tools/bench.d/comparison.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <stdexcept>

namespace sentio {
namespace {

using labels_of_bar = std::array<double, compared_horizons>;

constexpr std::size_t input_count = 256; // 256 kB: streamed as in a replay, not kept in the first cache

/// Inputs like features: each within [-5, 5], padded with zeros for the kernels.
struct inputs {
  explicit inputs(std::size_t features)
      : stride(lane_blocks(features) * lane_count), x(input_count * stride) {
    random_source random(11);
    for (std::size_t i = 0; i < input_count; ++i) {
      for (std::size_t j = 0; j < features; ++j)
        x.data()[i * stride + j] = 2 * random.uniform() - 1;
      for (double& label : labels[i])
        label = 4 * random.uniform() - 2;
    }
  }
  const double* at(std::size_t i) const { return x.data() + i * stride; }

  std::size_t stride;
  lane_array x;
  std::array<labels_of_bar, input_count> labels{};
};

class own_learner final : public compared_learner {
public:
  own_learner(const compared_parameters& parameters, instruction_set isa)
      : learner_(covariance::stationary(parameters.features, parameters.a2, parameters.rho, kernels_for(isa)),
                 std::sqrt(parameters.a2), compared_horizons, 1, kernels_for(isa)) {}

  labels_of_bar bar(const double* x, const labels_of_bar& labels) override {
    learner_.advance(x, 0);
    std::array<ewrls::label, compared_horizons> completed;
    for (std::size_t h = 0; h < compared_horizons; ++h)
      completed[h] = {h, 0, x, labels[h]};
    learner_.learn(completed);
    labels_of_bar predictions{};
    learner_.predict(x, predictions);
    return predictions;
  }

private:
  ewrls learner_;
};

/// A benchmark of something that computes another thing would be worth nothing.
void require_agreement(const std::string& name, compared_learner& tested,
                       const compared_parameters& parameters, const inputs& data) {
  const auto reference = make_textbook(parameters);
  double difference = 0;
  for (std::size_t i = 0; i < 1000; ++i) {
    const auto& labels = data.labels[i % input_count];
    const auto expected = reference->bar(data.at(i % input_count), labels);
    const auto found = tested.bar(data.at(i % input_count), labels);
    for (std::size_t h = 0; h < compared_horizons; ++h)
      difference = std::max(difference, std::abs(found[h] - expected[h]));
  }
  if (!(difference < 1e-9))
    throw std::runtime_error(name + " predicts something else than the plain loops, by " +
                             std::to_string(difference));
}

void register_learner(const std::string& name, const compared_parameters& parameters, const inputs& data,
                      const std::function<std::unique_ptr<compared_learner>()>& make) {
  const auto checked = make();
  require_agreement(name, *checked, parameters, data);
  benchmark::RegisterBenchmark(name.c_str(), [&data, make](benchmark::State& state) {
    const auto learner = make();
    std::size_t i = 0;
    for (auto _ : state) {
      benchmark::DoNotOptimize(learner->bar(data.at(i), data.labels[i]));
      i = (i + 1) % input_count;
    }
  });
}

std::string kernel_name(instruction_set isa) {
  return "kernel_" + std::string(to_string(isa));
}
std::string limit_name(instruction_set isa) {
  return "limit_" + std::string(to_string(isa));
}

constexpr instruction_set all_sets[] = {instruction_set::sse2, instruction_set::avx2,
                                        instruction_set::avx512};

void register_own(const compared_parameters& parameters, const inputs& data) {
  for (const instruction_set isa : all_sets) {
    if (!is_supported(isa)) {
      std::printf("skipped: this machine has no %s\n", std::string(to_string(isa)).c_str());
      continue;
    }
    register_learner(kernel_name(isa), parameters, data,
                     [=] { return std::make_unique<own_learner>(parameters, isa); });
    benchmark::RegisterBenchmark(limit_name(isa).c_str(), [=](benchmark::State& state) {
      const std::size_t operations = learner_operations(parameters.features, compared_horizons);
      for (auto _ : state)
        benchmark::DoNotOptimize(spin_registers(isa, operations));
    });
  }
}

void register_others(const compared_parameters& parameters, const inputs& data) {
  register_learner("plain_loops", parameters, data, [=] { return make_textbook(parameters); });
#ifdef SENTIO_BENCH_EIGEN
  register_learner("eigen_textbook", parameters, data, [=] { return make_eigen(parameters); });
  register_learner("eigen_symmetric", parameters, data, [=] { return make_eigen_symmetric(parameters); });
#else
  std::printf("skipped: Eigen is not installed (libeigen3-dev)\n");
#endif
#ifdef SENTIO_BENCH_ARMADILLO
  register_learner("armadillo", parameters, data, [=] { return make_armadillo(parameters); });
#else
  std::printf("skipped: Armadillo is not installed (libarmadillo-dev)\n");
#endif
#ifdef SENTIO_BENCH_DLIB
  register_learner("dlib", parameters, data, [=] { return make_dlib(parameters); });
#else
  std::printf("skipped: dlib is not installed (libdlib-dev)\n");
#endif
}

void print_summary(const median_reporter& reporter) {
  const std::string best(to_string(best_instruction_set()));
  const double limit = reporter.median_ns("limit_" + best);
  const double own = reporter.median_ns("kernel_" + best);
  if (limit <= 0 || own <= 0)
    return; // filtered out on the command line
  std::printf(
      "\nMedian CPU time of a bar, p = 126, three horizons; the limit of this machine is %.0f ns (%s)\n",
      limit, best.c_str());
  for (const auto& [name, ns] : reporter.medians_ns())
    std::printf("  %-18s %9.0f ns %8.2f x the limit %8.2f x kernel_%s\n", name.c_str(), ns, ns / limit,
                ns / own, best.c_str());
  for (const instruction_set isa : all_sets)
    if (const double of_set = reporter.median_ns(limit_name(isa)); of_set > 0)
      std::printf("  kernel_%s takes %.2f x the limit of its own instruction set\n",
                  std::string(to_string(isa)).c_str(), reporter.median_ns(kernel_name(isa)) / of_set);
  print_figure("learner_kernel", own, "ns");
  print_figure("learner_limit", limit, "ns");
  print_figure("learner_ratio", own / limit, "x");
}

} // namespace
} // namespace sentio

int main(int argc, char** argv) {
  using namespace sentio;
  try {
    const compared_parameters parameters;
    const inputs data(parameters.features);
    register_bare_loop();
    register_own(parameters, data);
    register_others(parameters, data);
    median_reporter reporter;
    run_all(argc, argv, reporter);
    print_summary(reporter);
    return EXIT_SUCCESS;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "bench_learner: %s\n", error.what());
    return EXIT_FAILURE;
  }
}
