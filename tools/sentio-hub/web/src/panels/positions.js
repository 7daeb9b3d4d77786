// What is held, since when, and how it stands.
import { set_text } from "../dom.js";
import { number, signed, signed_dollars, signed_percent, tone } from "../format.js";
import { make_table, text_column } from "../table.js";

const gain = (row) => (row.entry_price && row.mark !== null ? (row.mark / row.entry_price - 1) * Math.sign(row.shares || 1) : null);

export function make_positions({ place, read_place }) {
  const draw_table = make_table(place, {
    columns: [
      text_column("symbol", (row) => row.symbol, { kind: "t" }),
      text_column("shares", (row) => number(row.shares)),
      text_column("entry", (row) => number(row.entry_price, 2), { title: "Mean entry price, dollars" }),
      text_column("mark", (row) => number(row.mark, 2), { title: "Last price, dollars" }),
      text_column("result", (row) => signed_dollars(row.unrealized, 0), { tone: (row) => tone(row.unrealized), title: "Unrealised, dollars" }),
      text_column("", (row) => signed_percent(gain(row)), { tone: (row) => tone(gain(row)) }),
      text_column("rank", (row) => (row.rank > 0 ? number(row.rank) : "–")),
      text_column("strength", (row) => signed(row.strength, 1), { kind: "roomy" }),
      text_column("bars", (row) => number(row.bars_held), { title: "Minutes held" }),
    ],
    key: (row) => row.symbol,
    empty: "Nothing is held.",
    most: 60,
  });
  return (store) => {
    const rows = store.snapshot?.positions ?? [];
    draw_table(rows);
    const value = rows.reduce((sum, row) => sum + (row.shares ?? 0) * (row.mark ?? 0), 0);
    set_text(read_place, rows.length ? `$${number(value)} in ${rows.length}` : "");
  };
}
