// The programs of these tests share a state directory of their own, unless a test gives them another one:
// never this computer's.
#define CAF_SUITE own_state

#include "tests/support/test.hpp"

namespace sentio::test {

namespace {

class own_state {
public:
  own_state() { setenv("SENTIO_STATE_DIR", (folder_.path() / "state").c_str(), 1); }

private:
  scratch_folder folder_;
};
const own_state for_all_of_them;

} // namespace

} // namespace sentio::test
