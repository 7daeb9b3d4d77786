#include "tools/sentio-monitor/look_once.hpp"

#include "tools/sentio-monitor/view_rows.hpp"

#include <algorithm>
#include <optional>
#include <thread>

namespace sentio {

namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using nlohmann::ordered_json;

constexpr auto glance = 20ms;
constexpr auto patience_without_uplink = 500ms; ///< what the hub still has of an instance comes at once

class once {
public:
  once(hub_link& link, std::int64_t deadline_ms, const std::function<bool()>& interrupted)
      : link_(link), deadline_ms_(deadline_ms), interrupted_(interrupted) {}

  /// The hub's list of instances.
  std::optional<json> hello() {
    return wait_for(deadline_ms_, [](const json& message) { return read_text(message, "type") == "hello"; });
  }

  std::optional<json> snapshot_of(const instance_row& row) {
    link_.select(row.id);
    const auto limit = row.connected ? deadline_ms_ : steady_now_ms() + patience_without_uplink.count();
    return wait_for(std::min(limit, deadline_ms_), [&](const json& message) {
      return read_text(message, "type") == "snapshot" && read_text(message, "instance") == row.id;
    });
  }

private:
  template <class Wanted>
  std::optional<json> wait_for(std::int64_t until_ms, Wanted is_wanted) {
    while (steady_now_ms() < until_ms && !interrupted_()) {
      for (const auto& text : link_.take().texts)
        if (auto message = parse_hub_text(text); message && is_wanted(*message))
          return message;
      std::this_thread::sleep_for(glance);
    }
    return std::nullopt;
  }

  hub_link& link_;
  std::int64_t deadline_ms_;
  const std::function<bool()>& interrupted_;
};

std::string names_of(const std::vector<instance_row>& rows) {
  std::string out;
  for (std::size_t i = 0; i < rows.size() && i < 10; ++i)
    out += (i ? ", " : "") + rows[i].id;
  return out.empty() ? "none" : out + (rows.size() > 10 ? ", ..." : "");
}

} // namespace

once_result look_once(hub_link& link, const std::string& instance, std::chrono::milliseconds patience,
                      const std::function<bool()>& interrupted) {
  once_result out;
  once one(link, steady_now_ms() + patience.count(), interrupted);
  const auto hello = one.hello();
  if (!hello) {
    out.problem = link.status().text;
    return out;
  }
  auto rows = read_instances(*hello);
  const std::string known = names_of(rows);
  if (!instance.empty())
    std::erase_if(rows, [&](const instance_row& row) { return row.id != instance; });
  if (rows.empty()) {
    out.problem = instance.empty() ? "the hub knows no instance"
                                   : "the hub knows no instance " + instance + "; it knows: " + known;
    return out;
  }
  // Those with an uplink first: they must not wait for the others.
  std::stable_sort(rows.begin(), rows.end(),
                   [](const instance_row& a, const instance_row& b) { return a.connected > b.connected; });
  out.found = {{"at", read_time(*hello, "at")}, {"hub", read_text(*hello, "version")}};
  auto& list = out.found["instances"] = ordered_json::array();
  bool any = false;
  for (const auto& row : rows) {
    auto snapshot = one.snapshot_of(row);
    any = any || snapshot;
    list.push_back({{"id", row.id},
                    {"name", row.name},
                    {"kind", row.kind},
                    {"connected", row.connected},
                    {"since", row.since},
                    {"snapshot", snapshot ? ordered_json(std::move(*snapshot)) : ordered_json()}});
  }
  if (!any)
    out.problem =
        "no snapshot came within " + std::to_string(patience.count() / 1'000) + " s; the hub knows: " + known;
  return out;
}

} // namespace sentio
