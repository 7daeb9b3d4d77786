#include "core/report/session_replay.hpp"

#include <optional>

namespace sentio {

namespace {

class replay {
public:
  replay(portfolio& fold, simulated_venue& venue, const std::function<void(const portfolio_output&)>& take)
      : fold_(fold), venue_(venue), take_(take) {}

  void begin(const session_hours& hours, std::shared_ptr<const session_bars> bars) {
    venue_.begin_session(hours, std::move(bars));
    fold_.begin_session(hours);
    carry();
    phase(session_phase::open, hours.open);
  }
  void phase(session_phase what, time_ms at) {
    fold_.on_phase(what, at);
    carry();
  }
  void decide(const ranked_round& round) {
    fold_.on_cut_off(round.at);
    carry();
    fold_.on_round(round);
    carry();
  }
  /// All words of the venue up to an instant, each at its own time.
  void advance(time_ms to) {
    for (auto next = venue_.next_time(); next && *next <= to; next = venue_.next_time())
      for (const venue_event& word : venue_.advance(*next)) {
        fold_.on_venue(word);
        carry();
      }
  }

private:
  void carry() {
    fold_.check_invariants();
    const portfolio_output output = fold_.take();
    for (const cancel_intent& cancel : output.cancels)
      venue_.cancel(cancel, cancel.decided_at);
    for (const order_intent& order : output.orders)
      venue_.submit(order, order.released_at);
    take_(output);
  }

  portfolio& fold_;
  simulated_venue& venue_;
  const std::function<void(const portfolio_output&)>& take_;
};

} // namespace

void replay_session(portfolio& fold, simulated_venue& venue, const session_hours& hours,
                    std::span<const ranked_round> rounds, const std::shared_ptr<const session_bars>& bars,
                    const std::function<void(const portfolio_output&)>& take) {
  replay session(fold, venue, take);
  session.begin(hours, bars);
  bool liquidating = false;
  bool closed = false;
  const auto phases_until = [&](time_ms at) {
    if (!liquidating && hours.liquidation <= at) {
      session.advance(hours.liquidation);
      session.phase(session_phase::liquidation, hours.liquidation);
      liquidating = true;
    }
    if (!closed && hours.close <= at) {
      session.advance(hours.close);
      session.phase(session_phase::close, hours.close);
      closed = true;
    }
  };
  for (const ranked_round& round : rounds) {
    phases_until(round.at - 1);
    session.advance(round.at);
    phases_until(round.at);
    session.decide(round);
  }
  phases_until(hours.close);
  session.advance(hours.close);
}

} // namespace sentio
