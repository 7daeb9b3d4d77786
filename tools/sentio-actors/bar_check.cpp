#include "tools/sentio-actors/bar_check.hpp"

#include "core/market/data_error.hpp"
#include "tools/sentio-actors/run_console.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <algorithm>

namespace sentio {

namespace {

constexpr std::size_t most_refusals = 10; ///< that are written out
constexpr std::size_t most_warnings = 20; ///< on the console; run.json has all

std::string listed(const std::vector<std::string>& sentences) {
  std::string text;
  for (std::size_t i = 0; i < std::min(most_refusals, sentences.size()); ++i)
    text += (i == 0 ? "" : "\n  ") + sentences[i];
  if (sentences.size() > most_refusals)
    text += "\n  and " + std::to_string(sentences.size() - most_refusals) + " more symbols";
  return text;
}

std::string refusal_text(const std::vector<std::string>& sentences, const std::string& way_out) {
  return listed(sentences) + (sentences.size() > 1 ? "\n" : "; ") +
         "load the missing bars (sentio-actors download-data), or " + way_out;
}

} // namespace

bar_survey survey_or_refuse(const std::filesystem::path& directory, const std::vector<std::string>& symbols) {
  try {
    return survey_bars(directory, symbols);
  } catch (const data_error&) {
    // Told below, with the others.
  }
  std::vector<std::string> problems, without;
  for (const auto& symbol : symbols)
    try {
      survey_bars(directory, {symbol});
    } catch (const data_error& error) {
      problems.emplace_back(error.what());
      without.push_back(symbol);
    }
  if (problems.empty())
    return survey_bars(directory, symbols); // what is wrong is none of one symbol, or was mended meanwhile
  if (problems.size() == symbols.size() && problems.size() > 1)
    throw usage_error(problems.front() + "; none of the " + std::to_string(problems.size()) +
                      " symbols has bars there");
  throw usage_error(refusal_text(problems, way_without(symbols, without)));
}

std::vector<std::string> accept_bars(const std::vector<std::string>& symbols, const coverage_findings& found,
                                     bars_from source) {
  for (std::size_t i = 0; i < std::min(most_warnings, found.warnings.size()); ++i)
    say_line("warning: " + found.warnings[i]);
  if (found.warnings.size() > most_warnings)
    say_line("warning: and " + std::to_string(found.warnings.size() - most_warnings) +
             " more; run.json and the report's JSON have all");
  if (!found.refusals.empty()) {
    const auto text = refusal_text(found.refusals, way_without(symbols, found.without));
    if (source == bars_from::venue)
      throw data_error(text);
    throw usage_error(text);
  }
  return found.warnings;
}

std::vector<std::string> check_bars(const mock_setup& setup, const bar_plan& plan) {
  return accept_bars(
      setup.config.symbols,
      judge_coverage(plan, read_coverage(setup.data_dir, setup.config.symbols, plan, setup.survey)));
}

} // namespace sentio
