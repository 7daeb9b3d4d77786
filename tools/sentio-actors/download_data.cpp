// `sentio-actors download-data`: one-minute history by REST, as the bar files that `mock` and `warmup` read.
#include "actors/transport/rest_client.hpp"
#include "core/alpaca/bar_download.hpp"
#include "tools/sentio-actors/commands.hpp"
#include "tools/sentio-actors/keys.hpp"
#include "tools/sentio-actors/run_console.hpp"
#include "tools/sentio-actors/usage_error.hpp"

#include <algorithm>
#include <cstdio>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

namespace sentio {

namespace {

using alpaca::download_result;
using alpaca::history_source;
using namespace std::chrono_literals;

struct download_options {
  std::string source;
  std::vector<std::string> symbols;
  std::string start;
  std::string end;
  std::string output;
  std::string feed;
  std::string adjustment = "raw";
  std::string base_url;
  std::string ca_file;
  bool overwrite = false;
  bool json = false;
};

civil_date day_of(const std::string& option, const std::string& text) {
  if (const auto date = parse_date(text))
    return *date;
  throw usage_error(option + " takes a day as 2025-06-03, not " + text);
}

/// A symbol becomes part of a file's name, so nothing but what symbols have is let through.
void check_symbol(const std::string& symbol) {
  const bool good =
      !symbol.empty() && symbol.size() <= 12 && symbol[0] != '.' &&
      std::all_of(symbol.begin(), symbol.end(), [](char letter) {
        return (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') || letter == '.';
      });
  if (!good)
    throw usage_error("--symbols takes names as TQQQ,BRK.B; \"" + symbol + "\" is none");
}

alpaca::download_request request_of(const download_options& options) {
  alpaca::download_request request;
  request.source = options.source == "polygon" ? history_source::polygon : history_source::alpaca;
  request.symbols = options.symbols;
  for (const auto& symbol : request.symbols)
    check_symbol(symbol);
  request.first = day_of("--start", options.start);
  request.last = day_of("--end", options.end);
  if (request.last < request.first)
    throw usage_error("--end (" + options.end + ") is before --start (" + options.start + ")");
  if (request.source == history_source::polygon && !options.feed.empty())
    throw usage_error("--data-feed is a choice of --source alpaca; Polygon has one feed");
  if (!options.feed.empty())
    request.feed = options.feed;
  request.adjustment = options.adjustment;
  request.output = options.output;
  request.overwrite = options.overwrite;
  return request;
}

rest_config connection_of(const download_options& options) {
  rest_config config;
  config.ca_file = options.ca_file;
  if (options.source == "polygon") {
    config.base_url = "https://api.polygon.io";
    config.headers.emplace_back("Authorization", "Bearer " + load_keys(key_kind::polygon).id);
  } else {
    // Either account may read the history, so the harmless keys are taken first.
    auto keys = find_keys(key_kind::paper);
    if (!keys)
      keys = find_keys(key_kind::real);
    if (!keys)
      throw usage_error("there are no keys of Alpaca; " + how_to_give_keys(key_kind::paper) +
                        ". ALPACA_API_KEY and ALPACA_SECRET_KEY of a real account do as well");
    config.base_url = "https://data.alpaca.markets";
    config.headers.emplace_back("APCA-API-KEY-ID", keys->id);
    config.headers.emplace_back("APCA-API-SECRET-KEY", keys->secret);
    config.requests_per_minute = 180; // of the free plan's 200
  }
  if (!options.base_url.empty())
    config.base_url = options.base_url;
  if (!config.base_url.starts_with("https://"))
    throw usage_error("--base-url takes an https:// address, because keys are sent to it; not " +
                      options.base_url);
  return config;
}

/// Waits for the answer, and looks for Ctrl-C meanwhile.
alpaca::fetch_answer fetch(rest_client& client, const std::string& target) {
  rest_request request;
  request.target = target;
  request.timeout = 60s; // a page of a slow line
  auto promise = std::make_shared<std::promise<rest_response>>();
  auto future = promise->get_future();
  client.send(std::move(request),
              [promise](rest_response response) { promise->set_value(std::move(response)); });
  while (future.wait_for(100ms) != std::future_status::ready)
    if (interrupted())
      return {};
  rest_response response = future.get();
  return {response.status, std::move(response.body), std::move(response.headers), std::move(response.error)};
}

void wait_for(time_ms length) {
  const auto due = std::chrono::steady_clock::now() + std::chrono::milliseconds(length);
  while (!interrupted() && std::chrono::steady_clock::now() < due)
    std::this_thread::sleep_for(50ms);
}

time_ms utc_now() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

std::string state_of(const alpaca::symbol_download& symbol) {
  if (symbol.kept)
    return "was complete before";
  if (!symbol.loaded_anew.empty())
    return std::string(symbol.complete ? "complete" : "not complete") +
           ", loaded anew: " + symbol.loaded_anew;
  if (symbol.complete)
    return symbol.resumed_after ? "complete, went on after " + to_string(*symbol.resumed_after) : "complete";
  if (symbol.complete_through)
    return symbol.bars > 0 ? "complete through " + to_string(*symbol.complete_through)
                           : "no bars: is the name right?";
  return "not begun";
}

void print_table(const download_result& result) {
  for (const auto& symbol : result.symbols) {
    print("%-8s %8llu bars  %4u sessions", symbol.symbol.c_str(),
          static_cast<unsigned long long>(symbol.bars), symbol.sessions);
    if (symbol.empty_sessions > 0)
      print(" (%u without a bar)", symbol.empty_sessions);
    if (symbol.bad > 0)
      print("  %llu bad rows left out", static_cast<unsigned long long>(symbol.bad));
    print("  %s\n", state_of(symbol).c_str());
  }
}

/// A file of raw prices that is continued: a split since then stays a jump in it.
std::vector<std::string> raw_warnings(const download_result& result, const download_options& options) {
  std::string names;
  for (const auto& symbol : result.symbols)
    if (symbol.resumed_after && !symbol.kept && options.adjustment == "raw")
      names += (names.empty() ? "" : ", ") + symbol.symbol;
  if (names.empty())
    return {};
  return {"raw prices were added to raw prices (" + names +
          "): a split since the last time stays a jump in the file, which verify-data tells; --adjustment "
          "split has none"};
}

void print_json(const download_result& result, const download_options& options) {
  nlohmann::ordered_json out{{"source", options.source},
                             {"output", options.output},
                             {"last_session", to_string(result.last)},
                             {"complete", result.complete()},
                             {"interrupted", result.interrupted},
                             {"symbols", nlohmann::ordered_json::array()}};
  for (const auto& symbol : result.symbols) {
    nlohmann::ordered_json one{{"symbol", symbol.symbol},
                               {"file", symbol.file.string()},
                               {"complete", symbol.complete},
                               {"kept", symbol.kept}};
    one["complete_through"] =
        symbol.complete_through ? nlohmann::ordered_json(to_string(*symbol.complete_through)) : nullptr;
    one["resumed_after"] =
        symbol.resumed_after ? nlohmann::ordered_json(to_string(*symbol.resumed_after)) : nullptr;
    one["loaded_anew"] = symbol.loaded_anew;
    one["bars"] = symbol.bars;
    one["sessions"] = symbol.sessions;
    one["empty_sessions"] = symbol.empty_sessions;
    one["bad"] = symbol.bad;
    one["outside"] = symbol.outside;
    out["symbols"].push_back(std::move(one));
  }
  out["warnings"] = raw_warnings(result, options);
  print("%s\n", out.dump(2).c_str());
}

int download(const download_options& options) {
  const auto request = request_of(options);
  rest_client client(connection_of(options));
  watch_for_interrupts();
  progress_bar bar("download", request.symbols.size() * 1000, !options.json);
  alpaca::download_environment environment;
  environment.fetch = [&](const std::string& target) { return fetch(client, target); };
  environment.wait = wait_for;
  environment.now = utc_now;
  environment.interrupted = interrupted;
  environment.progress = [&](std::uint64_t done, std::uint64_t total, const std::string& note) {
    bar.show(done * request.symbols.size() * 1000 / std::max<std::uint64_t>(total, 1), note);
  };
  const auto result = alpaca::bar_download(request, environment).run();
  bar.clear();
  if (options.json)
    print_json(result, options);
  else
    print_table(result);
  for (const auto& warning : raw_warnings(result, options))
    print_error("warning: %s\n", warning.c_str());
  if (result.last < previous_session(add_days(request.last, 1)))
    print_error("the last whole session is %s; later ones can be had 16 minutes after their close\n",
                to_string(result.last).c_str());
  if (result.interrupted)
    print_error("interrupted: what is complete stays in %s; the same command goes on from there\n",
                options.output.c_str());
  else if (result.complete() && !options.json)
    print("look at them with: sentio-actors verify-data --data-dir %s\n", options.output.c_str());
  return result.complete() ? 0 : 1;
}

} // namespace

void add_download_data(CLI::App& app, exit_code& code) {
  auto options = std::make_shared<download_options>();
  auto* command = app.add_subcommand("download-data", "Download one-minute bars of Alpaca or Polygon");
  command->add_option("--source", options->source, "Where from: alpaca or polygon")
      ->check(CLI::IsMember({"alpaca", "polygon"}))
      ->required();
  command->add_option("--symbols", options->symbols, "Symbols, A,B,...")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LIST")
      ->required();
  command->add_option("--start", options->start, "First day")->type_name("DATE")->required();
  command->add_option("--end", options->end, "Last day, inclusive")->type_name("DATE")->required();
  command->add_option("--output", options->output, "Directory to write SYMBOL_RTH_NH.csv to")
      ->type_name("DIR")
      ->required();
  command->add_option("--data-feed", options->feed, "Alpaca's feed: iex (default; every plan) or sip")
      ->check(CLI::IsMember({"iex", "sip"}));
  command
      ->add_option("--adjustment", options->adjustment, "raw, or split: prices as if splits had always been")
      ->check(CLI::IsMember({"raw", "split"}))
      ->capture_default_str();
  command->add_option("--base-url", options->base_url, "Another host, for example a bundled exchange")
      ->type_name("URL");
  command->add_option("--ca-file", options->ca_file, "Trust the authorities of this PEM file only")
      ->type_name("FILE");
  command->add_flag("--overwrite", options->overwrite, "Replace files that were made with other choices");
  command->add_flag("--json", options->json, "Print JSON");
  command->footer(
      "Regular sessions only. Stopped, by Ctrl-C or otherwise, the same command goes on after the last "
      "complete\n"
      "day. Keys come from the environment or from config.env (mode 0600) in the working directory:\n"
      "ALPACA_PAPER_API_KEY and ALPACA_PAPER_SECRET_KEY, or ALPACA_API_KEY and ALPACA_SECRET_KEY; "
      "POLYGON_API_KEY.\n\n"
      "Examples:\n"
      "  sentio-actors download-data --source alpaca --symbols TQQQ,SQQQ --start 2025-04-01 --end 2025-08-29 "
      "--output bars\n"
      "  sentio-actors download-data --source polygon --symbols TQQQ --start 2025-04-01 --end 2025-08-29 "
      "--output "
      "bars --adjustment split");
  command->callback([=, &code] { code.value = download(*options); });
}

} // namespace sentio
