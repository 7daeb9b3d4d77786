#include "actors/tape.hpp"

#include <algorithm>
#include <stdexcept>

namespace sentio {

namespace {

using pointer = actor_pointer<tape_actor, merging_tape_state>;
using stage = merging_tape_state::stage;

/// The tape's moves. Each step of the driver makes exactly one.
struct merger {
  pointer self;

  merging_tape_state& state() const { return self->state; }
  const wiring& graph() const { return *state().graph; }
  tape_recorder& recorder() const { return *state().recorder; }

  void step() const {
    auto& s = state();
    s.config.progress->steps.fetch_add(1);
    switch (s.now) {
    case stage::between_days:
      next_day();
      break;
    case stage::preparing:
      request_plan();
      break;
    case stage::planned:
    case stage::trading:
      admit();
      break;
    case stage::closing:
      finish_day();
      break;
    case stage::collecting:
      finish();
      break;
    case stage::done:
      break;
    }
  }

  void next_day() const {
    auto& s = state();
    if (s.blocks.empty()) {
      if (!s.data_ended)
        throw std::logic_error("tape: the feed is idle but has not ended");
      end_of_run();
      return;
    }
    s.today = s.blocks.front();
    s.blocks.pop_front();
    s.config.progress->sessions.fetch_add(1);
    s.config.progress->venue_time = s.today->hours.open;
    if (s.today->warmup) {
      warm_up();
      return;
    }
    if (!s.warmup_reported)
      report_warmup();
    s.now = stage::preparing;
  }

  /// A warm-up day: the whole of it at once, no rounds, no orders possible.
  void warm_up() const {
    auto& s = state();
    broadcast(session_start{s.today->hours, true});
    for (std::size_t i = 0; i < graph().symbols.size(); ++i) {
      const auto size = static_cast<std::uint32_t>(s.today->bars[i].size());
      if (size > 0)
        self->send(graph().symbols[i], bar_batch{s.today, 0, size});
      s.config.progress->symbol_bars.fetch_add(size);
    }
    s.now = stage::closing;
  }

  void report_warmup() const {
    auto& s = state();
    s.warmup_reported = true;
    self->send(graph().ranking, summary_atom_v);
    // A tape must replay on a machine without the bars, so it carries what the warm-up learned.
    if (recorder().writes())
      for (const auto& symbol : graph().symbols)
        self->send(symbol, save_atom_v);
  }

  /// Written here, when the graph is idle: the symbols answered in any order.
  void record_warmup() const {
    auto& s = state();
    if (s.reported) {
      recorder().warmup(*s.reported);
      self->send(graph().journal, *s.reported);
      s.reported.reset();
    }
    std::sort(s.answered.begin(), s.answered.end(),
              [](const learner_state& a, const learner_state& b) { return a.symbol < b.symbol; });
    for (const auto& learner : s.answered)
      recorder().learner(learner);
    s.answered.clear();
  }

  void request_plan() const {
    auto& s = state();
    const auto& hours = s.today->hours;
    record_warmup();
    recorder().session(hours);
    for (const auto& revised : s.today->revisions)
      recorder().revision(hours.open, revised);
    recorder().flush();
    s.admitted.assign(graph().symbols.size(), 0);
    s.handed.assign(graph().symbols.size(), 0);
    s.next_event = 0;
    s.plan = nullptr;
    const session_start day{hours, false};
    self->send(graph().journal, day);
    self->send(graph().gateway, day);
    self->send(graph().portfolio, day);
    broadcast(day);
    if (!s.config.maintenance_file.empty() && std::filesystem::exists(s.config.maintenance_file))
      s.commands.push_back({command_kind::maintenance_on, hours.open, "maintenance file"});
    self->request(graph().clock, caf::infinite, plan_request{hours})
        .then([this_self = self](const clock_plan_ptr& plan) {
          this_self->state.plan = plan;
          this_self->state.now = stage::trading;
        });
    s.now = stage::planned;
  }

