#include "actors/live/live_tape.hpp"

#include <algorithm>

namespace sentio {

namespace {

using pointer = actor_pointer<live_tape_actor, live_tape_state>;

/// Deciding takes real time, however fast the venue's clock runs.
constexpr std::chrono::milliseconds decision_deadline{500};
/// How old a minute may be when it is decided: of venue time, and at least so much of real time.
constexpr time_ms lag_ms = 20'000;
constexpr std::chrono::milliseconds patience{400};

struct admitter {
  pointer self;

  live_tape_state& state() const { return self->state; }
  const wiring& graph() const { return *state().graph; }
  tape_recorder& recorder() const { return *state().recorder; }
  const live_config& live() const { return *state().config.live; }

  /// Venue time of an input that has none of its own; never before the one before it.
  time_ms stamp() const {
    auto& s = state();
    return s.last_at = std::max(s.last_at, live().time->now());
  }
  time_ms stamp(time_ms at) const {
    auto& s = state();
    return s.last_at = std::max(s.last_at, at);
  }

  void take(live_tape_state::input input) const {
    auto& s = state();
    s.count();
    s.waiting.push_back(std::move(input));
    pump();
  }

  void pump() const {
    auto& s = state();
    while (s.graph && !s.undecided && !s.over && !s.waiting.empty()) {
      const auto next = std::move(s.waiting.front());
      s.waiting.pop_front();
      std::visit([this](const auto& input) { admit(input); }, next);
    }
  }

  void begin() const {
    auto& s = state();
    const auto& hours = live().hours;
    recorder().warmup(s.config.warmup);
    self->send(graph().journal, s.config.warmup);
    for (symbol_index symbol = 0; symbol < s.config.learners.size(); ++symbol)
      recorder().learner({symbol, s.config.learners[symbol]});
    recorder().session(hours);
    recorder().flush();
    s.last_at = hours.open;
    s.minute = hours.open + minute_ms;
    s.last_label.assign(graph().symbols.size(), 0);
    s.delivered.assign(graph().symbols.size(), false);
    s.config.tape.progress->sessions.fetch_add(1);
    const session_start day{hours, false};
    self->send(graph().gateway, day);
    self->send(graph().portfolio, day);
    for (const auto& symbol : graph().symbols)
      self->send(symbol, day);
    self->send(graph().ranking, day);
    join();
    pump();
  }

  /// A session that is under way is caught up with first: learned and ranked, without entries.
  void join() const {
    auto& s = state();
    const auto& c = live();
    const auto& file = s.config.tape.maintenance_file;
    const bool paused = !file.empty() && std::filesystem::exists(file);
    std::vector<live_tape_state::input> first;
    if (c.joined_at >= c.hours.open) {
      first.emplace_back(operator_command{command_kind::maintenance_on, c.hours.open, "back-fill"});
      first.emplace_back(phase_change{session_phase::open, c.hours.open});
      add_back_fill(first);
    } else if (paused) {
      first.emplace_back(operator_command{command_kind::maintenance_on, c.hours.open, "maintenance file"});
    }
    for (const auto& adopted : c.adopted)
      first.emplace_back(adopted);
    if (c.joined_at >= c.hours.open && !paused)
      first.emplace_back(operator_command{command_kind::maintenance_off, c.joined_at, "back-fill"});
    s.waiting.insert(s.waiting.begin(), first.begin(), first.end());
  }

  void add_back_fill(std::vector<live_tape_state::input>& inputs) const {
    const auto& c = live();
    std::vector<std::size_t> next(c.back_fill.size());
    for (time_ms at = c.hours.open + minute_ms; at + c.grace_ms <= c.joined_at && at <= c.hours.close;
         at += minute_ms) {
      for (symbol_index symbol = 0; symbol < c.back_fill.size(); ++symbol) {
        const auto& row = c.back_fill[symbol];
        auto& i = next[symbol];
        for (; i < row.size() && decision_time(row[i]) <= at; ++i)
          inputs.emplace_back(live_bar{symbol, row[i], false});
      }
      inputs.emplace_back(minute_due{at});
    }
  }

