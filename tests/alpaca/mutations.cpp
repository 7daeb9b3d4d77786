// No parser throws, crashes or takes long on damaged text: 20,000 seeded mutations of good messages for each.
#define CAF_SUITE alpaca_mutations
#include "core/alpaca/json_value.hpp"
#include "core/alpaca/polygon.hpp"
#include "core/alpaca/wire.hpp"
#include "core/numeric/plain_text.hpp"
#include "core/numeric/random.hpp"
#include "tests/alpaca/example_files.hpp"

#include <functional>
#include <nlohmann/json.hpp>

using namespace sentio;
using namespace sentio::alpaca;

namespace {

constexpr int executions = 20'000;

const std::vector<std::string>& own_seeds() {
  static const std::vector<std::string> seeds{
      R"([{"T":"b","S":"TQQQ","o":50.1,"h":51,"l":49,"c":50.5,"v":100,"t":"2026-11-20T14:30:00Z"},{"T":"s","S":"A","sc":"H","rc":"T1","t":"2026-11-20T14:30:00.123456789-05:00"},{"T":"l","S":"A","u":1,"d":2,"t":"2026-11-20T14:30:00Z"},{"T":"error","code":406,"msg":"x"}])",
      R"([{"T":"subscription","bars":["A"],"updatedBars":[],"statuses":["*"],"lulds":[]},{"T":"success","msg":"connected"}])",
      R"({"stream":"trade_updates","data":{"event":"fill","execution_id":"e","price":"50.1","qty":"3","position_qty":"3","timestamp":"2026-11-20T14:30:00Z","order":{"id":"1","client_order_id":"c","symbol":"A","side":"buy","type":"market","qty":"3","filled_qty":"3","filled_avg_price":"50.1","status":"filled","created_at":"2026-11-20T14:30:00Z","updated_at":null}}})",
      R"([{"id":"1","client_order_id":"c","symbol":"A","side":"buy","type":"market","qty":"3","filled_qty":"3","filled_avg_price":"50.1","status":"filled","created_at":"2026-11-20T14:30:00Z"}])",
      R"({"account_number":"PA","status":"ACTIVE","cash":"-1.5","equity":"2","buying_power":3.25,"account_blocked":false})",
      R"([{"date":"2026-11-27","open":"09:30","close":"13:00"}])",
      R"({"timestamp":"2026-07-29T05:27:57.818080188-04:00","is_open":false,"next_open":"2026-07-29T09:30:00-04:00","next_close":"2026-07-29T16:00:00-04:00"})",
      R"([{"symbol":"A","avg_entry_price":"100.0","qty":"5","side":"short","current_price":null}])",
      R"({"symbol":"A","exchange":"ARCA","status":"active","tradable":true})",
      R"({"bars":{"A":[{"t":"2022-03-09T05:00:00Z","o":1,"h":2,"l":1,"c":2,"v":3}]},"next_page_token":"abc"})",
      R"({"code":40310000,"message":"m","available":"0","related_orders":["x"],"existing_order_id":"y","buying_power":"1.5"})",
      R"([{"ev":"AM","sym":"A","v":1,"o":1,"c":1,"h":1,"l":1,"s":1610144640000,"e":1610144700000},{"ev":"status","status":"success","message":"subscribed to: AM.A,LULD.B"},{"ev":"LULD","T":"A","h":1,"l":1,"t":1}])",
      R"({"ticker":"A","resultsCount":1,"results":[{"v":1,"o":1,"c":1,"h":1,"l":1,"t":1112331600000}],"status":"OK","next_url":"https://x/y"})",
      "2026-07-29T05:27:57.818080188-04:00",
  };
  return seeds;
}

std::vector<std::string> all_seeds() {
  std::vector<std::string> seeds = own_seeds();
  if (test::have_examples()) {
    std::vector<std::filesystem::path> files;
    for (const auto& file : std::filesystem::directory_iterator(test::example_folder()))
      if (file.path().extension() == ".json")
        files.push_back(file.path());
    std::sort(files.begin(), files.end()); // the order of a folder differs from machine to machine
    for (const auto& file : files)
      seeds.push_back(test::example(file.filename()));
  }
  return seeds;
}

class mutator {
public:
  explicit mutator(std::uint64_t seed) : random_(seed) {}

