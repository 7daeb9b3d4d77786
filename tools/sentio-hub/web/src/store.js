// What the page knows of the instance that is looked at. Messages are folded in; every fold says which
// topics changed, so that only the panels concerned are drawn again. Nothing here touches the document.
const most_events = 5000;
const most_marks = 2000;
const most_points = 2000;
const minute = 60_000;

const nothing_yet = () => ({
  date: "",
  equity: [[], [], []], // t, equity, drawdown
  prices: new Map(), // symbol → [t, close]
  marks: [],
  events: [], // oldest first
  snapshot: null,
  ranking: [],
  actors: [],
  learners: [],
  counters: [],
});

export function make_store() {
  return {
    mode: "live",
    hub: null, // the last hello
    instances: [],
    selected: "", // instance id
    symbol: "", // of the price chart; empty: chosen by the page
    refused: 0, // messages not understood
    link: { state: "connecting", since: null, next: null },
    heard_at: null, // this browser's time of the last snapshot
    ...nothing_yet(),
  };
}

export function forget_session(store) {
  Object.assign(store, nothing_yet(), { heard_at: null, symbol: "" });
}

function put_point(series, at, values) {
  const times = series[0];
  const last = times[times.length - 1];
  if (last !== undefined && at < last) return; // late: the series stands
  // One point a minute, and one for the running minute that moves along.
  if (last !== undefined && Math.ceil(at / minute) === Math.ceil(last / minute)) {
    times[times.length - 1] = at;
    values.forEach((value, i) => (series[i + 1][times.length - 1] = value));
    return;
  }
  times.push(at);
  values.forEach((value, i) => series[i + 1].push(value));
  if (times.length > most_points) series.forEach((column) => column.shift());
}

function fold_history(store, told) {
  store.date = told.date;
  store.equity = told.equity;
  store.prices = told.prices;
  store.marks = told.marks.slice(-most_marks);
  store.events = told.events.slice(-most_events);
  return ["equity", "prices", "marks", "events", "instances"];
}

function fold_snapshot(store, told, now) {
  const changed = ["snapshot"];
  const before = store.snapshot;
  store.heard_at = now;
  store.snapshot = told;
  // A part that is absent is unchanged.
  for (const part of ["session", "account", "latency"]) told[part] ??= before?.[part] ?? null;
  told.ranking_at ??= before?.ranking_at ?? null;
  for (const part of ["ranking", "actors", "learners", "counters"])
    if (told[part] !== null) {
      store[part] = told[part];
      changed.push(part);
    }
  const at = told.session?.venue_time ?? told.at;
  if (told.account?.equity != null && at !== null) {
    put_point(store.equity, at, [told.account.equity, told.account.drawdown]);
    changed.push("equity");
  }
  if (told.ranking !== null && told.ranking_at !== null) {
    for (const row of told.ranking)
      if (row.fresh && row.close !== null && store.prices.has(row.symbol))
        put_point(store.prices.get(row.symbol), told.ranking_at, [row.close]);
    changed.push("prices");
  }
  return changed;
}

function fold_event(store, event) {
  const changed = ["events"];
  store.events.push(event);
  if (store.events.length > most_events) store.events.splice(0, store.events.length - most_events);
  if (event.kind === "fill" && event.price !== null && (event.side === "buy" || event.side === "sell")) {
    store.marks.push({ t: event.at, symbol: event.symbol, side: event.side, shares: event.shares, price: event.price, reason: event.text });
    if (store.marks.length > most_marks) store.marks.shift();
    changed.push("marks");
  }
  return changed;
}

/** Folds a checked message (messages.js) in; returns the topics that changed. `now` is this browser's time. */
export function apply(store, message, now) {
  switch (message.type) {
    case "hello":
      store.hub = message;
      store.instances = message.instances;
      return ["instances"];
    case "instances":
      store.instances = message.instances;
      return ["instances"];
  }
  if (message.instance !== store.selected) return []; // of an instance that was looked at before
  switch (message.type) {
    case "history":
      return fold_history(store, message);
    case "prices":
      store.prices.set(message.symbol, message.points);
      return ["prices"];
    case "snapshot":
      return fold_snapshot(store, message, now);
    case "event":
      return fold_event(store, message.event);
  }
  return [];
}

/** The instance to look at: the one asked for if it is there, else the first connected one, else the first. */
export function choose_instance(instances, wanted) {
  const found = instances.find((each) => each.id === wanted) ?? instances.find((each) => each.connected) ?? instances[0];
  return found?.id ?? "";
}

/** The symbol of the price chart: chosen, else held, else the best ranked, else any. */
export function shown_symbol(store) {
  if (store.symbol) return store.symbol;
  const held = store.snapshot?.positions[0]?.symbol;
  if (held) return held;
  const best = store.ranking.find((row) => row.rank === 1);
  return best?.symbol ?? store.ranking[0]?.symbol ?? store.prices.keys().next().value ?? "";
}