  void admit(const live_bar& arrived) const {
    auto& s = state();
    const bar& b = arrived.value;
    const auto& hours = live().hours;
    if (b.label < hours.open || b.label >= hours.close) {
      ++s.outside;
      return;
    }
    auto& last = s.last_label[arrived.symbol];
    if (arrived.revision) {
      ++s.revisions;
      recorder().revision(stamp(), {arrived.symbol, b});
      recorder().flush();
      return;
    }
    if (b.label <= last) {
      ++s.duplicates;
      return;
    }
    const time_ms complete = decision_time(b);
    if (complete > s.minute) {
      // The minute before was never closed: its end comes first.
      s.waiting.emplace_front(arrived);
      close_minute();
      return;
    }
    last = b.label;
    ++s.bars;
    recorder().bar_of(arrived.symbol, b);
    recorder().flush();
    auto block = std::make_shared<session_block>();
    block->bars.resize(graph().symbols.size());
    block->bars[arrived.symbol].push_back(b);
    self->send(graph().symbols[arrived.symbol], bar_batch{std::move(block), 0, 1});
    s.config.tape.progress->symbol_bars.fetch_add(1);
    if (complete < s.minute) {
      ++s.late;
      return;
    }
    s.delivered[arrived.symbol] = true;
    if (std::find(s.delivered.begin(), s.delivered.end(), false) == s.delivered.end())
      close_minute();
  }

  void admit(const minute_due& due) const {
    auto& s = state();
    if (due.at < s.minute)
      return;
    if (due.at > s.minute)
      s.waiting.emplace_front(due);
    close_minute();
  }

  /// A process that was frozen hears old bars first. They are learned and positions are looked after, but
  /// nothing is bought on what is no longer true.
  void watch_lag() const {
    auto& s = state();
    const auto& c = live();
    const auto least = static_cast<time_ms>(static_cast<double>(patience.count()) * c.time->speed());
    const bool behind = c.time->now() - s.minute > c.grace_ms + std::max<time_ms>(lag_ms, least) &&
                        s.minute + c.grace_ms > c.joined_at;
    if (behind == s.behind)
      return;
    s.behind = behind;
    admit(operator_command{behind ? command_kind::maintenance_on : command_kind::maintenance_off, s.last_at,
                           "decisions are late"});
  }

  void close_minute() const {
    auto& s = state();
    watch_lag();
    cut_off minute{s.minute, {}};
    for (symbol_index symbol = 0; symbol < s.delivered.size(); ++symbol)
      if (!s.delivered[symbol])
        minute.absent.push_back(symbol);
    s.delivered.assign(s.delivered.size(), false);
    s.minute += minute_ms;
    s.undecided = minute.at;
    stamp(minute.at);
    live().latency->round_closed(minute.at, venue_time::steady::now());
    s.config.tape.progress->venue_time = minute.at;
    s.config.tape.progress->rounds.fetch_add(1);
    recorder().minute(minute);
    recorder().flush();
    self->send(graph().portfolio, minute);
    self->delayed_send(self, decision_deadline, round_deadline{minute.at});
    self->send(graph().ranking, std::move(minute));
  }

  void give_up(time_ms at) const {
    auto& s = state();
    if (s.undecided != at)
      return;
    ++s.undecided_rounds;
    round_closed round{at, {}};
    for (symbol_index symbol = 0; symbol < s.delivered.size(); ++symbol)
      round.missing.push_back(symbol);
    recorder().closed(round);
    recorder().flush();
    self->send(graph().ranking, std::move(round));
  }

  void admit(const phase_change& change) const {
    const phase_change now{change.phase, stamp(change.at)};
    recorder().phase(now);
    recorder().flush();
    self->send(graph().portfolio, now);
  }

  void admit(const venue_event& word) const {
    venue_event event = word;
    event.at = stamp();
    if (event.kind == venue_event_kind::fill || event.kind == venue_event_kind::adjustment)
      event.fill.at = event.at;
    recorder().venue(event);
    recorder().flush();
    self->send(graph().portfolio, std::move(event));
  }

  /// Pauses that this program makes for itself.
  static bool is_automatic(const operator_command& command) {
    return command.sender.starts_with("gateway") || command.sender.starts_with("feed") ||
           command.sender == "back-fill" || command.sender == "decisions are late";
  }

