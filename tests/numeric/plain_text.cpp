#define CAF_SUITE plain_text

#include "core/numeric/plain_text.hpp"

#include "tests/support/test.hpp"

#include <vector>

using namespace sentio;

TEST(controls become question marks and blanks and what can be seen stays) {
  CHECK_EQUAL(plain_text("TQQQ halted: \xc3\xa9\xe2\x82\xac\xe6\xbc\xa2"),
              "TQQQ halted: \xc3\xa9\xe2\x82\xac\xe6\xbc\xa2");
  CHECK_EQUAL(plain_text("\x1b[2J\x1b]0;bell\x07"), "?[2J?]0;bell?");
  CHECK_EQUAL(plain_text("a\tb\r\nc"), "a b  c");
  CHECK_EQUAL(plain_text("a\nb", line_ends::kept), "a\nb");
  CHECK_EQUAL(plain_text(std::string_view("\0\x7f", 2)), "??");
  CHECK_EQUAL(plain_text("\xc2\x9b"
                         "31m"),
              "?31m"); // C1: begins a sequence without ESC
  CHECK_EQUAL(plain_text("a\xe2\x80\xae"
                         "b\xe2\x80\x8b"
                         "c"),
              "a?b?c");                                          // right to left, zero width
  CHECK_EQUAL(plain_text("\xff\xc0\x80\xed\xa0\x80"), "??????"); // no UTF-8
  CHECK_EQUAL(plain_text(std::string(1'000, '\x1b')), std::string(1'000, '?'));
}

TEST(whatever the bytes are the result is plain and stays as it is) {
  for (int first = 0; first < 256; ++first)
    for (int second = 0; second < 256; ++second) {
      const std::string bytes{static_cast<char>(first), static_cast<char>(second), 'x'};
      const auto plain = plain_text(bytes);
      if (plain_text(plain) != plain || !is_plain(plain))
        CAF_FAIL("bytes " << first << " " << second);
    }
  CHECK(is_plain("a line of text"));
  CHECK(!is_plain("two\nlines"));
  CHECK(is_plain("two\nlines", line_ends::kept));
}

TEST(keys are masked as they are and as JSON and addresses write them) {
  const std::vector<std::string> keys{"PKABCDEFGH12", "se/cret+key=123", "short"};
  std::string text =
      R"({"message":"PKABCDEFGH12 and se\/cret+key=123 or se%2Fcret%2Bkey%3D123, short PKABCDEFGH12"})";
  CHECK(mask_keys(text, keys));
  CHECK_EQUAL(text, R"({"message":"[key] and [key] or [key], short [key]"})");
  CHECK(!mask_keys(text, keys));
}
