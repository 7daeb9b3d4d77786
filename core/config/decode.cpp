#include "core/config/configuration.hpp"
#include "core/config/instruments.hpp"
#include "core/config/json_document.hpp"
#include "core/config/key_table.hpp"
#include "core/config/suggestion.hpp"
#include "core/config/value_codec.hpp"

#include <algorithm>

namespace sentio {

namespace {

class decoder {
public:
  decoder(const json_value& document, std::string_view file, decoded_configuration& result)
      : document_(document), file_(file), result_(result) {}

  void run() {
    check_names();
    for (const auto& row : key_table())
      if (row.effect == key_effect::live || row.effect == key_effect::comment)
        take(row);
    for (const auto& row : key_table())
      if (row.effect == key_effect::mapped || row.effect == key_effect::ignored)
        take(row);
    if (result_.problems.empty())
      restore_live_keys();
    check_boosts();
    for (auto& problem : complete_configuration(result_.value, file_))
      result_.problems.push_back(std::move(problem));
    warn_of_idle_keys();
    warn_of_older_file();
  }

private:
  static const key_row* row_at(std::string_view section, std::string_view key) {
    for (const auto& row : key_table())
      if (row.section == section && row.key == key)
        return &row;
    return nullptr;
  }

  const json_value* value_at(std::string_view section, std::string_view key) const {
    const json_value* object = &document_;
    if (!section.empty()) {
      const auto found = document_.find(section);
      if (found == document_.end() || !found->is_object())
        return nullptr;
      object = &*found;
    }
    const auto found = object->find(key);
    return found == object->end() ? nullptr : &*found;
  }

  bool written(std::string_view path) const {
    const auto dot = path.find('.');
    return value_at(path.substr(0, dot), path.substr(dot + 1)) != nullptr;
  }

  void problem(const std::string& text) { result_.problems.push_back(file_ + ": " + text); }
  void warning(const std::string& text) { result_.warnings.push_back(file_ + ": " + text); }
  void without_effect(const key_row& row, const std::string& text) {
    result_.without_effect.push_back(row.path());
    warning(text);
  }

  void check_names() {
    const auto sections = section_names();
    for (const auto& [name, value] : document_.items()) {
      if (row_at("", name))
        continue;
      if (std::find(sections.begin(), sections.end(), name) == sections.end()) {
        unknown_at_top(name, sections);
      } else if (!value.is_object()) {
        problem(name + ": " + compact_json(value) +
                " has the wrong type; allowed: an object with the section's keys");
      } else {
        for (const auto& [key, ignored] : value.items())
          if (!row_at(name, key))
            unknown_in_section(name, key);
      }
    }
  }

  void unknown_at_top(const std::string& name, const std::vector<std::string>& sections) {
    std::vector<std::string> known{sections.begin() + 1, sections.end()};
    std::string list;
    for (const auto& section : known)
      list += ", " + section;
    for (const auto& row : key_table())
      if (row.section.empty())
        known.push_back(row.key);
      else if (row.key == name)
        return problem(name + ": unknown at the top level; it belongs into section " + row.section);
    problem(name + ": unknown section" + did_you_mean(name, known) + "; allowed: $schema, name, description" +
            list);
  }

  void unknown_in_section(const std::string& section, const std::string& key) {
    std::vector<std::string> known;
    std::string list;
    for (const auto& row : key_table()) {
      if (row.section == section) {
        known.push_back(row.key);
        list += (list.empty() ? "" : ", ") + row.key;
      }
    }
    for (const auto& row : key_table())
      if (row.key == key)
        return problem(section + "." + key + ": unknown key here; it belongs into section " + row.section);
    problem(section + "." + key + ": unknown key" + did_you_mean(key, known) + "; allowed: " + list);
  }

  void take(const key_row& row) {
    const json_value* value = value_at(row.section, row.key);
    if (!value)
      return;
    const std::size_t before = result_.problems.size();
    check_value(*value, row.rule, file_ + ": " + row.path(), result_.problems);
    if (result_.problems.size() != before)
      return;
    if (row.effect == key_effect::live)
      row.write(result_.value, *value);
    else if (row.effect == key_effect::ignored)
      without_effect(row, row.path() + ": accepted, no effect here because " + row.note);
    else if (row.effect == key_effect::mapped)
      take_mapped(row, *value);
  }

