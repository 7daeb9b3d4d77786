#include "core/report/svg_plot.hpp"

#include "core/report/html_text.hpp"
#include "core/report/number_format.hpp"

#include <algorithm>
#include <cmath>

namespace sentio {

namespace {

constexpr double width_units = 1000;
constexpr double height_units = 400;

/// One decimal of the drawing's units is a third of a pixel at most; fewer bytes than that buys nothing.
std::string unit(double value) {
  std::string text = fixed(value, 1);
  if (text.ends_with(".0"))
    text.resize(text.size() - 2);
  return text;
}

} // namespace

void plot_range::include(double value) {
  low = std::min(low, value);
  high = std::max(high, value);
}

plot_range plot_range::widened(double fraction) const {
  const double span = high - low;
  if (!(span > 0))
    return {low - 0.5, high + 0.5};
  return {low - fraction * span, high + fraction * span};
}

std::vector<double> round_ticks(plot_range range, int wanted) {
  const double span = range.high - range.low;
  if (!(span > 0) || wanted < 1)
    return {range.low};
  const double rough = span / wanted;
  double power = 1;
  while (power * 10 <= rough)
    power *= 10;
  while (power > rough)
    power /= 10;
  double step = 10 * power;
  for (const double factor : {5.0, 2.5, 2.0, 1.0})
    if (factor * power >= 0.8 * rough)
      step = factor * power;
  std::vector<double> ticks;
  for (double index = std::ceil(range.low / step - 1e-9); index * step <= range.high + 1e-9 * span;
       index += 1)
    ticks.push_back(index * step);
  return ticks;
}

int tick_digits(std::span<const double> ticks) {
  int digits = 0;
  double scale = 1;
  const auto exact = [&](double tick) { return std::fabs(tick * scale - std::round(tick * scale)) < 1e-6; };
  while (digits < 6 && !std::all_of(ticks.begin(), ticks.end(), exact)) {
    ++digits;
    scale *= 10;
  }
  return digits;
}

svg_plot::svg_plot(plot_range x, plot_range y, int height, std::string what)
    : x_(x), y_(y), height_(height), what_(std::move(what)) {}

double svg_plot::share_x(double x) const {
  return (x - x_.low) / (x_.high - x_.low);
}
double svg_plot::share_y(double y) const {
  return 1 - (y - y_.low) / (y_.high - y_.low);
}
std::string svg_plot::px(double x) const {
  return unit(width_units * share_x(x));
}
std::string svg_plot::py(double y) const {
  return unit(height_units * share_y(y));
}

void svg_plot::y_grid(std::span<const double> ticks, const std::function<std::string(double)>& text) {
  for (const double tick : ticks) {
    horizontal(tick, "grid");
    y_labels_ +=
        "<span style=\"top:" + fixed(100 * share_y(tick), 2) + "%\">" + escape_html(text(tick)) + "</span>";
  }
}

void svg_plot::x_label(double x, std::string_view text, bool minor) {
  const double share = share_x(x);
  const std::string_view side = share < 0.02 ? "first" : share > 0.98 ? "last" : "";
  x_labels_ += "<span class=\"" + std::string(side) + (minor ? " minor" : "") +
               "\" style=\"left:" + fixed(100 * share, 2) + "%\">" + escape_html(text) + "</span>";
}

void svg_plot::horizontal(double y, std::string_view css_class) {
  body_ += "<path class=\"" + std::string(css_class) + "\" d=\"M0 " + py(y) + "H1000\"/>";
}

void svg_plot::vertical(double x, std::string_view css_class) {
  body_ += "<path class=\"" + std::string(css_class) + "\" d=\"M" + px(x) + " 0V400\"/>";
}

void svg_plot::line(std::span<const plot_point> points, std::string_view css_class) {
  if (points.empty())
    return;
  body_ += "<path class=\"" + std::string(css_class) + "\" d=\"M";
  for (std::size_t i = 0; i < points.size(); ++i)
    body_ += (i == 0 ? "" : i == 1 ? "L" : " ") + px(points[i].x) + " " + py(points[i].y);
  body_ += "\"/>";
}

void svg_plot::area(std::span<const plot_point> points, double base, std::string_view css_class) {
  if (points.empty())
    return;
  body_ +=
      "<path class=\"" + std::string(css_class) + "\" d=\"M" + px(points.front().x) + " " + py(base) + "L";
  for (const plot_point& point : points)
    body_ += px(point.x) + " " + py(point.y) + " ";
  body_ += px(points.back().x) + " " + py(base) + "Z\"/>";
}

void svg_plot::titled(std::string_view element, std::string_view attributes, std::string_view title) {
  body_.append("<").append(element).append(" ").append(attributes);
  if (title.empty())
    body_ += "/>";
  else
    body_.append("><title>").append(escape_html(title)).append("</title></").append(element).append(">");
}

void svg_plot::bar(double x0, double x1, double y0, double y1, std::string_view css_class,
                   std::string_view title) {
  const double left = width_units * share_x(x0);
  const double top = height_units * std::min(share_y(y0), share_y(y1));
  const double height = height_units * std::fabs(share_y(y0) - share_y(y1));
  titled("rect",
         "class=\"" + std::string(css_class) + "\" x=\"" + unit(left) + "\" y=\"" + unit(top) +
             "\" width=\"" + unit(std::max(0.3, width_units * share_x(x1) - left)) + "\" height=\"" +
             unit(height) + "\"",
         title);
}

void svg_plot::dot(plot_point at, std::string_view css_class, std::string_view title) {
  titled("path", "class=\"dot " + std::string(css_class) + "\" d=\"M" + px(at.x) + " " + py(at.y) + "h0\"",
         title);
}

void svg_plot::dots(std::span<const plot_point> points, std::string_view css_class) {
  if (points.empty())
    return;
  body_ += "<path class=\"dot " + std::string(css_class) + "\" d=\"";
  for (const plot_point& point : points)
    body_ += "M" + px(point.x) + " " + py(point.y) + "h0";
  body_ += "\"/>";
}

std::string svg_plot::html() const {
  return "<div class=\"plot\" style=\"--h:" + std::to_string(height_) + "px\"><div class=\"y\">" + y_labels_ +
         "</div><svg viewBox=\"0 0 1000 400\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"" +
         escape_html(what_) + "\">" + body_ + "</svg><div class=\"x\">" + x_labels_ + "</div></div>\n";
}

} // namespace sentio
