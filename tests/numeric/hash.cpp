#define CAF_SUITE hash
#include "tests/support/test.hpp"

#include "core/numeric/hash.hpp"

using namespace sentio;

TEST(known answers of fnv1a) {
  static_assert(fnv1a64("") == 0xcbf29ce484222325ULL);
  CHECK_EQUAL(fnv1a64("a"), std::uint64_t{0xaf63dc4c8601ec8cULL});
  CHECK_EQUAL(fnv1a64("foobar"), std::uint64_t{0x85944171f73967e8ULL});
  CHECK_EQUAL(fnv1a64("bar", fnv1a64("foo")), fnv1a64("foobar"));
}

TEST(known answers of crc32) {
  CHECK_EQUAL(crc32(""), 0u);
  CHECK_EQUAL(crc32("123456789"), 0xcbf43926u);
  CHECK_EQUAL(crc32("The quick brown fox jumps over the lazy dog"), 0x414fa339u);
}

TEST(a checksum continues over pieces of any length) {
  const std::string text = "one-minute bars, in pieces of every length";
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    CHECK_EQUAL(crc32(std::string_view(text).substr(cut), crc32(std::string_view(text).substr(0, cut))),
                crc32(text));
}
