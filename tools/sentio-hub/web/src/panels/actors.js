// The figures of every actor; those that are not well come first.
import { set_class, set_hidden, set_text } from "../dom.js";
import { micros, number, rate } from "../format.js";
import { filter_word, make_table, text_column } from "../table.js";

const badness = { down: 0, restarting: 1, up: 2 };

/** Ill ones first, then as they were given; pure. */
export function ill_first(actors) {
  return actors.map((each, i) => [each, i]).sort(([a, i], [b, j]) => badness[a.state] - badness[b.state] || i - j).map(([each]) => each);
}

export function make_actors({ place, read_place, filter }) {
  const draw_table = make_table(place, {
    columns: [
      text_column("actor", (row) => row.name, { kind: "t" }),
      { head: "state", kind: "t", draw: (part, row) => { set_text(part, row.state); set_class(part, `t state ${row.state}`); } },
      text_column("mailbox", (row) => number(row.mailbox), { title: "Messages waiting" }),
      text_column("rate", (row) => rate(row.rate), { title: "Messages a second" }),
      text_column("p50", (row) => micros(row.handler_p50_us), { title: "Time of a handler, median" }),
      text_column("p99", (row) => micros(row.handler_p99_us), { title: "Time of a handler, 99th percentile" }),
      text_column("restarts", (row) => number(row.restarts), { tone: (row) => (row.restarts > 0 ? "cost" : "") }),
      text_column("last error", (row) => row.last_error || "", { kind: "wide" }),
    ],
    key: (row) => row.name,
    empty: "No actor of that name.",
    most: 40,
  });
  return (store) => {
    set_hidden(place.parentElement, store.actors.length === 0); // the graph's panel says why
    const word = filter_word(filter, store.actors.length, 24);
    draw_table(ill_first(store.actors).filter((row) => row.name.toUpperCase().includes(word)), ": narrow the filter");
    const messages = store.actors.reduce((sum, row) => sum + (row.messages ?? 0), 0);
    set_text(read_place, store.actors.length ? `${number(messages)} messages` : "");
  };
}
