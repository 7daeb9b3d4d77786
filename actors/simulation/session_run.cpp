#include "actors/simulation/session_run.hpp"

#include "actors/live/live_run.hpp"
#include "actors/live/word_carrier.hpp"
#include "actors/simulation/actor_by_role.hpp"
#include "actors/simulation/tape_review.hpp"
#include "actors/simulation/world_parts.hpp"
#include "core/journal/run_file.hpp"
#include "core/numeric/hash.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace sentio {

namespace {

constexpr time_ms early_start_ms = 2 * minute_ms;
constexpr time_ms longest_aftermath_ms = 5 * minute_ms;

/// Keeps the logs in memory.
class keeping_sink final : public log_sink {
public:
  explicit keeping_sink(std::map<log_kind, std::string>& into) : into_(into) {}
  void open_day(civil_date) override { into_.clear(); } // a journal that was restarted writes the day anew
  void write(log_kind kind, std::string_view lines) override { into_[kind] += lines; }
  void close_day() override {}
  void drop_day() override {}

private:
  std::map<log_kind, std::string>& into_;
};

/// What is thrown where the process ends, so that its handler does nothing more.
struct power_cut : std::runtime_error {
  power_cut() : std::runtime_error("the power was cut") {}
};

} // namespace

session_run::session_run(std::uint64_t seed, const mock_setup& setup, session_market_ptr market,
                         const fault_profile& faults, const trial_options& options, const still_plan* plan)
    : market_(std::move(market)), faults_(faults), options_(options), plan_(plan), setup_(setup), seed_(seed),
      runtime_(make_simulated_runtime(seed)), kills_(faults.kills) {
  world_config world{seed,  market_, faults, setup.config.capital, market_->hours.open - early_start_ms,
                     false, {}};
  if (plan_) {
    world.still = true;
    world.on_order = [this](bool taken) { return on_order(taken); };
  }
  world_ = std::make_shared<simulated_world>(*runtime_, std::move(world));
  std::stable_sort(kills_.begin(), kills_.end(),
                   [](const actor_kill& a, const actor_kill& b) { return a.at_ms < b.at_ms; });
  for (const auto& pause : faults.pauses) {
    words_.push_back({pause.at_ms, command_kind::maintenance_on});
    words_.push_back({pause.at_ms + pause.for_ms, command_kind::maintenance_off});
  }
  for (const auto& order : faults.session_orders) {
    // As the program says them (live_operator.cpp).
    words_.push_back({order.at_ms, order.kind == session_order_kind::close ? command_kind::close_session
                                                                           : command_kind::halt});
    if (order.kind == session_order_kind::halt)
      words_.push_back({order.at_ms, command_kind::flatten});
    if (order.for_ms > 0)
      words_.push_back({order.at_ms + order.for_ms, command_kind::rearm});
  }
  std::stable_sort(words_.begin(), words_.end(),
                   [](const operator_word& a, const operator_word& b) { return a.at_ms < b.at_ms; });
  if (options_.carry_out_kills)
    deaths_ = faults_.deaths;
  std::stable_sort(deaths_.begin(), deaths_.end(),
                   [](const fault_window& a, const fault_window& b) { return a.at_ms < b.at_ms; });
  record_.capital = setup.config.capital;
  begin_life(nullptr);
}

void session_run::begin_life(std::shared_ptr<const resumed_session> resumed) {
  ++life_;
  dying_ = false;
  // What the last process wrote; nobody of it can write to this copy any more.
  tape_ = std::make_shared<tape_memory>(tape_memory{resumed ? tape_->bytes : std::string(), {}});
  products_ = {};
  handles_ = std::make_shared<graph_handles>();
  if (plan_) {
    tape_->disk = [this, life = life_](std::string_view bytes) { return on_write(bytes, life); };
    setup_.tape_memory = tape_;
  } else if (options_.carry_out_kills) { // else nobody reads it, and writing it takes time
    tape_->disk = [this, life = life_](std::string_view bytes) { return write_to_tape(bytes, life); };
    setup_.tape_memory = tape_;
  }
  graph_ = live_graph(setup_, "paper", make_live_config(), from_dollars(setup_.config.capital),
                      std::make_unique<keeping_sink>(record_.logs), products_, std::move(resumed));
  supervisor_ = runtime_->system().spawn(supervisor_behavior, graph_, handles_);
  end_carrier();
  carrier_ = runtime_->system().spawn(word_carrier, handles_);
}

