#define CAF_SUITE generator_market
#include "core/generator/market.hpp"

#include "core/market/data_error.hpp"
#include "core/market/validation.hpp"
#include "tests/generator/statistics.hpp"
#include "tests/support/test.hpp"

#include <map>

using namespace sentio;
using namespace sentio::test;

namespace {

generator_options options_of(std::vector<std::string> symbols, int days, double edge = 0,
                             std::uint64_t seed = 5) {
  generator_options options;
  options.symbols = std::move(symbols);
  options.days = days;
  options.edge = edge;
  options.seed = seed;
  options.start = parse_date("2025-03-03");
  return options;
}

/// Rank correlation of the oracle with the return from the next minute's open to the open five minutes later.
double oracle_rank_correlation(const generated_series& series) {
  std::map<time_ms, double> opens;
  for (const auto& b : series.bars)
    opens[b.label] = b.open;
  std::vector<double> forecast;
  std::vector<double> outcome;
  for (std::size_t i = 0; i < series.bars.size(); ++i) {
    const auto entry = opens.find(series.bars[i].label + minute_ms);
    const auto exit = opens.find(series.bars[i].label + 6 * minute_ms);
    if (entry == opens.end() || exit == opens.end())
      continue;
    forecast.push_back(series.oracle[i]);
    outcome.push_back(exit->second / entry->second - 1);
  }
  return correlation(ranks(forecast), ranks(outcome));
}

/// Returns of neighbouring minutes: first[i] is followed by second[i].
struct neighbours {
  std::vector<double> first;
  std::vector<double> second;
};

neighbours neighbour_returns(const generated_series& series, bool sizes) {
  neighbours pairs;
  const auto& bars = series.bars;
  for (std::size_t i = 2; i < bars.size(); ++i) {
    if (bars[i].label - bars[i - 2].label != 2 * minute_ms)
      continue;
    const double first = bars[i - 1].close / bars[i - 2].close - 1;
    const double second = bars[i].close / bars[i - 1].close - 1;
    pairs.first.push_back(sizes ? std::fabs(first) : first);
    pairs.second.push_back(sizes ? std::fabs(second) : second);
  }
  return pairs;
}

} // namespace

TEST(bars are valid and ascending and in regular minutes) {
  const auto market = generate_market(options_of(
      {"TQQQ", "SQQQ", "UVXY", "SVIX", "ERY", "FAS", "SYN000", "SYN001", "SYN002", "SYN003"}, 20, .1));
  for (const auto& series : market) {
    bar_sequence sequence;
    CHECK_EQUAL(series.bars.size(), series.oracle.size());
    for (const auto& b : series.bars) {
      REQUIRE(check_bar(b) == bar_defect::none);
      REQUIRE(sequence.offer(b, session_on(new_york_date(b.label)).value().open) == bar_arrival::accepted);
      const auto hours = session_on(new_york_date(b.label));
      REQUIRE(hours && b.label >= hours->open && b.label < hours->close);
    }
    for (const auto& b : series.closing_rows) {
      CHECK(check_bar(b) == bar_defect::none);
      CHECK_EQUAL(new_york_clock(b.label), "16:00");
    }
  }
}

TEST(days follow the calendar with its half days and holidays) {
  auto options = options_of({"TQQQ"}, 6);
  options.start = parse_date("2025-11-26");
  const synthetic_market market(options);
  REQUIRE(market.sessions().size() == 6);
  CHECK_EQUAL(to_string(market.sessions()[0].date), "2025-11-26");
  CHECK_EQUAL(to_string(market.sessions()[1].date), "2025-11-28");
  const auto series = market.series("TQQQ");
  const auto half_day = parse_date("2025-11-28").value();
  int minutes = 0;
  for (const auto& b : series.bars)
    minutes += new_york_date(b.label) == half_day ? 1 : 0;
  CHECK_EQUAL(minutes, 210); // TQQQ trades in every minute
  CHECK_EQUAL(series.bars.size(), 5u * 390u + 210u);
  CHECK_EQUAL(new_york_clock(series.closing_rows[1].label), "13:00");
}

