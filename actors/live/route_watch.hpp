// Whether the way to the venue's REST interface can be used: a value without sockets or clocks. The streams
// may live on while no order can be sent, looked up, canceled or compared; then nothing may be bought, and
// people have to be told.
#pragma once

#include "actors/live/order_desk.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace sentio {

/// What a call of the REST interface is good for.
enum class route_use : std::uint8_t { send, look_up, cancel, list_orders, read_positions, read_account };
const char* to_string(route_use use);

/// After so long without a usable answer the route is down: real time at any speed of the venue, since an
/// accelerated clock does not hasten the network.
inline constexpr std::int64_t route_patience_ms = 8'000;
/// An order that was given up unheard proves nothing is well: for so long no entry is tried again.
inline constexpr std::int64_t route_trial_ms = 30'000;

class route_watch {
public:
  /// The order or its cancel still waits for a word of the venue. Asked with our order id.
  using waits = std::function<bool(const std::string&)>;

  /// From now on silence counts.
  void begin(std::int64_t real) { account_asked_at_ = down_since_ = real; }
  void asked(const desk_request& request, std::int64_t real);
  void answered(const desk_request& request, const desk_answer& answer);
  /// GET /v2/account, which nobody waits for otherwise: asked often, it shows a dead route before an order
  /// does.
  void account_asked(std::int64_t real);
  void account_answered(const desk_answer& answer, bool readable);

  /// Drops what orders no longer wait for, then says whether the route is down. `without_word`: the order has
  /// no known fate and the venue has not acknowledged it. `open`: it has no known end. `given_up`: it ended
  /// without a word of the venue.
  bool judge(std::int64_t real, const waits& without_word, const waits& open, const waits& given_up);

  bool is_down() const { return down_; }
  bool is_down(route_use use) const;
  /// Ways in which it is unusable, for people: "orders cannot be sent (...), ...". Empty while it is usable.
  std::string reasons() const;
  /// Every fifteen seconds, and every two while something fails: the account is to be asked for.
  bool wants_probe(std::int64_t real) const;
  /// A list or the positions were asked for and not told: worth another attempt now.
  bool wants_reconciliation(std::int64_t real) const;
  bool was_heard() const { return heard_; } ///< there was a usable answer at all
  std::uint64_t outages() const { return outages_; }
  std::int64_t down_since() const { return down_since_; } ///< real; while it is down, or was last

private:
  struct need {
    std::int64_t since = 0; ///< real: the first call of it without a usable answer
    std::int64_t last = 0;  ///< real: the last call
    bool under_way = false;
    std::uint32_t failures = 0;
    std::uint64_t silences_before = 0; ///< route_watch::silences_ended_ at the first call
    std::string why;                   ///< of the last failure
  };
  using key = std::pair<route_use, std::string>; ///< with the order's id, or the venue's

  void ask(const key& what, std::int64_t real);
  void answer(const key& what, bool usable, const desk_answer& said);
  bool is_overdue(const key& what, const need& n, std::int64_t real) const;

  std::map<key, need> needs_;
  std::map<route_use, std::string> unusable_; ///< why, as of the last judgement
  std::int64_t account_asked_at_ = 0;         ///< real
  std::optional<std::int64_t> given_up_at_;   ///< an order that could not be sent, real
  std::string given_up_why_;
  std::uint64_t silences_ended_ = 0; ///< reads that were an outage and then answered
  bool given_up_in_silence_ = false; ///< nothing else was answered then either
  bool heard_ = false;
  bool down_ = false;
  std::int64_t down_since_ = 0;
  std::uint64_t outages_ = 0;
};

} // namespace sentio
