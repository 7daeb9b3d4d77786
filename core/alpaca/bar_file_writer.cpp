#include "core/alpaca/bar_file_writer.hpp"

#include "core/alpaca/json_fields.hpp"
#include "core/market/csv_reader.hpp"
#include "core/numeric/special_file.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <unistd.h>

namespace sentio::alpaca {

namespace {

constexpr std::string_view header = "ts_utc,ts_nyt_epoch,open,high,low,close,volume\n";

[[noreturn]] void fail(const std::filesystem::path& file, const std::string& what) {
  throw data_error(file.string() + ": cannot " + what + " the file (" + std::strerror(errno) +
                   "); what was complete before stays, and the same command goes on from there");
}

/// Writes all bytes at a position and waits for the disk.
void write_at(const std::filesystem::path& file, int flags, std::uint64_t at, std::string_view text) {
  const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NONBLOCK | flags, 0644);
  if (descriptor < 0)
    fail(file, "open");
  bool good = ::ftruncate(descriptor, static_cast<off_t>(at)) == 0 &&
              ::lseek(descriptor, static_cast<off_t>(at), SEEK_SET) >= 0;
  while (good && !text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written > 0)
      text.remove_prefix(static_cast<std::size_t>(written));
    else
      good = written < 0 && errno == EINTR;
  }
  good = good && ::fsync(descriptor) == 0;
  const int reason = errno;
  if (::close(descriptor) != 0 || !good) {
    errno = reason;
    fail(file, "write");
  }
}

void rename_to(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0)
    fail(to, "replace");
}

std::string read_small(const std::filesystem::path& file) {
  if (!why_no_regular_file(file).empty())
    return {};
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::uint64_t size_of(const std::filesystem::path& file) {
  std::error_code absent; // no file has no bytes
  const auto size = std::filesystem::file_size(file, absent);
  return absent ? 0 : size;
}

void add_decimal(std::string& out, double value) {
  char digits[400]; // the largest double has 309 digits before the point
  const auto end = std::to_chars(digits, digits + sizeof(digits), value, std::chars_format::fixed).ptr;
  out.append(digits, end);
}

} // namespace

std::string bar_row(const bar& b) {
  const bool summer = new_york_offset_ms(b.label) == -4 * 60 * minute_ms;
  std::string row = to_string(new_york_date(b.label)) + 'T' + new_york_clock(b.label) +
                    (summer ? ":00-04:00," : ":00-05:00,") + std::to_string(b.label / 1000);
  for (const double value : {b.open, b.high, b.low, b.close, b.volume}) {
    row += ',';
    add_decimal(row, value);
  }
  return row + '\n';
}

bar_file_writer::bar_file_writer(const download_request& request, symbol_download& symbol, civil_date last)
    : request_(request), symbol_(symbol), last_(last) {
  symbol_.file = request.output / (symbol.symbol + "_RTH_NH.csv");
  part_ = request.output / (symbol.symbol + "_RTH_NH.csv.part");
  note_ = request.output / (symbol.symbol + "_RTH_NH.progress");
}

std::string bar_file_writer::note_text(bool complete) const {
  nlohmann::ordered_json note;
  note["source"] = request_.source == history_source::alpaca ? "alpaca" : "polygon";
  note["feed"] = request_.source == history_source::alpaca ? request_.feed : "";
  note["adjustment"] = request_.adjustment;
  note["start"] = to_string(request_.first);
  note["complete_through"] = symbol_.complete_through ? to_string(*symbol_.complete_through) : "";
  note["complete"] = complete;
  note["bytes"] = bytes_;
  note["bars"] = symbol_.bars;
  note["sessions"] = symbol_.sessions;
  note["empty_sessions"] = symbol_.empty_sessions;
  note["bad"] = symbol_.bad;
  note["outside"] = symbol_.outside;
  return note.dump(2) + '\n';
}

