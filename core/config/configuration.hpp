// The whole configuration of a run, decoded and checked.
#pragma once

#include "core/learning/learner_parameters.hpp"
#include "core/market/instrument.hpp"
#include "core/portfolio/parameters.hpp"
#include "core/strategies/rotation/parameters.hpp"
#include "core/strategy/parameters.hpp"
#include "core/strategy/strategy.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

/// What the report's verdict compares with.
struct performance_targets {
  double mrd = 0.005;
  double win_rate = 0.50;
  double sharpe = 2.0;
  double max_drawdown = 0.05;

  friend bool operator==(const performance_targets&, const performance_targets&) = default;
};

struct configuration {
  std::string name = "rotation_strategy"; ///< profile name, shown in reports
  learner_parameters learner;
  ranking_parameters ranking;
  rotation_parameters rotation;
  portfolio_parameters portfolio;
  performance_targets targets;
  /// Sorted by name after decoding, so that no result depends on the order in which a user wrote them.
  std::vector<std::string> symbols{"SDS", "SQQQ", "SVIX", "TQQQ", "UPRO", "UVXY"};
  double capital = 100'000;            ///< dollars
  std::vector<instrument> instruments; ///< every known symbol, from symbols.json, boosts overridden

  friend bool operator==(const configuration&, const configuration&) = default;
};

/// The strategy that a configuration chooses, with its parameters.
std::shared_ptr<const strategy> make_strategy(const configuration& value);

/// A refused file: one line per problem, each with file, key, value and what is allowed.
struct configuration_error {
  std::vector<std::string> problems;
};

struct decoded_configuration {
  configuration value;
  std::vector<std::string> warnings;       ///< keys mapped or accepted without effect, with the reason
  std::vector<std::string> without_effect; ///< paths of keys among them that change nothing here
  std::vector<std::string> problems;       ///< not empty = refused
};

/// Decodes JSON text. `file` is only used in messages. Missing keys have their defaults.
decoded_configuration decode_configuration(std::string_view json, std::string_view file);
/// The same with the rows of a symbols.json in place of the built-in ones.
decoded_configuration decode_configuration(std::string_view json, std::string_view file,
                                           std::vector<instrument> instruments);
/// Sorts the symbols, adds the rows of synthetic ones (SYN000 ... SYN999), and checks what spans several
/// keys. Returns the problems, each beginning with `source`. For values changed after decoding, such as by
/// the command line; to have the ranges checked again too, decode canonical_json(value).
std::vector<std::string> complete_configuration(configuration& value, std::string_view source);
/// Decodes config/symbols.json; problems as above.
std::vector<instrument> decode_instruments(std::string_view json, std::string_view file,
                                           std::vector<std::string>& problems);
/// The built-in copy of config/symbols.json, sorted by name.
std::vector<instrument> default_instruments();

/// Every key with its effective value, canonical order and number form: the same configuration is the same
/// bytes. decode(canonical_json(c)) == c for every completed configuration. One line; `symbols` in any order
/// give the same.
std::string canonical_json(const configuration& value);
/// JSON schema (draft 2020-12) of a configuration file.
std::string configuration_schema();
/// Table for people: key, value, default, unit, range, meaning.
std::string describe_configuration(const configuration& value);

} // namespace sentio
