#define CAF_SUITE monitor_metrics

#include "core/monitor/metrics.hpp"
#include "tests/support/test.hpp"

#include <sstream>

using namespace sentio;
using nlohmann::json;

namespace {

session_history told(const json& more) {
  json message{{"type", "snapshot"}, {"instance", "desk-1"}, {"at", 1'764'600'000'000}};
  message.update(more);
  session_history history("desk-1");
  refused_message refused;
  CHECK(history.take(json::parse(text_of(message)), refused));
  return history;
}

std::string text_with(const session_history& history, bool connected = true) {
  const instance_figures one{"desk-1", connected, 0.5, 0.01, 3, &history};
  return metrics_text({&one, 1}, {});
}

bool has_line(const std::string& text, const std::string& line) {
  if (("\n" + text).find("\n" + line + "\n") != std::string::npos)
    return true;
  CAF_MESSAGE("no line " << line << " in\n" << text);
  return false;
}

bool names(const std::string& text, const std::string& metric) {
  return text.find("\n" + metric) != std::string::npos;
}

} // namespace

TEST(figures of an instance stand in base units with their labels) {
  const auto history =
      told({{"session", {{"phase", "open"}, {"kind", "paper"}}},
            {"account", {{"equity", 1000.5}, {"cash", 10}, {"drawdown", 0.25}, {"halted", true}}},
            {"positions", json::array({{{"symbol", "TQQQ"}, {"shares", 12}}})},
            {"ranking", json::array({{{"symbol", "TQQQ"}, {"staleness_s", 60}}})},
            {"learners", json::array({{{"symbol", "TQQQ"}, {"leverage", 0.125}}})}});
  const std::string text = text_with(history);
  for (const char* line :
       {"sentio_instance_connected{instance=\"desk-1\"} 1",
        "sentio_snapshot_age_seconds{instance=\"desk-1\"} 0.5",
        "sentio_clock_offset_seconds{instance=\"desk-1\"} 0.01",
        "sentio_equity_dollars{instance=\"desk-1\"} 1000.5", "sentio_cash_dollars{instance=\"desk-1\"} 10",
        "sentio_drawdown_ratio{instance=\"desk-1\"} 0.25", "sentio_positions{instance=\"desk-1\"} 1",
        "sentio_position_shares{instance=\"desk-1\",symbol=\"TQQQ\"} 12",
        "sentio_halted{instance=\"desk-1\"} 1", "sentio_paused{instance=\"desk-1\"} 0",
        "sentio_session_phase{instance=\"desk-1\",phase=\"open\"} 1",
        "sentio_session_phase{instance=\"desk-1\",phase=\"closed\"} 0",
        "sentio_flat_after_close_violation{instance=\"desk-1\"} 0",
        "sentio_data_staleness_seconds{instance=\"desk-1\",symbol=\"TQQQ\"} 60",
        "sentio_learner_leverage_ratio{instance=\"desk-1\",symbol=\"TQQQ\"} 0.125",
        "sentio_hub_dropped_total{instance=\"desk-1\"} 3"})
    CHECK(has_line(text, line));
}

TEST(actors have counters and a cumulative histogram in seconds) {
  const auto history = told({{"actors", json::array({{{"name", "a\"b\\c"},
                                                      {"role", "feed"},
                                                      {"state", "restarting"},
                                                      {"messages", 7},
                                                      {"mailbox", 2},
                                                      {"restarts", 1},
                                                      {"handler_buckets", {{0.5, 1}, {100, 3}, {"+Inf", 4}}},
                                                      {"handler_sum_us", 250}}})}});
  const std::string text = text_with(history);
  const std::string who = "instance=\"desk-1\",actor=\"a\\\"b\\\\c\",role=\"feed\"";
  for (const std::string& line :
       {"sentio_actor_up{" + who + "} 0", "sentio_actor_messages_total{" + who + "} 7",
        "sentio_actor_mailbox_messages{" + who + "} 2", "sentio_actor_restarts_total{" + who + "} 1",
        "sentio_actor_handler_seconds_bucket{" + who + ",le=\"5e-07\"} 1",
        "sentio_actor_handler_seconds_bucket{" + who + ",le=\"0.0001\"} 3",
        "sentio_actor_handler_seconds_bucket{" + who + ",le=\"+Inf\"} 4",
        "sentio_actor_handler_seconds_sum{" + who + "} 0.00025",
        "sentio_actor_handler_seconds_count{" + who + "} 4"})
    CHECK(has_line(text, line));
}

