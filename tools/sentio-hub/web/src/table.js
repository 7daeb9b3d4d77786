// A table whose rows are kept by key and changed in place: once a second, at most `most` rows, whatever the list.
import { element, set_class, set_hidden, set_text } from "./dom.js";

/**
 * columns: [{head, title?, kind?: "t" (left) | "wide" | "roomy" (dropped where it is narrow), make?(cell), draw(cell, row)}]; draw gets the cell, or what
 * `make` put into it. key(row) names a row. row_class(row) is optional. The table is hidden while it is empty.
 */
export function make_table(place, { columns, key, row_class = () => "", empty, most = 60 }) {
  const body = element("tbody");
  const head = columns.map((column) => element("th", { scope: "col", class: column.kind ?? null, title: column.title }, column.head));
  const table = element("table", {}, element("thead", {}, element("tr", {}, ...head)), body);
  const none = element("p", { class: "empty" }, empty);
  const more = element("p", { class: "more-rows" });
  place.append(table, none, more);
  const kept = new Map();

  function make_row() {
    const cells = columns.map((column) => {
      const cell = element("td", { class: column.kind ?? null });
      return { cell, part: column.make ? column.make(cell) : cell };
    });
    return { line: element("tr", {}, ...cells.map((each) => each.cell)), cells };
  }

  return function draw(rows, hint = "") {
    const shown = rows.slice(0, most);
    const wanted = new Set();
    let place_of = body.firstChild;
    for (const row of shown) {
      const name = key(row);
      if (wanted.has(name)) continue; // a list that names something twice
      wanted.add(name);
      let made = kept.get(name);
      if (!made) kept.set(name, (made = make_row()));
      set_class(made.line, row_class(row));
      columns.forEach((column, i) => column.draw(made.cells[i].part, row, made.cells[i].cell));
      if (made.line === place_of) place_of = place_of.nextSibling;
      else body.insertBefore(made.line, place_of);
    }
    for (const [name, made] of kept)
      if (!wanted.has(name)) {
        made.line.remove();
        kept.delete(name);
      }
    set_hidden(table, shown.length === 0);
    set_hidden(none, shown.length > 0);
    set_hidden(more, rows.length <= most);
    if (rows.length > most) set_text(more, `and ${rows.length - most} more${hint}`);
  };
}

/** A column of plain text: read(row) → text; tone(row) → class. */
export function text_column(head, read, { kind, title, tone } = {}) {
  const fixed = kind ?? "";
  return {
    head, title, kind,
    draw(part, row) {
      set_text(part, read(row));
      if (tone) set_class(part, `${fixed} ${tone(row)}`.trim());
    },
  };
}

/** Shows the field only when the list is long; returns the word looked for, in capitals. */
export function filter_word(field, count, from = 12) {
  set_hidden(field, count <= from);
  return field.hidden ? "" : field.value.trim().toUpperCase();
}
