#include "actors/csv_source.hpp"

#include "core/market/session_reader.hpp"

namespace sentio {

namespace {

/// Counters of all symbols in one, by name; a day's figures are the difference of two of these.
struct row_totals {
  std::vector<named_value> always{
      {"bars", 0}, {"duplicates", 0}, {"revisions", 0}, {"out_of_session", 0}, {"flagged_moves", 0}};
  std::vector<named_value> when_any{{"without trades", 0}, {"reordered", 0}};
};

row_totals no_totals() {
  row_totals named;
  for (std::size_t i = 1; i < bar_defect_count; ++i)
    named.always.emplace_back("bad: " + std::string(to_string(static_cast<bar_defect>(i))), 0);
  return named;
}

row_totals totals(const session_bar_source& source) {
  auto named = no_totals();
  for (symbol_index symbol = 0; symbol < source.symbols().size(); ++symbol) {
    const auto counts = source.counts(symbol);
    const std::uint64_t plain[] = {counts.kept, counts.duplicates, counts.revisions, counts.out_of_session(),
                                   counts.flagged_moves};
    for (std::size_t i = 0; i < std::size(plain); ++i)
      named.always[i].second += plain[i];
    for (std::size_t i = 1; i < bar_defect_count; ++i)
      named.always[std::size(plain) + i - 1].second += counts.bad.of(static_cast<bar_defect>(i));
    named.when_any[0].second += counts.idle;
    named.when_any[1].second += counts.reordered;
  }
  return named;
}

void subtract(std::vector<named_value>& from, const std::vector<named_value>& values) {
  for (std::size_t i = 0; i < from.size(); ++i)
    from[i].second -= values[i].second;
}

session_read_options read_options(const csv_source_options& options) {
  session_read_options read;
  read.first = options.first;
  read.last = options.last;
  read.strict = options.strict;
  read.survey = options.survey;
  return read;
}

class csv_source final : public session_source {
public:
  explicit csv_source(const csv_source_options& options)
      : first_traded_(options.first_traded),
        reader_(options.directory, options.symbols, read_options(options)) {}

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
  std::vector<named_value> since_last(row_totals now) {
    row_totals difference = now;
    subtract(difference.always, last_.always);
    subtract(difference.when_any, last_.when_any);
    last_ = std::move(now);
    std::erase_if(difference.when_any, [](const named_value& one) { return one.second == 0; });
    difference.always.insert(difference.always.end(), difference.when_any.begin(), difference.when_any.end());
    return difference.always;
  }

  civil_date first_traded_;
  session_bar_source reader_;
  row_totals last_ = no_totals();
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
