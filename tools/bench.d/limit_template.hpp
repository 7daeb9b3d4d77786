// The loop of arithmetic_limit.hpp for one vector width: the including source defines SENTIO_LIMIT_BYTES. No
// standard header may be included here, see core/learning/kernel_template.hpp.
namespace sentio {
namespace {

using vector = double __attribute__((vector_size(SENTIO_LIMIT_BYTES)));
constexpr unsigned long width = SENTIO_LIMIT_BYTES / sizeof(double);
// With the two operands these fill the 16 registers of SSE2 and AVX2; 7 chains cover a latency of 3 cycles on
// two units of a kind, and 14 one of 4 cycles on three units that do both.
constexpr int chains = 7;

double spin(unsigned long operations) {
  vector products[chains];
  vector sums[chains];
  vector factor = vector{} + 1.0;
  vector summand = vector{};
  // Hidden from the compiler: it would leave out a multiplication by 1.
  asm volatile("" : "+v"(factor), "+v"(summand));
  for (int i = 0; i < chains; ++i) {
    products[i] = factor;
    sums[i] = summand;
    asm volatile("" : "+v"(products[i]), "+v"(sums[i]));
  }
  const unsigned long rounds = (operations + chains * width - 1) / (chains * width);
  for (unsigned long round = 0; round < rounds; ++round) {
#ifdef __clang__
#pragma unroll
#else
#pragma GCC unroll 8
#endif
    for (int i = 0; i < chains; ++i) {
      products[i] *= factor;
      sums[i] += summand;
    }
  }
  vector total{};
  for (int i = 0; i < chains; ++i)
    total += products[i] + sums[i];
  return total[0];
}

} // namespace
} // namespace sentio