  /// An older key may imply values of several live keys; what the file says of those itself goes before.
  void restore_live_keys() {
    for (const auto& row : key_table())
      if (const json_value* value = row.effect == key_effect::live ? value_at(row.section, row.key) : nullptr)
        row.write(result_.value, *value);
  }

  void take_mapped(const key_row& row, const json_value& value) {
    const std::string found = row.path() + " " + compact_json(value);
    if (written(row.note))
      return without_effect(row, found + ": no effect because " + row.note + " is given too, and decides");
    if (value.is_boolean() && !value.get<bool>())
      return without_effect(row, found + ": leaves " + row.note + " as it is");
    warning(found + ": acts as " + row.note + " " + row.map(result_.value, value));
  }

  void check_boosts() {
    const json_value* boosts = value_at("symbols", "leverage_boosts");
    if (!boosts || !boosts->is_object())
      return;
    for (const auto& [symbol, boost] : boosts->items())
      if (is_symbol(symbol) && !find_instrument(result_.value.instruments, symbol))
        problem(
            "symbols.leverage_boosts." + symbol + ": " + compact_json(boost) +
            " is for a symbol without a row in " +
            "symbols.json; add a row with its name, leverage and half_spread_bp there, or remove the boost");
  }

  void warn_of_idle_keys() {
    for (const auto& row : key_table()) {
      const json_value* value = row.acts ? value_at(row.section, row.key) : nullptr;
      if (value && !row.acts(result_.value) && *value != row.standard && row.key != "leverage_boosts")
        without_effect(row,
                       row.path() + " " + compact_json(*value) + ": has no effect without " + row.acts_with);
    }
  }

  /// A file for the predecessor names none of our sections, so our defaults decide how its numbers are read.
  void warn_of_older_file() {
    if (!document_.contains("strength_config") &&
        (written("rotation_manager_config.min_strength_to_enter") ||
         written("rotation_manager_config.rotation_strength_delta") ||
         written("signal_aggregator_config.min_strength")))
      warning("strength_config.formula is not given, so strengths and their thresholds are in basis points "
              "(edge); "
              "thresholds made for the predecessor need \"legacy\", see config/legacy.json");
    if (!document_.contains("learner_config") && written("oes_config.ewrls_lambda"))
      warning(
          "learner_config.kind is not given, so the learner is stationary; ewrls_lambda, initial_variance, "
          "regularization and warmup_samples act with \"classic\" only, see config/legacy.json");
  }

  const json_value& document_;
  std::string file_;
  decoded_configuration& result_;
};

} // namespace

decoded_configuration decode_configuration(std::string_view json, std::string_view file,
                                           std::vector<instrument> instruments) {
  decoded_configuration result;
  result.value.instruments = std::move(instruments);
  sort_by_name(result.value.instruments);
  const auto document = parse_document(json, file, result.problems);
  if (!document)
    return result;
  if (!document->is_object()) {
    result.problems.push_back(std::string(file) + ": a configuration is a JSON object with sections, not " +
                              document->type_name());
    return result;
  }
  decoder(*document, file, result).run();
  return result;
}

decoded_configuration decode_configuration(std::string_view json, std::string_view file) {
  return decode_configuration(json, file, default_instruments());
}

std::vector<instrument> decode_instruments(std::string_view json, std::string_view file,
                                           std::vector<std::string>& problems) {
  std::vector<instrument> rows;
  const auto document = parse_document(json, file, problems);
  if (!document)
    return rows;
  const auto list = document->is_object() ? document->find("symbols") : document->end();
  if (!document->is_object() || list == document->end() || !list->is_array()) {
    problems.push_back(std::string(file) +
                       ": no list \"symbols\"; allowed: {\"description\": text, \"symbols\": [rows]}");
    return rows;
  }
  for (const auto& [name, ignored] : document->items())
    if (name != "symbols" && name != "description")
      problems.push_back(std::string(file) + ": " + name + ": unknown key; allowed: description, symbols");
  const value_rule rule = instrument_rule();
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::size_t before = problems.size();
    check_value((*list)[i], rule, std::string(file) + ": symbols[" + std::to_string(i) + "]", problems);
    if (problems.size() == before)
      decode_value((*list)[i], rows.emplace_back());
  }
  sort_by_name(rows);
  for (std::size_t i = 1; i < rows.size(); ++i)
    if (rows[i].name == rows[i - 1].name)
      problems.push_back(std::string(file) + ": " + rows[i].name + " has two rows; allowed: one");
  return rows;
}

} // namespace sentio
