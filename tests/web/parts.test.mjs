// The parts of the page that are only functions.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { web } from "./lab.mjs";

const part = (name) => import(new URL(`../../tools/sentio-hub/web/src/${name}.js`, import.meta.url));
const { dollars, listed, micros, number, percent, rate, signed, signed_dollars, span, clock, clock_seconds } = await part("format");
const { read_message, read_text, columns } = await part("messages");
const { apply, choose_instance, make_store, shown_symbol } = await part("store");
const { find_events, parse_search } = await part("event_search");
const { wait_ms } = await part("backoff");
const { headline, alarm } = await part("sentence");
const { held_spans } = await part("held_spans");
const { timeline } = await part("timeline_layout");
const { graph_layout, chip_box } = await part("graph_layout");
const { crowd_lines, figures_text, worst_state } = await part("actor_groups");
const { messages_of } = await part("finished");
const { link_words, title_of } = await part("panels/header");
const { tiles_of } = await part("panels/tiles");
const { in_order, standing_text } = await part("panels/ranking");
const { ill_first } = await part("panels/actors");

const minute = 60_000;

test("numbers are grouped, signed with a real minus, never minus nothing, and a dash when unknown", () => {
  assert.equal(number(1234567.891, 2), "1,234,567.89");
  assert.equal(number(-0.001, 2), "0.00");
  assert.equal(signed(-1.25, 1), "−1.3");
  assert.equal(signed(0.001, 1), "0.0");
  assert.equal(signed(2, 1), "+2.0");
  assert.equal(dollars(-12.5), "−$12.50");
  assert.equal(signed_dollars(1234), "+$1,234.00");
  assert.equal(percent(0.01234), "1.23\u00a0%");
  for (const unknown of [null, undefined, NaN, Infinity, "5"])
    for (const write of [number, signed, dollars, signed_dollars, percent, rate, micros, span, clock]) assert.equal(write(unknown), "–");
  assert.equal(rate(0), "0/s");
  assert.equal(rate(2.34), "2.3/s");
  assert.equal(rate(123456), "123k/s");
  assert.equal(micros(999), "999 µs");
  assert.equal(micros(1500), "1.5 ms");
  assert.equal(span(12), "12 s");
  assert.equal(span(3 * 3600 + 300), "3 h 5 min");
  assert.equal(listed(["A", "B", "C"]), "A, B and C");
  assert.equal(listed([]), "");
});

test("times are New York's, in winter and in summer", () => {
  assert.equal(clock(Date.UTC(2025, 11, 1, 14, 31)), "09:31");
  assert.equal(clock(Date.UTC(2025, 5, 2, 13, 31)), "09:31");
  assert.equal(clock_seconds(Date.UTC(2025, 11, 1, 5, 0, 7)), "00:00:07");
});

test("a message that is not understood is refused, whatever it is", () => {
  for (const text of ["", "{", "null", "[]", "7", '"hello"', "{}", '{"type":"constructor"}', '{"type":"__proto__"}', '{"type":["hello"]}', '{"type":"event","instance":"a"}'])
    assert.equal(read_text(text), null, text);
});

test("fields of wrong types become null, unknown ones are left out, texts and lists are cut", () => {
  const read = read_message({
    type: "snapshot", instance: "a", at: "now", extra: 1, account: { equity: "100", cash: 5, halted: "yes" }, positions: [null, 7, { symbol: { a: 1 }, shares: 3 }],
    actors: [{ name: "x".repeat(10_000), state: "strange", role: "symbol" }], ranking: "none", counters: { a: 1, b: "2", c: null },
  });
  assert.equal(read.at, null);
  assert.ok(!("extra" in read));
  assert.deepEqual([read.account.equity, read.account.cash, read.account.halted], [null, 5, false]);
  assert.deepEqual(read.positions.map((each) => [each.symbol, each.shares]), [["", 3]]);
  assert.equal(read.actors[0].name.length, 500);
  assert.equal(read.actors[0].state, "down"); // what is not known to be well is not shown as well
  assert.equal(read.ranking, null);
  assert.deepEqual(read.counters, [["a", 1]]);
  assert.equal(read_message({ type: "snapshot", ranking: Array(9000).fill({ symbol: "A" }) }).ranking.length, 5000);
});

test("series are ascending and finite whatever is sent", () => {
  assert.deepEqual(columns([[3, 1], [2, 9], [4, null], ["5", 1], null, [6, 2], [6, 3], [7, NaN]], 2), [[3, 6], [1, 2]]);
  assert.deepEqual(columns("no", 3), [[], [], []]);
  assert.equal(columns(Array.from({ length: 5000 }, (_, i) => [i, i]), 2)[0].length, 2000);
});

