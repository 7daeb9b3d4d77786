#include "tools/sentio-monitor/terminal_view.hpp"

#include "messages/hub.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sentio {

namespace {

using nlohmann::json;

constexpr std::int64_t minute = 60'000;

template <class Row>
void push_bounded(std::deque<Row>& rows, Row row, std::size_t most) {
  rows.push_back(std::move(row));
  if (rows.size() > most)
    rows.pop_front();
}

command_answer read_answer(const json& message) {
  command_answer out;
  const double counter = read_number(message, "counter");
  out.counter = std::isnan(counter) ? 0 : static_cast<std::int64_t>(counter);
  const auto good = message.find("good");
  out.accepted = good != message.end() && good->is_boolean() && good->get<bool>();
  out.text = read_text(message, "text");
  return out;
}

} // namespace

bool terminal_view::take(std::string_view text, std::int64_t now_ms) {
  const auto message = parse_hub_text(text);
  const std::string type = message ? read_text(*message, "type") : "";
  const bool here = message && !chosen_.empty() && read_text(*message, "instance") == chosen_;
  if (type == "hello" || type == "instances") {
    if (type == "hello" && read_number(*message, "protocol") != static_cast<double>(hub_protocol)) {
      refusal_ = "the hub speaks another protocol than this program; use programs of one version";
      ++refused_;
      return false;
    }
    if (type == "hello") {
      hub_version_ = read_text(*message, "version");
      refusal_.clear();
    }
    instances_ = read_instances(*message);
  } else if (type == "refused") {
    refusal_ = read_text(*message, "why");
  } else if (type == "snapshot") {
    if (here)
      take_snapshot(read_snapshot(*message), now_ms);
  } else if (type == "history") {
    if (here)
      take_history(read_history(*message));
  } else if (type == "event") {
    if (auto event = here ? read_event(*message) : std::nullopt)
      take_event(std::move(*event));
  } else if (type == "answer") {
    push_bounded(answers_, read_answer(*message), most_answers);
  } else if (type != "prices") {
    ++refused_;
    return false;
  }
  return true;
}

void terminal_view::choose(const std::string& instance) {
  terminal_view fresh;
  fresh.chosen_ = instance;
  fresh.instances_ = std::move(instances_);
  fresh.hub_version_ = std::move(hub_version_);
  fresh.refusal_ = std::move(refusal_);
  fresh.answers_ = std::move(answers_);
  fresh.refused_ = refused_;
  *this = std::move(fresh);
}

const instance_row* terminal_view::chosen_row() const {
  const auto found = std::find_if(instances_.begin(), instances_.end(),
                                  [&](const instance_row& row) { return row.id == chosen_; });
  return found == instances_.end() ? nullptr : &*found;
}

bool terminal_view::is_stale(std::int64_t now_ms) const {
  const instance_row* row = chosen_row();
  return !row || !row->connected || snapshot_at_ == 0 || now_ms - snapshot_at_ > stale_after_ms;
}

std::int64_t terminal_view::snapshot_age_ms(std::int64_t now_ms) const {
  return snapshot_at_ == 0 ? -1 : now_ms - snapshot_at_;
}

std::deque<command_answer> terminal_view::take_answers() {
  return std::exchange(answers_, {});
}

void terminal_view::take_snapshot(snapshot_rows rows, std::int64_t now_ms) {
  // The same snapshot again is no sign of life: a hub may repeat the last one of an instance that hangs.
  if (rows.at != last_snapshot_at_ || !has_snapshot())
    snapshot_at_ = now_ms;
  if (rows.at != 0)
    last_snapshot_at_ = rows.at;
  positions_ = std::move(rows.positions);
  if (rows.session)
    session_ = std::move(*rows.session);
  if (rows.account)
    account_ = std::move(*rows.account);
  if (rows.ranking) {
    ranking_ = std::move(*rows.ranking);
    ranking_at_ = rows.ranking_at;
    // Rankable symbols first, by rank; the others after them, as they came.
    std::stable_sort(ranking_.begin(), ranking_.end(), [](const ranking_row& a, const ranking_row& b) {
      const auto place = [](const ranking_row& row) { return row.rank >= 1 ? row.rank : 1e16; };
      return place(a) < place(b);
    });
  }
  if (rows.actors)
    actors_ = std::move(*rows.actors);
  if (rows.learners)
    learners_ = std::move(*rows.learners);
  if (rows.latency)
    latency_ = *rows.latency;
  if (rows.counters)
    counters_ = std::move(*rows.counters);
  const std::int64_t at = session_.venue_time;
  if (std::isnan(account_.equity) || at == 0)
    return;
  if (equity_.empty() || at / minute > equity_.back().first / minute)
    equity_.emplace_back(at, account_.equity);
  else if (at >= equity_.back().first)
    equity_.back().second = account_.equity;
  if (equity_.size() > most_contract_points)
    equity_.erase(equity_.begin());
}

void terminal_view::take_history(history_rows rows) {
  equity_ = std::move(rows.equity);
  orders_.clear();
  faults_.clear();
  for (auto& event : rows.events)
    take_event(std::move(event));
}

void terminal_view::take_event(event_row event) {
  const bool order = event.kind == "decision" || event.kind == "order" || event.kind == "fill";
  push_bounded(order ? orders_ : faults_, std::move(event), most_events);
}

} // namespace sentio
