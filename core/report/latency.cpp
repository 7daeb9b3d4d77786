#include "core/report/latency.hpp"

#include "core/report/report.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>

namespace sentio {

std::vector<double> load_latencies(const std::filesystem::path& log_directory,
                                   const std::vector<civil_date>& sessions) {
  std::vector<double> all;
  for (const civil_date& date : sessions) {
    const auto file = log_directory / ("latency_" + to_string(date) + ".jsonl");
    std::ifstream in(file);
    std::size_t number = 0;
    for (std::string line; std::getline(in, line);) {
      ++number;
      const auto value = nlohmann::json::parse(line, nullptr, false);
      if (!value.is_object() || !value.contains("order_ms") || !value["order_ms"].is_number())
        throw report_error(file.string() + ":" + std::to_string(number) + ": no order_ms");
      all.push_back(value["order_ms"].get<double>());
    }
  }
  std::sort(all.begin(), all.end());
  return all;
}

double nearest_rank(const std::vector<double>& ascending, double share) {
  if (ascending.empty())
    return 0;
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(ascending.size())));
  return ascending[std::min(ascending.size() - 1, rank == 0 ? 0 : rank - 1)];
}

std::string latency_text(const std::vector<double>& ascending) {
  if (ascending.empty())
    return {};
  char text[96];
  std::snprintf(text, sizeof text, "%zu orders, p50 %.2f ms, p99 %.2f ms", ascending.size(),
                nearest_rank(ascending, 0.5), nearest_rank(ascending, 0.99));
  return text;
}

} // namespace sentio