TEST(order latency is a histogram and orders a counter) {
  const auto history =
      told({{"latency",
             {{"p50_ms", 0.4}, {"orders", 9}, {"buckets_ms", {{0.5, 6}, {"+Inf", 6}}}, {"sum_ms", 2.5}}}});
  const std::string text = text_with(history);
  CHECK(has_line(text, "sentio_orders_total{instance=\"desk-1\"} 9"));
  CHECK(has_line(text, "sentio_order_latency_seconds_bucket{instance=\"desk-1\",le=\"0.0005\"} 6"));
  CHECK(has_line(text, "sentio_order_latency_seconds_count{instance=\"desk-1\"} 6"));
  CHECK(has_line(text, "sentio_order_latency_seconds_sum{instance=\"desk-1\"} 0.0025"));
}

TEST(what is unknown has no line) {
  const auto history = told({{"account", {{"equity", nullptr}}},
                             {"learners", json::array({{{"symbol", "A"}, {"leverage", nullptr}}})},
                             {"latency", {{"p50_ms", nullptr}}}});
  const std::string text = text_with(history);
  for (const char* metric : {"sentio_equity_dollars", "sentio_cash_dollars", "sentio_learner_leverage_ratio",
                             "sentio_order_latency_seconds", "sentio_orders_total", "sentio_session_phase",
                             "sentio_flat_after_close_violation", "sentio_actor_up"})
    CHECK(!names(text, metric));
  instance_figures nothing;
  nothing.id = "x";
  const std::string bare = metrics_text({&nothing, 1}, {});
  CHECK(has_line(bare, "sentio_instance_connected{instance=\"x\"} 0"));
  CHECK(!names(bare, "sentio_snapshot_age_seconds"));
}

TEST(a position after the close is a violation even when its instance is gone) {
  const auto history = told({{"session", {{"phase", "closed"}, {"kind", "paper"}}},
                             {"account", {{"equity", 5}}},
                             {"positions", json::array({{{"symbol", "TQQQ"}, {"shares", 1}}})}});
  const std::string text = text_with(history, false);
  CHECK(has_line(text, "sentio_flat_after_close_violation{instance=\"desk-1\"} 1"));
  CHECK(has_line(text, "sentio_instance_connected{instance=\"desk-1\"} 0"));
  CHECK(!names(text, "sentio_equity_dollars")); // what it was worth then says nothing of now
}

TEST(every metric has one help and one type however many instances there are) {
  const auto history = told({{"account", {{"equity", 5}}}});
  const instance_figures both[]{{"desk-1", true, 0.5, 0.01, 0, &history},
                                {"desk-2", true, 0.5, 0.01, 0, &history}};
  hub_figures hub;
  hub.pages = 2;
  hub.refused[{"desk-1", "not_json"}] = 4;
  const std::string text = metrics_text(both, hub);
  CHECK(has_line(text, "sentio_hub_refused_messages_total{instance=\"desk-1\",why=\"not_json\"} 4"));
  CHECK(has_line(text, "sentio_hub_viewers{kind=\"page\"} 2"));
  std::map<std::string, int> heads;
  std::istringstream lines(text);
  std::string current;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("# ")) {
      const auto end = line.find(' ', 7);
      current = line.substr(7, end - 7);
      ++heads[line.substr(2, 4) + " " + current];
    } else {
      CHECK(line.starts_with(current)); // under its own head
    }
  }
  CHECK(heads.size() > 10);
  for (const auto& [head, count] : heads)
    CHECK_EQUAL(count, 1);
}
