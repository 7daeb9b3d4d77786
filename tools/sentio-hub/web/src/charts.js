// What all charts share: uPlot on a session's time axis, in the page's colours, with a readout instead of a
// legend, and arrow keys for those without a mouse.
import uPlot from "uplot";
import { clock } from "./format.js";

const minute = 60_000;
const font = "11.5px system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif";

let colours = {};
export function read_colours() {
  const style = getComputedStyle(document.documentElement);
  const names = ["ink", "soft", "hair", "accent", "gain", "loss", "cost", "wash", "fall", "held-gain", "held-loss", "card"];
  colours = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}
export const colour = (name) => colours[name];

/** At least half an hour is shown, so that the first minutes of a day do not look like a crash. */
function time_range(_chart, low, high) {
  if (low === null) return [0, 1];
  return [low, Math.max(high, low + 30 * minute)];
}
function value_range(_chart, low, high) {
  if (low === null) return [0, 1];
  const room = (high - low) * 0.08 || Math.abs(high) * 0.001 || 1;
  return [low - room, high + room];
}

const is_empty = (chart) => chart.data[0].length === 0;

const axis = (more) => ({
  font, stroke: () => colours.soft, grid: { stroke: () => colours.hair, width: 1 }, ticks: { show: false }, ...more,
});
export const time_axis = (more) =>
  axis({
    incrs: [5, 10, 15, 30, 60, 120, 240, 720].map((each) => each * minute), space: 54, size: 20, gap: 4,
    grid: { show: false }, values: (chart, splits) => splits.map((at) => (is_empty(chart) ? "" : clock(at))), ...more,
  });
export const value_axis = (write, more) =>
  axis({ size: 58, gap: 6, space: 26, values: (chart, splits, _axis, _space, step) => splits.map((each) => (is_empty(chart) ? "" : write(each, step))), ...more });

/**
 * place: the element whose box it fills. options: {series, axes, range?, sync?, hooks?}. read(index | null) is told
 * where the cursor is. label: for those who do not see it.
 */
export function make_chart(place, { series, axes, range = value_range, sync, hooks = {}, read, label }) {
  const empty = series.map(() => []);
  const chart = new uPlot(
    {
      width: 300, height: 100, padding: [6, 16, 0, 0], legend: { show: false }, pxAlign: 0,
      scales: { x: { time: false, range: time_range }, y: { range } },
      cursor: { points: { size: 6, fill: () => colours.ink }, drag: { x: false, y: false }, sync: sync ? { key: sync } : undefined },
      series, axes,
      hooks: { ...hooks, setCursor: [(self) => read(self.cursor.idx ?? null)] },
    },
    empty,
    place,
  );
  place.tabIndex = 0;
  place.setAttribute("role", "img");
  place.setAttribute("aria-label", label);
  place.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageUp: -15, PageDown: 15 }[event.key];
    const last = chart.data[0].length - 1;
    if (event.key === "Escape") chart.setCursor({ left: -10, top: -10 });
    if (step === undefined || last < 0) return;
    event.preventDefault();
    const index = Math.min(last, Math.max(0, (chart.cursor.idx ?? last) + step));
    chart.setCursor({ left: chart.valToPos(chart.data[0][index], "x"), top: 10 });
  });
  const fit = () => {
    const { clientWidth: width, clientHeight: height } = place;
    if (width > 0 && (width !== chart.width || height !== chart.height)) chart.setSize({ width, height });
  };
  new ResizeObserver(fit).observe(place);
  fit();
  return chart;
}
