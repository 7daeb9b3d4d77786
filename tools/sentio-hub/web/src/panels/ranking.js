// Who is strongest, and how sure its learner is.
import { element, set_class, set_text } from "../dom.js";
import { clock, number, percent, signed, tone } from "../format.js";
import { filter_word, make_table, text_column } from "../table.js";

const bars = { no_signal: "no signal", not_ready: "learning", stale: "stale", probability: "probability", confidence: "confidence", strength: "strength" };

/** Why a row cannot be bought now, or "fresh"; pure. */
export function standing_text(row) {
  if (row.held) return "held";
  if (row.barred && row.barred !== "none") return bars[row.barred] ?? row.barred;
  if (row.staleness_s > 0) return `${number(row.staleness_s)} s old`;
  return row.fresh ? "fresh" : "no bar";
}

/** Ranked ones by rank, then the others by name; pure. */
export function in_order(rows) {
  const place = (row) => (row.rank > 0 ? row.rank : Infinity);
  return [...rows].sort((a, b) => place(a) - place(b) || (a.symbol < b.symbol ? -1 : 1));
}

export function make_ranking({ place, read_place, filter, choose, shown }) {
  let largest = 1;
  const strength = {
    head: "strength", title: "What the ranking sorts by: expected edge, in bp, with leverage and boosts",
    make(cell) {
      const part = { meter: element("span", { class: "meter" }), bar: element("i"), text: element("span") };
      part.meter.append(part.bar);
      cell.append(part.meter, part.text);
      return part;
    },
    draw(part, row) {
      const share = row.strength === null ? 0 : Math.min(1, Math.abs(row.strength) / largest) * 50;
      set_class(part.meter, row.strength < 0 ? "meter minus" : "meter");
      part.bar.style.width = `${share}%`;
      part.bar.style.left = row.strength < 0 ? `${50 - share}%` : "50%";
      set_text(part.text, signed(row.strength, 1));
    },
  };
  const symbol = {
    head: "symbol", kind: "t",
    make: (cell) => {
      const button = element("button", { type: "button", title: "Show its price", onclick: () => choose(button.textContent) });
      cell.append(button);
      return button;
    },
    draw(button, row) {
      set_text(button, row.symbol);
      button.setAttribute("aria-pressed", String(row.symbol === shown()));
    },
  };
  const draw_table = make_table(place, {
    columns: [
      text_column("#", (row) => (row.rank > 0 ? number(row.rank) : "–"), { title: "Rank; 1 is the best" }),
      symbol,
      strength,
      text_column("P(up)", (row) => percent(row.probability, 1), { title: "Calibrated probability of a rise" }),
      text_column("edge bp", (row) => signed(row.edge_bp, 1), { title: "Expected edge, basis points", tone: (row) => tone(row.edge_bp) }),
      text_column("σ bp", (row) => number(row.sigma_bp, 1), { kind: "roomy", title: "Volatility of a minute, basis points" }),
      text_column("close", (row) => number(row.close, 2)),
      text_column("state", standing_text, { kind: "t" }),
    ],
    key: (row) => row.symbol,
    row_class: (row) => (row.held ? "held" : row.rank > 0 && row.fresh ? "" : "idle"),
    empty: "No round has been ranked yet.",
    most: 50,
  });
  return (store) => {
    const word = filter_word(filter, store.ranking.length);
    largest = store.ranking.reduce((most, row) => Math.max(most, Math.abs(row.strength ?? 0)), 1e-9);
    draw_table(in_order(store.ranking).filter((row) => row.symbol.toUpperCase().includes(word)), ": narrow the filter");
    const at = store.snapshot?.ranking_at;
    set_text(read_place, at ? `round of ${clock(at)}, ${store.ranking.length} symbols` : "");
  };
}