  std::optional<time_ms> next_instant() const {
    auto& s = state();
    std::optional<time_ms> at;
    const auto consider = [&](time_ms candidate) { at = at ? std::min(*at, candidate) : candidate; };
    if (s.next_event < s.plan->size())
      consider((*s.plan)[s.next_event].at);
    if (s.venue_wake)
      consider(*s.venue_wake);
    if (!s.venue.empty())
      consider(s.venue.front().at);
    if (!s.commands.empty())
      consider(s.commands.front().at);
    return at;
  }

  void admit() const {
    auto& s = state();
    if (!s.plan)
      throw std::logic_error("tape: the clock has not answered");
    const auto at = next_instant();
    if (!at) {
      end_day();
      return;
    }
    s.config.progress->venue_time = *at;
    if (s.venue_wake && *s.venue_wake <= *at) {
      s.venue_wake.reset();
      self->send(graph().gateway, wake{*at});
      return;
    }
    admit_instant(*at);
  }

  /// Everything of one instant, in the order of kinds: written first, then forwarded.
  void admit_instant(time_ms at) const {
    auto& s = state();
    std::vector<venue_event> words;
    while (!s.venue.empty() && s.venue.front().at <= at) {
      words.push_back(std::move(s.venue.front()));
      s.venue.pop_front();
      recorder().venue(words.back());
    }
    std::vector<phase_change> phases;
    bool is_cut_off = false;
    for (; s.next_event < s.plan->size() && (*s.plan)[s.next_event].at == at; ++s.next_event) {
      const auto& event = (*s.plan)[s.next_event];
      if (event.is_cut_off)
        is_cut_off = true;
      else
        phases.push_back({event.phase, at});
    }
    cut_off minute{at, {}};
    if (is_cut_off)
      record_bars(minute);
    for (const auto& change : phases)
      recorder().phase(change);
    if (is_cut_off)
      recorder().minute(minute);
    std::vector<operator_command> orders;
    while (!s.commands.empty() && s.commands.front().at <= at) {
      orders.push_back(std::move(s.commands.front()));
      s.commands.pop_front();
      recorder().command(orders.back());
    }
    recorder().flush();

    for (auto& word : words)
      self->send(graph().portfolio, std::move(word));
    if (is_cut_off)
      hand_out_bars();
    for (const auto& change : phases)
      self->send(graph().portfolio, change);
    if (is_cut_off) {
      self->send(graph().portfolio, minute);
      self->send(graph().ranking, std::move(minute));
    }
    for (auto& command : orders)
      self->send(graph().portfolio, std::move(command));
  }

  void record_bars(cut_off& minute) const {
    auto& s = state();
    std::uint64_t count = 0;
    for (symbol_index symbol = 0; symbol < s.admitted.size(); ++symbol) {
      const auto& row = s.today->bars[symbol];
      auto& next = s.admitted[symbol];
      if (next < row.size() && decision_time(row[next]) == minute.at) {
        recorder().bar_of(symbol, row[next]);
        ++next;
        ++count;
      } else {
        minute.absent.push_back(symbol);
      }
    }
    s.config.progress->symbol_bars.fetch_add(count);
    s.config.progress->rounds.fetch_add(1);
  }

  /// A symbol whose admitted bars pass what it was handed gets its next run of bars.
  void hand_out_bars() const {
    auto& s = state();
    for (symbol_index symbol = 0; symbol < s.admitted.size(); ++symbol) {
      auto& handed = s.handed[symbol];
      if (s.admitted[symbol] <= handed)
        continue;
      const auto size = static_cast<std::uint32_t>(s.today->bars[symbol].size());
      const auto last = std::min(size, handed + s.config.run_ahead);
      self->send(graph().symbols[symbol], bar_batch{s.today, handed, last});
      handed = last;
    }
  }

  void end_day() const {
    auto& s = state();
    for (symbol_index symbol = 0; symbol < s.admitted.size(); ++symbol)
      if (s.admitted[symbol] != s.today->bars[symbol].size())
        throw std::logic_error("tape: a bar of the day was never admitted");
    s.now = stage::closing;
    finish_day();
  }