test("a symbol named __proto__ is a symbol like any other", () => {
  const told = read_text('{"type":"history","instance":"a","prices":{"__proto__":[[1,2]],"constructor":[[1,3]]},"equity":[],"marks":[],"events":[]}');
  assert.deepEqual([...told.prices.keys()].sort(), ["__proto__", "constructor"]);
  assert.equal({}.polluted, undefined);
});

const snapshot = (more = {}) =>
  read_message({
    type: "snapshot", instance: "a", at: 1000 * minute, session: { date: "2025-12-01", phase: "open", venue_time: 1000 * minute + 5000, kind: "mock" },
    account: { equity: 101, cash: 50, opening_equity: 100, pnl: 1, drawdown: 0.01 }, positions: [], ranking_at: 1000 * minute,
    ranking: [{ symbol: "A", rank: 1, close: 7, fresh: true }], actors: [], learners: [], counters: { rounds: 1 }, ...more,
  });
const ready = () => {
  const store = make_store();
  store.selected = "a";
  apply(store, read_message({ type: "history", instance: "a", date: "2025-12-01", equity: [[999 * minute, 100, 0]], prices: { A: [[999 * minute, 6]] }, marks: [], events: [] }), 0);
  return store;
};

test("a snapshot continues the series: one point a minute, and the running minute moves along", () => {
  const store = ready();
  apply(store, snapshot(), 1);
  apply(store, snapshot({ session: { venue_time: 1000 * minute + 6000 }, account: { equity: 102 } }), 2);
  assert.deepEqual(store.equity[1], [100, 102]);
  assert.deepEqual(store.equity[0], [999 * minute, 1000 * minute + 6000]);
  assert.deepEqual(store.prices.get("A"), [[999 * minute, 1000 * minute], [6, 7]]);
  apply(store, snapshot({ session: { venue_time: 998 * minute }, account: { equity: 1 } }), 3);
  assert.deepEqual(store.equity[1], [100, 102]); // late: the series stands
});

test("a part that a snapshot leaves out is unchanged; positions are always told", () => {
  const store = ready();
  apply(store, snapshot({ positions: [{ symbol: "A", shares: 1 }] }), 1);
  const changed = apply(store, read_message({ type: "snapshot", instance: "a", at: 1001 * minute }), 2);
  assert.equal(store.ranking.length, 1);
  assert.equal(store.snapshot.account.equity, 101);
  assert.equal(store.snapshot.session.phase, "open");
  assert.deepEqual(store.snapshot.positions, []);
  assert.ok(!changed.includes("ranking"));
});

test("words about another instance are ignored", () => {
  const store = ready();
  assert.deepEqual(apply(store, { ...snapshot(), instance: "b" }, 1), []);
  assert.equal(store.snapshot, null);
});

test("a fill is an event and a mark; events are bounded", () => {
  const store = ready();
  const event = (i, more = {}) => read_message({ type: "event", instance: "a", at: i, kind: "alert", text: `${i}`, ...more });
  assert.deepEqual(apply(store, event(1, { kind: "fill", symbol: "A", side: "buy", shares: 2, price: 3 }), 0), ["events", "marks"]);
  assert.equal(store.marks[0].shares, 2);
  for (let i = 0; i < 6000; ++i) apply(store, event(i), 0);
  assert.equal(store.events.length, 5000);
  assert.equal(store.events[4999].text, "5999");
});

test("the instance asked for is chosen, else a connected one, else the first", () => {
  const list = [{ id: "a", connected: false }, { id: "b", connected: true }, { id: "c", connected: true }];
  assert.equal(choose_instance(list, "c"), "c");
  assert.equal(choose_instance(list, "gone"), "b");
  assert.equal(choose_instance(list.slice(0, 1), null), "a");
  assert.equal(choose_instance([], "a"), "");
});

test("the price chart shows what was chosen, else what is held, else the best", () => {
  const store = ready();
  assert.equal(shown_symbol(store), "A");
  apply(store, snapshot({ positions: [{ symbol: "H", shares: 1 }] }), 1);
  assert.equal(shown_symbol(store), "H");
  store.symbol = "C";
  assert.equal(shown_symbol(store), "C");
});

