// The hub's copy of one instance: what it said, checked, bounded, and ready to be said again to anybody who
// looks.
#pragma once

#include "core/monitor/message_check.hpp"
#include "core/monitor/observation.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sentio {

/// The parts of a snapshot that a later one may leave out. Positions are never left out.
enum class snapshot_part : std::uint8_t {
  session,
  account,
  ranking,
  actors,
  learners,
  latency,
  counters,
  count_
};
inline constexpr std::size_t snapshot_parts = static_cast<std::size_t>(snapshot_part::count_);
/// Which edition of each part somebody has; 0 = none.
using part_editions = std::array<std::uint64_t, snapshot_parts>;

/// Not thread-safe. Bounded: the contract's limits, and 1.5 million points of prices.
class session_history {
public:
  explicit session_history(std::string instance) : instance_(std::move(instance)) {}

  /// A history, a snapshot or an event of the instance. False when it was refused: then nothing has changed.
  bool take(const nlohmann::json& message, refused_message& refused);

  /// The contract's messages. Before the first history it is empty, without a date.
  nlohmann::json history() const;
  nlohmann::json prices(const std::string& symbol) const;
  /// The latest one, with the parts that are newer than `seen`, which then are seen. Null before the first.
  nlohmann::json snapshot(part_editions& seen) const;

  /// Grows with every history taken.
  std::uint64_t epoch() const { return epoch_; }
  /// Grows with every snapshot taken; 0 before the first.
  std::uint64_t snapshots() const { return snapshots_; }
  /// Events are numbered; those from `first_event` up to before `next_event` are there.
  std::uint64_t first_event() const { return next_event_ - events_.size(); }
  std::uint64_t next_event() const { return next_event_; }
  nlohmann::json event(std::uint64_t number) const;

  /// A part of the latest snapshot, null when there is none; positions by themselves.
  const nlohmann::json& part(snapshot_part which) const {
    return parts_[static_cast<std::size_t>(which)].value;
  }
  const nlohmann::json& positions() const { return positions_; }
  const std::string& date() const { return date_; }

private:
  using points = std::vector<std::pair<time_ms, double>>;
  struct equity_point {
    time_ms at = 0;
    double equity = 0;
    nlohmann::json drawdown;
  };
  struct edition {
    nlohmann::json value;
    std::uint64_t number = 0;
  };

  bool take_history(const nlohmann::json& given, nlohmann::json checked, refused_message& refused);
  void take_snapshot(nlohmann::json checked);
  void take_event(nlohmann::json checked);
  void continue_charts();
  void add_mark(nlohmann::json mark);

  std::string instance_;
  std::string date_;
  std::vector<equity_point> equity_;
  std::map<std::string, points> prices_;
  std::size_t price_points_ = 0;
  std::deque<nlohmann::json> marks_;
  std::deque<nlohmann::json> events_;
  std::uint64_t next_event_ = 0;
  std::uint64_t epoch_ = 0;
  std::uint64_t snapshots_ = 0;
  time_ms at_ = 0;
  nlohmann::json ranking_at_;
  nlohmann::json positions_ = nlohmann::json::array();
  std::array<edition, snapshot_parts> parts_;
};

} // namespace sentio
