// What happened, newest first; searchable.
import { element, set_text } from "../dom.js";
import { find_events } from "../event_search.js";
import { clock_seconds, number } from "../format.js";
import { event_kinds } from "../messages.js";

const signs = { decision: "◇", order: "→", fill: "■", alert: "◆", fault: "✕", restart: "↻", command: "●", phase: "○" };

/** One event as a line of a list. */
export function event_line(event) {
  return element(
    "li", {},
    element("time", {}, clock_seconds(event.at)),
    element("span", { class: `what ${event.kind}` }, `${signs[event.kind]} ${event.kind}`),
    element("span", { class: "who" }, event.symbol || event.actor),
    element("span", { class: "text" }, event.text),
  );
}

export function make_events({ place, read_place, search, kinds_place }) {
  const kinds = new Set();
  const lines = new WeakMap(); // an event's line is made once
  let last = null;

  function draw(store) {
    last = store;
    const { rows, count } = find_events(store.events, search.value, kinds);
    const nodes = rows.map((event) => {
      if (!lines.has(event)) lines.set(event, event_line(event));
      return lines.get(event);
    });
    const held = place.scrollTop;
    const before = place.scrollHeight;
    if (place.children.length !== nodes.length || nodes.some((node, i) => place.children[i] !== node)) place.replaceChildren(...nodes);
    // Someone who reads further down keeps the place.
    if (held > 4) place.scrollTop = held + (place.scrollHeight - before);
    if (rows.length === 0) place.replaceChildren(element("li", { class: "none" }, store.events.length ? "Nothing matches." : "Nothing has happened yet."));
    set_text(read_place, count === store.events.length ? number(count) : `${number(count)} of ${number(store.events.length)}`);
  }

  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => last && draw(last), 60);
  });
  for (const kind of event_kinds) {
    const chip = element("button", { type: "button", "aria-pressed": "false" }, kind);
    chip.addEventListener("click", () => {
      if (!kinds.delete(kind)) kinds.add(kind);
      chip.setAttribute("aria-pressed", String(kinds.has(kind)));
      if (last) draw(last);
    });
    kinds_place.append(chip);
  }
  return draw;
}