test("a search wants all words, refuses those with a minus, and gives the newest first", () => {
  const events = [
    { kind: "fill", symbol: "TQQQ", actor: "", text: "EXIT at 5" }, { kind: "fault", symbol: "", actor: "feed", text: "stream closed" },
    { kind: "fill", symbol: "SDS", actor: "", text: "ENTRY at 7" },
  ];
  const texts = (text, kinds = []) => find_events(events, text, new Set(kinds)).rows.map((each) => each.symbol || each.actor);
  assert.deepEqual(texts(""), ["SDS", "feed", "TQQQ"]);
  assert.deepEqual(texts("FILL at"), ["SDS", "TQQQ"]);
  assert.deepEqual(texts("fill -exit"), ["SDS"]);
  assert.deepEqual(texts("", ["fault"]), ["feed"]);
  assert.deepEqual(texts("stream.*"), []); // no pattern language
  assert.deepEqual(parse_search(" - a  -b "), { wanted: ["a"], unwanted: ["b"] });
  assert.deepEqual(find_events(Array(1000).fill(events[0]), "", new Set(), 300).rows.length, 300);
});

test("attempts wait longer each time, up to 15 s, and not all the same", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 50].map((attempt) => wait_ms(attempt, 0)), [1000, 2000, 4000, 8000, 15000, 15000]);
  assert.equal(wait_ms(0, 0.999), 750);
});

test("the headline says result, holdings and health; an alarm says HALTED and paused", () => {
  const told = snapshot({ positions: [{ symbol: "A", shares: 3 }, { symbol: "B", shares: 4 }] });
  const well = [{ name: "tape", state: "up" }, { name: "feed", state: "up" }];
  assert.equal(headline(told, well), "Today it is up $1.00 (+1.00\u00a0%), holding A and B. All 2 actors are well.");
  assert.match(headline(told, [well[0], { name: "symbol[A]", state: "down" }]), /Not well: symbol\[A\] is down\.$/);
  assert.equal(headline(null, []), "Waiting for the first figures.");
  told.session.phase = "closed";
  assert.equal(headline({ ...told, positions: [] }, well), "The session ended up $1.00 (+1.00\u00a0%), flat.");
  assert.equal(alarm(told), "");
  told.account.halted = true;
  told.account.halt_reason = "drawdown";
  assert.match(alarm(told), /^Trading is HALTED: drawdown\./);
  told.account.halted = false;
  told.account.halt_reason = "circuit breaker: equity 59000 < 60 % of the starting capital";
  assert.equal(alarm(told), "No entries: circuit breaker: equity 59000 < 60 % of the starting capital. Exits go on.");
});

test("a holding lasts from the first share to the last and knows whether it won", () => {
  const mark = (t, side, shares, price) => ({ t, side, shares, price });
  const marks = [mark(1, "buy", 10, 5), mark(2, "buy", 10, 6), mark(3, "sell", 15, 7), mark(4, "sell", 5, 7), mark(5, "buy", 1, 7)];
  assert.deepEqual(held_spans(marks, 6), [{ from: 1, to: 4, won: true }, { from: 5, to: null, won: false }]);
  assert.deepEqual(held_spans([mark(1, "sell", 5, 5)], 1), []);
});

test("the timeline has a lane per actor, few of them, and thins what would lie on itself", () => {
  const event = (at, actor, kind = "fault") => ({ at, actor, symbol: "", kind, text: "x" });
  const many = Array.from({ length: 20 }, (_, i) => event(i * 1000, `actor${i}`));
  assert.equal(timeline(many, null).lanes.length, 6);
  assert.equal(timeline(many, null).lanes[5].name, "others");
  const close = timeline([event(1, "feed"), event(2, "feed"), event(3, "feed", "restart")], { open: 0, close: 390 * minute });
  assert.deepEqual(close.lanes[0].marks.map((each) => [each.kind, each.count]), [["fault", 2], ["restart", 1]]);
  assert.equal(timeline([], null).lanes.length, 0);
  assert.equal(timeline([event(1, "", "fill")], null).count, 0);
});

test("no two nodes of the graph touch, and none leaves the picture, at any width and for any number of symbols", () => {
  const apart = (a, b) => a.x + a.w < b.x || b.x + b.w < a.x || a.y + a.h < b.y || b.y + b.h < a.y;
  for (let width = 300; width <= 1900; width += 10)
    for (const count of [0, 1, 6, 12, 13, 500]) {
      const { nodes, height, columns, edges } = graph_layout(width, count);
      const boxes = Object.entries(nodes);
      assert.equal(boxes.length, 9);
      boxes.forEach(([name, box], i) => {
        assert.ok(box.x >= 0 && box.x + box.w <= width && box.y + box.h <= height, `${name} at ${width} with ${count}`);
        for (const [other, there] of boxes.slice(i + 1)) assert.ok(apart(box, there), `${name} and ${other} at ${width} with ${count}`);
      });
      assert.equal(columns === 0, count > 12 || count === 0);
      if (columns > 0) {
        const last = chip_box(nodes.symbols, columns, count - 1);
        assert.ok(last.y + last.h <= nodes.symbols.y + nodes.symbols.h && last.x + last.w <= nodes.symbols.x + nodes.symbols.w);
      }
      for (const edge of edges) assert.doesNotMatch(edge.d, /NaN|undefined/);
    }
});

