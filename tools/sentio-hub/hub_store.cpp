#include "tools/sentio-hub/hub_store.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <limits>

namespace sentio::hub {

using nlohmann::json;

namespace {

/// A page takes 20 s of silence for a dead connection.
constexpr std::chrono::seconds longest_silence{8};
/// Snapshots come once a second; more often than this nobody is told of them.
constexpr std::chrono::milliseconds snapshot_spacing{400};
constexpr std::size_t most_wanted_prices = 32;
constexpr std::size_t most_refusal_kinds = 1'000;

std::string dollars(const json& value) {
  char text[48] = "?";
  if (value.is_number())
    std::snprintf(text, sizeof text, "%s$%.2f", value.get<double>() < 0 ? "-" : "",
                  std::abs(value.get<double>()));
  return text;
}

} // namespace

time_ms computer_time() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

struct hub_store::instance {
  instance(std::string id, std::string name_of, std::string kind_of)
      : history(id), who{std::move(id), std::move(name_of), std::move(kind_of)} {}

  session_history history;
  instance_identity who;
  bool joined = false; ///< an uplink speaks for it
  bool connected = false;
  time_ms since = 0;
  steady::time_point heard_at{};    ///< join or snapshot
  steady::time_point snapshot_at{}; ///< of the last snapshot; meaningful when there is one
  double clock_offset_s = std::numeric_limits<double>::quiet_NaN();
  std::uint64_t dropped = 0;
  // Most viewers are at the same place: what is told to one is told to the next as it is.
  part_editions cached_from{};
  part_editions cached_to{};
  std::uint64_t cached_snapshot = 0;
  std::string cached_text;
  std::array<std::uint64_t, 3> cached_history_of{}; ///< epoch, next event, snapshots
  std::string cached_history;
  // What people were told:
  bool told_halted = false;
  std::string told_summary; ///< date of the last one
};

hub_store::hub_store(std::string version, std::function<void()> changed, std::function<void(notice)> told)
    : version_(std::move(version)), changed_(std::move(changed)), told_(std::move(told)) {}

hub_store::~hub_store() = default;

hub_store::instance* hub_store::find(const std::string& id) {
  const auto found = instances_.find(id);
  return found == instances_.end() ? nullptr : found->second.get();
}

std::string hub_store::join(const std::string& text, std::string& id) {
  refused_message refused;
  const auto given = parse_object(text, 4'096, refused);
  const auto word = [&](const char* name) {
    return given && given->contains(name) && (*given)[name].is_string() ? (*given)[name].get<std::string>()
                                                                        : "";
  };
  const std::string name = clean_text(word("name"), 64), kind = word("kind");
  id = word("id");
  const std::lock_guard lock(mutex_);
  if (!given || !is_instance_id(id) || !is_session_kind(kind)) {
    ++figures_.refused[{"", "bad_join"}];
    return "an instance joins with {\"id\",\"name\",\"kind\"}: an id of 1 to 64 characters of A-Z a-z 0-9 . "
           "_ -, and "
           "the kind mock, paper, real or finished";
  }
  const auto now = steady::now();
  instance* known = find(id);
  if (known && known->joined && now - known->heard_at < stale_after)
    return "an instance with the id " + id + " is connected already; give this one another with --instance";
  if (!known && instances_.size() >= most_instances) {
    auto oldest = instances_.end();
    for (auto each = instances_.begin(); each != instances_.end(); ++each)
      if (!each->second->joined &&
          (oldest == instances_.end() || each->second->since < oldest->second->since))
        oldest = each;
    if (oldest == instances_.end())
      return "the hub has " + std::to_string(most_instances) + " instances already";
    instances_.erase(oldest);
  }
  if (!known || known->who.kind != kind) {
    instances_[id] = std::make_unique<instance>(id, name, kind);
    known = find(id);
  }
  known->who.name = name.empty() ? id : name;
  known->joined = known->connected = true;
  known->since = computer_time();
  known->heard_at = now;
  ++instances_edition_;
  tell("start", *known, "connected");
  changed_();
  return "";
}

void hub_store::leave(const std::string& id) {
  const std::lock_guard lock(mutex_);
  instance* known = find(id);
  if (!known || !known->joined)
    return;
  known->joined = false;
  refresh(*known, steady::now());
  changed_();
}

/// `connected` as it is now. The mutex is held.
void hub_store::refresh(instance& of, steady::time_point now) {
  const bool connected = of.joined && now - of.heard_at < stale_after;
  if (connected == of.connected)
    return;
  of.connected = connected;
  of.since = computer_time();
  ++instances_edition_;
  tell(connected ? "start" : "stop", of,
       connected   ? "connected again"
       : of.joined ? "has said nothing for 5 s"
                   : "its connection is gone");
}

void hub_store::tick() {
  const std::lock_guard lock(mutex_);
  const auto now = steady::now();
  const auto edition = instances_edition_;
  for (auto& [id, each] : instances_)
    refresh(*each, now);
  if (edition != instances_edition_)
    changed_();
}

void hub_store::count_refused(const std::string& id, const std::string& why) {
  const std::lock_guard lock(mutex_);
  const bool room = figures_.refused.size() < most_refusal_kinds;
  ++figures_.refused[{room ? id : std::string(), why}];
}

void hub_store::report(const std::string& id, const json& message) {
  refused_message refused;
  {
    const std::lock_guard lock(mutex_);
    instance* known = find(id);
    if (!known)
      return;
    const auto before = known->history.snapshots();
    if (known->history.take(message, refused)) {
      if (known->history.snapshots() != before) {
        known->heard_at = known->snapshot_at = steady::now();
        known->clock_offset_s = static_cast<double>(computer_time() - message["at"].get<time_ms>()) / 1'000;
        refresh(*known, known->heard_at);
        notice_snapshot(*known);
      } else if (message["type"] == "event") {
        notice_event(*known, known->history.event(known->history.next_event() - 1));
      }
      changed_();
      return;
    }
  }
  count_refused(id, refused.why);
}

void hub_store::tell(const std::string& kind, instance& of, const std::string& text) {
  if (told_)
    told_({kind, of.who.id, text, computer_time()});
}

void hub_store::notice_event(instance& of, const json& event) {
  const std::string kind = event["kind"];
  const std::string text = event.value("text", "");
  const std::string actor = event.value("actor", ""), symbol = event.value("symbol", "");
  if (kind == "fill")
    tell("fills", of, (symbol.empty() ? "" : symbol + ": ") + text);
  else if (kind == "fault" || kind == "alert" || kind == "restart")
    tell("errors", of, kind + (actor.empty() ? "" : " of " + actor) + ": " + text);
}

void hub_store::notice_snapshot(instance& of) {
  const json &account = of.history.part(snapshot_part::account),
             &session = of.history.part(snapshot_part::session);
  if (account.is_object() && account["halted"] != of.told_halted) {
    of.told_halted = account["halted"];
    tell("halts", of, of.told_halted ? "HALTED: " + account["halt_reason"].get<std::string>() : "re-armed");
  }
  if (!session.is_object() || !account.is_object() || session["phase"] != "closed")
    return;
  const std::string date = session.value("date", "");
  if (date == of.told_summary)
    return;
  of.told_summary = date;
  char drawdown[32] = "?";
  if (account["max_drawdown"].is_number())
    std::snprintf(drawdown, sizeof drawdown, "%.2f %%", 100 * account["max_drawdown"].get<double>());
  const auto held = of.history.positions().size();
  tell("summary", of,
       date + ": equity " + dollars(account["equity"]) + ", P&L " + dollars(account["pnl"]) +
           ", largest drawdown " + drawdown + ", " +
           (held == 0 ? "flat" : std::to_string(held) + " positions held"));
}

json hub_store::instances_json() const {
  json out = json::array();
  for (const auto& [id, each] : instances_)
    out.push_back({{"id", id},
                   {"name", each->who.name},
                   {"kind", each->who.kind},
                   {"connected", each->connected},
                   {"since", each->since}});
  return out;
}

void hub_store::select(viewer_place& place, const std::string& id) {
  place.selected = id;
  place.wants_history = true;
  place.wanted_prices.clear();
}

void hub_store::want_prices(viewer_place& place, const std::string& id, const std::string& symbol) {
  if (id == place.selected && place.wanted_prices.size() < most_wanted_prices)
    place.wanted_prices.push_back(symbol);
}

std::string hub_store::hello(viewer_place& place) {
  const std::lock_guard lock(mutex_);
  place.greeted = true;
  place.instances_edition = instances_edition_;
  place.heard_at = steady::now();
  return text_of({{"type", "hello"},
                  {"protocol", contract_protocol},
                  {"version", version_},
                  {"at", computer_time()},
                  {"instances", instances_json()}});
}

bool hub_store::snapshot_due(const instance& of, const viewer_place& place, steady::time_point now) const {
  return of.history.snapshots() != place.snapshot &&
         (place.snapshot == 0 || now - place.snapshot_at >= snapshot_spacing);
}

bool hub_store::has_next(const viewer_place& place) {
  const std::lock_guard lock(mutex_);
  const auto now = steady::now();
  if (!place.greeted || place.instances_edition != instances_edition_ ||
      now - place.heard_at >= longest_silence)
    return true;
  const instance* of = place.selected.empty() ? nullptr : find(place.selected);
  return of && (place.wants_history || place.epoch != of->history.epoch() || !place.wanted_prices.empty() ||
                place.next_event < of->history.next_event() || snapshot_due(*of, place, now));
}

std::string hub_store::history_text(instance& of, viewer_place& place) {
  place.wants_history = false;
  place.epoch = of.history.epoch();
  place.next_event = of.history.next_event();
  place.snapshot = 0;
  place.seen = {};
  // Whoever looks at a run that is faster than its viewers gets one at the same time as the others.
  const std::array state{of.history.epoch(), of.history.next_event(), of.history.snapshots()};
  if (of.cached_history_of != state || of.cached_history.empty()) {
    of.cached_history = text_of(of.history.history());
    of.cached_history_of = state;
  }
  return of.cached_history;
}

std::string hub_store::snapshot_text(instance& of, viewer_place& place) {
  if (place.snapshot != 0)
    of.dropped += of.history.snapshots() - place.snapshot - 1;
  const part_editions from = place.seen;
  place.snapshot = of.history.snapshots();
  if (of.cached_snapshot != place.snapshot || of.cached_from != from) {
    of.cached_text = text_of(of.history.snapshot(place.seen));
    of.cached_from = from;
    of.cached_to = place.seen;
    of.cached_snapshot = place.snapshot;
  }
  place.seen = of.cached_to;
  return of.cached_text;
}

std::optional<std::string> hub_store::next(viewer_place& place) {
  if (!place.greeted)
    return hello(place);
  const std::lock_guard lock(mutex_);
  const auto now = steady::now();
  const bool silent = now - place.heard_at >= longest_silence;
  place.heard_at = now;
  if (place.instances_edition != instances_edition_) {
    place.instances_edition = instances_edition_;
    return text_of({{"type", "instances"}, {"instances", instances_json()}});
  }
  if (instance* of = place.selected.empty() ? nullptr : find(place.selected)) {
    const session_history& history = of->history;
    if (place.wants_history || place.epoch != history.epoch())
      return history_text(*of, place);
    if (place.next_event < history.first_event()) {
      of->dropped += history.first_event() - place.next_event;
      return history_text(*of, place);
    }
    if (!place.wanted_prices.empty()) {
      const std::string symbol = std::move(place.wanted_prices.front());
      place.wanted_prices.pop_front();
      return text_of(history.prices(symbol));
    }
    if (place.next_event < history.next_event())
      return text_of(history.event(place.next_event++));
    if (snapshot_due(*of, place, now)) {
      place.snapshot_at = now;
      return snapshot_text(*of, place);
    }
  }
  if (silent)
    return text_of({{"type", "instances"}, {"instances", instances_json()}});
  return std::nullopt;
}

void hub_store::count_viewers(std::uint64_t pages, std::uint64_t terminals) {
  constexpr auto unchanged = std::numeric_limits<std::uint64_t>::max();
  const std::lock_guard lock(mutex_);
  if (pages != unchanged)
    figures_.pages = pages;
  if (terminals != unchanged)
    figures_.terminals = terminals;
}

std::string hub_store::metrics() {
  const std::lock_guard lock(mutex_);
  const auto now = steady::now();
  std::vector<instance_figures> all;
  for (auto& [id, each] : instances_) {
    refresh(*each, now);
    instance_figures one;
    one.id = id;
    one.connected = each->connected;
    if (each->history.snapshots() > 0)
      one.snapshot_age_s = std::chrono::duration<double>(now - each->snapshot_at).count();
    one.clock_offset_s = each->clock_offset_s;
    one.dropped = each->dropped;
    one.history = &each->history;
    all.push_back(one);
  }
  return metrics_text(all, figures_);
}

bool hub_store::ready() {
  const std::lock_guard lock(mutex_);
  const auto now = steady::now();
  return std::any_of(instances_.begin(), instances_.end(), [&](const auto& each) {
    return each.second->joined && each.second->history.snapshots() > 0 &&
           now - each.second->snapshot_at < stale_after;
  });
}

std::optional<std::string> hub_store::session_document(const std::string& id) {
  const std::lock_guard lock(mutex_);
  instance* of = id.empty() ? (instances_.empty() ? nullptr : instances_.begin()->second.get()) : find(id);
  if (!of)
    return std::nullopt;
  part_editions nothing{};
  json snapshots = json::array();
  if (json last = of->history.snapshot(nothing); !last.is_null())
    snapshots.push_back(std::move(last));
  return text_of({{"hello",
                   {{"type", "hello"},
                    {"protocol", contract_protocol},
                    {"version", version_},
                    {"at", computer_time()},
                    {"instances", instances_json()}}},
                  {"history", of->history.history()},
                  {"snapshots", std::move(snapshots)}});
}

} // namespace sentio::hub