TEST(the same seed gives the same bars whatever else is generated) {
  const auto alone = generate_market(options_of({"SVIX"}, 3, .1));
  const auto together = generate_market(options_of({"TQQQ", "SVIX", "SYN007"}, 3, .1));
  CHECK(alone[0].bars == together[0].bars);
  CHECK_EQUAL(together[0].symbol, "SVIX");
  const auto other_seed = generate_market(options_of({"SVIX"}, 3, .1, 6));
  CHECK(alone[0].bars != other_seed[0].bars);
}

TEST(an inverse fund mirrors the index with highs from lows) {
  const synthetic_market market(options_of({"QQQ", "SQQQ"}, 10));
  const auto index = market.series("QQQ");
  const auto inverse = market.series("SQQQ");
  REQUIRE(index.bars.size() == inverse.bars.size());
  double index_close = 0;
  double inverse_close = 0;
  for (std::size_t i = 0; i < index.bars.size(); ++i) {
    if (i % 390 == 0 && i != 0) {
      index_close = index.bars[i - 1].close;
      inverse_close = inverse.bars[i - 1].close;
    }
    if (index_close == 0)
      continue;
    const auto mirrored = [&](double price) { return inverse_close * (1 - 3 * (price / index_close - 1)); };
    // A cent of the fund (3 bp), three times a cent of the index, and two premiums twice over.
    const double tolerance = inverse_close * 0.0012;
    REQUIRE(std::fabs(inverse.bars[i].open - mirrored(index.bars[i].open)) < tolerance);
    REQUIRE(std::fabs(inverse.bars[i].high - mirrored(index.bars[i].low)) < tolerance);
    REQUIRE(std::fabs(inverse.bars[i].low - mirrored(index.bars[i].high)) < tolerance);
    REQUIRE(std::fabs(inverse.bars[i].close - mirrored(index.bars[i].close)) < tolerance);
  }
  CHECK(index_close > 0);
}

TEST(leverage is reset every day) {
  const synthetic_market market(options_of({"TQQQ"}, 25));
  const auto fund = market.series("TQQQ");
  const auto& index = market.paths().days[static_cast<std::size_t>(market_index::nasdaq)];
  for (std::size_t day = 1; day < 25; ++day) {
    const double fund_return = fund.bars[day * 390 + 389].close / fund.bars[day * 390 - 1].close - 1;
    const double index_return = index[day].ratio.back() - 1;
    CHECK(std::fabs(fund_return - 3 * index_return) < 0.001);
  }
}

TEST(the two stock indexes move together and volatility futures against them) {
  const auto market = generate_market(options_of({"QQQ", "SPY", "UVXY"}, 20));
  const auto returns = [](const generated_series& series) {
    std::map<time_ms, double> closes;
    for (const auto& b : series.bars)
      closes[b.label] = b.close / b.open - 1;
    return closes;
  };
  const auto nasdaq = returns(market[0]);
  const auto large_caps = returns(market[1]);
  const auto futures = returns(market[2]);
  std::vector<double> x;
  std::vector<double> y;
  std::vector<double> z;
  for (const auto& [label, value] : futures) {
    x.push_back(nasdaq.at(label));
    y.push_back(large_caps.at(label));
    z.push_back(value);
  }
  CHECK(correlation(x, y) > .85 && correlation(x, y) < .97);
  CHECK(correlation(y, z) < -.6);
}

TEST(volatility comes in clusters and is highest at the open) {
  const auto series = generate_market(options_of({"TQQQ"}, 60)).at(0);
  const auto sizes = neighbour_returns(series, true);
  CHECK(correlation(sizes.first, sizes.second) > .1);
  double morning = 0;
  double noon = 0;
  for (std::size_t i = 0; i < series.bars.size(); ++i) {
    const double range = series.bars[i].high / series.bars[i].low - 1;
    morning += i % 390 < 30 ? range : 0;
    noon += i % 390 >= 180 && i % 390 < 210 ? range : 0;
  }
  CHECK(morning > 1.5 * noon);
}

