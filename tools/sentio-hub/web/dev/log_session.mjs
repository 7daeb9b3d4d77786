// Reads one finished session from a log directory into the shapes of contract.md.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const minute = 60_000;
const lines = (file) => readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line));

/** Dates with a positions log, ascending. */
export function session_dates(directory) {
  return readdirSync(directory).map((name) => /^positions_(\d{4}-\d\d-\d\d)\.jsonl$/.exec(name)?.[1]).filter(Boolean).sort();
}

const money = (value) => `${value < 0 ? "-" : ""}$${Math.abs(value).toFixed(2)}`;

function events_of({ decisions, trades, rounds, hours }) {
  const events = [{ at: hours.open, kind: "phase", text: "open" }, { at: hours.liquidation, kind: "phase", text: "liquidation" }, { at: hours.close, kind: "phase", text: "close" }];
  for (const each of decisions)
    if (each.decision !== "HOLD")
      events.push({ at: each.timestamp_ms, kind: "decision", symbol: each.symbol, text: `${each.decision}: ${each.reason}` });
  for (const each of trades) {
    const side = each.side.toLowerCase();
    events.push({ at: each.decision_timestamp_ms, kind: "order", symbol: each.symbol, text: `${side} ${each.shares} at market, ${each.client_order_id}` });
    const result = each.action === "EXIT" ? `, P&L ${money(each.pnl)} after ${each.bars_held} bars` : "";
    events.push({
      at: each.timestamp_ms, kind: "fill", symbol: each.symbol, side, shares: each.shares, price: each.price,
      text: `${each.action} ${side} ${each.shares} at ${each.price}, cost ${money(each.cost)}${result}; ${each.reason}`,
    });
  }
  const order = ["phase", "decision", "order", "fill"];
  return events.filter((each) => each.at <= rounds[rounds.length - 1].at + minute).sort((a, b) => a.at - b.at || order.indexOf(a.kind) - order.indexOf(b.kind));
}

/** The learners' record so far: how often P(up) had the next minute's direction right. */
function add_learners(rounds) {
  const kept = new Map();
  for (const round of rounds) {
    round.learners = round.signals.map((each) => {
      const was = kept.get(each.symbol) ?? { right: 0, all: 0, bars: 0, close: null, probability: null };
      if (each.fresh && was.close !== null && each.close !== was.close && was.probability !== 0.5) {
        ++was.all;
        if ((each.close > was.close) === (was.probability > 0.5)) ++was.right;
      }
      if (each.fresh) Object.assign(was, { close: each.close, probability: each.probability, bars: was.bars + 1 });
      kept.set(each.symbol, was);
      return {
        symbol: each.symbol, probability: each.probability, confidence: each.confidence,
        directional_accuracy: was.all ? was.right / was.all : null, leverage: null, p_min: null, p_max: null, bars: was.bars,
      };
    });
  }
}

export function load_session(directory, date) {
  const read = (kind) => lines(join(directory, `${kind}_${date}.jsonl`));
  const run = JSON.parse(readFileSync(join(directory, "run.json"), "utf8"));
  const summary = lines(join(directory, "sessions.jsonl")).find((each) => each.session === date);
  const by_time = new Map();
  for (const each of read("signals")) {
    if (!by_time.has(each.timestamp_ms)) by_time.set(each.timestamp_ms, { at: each.timestamp_ms, signals: [], learners: [], book: null });
    by_time.get(each.timestamp_ms).signals.push(each);
  }
  let rounds = [...by_time.values()].sort((a, b) => a.at - b.at);
  const books = read("positions");
  let next = 0;
  let book = null;
  let worst = 0;
  for (const round of rounds) {
    while (next < books.length && books[next].timestamp_ms <= round.at) book = books[next++];
    worst = Math.max(worst, book?.drawdown ?? 0);
    Object.assign(round, { book, max_drawdown: worst });
  }
  rounds = rounds.filter((round) => round.book);
  add_learners(rounds);
  const close = rounds[rounds.length - 1].at;
  const hours = { open: rounds[0].at - minute, liquidation: close - 2 * minute, close };
  const decisions = read("decisions");
  const trades = read("trades");
  return {
    date, run, summary, hours, rounds, trades,
    kind: run.title === "paper" || run.title === "real" ? run.title : "mock",
    events: events_of({ decisions, trades, rounds, hours }),
  };
}
