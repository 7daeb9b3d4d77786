// One symbol's closes with what was bought and sold, and when it was held.
import { colour, make_chart, time_axis, value_axis } from "../charts.js";
import { element, set_class, set_text } from "../dom.js";
import { clock, dollars, number, signed_percent } from "../format.js";
import { held_spans } from "../held_spans.js";
import { shown_symbol } from "../store.js";

const most_chips = 10;

function triangle(context, x, y, size, up) {
  const tip = up ? y + 3 : y - 3;
  const foot = up ? tip + size * 1.5 : tip - size * 1.5;
  context.beginPath();
  context.moveTo(x, tip);
  context.lineTo(x - size, foot);
  context.lineTo(x + size, foot);
  context.closePath();
  context.fill();
  context.stroke();
}

/** Chips: held ones first, then the best ranked, always the one that is shown. */
export function chip_symbols(store, shown) {
  const held = (store.snapshot?.positions ?? []).map((each) => each.symbol);
  const names = store.ranking.length ? store.ranking.map((each) => each.symbol) : [...store.prices.keys()];
  if (names.length <= most_chips) return [...names].sort();
  return [...new Set([shown, ...held, ...names])].filter(Boolean).slice(0, most_chips);
}

export function make_price({ place, read_place, chips_place, choose, want_prices }) {
  let points = [[], []];
  let marks = [];
  let spans = [];
  let symbol = "";
  const chips = new Map();

  const read = (index) => {
    const last = points[0].length - 1;
    const at = index ?? last;
    if (at < 0 || at > last) return set_text(read_place, symbol);
    const change = signed_percent(points[1][at] / points[1][0] - 1);
    const mark = index === null ? null : marks.find((each) => Math.abs(each.t - points[0][at]) < 45_000);
    const done = mark ? `, ${mark.side === "buy" ? "bought" : "sold"} ${number(mark.shares)}` : "";
    set_text(read_place, `${symbol} ${index === null ? "" : `${clock(points[0][at])} `}${dollars(points[1][at])} ${change}${done}`);
  };

  function draw_spans(chart) {
    const { ctx, bbox } = chart;
    ctx.save();
    for (const span of spans) {
      const left = chart.valToPos(span.from, "x", true);
      const right = span.to === null ? chart.valToPos(points[0][points[0].length - 1], "x", true) : chart.valToPos(span.to, "x", true);
      ctx.fillStyle = colour(span.won ? "held-gain" : "held-loss");
      ctx.fillRect(left, bbox.top, Math.max(1, right - left), bbox.height);
    }
    ctx.restore();
  }
  function draw_marks(chart) {
    const { ctx } = chart;
    const size = 5.5 * devicePixelRatio;
    ctx.save();
    ctx.strokeStyle = colour("card");
    ctx.lineWidth = devicePixelRatio;
    for (const mark of marks) {
      const buy = mark.side === "buy";
      ctx.fillStyle = colour(buy ? "accent" : "cost");
      triangle(ctx, chart.valToPos(mark.t, "x", true), chart.valToPos(mark.price, "y", true), size, buy);
    }
    ctx.restore();
  }

  const chart = make_chart(place, {
    label: "Price of the chosen symbol with what was bought and sold; arrow keys read values",
    sync: "session", read,
    axes: [time_axis({}), value_axis((value, step) => number(value, step < 0.1 ? 2 : step < 1 ? 1 : 0))],
    series: [{}, { stroke: () => colour("ink"), width: 1.25, points: { show: false } }],
    hooks: { drawAxes: [draw_spans], draw: [draw_marks] },
  });

  function draw_chips(store) {
    const names = chip_symbols(store, symbol);
    const held = new Set((store.snapshot?.positions ?? []).map((each) => each.symbol));
    for (const [name, chip] of chips)
      if (!names.includes(name)) {
        chip.remove();
        chips.delete(name);
      }
    names.forEach((name, i) => {
      let chip = chips.get(name);
      if (!chip) chips.set(name, (chip = element("button", { type: "button", onclick: () => choose(name) }, name)));
      if (chips_place.children[i] !== chip) chips_place.insertBefore(chip, chips_place.children[i] ?? null);
      chip.setAttribute("aria-pressed", String(name === symbol));
      set_class(chip, held.has(name) ? "held" : "");
      chip.title = held.has(name) ? `${name} is held` : "";
    });
  }

  return {
    draw(store) {
      symbol = shown_symbol(store);
      if (symbol && !store.prices.has(symbol)) want_prices(symbol);
      points = store.prices.get(symbol) ?? [[], []];
      marks = store.marks.filter((each) => each.symbol === symbol && each.price !== null);
      spans = points[0].length ? held_spans(marks, points[1][points[1].length - 1]) : [];
      draw_chips(store);
      chart.setData(points);
      read(chart.cursor.idx ?? null);
    },
    repaint: () => chart.redraw(),
  };
}
