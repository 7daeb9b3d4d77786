#include "tools/sentio-actors/live_start.hpp"

#include "actors/csv_source.hpp"
#include "actors/schedule_trials.hpp"
#include "core/account/venue_bounds.hpp"
#include "core/market/data_error.hpp"
#include "core/numeric/special_file.hpp"
#include "tools/sentio-actors/bar_check.hpp"
#include "tools/sentio-actors/keys.hpp"
#include "tools/sentio-actors/run_console.hpp"
#include "tools/sentio-actors/run_log_directory.hpp"
#include "tools/sentio-exchange/markets.hpp"

#include <algorithm>
#include <cctype>

namespace sentio {

namespace {

/// Real time to connect and subscribe in before the open.
constexpr time_ms connect_ms = 1'500;
constexpr time_ms least_lead_ms = 60'000;

/// "https://host:port" as the same host's web socket.
std::string socket_url(const std::string& url, const std::string& path) {
  constexpr std::string_view scheme = "https://";
  if (!url.starts_with(scheme))
    throw usage_error("--venue-url takes https://HOST[:PORT], not " + url);
  return "wss://" + url.substr(scheme.size()) + path;
}

venue_endpoints endpoints_at(const std::string& url, const std::string& data_feed) {
  venue_endpoints e;
  e.trading_url = url;
  e.data_url = url;
  e.trading_stream = socket_url(url, "/stream");
  e.data_stream = socket_url(url, "/v2/" + data_feed);
  e.data_feed = data_feed;
  return e;
}

void use_polygon(venue_endpoints& e, const live_options& options) {
  if (options.feed != "polygon")
    return;
  e.polygon_key = load_keys(key_kind::polygon).id;
  e.data_url = options.venue_url.empty() ? "https://api.massive.com" : options.venue_url;
  e.data_stream = options.venue_url.empty() ? "wss://socket.massive.com/stocks"
                                            : socket_url(options.venue_url, "/stocks");
}

std::vector<session_block_ptr> blocks_from_venue(const live_options& options, civil_date date,
                                                 const venue_desk& archive,
                                                 const std::vector<std::string>& symbols) {
  std::vector<session_block_ptr> blocks;
  std::vector<civil_date> days;
  for (auto day = previous_session(date); days.size() < options.warmup_days; day = previous_session(day))
    days.push_back(day);
  std::reverse(days.begin(), days.end());
  progress_bar bar("downloading", days.size(), !options.json);
  for (std::size_t i = 0; i < days.size() && !interrupted(); ++i) {
    bar.show(i, to_string(days[i]));
    const auto hours = *session_on(days[i]);
    auto block = std::make_shared<session_block>();
    block->hours = hours;
    block->warmup = true;
    // Splits since then must not look like crashes.
    block->bars = archive.bars(symbols, hours.open, hours.close, "split");
    const bool any =
        std::any_of(block->bars.begin(), block->bars.end(), [](const auto& row) { return !row.empty(); });
    for (auto& row : block->bars)
      std::erase_if(row, [&](const struct bar& b) { return b.label < hours.open || b.label >= hours.close; });
    if (any)
      blocks.push_back(std::move(block));
  }
  if (blocks.size() < options.min_warmup_days)
    throw data_error("the venue has bars of only " + std::to_string(blocks.size()) + " sessions before " +
                     to_string(date) + " to warm up on, at least " + std::to_string(options.min_warmup_days) +
                     " are needed; give --data-dir or --warmup-state");
  return blocks;
}

/// What the venue gave for the sessions before a day, against what was asked of it.
coverage_findings judge_blocks(const live_options& options, civil_date date,
                               const std::vector<session_block_ptr>& blocks,
                               const std::vector<std::string>& symbols) {
  auto first = date;
  for (std::uint32_t i = 0; i < options.warmup_days; ++i)
    first = previous_session(first);
  const auto plan = bar_plan::of_days(first, date, previous_session(date));
  std::vector<symbol_coverage> coverage(symbols.size());
  for (std::size_t s = 0; s < symbols.size(); ++s) {
    split_detector splits;
    coverage[s].symbol = symbols[s];
    coverage[s].nothing = "the venue has none";
    for (const auto& hours : plan.sessions) {
      const auto block = std::find_if(blocks.begin(), blocks.end(),
                                      [&](const auto& one) { return one->hours.date == hours.date; });
      const bool any = block != blocks.end() && !(*block)->bars[s].empty();
      coverage[s].minutes.push_back(any ? static_cast<int>((*block)->bars[s].size()) : 0);
      if (any)
        splits.offer(hours.date, (*block)->bars[s].front().open, (*block)->bars[s].back().close);
    }
    coverage[s].jumps = splits.jumps();
  }
  return judge_coverage(plan, coverage);
}

} // namespace

venue_connection connect_alpaca(const live_options& options) {
  venue_connection c;
  const auto kind = options.real ? key_kind::real : key_kind::paper;
  const auto keys = find_keys(kind);
  if (!keys)
    throw usage_error("no keys of the account: " + how_to_give_keys(kind) +
                      (options.paper ? "; or trade against the bundled exchange with --venue local" : ""));
  if (options.venue_url.empty()) {
    const std::string trading = options.real ? "api.alpaca.markets" : "paper-api.alpaca.markets";
    c.endpoints = endpoints_at("https://" + trading, options.data_feed);
    c.endpoints.data_url = "https://data.alpaca.markets";
    c.endpoints.data_stream = "wss://stream.data.alpaca.markets/v2/" + options.data_feed;
  } else {
    c.endpoints = endpoints_at(options.venue_url, options.data_feed);
    c.speed = options.speed;
  }
  if (const auto why = why_no_regular_file(options.ca_file); !why.empty())
    throw usage_error("--ca-file " + options.ca_file + " cannot be read: " + why);
  c.endpoints.ca_file = options.ca_file;
  c.endpoints.key_id = keys->id;
  c.endpoints.secret = keys->secret;
  use_polygon(c.endpoints, options);
  c.lock_name = lock_name_of(options.real, options.venue_url);
  return c;
}

std::string lock_name_of(bool real, const std::string& venue_url) {
  std::string name = real ? "real" : "paper";
  // Accounts of different exchanges may share a number.
  for (const char letter : venue_url)
    name += std::isalnum(static_cast<unsigned char>(letter)) ? letter : '-';
  return name;
}

fault_plan read_faults(const live_options& options) {
  fault_plan plan;
  if (options.faults_file.empty())
    return plan;
  std::string text;
  try {
    text = read_whole_file(options.faults_file);
  } catch (const std::exception& error) {
    throw usage_error("--faults: " + std::string(error.what()));
  }
  if (const auto problem = parse_faults(text, plan); !problem.empty())
    throw usage_error(options.faults_file + ": " + problem);
  return plan;
}

venue_connection start_local_venue(const live_options& options, const mock_setup& setup, civil_date date) {
  market_choice choice;
  choice.data_dir = setup.data_dir;
  choice.symbols = setup.config.symbols;
  choice.first = previous_session(date);
  choice.last = date;
  auto market = choose_market(choice);
  exchange_server_config config;
  config.speed = options.speed;
  config.venue.cash = setup.config.capital;
  config.venue.seed = options.seed + 1;
  const auto lead =
      std::max(least_lead_ms, static_cast<time_ms>(static_cast<double>(connect_ms) * options.speed));
  config.start = session_on(date)->open - lead;
  config.faults = read_faults(options);
  if (!options.session_end.empty()) {
    fault early;
    early.kind = fault_kind::early_close;
    early.text = options.session_end;
    config.faults.faults.push_back(early);
  }
  venue_connection c;
  c.speed = options.speed;
  c.local = std::make_unique<exchange_server>(config, std::move(market.source));
  c.local->start();
  c.endpoints = endpoints_at("https://" + c.local->host_and_port(), options.data_feed);
  c.endpoints.ca_file = c.local->ca_file().string();
  c.endpoints.key_id = config.venue.key_id;
  c.endpoints.secret = config.venue.secret;
  if (options.feed == "polygon") {
    c.endpoints.polygon_key = config.venue.secret;
    c.endpoints.data_stream = socket_url(c.endpoints.data_url, "/stocks");
  }
  return c;
}

checkpoint_file learn_before(const live_options& options, mock_setup& setup, civil_date date,
                             const venue_desk* archive) {
  if (!options.warmup_state.empty()) {
    auto file = load_checkpoint(options.warmup_state, setup.config.learner);
    if (file.last_session >= date)
      throw usage_error("the checkpoint has learned up to " + to_string(file.last_session) +
                        ", which is not before the session of " + to_string(date));
    if (!archive) { // a local session trades bars of the files
      setup.survey = look_at_bars(setup);
      setup.data_warnings = check_bars(setup, bar_plan::of_days(date, date, date));
    }
    return file;
  }
  std::shared_ptr<session_source> source;
  civil_date last = previous_session(date);
  std::size_t sessions = options.warmup_days;
  if (archive && options.data_dir.empty()) {
    auto blocks = blocks_from_venue(options, date, *archive, setup.config.symbols);
    if (!interrupted())
      setup.data_warnings = accept_bars(
          setup.config.symbols, judge_blocks(options, date, blocks, setup.config.symbols), bars_from::venue);
    last = blocks.back()->hours.date;
    sessions = blocks.size();
    source = make_memory_source(std::move(blocks));
  } else {
    setup.survey = look_at_bars(setup);
    auto available = setup.survey->sessions();
    std::erase_if(available, [&](civil_date day) { return day >= date; });
    if (available.size() < options.min_warmup_days)
      throw data_error("the bar files have only " + std::to_string(available.size()) + " sessions before " +
                       to_string(date) + " to warm up on, at least " +
                       std::to_string(options.min_warmup_days) + " are needed");
    sessions = std::min<std::size_t>(available.size(), options.warmup_days);
    last = available.back();
    const bool traded_too = archive == nullptr;
    setup.data_warnings =
        check_bars(setup, bar_plan::of_days(available[available.size() - sessions],
                                            traded_too ? date : add_days(last, 1), traded_too ? date : last));
    source = make_csv_source({setup.data_dir, setup.config.symbols, available[available.size() - sessions],
                              add_days(last, 1), last, setup.strict, setup.survey});
  }
  progress_bar bar("learning", sessions, !options.json);
  return learn_warmup(setup, setup.config.symbols, std::move(source), last,
                      [&](const run_progress& progress) {
                        bar.show(progress.sessions, to_string(new_york_date(progress.venue_time)));
                        return !interrupted();
                      });
}

opening_book adopt_positions(const venue_desk& desk, const alpaca::venue_account& account,
                             const std::vector<std::string>& symbols) {
  opening_book book;
  book.capital = account.cash;
  for (const auto& position : desk.positions()) {
    const auto found = std::lower_bound(symbols.begin(), symbols.end(), position.symbol);
    if (found == symbols.end() || *found != position.symbol) {
      say_line("note: the account holds " +
               (position.fractional.empty() ? std::to_string(position.shares) : position.fractional) + " " +
               position.symbol + ", which is none of the symbols to trade: it is left alone");
      continue;
    }
    if (!position.fractional.empty())
      say_line("ALARM the account holds " + position.fractional + " " + position.symbol +
               ": its whole shares are taken over, the fraction is left alone");
    if (position.shares < 0)
      throw std::runtime_error("the account is short " + position.symbol +
                               "; this system is long only: close it first");
    if (position.shares == 0)
      continue;
    venue_event event;
    event.kind = venue_event_kind::adjustment;
    event.client_order_id = "adopted-" + position.symbol;
    event.reason = "held when the session was joined";
    event.fill.execution_id = event.client_order_id;
    event.fill.client_order_id = event.client_order_id;
    event.fill.symbol = static_cast<symbol_index>(found - symbols.begin());
    event.fill.side = order_side::buy;
    event.fill.shares = position.shares;
    event.fill.price = position.average_price.micros > 0 ? position.average_price : position.current_price;
    execution_setting known;
    known.account = std::max(account.equity, account.cash);
    if (const auto why = why_impossible(event.fill, known); !why.empty()) {
      // The session begins halted, and what is held is closed at the venue.
      say_line("ALARM the position of " + position.symbol + " is refused, since it cannot be true: " + why);
      event.kind = venue_event_kind::impossible;
      event.reason = "the position of " + position.symbol + ": " + why;
      event.fill = {};
      book.adopted.push_back(std::move(event));
      continue;
    }
    book.capital += event.fill.price * position.shares;
    book.adopted.push_back(std::move(event));
  }
  return book;
}

} // namespace sentio
