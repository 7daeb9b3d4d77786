// A source of history without a network: bars by a rule, in pages, with the faults that a test plants.
#pragma once

#include "core/alpaca/bar_download.hpp"
#include "tests/support/test.hpp"

#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>
#include <vector>

namespace sentio::test {

inline std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline std::string parameter(const std::string& target, const std::string& name) {
  const auto at = target.find(name + "=");
  if (at == std::string::npos)
    return {};
  const auto from = at + name.size() + 1;
  std::string value = target.substr(from, target.find('&', from) - from);
  for (std::size_t colon = value.find("%3A"); colon != std::string::npos; colon = value.find("%3A"))
    value.replace(colon, 3, ":");
  return value;
}

/// Answers as Alpaca does. Bars: every minute of the regular session, one before the opening and one after
/// the close; the price is 50 plus the minute of the day in cents.
class fake_source {
public:
  std::vector<std::string> targets; ///< asked so far
  std::vector<time_ms> pauses;
  std::size_t page_size = 1500;
  time_ms now = new_york_to_utc({2026, 1, 5}, 12, 0);
  std::function<std::optional<alpaca::fetch_answer>(std::size_t request)> fault; ///< instead of the answer
  std::size_t stop_after = 1'000'000;                                            ///< requests, then Ctrl-C
  std::function<void(nlohmann::json& page)> alter;

  alpaca::download_environment environment() {
    alpaca::download_environment out;
    out.fetch = [this](const std::string& target) { return answer(target); };
    out.wait = [this](time_ms length) {
      pauses.push_back(length);
      now += length;
    };
    out.now = [this] { return now; };
    out.interrupted = [this] { return targets.size() >= stop_after; };
    return out;
  }

private:
  alpaca::fetch_answer answer(const std::string& target) {
    targets.push_back(target);
    if (fault)
      if (auto planted = fault(targets.size()))
        return *planted;
    if (alter)
      return {200, page_of(target).dump(), {}, {}};
    // Many downloads of the same bars: a page of them is made once.
    static std::map<std::pair<std::string, std::size_t>, std::string> made;
    auto& text = made[{target, page_size}];
    if (text.empty())
      text = page_of(target).dump();
    return {200, text, {}, {}};
  }

  nlohmann::json page_of(const std::string& target) const {
    const auto first = alpaca::parse_timestamp(parameter(target, "start"));
    const auto last = alpaca::parse_timestamp(parameter(target, "end"));
    REQUIRE(first && last);
    const std::string token = parameter(target, "page_token");
    std::size_t skip = token.empty() ? 0 : std::stoul(token);
    nlohmann::json rows = nlohmann::json::array();
    std::size_t seen = 0;
    bool more = false;
    for (time_ms at = *first; at <= *last && !more; at += minute_ms) {
      const auto hours = session_on(new_york_date(at));
      if (!hours || at < hours->open - minute_ms || at > hours->close)
        continue;
      if (seen++ < skip)
        continue;
      if (rows.size() == page_size) {
        more = true;
        break;
      }
      const double price = 50 + new_york_minute(at) / 100.0;
      rows.push_back({{"t", alpaca::format_timestamp(at)},
                      {"o", price},
                      {"h", price + 0.05},
                      {"l", price - 0.05},
                      {"c", price},
                      {"v", 100},
                      {"n", 3},
                      {"vw", price}});
    }
    nlohmann::json page;
    page["bars"] = nlohmann::json::object();
    if (!rows.empty())
      page["bars"][parameter(target, "symbols")] = rows;
    page["next_page_token"] = more ? nlohmann::json(std::to_string(skip + page_size)) : nlohmann::json();
    if (alter)
      alter(page);
    return page;
  }
};

} // namespace sentio::test
