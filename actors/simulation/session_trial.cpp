#include "actors/simulation/session_trial.hpp"

#include "actors/csv_source.hpp"
#include "actors/live/live_run.hpp"
#include "actors/schedule_trials.hpp"
#include "actors/simulation/world_parts.hpp"
#include "core/market/session_reader.hpp"
#include "core/numeric/hash.hpp"
#include "core/tape/memory.hpp"

#include <algorithm>
#include <stdexcept>

namespace sentio {

namespace {

constexpr std::uint32_t warmup_sessions = 15;
constexpr time_ms early_start_ms = 2 * minute_ms;
constexpr time_ms longest_aftermath_ms = 5 * minute_ms;
constexpr std::uint64_t full_features_every = 100; ///< seeds

/// Keeps the logs in memory.
class keeping_sink final : public log_sink {
public:
  explicit keeping_sink(std::map<log_kind, std::string>& into) : into_(into) {}
  void open_day(civil_date) override {}
  void write(log_kind kind, std::string_view lines) override { into_[kind] += lines; }
  void close_day() override {}
  void drop_day() override {}

private:
  std::map<log_kind, std::string>& into_;
};

/// A symbol's handle by its role; empty when there is none.
caf::actor actor_of(const graph_view& graph, const std::vector<std::string>& symbols,
                    const std::string& role) {
  for (std::size_t i = 0; i < symbols.size(); ++i)
    if (role == "symbol " + symbols[i])
      return caf::actor_cast<caf::actor>(graph.actors.symbols.at(i));
  if (role == "ranking")
    return caf::actor_cast<caf::actor>(graph.actors.ranking);
  if (role == "portfolio")
    return caf::actor_cast<caf::actor>(graph.actors.portfolio);
  if (role == "gateway")
    return caf::actor_cast<caf::actor>(graph.actors.gateway);
  if (role == "feed")
    return caf::actor_cast<caf::actor>(graph.actors.feed);
  if (role == "clock")
    return caf::actor_cast<caf::actor>(graph.actors.clock);
  if (role == "journal")
    return caf::actor_cast<caf::actor>(graph.actors.journal);
  if (role == "tape")
    return caf::actor_cast<caf::actor>(graph.tape);
  return {};
}

/// One trial from its beginning to closed logs.
class session_run {
public:
  session_run(std::uint64_t seed, const mock_setup& setup, session_market_ptr market,
              const fault_profile& faults, const trial_options& options)
      : market_(std::move(market)), faults_(faults), options_(options),
        runtime_(make_simulated_runtime(seed)),
        world_(std::make_shared<simulated_world>(
            *runtime_,
            world_config{seed, market_, faults, setup.config.capital, market_->hours.open - early_start_ms})),
        kills_(faults.kills) {
    std::stable_sort(kills_.begin(), kills_.end(),
                     [](const actor_kill& a, const actor_kill& b) { return a.at_ms < b.at_ms; });
    auto live = make_live_config();
    auto own = setup;
    if (options_.carry_out_kills) { // else nobody reads it, and writing it takes time
      tape_->disk = [this](std::string_view bytes) { return tape_fails() ? std::size_t{0} : bytes.size(); };
      own.tape_memory = tape_;
    }
    graph_ = live_graph(own, "paper", std::move(live), from_dollars(setup.config.capital),
                        std::make_unique<keeping_sink>(record_.logs), products_);
    record_.capital = setup.config.capital;
  }

