// Payloads of every kind with ordinary and with extreme values, and a small tape made of them.
#pragma once

#include "core/tape/record.hpp"
#include "core/tape/writer.hpp"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace sentio::test {

struct sample_record {
  record_kind kind;
  record_payload payload;
};

/// At least one record of every kind, header first, end last.
std::vector<sample_record> sample_records();

/// The same kinds with the greatest, smallest and emptiest values.
std::vector<sample_record> extreme_records();

std::string encoded(const record_payload& payload);

/// Writes the records as a tape; record i has the time 1000 * i.
void write_tape(const std::filesystem::path& path, const std::vector<sample_record>& records);

std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, std::string_view bytes);

/// Where each frame of a good tape begins, and as a last element where the file ends.
std::vector<std::uint64_t> frame_positions(const std::filesystem::path& path);

} // namespace sentio::test
