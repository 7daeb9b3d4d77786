// A plot as inline SVG. The drawing stretches with the page while its strokes keep their width; labels are
// HTML beside it, so that they stay readable on a phone. Colours are CSS classes of the page's style.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sentio {

struct plot_range {
  double low = 0;
  double high = 1;

  void include(double value);
  /// Room on both sides, as a fraction of the span; a span of nothing becomes one.
  plot_range widened(double fraction) const;
};

struct plot_point {
  double x = 0;
  double y = 0;
};

/// Round values at equal steps (1, 2, 2.5 or 5 times a power of ten) inside a range, about `wanted` of them.
std::vector<double> round_ticks(plot_range range, int wanted);
/// Decimals that tell the ticks apart, 0 ... 6.
int tick_digits(std::span<const double> ticks);

class svg_plot {
public:
  /// what: says in words what is drawn, for screen readers. height in CSS pixels.
  svg_plot(plot_range x, plot_range y, int height, std::string what);

  /// Horizontal hairlines with labels on the left.
  void y_grid(std::span<const double> ticks, const std::function<std::string(double)>& text);
  /// minor labels are left out on a narrow screen.
  void x_label(double x, std::string_view text, bool minor = false);
  void horizontal(double y, std::string_view css_class);
  void vertical(double x, std::string_view css_class);
  void line(std::span<const plot_point> points, std::string_view css_class);
  /// Filled down (or up) to `base`.
  void area(std::span<const plot_point> points, double base, std::string_view css_class);
  void bar(double x0, double x1, double y0, double y1, std::string_view css_class,
           std::string_view title = {});
  void dot(plot_point at, std::string_view css_class, std::string_view title);
  /// Many dots in one element, without titles.
  void dots(std::span<const plot_point> points, std::string_view css_class);

  std::string html() const;

private:
  std::string px(double x) const;
  std::string py(double y) const;
  double share_x(double x) const;
  double share_y(double y) const;
  void titled(std::string_view element, std::string_view attributes, std::string_view title);

  plot_range x_;
  plot_range y_;
  int height_;
  std::string what_;
  std::string body_;
  std::string y_labels_;
  std::string x_labels_;
};

} // namespace sentio
