// The actor graph: who talks to whom, how much, and who is not well. Drawn anew only when its shape changes.
import { by_place, crowd_lines, figures_text, signs, worst_state } from "../actor_groups.js";
import { element, set_class, set_text, svg } from "../dom.js";
import { micros, number, rate } from "../format.js";
import { chip_box, graph_layout } from "../graph_layout.js";

const arrow = () =>
  svg("marker", { id: "tip", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: "auto" },
    svg("path", { d: "M0,0.5 L8,4 L0,7.5 z", class: "tip" }));

function title_of(actor) {
  const told = `${actor.name}: ${actor.state}, ${number(actor.messages)} messages, handler p50 ${micros(actor.handler_p50_us)}, p99 ${micros(actor.handler_p99_us)}, ${number(actor.mailbox)} waiting, ${number(actor.restarts)} restarts`;
  return actor.last_error ? `${told}. Last error: ${actor.last_error}` : told;
}

function make_node(area, name) {
  const title = svg("title");
  const sign = svg("tspan", { class: "sign" });
  const label = svg("tspan", {}, ` ${name}`);
  const text = svg("text", { x: area.x + 8, y: area.y + 16, class: "name" }, sign, label);
  const figures = svg("text", { x: area.x + 8, y: area.y + 32, class: "rate" });
  const group = svg("g", { class: "node" }, title, svg("rect", { class: "box", x: area.x, y: area.y, width: area.w, height: area.h, rx: 6 }), text, figures);
  return {
    group,
    draw(actor) {
      const state = actor?.state ?? "unknown";
      set_class(group, `node ${state}`);
      set_text(sign, signs[state]);
      set_text(figures, figures_text(actor));
      set_text(title, actor ? title_of(actor) : `${name} has not reported`);
    },
  };
}

function make_chip(area, name) {
  const title = svg("title");
  const sign = svg("tspan", { class: "sign" });
  const figures = svg("text", { x: area.x + area.w - 6, y: area.y + 16, class: "rate", "text-anchor": "end" });
  const label = svg("text", { x: area.x + 6, y: area.y + 16, class: "name" }, sign, svg("tspan", {}, ` ${name.slice(0, 6)}`));
  const group = svg("g", { class: "node" }, title, svg("rect", { class: "box", x: area.x, y: area.y, width: area.w, height: area.h, rx: 5 }), label, figures);
  return {
    group,
    draw(actor) {
      set_class(group, `node ${actor.state}`);
      set_text(sign, signs[actor.state]);
      set_text(figures, area.w < 84 ? "" : actor.state === "up" ? rate(actor.rate).replace("/s", "") : actor.state === "down" ? "down" : "again");
      set_text(title, title_of(actor));
    },
  };
}

function make_crowd(area) {
  const head = svg("text", { x: area.x + 9, y: area.y + 16, class: "name" });
  const lines = [0, 1, 2].map((i) => svg("text", { x: area.x + 9, y: area.y + 33 + i * 16, class: "rate" }));
  return {
    parts: [head, ...lines],
    draw(symbols) {
      const [first, ...others] = crowd_lines(symbols);
      set_text(head, `${signs[worst_state(symbols)]} ${first}`);
      lines.forEach((line, i) => set_text(line, others[i] ?? ""));
    },
  };
}

export function make_graph({ place, read_place }) {
  let shape = "";
  let picture = null;

  function build(width, symbols, extra) {
    const layout = graph_layout(width, symbols.length);
    const area = layout.nodes.symbols;
    const root = svg("svg", { viewBox: `0 0 ${layout.width} ${layout.height}`, role: "img", "aria-label": "Actors and the messages between them; the table of actor figures has the same in words" }, svg("defs", {}, arrow()));
    for (const edge of layout.edges) root.append(svg("path", { d: edge.d, class: "edge", "marker-end": "url(#tip)" }));
    for (const edge of layout.edges) if (edge.says) root.append(svg("text", { x: edge.x, y: edge.y, class: "says", "text-anchor": edge.from }, edge.says));
    root.append(svg("text", { x: layout.note.x, y: layout.note.y, class: "says" }, layout.note.text + extra));
    const nodes = new Map();
    for (const [role, box] of Object.entries(layout.nodes))
      if (role !== "symbols") {
        const node = make_node(box, role);
        nodes.set(role, node);
        root.append(node.group);
      }
    const group = svg("g", { class: "node" }, svg("rect", { class: "box", x: area.x, y: area.y, width: area.w, height: area.h, rx: 6 }));
    root.append(group);
    const crowd = layout.columns === 0 ? make_crowd(area) : null;
    if (crowd) group.append(...crowd.parts);
    else group.append(svg("text", { x: area.x + 9, y: area.y + 16, class: "name" }, "symbols", svg("tspan", { class: "rate" }, "  messages/s")));
    const chips = crowd ? [] : symbols.map((each, i) => make_chip(chip_box(area, layout.columns, i), each.symbol || each.name));
    root.append(...chips.map((each) => each.group));
    place.replaceChildren(root);
    return { nodes, group, crowd, chips };
  }

  return (store) => {
    const groups = by_place(store.actors);
    const symbols = groups.get("symbols") ?? [];
    const width = Math.round(place.clientWidth);
    if (width === 0) return;
    if (store.actors.length === 0) {
      shape = "";
      place.replaceChildren(element("p", { class: "empty" }, "No actor has reported: the logs of a finished session hold no figures of actors."));
      set_text(read_place, "");
      return;
    }
    const others = (groups.get("other") ?? []).map((each) => each.name);
    const extra = others.length ? `; also: ${others.slice(0, 4).join(", ")}` : "";
    const now = `${width}|${symbols.length > 12 ? "many" : symbols.map((each) => each.name).join()}|${extra}`;
    if (now !== shape) {
      picture = build(width, symbols, extra);
      shape = now;
    }
    for (const [role, node] of picture.nodes) node.draw(groups.get(role)?.[0]);
    set_class(picture.group, `node ${worst_state(symbols)}`);
    picture.crowd?.draw(symbols);
    picture.chips.forEach((each, i) => each.draw(symbols[i]));
    const sum = store.actors.reduce((all, each) => all + (each.rate ?? 0), 0);
    set_text(read_place, `${rate(sum)} messages; ${signs.up} up  ${signs.restarting} restarting  ${signs.down} down`);
  };
}
