#define CAF_SUITE terminal_texts

#include "tests/terminal/support.hpp"
#include "tools/sentio-monitor/figures.hpp"
#include "tools/sentio-monitor/view_rows.hpp"

using namespace sentio;

TEST(texts lose what a terminal could take for an order) {
  CHECK_EQUAL(safe_text("plain"), "plain");
  CHECK_EQUAL(safe_text("a\x1b[2Jb\a\r\n\tc\x7f"), "a?[2Jb??  c?");
  CHECK_EQUAL(safe_text("\xc2\x9b"
                        "31m"),
              "?31m"); // CSI of the C1 controls
  CHECK_EQUAL(safe_text("\xe2\x80\xae"
                        "abc"),
              "?abc");                                          // turns the direction of writing
  CHECK_EQUAL(safe_text("e\xcc\x81"), "e?");                    // combining
  CHECK_EQUAL(safe_text("\xe6\xbc\xa2\xf0\x9f\x98\x80"), "??"); // wide
  CHECK_EQUAL(safe_text("\xff\xc0\xafok\xe2\x82"), "???ok??");  // invalid bytes, overlong and cut characters
  CHECK_EQUAL(safe_text("Z\xc3\xbcrich \xe2\x96\x88"), "Z\xc3\xbcrich \xe2\x96\x88");
  CHECK_EQUAL(safe_text(std::string(10'000, 'x')).size(), longest_shown_text);
}

TEST(texts take the columns that they say) {
  CHECK_EQUAL(columns_of("Z\xc3\xbcrich"), 6u);
  CHECK_EQUAL(fitted("Z\xc3\xbcrich", 8), "Z\xc3\xbcrich  ");
  CHECK_EQUAL(fitted("12", 5, true), "   12");
  CHECK_EQUAL(fitted("liquidation", 5), "liqu~");
  CHECK_EQUAL(fitted("a", 0), "");
  CHECK_EQUAL(columns_between("a\xc3\xbc"
                              "c",
                              1, 1),
              "\xc3\xbc");
  CHECK_EQUAL(ascii_text("\xe2\x97\x8f Z\xc3\xbcrich \xe2\x96\x88"), "* Z?rich #");
}

TEST(figures are written as people read them and unknown ones are a dash) {
  CHECK_EQUAL(money_text(100'123.45), "100,123.45");
  CHECK_EQUAL(money_text(-1'234'567), "-1,234,567.00");
  CHECK_EQUAL(money_text(-123.5), "-123.50");
  CHECK_EQUAL(signed_money_text(123.45), "+123.45");
  CHECK_EQUAL(percent_text(0.0123), "1.23%");
  CHECK_EQUAL(count_text(12'345), "12,345");
  CHECK_EQUAL(microseconds_text(0.85), "850 ns");
  CHECK_EQUAL(microseconds_text(12.34), "12.3 us");
  CHECK_EQUAL(microseconds_text(999.9), "1.00 ms");
  CHECK_EQUAL(microseconds_text(2.5e6), "2.50 s");
  CHECK_EQUAL(clock_text(test::open_time + 5'000), "09:30:05");
  CHECK_EQUAL(since_text(125'000), "2 min");
  for (const auto& text :
       {money_text(unknown_number), signed_money_text(unknown_number), percent_text(unknown_number),
        number_text(unknown_number, 2), count_text(unknown_number), small_text(unknown_number),
        microseconds_text(unknown_number), price_text(unknown_number), clock_text(0)})
    CHECK_EQUAL(text, "-");
}
