// How sure is each learner, and is it sound?
import { element, set_text } from "../dom.js";
import { number, percent } from "../format.js";
import { filter_word, make_table, text_column } from "../table.js";

/** "1.2e-4 … 0.98": the spread of the covariance's diagonal says whether it blows up or dies. */
export function bounds_text(row) {
  if (row.p_min === null || row.p_max === null) return "–";
  const write = (value) => (value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e4) ? value.toExponential(0) : number(value, 3));
  return `${write(row.p_min)} … ${write(row.p_max)}`;
}

const probability = {
  head: "P(up)", title: "Calibrated probability of a rise; the bar starts at one half",
  make(cell) {
    const part = { meter: element("span", { class: "meter" }), bar: element("i"), text: element("span") };
    part.meter.append(part.bar);
    cell.append(part.meter, part.text);
    return part;
  },
  draw(part, row) {
    const off = row.probability === null ? 0 : Math.max(-0.5, Math.min(0.5, row.probability - 0.5));
    part.meter.className = off < 0 ? "meter minus" : "meter";
    part.bar.style.width = `${Math.abs(off) * 100}%`;
    part.bar.style.left = `${off < 0 ? 50 + off * 100 : 50}%`;
    set_text(part.text, percent(row.probability, 1));
  },
};

export function make_learners({ place, read_place, filter }) {
  const draw_table = make_table(place, {
    columns: [
      text_column("symbol", (row) => row.symbol, { kind: "t" }),
      probability,
      text_column("confidence", (row) => percent(row.confidence, 1)),
      text_column("accuracy", (row) => percent(row.directional_accuracy, 1), { title: "How often the direction of the next minute was right" }),
      text_column("leverage", (row) => percent(row.leverage, 1), { title: "How unusual the last bar was for the learner: 0 % usual, 100 % never seen" }),
      text_column("bounds of P", bounds_text, { title: "Smallest and largest variance on the diagonal of the covariance" }),
      text_column("bars", (row) => number(row.bars), { title: "Bars learned" }),
    ],
    key: (row) => row.symbol,
    empty: "No learner has reported.",
    most: 50,
  });
  return (store) => {
    const word = filter_word(filter, store.learners.length);
    draw_table(store.learners.filter((row) => row.symbol.toUpperCase().includes(word)), ": narrow the filter");
    const known = store.learners.map((row) => row.directional_accuracy).filter((value) => value !== null);
    const mean = known.length ? known.reduce((sum, value) => sum + value, 0) / known.length : null;
    set_text(read_place, mean === null ? "" : `mean accuracy ${percent(mean, 1)}`);
  };
}
