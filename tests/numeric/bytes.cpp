#define CAF_SUITE bytes
#include "tests/support/test.hpp"

#include "core/numeric/bytes.hpp"

using namespace sentio;

TEST(what is written is read back) {
  byte_writer out;
  out.put(std::int64_t{-5});
  out.put(2.5);
  out.put_text("TQQQ");
  byte_reader in(out.bytes());
  CHECK_EQUAL(in.get<std::int64_t>(), -5);
  CHECK_EQUAL(in.get<double>(), 2.5);
  CHECK_EQUAL(in.get_text(), "TQQQ");
  CHECK(!in.failed());
  CHECK_EQUAL(in.remaining(), 0u);
}

TEST(a short buffer fails and stays failed) {
  byte_reader in(std::string_view("\x05\0\0\0ab", 6));
  CHECK_EQUAL(in.get_text(), "");
  CHECK(in.failed());
  CHECK_EQUAL(in.get<std::uint8_t>(), 0);
  CHECK(in.failed());
}
