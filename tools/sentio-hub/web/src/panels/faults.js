// What went wrong, when, and whether it came back.
import { element, set_hidden, set_text, svg } from "../dom.js";
import { clock, number } from "../format.js";
import { timeline, trouble_kinds } from "../timeline_layout.js";

/** A line of the short list below the picture: time, sign, who and what. */
function short_line(event) {
  const who = event.actor || event.symbol;
  return element(
    "li", {},
    element("time", {}, clock(event.at)),
    element("span", { class: `what ${event.kind}`, title: event.kind }, signs[event.kind]),
    element("span", { class: "text" }, who ? `${who}: ${event.text}` : event.text),
  );
}

const signs = { fault: "✕", restart: "↻", alert: "◆", command: "●" };
const lane_height = 20;
const left = 92;

export function make_faults({ place, read_place, list, legend }) {
  return (store) => {
    const session = store.snapshot?.session;
    const { lanes, from, to, count } = timeline(store.events, session);
    const width = Math.max(280, place.clientWidth || 400);
    const height = Math.max(1, lanes.length) * lane_height + 20;
    const x = (at) => left + ((at - from) / (to - from)) * (width - left - 8);
    const y = (i) => i * lane_height + 14;
    const words = `${count} fault${count === 1 ? "" : "s"}, restarts, alerts and commands`;
    const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `Timeline of ${words}` });
    if (lanes.length === 0) picture.append(svg("text", { x: 0, y: 14, class: "who" }, "Nothing went wrong so far."));
    lanes.forEach((lane, i) => {
      picture.append(
        svg("text", { x: 0, y: y(i), class: "who" }, lane.name.length > 14 ? `${lane.name.slice(0, 13)}…` : lane.name),
        svg("line", { x1: left, x2: width - 8, y1: y(i) - 4, y2: y(i) - 4, class: "lane" }),
      );
      let before = -Infinity; // marks that would touch stand side by side
      for (const mark of lane.marks) {
        const place_x = Math.max(x(mark.at), before + 12);
        before = place_x;
        const told = mark.count > 1 ? `${mark.text} (and ${mark.count - 1} more)` : mark.text;
        picture.append(svg("text", { x: place_x, y: y(i), class: mark.kind, "text-anchor": "middle" }, svg("title", {}, `${clock(mark.at)} ${mark.kind}: ${told}`), signs[mark.kind]));
      }
    });
    if (lanes.length > 0) {
      const hour = 3_600_000;
      const step = Math.max(1, Math.ceil((to - from) / hour / Math.max(2, Math.floor((width - left) / 60)))) * hour;
      for (let at = Math.ceil(from / step) * step; at <= to; at += step)
        picture.append(svg("text", { x: x(at), y: height - 3, class: "hour", "text-anchor": "middle" }, clock(at)));
      const now = session?.venue_time;
      if (now > from && now < to) picture.append(svg("line", { x1: x(now), x2: x(now), y1: 2, y2: height - 16, class: "lane-now" }));
    }
    place.replaceChildren(picture);
    const last = store.events.filter((event) => trouble_kinds.includes(event.kind)).slice(-3).reverse();
    list.replaceChildren(...last.map(short_line));
    set_text(read_place, count ? number(count) : "");
    set_hidden(list, last.length === 0);
    set_hidden(legend, last.length === 0);
  };
}
