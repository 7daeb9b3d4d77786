#include "core/market/bar_file.hpp"

#include "core/market/bar_survey.hpp"
#include "core/market/data_error.hpp"
#include "core/numeric/special_file.hpp"

#include <algorithm>
#include <array>
#include <fstream>

namespace sentio {

namespace {

// The order of preference. A suffix that ends another one comes after it.
constexpr std::array<std::string_view, 4> suffixes{"_RTH_NH.csv", "_RTH_NH.csv.gz", ".csv", ".csv.gz"};

} // namespace

std::filesystem::path find_bar_file(const std::filesystem::path& directory, std::string_view symbol) {
  std::error_code unreadable; // reported below as "not found", with all names
  if (std::filesystem::is_regular_file(directory, unreadable))
    return directory;
  std::string tried;
  for (const auto suffix : suffixes) {
    const std::string name = std::string(symbol) + std::string(suffix);
    if (std::filesystem::exists(directory / name, unreadable))
      return directory / name;
    tried += (tried.empty() ? "" : ", ") + name;
  }
  const bool exists = std::filesystem::is_directory(directory, unreadable);
  if (!exists)
    throw data_error(directory.string() + ": no bars for " + std::string(symbol) +
                     "; the directory does not exist or cannot be read, and should hold one of " + tried);
  std::string present;
  const auto symbols = list_bar_symbols(directory);
  constexpr std::size_t shown = 12;
  for (std::size_t i = 0; i < std::min(shown, symbols.size()); ++i)
    present += (i == 0 ? "; it has bars of " : ", ") + symbols[i];
  if (symbols.size() > shown)
    present += " and " + std::to_string(symbols.size() - shown) + " more";
  throw data_error(directory.string() + ": no bars for " + std::string(symbol) + "; tried " + tried +
                   present);
}

std::string symbol_of_file_name(std::string_view name) {
  const auto suffix =
      std::find_if(suffixes.begin(), suffixes.end(), [&](std::string_view s) { return name.ends_with(s); });
  if (name.starts_with('.') || suffix == suffixes.end() || name.size() == suffix->size())
    return {};
  return std::string(name.substr(0, name.size() - suffix->size()));
}

std::vector<std::string> list_bar_symbols(const std::filesystem::path& directory) {
  std::error_code error;
  if (std::filesystem::is_regular_file(directory, error))
    return symbols_of_file(directory);
  std::filesystem::directory_iterator entries(directory, error);
  if (error)
    throw data_error(directory.string() + ": cannot list the directory (" + error.message() +
                     "); it should hold bar files such as TQQQ_RTH_NH.csv");
  std::vector<std::string> symbols;
  for (const auto& entry : entries) {
    const auto symbol = symbol_of_file_name(entry.path().filename().string());
    if (!symbol.empty())
      symbols.push_back(symbol);
  }
  std::sort(symbols.begin(), symbols.end());
  symbols.erase(std::unique(symbols.begin(), symbols.end()), symbols.end());
  return symbols;
}

std::string data_note(const std::filesystem::path& directory) {
  std::error_code unreadable; // a directory without a note is the usual case
  const bool is_file = std::filesystem::is_regular_file(directory, unreadable);
  const auto note = (is_file ? directory.parent_path() : directory) / "NOTE";
  if (!why_no_regular_file(note).empty())
    return {};
  std::ifstream file(note);
  std::string line;
  std::getline(file, line);
  while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
    line.pop_back();
  return line;
}

} // namespace sentio
