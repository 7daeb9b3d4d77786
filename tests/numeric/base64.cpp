#define CAF_SUITE base64
#include "tests/support/test.hpp"

#include "core/numeric/base64.hpp"

using namespace sentio;

TEST(the examples of RFC 4648) {
  const std::pair<std::string, std::string> examples[] = {{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="},
                                                          {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : examples) {
    CHECK_EQUAL(base64(bytes), text);
    CHECK(parse_base64(text) == bytes);
    CHECK(parse_base64(text.substr(0, text.find('='))) == bytes);
  }
}

TEST(every byte comes back) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) {
    bytes.push_back(static_cast<char>(i));
    CHECK(parse_base64(base64(bytes)) == bytes);
  }
}

TEST(what is no base64 is nothing) {
  for (const std::string text :
       {"Z", "Zm9vY", "Zg==\n", " Zg==", "Zg===", "Z=g=", "Zm9v!", "Zm 9v", "Zm9_", "===="})
    CHECK(!parse_base64(text));
}
