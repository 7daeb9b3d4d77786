#include "actors/mock_run.hpp"

#include "actors/csv_source.hpp"
#include "actors/live/live_run.hpp"
#include "actors/transport/masked_network.hpp"
#include "core/market/data_error.hpp"
#include "core/numeric/hash.hpp"

#include <algorithm>
#include <cstdio>
#include <stdexcept>

namespace sentio {

namespace {

constexpr const char* run_format = "sentio-1";

/// Six hex digits from everything that can change a decision, dates excepted: a day traded alone and the same
/// day inside a longer run have the same order ids.
std::string session_tag(const run_description& run) {
  std::string text = run_format;
  text += '\n' + run.config_json + '\n';
  for (const auto& symbol : run.symbols)
    text += symbol + ',';
  text += '\n' + to_string(run.capital) + '\n' + std::to_string(run.seed) + '\n' +
          std::to_string(feature_table_hash());
  char digits[7];
  std::snprintf(digits, sizeof digits, "%06x", static_cast<unsigned>(fnv1a64(text) & 0xffffffU));
  return digits;
}

/// A date the user named must be a trading day that the data has.
void check_named(const std::vector<civil_date>& available, civil_date date, const char* what) {
  if (const auto reason = closed_reason(date); !reason.empty())
    throw std::invalid_argument(std::string(what) + " " + to_string(date) + " is no trading day (" + reason +
                                "); the next one is " + to_string(next_session(date)));
  if (std::find(available.begin(), available.end(), date) == available.end())
    throw data_error("the data has no session on " + to_string(date) + "; it covers " +
                     to_string(available.front()) + " to " + to_string(available.back()));
}

std::vector<symbol_config> symbol_configs(const configuration& config,
                                          const std::vector<instrument>& instruments, instruction_set isa) {
  std::vector<symbol_config> symbols;
  for (symbol_index i = 0; i < instruments.size(); ++i)
    symbols.push_back({i, instruments[i].name, config.learner, isa, nullptr, nullptr});
  return symbols;
}

/// What a replay from bars and one from a tape have in common.
std::shared_ptr<graph_config> common_graph(const configuration& config, const run_description& run,
                                           instruction_set isa, std::shared_ptr<log_sink> sink,
                                           const run_products& products) {
  auto graph = std::make_shared<graph_config>();
  const auto instruments = active_instruments(config);
  graph->symbols = symbol_configs(config, instruments, isa);
  const auto rules = make_strategy(config);
  graph->ranking = {config.ranking, rules->thresholds(), instruments, std::nullopt, nullptr};
  graph->portfolio = {config.portfolio, rules, instruments, run.capital, run.session_tag, nullptr};
  graph->gateway = {instruments, config.portfolio.costs, run.capital};
  graph->journal = {run, std::move(sink), products.table, nullptr};
  graph->progress = products.progress;
  return graph;
}

} // namespace

session_plan plan_sessions(const std::vector<civil_date>& available, const date_range& range,
                           std::uint32_t warmup, std::uint32_t minimum_warmup) {
  if (available.empty())
    throw data_error("the data has no session at all");
  if (range.first && range.last && *range.last < *range.first)
    throw std::invalid_argument("the end date " + to_string(*range.last) + " is before the start date " +
                                to_string(*range.first));
  if (range.first)
    check_named(available, *range.first, range.first == range.last ? "the date" : "the start date");
  if (range.last && range.last != range.first)
    check_named(available, *range.last, "the end date");
  session_plan plan;
  plan.last = range.last.value_or(available.back());
  auto first = range.first ? std::find(available.begin(), available.end(), *range.first)
                           : available.begin() + std::min<std::ptrdiff_t>(warmup, std::ssize(available) - 1);
  const auto before = static_cast<std::uint32_t>(first - available.begin());
  plan.warmup_sessions = std::min(before, warmup);
  if (warmup > 0 && plan.warmup_sessions < minimum_warmup)
    throw data_error("only " + std::to_string(plan.warmup_sessions) + " sessions lie before " +
                     to_string(*first) + " to warm up on, at least " + std::to_string(minimum_warmup) +
                     " are needed; choose a later start, or --warmup-state");
  plan.first_traded = *first;
  plan.first_read = *(first - plan.warmup_sessions);
  if (plan.last < plan.first_traded)
    throw std::invalid_argument("nothing is left to trade after " + std::to_string(warmup) +
                                " warm-up sessions: name a start date");
  std::copy_if(first, available.end(), std::back_inserter(plan.traded),
               [&](civil_date date) { return date <= plan.last; });
  return plan;
}

std::vector<instrument> active_instruments(const configuration& config) {
  std::vector<instrument> active;
  for (const auto& name : config.symbols) {
    const auto found = std::find_if(config.instruments.begin(), config.instruments.end(),
                                    [&](const instrument& known) { return known.name == name; });
    if (found == config.instruments.end())
      throw std::invalid_argument("unknown symbol " + name + "; add a row for it to config/symbols.json");
    active.push_back(*found);
  }
  std::sort(active.begin(), active.end(),
            [](const instrument& a, const instrument& b) { return a.name < b.name; });
  return active;
}

run_description describe_run(const mock_setup& setup, std::string title, std::vector<civil_date> sessions) {
  run_description run;
  run.title = std::move(title);
  run.data_note = setup.data_note;
  run.data_warnings = setup.data_warnings;
  // Symbols in canonical order: no result may depend on how the user wrote them.
  configuration config = setup.config;
  std::sort(config.symbols.begin(), config.symbols.end());
  run.config_json = canonical_json(config);
  run.symbols = config.symbols;
  run.capital = from_dollars(config.capital);
  run.seed = setup.seed;
  run.fresh_daily = setup.fresh_daily;
  run.sessions = std::move(sessions);
  run.session_tag = session_tag(run);
  return run;
}

std::shared_ptr<graph_config> mock_graph(const mock_setup& setup, const session_plan& plan,
                                         std::shared_ptr<log_sink> sink, const run_products& products,
                                         std::shared_ptr<session_source> source) {
  const auto run = describe_run(setup, "mock", plan.traded);
  auto graph = common_graph(setup.config, run, setup.isa, std::move(sink), products);
  graph->journal.window = setup.window;
  if (setup.checkpoint) {
    for (auto& symbol : graph->symbols) {
      const auto* state = find_state(*setup.checkpoint, symbol.name);
      if (!state)
        throw std::invalid_argument("the checkpoint has no state of " + symbol.name +
                                    "; make one with `sentio-actors warmup --symbols ...` that names it");
      symbol.checkpoint = std::make_shared<const std::string>(*state);
    }
    graph->ranking.warmup = warmup_of(*setup.checkpoint);
  }
  graph->source = source ? std::move(source)
                         : make_csv_source({setup.data_dir, run.symbols, plan.first_read, plan.first_traded,
                                            plan.last, setup.strict, setup.survey});
  graph->tape = {run,   {setup.tape_file, setup.overwrite_tape, nullptr}, setup.run_ahead,
                 setup.maintenance_file, false, products.learners, products.warmup, products.progress};
  return graph;
}

std::string live_session_tag(const mock_setup& setup, const std::string& title, civil_date date,
                             money capital) {
  auto run = describe_run(setup, title, {date});
  run.capital = capital;
  return session_tag(run);
}

std::shared_ptr<graph_config> live_graph(const mock_setup& setup, const std::string& title, live_config live,
                                         money capital, std::shared_ptr<log_sink> sink,
                                         const run_products& products,
                                         std::shared_ptr<const resumed_session> resumed) {
  auto run = describe_run(setup, title, {live.hours.date});
  run.capital = capital;
  run.session_tag = session_tag(run);
  if (resumed && run.session_tag != resumed->header.session_tag)
    throw std::invalid_argument(
        "the interrupted session was started with another configuration, other symbols or "
        "another capital than this one; start it with the same command");
  live.session_tag = run.session_tag;
  live.capital = capital;
  live.network =
      masked_network(std::move(live.network), {live.venue.key_id, live.venue.secret, live.venue.polygon_key});
  auto graph = common_graph(setup.config, run, setup.isa, std::move(sink), products);
  graph->journal.window = setup.window;
  live_tape_config tape;
  tape.warmup = resumed ? resumed->warmup : warmup_of(*setup.checkpoint);
  for (auto& symbol : graph->symbols) {
    const auto* state =
        resumed ? &resumed->learners.at(symbol.index) : find_state(*setup.checkpoint, symbol.name);
    if (!state)
      throw std::invalid_argument("the checkpoint has no state of " + symbol.name);
    symbol.checkpoint = std::make_shared<const std::string>(*state);
    tape.learners.push_back(*state);
  }
  graph->ranking.warmup = tape.warmup;
  tape.tape = {run,
               {setup.tape_file, setup.overwrite_tape, setup.tape_memory},
               setup.run_ahead,
               setup.maintenance_file,
               true,
               products.learners,
               products.warmup,
               products.progress};
  tape.live = std::make_shared<const live_config>(std::move(live));
  tape.resumed = std::move(resumed);
  graph->live = std::move(tape);
  return graph;
}

std::shared_ptr<graph_config> recorded_graph(const std::string& tape_file, const tape_preamble& preamble,
                                             instruction_set isa, std::shared_ptr<log_sink> sink,
                                             const run_products& products) {
  auto decoded = decode_configuration(preamble.header.config_json, tape_file);
  if (!decoded.problems.empty())
    throw std::runtime_error(decoded.problems.front());
  auto graph = common_graph(decoded.value, preamble.header, isa, std::move(sink), products);
  for (auto& symbol : graph->symbols)
    symbol.checkpoint = std::make_shared<const std::string>(preamble.learners.at(symbol.index));
  graph->ranking.warmup = preamble.warmup;
  graph->recorded = recorded_tape_config{tape_file, products.progress};
  return graph;
}

} // namespace sentio