test("many symbols are told in a few lines, ill ones by name", () => {
  const symbols = Array.from({ length: 500 }, (_, i) => ({ name: `symbol[S${i}]`, symbol: `S${i}`, state: "up", rate: 1, handler_p99_us: i, mailbox: 0 }));
  symbols[7].state = "down";
  assert.deepEqual(crowd_lines(symbols), ["500 symbols", "499 up, 1 down", "500/s, slowest p99 499 µs", "S7"]);
  assert.equal(worst_state(symbols), "down");
  assert.equal(worst_state([]), "unknown");
  assert.equal(ill_first(symbols)[0].symbol, "S7");
  assert.equal(figures_text(undefined), "not reported");
});

test("the state of the connection is said plainly", () => {
  const store = make_store();
  const words = (now = 10_000) => link_words(store, now);
  assert.equal(words().state, "waiting");
  store.link = { state: "open", since: 0, next: null };
  assert.equal(words().text, "connected; waiting for figures");
  store.heard_at = 9000;
  assert.deepEqual(words(), { state: "live", text: "live" });
  assert.deepEqual(words(9000 + 5001), { state: "late", text: "no news for 5 s" });
  store.link = { state: "lost", since: Date.UTC(2025, 11, 1, 15, 31, 5), next: 12_000 };
  assert.deepEqual(words(), { state: "lost", text: "not connected since 10:31:05, trying again in 2\u00a0s" });
  store.link = { state: "open", since: 0, next: null };
  store.hub = { protocol: 2 };
  assert.match(words().text, /version 2 of the messages, this page 1: reload the page/);
  store.snapshot = { account: { halted: true, pnl: -1, opening_equity: 100 } };
  assert.equal(title_of(store, "late"), "✕ not up to date · ▲ HALTED · −1.00\u00a0% · sentio-actors");
  store.mode = "view";
  assert.equal(words().text, "finished session");
});

test("tiles, ranking and standing cope with nothing and with everything", () => {
  assert.equal(tiles_of(null, []).length, 7);
  assert.ok(tiles_of(snapshot(), [{ state: "up", restarts: 1 }, { state: "down", restarts: 0 }])[6].main.includes("1 of 2"));
  assert.deepEqual(in_order([{ symbol: "B", rank: 0 }, { symbol: "C", rank: 2 }, { symbol: "A", rank: null }, { symbol: "D", rank: 1 }]).map((row) => row.symbol), ["D", "C", "A", "B"]);
  assert.equal(standing_text({ held: true, fresh: true }), "held");
  assert.equal(standing_text({ barred: "not_ready" }), "learning");
  assert.equal(standing_text({ barred: "none", staleness_s: 120 }), "120 s old");
});

test("a finished session's document is checked like the messages", () => {
  const document = { hello: { protocol: 1, instances: [] }, history: { instance: "d", events: [] }, snapshots: [{ instance: "d" }] };
  assert.deepEqual(messages_of(document).map((each) => each.type), ["hello", "history", "snapshot"]);
  for (const bad of [null, {}, { hello: {}, history: {} }, 7]) assert.throws(() => messages_of(bad), /not one that this page understands/);
});

test("every text colour stands out from its ground, dark and light: at least 4.5 to 1", () => {
  const css = readFileSync(`${web}src/style/colours.css`, "utf8");
  const [light, dark] = css.split(":root[").map((block) => Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{3,6})/g)].map(([, name, hex]) => [name, hex])));
  const luminance = (hex) => {
    const digits = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit) : hex.slice(1).match(/../g);
    const [r, g, b] = digits.map((two) => parseInt(two, 16) / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (a, b) => {
    const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
    return (high + 0.05) / (low + 0.05);
  };
  for (const theme of [light, dark])
    for (const [ground, inks] of [["card", ["ink", "soft", "accent", "gain", "loss", "cost"]], ["paper", ["ink", "soft", "loss"]], ["shade", ["ink", "soft"]], ["note", ["note-ink"]]])
      for (const ink of inks) assert.ok(contrast(theme[ground], theme[ink]) >= 4.5, `${ink} ${theme[ink]} on ${ground} ${theme[ground]}: ${contrast(theme[ground], theme[ink]).toFixed(2)}`);
});