  trial_result go(std::uint64_t seed) {
    auto supervisor = runtime_->system().spawn(supervisor_behavior, graph_, handles_);
    runtime_->run_until_idle();
    const auto& progress = *products_.progress;
    const time_ms latest = market_->hours.close + longest_aftermath_ms;
    while (!progress.finished && !progress.failed && world_->venue_now() < latest)
      step();
    ask_for_counts();
    trial_result result;
    result.seed = seed;
    result.schedule = runtime_->schedule_hash();
    caf::anon_send(supervisor, stop_atom_v);
    runtime_->run_until_idle();
    supervisor = nullptr;
    handles_->set({});
    runtime_->run_until_idle();
    fill_record();
    if (options_.spoil)
      options_.spoil(record_, faults_);
    result.violations = judge(record_);
    result.struck = world_->struck();
    for (const auto& [name, times] : record_.venue.at("faults_met").items())
      result.struck[name] += times.get<std::uint64_t>();
    result.fills = record_.venue.at("executions_count").get<std::uint64_t>();
    result.adjustments = record_.counts["gateway.adjustments"];
    result.requests = world_->requests();
    result.messages = world_->messages();
    for (const auto& [kind, text] : record_.logs)
      result.journal = (result.journal ^ fnv1a64(text)) * 0x100000001b3ULL;
    return result;
  }

private:
  live_config make_live_config() {
    live_config live;
    const auto world = world_;
    live.time = std::make_shared<venue_time>(1.0, world->venue_now(), world->machine_now(),
                                             [world] { return world->machine_now(); });
    live.hours = market_->hours;
    live.symbols = market_->symbols;
    live.venue.trading_url = live.venue.data_url = "https://venue";
    live.venue.trading_stream = "wss://venue/stream";
    live.venue.data_stream = "wss://venue/v2/iex";
    live.venue.key_id = simulated_key;
    live.venue.secret = simulated_secret;
    live.joined_at = world->venue_now();
    live.back_fill.resize(live.symbols.size());
    live.network = world;
    live.intervals.gateway_tick = std::chrono::seconds(2);
    live.intervals.feed_watch = std::chrono::seconds(5);
    live.intervals.longest_clock_sleep = std::chrono::seconds(10);
    live.intervals.warm_connections = 0;
    if (options_.say)
      live.say = [this](const std::string& text) {
        options_.say(new_york_clock(world_->venue_now()) + " " + text);
      };
    return live;
  }

  /// The next thing that happens, in the graph or outside of it.
  void step() {
    auto next = world_->next_event();
    if (const auto timer = runtime_->next_timer())
      next = std::min(next, *timer);
    runtime_->advance_to(next);
    kill_what_is_due();
    world_->run_due();
    runtime_->run_until_idle();
  }

  void kill_what_is_due() {
    if (!options_.carry_out_kills)
      return;
    const time_ms passed = world_->venue_now() - market_->hours.open;
    for (; killed_ < kills_.size() && kills_[killed_].at_ms <= passed; ++killed_)
      if (const auto victim = actor_of(handles_->view(), market_->symbols, kills_[killed_].role))
        caf::anon_send<caf::message_priority::high>(victim,
                                                    caf::exit_msg{victim->address(), caf::exit_reason::kill});
  }

  void ask_for_counts() {
    caf::scoped_actor asker{runtime_->system()};
    const auto ask = [&](const auto& handle) {
      if (!handle)
        return;
      auto request = asker->request(handle, caf::infinite, status_atom_v);
      runtime_->run_until_idle();
      request.receive(
          [&](const actor_status& status) {
            for (const auto& [name, value] : status.counts)
              record_.counts[status.name + "." + name] = value;
          },
          [](const caf::error&) {
            // A dead actor has no status; why it died is in the run's error.
          });
    };
    const auto graph = handles_->view();
    ask(graph.actors.feed);
    ask(graph.actors.gateway);
    ask(graph.actors.portfolio);
    ask(graph.tape);
  }

  void fill_record() {
    record_.hours = market_->hours;
    record_.quiet_at = market_->hours.close - quiet_ms;
    record_.symbols = market_->symbols;
    for (const auto& [date, line] : products_.table->lines)
      record_.summary = line;
    record_.venue = world_->state();
    record_.error = products_.progress->error();
    if (record_.error.empty() && !products_.progress->finished)
      record_.error = "the session did not end";
    record_.offences = world_->offences();
    note_holes();
    for (const auto& f : faults_.venue)
      if (f.kind == fault_kind::halt &&
          f.after_ms + f.for_ms.value_or(0) > market_->hours.close - market_->hours.open)
        record_.halted_into_close.push_back(f.symbol);
  }

  bool tape_fails() {
    const time_ms passed = world_->venue_now() - market_->hours.open;
    return std::any_of(faults_.tape_errors.begin(), faults_.tape_errors.end(), [&](const write_failure& f) {
      return passed >= f.at_ms && passed < f.at_ms + f.for_ms;
    });
  }

  void note_holes() {
    for (std::size_t i = 0; i < market_->symbols.size(); ++i) {
      const auto& row = market_->bars[i];
      auto next = row.begin();
      for (time_ms at = record_.quiet_at; at <= market_->hours.close; at += minute_ms) {
        while (next != row.end() && decision_time(*next) < at)
          ++next;
        if (next == row.end() || decision_time(*next) != at)
          record_.without_bar.emplace(at, market_->symbols[i]);
      }
    }
  }