void session_run::end_carrier() {
  if (carrier_)
    caf::anon_send_exit(carrier_, caf::exit_reason::user_shutdown);
  carrier_ = nullptr;
}

/// As the program does it when it is started again.
void session_run::be_born_again() {
  handles_->set({});
  supervisor_ = nullptr;
  if (!plan_) {
    stay_away();
    if (!ask_until_answered()) {
      dying_ = false;
      products_.progress->fail(
          "the venue refused the process that was to go on with the session, and it ended");
      return;
    }
  }
  auto found = std::make_shared<resumed_session>(read_session({{}, false, tape_}));
  if (found->complete) {
    // The session is over and its tape closed.
    dying_ = false;
    products_.progress->finished = true;
    return;
  }
  begin_life(found->hours ? std::move(found) : nullptr);
  runtime_->run_until_idle();
}

void session_run::run_to_end() {
  runtime_->run_until_idle();
  while (dying_)
    be_born_again();
  const time_ms latest = market_->hours.close + longest_aftermath_ms;
  while (!products_.progress->finished && !products_.progress->failed && world_->venue_now() < latest)
    step();
  ask_for_counts();
  end_carrier();
  schedule_ = runtime_->schedule_hash();
  if (supervisor_)
    caf::anon_send(supervisor_, stop_atom_v);
  runtime_->run_until_idle();
  supervisor_ = nullptr;
  handles_->set({});
  runtime_->run_until_idle();
  fill_record();
}

trial_result session_run::go() {
  run_to_end();
  trial_result result;
  result.seed = seed_;
  result.schedule = schedule_;
  if (options_.spoil)
    options_.spoil(record_, faults_);
  result.violations = judge(record_);
  result.struck = world_->struck();
  for (const auto& [name, times] : record_.venue.at("faults_met").items())
    result.struck[name] += times.get<std::uint64_t>();
  if (!faults_.freezes.empty())
    result.struck["process frozen"] = faults_.freezes.size();
  if (deaths_begun_ > 0)
    result.struck["process ended"] = deaths_begun_;
  if (starts_refused_ > 0)
    result.struck["start refused"] = starts_refused_;
  if (said_ > 0)
    result.struck["operator's word"] = said_;
  result.fills = record_.venue.at("executions_count").get<std::uint64_t>();
  result.adjustments = record_.counts["gateway.adjustments"];
  result.requests = world_->requests();
  result.messages = world_->messages();
  for (const auto& [kind, text] : record_.logs)
    result.journal = (result.journal ^ word_hash(text)) * 0x100000001b3ULL;
  return result;
}

still_result session_run::go_still() {
  run_to_end();
  still_result result;
  result.violations = judge(record_);
  result.logs = record_.logs;
  result.logs.erase(log_kind::session_text);
  result.learners = *products_.learners;
  for (auto& summary : read_session_summaries(record_.summary, "sessions.jsonl")) {
    summary.counters.clear(); // they tell what was heard twice
    append_session_summary(result.totals, summary);
  }
  result.writes = writes_;
  result.orders = orders_;
  result.crashes = crashes_;
  result.kills = killed_;
  for (const auto& [name, value] : record_.counts)
    if (name.starts_with("supervisor.recovery_us"))
      result.longest_recovery_us = std::max(result.longest_recovery_us, value);
  return result;
}

