// Equity and, on the same time axis, how far it is below its highest point.
import { colour, make_chart, time_axis, value_axis } from "../charts.js";
import { set_text } from "../dom.js";
import { clock, dollars, number, percent, signed_percent } from "../format.js";

export function make_equity({ equity, drawdown, equity_read, drawdown_read }) {
  let columns = [[], [], []];
  const read = (index) => {
    const last = columns[0].length - 1;
    const at = index ?? last;
    if (at < 0 || at > last) return;
    const change = columns[1][0] ? columns[1][at] / columns[1][0] - 1 : null;
    const when = index === null ? "" : `${clock(columns[0][at])}  `;
    set_text(equity_read, `${when}${dollars(columns[1][at])}  ${signed_percent(change)}`);
    set_text(drawdown_read, `${when}${percent(columns[2][at])}`);
  };
  const upper = make_chart(equity, {
    label: "Equity of the session by the minute; arrow keys read values",
    sync: "session", read,
    axes: [time_axis({ values: (_chart, splits) => splits.map(() => "") , size: 4 }), value_axis((value, step) => number(value, step < 1 ? 1 : 0))],
    series: [{}, { stroke: () => colour("accent"), width: 1.75, fill: () => colour("wash"), points: { show: false } }],
  });
  const lower = make_chart(drawdown, {
    label: "Drawdown of the session by the minute",
    sync: "session", read,
    range: (_chart, low) => [Math.min(low ?? 0, -0.001) * 1.05, 0],
    axes: [time_axis({}), value_axis((value, step) => (value === 0 ? "0 %" : percent(value, step < 0.001 ? 2 : step < 0.01 ? 1 : 0)), { space: 20 })],
    series: [{}, { stroke: () => colour("loss"), width: 1, fill: () => colour("fall"), fillTo: 0, points: { show: false } }],
  });
  return {
    draw(store) {
      columns = store.equity;
      upper.setData([columns[0], columns[1]]);
      lower.setData([columns[0], columns[2].map((value) => (value === null ? null : -value))]);
      read(upper.cursor.idx ?? null);
    },
    repaint() {
      upper.redraw();
      lower.redraw();
    },
  };
}