  void admit(const operator_command& command) const {
    auto& paused = state().paused_by_person;
    if (!is_automatic(command) &&
        (command.kind == command_kind::maintenance_on || command.kind == command_kind::maintenance_off))
      paused = command.kind == command_kind::maintenance_on;
    else if (is_automatic(command) && command.kind == command_kind::maintenance_off && paused)
      return;
    operator_command now = command;
    now.at = stamp(command.at);
    recorder().command(now);
    recorder().flush();
    self->send(graph().portfolio, std::move(now));
  }

  void admit(const halt_change& change) const {
    const halt_change now{change.symbol, change.on, stamp()};
    recorder().halt(now);
    recorder().flush();
    self->send(graph().portfolio, now);
  }

  void admit(const feed_change& change) const {
    recorder().feed(stamp(), change);
    recorder().flush();
  }

  void admit(const session_over&) const {
    auto& s = state();
    s.over = true;
    const std::vector<named_value> counts{{"bars", s.bars},
                                          {"late_bars", s.late},
                                          {"revisions", s.revisions},
                                          {"duplicates", s.duplicates},
                                          {"out_of_session", s.outside},
                                          {"undecided_rounds", s.undecided_rounds}};
    const auto& hours = live().hours;
    recorder().counts(stamp(), counts);
    recorder().flush();
    const session_end end{hours.date, counts};
    self->send(graph().portfolio, end);
    self->send(graph().ranking, end);
    s.learned.resize(graph().symbols.size());
    for (const auto& symbol : graph().symbols) {
      self->send(symbol, end);
      self->send(symbol, save_atom_v);
    }
  }

  void keep(const learner_state& learner) const {
    auto& s = state();
    s.learned.at(learner.symbol) = learner.bytes;
    if (++s.learned_count < s.learned.size())
      return;
    if (s.config.tape.learners)
      *s.config.tape.learners = std::move(s.learned);
    recorder().close();
    s.config.tape.progress->finished = true;
  }

  void carry_out(const portfolio_step& step) const {
    auto& s = state();
    write_outputs(recorder(), step);
    for (const auto& intent : step.output.cancels)
      self->send(graph().gateway, intent);
    for (const auto& intent : step.output.orders)
      self->send(graph().gateway, intent);
    if (step.round && s.undecided == step.round->at) {
      s.undecided.reset();
      pump();
    }
  }
};

} // namespace

live_tape_actor::behavior_type live_tape(actor_pointer<live_tape_actor, live_tape_state> self,
                                         live_tape_config config, supervisor_actor supervisor) {
  report_failures(self, supervisor, "tape");
  auto& state = self->state;
  state.config = std::move(config);
  const auto& tape = state.config.tape;
  state.recorder = std::make_unique<tape_recorder>(tape.tape_file, tape.overwrite, tape.header);
  const admitter moves{self};
  return {
      [self, moves](const wiring& graph) {
        self->state.count();
        self->state.graph = graph;
        moves.begin();
      },
      // Steps, blocks and wake-ups belong to the virtual runtime.
      [self](step_atom) { self->state.count(); },
      [self](const session_block_ptr&) { self->state.count(); },
      [self](const end_of_data&) { self->state.count(); },
      [self](const wake_at&) { self->state.count(); },
      [moves](const venue_event& event) { moves.take(event); },
      [moves](const operator_command& command) { moves.take(command); },
      [self, moves](const portfolio_step_ptr& step) {
        self->state.count();
        moves.carry_out(*step);
      },
      [self, moves](const learner_state& learner) {
        self->state.count();
        moves.keep(learner);
      },
      [self](const warmup_summary&) { self->state.count(); },
      [self](status_atom) {
        const auto& s = self->state;
        return s.status_of("tape", {{"records", s.recorder->records()},
                                    {"bars", s.bars},
                                    {"late_bars", s.late},
                                    {"revisions", s.revisions},
                                    {"duplicates", s.duplicates},
                                    {"outside", s.outside},
                                    {"waiting", s.waiting.size()},
                                    {"undecided_rounds", s.undecided_rounds}});
      },
      [moves](const live_bar& arrived) { moves.take(arrived); },
      [moves](const minute_due& due) { moves.take(due); },
      [moves](const phase_change& change) { moves.take(change); },
      [moves](const halt_change& change) { moves.take(change); },
      [moves](const feed_change& change) { moves.take(change); },
      [moves](const session_over& end) { moves.take(end); },
      [self, moves](const round_deadline& deadline) {
        self->state.count();
        moves.give_up(deadline.at);
      },
  };
}

} // namespace sentio