live_config session_run::make_live_config() {
  live_config live;
  const auto world = world_;
  live.time = std::make_shared<venue_time>(1.0, world->venue_now(), world->machine_now(),
                                           [world] { return world->machine_now(); });
  live.wall_ms = [world] {
    return std::chrono::duration_cast<std::chrono::milliseconds>(world->machine_now().time_since_epoch())
        .count();
  };
  live.hours = market_->hours;
  live.symbols = market_->symbols;
  live.venue.trading_url = live.venue.data_url = "https://venue";
  live.venue.trading_stream = "wss://venue/stream";
  live.venue.data_stream = "wss://venue/v2/iex";
  live.venue.key_id = simulated_key;
  live.venue.secret = simulated_secret;
  // A still world's process comes back at once: it has missed nothing and need not catch up.
  live.joined_at = plan_ ? market_->hours.open - early_start_ms : world->venue_now();
  live.back_fill.resize(live.symbols.size());
  for (std::size_t i = 0; i < live.symbols.size(); ++i)
    for (const auto& one : market_->bars[i])
      if (one.label >= market_->hours.open && decision_time(one) <= live.joined_at &&
          !is_told_empty(live.symbols[i], one))
        live.back_fill[i].push_back(one);
  for (const auto& row : market_->bars)
    live.closes_before.push_back(row.empty() || row.front().label >= market_->hours.open ? 0
                                                                                         : row.front().close);
  live.network = world;
  // Rarer than live, where they cost nothing: in a whole session they would be most of what happens.
  live.intervals.gateway_tick = std::chrono::seconds(5);
  live.intervals.feed_watch = std::chrono::seconds(10);
  live.intervals.longest_clock_sleep = std::chrono::seconds(30);
  live.intervals.warm_connections = 0;
  if (options_.say)
    live.say = [this](const std::string& text) {
      options_.say(new_york_clock(world_->venue_now()) + " " + text);
    };
  return live;
}

/// The next thing that happens, in the graph or outside of it.
void session_run::step() {
  auto next = world_->next_event();
  if (const auto thaw = frozen_until()) {
    runtime_->stand_still_until(std::min(next, *thaw));
    world_->run_due(); // whoever it speaks to hears it later
    return;
  }
  if (const auto timer = runtime_->next_timer())
    next = std::min(next, *timer);
  runtime_->advance_to(next);
  if (!dying_) {
    kill_what_is_due();
    speak_what_is_due();
    world_->run_due();
  }
  runtime_->run_until_idle();
  note_closed_minutes();
  while (dying_)
    be_born_again();
}

/// After a standstill several minutes are closed at once.
void session_run::note_closed_minutes() {
  const time_ms last = products_.progress->venue_time;
  const time_ms first = closed_.empty() ? last : closed_.rbegin()->first + minute_ms;
  for (time_ms minute = first; minute > 0 && minute <= last; minute += minute_ms)
    closed_.emplace(minute, world_->venue_now());
}

void session_run::kill(const std::string& role) {
  if (const auto victim = actor_of(handles_->view(), market_->symbols, role))
    caf::anon_send<caf::message_priority::high>(victim,
                                                caf::exit_msg{victim->address(), caf::exit_reason::kill});
}

void session_run::kill_what_is_due() {
  if (!options_.carry_out_kills)
    return;
  const time_ms passed = world_->venue_now() - market_->hours.open;
  for (; killed_ < kills_.size() && kills_[killed_].at_ms <= passed; ++killed_)
    kill(kills_[killed_].role);
}

void session_run::speak_what_is_due() {
  const time_ms now = world_->venue_now();
  for (; said_ < words_.size() && words_[said_].at_ms <= now - market_->hours.open; ++said_)
    caf::anon_send(carrier_, operator_command{words_[said_].kind, now, "operator"});
}

std::optional<simulated_runtime::time_point> session_run::frozen_until() const {
  const time_ms passed = world_->venue_now() - market_->hours.open;
  for (const auto& freeze : faults_.freezes)
    if (passed >= freeze.at_ms && passed < freeze.at_ms + freeze.for_ms)
      return runtime_->now() + std::chrono::milliseconds(freeze.at_ms + freeze.for_ms - passed);
  return std::nullopt;
}

bool session_run::is_planned(crash_instant instant, std::uint64_t number) {
  const auto found =
      std::find_if(plan_->crashes.begin(), plan_->crashes.end(), [&](const crash_point& point) {
        return point.instant == instant && point.number == number;
      });
  if (found == plan_->crashes.end())
    return false;
  ++crashes_;
  return true;
}

