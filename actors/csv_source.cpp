#include "actors/csv_source.hpp"

#include "core/market/session_reader.hpp"

namespace sentio {

namespace {

/// Counters of all symbols in one, by name; a day's figures are the difference of two of these.
std::vector<named_value> totals(const session_bar_source& source) {
  std::vector<named_value> named{
      {"bars", 0}, {"duplicates", 0}, {"revisions", 0}, {"out_of_session", 0}, {"flagged_moves", 0}};
  for (std::size_t i = 1; i < bar_defect_count; ++i)
    named.emplace_back("bad: " + std::string(to_string(static_cast<bar_defect>(i))), 0);
  for (symbol_index symbol = 0; symbol < source.symbols().size(); ++symbol) {
    const auto counts = source.counts(symbol);
    const std::uint64_t plain[] = {counts.kept, counts.duplicates, counts.revisions, counts.out_of_session,
                                   counts.flagged_moves};
    for (std::size_t i = 0; i < std::size(plain); ++i)
      named[i].second += plain[i];
    for (std::size_t i = 1; i < bar_defect_count; ++i)
      named[std::size(plain) + i - 1].second += counts.bad.of(static_cast<bar_defect>(i));
  }
  return named;
}

class csv_source final : public session_source {
public:
  explicit csv_source(const csv_source_options& options)
      : first_traded_(options.first_traded),
        reader_(options.directory, options.symbols, {options.first, options.last, options.strict}) {}

  session_block_ptr next() override {
    market_day day;
    if (!reader_.next(day))
      return nullptr;
    auto block = std::make_shared<session_block>();
    block->hours = day.hours;
    block->warmup = day.hours.date < first_traded_;
    block->bars = std::move(day.bars);
    for (symbol_index symbol = 0; symbol < day.revisions.size(); ++symbol)
      for (const auto& revised : day.revisions[symbol])
        block->revisions.push_back({symbol, revised});
    block->counts = since_last(totals(reader_));
    // The reader looks one row ahead, so its own count of kept bars runs past the day's end.
    block->counts.front().second = 0;
    for (const auto& row : block->bars)
      block->counts.front().second += row.size();
    return block;
  }

private:
  std::vector<named_value> since_last(std::vector<named_value> now) {
    auto difference = now;
    for (std::size_t i = 0; i < last_.size(); ++i)
      difference[i].second -= last_[i].second;
    last_ = std::move(now);
    return difference;
  }

  civil_date first_traded_;
  session_bar_source reader_;
  std::vector<named_value> last_;
};

class memory_source final : public session_source {
public:
  explicit memory_source(std::vector<session_block_ptr> blocks) : blocks_(std::move(blocks)) {}
  session_block_ptr next() override { return next_ < blocks_.size() ? blocks_[next_++] : nullptr; }

private:
  std::vector<session_block_ptr> blocks_;
  std::size_t next_ = 0;
};

} // namespace

std::shared_ptr<session_source> make_csv_source(const csv_source_options& options) {
  return std::make_shared<csv_source>(options);
}
std::shared_ptr<session_source> make_memory_source(std::vector<session_block_ptr> blocks) {
  return std::make_shared<memory_source>(std::move(blocks));
}

} // namespace sentio