  session_market_ptr market_;
  const fault_profile& faults_;
  const trial_options& options_;
  session_record record_;
  std::unique_ptr<simulated_runtime> runtime_;
  std::shared_ptr<simulated_world> world_;
  std::vector<actor_kill> kills_;
  std::size_t killed_ = 0;
  std::shared_ptr<tape_memory> tape_ = std::make_shared<tape_memory>();
  run_products products_;
  std::shared_ptr<graph_handles> handles_ = std::make_shared<graph_handles>();
  std::shared_ptr<graph_config> graph_;
};

mock_setup learned(mock_setup setup, const std::vector<std::string>& symbols,
                   const std::vector<session_block_ptr>& warmup) {
  setup.checkpoint = learn_warmup(setup, symbols, make_memory_source(warmup), warmup.back()->hours.date);
  return setup;
}

} // namespace

session_trials::session_trials(mock_setup setup, trial_options options) : options_(std::move(options)) {
  std::vector<std::string> symbols;
  for (const auto& active : active_instruments(setup.config))
    symbols.push_back(active.name);
  setup.config.symbols = symbols;
  const auto available = list_sessions(setup.data_dir, symbols);
  if (available.size() <= options_.days)
    throw std::invalid_argument("the data has " + std::to_string(available.size()) +
                                " sessions; at least one must lie before the " +
                                std::to_string(options_.days) + " to trade");
  const auto first = available[available.size() - options_.days];
  const auto plan = plan_sessions(available, {first, available.back()}, warmup_sessions, 1);
  auto source =
      make_csv_source({setup.data_dir, symbols, plan.first_read, plan.first_traded, plan.last, true});
  std::vector<session_block_ptr> warmup;
  session_block_ptr before;
  while (auto block = source->next()) {
    if (block->warmup) {
      warmup.push_back(block);
    } else {
      auto market = std::make_shared<session_market>();
      market->hours = block->hours;
      market->symbols = symbols;
      market->bars = block->bars;
      for (std::size_t i = 0; before && i < market->bars.size(); ++i)
        if (!before->bars[i].empty())
          market->bars[i].insert(market->bars[i].begin(), before->bars[i].back());
      markets_.push_back(std::move(market));
    }
    before = block;
  }
  if (options_.full != trial_options::features::none)
    full_ = learned(setup, symbols, warmup);
  std::erase_if(setup.config.learner.experts,
                [](const expert_parameters& expert) { return expert.features == feature_set::full126; });
  small_ = learned(std::move(setup), symbols, warmup);
}

mock_setup session_trials::setup_of(std::uint64_t seed) const {
  using features = trial_options::features;
  const bool full = options_.full == features::all ||
                    (options_.full == features::each_hundredth && seed % full_features_every == 0);
  return full ? full_ : small_;
}

fault_profile session_trials::profile(std::uint64_t seed, const fault_groups& groups) const {
  return draw_profile(seed, groups, hours(seed), symbols());
}

trial_result session_trials::run(std::uint64_t seed, const fault_profile& faults) const {
  const auto setup = setup_of(seed);
  return session_run(seed, setup, market_of(seed), faults, options_).go(seed);
}

fault_profile session_trials::shrink(std::uint64_t seed, fault_profile failing, std::size_t tries) const {
  const auto still_fails = [&](const fault_profile& p) { return !run(seed, p).violations.empty(); };
  // Delta debugging (Zeller, Hildebrandt 2002), with ever smaller pieces.
  for (auto piece = std::max<std::size_t>(1, part_count(failing) / 2); tries > 0;) {
    bool smaller = false;
    for (std::size_t from = 0; from < part_count(failing) && tries > 0;) {
      std::vector<bool> keep(part_count(failing), true);
      for (std::size_t i = from; i < std::min(from + piece, keep.size()); ++i)
        keep[i] = false;
      auto candidate = with_parts(failing, keep);
      --tries;
      if (still_fails(candidate)) {
        failing = std::move(candidate);
        smaller = true;
      } else {
        from += piece;
      }
    }
    if (piece == 1 && !smaller)
      break;
    piece = std::max<std::size_t>(1, piece / 2);
  }
  return failing;
}

} // namespace sentio
