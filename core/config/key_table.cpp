#include "core/config/key_table.hpp"

#include "core/config/section_rows.hpp"

#include <algorithm>
#include <iterator>

namespace sentio {

namespace {

std::vector<key_row> all_rows() {
  std::vector<key_row> table;
  for (auto make : {top_rows, symbol_rows, learner_rows, ensemble_rows, strength_rows, aggregator_rows,
                    rotation_rows, sizing_rows, risk_rows, cost_rows, account_rows, data_rows, target_rows}) {
    auto rows = make();
    std::move(rows.begin(), rows.end(), std::back_inserter(table));
  }
  return table;
}

} // namespace

const std::vector<key_row>& key_table() {
  static const std::vector<key_row> table = all_rows();
  return table;
}

std::vector<std::string> section_names() {
  std::vector<std::string> names;
  for (const auto& row : key_table())
    if (std::find(names.begin(), names.end(), row.section) == names.end())
      names.push_back(row.section);
  return names;
}

} // namespace sentio
