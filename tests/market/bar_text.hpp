// Small files of bars for the tests of this room.
#pragma once

#include "core/market/data_error.hpp"
#include "core/market/validation.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <zlib.h>

namespace sentio::test {

inline constexpr const char* plain_header = "timestamp,open,high,low,close,volume\n";
/// 2025-06-03 09:30 New York.
inline constexpr time_ms first_label = 1748957400000;

inline std::filesystem::path write_text(const std::filesystem::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary) << text;
  return file;
}

inline std::filesystem::path write_gzip(const std::filesystem::path& file, const std::string& text) {
  const gzFile out = gzopen(file.c_str(), "wb");
  gzwrite(out, text.data(), static_cast<unsigned>(text.size()));
  gzclose(out);
  return file;
}

/// One row: an epoch label in seconds and a flat price.
inline std::string row(time_ms label, const std::string& price = "10", const std::string& volume = "100") {
  return std::to_string(label / 1000) + ',' + price + ',' + price + ',' + price + ',' + price + ',' + volume +
         '\n';
}

/// The sentence of the data_error that a call throws; empty when it throws none.
inline std::string error_of(const std::function<void()>& call) {
  try {
    call();
  } catch (const data_error& error) {
    return error.what();
  }
  return {};
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace sentio::test