  std::string operator()(const std::vector<std::string>& seeds) {
    std::string text = seeds[below(seeds.size())];
    // Half of them stay JSON, so that the fields are reached and not only the parser.
    if (below(2) == 0) {
      for (std::size_t change = 1 + below(2); change > 0; --change)
        replace_value(text);
    } else {
      for (std::size_t change = 1 + below(6); change > 0; --change)
        alter(text, seeds);
    }
    return text;
  }

private:
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_.below(limit)); }

  void replace_value(std::string& text) {
    static const std::vector<std::string> values{"null",
                                                 "true",
                                                 "0",
                                                 "-1",
                                                 "1.5",
                                                 "1e300",
                                                 "18446744073709551615",
                                                 "9223372036854775807",
                                                 "[]",
                                                 "{}",
                                                 "[[]]",
                                                 "\"\"",
                                                 "\"0\"",
                                                 "\"-0.0000005\"",
                                                 "\"9223372036854.775807\"",
                                                 "\"9223372036854775807\"",
                                                 "\"NaN\"",
                                                 "\"buy\"",
                                                 "\"0001-01-01T00:00:00+23:59\"",
                                                 "\"9999-12-31T23:59:59.999999999-23:59\"",
                                                 "\"\\u0000\""};
    std::size_t at = text.find("\":", below(text.size() + 1));
    if (at == std::string::npos)
      return;
    at += 2;
    const std::size_t end = std::min(text.find_first_of(",}]", at), text.size());
    text.replace(at, end - at, values[below(values.size())]);
  }

  void alter(std::string& text, const std::vector<std::string>& seeds) {
    static const std::vector<std::string> pieces{"null",
                                                 "{}",
                                                 "[",
                                                 "]",
                                                 "{",
                                                 "}",
                                                 "\"",
                                                 ",",
                                                 ":",
                                                 "-",
                                                 ".",
                                                 "1e999",
                                                 "-0",
                                                 "99999999999999999999",
                                                 "9223372036854775808",
                                                 "-9223372036854775808",
                                                 "NaN",
                                                 "true",
                                                 "\\u0000",
                                                 "\\ud800",
                                                 "\xff",
                                                 "\xc3\xa4",
                                                 "0.0000005",
                                                 "\"\"",
                                                 "\"-\"",
                                                 "Z",
                                                 "+23:59",
                                                 "9999-12-31T23:59:59.999999999Z",
                                                 "0001-01-01T00:00:00+23:59"};
    const std::size_t at = below(text.size() + 1);
    const std::size_t size = std::min(below(20), text.size() - at);
    switch (below(7)) {
    case 0:
      text.resize(at);
      break;
    case 1:
      text.erase(at, size);
      break;
    case 2:
      text.insert(at, pieces[below(pieces.size())]);
      break;
    case 3:
      text.replace(at, size, pieces[below(pieces.size())]);
      break;
    case 4:
      text.insert(at, text.substr(below(text.size() + 1), below(200)));
      break;
    case 5: {
      const std::string& other = seeds[below(seeds.size())];
      text.replace(at, size, other.substr(below(other.size()), below(200)));
      break;
    }
    default:
      if (at < text.size())
        text[at] = static_cast<char>(below(256));
    }
    if (text.size() > 20'000)
      text.resize(20'000);
  }

  random_source random_;
};

/// Runs a parser over mutations; returns how many of them it took for good.
int survive(const std::function<bool(std::string_view)>& parse) {
  const auto seeds = all_seeds();
  mutator next(20'261'120);
  int good = 0;
  for (int i = 0; i < executions; ++i) {
    const std::string text = next(seeds);
    try {
      good += parse(text) ? 1 : 0;
    } catch (...) {
      CAF_FAIL("thrown over, execution " << i << ": " << text);
    }
  }
  CAF_MESSAGE(good << " of " << executions << " mutations were still good");
  return good;
}

bool same(const json_value& ours, const nlohmann::json& theirs) {
  using kind = json_value::kind;
  switch (theirs.type()) {
  case nlohmann::json::value_t::discarded:
    return ours.what == kind::nothing;
  case nlohmann::json::value_t::null:
    return ours.is_null();
  case nlohmann::json::value_t::boolean:
    return ours.what == kind::boolean && ours.flag == theirs.get<bool>();
  case nlohmann::json::value_t::number_unsigned:
    return ours.what == kind::natural && ours.natural == theirs.get<std::uint64_t>();
  case nlohmann::json::value_t::number_integer:
    return ours.what == kind::integer && ours.integer == theirs.get<std::int64_t>();
  case nlohmann::json::value_t::number_float:
    return ours.what == kind::real && ours.real == theirs.get<double>();
  case nlohmann::json::value_t::string:
    return ours.says(plain_text(theirs.get<std::string>()));
  case nlohmann::json::value_t::array: {
    std::size_t count = 0;
    for (const auto& element : ours)
      if (count >= theirs.size() || !same(element, theirs[count++]))
        return false;
    return ours.is_list() && count == theirs.size();
  }
  case nlohmann::json::value_t::object:
    for (const auto& element : ours)
      if (!theirs.contains(element.name))
        return false;
    return ours.is_object() && std::all_of(theirs.items().begin(), theirs.items().end(), [&](const auto& one) {
             return ours.has(one.key()) && same(*ours.find(one.key()), one.value());
           });
  default:
    return false;
  }
}

/// A result has a value or a problem, never both nor neither.
template <class T>
bool consistent(const parsed<T>& result) {
  if (result.value.has_value() != result.problem.empty())
    CAF_FAIL("value and problem: " << result.problem);
  return result.value.has_value();
}

} // namespace

