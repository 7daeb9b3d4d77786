// The door: what comes from the hub is checked here and nowhere else. A message that is not understood is
// refused as a whole; a field of the wrong type becomes null, a text is cut, a list is cut. See contract.md.
export const protocol = 1;

const longest_text = 500;
const most_rows = 5000; // of any list; 1,000 symbols are the largest session that anybody measured
const most_points = 2000; // of a series: a whole day of minutes is 1,440

const number = (value) => (typeof value === "number" && Number.isFinite(value) ? value : null);
const latest = Date.UTC(2100, 0, 1);
const time = (value) => (number(value) !== null && value >= 0 && value < latest ? value : null); // UTC ms
const text = (value) => (typeof value === "string" ? value.slice(0, longest_text) : "");
const flag = (value) => value === true;
const one_of = (names) => (value) => (names.includes(value) ? value : names[0]);
const is_object = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** fields: name → reader. Only named fields come through. */
function shape(fields) {
  const entries = Object.entries(fields);
  return (value) => {
    const given = is_object(value) ? value : {};
    const made = {};
    for (const [name, read] of entries) made[name] = read(given[name]);
    return made;
  };
}
const list_of = (read, most = most_rows) => (value) =>
  Array.isArray(value) ? value.slice(0, most).filter(is_object).map(read) : null; // null: unchanged
const whole_list = (read, most) => (value) => list_of(read, most)(value) ?? [];

const maybe = (read) => (value) => (is_object(value) ? read(value) : null);

/** [[t, value...]...] as columns, ascending t; rows that are not numbers are left out. */
export function columns(value, width) {
  const made = Array.from({ length: width }, () => []);
  if (!Array.isArray(value)) return made;
  let last = -Infinity;
  for (const row of value.slice(-most_points)) {
    if (!Array.isArray(row)) continue;
    const at = time(row[0]);
    if (at === null || at <= last || number(row[1]) === null) continue;
    last = at;
    made[0].push(at);
    for (let i = 1; i < width; ++i) made[i].push(number(row[i]));
  }
  return made;
}

const instance = shape({ id: text, name: text, kind: one_of(["mock", "paper", "real", "finished"]), connected: flag, since: time });
export const event_kinds = ["decision", "order", "fill", "alert", "fault", "restart", "command", "phase"];
const read_event = shape({
  at: time, kind: one_of(["alert", ...event_kinds]), symbol: text, actor: text, text, side: text, shares: number, price: number,
});
const read_mark = shape({ t: time, symbol: text, side: one_of(["buy", "sell"]), shares: number, price: number, reason: text });

const session = shape({
  date: text, phase: text, venue_time: time, open: time, liquidation: time, close: time,
  kind: one_of(["mock", "paper", "real", "finished"]), data_note: text,
});
const account = shape({
  equity: number, cash: number, opening_equity: number, pnl: number, drawdown: number, max_drawdown: number,
  halted: flag, halt_reason: text, paused: flag,
});
const position = shape({
  symbol: text, shares: number, entry_price: number, mark: number, unrealized: number, rank: number, strength: number,
  bars_held: number,
});
const ranked = shape({
  symbol: text, rank: number, strength: number, probability: number, confidence: number, edge_bp: number,
  sigma_bp: number, staleness_s: number, fresh: flag, close: number, held: flag, barred: text,
});
export const actor_roles = ["feed", "clock", "gateway", "tape", "symbol", "ranking", "portfolio", "journal", "supervisor", "other"];
const actor = shape({
  name: text, role: one_of(["other", ...actor_roles]), symbol: text, state: one_of(["down", "up", "restarting"]),
  mailbox: number, messages: number, rate: number, handler_p50_us: number, handler_p99_us: number, restarts: number,
  last_error: text,
});
const learner = shape({
  symbol: text, probability: number, confidence: number, directional_accuracy: number, leverage: number, p_min: number,
  p_max: number, bars: number,
});
const latency = shape({ p50_ms: number, p99_ms: number, orders: number });

function counters(value) {
  if (!is_object(value)) return null;
  return Object.entries(value).slice(0, 200).filter(([, count]) => number(count) !== null)
    .map(([name, count]) => [text(name), count]);
}
function prices(value) {
  const made = new Map(); // never a plain object: "__proto__" may be a symbol's name
  if (is_object(value))
    for (const [symbol, points] of Object.entries(value).slice(0, most_rows)) made.set(text(symbol), columns(points, 2));
  return made;
}
const by_time = (rows, key) => rows.filter((row) => row[key] !== null).sort((a, b) => a[key] - b[key]);

const readers = {
  hello: shape({ protocol: number, version: text, at: time, instances: whole_list(instance, 500) }),
  instances: shape({ instances: whole_list(instance, 500) }),
  history: (given) => ({
    instance: text(given.instance),
    date: text(given.date),
    equity: columns(given.equity, 3),
    prices: prices(given.prices),
    marks: by_time(whole_list(read_mark)(given.marks), "t"),
    events: by_time(whole_list(read_event)(given.events), "at"),
  }),
  prices: (given) => ({ instance: text(given.instance), symbol: text(given.symbol), points: columns(given.points, 2) }),
  snapshot: shape({
    instance: text, at: time, session: maybe(session), account: maybe(account), positions: whole_list(position),
    ranking_at: time, ranking: list_of(ranked), actors: list_of(actor), learners: list_of(learner),
    latency: maybe(latency), counters,
  }),
  event: (given) => ({ instance: text(given.instance), event: read_event(given) }),
};

/** A parsed message → {type, ...} or null when it is not one of ours. */
export function read_message(given) {
  if (!is_object(given) || typeof given.type !== "string" || !Object.hasOwn(readers, given.type)) return null;
  const made = readers[given.type](given);
  if (given.type === "event" && made.event.at === null) return null;
  made.type = given.type;
  return made;
}

/** Text of a message → the same. */
export function read_text(line) {
  try {
    return read_message(JSON.parse(line));
  } catch {
    return null;
  }
}
