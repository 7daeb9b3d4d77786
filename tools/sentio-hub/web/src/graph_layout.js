// Where the actors stand: the picture of the README, wide or, on a phone, tall. Pure geometry.
//
//   feed ──┐                ┌ symbols ┐ ── ranking
//   clock ─┴─► tape ── bars ►└─────────┘        │
//   gateway ──┘  └──────── fills, phases ──► portfolio ──► journal
//      ▲──────────────── orders ────────────────┘          supervisor

const box = { w: 114, h: 40 };
const chip = { w: 92, h: 24 };
export const most_chips = 12; // more symbols than that are one node

const mid = (node) => ({ x: node.x + node.w / 2, y: node.y + node.h / 2 });
const right = (node) => node.x + node.w;
const bottom = (node) => node.y + node.h;
const line = (x1, y1, x2, y2) => `M${x1},${y1} L${x2},${y2}`;
const bend = (x1, y1, x2, y2) => `M${x1},${y1} C${(x1 + x2) / 2},${y1} ${(x1 + x2) / 2},${y2} ${x2},${y2}`;
/** Straight pieces through the points, corners rounded. */
function route(points, round = 8) {
  let path = `M${points[0].join(",")}`;
  for (let i = 1; i < points.length - 1; ++i) {
    const [x, y] = points[i];
    const back = points[i - 1];
    const on = points[i + 1];
    path += ` L${x + Math.sign(back[0] - x) * round},${y + Math.sign(back[1] - y) * round}`;
    path += ` Q${x},${y} ${x + Math.sign(on[0] - x) * round},${y + Math.sign(on[1] - y) * round}`;
  }
  return `${path} L${points[points.length - 1].join(",")}`;
}

/** The chips of a few symbols inside their box: columns that fit, and the box's height. */
function chips_in(width, count) {
  if (count > most_chips || count === 0) return { columns: 0, height: 84 };
  const columns = Math.max(1, Math.min(count, Math.floor((width - 10) / chip.w)));
  return { columns, height: Math.max(84, Math.ceil(count / columns) * (chip.h + 3) + 32) };
}

function wide(width, count) {
  const edge = width - box.w - 1;
  const at = (share, y) => ({ x: Math.round(edge * share) + 0.5, y: y + 0.5, ...box });
  const symbols = { x: Math.round(edge * 0.475) + 0.5, y: 2.5, w: 0, h: 0 };
  symbols.w = Math.round(edge - symbols.x - Math.max(70, edge * 0.1));
  const { columns, height } = chips_in(symbols.w, count);
  symbols.h = height;
  const middle = Math.round(mid(symbols).y - box.h / 2);
  const low = Math.max(122, bottom(symbols) + 32); // journal and portfolio
  const nodes = {
    feed: at(0, 2), clock: at(0, 58), gateway: at(0, low), tape: at(0.25, middle), symbols,
    ranking: at(1, middle), portfolio: at(1, low), journal: at(0.475, low), supervisor: at(0.475, low + 68),
  };
  const { feed, clock, gateway, tape, ranking, portfolio, journal, supervisor } = nodes;
  const t = mid(tape);
  const lane = bottom(symbols) + 14;
  const orders = low + 54;
  return {
    width, height: bottom(supervisor) + 2, nodes, columns,
    edges: [
      { d: bend(right(feed), mid(feed).y, tape.x, t.y - 10), says: "bars", x: right(feed) + 7, y: mid(feed).y - 5, from: "start" },
      { d: bend(right(clock), mid(clock).y, tape.x, t.y + 2), says: "phases", x: right(clock) + 7, y: mid(clock).y + 13, from: "start" },
      { d: bend(right(gateway), mid(gateway).y - 10, tape.x, t.y + 13), says: "fills", x: (right(gateway) + tape.x) / 2 + 12, y: (mid(gateway).y + t.y) / 2 + 10, from: "start" },
      { d: line(right(tape), t.y, symbols.x, t.y), says: "bars", x: right(tape) + 7, y: t.y - 5, from: "start" },
      { d: line(right(symbols), t.y, ranking.x, t.y), says: "signals", x: right(symbols) + 7, y: t.y - 5, from: "start" },
      { d: line(mid(ranking).x, bottom(ranking), mid(portfolio).x, portfolio.y), says: "ranked round", x: mid(ranking).x - 7, y: lane - 6, from: "end" },
      { d: route([[right(tape), t.y + 12], [right(tape) + 18, t.y + 12], [right(tape) + 18, lane], [portfolio.x - 20, lane], [portfolio.x - 20, portfolio.y + 10], [portfolio.x, portfolio.y + 10]]), says: "fills, phases, cut-offs", x: symbols.x + 4, y: lane + 12, from: "start" },
      { d: line(portfolio.x, mid(portfolio).y + 8, right(journal), mid(journal).y + 8), says: "steps", x: right(journal) + 22, y: mid(journal).y + 3, from: "start" },
      { d: route([[mid(portfolio).x, bottom(portfolio)], [mid(portfolio).x, orders], [t.x + 14, orders], [t.x + 14, bottom(tape)]]), says: "orders, past the risk gateway", x: portfolio.x - 10, y: orders - 5, from: "end" },
      { d: route([[t.x - 6, bottom(tape)], [t.x - 6, mid(gateway).y + 10], [right(gateway), mid(gateway).y + 10]]), says: "orders", x: right(gateway) + 12, y: mid(gateway).y + 23, from: "start" },
    ],
    note: { x: right(supervisor) + 12, y: mid(supervisor).y + 4, text: "starts, watches and restarts every actor" },
  };
}