/// True when the note tells of these choices and of bytes that are there; then the counts are taken from it.
bool bar_file_writer::take_note(bool finished) {
  const auto text = read_small(note_);
  const json_document note(text);
  field_reader read(note.root());
  const bool same =
      read.text_or_empty("source") == (request_.source == history_source::alpaca ? "alpaca" : "polygon") &&
      (request_.source == history_source::polygon || read.text_or_empty("feed") == request_.feed) &&
      read.text_or_empty("adjustment") == request_.adjustment &&
      read.text_or_empty("start") == to_string(request_.first);
  const auto through = parse_date(read.text_or_empty("complete_through"));
  const auto bytes = read.whole("bytes");
  const auto size = size_of(finished ? symbol_.file : part_);
  const auto count = [&](const char* name) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(0, read.whole(name)));
  };
  symbol_download told = symbol_;
  told.bars = count("bars");
  told.sessions = static_cast<std::uint32_t>(count("sessions"));
  told.empty_sessions = static_cast<std::uint32_t>(count("empty_sessions"));
  told.bad = count("bad");
  told.outside = count("outside");
  if (!read.good() || !same || !through || *through > last_ || bytes < 0)
    return false;
  // A part may have more bytes, of a day that was cut off; a finished file that has other bytes was changed.
  const auto sure = static_cast<std::uint64_t>(bytes);
  if (finished ? size != sure : size < sure)
    return false;
  symbol_ = told;
  symbol_.complete_through = through;
  bytes_ = sure;
  return true;
}

void bar_file_writer::write_note(bool complete) const {
  const std::filesystem::path fresh = note_.string() + ".new";
  write_at(fresh, O_TRUNC, 0, note_text(complete));
  rename_to(fresh, note_);
}

void bar_file_writer::open() {
  std::error_code unreadable; // what cannot be looked at is treated as absent, and fails when written
  const bool finished = std::filesystem::exists(symbol_.file, unreadable);
  const bool begun = std::filesystem::exists(part_, unreadable);
  if (finished && !begun && take_note(true)) {
    if (symbol_.complete_through == last_) {
      symbol_.kept = symbol_.complete = true;
      return;
    }
    // More days are wanted now: the file is taken up again, once there is something to add.
    symbol_.resumed_after = symbol_.complete_through;
    reopen_ = true;
    return;
  }
  if (begun && take_note(false)) {
    symbol_.resumed_after = symbol_.complete_through;
    return;
  }
  if ((finished || begun) && !request_.overwrite)
    throw data_error(
        (finished ? symbol_.file : part_).string() +
        ": the file is there already, and was made with other choices (source, feed, adjustment, "
        "start or a later end); choose another --output, or replace it with --overwrite");
  bytes_ = 0;
}

std::vector<bar> bar_file_writer::last_day() const {
  std::vector<bar> rows;
  const auto& file = reopen_ ? symbol_.file : part_;
  if (bytes_ <= header.size() || !symbol_.complete_through)
    return rows;
  csv_bar_reader reader(file, {});
  for (bar one; reader.next(one);) {
    const auto date = new_york_date(one.label);
    if (date > *symbol_.complete_through)
      break; // of a day that was cut off
    if (!rows.empty() && new_york_date(rows.back().label) != date)
      rows.clear();
    rows.push_back(one);
  }
  return rows;
}

void bar_file_writer::restart() {
  symbol_.bars = symbol_.bad = symbol_.outside = 0;
  symbol_.sessions = symbol_.empty_sessions = 0;
  symbol_.resumed_after = symbol_.complete_through = std::nullopt;
  bytes_ = 0;
  reopen_ = false;
}

void bar_file_writer::append(const std::string& rows) {
  if (reopen_)
    rename_to(symbol_.file, part_);
  reopen_ = false;
  if (bytes_ == 0)
    write_at(part_, O_TRUNC, 0, header);
  bytes_ = std::max<std::uint64_t>(bytes_, header.size());
  write_at(part_, 0, bytes_, rows);
  bytes_ += rows.size();
  write_note(false);
}

void bar_file_writer::discard() {
  std::error_code absent; // what is not there need not be removed
  std::filesystem::remove(part_, absent);
  std::filesystem::remove(note_, absent);
}

void bar_file_writer::finish() {
  rename_to(part_, symbol_.file);
  write_note(true);
  symbol_.complete = true;
}

} // namespace sentio::alpaca
