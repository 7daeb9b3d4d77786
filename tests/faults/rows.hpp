// The fault matrix: what each row causes, and what must be true of the session afterwards.
#pragma once

#include <string>
#include <vector>

namespace sentio::test {

enum class ending : unsigned char {
  traded,    ///< exit code 0, orders were filled, flat at the end
  no_trades, ///< exit code 0 or 1, nothing was bought
  left_over  ///< what the venue refused to take back is still there, and was reported
};

struct fault_row {
  std::string row;    ///< "F14"
  std::string name;   ///< of the case
  std::string faults; ///< JSON, as sentio-exchange takes it
  ending expected = ending::traded;
  std::string says{}; ///< must be in what the program printed; empty: nothing particular
};

/// Rows that the venue causes. Those of the process and the operator are in process_rows.cpp.
inline std::vector<fault_row> venue_rows() {
  const auto at = [](const std::string& kind, const std::string& more = "",
                     const std::string& when = "09:41") {
    return R"([{"kind": ")" + kind + R"(", "at": ")" + when + "\"" + (more.empty() ? "" : ", " + more) + "}]";
  };
  const auto from_start = [](const std::string& kind, const std::string& more = "") {
    return R"([{"kind": ")" + kind + R"(", "after_ms": 0)" + (more.empty() ? "" : ", " + more) + "}]";
  };
  /// The data stream is dropped, and connecting again meets the fault.
  const auto on_reconnect = [](const std::string& kind, const std::string& more) {
    return R"([{"kind": ")" + kind + R"(", "at": "09:41", )" + more +
           R"(}, {"kind": "data_drop", "at": "09:41", "for_ms": 1000}])";
  };
  return {
      {"--", "no fault", "[]"},
      {"F1", "drop of TCP", at("data_drop")},
      {"F1", "storm of drops", at("data_drop", R"("count": 4, "for_ms": 240000)")},
      {"F2", "ghost of the last connection", at("data_ghost")},
      {"F3", "429 at the handshake", on_reconnect("upgrade_429", R"("for_ms": 240000)")},
      {"F4", "close 1011", at("close_1011")},
      {"F5", "connected but mute", at("data_mute", R"("for_ms": 300000)")},
      {"F6", "missing bars", at("missing_bars", R"("symbol": "TQQQ", "for_ms": 600000)")},
      {"F7", "late bars", at("late_bars", R"("for_ms": 600000)")},
      {"F7", "revised bars", at("revised_bars", R"("for_ms": 600000)")},
      {"F6", "minutes without trades", at("idle_bars", R"("symbol": "TQQQ", "for_ms": 600000)")},
      {"F8", "duplicate bars", at("duplicate_bars", R"("for_ms": 600000)")},
      {"F8", "unordered bars", at("unordered_bars", R"("for_ms": 600000)")},
      {"F9", "partial acknowledgement", from_start("partial_subscription")},
      {"F9", "405", from_start("subscription_405"), ending::traded, "405"},
      {"F9", "400", from_start("subscription_400"), ending::traded, "400"},
      {"F10", "402", from_start("auth_402"), ending::no_trades, "402"},
      {"F10", "409", from_start("auth_409"), ending::no_trades, "409"},
      {"F10", "402 for some minutes", on_reconnect("auth_402", R"("for_ms": 240000)"), ending::traded,
       "it is tried again and again"},
      {"F11", "slow client", at("slow_client"), ending::traded, "407"},
      {"F12", "odd frames", at("odd_frames", R"("for_ms": 600000)")},
      {"F13", "malformed JSON", at("malformed_json", R"("count": 12, "for_ms": 900000)")},
      {"F14", "answer dropped", at("order_answer_dropped", R"("count": 2, "for_ms": 1800000)")},
      {"F14", "answer too late", at("order_answer_delayed", R"("delay_ms": 6000)")},
      {"F14", "500 after it was taken", at("order_500_after", R"("count": 2, "for_ms": 1800000)")},
      {"F14", "504 after it was taken", at("order_504_after")},
      {"F14", "503 before it was taken", at("order_503_before", R"("count": 2, "for_ms": 1800000)")},
      {"F15", "duplicate client order id", at("order_duplicate_answer")},
      {"F16", "fill before the answer", at("fill_before_answer", R"("count": 5, "for_ms": 1800000)")},
      {"F17", "an old new after the fill", at("stale_new_after_fill", R"("for_ms": 3600000)", "09:31")},
      {"F17", "duplicated fills", at("duplicate_fills", R"("value": 3)", "09:31")},
      {"F18", "missed fills", at("trade_updates_dropped", R"("for_ms": 600000)", "09:40")},
      {"F18", "order events dropped", at("trading_drop", R"("for_ms": 120000)")},
      {"F19", "stuck in pending_new", at("order_stuck", R"("count": 2, "for_ms": 1800000)")},
      {"F20", "cancel stuck",
       R"([{"kind": "order_stuck", "at": "09:41"}, {"kind": "cancel_stuck", "at": "09:41", "for_ms": 240000}])"},
      {"F21", "cancel and fill race",
       R"([{"kind": "order_stuck", "at": "09:41"}, {"kind": "cancel_fill_race", "at": "09:41"}])"},
      {"F22", "partial fills", at("partial_fills", R"("for_ms": 1800000)", "09:35")},
      {"F23", "shares held", at("shares_held", R"("count": 2, "for_ms": 1800000)")},
      {"F24", "own exits refused until the last rung", at("shares_held", R"("for_ms": 325000)", "10:09")},
      {"F24", "the close of all fails once as well",
       R"([{"kind": "shares_held", "at": "10:09", "for_ms": 345000}, {"kind": "close_all_fails", "at": "10:09"}])"},
      {"F25", "wash trade", at("wash_trade")},
      {"F26", "no buying power", at("no_buying_power", R"("count": 2, "for_ms": 1800000)")},
      {"F27", "rejected after 200", at("order_rejected_later", R"("count": 2, "for_ms": 1800000)")},
      {"F28", "REST 429", at("rest_429", R"("for_ms": 60000)")},
      {"F29", "halt", at("halt", R"("symbol": "UVXY", "for_ms": 300000)")},
      {"F29", "limit-down pause", at("luld_pause", R"("symbol": "SVIX", "for_ms": 300000)")},
      {"F29", "halt into the close", at("halt", R"("symbol": "UVXY", "for_ms": 3600000)", "10:05"),
       ending::left_over},
      {"F30", "gap at the reopening",
       R"([{"kind": "halt", "at": "09:41", "symbol": "UVXY", "for_ms": 180000}, {"kind": "reopen_gap", "at": "09:44", "symbol": "UVXY", "for_ms": 120000}])"},
      {"F31", "clock offset", at("clock_offset", R"("for_ms": 600000)")},
      {"F32", "no session after all", from_start("closed_day"), ending::no_trades},
      {"F32", "early close announced late", at("early_close", R"("text": "10:05")", "09:41")},
      {"F34", "a foreign order", at("foreign_order", R"("symbol": "TQQQ", "value": 10)"), ending::traded,
       "foreign order"},
      {"F35", "account blocked", at("account_blocked", R"("for_ms": 600000)")},
      {"F35", "trading blocked", at("trading_blocked", R"("for_ms": 600000)")},
      {"F36", "not tradable", at("not_tradable", R"("symbol": "UVXY", "for_ms": 600000)")},
      {"F36", "reverse split", from_start("reverse_split", R"("symbol": "UVXY", "value": 5)")},
      {"F37", "expired certificate at a reconnect", on_reconnect("tls_expired", R"("for_ms": 240000)")},
      {"F37", "certificate of another host at a reconnect",
       on_reconnect("tls_wrong_host", R"("for_ms": 240000)")},
      {"F37", "expired certificate from the start", from_start("tls_expired"), ending::no_trades,
       "certificate"},
      {"F38", "upgrade never answered", on_reconnect("black_hole_upgrade", R"("for_ms": 240000)")},
      {"F38", "connections refused", on_reconnect("refuse_connect", R"("for_ms": 240000)")},
      {"F39", "price of zero", at("bad_price_zero", R"("count": 3, "for_ms": 600000)"), ending::traded,
       "refused a bar"},
      {"F39", "negative price", at("bad_price_negative", R"("count": 3, "for_ms": 600000)"), ending::traded,
       "refused a bar"},
      {"F39", "no number", at("bad_price_nan", R"("count": 3, "for_ms": 600000)")},
      {"F39", "high below low", at("bad_price_crossed", R"("count": 3, "for_ms": 600000)"), ending::traded,
       "refused a bar"},
      {"F39", "tenfold spike", at("bad_price_spike", R"("count": 3, "for_ms": 600000)"), ending::traded,
       "refused a bar"},
      {"F40", "pages without an end", on_reconnect("endless_pages", R"("for_ms": 600000)")},
      {"F40", "huge body", on_reconnect("huge_body", R"("count": 1)")},
      {"F40", "slow body", on_reconnect("slow_body", R"("count": 2)")},
      {"F43", "rows that cannot be read beside missed fills",
       R"([{"kind": "trade_updates_dropped", "at": "09:40", "for_ms": 300000},
           {"kind": "rest_rows", "at": "09:38", "route": "GET /v2/positions", "for_ms": 1200000, "text":
             [{"symbol": "BTCUSD", "qty": "0.5", "avg_entry_price": "90000", "asset_class": "crypto"}, {"symbol": "XYZ"}]},
           {"kind": "rest_rows", "at": "09:38", "route": "GET /v2/orders", "for_ms": 1200000, "text":
             [{"id": "f", "client_order_id": "app", "symbol": "VOO", "qty": "0.25", "side": "buy", "status": "new"}]}])",
       ending::traded, "a position of XYZ cannot be read"},
      {"F43", "the quantity of an own position cannot be read",
       at("rest_altered",
          R"("route": "GET /v2/positions", "symbol": "TQQQ", "text": {"qty": null}, "for_ms": 600000)"),
       ending::traded},
      {"F31", "one clock answer seven hours behind",
       at("clock_offset", R"("delay_ms": -25200000, "count": 1)")},
      {"F31", "one clock answer seven hours ahead",
       at("clock_offset", R"("delay_ms": 25200000, "count": 1)")},
      {"F31", "a clock that is hours off for the rest of the day",
       at("clock_offset", R"("delay_ms": -25200000, "for_ms": 36000000)"), ending::traded,
       "until the venue's agrees with itself"},
      {"F45", "bars of minutes that are not over yet", at("future_bars", R"("count": 20, "for_ms": 3600000)"),
       ending::traded, "its minute is not over yet"},
      {"F43", "positions that vanish for minutes",
       at("rest_answer", R"("route": "GET /v2/positions", "value": 200, "text": "[]", "for_ms": 600000)"),
       ending::traded, "and nobody sold them"},
      {"F44", "an order event with a fraction",
       at("trade_update_sent",
          R"("text": {"event": "fill", "qty": "0.25", "price": "400", "order": {"id": "f", "client_order_id": "app", "symbol": "VOO", "qty": "0.25", "filled_qty": "0.25", "side": "buy", "status": "filled"}})"),
       ending::traded, "an order event of VOO cannot be read"},
  };
}

} // namespace sentio::test
