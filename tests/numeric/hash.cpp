#define CAF_SUITE hash
#include "tests/support/test.hpp"

#include "core/numeric/hash.hpp"

#include <set>
#include <string>

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

TEST(a hash of words hears of every bit and of the length) {
  const std::string text = "a line of a log that is a few words long";
  std::set<std::uint64_t> seen{word_hash(text)};
  std::size_t texts = 1;
  for (std::size_t byte = 0; byte < text.size(); ++byte)
    for (int bit = 0; bit < 8; ++bit, ++texts) {
      std::string other = text;
      other[byte] = static_cast<char>(other[byte] ^ (1 << bit));
      seen.insert(word_hash(other));
    }
  for (std::size_t length = 0; length < text.size(); ++length, ++texts)
    seen.insert(word_hash(std::string_view(text).substr(0, length)));
  CHECK_EQUAL(seen.size(), texts);
}
