#define CAF_SUITE configuration_live_keys

#include "tests/support/test.hpp"

#include "core/config/key_table.hpp"
#include "tests/config/support.hpp"

#include <set>

using namespace sentio;

namespace {

double other_number(double value, const limits& range) {
  for (const double candidate :
       {value * 0.5 + 0.25 * value, value + 1, value - 1, (range.low + range.high) / 2})
    if (candidate != value && range.hold(candidate))
      return candidate;
  throw std::logic_error("no other number in the range");
}

/// Another value that the rule accepts.
json_value flipped(const key_row& row, const json_value& value) {
  switch (row.rule.kind) {
  case value_kind::boolean:
    return !value.get<bool>();
  case value_kind::choice:
    return row.rule.choices.at(0) == value.get<std::string>() ? row.rule.choices.at(1)
                                                              : row.rule.choices.at(0);
  case value_kind::text:
    return value.get<std::string>() + "x";
  case value_kind::integer:
    return static_cast<std::int64_t>(value.get<double>()) +
           (row.rule.range.hold(value.get<double>() + 1) ? 1 : -1);
  case value_kind::number:
    return other_number(value.get<double>(), row.rule.range);
  default:
    break;
  }
  json_value changed = value;
  const std::string path = row.path();
  if (path == "oes_config.prediction_horizons")
    changed[2] = 11;
  else if (path == "oes_config.horizon_weights")
    changed = {0.2, 0.5, 0.3};
  else if (path == "learner_config.experts")
    changed[0]["a2"] = 0.9997;
  else if (path == "cost_config.fees")
    changed[0]["taf_cap"] = 9;
  else if (path == "symbols.active")
    changed.push_back("SPY");
  else if (path == "symbols.instruments")
    changed[0]["half_spread_bp"] = 7;
  else if (path == "symbols.leverage_boosts")
    changed["TQQQ"] = 2;
  else if (path == "risk_config.restricted_symbols")
    changed.push_back("TQQQ");
  else
    throw std::logic_error("the test has no other value for " + path);
  return changed;
}

/// The canonical document of the defaults with one key changed.
std::string document_with(const key_row& row, const json_value& value) {
  auto document = json_value::parse(canonical_json(test::defaults()));
  (row.section.empty() ? document : document[row.section])[row.key] = value;
  return document.dump();
}

} // namespace

TEST(every live key changes the configuration and its canonical form) {
  const configuration before = test::defaults();
  std::set<std::string> forms{canonical_json(before)};
  std::size_t live = 0;
  for (const auto& row : key_table()) {
    if (row.effect != key_effect::live)
      continue;
    ++live;
    const json_value other = flipped(row, row.read(before));
    const auto decoded = decode_configuration(document_with(row, other), "flipped");
    if (!decoded.problems.empty())
      CAF_MESSAGE(row.path() << ": " << decoded.problems[0]);
    CHECK(decoded.problems.empty());
    CHECK(!(decoded.value == before));
    CHECK(compact_json(row.read(decoded.value)) == compact_json(other) || row.path() == "symbols.active");
    // Each flip gives a form of its own: no two keys write the same parameter.
    CHECK(forms.insert(canonical_json(decoded.value)).second);
    // And it comes back exactly.
    CHECK(decode_configuration(canonical_json(decoded.value), "again").value == decoded.value);
  }
  CHECK_EQUAL(live, 84u);
}

TEST(a live key changes only its own parameter) {
  const configuration before = test::defaults();
  for (const auto& row : key_table()) {
    if (row.effect != key_effect::live || row.section == "symbols")
      continue;
    const auto decoded = decode_configuration(document_with(row, flipped(row, row.read(before))), "flipped");
    configuration restored = decoded.value;
    row.write(restored, row.read(before));
    CHECK(restored == before);
  }
}

TEST(older keys and comments change nothing in the canonical form) {
  const auto text = canonical_json(test::defaults());
  const auto document = json_value::parse(text);
  for (const auto& row : key_table()) {
    const bool top = row.section.empty();
    const bool printed = top ? document.contains(row.key)
                             : document.contains(row.section) && document[row.section].contains(row.key);
    CHECK_EQUAL(printed, row.effect == key_effect::live);
  }
}

TEST(the table has each key once and explains it) {
  std::set<std::string> paths;
  for (const auto& row : key_table()) {
    CHECK(paths.insert(row.path()).second);
    CHECK(!row.meaning.empty());
    if (row.effect == key_effect::mapped || row.effect == key_effect::ignored)
      CHECK(!row.note.empty());
    if (row.effect == key_effect::mapped)
      CHECK(std::any_of(key_table().begin(), key_table().end(), [&](const key_row& target) {
        return target.path() == row.note && target.effect == key_effect::live;
      }));
  }
}

TEST(sections stand together) {
  std::set<std::string> closed;
  std::string open = "none";
  for (const auto& row : key_table()) {
    if (row.section != open) {
      CHECK(!closed.contains(row.section));
      closed.insert(open);
      open = row.section;
    }
  }
  CHECK(!closed.empty());
}

TEST(awkward doubles come back bit for bit) {
  configuration value = test::defaults();
  for (const double x : {0.1 + 0.2, 1.0 / 3, 5e-324, 123456789.123456789, 1e-17, 0.9999999999999999}) {
    value.targets.sharpe = x > 100 ? 99.99999999999999 : x;
    value.capital = x < 1 ? 1 + x : x;
    const auto again = decode_configuration(canonical_json(value), "again");
    CHECK(again.problems.empty());
    CHECK(again.value == value);
  }
}

TEST(numbers have one short form) {
  CHECK_EQUAL(number_text(100000), "100000");
  CHECK_EQUAL(number_text(-1e9), "-1000000000");
  CHECK_EQUAL(number_text(0.1), "0.1");
  CHECK_EQUAL(number_text(-0.0), "0");
  CHECK_EQUAL(number_text(1e300), "1e+300");
  CHECK_EQUAL(number_text(0.000166), "0.000166");
}
