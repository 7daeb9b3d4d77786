#define CAF_SUITE allocation
#include "tests/learning/synthetic_bars.hpp"
#include "tests/support/test.hpp"

#include <cstdlib>
#include <new>

namespace {

std::size_t allocations = 0;

void* counted(std::size_t size, std::size_t alignment) {
  ++allocations;
  const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
  if (void* memory = std::aligned_alloc(alignment, rounded > 0 ? rounded : alignment))
    return memory;
  throw std::bad_alloc();
}

} // namespace

// Every form that the library uses, so that none is paired with a sanitizer's own.
void* operator new(std::size_t size) {
  return counted(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size) {
  return counted(size, alignof(std::max_align_t));
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size > 0 ? size : 1);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

using namespace sentio;
using namespace sentio::test;

TEST(no bar allocates after the first session) {
  std::vector<learner_parameters> kinds(3);
  kinds[1].mixture = mixture_kind::fixed_share;
  kinds[2].kind = learner_kind::classic;
  kinds[2].confidence = confidence_kind::legacy;
  kinds[2].probability = probability_map::legacy_tanh;
  kinds[2].bollinger.enabled = true;
  const auto sessions = synthetic_sessions({});
  for (const learner_parameters& parameters : kinds) {
    symbol_model model(parameters, best_instruction_set());
    CHECK(allocations > 0);
    std::size_t during_bars = 0;
    for (std::size_t day = 0; day < sessions.size(); ++day) {
      model.begin_session(sessions[day].hours);
      const std::size_t before = allocations;
      for (const bar& b : sessions[day].bars)
        model.update(b);
      if (day > 0)
        during_bars += allocations - before;
      model.end_session();
    }
    CHECK_EQUAL(during_bars, 0u);
  }
}
