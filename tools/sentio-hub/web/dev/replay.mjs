// What a hub would say of a session at one of its minutes. Figures of actors are in no log: here they are made
// up, plainly and always the same, so that tests and pictures have some.
const roles = ["feed", "clock", "gateway", "tape", "ranking", "portfolio", "journal", "supervisor"];

function made_up_actors(session, index) {
  const symbols = session.rounds[index].signals.map((each) => each.symbol);
  const one = (name, role, i, more = {}) => {
    const wave = 1 + 0.2 * Math.sin(index / 7 + i);
    const weight = { tape: 9, symbol: 1.4, ranking: 8, portfolio: 2.5, feed: 6.5, gateway: 1.2, journal: 2.5, clock: 0.5, supervisor: 0.2 }[role];
    const slow = { tape: 31, symbol: 46, ranking: 9, portfolio: 38, feed: 22, gateway: 64, journal: 140, clock: 3, supervisor: 5 }[role];
    return {
      name, role, state: "up", mailbox: 0, messages: Math.round(weight * 62 * (index + 1)), rate: Math.round(weight * wave * 10) / 10,
      handler_p50_us: Math.round(slow * wave * 4) / 10, handler_p99_us: Math.round(slow * wave * 23) / 10, restarts: 0, last_error: "", ...more,
    };
  };
  return [...roles.map((role, i) => one(role, role, i)), ...symbols.map((symbol, i) => one(`symbol[${symbol}]`, "symbol", i, { symbol }))];
}

const ranking_of = (round) => {
  const held = new Set(round.book.positions.map((each) => each.symbol));
  return round.signals.map((each) => ({
    symbol: each.symbol, rank: each.rank, strength: each.strength, probability: each.probability, confidence: each.confidence,
    edge_bp: each.edge_bp, sigma_bp: each.sigma_bp, staleness_s: each.staleness_s, fresh: each.fresh, close: each.close,
    held: held.has(each.symbol), barred: each.barred,
  }));
};

/** options: {instance, kind, now: venue time, actors: false for a finished session} */
export function snapshot_at(session, index, { instance, kind = session.kind, now, actors = true }) {
  const round = session.rounds[index];
  const { book } = round;
  const opening = session.summary?.opening_equity ?? session.rounds[0].book.equity;
  const at = now ?? round.at;
  const { hours } = session;
  const phase = at >= hours.close ? "closed" : at >= hours.liquidation ? "liquidation" : "open";
  const orders = session.trades.filter((each) => each.decision_timestamp_ms <= round.at).length;
  const counters = { rounds: index + 1, orders, ...Object.fromEntries(Object.entries(session.summary?.counters ?? {}).filter(([, count]) => count > 0)) };
  for (const [rule, count] of Object.entries(session.summary?.refused ?? {}))
    if (count > 0) counters[`refused: ${rule}`] = Math.round((count * (index + 1)) / session.rounds.length);
  return {
    type: "snapshot", instance, at: Date.now(),
    session: { date: session.date, phase, venue_time: at, ...hours, kind, data_note: session.run.data_note },
    account: {
      equity: book.equity, cash: book.cash, opening_equity: opening, pnl: book.equity - opening, drawdown: book.drawdown,
      max_drawdown: round.max_drawdown, halted: false, halt_reason: "", paused: false,
    },
    positions: book.positions.map((each) => ({
      symbol: each.symbol, shares: each.shares, entry_price: each.entry_price, mark: each.mark, unrealized: each.unrealized_pnl,
      rank: each.rank, strength: each.strength, bars_held: each.bars_held,
    })),
    ranking_at: round.at,
    ranking: ranking_of(round),
    actors: actors ? made_up_actors(session, index) : [],
    learners: actors
      ? round.learners.map((each, i) => ({ ...each, leverage: 0.04 + 0.03 * Math.abs(Math.sin(index / 5 + i)), p_min: 0.00021, p_max: 0.97 }))
      : round.learners,
    latency: actors ? { p50_ms: 0.38, p99_ms: 0.57, orders } : { p50_ms: null, p99_ms: null, orders },
    counters,
  };
}

/** Everything up to and with round `index`; events: further ones to mix in; whole: prices of all symbols. */
export function history_at(session, index, { instance, events = [], whole = true }) {
  const end = session.rounds[index].at;
  const past = session.rounds.slice(0, index + 1);
  const wanted = whole ? null : new Set(session.rounds[index].book.positions.map((each) => each.symbol));
  const prices = {};
  for (const round of past)
    for (const each of round.signals)
      if (each.fresh && (wanted === null || wanted.has(each.symbol))) (prices[each.symbol] ??= []).push([round.at, each.close]);
  return {
    type: "history", instance, date: session.date,
    equity: past.map((round) => [round.at, round.book.equity, round.book.drawdown]),
    prices,
    marks: session.trades.filter((each) => each.timestamp_ms < end + 60_000 && each.decision_timestamp_ms <= end)
      .map((each) => ({ t: each.timestamp_ms, symbol: each.symbol, side: each.side.toLowerCase(), shares: each.shares, price: each.price, reason: each.reason })),
    events: [...session.events, ...events].filter((each) => each.at <= end).sort((a, b) => a.at - b.at),
  };
}

export function prices_at(session, index, { instance, symbol }) {
  const points = [];
  for (const round of session.rounds.slice(0, index + 1)) {
    const found = round.signals.find((each) => each.symbol === symbol);
    if (found?.fresh) points.push([round.at, found.close]);
  }
  return { type: "prices", instance, symbol, points };
}

/** The document of /session.json: `sessions` are the ids of all that can be chosen. */
export function finished_document(session, ids) {
  const last = session.rounds.length - 1;
  const instance = session.date;
  const kind = "finished";
  return {
    hello: { type: "hello", protocol: 1, version: "dev", at: Date.now(), instances: ids.map((id) => ({ id, name: id, kind, connected: false, since: null })) },
    history: { ...history_at(session, last, { instance }), events: session.events },
    snapshots: [snapshot_at(session, last, { instance, kind, actors: false })],
  };
}
