// Whatever the instance counts, by name.
import { element, set_hidden, set_text } from "../dom.js";
import { number } from "../format.js";

export function make_counters(place) {
  const kept = new Map();
  return (store) => {
    set_hidden(place.parentElement, store.counters.length === 0);
    const wanted = new Set(store.counters.map(([name]) => name));
    for (const [name, made] of kept)
      if (!wanted.has(name)) {
        made.row.remove();
        kept.delete(name);
      }
    for (const [name, count] of store.counters) {
      let made = kept.get(name);
      if (!made) {
        made = { value: element("dd") };
        made.row = element("div", {}, element("dt", { title: name }, name.replaceAll("_", " ")), made.value);
        place.append(made.row);
        kept.set(name, made);
      }
      set_text(made.value, number(count, Number.isInteger(count) ? 0 : 2));
    }
  };
}
