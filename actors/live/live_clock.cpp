#include "actors/live/live_clock.hpp"

#include "actors/clock.hpp"

#include <algorithm>

namespace sentio {

namespace {

constexpr time_ms second_ms = 1'000;
/// After the close the venue still has things to say.
constexpr time_ms aftermath_ms = 30 * second_ms;
constexpr std::chrono::milliseconds least_aftermath{500};
/// A session that is joined after its close hears of its orders' fates, and what the account holds is
/// compared twice, a minute apart.
constexpr time_ms finishing_ms = 90 * second_ms;
constexpr std::chrono::milliseconds least_finishing{1'500};

time_ms in_venue_time(std::chrono::milliseconds real, const live_config& config) {
  return static_cast<time_ms>(static_cast<double>(real.count()) * config.time->speed());
}

} // namespace

namespace {

/// Whether the tape has a word already. Saying one twice does no harm, leaving one out would.
bool is_in(const history& past, const clock_word& word) {
  return std::any_of(past.begin(), past.end(), [&](const history_entry& entry) {
    if (const auto* wanted = std::get_if<phase_change>(&word.word)) {
      const auto* phase = std::get_if<phase_change>(&entry);
      return phase && phase->phase == wanted->phase && phase->at >= wanted->at;
    }
    if (const auto* wanted = std::get_if<minute_due>(&word.word)) {
      const auto* minute = std::get_if<cut_off>(&entry);
      return minute && minute->at >= wanted->at;
    }
    return false;
  });
}

/// After the close there is nothing to sell any more; the tape itself says that the session is closed.
bool acts_on_an_open_venue(const clock_word& word) {
  return std::holds_alternative<phase_change>(word.word) ||
         std::holds_alternative<close_everything>(word.word);
}

} // namespace

std::vector<clock_word> words_of(const live_config& config) {
  const auto& hours = config.hours;
  const time_ms grace = std::max(config.grace_ms, in_venue_time(config.least_grace, config));
  std::vector<clock_word> words;
  for (const auto& event : plan_of(hours)) {
    if (!event.is_cut_off)
      words.push_back({event.at, phase_change{event.phase, event.at}});
    else if (event.at + config.grace_ms > config.joined_at)
      words.push_back({event.at + grace, minute_due{event.at}});
  }
  for (const time_ms before_close : {90, 60, 30}) {
    const time_ms at = hours.close - before_close * second_ms;
    words.push_back({at, phase_change{session_phase::liquidation, at}});
  }
  for (const time_ms before_close : {20, 10}) {
    const time_ms at = hours.close - before_close * second_ms;
    words.push_back({at, close_everything{at}});
  }
  time_ms end = hours.close + std::max(aftermath_ms, in_venue_time(least_aftermath, config));
  if (config.only_finishes())
    end = config.joined_at + std::max(finishing_ms, in_venue_time(least_finishing, config));
  words.push_back({std::max(end, hours.close + grace + 1), session_over{"the session is over"}});
  std::stable_sort(words.begin(), words.end(),
                   [](const clock_word& a, const clock_word& b) { return a.at < b.at; });
  if (config.past) {
    std::erase_if(words, [&](const clock_word& word) {
      return is_in(*config.past, word) || (config.only_finishes() && acts_on_an_open_venue(word));
    });
    return words;
  }
  std::erase_if(words, [&](const clock_word& word) {
    return word.at <= config.joined_at && !std::holds_alternative<minute_due>(word.word);
  });
  if (config.joined_at >= hours.liquidation && config.joined_at < hours.close)
    words.insert(words.begin(),
                 {config.joined_at, phase_change{session_phase::liquidation, config.joined_at}});
  return words;
}

live_clock_actor::behavior_type live_clock(actor_pointer<live_clock_actor, live_clock_state> self,
                                           live_config_ptr config, live_tape_actor tape, closing_actor closer,
                                           supervisor_actor supervisor) {
  report_failures(self, supervisor, "clock");
  self->state.words = words_of(*config);
  self->state.closer = std::move(closer);
  self->send(self, clock_tick{});
  return {
      [](const plan_request& request) {
        return std::make_shared<const std::vector<clock_event>>(plan_of(request.hours));
      },
      [self](status_atom) {
        return status_of(self, "clock", {{"next", self->state.next}});
      },
      [self, config, tape](clock_tick) {
        auto& s = self->state;
        const auto handling = s.count();
        for (; s.next < s.words.size() && s.words[s.next].at <= config->time->now(); ++s.next)
          std::visit(
              [&](const auto& word) {
                if constexpr (std::is_same_v<std::decay_t<decltype(word)>, close_everything>)
                  self->send(s.closer, word);
                else
                  self->send(tape, word);
              },
              s.words[s.next].word);
        if (s.next < s.words.size())
          self->delayed_send(self,
                             std::min<std::chrono::nanoseconds>(config->time->until(s.words[s.next].at),
                                                                config->intervals.longest_clock_sleep),
                             clock_tick{});
      },
      [self](const wiring_ptr& graph) {
        const auto handling = self->state.count();
        self->state.closer = caf::actor_cast<closing_actor>(graph->gateway);
      },
  };
}

} // namespace sentio