TEST(volume has the shape of a u) {
  for (const int minutes : {390, 210}) {
    const auto shape = volume_shape(minutes);
    const double mean = std::accumulate(shape.begin(), shape.end(), 0.0) / minutes;
    CHECK(close_to(mean, 1, 1e-12));
    CHECK(shape.front() > 2 * shape[static_cast<std::size_t>(minutes) / 2]);
    CHECK(shape.back() > 2 * shape[static_cast<std::size_t>(minutes) / 2]);
  }
}

TEST(illiquid funds have holes and liquid ones none) {
  const auto market = generate_market(options_of({"ERY", "SVIX", "TQQQ"}, 20));
  const double minutes = 20 * 390;
  CHECK_EQUAL(market[2].bars.size(), 7800u);
  const double missing_svix = 1 - static_cast<double>(market[1].bars.size()) / minutes;
  const double missing_ery = 1 - static_cast<double>(market[0].bars.size()) / minutes;
  CHECK(missing_svix > .02 && missing_svix < .15);
  CHECK(missing_ery > .25 && missing_ery < .5);
}

TEST(without an edge returns are white noise) {
  for (const char* symbol : {"QQQ", "UVXY", "SYN002"}) {
    const auto series = generate_market(options_of({symbol}, 120)).at(0);
    CHECK(std::all_of(series.oracle.begin(), series.oracle.end(), [](double x) { return x == 0; }));
    const auto pairs = neighbour_returns(series, false);
    // 46,000 pairs: one standard error is 0.005, with clustered volatility about 0.01.
    CHECK(std::fabs(correlation(ranks(pairs.first), ranks(pairs.second))) < .025);
  }
}

TEST(the oracle of a planted edge has about that rank correlation) {
  const std::vector<std::pair<const char*, double>> cases{
      {"TQQQ", .05}, {"TQQQ", .1}, {"SQQQ", .1}, {"UVXY", .1}, {"SVIX", .1}, {"SYN002", .1}, {"TQQQ", .2}};
  for (const auto& [symbol, edge] : cases) {
    const double found = oracle_rank_correlation(generate_market(options_of({symbol}, 120, edge)).at(0));
    CHECK(std::fabs(found - edge) < .03);
  }
}

TEST(the planted forecast needs nothing but past prices) {
  // An exponential average of the symbol's own past returns in units of their recent size finds most of it.
  const auto series = generate_market(options_of({"TQQQ"}, 60, .1)).at(0);
  std::vector<double> average;
  std::vector<double> oracle;
  double mean = 0;
  double variance = 0;
  for (std::size_t i = 1; i < series.bars.size(); ++i) {
    const double move = i % 390 == 0 ? 0 : series.bars[i].close / series.bars[i - 1].close - 1;
    mean = mean * 39 / 41 + move * 2 / 41;
    variance = variance * 39 / 41 + move * move * 2 / 41;
    if (i > 100) {
      average.push_back(mean);
      oracle.push_back(series.oracle[i]);
    }
  }
  CHECK(correlation(ranks(average), ranks(oracle)) > .9);
}

TEST(impossible options are refused with a sentence) {
  const auto refuses = [](auto change) {
    auto options = options_of({"TQQQ"}, 1);
    change(options);
    try {
      synthetic_market market(options);
    } catch (const data_error& error) {
      return std::string(error.what()).size() > 20;
    }
    return false;
  };
  CHECK(refuses([](generator_options& o) { o.days = 0; }));
  CHECK(refuses([](generator_options& o) { o.days = 5001; }));
  CHECK(refuses([](generator_options& o) { o.edge = -.1; }));
  CHECK(refuses([](generator_options& o) { o.edge = .21; }));
  CHECK(refuses([](generator_options& o) { o.edge = std::nan(""); }));
  CHECK(refuses([](generator_options& o) { o.symbols = {}; }));
  CHECK(refuses([](generator_options& o) { o.symbols = {"A", "A"}; }));
  CHECK(refuses([](generator_options& o) { o.symbols = {"../A"}; }));
  CHECK(refuses([](generator_options& o) { o.start = civil_date{1999, 1, 1}; }));
  CHECK(refuses([](generator_options& o) {
    o.edge = .1;
    o.from_base = {"SPY.csv"};
  }));
  CHECK(!refuses([](generator_options&) {}));
}