TEST(documents are read as nlohmann reads them and texts made plain) {
  const auto read = [](std::string_view text) {
    const json_document document(text);
    const auto theirs = nlohmann::json::parse(text.begin(), text.end(), nullptr, false);
    if (!same(document.root(), theirs))
      CAF_FAIL("read in another way: " << text);
    return !theirs.is_discarded();
  };
  CHECK(survive(read) > 0);
  for (const std::string_view text :
       {"", " ", "0", "-0", "01", "-", "1.", ".5", "1e5", "1E+5", "1e", "1e999", "-1e-999", "4.9e-324", "2e-324",
        "123456789012345678", "1234567890123456789", "-9223372036854775808", "-9223372036854775809",
        "18446744073709551615", "18446744073709551616", "0.1", "1.7976931348623157e308", "1.7976931348623159e308",
        "nul", "null", "true ", "\tfalse", "truefalse", "[]", "[ ]", "[,]", "[1,]", "[1 2]", "{}", "{ }", "{,}",
        "{\"a\":1,}", "{\"a\" : 1 , \"b\":[ 1,2 ] }", "{\"a\":1,\"a\":{\"b\":2},\"a\":null}", "{a:1}", "{\"a\"}",
        "{\"a\":}", "\"\"", "\"\x7f\"", "\"\x01\"", "\"\xc3\xa4\"", "\"\xff\"", "\"\\u0041\"", "\"\\ud800\"",
        "\xef\xbb\xbf[1]", "[1]x", "/**/1", "NaN", "+1", "1\v", "\"a"})
    read(text);
  using namespace std::string_view_literals;
  for (const auto text : {"[1]\0x"sv, "\0"sv, "\"\0\""sv, "1\0"sv})
    read(text);
  const std::string deep(100'000, '[');
  const std::string lists = std::string(40, '[') + "1" + std::string(40, ']');
  CHECK(json_document(deep).root().what == json_value::kind::nothing);
  CHECK(json_document(lists).root().is_list());
}
TEST(stream frames survive) {
  CHECK(survive([](auto text) { return !parse_stream_frame(text).events.empty(); }) > 0);
}
TEST(trading messages survive) {
  CHECK(survive([](auto text) { return parse_trading_message(text).index() == 0; }) > 0);
}
TEST(accounts survive) {
  CHECK(survive([](auto text) { return consistent(parse_account(text)); }) > 0);
}
TEST(clocks survive) {
  CHECK(survive([](auto text) { return consistent(parse_clock(text)); }) > 0);
}
TEST(single orders survive) {
  CHECK(survive([](auto text) { return consistent(parse_order(text)); }) >= 0);
}
TEST(lists of orders survive) {
  CHECK(survive([](auto text) { return consistent(parse_orders(text)); }) > 0);
}
TEST(positions survive) {
  CHECK(survive([](auto text) { return consistent(parse_positions(text)); }) > 0);
}
TEST(calendars survive) {
  CHECK(survive([](auto text) { return consistent(parse_calendar(text)); }) > 0);
}
TEST(assets survive) {
  CHECK(survive([](auto text) { return consistent(parse_asset(text)); }) > 0);
}
TEST(pages of bars survive) {
  CHECK(survive([](auto text) { return consistent(parse_bar_page(text)); }) > 0);
}
TEST(refusals survive) {
  CHECK(survive([](auto text) { return parse_refusal(text).code > 0; }) > 0);
}
TEST(polygon frames survive) {
  CHECK(survive([](auto text) { return !polygon::parse_stream_frame(text).events.empty(); }) > 0);
}
TEST(polygon aggregates survive) {
  CHECK(survive([](auto text) { return consistent(polygon::parse_aggregates(text, "A")); }) > 0);
}
TEST(timestamps survive and are written back) {
  CHECK(survive([](auto text) {
          const auto read = parse_timestamp(text);
          // Offsets reach a day beyond the first and the last year, whose dates have no four digits.
          constexpr time_ms first = -62'135'596'800'000;
          constexpr time_ms last = 253'402'300'799'999;
          if (read && *read >= first && *read <= last && parse_timestamp(format_timestamp(*read)) != read)
            CAF_FAIL("not written back: " << text);
          return read.has_value();
        }) > 0);
}
TEST(texts that are only noise survive) {
  random_source random(7);
  for (int i = 0; i < executions; ++i) {
    std::string text(static_cast<std::size_t>(random.next() % 64), '\0');
    for (char& letter : text)
      letter = static_cast<char>(random.next() & 0xff);
    parse_stream_frame(text);
    parse_trading_message(text);
    parse_refusal(text);
    parse_bar_page(text);
    polygon::parse_stream_frame(text);
    if (parse_timestamp(text))
      CAF_FAIL("noise is taken for a time: " << text);
    order_intent intent;
    intent.client_order_id = text;
    order_body(intent, text);
    bars_target({text}, static_cast<time_ms>(random.next()), static_cast<time_ms>(random.next()), text, text,
                text);
  }
  CHECK(true);
}