function tall(width, count) {
  const third = Math.floor((width - 16) / 3);
  const half = Math.floor((width - 34) / 2);
  const small = { w: third, h: box.h };
  const symbols = { x: 0.5, y: 168.5, w: width - 20, h: 0 };
  const { columns, height } = chips_in(symbols.w, count);
  symbols.h = height;
  const y = bottom(symbols) + 44;
  const nodes = {
    feed: { x: 0.5, y: 2.5, ...small }, clock: { x: third + 8.5, y: 2.5, ...small }, gateway: { x: 2 * third + 15.5, y: 2.5, ...small },
    tape: { x: third + 8.5, y: 88.5, ...small }, symbols,
    ranking: { x: 0.5, y, w: half, h: box.h }, portfolio: { x: half + 14.5, y, w: half, h: box.h },
    journal: { x: half + 14.5, y: y + 76, w: half, h: box.h }, supervisor: { x: 0.5, y: y + 76, w: half, h: box.h },
  };
  const { feed, clock, gateway, tape, ranking, portfolio, journal, supervisor } = nodes;
  const t = mid(tape);
  const side = width - 7;
  return {
    width, height: bottom(supervisor) + 24, nodes, columns,
    edges: [
      { d: route([[mid(feed).x, bottom(feed)], [mid(feed).x, t.y], [tape.x, t.y]]), says: "bars", x: mid(feed).x + 6, y: bottom(feed) + 24, from: "start" },
      { d: line(t.x, bottom(clock), t.x, tape.y), says: "phases", x: t.x + 6, y: bottom(clock) + 24, from: "start" },
      { d: route([[mid(gateway).x, bottom(gateway)], [mid(gateway).x, t.y], [right(tape), t.y]]), says: "fills", x: mid(gateway).x - 6, y: bottom(gateway) + 24, from: "end" },
      { d: line(t.x, bottom(tape), t.x, symbols.y), says: "bars", x: t.x + 6, y: bottom(tape) + 24, from: "start" },
      { d: line(mid(ranking).x, bottom(symbols), mid(ranking).x, ranking.y), says: "signals", x: mid(ranking).x + 6, y: bottom(symbols) + 26, from: "start" },
      { d: line(right(ranking), mid(ranking).y, portfolio.x, mid(portfolio).y), says: "", x: 0, y: 0, from: "start" },
      { d: line(mid(portfolio).x, bottom(portfolio), mid(journal).x, journal.y), says: "steps", x: mid(journal).x + 6, y: journal.y - 14, from: "start" },
      { d: route([[right(portfolio), mid(portfolio).y], [side, mid(portfolio).y], [side, bottom(gateway)]]), says: "orders, by the tape", x: side - 6, y: portfolio.y - 10, from: "end" },
    ],
    note: { x: 0, y: bottom(supervisor) + 16, text: "the supervisor starts, watches and restarts them" },
  };
}

/** → {width, height, nodes: role → box, columns of symbol chips (0: one node), edges, note} */
export function graph_layout(width, symbol_count) {
  return width >= 720 ? wide(width, symbol_count) : tall(Math.max(300, width), symbol_count);
}

/** The box of chip i in the symbols' box. */
export function chip_box(symbols, columns, i) {
  const step = (symbols.w - 10) / columns;
  return { x: symbols.x + 6 + (i % columns) * step, y: symbols.y + 25 + Math.floor(i / columns) * (chip.h + 3), w: step - 4, h: chip.h };
}
