// The one main() of every test binary: CAF's test engine.
#include <caf/test/unit_test.hpp>
#include <caf/test/unit_test_impl.hpp>
