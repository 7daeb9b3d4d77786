#include "tools/sentio-actors/live_start.hpp"
#include "tools/sentio-actors/run_live.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <cstdio>

namespace sentio {

namespace {

/// "10:15", within a session.
bool is_session_end(const std::string& text) {
  int hour = 0, minute = 0, used = 0;
  return text.size() == 5 && std::sscanf(text.c_str(), "%2d:%2d%n", &hour, &minute, &used) == 2 &&
         used == 5 && minute >= 0 && minute <= 59 && hour * 60 + minute > 9 * 60 + 30 &&
         hour * 60 + minute <= 16 * 60;
}

} // namespace

void check_usage(const live_options& o) {
  if (o.paper == o.real)
    throw usage_error("say which account is meant: --paper or --real");
  if (o.venue != "alpaca" && o.venue != "local")
    throw usage_error("--venue " + o.venue + " is unknown; alpaca and local are");
  const bool local = o.venue == "local";
  if (o.real && (local || !o.venue_url.empty()))
    throw usage_error("--real trades at the broker only; leave --venue and --venue-url out");
  if (local && !o.venue_url.empty())
    throw usage_error(
        "--venue local starts an exchange of its own; --venue-url names another one: give one of them");
  if (!local && o.venue_url.empty() && o.speed != 1)
    throw usage_error("--speed needs --venue local or --venue-url: the broker's clock runs in real time");
  if (!(o.speed >= 0.1 && o.speed <= 2000))
    throw usage_error("--speed takes a factor from 0.1 to 2000");
  if (!local && (!o.date.empty() || !o.session_end.empty() || !o.faults_file.empty()))
    throw usage_error("--date, --session-end and --faults need --venue local: the broker's day is today");
  if (o.feed != "alpaca" && o.feed != "polygon")
    throw usage_error("--feed " + o.feed + " is unknown; alpaca and polygon are");
  if (o.data_feed != "iex" && o.data_feed != "sip")
    throw usage_error("--data-feed " + o.data_feed + " is unknown; iex and sip are");
  if (!o.on_exit.empty() && o.on_exit != "flatten" && o.on_exit != "keep")
    throw usage_error("--on-exit " + o.on_exit + " is unknown; flatten and keep are");
  if (o.every_session && local)
    throw usage_error("--every-session waits for real days; --venue local has one session");
  if (o.recover_only && local)
    throw usage_error("--recover-only needs a venue that outlives its trader; --venue local ends with it");
  if (o.recover_only && (o.new_session || o.every_session || o.overwrite))
    throw usage_error("--recover-only only looks; leave --new-session, --every-session and --overwrite out");
  if (!o.session_end.empty() && !is_session_end(o.session_end))
    throw usage_error("--session-end takes a New York time from 09:31 to 16:00, as 10:15, not " +
                      o.session_end);
  read_faults(o); // a wrong file is told before anything is learned
}

} // namespace sentio
