#include "core/generator/writer.hpp"

#include "core/market/bar_file.hpp"
#include "core/market/data_error.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <zlib.h>

namespace sentio {

namespace {

constexpr std::string_view header = "ts_utc,ts_nyt_epoch,open,high,low,close,volume\n";

void add_number(std::string& out, std::int64_t value) {
  char digits[24];
  const auto result = std::to_chars(digits, digits + sizeof(digits), value);
  out.append(digits, result.ptr);
}

/// A price of at most four decimals, without trailing zeros.
void add_price(std::string& out, double price) {
  const auto units = static_cast<std::int64_t>(std::round(price * 10'000));
  add_number(out, units / 10'000);
  auto rest = units % 10'000;
  if (rest == 0)
    return;
  out += '.';
  for (std::int64_t place = 1000; rest != 0; rest %= place, place /= 10)
    out += static_cast<char>('0' + rest / place);
}

void add_volume(std::string& out, double volume, bool fractional) {
  const auto tenths = static_cast<std::int64_t>(std::round(volume * 10));
  add_number(out, tenths / 10);
  if (fractional) {
    out += '.';
    out += static_cast<char>('0' + tenths % 10);
  }
}

/// Writes rows, and knows the text of the day they are on.
class row_writer {
public:
  row_writer(std::string& out, bool fractional_volume) : out_(out), fractional_volume_(fractional_volume) {}

  void add(const bar& b) {
    const time_ms offset = new_york_offset_ms(b.label);
    if (const auto date = new_york_date(b.label); date != date_) {
      date_ = date;
      date_text_ = to_string(date);
      offset_text_ = offset == -4 * 60 * minute_ms ? ":00-04:00," : ":00-05:00,";
    }
    out_ += date_text_;
    out_ += 'T';
    out_ += new_york_clock(b.label);
    out_ += offset_text_;
    add_number(out_, b.label / 1000);
    for (const double price : {b.open, b.high, b.low, b.close}) {
      out_ += ',';
      add_price(out_, price);
    }
    out_ += ',';
    add_volume(out_, b.volume, fractional_volume_);
    out_ += '\n';
  }

private:
  std::string& out_;
  bool fractional_volume_;
  civil_date date_{0, 1, 1};
  std::string date_text_;
  std::string offset_text_;
};

[[noreturn]] void throw_unwritable(const std::filesystem::path& file) {
  std::error_code ignored; // the part that was written is useless; the error below is the one to report
  std::filesystem::remove(file, ignored);
  throw data_error(file.string() +
                   ": cannot write the file; the disk may be full or the directory read-only");
}

void write_plain(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(text.data(), static_cast<std::streamsize>(text.size()));
  out.close();
  if (!out)
    throw_unwritable(file);
}

void write_compressed(const std::filesystem::path& file, const std::string& text) {
  // gzopen stores neither a name nor a time in the header, so the bytes depend on the text alone.
  const gzFile out = gzopen(file.c_str(), "wb9");
  if (!out)
    throw_unwritable(file);
  bool good = true;
  constexpr std::size_t piece = 1 << 20;
  for (std::size_t at = 0; good && at < text.size(); at += piece) {
    const auto size = static_cast<unsigned>(std::min(piece, text.size() - at));
    good = gzwrite(out, text.data() + at, size) == static_cast<int>(size);
  }
  if (gzclose_w(out) != Z_OK || !good)
    throw_unwritable(file);
}

/// Under another name first, so that a reader never sees half a file.
void write_whole(const std::filesystem::path& file, const std::string& text, bool compressed) {
  const std::filesystem::path part = file.string() + ".part";
  if (compressed)
    write_compressed(part, text);
  else
    write_plain(part, text);
  std::error_code error;
  std::filesystem::rename(part, file, error);
  if (error)
    throw_unwritable(part);
}

void prepare_directory(const generator_options& options) {
  std::error_code error;
  std::filesystem::create_directories(options.output, error);
  if (error || !std::filesystem::is_directory(options.output, error))
    throw data_error(options.output.string() + ": cannot make the directory (" + error.message() + ")");
  const auto present = list_bar_symbols(options.output);
  if (!present.empty() && !options.overwrite)
    throw data_error(options.output.string() + ": the directory has bars already (" + present.front() +
                     (present.size() > 1 ? " and others" : "") + "); choose another one, or overwrite");
}

/// Other forms of the symbol's file, which a reader might prefer to the new one.
void remove_other_files(const std::filesystem::path& directory, const std::string& symbol,
                        const std::filesystem::path& keep) {
  for (const char* const suffix : {"_RTH_NH.csv", "_RTH_NH.csv.gz", ".csv", ".csv.gz"})
    if (const auto file = directory / (symbol + suffix); file != keep) {
      std::error_code error;
      std::filesystem::remove(file, error);
      if (error)
        throw data_error(file.string() + ": cannot remove the older file (" + error.message() + ")");
    }
}

} // namespace

std::string csv_text(const generated_series& series) {
  std::string out(header);
  out.reserve(header.size() + (series.bars.size() + series.closing_rows.size()) * 80);
  row_writer rows(out, series.fractional_volume);
  auto closing = series.closing_rows.begin();
  for (const bar& b : series.bars) {
    for (; closing != series.closing_rows.end() && closing->label < b.label; ++closing)
      rows.add(*closing);
    rows.add(b);
  }
  for (; closing != series.closing_rows.end(); ++closing)
    rows.add(*closing);
  return out;
}

std::vector<std::filesystem::path> write_generated(const generator_options& options) {
  const synthetic_market market(options);
  prepare_directory(options);
  write_whole(options.output / "NOTE", note_of(options) + '\n', false);
  auto symbols = options.symbols;
  std::sort(symbols.begin(), symbols.end());
  std::vector<std::filesystem::path> files;
  for (const auto& symbol : symbols) {
    const auto file = options.output / (symbol + (options.gzip ? "_RTH_NH.csv.gz" : "_RTH_NH.csv"));
    write_whole(file, csv_text(market.series(symbol)), options.gzip);
    remove_other_files(options.output, symbol, file);
    files.push_back(file);
  }
  return files;
}

} // namespace sentio