/// Whoever waits for a turn ends at its next one, before it reads anything else.
void session_run::cut_power() {
  dying_ = true;
  const auto end = [](const auto& handle) {
    if (handle)
      caf::anon_send<caf::message_priority::high>(caf::actor_cast<caf::actor>(handle),
                                                  caf::exit_msg{handle->address(), caf::exit_reason::kill});
  };
  end(supervisor_);
  const auto graph = handles_->view();
  for (const auto& symbol : graph.actors.symbols)
    end(symbol);
  end(graph.actors.ranking);
  end(graph.actors.portfolio);
  end(graph.actors.journal);
  end(graph.actors.gateway);
  end(graph.actors.feed);
  end(graph.actors.clock);
  end(graph.tape);
}

std::size_t session_run::on_write(std::string_view bytes, int life) {
  if (dying_ || life != life_)
    throw power_cut();
  ++writes_;
  for (const auto& planned : plan_->kills)
    if (planned.write == writes_) {
      kill(planned.role);
      ++killed_;
    }
  const auto crash = [&](std::size_t written) {
    tape_->bytes.append(bytes.substr(0, written));
    cut_power();
    throw power_cut();
  };
  if (is_planned(crash_instant::before_write, writes_))
    crash(0);
  if (is_planned(crash_instant::torn_write, writes_))
    crash(bytes.size() / 2);
  if (is_planned(crash_instant::after_write, writes_))
    crash(bytes.size());
  return is_planned(crash_instant::disk_full, writes_) ? bytes.size() / 2 : bytes.size();
}

bool session_run::on_order(bool taken) {
  if (dying_)
    return false;
  if (taken) {
    if (!is_planned(crash_instant::after_order, ++taken_orders_))
      return true;
    cut_power(); // called by the world: there is no handler to be left
    return false;
  }
  if (!is_planned(crash_instant::before_order, ++orders_))
    return true;
  cut_power();
  throw power_cut();
}

void session_run::ask_for_counts() {
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
  ask(supervisor_);
}

void session_run::fill_record() {
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
  // Whoever is killed reports nothing; a tape that cannot be written does.
  if (const auto failures = record_.counts["supervisor.failures"];
      !plan_ && faults_.tape_errors.empty() && failures > 0)
    record_.offences.push_back(std::to_string(failures) + " handlers failed by themselves");
  // Whoever is killed in the moment may never hear it, and an operator may re-arm.
  if (world_->struck().contains("extreme value") && kills_.empty() && deaths_.empty() &&
      faults_.session_orders.empty() && record_.counts["portfolio.halted"] == 0 && record_.error.empty())
    record_.offences.push_back("the venue said what cannot be true, and trading was not halted");
  read_tape();
  note_holes();
  for (const auto& f : faults_.venue)
    if (f.kind == fault_kind::halt &&
        f.after_ms + f.for_ms.value_or(0) > market_->hours.close - market_->hours.open)
      record_.halted_into_close.push_back(f.symbol);
}

void session_run::read_tape() {
  if (!setup_.tape_memory)
    return;
  try {
    const auto session = read_session({{}, false, tape_});
    if (session.hours) {
      const auto& c = graph_->portfolio;
      portfolio book(c.parameters, c.rules, c.instruments, c.capital, c.session_tag);
      fold_session(book, session);
    }
    for (auto& offence :
         review_tape(*session.past, record_.venue.at("orders"),
                     {world_->canceled(), world_->posts(), closed_, dead_routes(), unreachable()}))
      record_.offences.push_back(std::move(offence));
  } catch (const std::exception& problem) {
    record_.offences.push_back(std::string("the tape cannot be gone on with: ") + problem.what());
  }
}

std::size_t session_run::write_to_tape(std::string_view bytes, int life) {
  if (dying_ || life != life_)
    throw power_cut();
  if (deaths_begun_ < deaths_.size() &&
      world_->venue_now() >= market_->hours.open + deaths_[deaths_begun_].at_ms) {
    // Before the write, in the middle of it or after it.
    const auto written = bytes.size() * ((seed_ + deaths_begun_++) % 3) / 2;
    tape_->bytes.append(bytes.substr(0, written));
    cut_power();
    throw power_cut();
  }
  return tape_fails() ? 0 : bytes.size();
}

bool session_run::tape_fails() const {
  const time_ms passed = world_->venue_now() - market_->hours.open;
  return std::any_of(faults_.tape_errors.begin(), faults_.tape_errors.end(),
                     [&](const fault_window& f) { return passed >= f.at_ms && passed < f.at_ms + f.for_ms; });
}

} // namespace sentio
