#include "core/report/rounds_log.hpp"

#include "core/journal/log_reader.hpp"

#include <algorithm>

namespace sentio {

symbol_index index_of(std::string_view name, std::span<const std::string> names, const std::string& place) {
  const auto found = std::lower_bound(names.begin(), names.end(), name);
  if (found == names.end() || *found != name)
    throw log_error(place + ": symbol " + std::string(name) + " is not one of the symbols in run.json");
  return static_cast<symbol_index>(found - names.begin());
}

namespace {

/// Puts the lines of one round together, and checks that none is missing.
class round_builder {
public:
  round_builder(std::string place, std::span<const std::string> names)
      : place_(std::move(place)), names_(names) {}

  void take(const signal_row& row) {
    if (rounds_.empty() || next_ == names_.size())
      begin(row.at);
    if (row.at != rounds_.back().at || row.symbol != names_[next_])
      throw log_error(place_ + ": the round at " + std::to_string(rounds_.back().at) + " has " +
                      std::string(row.symbol) + " where " + names_[next_] + " follows");
    fill(row, rounds_.back());
    if (++next_ == names_.size())
      end(rounds_.back());
  }
  std::vector<ranked_round> finish() {
    if (!rounds_.empty() && next_ != names_.size())
      throw log_error(place_ + ": the last round is not whole");
    return std::move(rounds_);
  }

private:
  void begin(time_ms at) {
    if (!rounds_.empty() && at <= rounds_.back().at)
      throw log_error(place_ + ": two rounds at " + std::to_string(at));
    rounds_.emplace_back().at = at;
    rounds_.back().symbols.resize(names_.size());
    ranks_.assign(names_.size(), 0);
    next_ = 0;
  }
  void fill(const signal_row& row, ranked_round& round) {
    ranked_symbol& to = round.symbols[next_];
    symbol_signal& signal = to.signal;
    signal.label = row.bar_label;
    signal.open = to_dollars(row.open);
    signal.close = to_dollars(row.close);
    signal.volume = row.volume;
    signal.ready = row.ready();
    signal.sigma = row.sigma_bp / 1e4;
    signal.probability = row.probability;
    signal.confidence = row.confidence;
    signal.edge_bp = row.edge_bp;
    signal.horizon_count = row.horizon_count;
    signal.expert_count = row.expert_count;
    signal.prediction = row.prediction;
    signal.expert_z = row.expert_z;
    signal.expert_weight = row.expert_weight;
    to.fresh = row.fresh;
    to.staleness = row.staleness_s / 60;
    to.rankable = row.rank > 0;
    to.strength = row.strength;
    to.entry_strength = row.entry_strength;
    to.barred = row.barred;
    if (!to.fresh)
      ++round.missing;
    ranks_[next_] = row.rank;
  }
  void end(ranked_round& round) const {
    const std::uint64_t count = names_.size();
    round.entries_allowed = std::uint64_t{round.missing} * 12 <= 5 * count;
    for (std::size_t i = 0; i < ranks_.size(); ++i)
      if (ranks_[i] > 0)
        round.order.push_back(static_cast<symbol_index>(i));
    std::sort(round.order.begin(), round.order.end(),
              [&](symbol_index a, symbol_index b) { return ranks_[a] < ranks_[b]; });
    for (std::size_t i = 0; i < round.order.size(); ++i)
      if (ranks_[round.order[i]] != static_cast<std::int32_t>(i + 1))
        throw log_error(place_ + ": the ranks of the round at " + std::to_string(round.at) +
                        " are not 1 to " + std::to_string(round.order.size()));
  }

  std::string place_;
  std::span<const std::string> names_;
  std::vector<ranked_round> rounds_;
  std::vector<std::int32_t> ranks_;
  std::size_t next_ = 0;
};

} // namespace

std::vector<ranked_round> read_rounds(const std::filesystem::path& signals_file,
                                      std::span<const std::string> names) {
  round_builder builder(signals_file.filename().string(), names);
  read_signals(signals_file, [&](const signal_row& row) { builder.take(row); });
  return builder.finish();
}

session_bars bars_of(std::span<const ranked_round> rounds, std::size_t symbols) {
  session_bars bars(symbols);
  for (const ranked_round& round : rounds)
    for (std::size_t s = 0; s < symbols; ++s)
      if (round.symbols[s].fresh) {
        const symbol_signal& from = round.symbols[s].signal;
        bars[s].push_back({from.label, from.open, std::max(from.open, from.close),
                           std::min(from.open, from.close), from.close, from.volume});
      }
  return bars;
}

} // namespace sentio
