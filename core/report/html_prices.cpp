#include "core/report/html_sections.hpp"
#include "core/report/html_text.hpp"
#include "core/report/number_format.hpp"
#include "core/report/svg_plot.hpp"

#include <algorithm>

namespace sentio {

namespace {

double average_price(money value, std::int64_t shares) {
  return to_dollars(value) / static_cast<double>(shares);
}

std::string entry_title(const closed_trip& trip) {
  return "Bought " + count_text(static_cast<std::uint64_t>(trip.shares)) + " at " +
         fixed(average_price(trip.entry_value, trip.shares), 4) + ", " + new_york_clock(trip.entry_at) +
         "\n" + trip.entry_reason;
}

std::string exit_title(const closed_trip& trip) {
  return "Sold at " + fixed(average_price(trip.exit_value, trip.shares), 4) + ", " +
         new_york_clock(trip.exit_at) + ": " + signed_dollars(trip.pnl) + "\n" + to_string(trip.exit_kind) +
         ": " + trip.exit_reason;
}

void price_grid(svg_plot& plot, plot_range range) {
  const std::vector<double> ticks = round_ticks(range, 4);
  const int digits = tick_digits(ticks);
  plot.y_grid(ticks, [&](double v) { return fixed(v, digits); });
}

class symbol_panels {
public:
  symbol_panels(const report_data& data, const session_axis& axis, symbol_index symbol)
      : data_(data), axis_(axis), symbol_(symbol) {
    for (const closed_trip& trip : data.trips)
      if (trip.symbol == symbol)
        trips_.push_back(&trip);
  }

  std::string last_session() const {
    const session_hours& hours = axis_.last();
    const auto& prices = data_.prices->last_session(symbol_);
    const auto minute = [&](time_ms at) {
      return static_cast<double>(at - hours.open) / static_cast<double>(minute_ms);
    };
    std::vector<const closed_trip*> today;
    for (const closed_trip* trip : trips_)
      if (trip->entry_at >= hours.open)
        today.push_back(trip);
    const plot_range range = price_range(prices, today);
    const double length = hours.minutes();
    svg_plot plot({0, length}, range, 210, data_.run.symbols[symbol_] + " in the last session");
    price_grid(plot, range);
    for (const closed_trip* trip : today)
      plot.bar(minute(trip->entry_at), minute(trip->exit_at), range.low, range.high,
               trip->pnl.micros > 0 ? "held-gain" : "held-loss", exit_title(*trip));
    plot.line(points(prices), "price");
    for (const closed_trip* trip : today) {
      plot.dot({minute(trip->entry_at), average_price(trip->entry_value, trip->shares)}, "in",
               entry_title(*trip));
      plot.dot({minute(trip->exit_at), average_price(trip->exit_value, trip->shares)},
               trip->pnl.micros > 0 ? "won" : "lost", exit_title(*trip));
    }
    for (int at = 0; at <= hours.minutes(); at += 30) {
      const bool minor = at % 120 != 0;
      if (at % 60 == 0)
        plot.x_label(at, new_york_clock(hours.open + at * minute_ms), minor);
    }
    return figure(to_string(hours.date) + " <small>" + counted(today.size(), "round trip", "round trips") +
                      "</small>",
                  prices.empty() ? "<p class=\"how\">No bar in this session.</p>" : plot.html());
  }

  std::string whole_period() const {
    const auto& prices = data_.prices->whole(symbol_);
    const plot_range range = price_range(prices, trips_);
    svg_plot plot({0, static_cast<double>(data_.days.size())}, range, 210,
                  data_.run.symbols[symbol_] + " over the whole period");
    price_grid(plot, range);
    std::vector<plot_point> entries;
    std::vector<plot_point> won;
    std::vector<plot_point> lost;
    for (const closed_trip* trip : trips_) {
      entries.push_back({axis_.at(trip->entry_at), average_price(trip->entry_value, trip->shares)});
      (trip->pnl.micros > 0 ? won : lost)
          .push_back({axis_.at(trip->exit_at), average_price(trip->exit_value, trip->shares)});
    }
    // Thousands of marks would bury the price: then they are specks under its line.
    const bool many = trips_.size() > 250;
    const std::string size = many ? " speck" : " small";
    if (!many)
      plot.line(points(prices), "price");
    plot.dots(entries, "in" + size);
    plot.dots(lost, "lost" + size);
    plot.dots(won, "won" + size);
    if (many)
      plot.line(points(prices), "price over");
    label_sessions(plot, data_);
    return figure("Whole period <small>" + counted(trips_.size(), "round trip", "round trips") + "</small>",
                  prices.empty() ? "<p class=\"how\">No bar in the period.</p>" : plot.html());
  }

private:
  static std::vector<plot_point> points(const std::vector<price_point>& prices) {
    std::vector<plot_point> result;
    for (const price_point& point : prices)
      result.push_back({point.x, point.price});
    return result;
  }
  static plot_range price_range(const std::vector<price_point>& prices,
                                const std::vector<const closed_trip*>& trips) {
    if (prices.empty())
      return {0, 1};
    plot_range range{prices.front().price, prices.front().price};
    for (const price_point& point : prices)
      range.include(point.price);
    for (const closed_trip* trip : trips) {
      range.include(average_price(trip->entry_value, trip->shares));
      range.include(average_price(trip->exit_value, trip->shares));
    }
    return range.widened(0.06);
  }

  const report_data& data_;
  const session_axis& axis_;
  symbol_index symbol_;
  std::vector<const closed_trip*> trips_;
};

} // namespace

std::string price_section(const report_data& data) {
  const session_axis axis(data);
  std::vector<std::size_t> by_trips;
  for (std::size_t s = 0; s < data.symbols.size(); ++s)
    by_trips.push_back(s);
  std::stable_sort(by_trips.begin(), by_trips.end(), [&](std::size_t a, std::size_t b) {
    return data.symbols[a].trips.count > data.symbols[b].trips.count;
  });
  std::string body = legend(
      {{"in", "entry"}, {"won", "exit with a gain"}, {"lost", "exit with a loss"}, {"band", "held"}}, true);
  for (std::size_t place = 0; place < by_trips.size(); ++place) {
    const symbol_report& symbol = data.symbols[by_trips[place]];
    const symbol_panels panels(data, axis, static_cast<symbol_index>(by_trips[place]));
    const double pnl = to_dollars(symbol.trips.pnl);
    body += std::string("<details") + (place < 3 ? " open" : "") + "><summary><b>" +
            escape_html(symbol.name) + "</b><span>" +
            counted(symbol.trips.count, "round trip", "round trips") + "</span><span class=\"" +
            std::string(tone(pnl)) + "\">" + signed_dollars(symbol.trips.pnl) + "</span></summary>" +
            side_by_side(panels.last_session(), panels.whole_period()) + "</details>\n";
  }
  return section(
      "Prices, entries and exits",
      "Left the last session by the minute, right the whole period, thinned. Point at a mark for the rule "
      "that made the trade.",
      body);
}

} // namespace sentio