  void finish_day() const {
    auto& s = state();
    const session_end end{s.today->hours.date, s.today->counts};
    if (!s.today->warmup) {
      recorder().counts(s.today->hours.close, s.today->counts);
      recorder().flush();
      self->send(graph().portfolio, end);
    }
    for (const auto& symbol : graph().symbols)
      self->send(symbol, end);
    self->send(graph().ranking, end);
    s.today = nullptr;
    s.now = stage::between_days;
    self->send(graph().feed, credit{1});
  }

  void end_of_run() const {
    auto& s = state();
    if (s.config.collect_learners) {
      self->send(graph().ranking, summary_atom_v);
      for (const auto& symbol : graph().symbols)
        self->send(symbol, save_atom_v);
      s.now = stage::collecting;
      return;
    }
    finish();
  }

  void finish() const {
    auto& s = state();
    recorder().close();
    s.now = stage::done;
    s.config.progress->finished = true;
  }

  template <class Message>
  void broadcast(const Message& message) const {
    for (const auto& symbol : graph().symbols)
      self->send(symbol, message);
    self->send(graph().ranking, message);
  }
};

} // namespace

tape_actor::behavior_type merging_tape(actor_pointer<tape_actor, merging_tape_state> self,
                                       merging_tape_config config, supervisor_actor supervisor) {
  report_failures(self, supervisor, "tape");
  auto& state = self->state;
  state.config = std::move(config);
  state.recorder = std::make_unique<tape_recorder>(state.config.place, state.config.header);
  const merger moves{self};
  return {
      [self](const wiring& graph) {
        auto& s = self->state;
        const auto handling = s.count();
        s.graph = graph;
        // Two sessions: the next day is read while this one trades, and no more is ever in memory.
        self->send(graph.feed, credit{2});
      },
      [self, moves](step_atom) {
        const auto handling = self->state.count();
        moves.step();
      },
      [self](const session_block_ptr& block) {
        const auto handling = self->state.count();
        self->state.blocks.push_back(block);
      },
      [self](const end_of_data&) {
        const auto handling = self->state.count();
        self->state.data_ended = true;
      },
      [self](const wake_at& request) {
        const auto handling = self->state.count();
        self->state.venue_wake = request.at == 0 ? std::nullopt : std::optional<time_ms>(request.at);
      },
      [self](const venue_event& event) {
        auto& s = self->state;
        const auto handling = s.count();
        const auto after =
            std::upper_bound(s.venue.begin(), s.venue.end(), event,
                             [](const venue_event& a, const venue_event& b) { return a.at < b.at; });
        s.venue.insert(after, event);
      },
      [self](const operator_command& command) {
        const auto handling = self->state.count();
        self->state.commands.push_back(command);
      },
      [self](const portfolio_step_ptr& step) {
        auto& s = self->state;
        const auto handling = s.count();
        if (s.recorder->writes())
          write_outputs(*s.recorder, *step);
        self->send(s.graph->journal, step);
        for (const auto& intent : step->output.cancels)
          self->send(s.graph->gateway, intent);
        for (const auto& intent : step->output.orders)
          self->send(s.graph->gateway, intent);
      },
      [self](const session_closed& day) {
        const auto handling = self->state.count();
        self->send(self->state.graph->journal, day);
      },
      [self](const learner_state& learner) {
        auto& s = self->state;
        const auto handling = s.count();
        if (s.now == stage::collecting) {
          s.config.learners->resize(s.graph->symbols.size());
          (*s.config.learners)[learner.symbol] = learner.bytes;
        } else {
          s.answered.push_back(learner);
        }
      },
      [self](const warmup_summary& summary) {
        auto& s = self->state;
        const auto handling = s.count();
        if (s.config.warmup)
          *s.config.warmup = summary;
        if (s.now != stage::collecting)
          s.reported = summary;
      },
      [self](status_atom) {
        const auto& s = self->state;
        return status_of(self, "tape", {{"records", s.recorder->records()}});
      },
  };
}

} // namespace sentio
