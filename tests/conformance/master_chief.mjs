// npm @master-chief/alpaca: REST with its own parsing, JSON streams. It asks for Alpaca's own hosts (see loopback.mjs).
import { AlpacaClient, AlpacaStream } from "@master-chief/alpaca";
import { Checks, until } from "./checks.mjs";
import { ask, ended, exercise, keyId, near, secret, sum } from "./exchange.mjs";

const checks = new Checks();
const credentials = () => ({ key: keyId, secret, paper: true });
const client = new AlpacaClient({ credentials: credentials(), rate_limit: false });
const filled = (id) => until(() => client.getOrder({ order_id: id }), ended);

/** The call must throw Alpaca's error body. */
async function refused(call, code, message, sentence) {
  try {
    checks.note(false, sentence, { succeeded: await call() });
  } catch (error) {
    checks.that(error.code === code && message.test(error.message), sentence, error);
  }
}

async function account_and_calendar() {
  checks.equal(await client.isAuthenticated(), true, "the keys are good");
  const wrong = new AlpacaClient({ credentials: { key: "PKWRONG", secret: "wrong", paper: true } });
  checks.equal(await wrong.isAuthenticated(), false, "wrong keys are not");
  const account = await client.getAccount();
  checks.equal([account.status, account.cash, account.equity, account.multiplier], ["ACTIVE", 100_000, 100_000, 1], "account");
  const clock = await client.getClock();
  checks.equal([clock.is_open, clock.next_close.toISOString()], [true, "2025-12-01T21:00:00.000Z"], "clock");
  const days = await client.getCalendar({ start: new Date("2025-11-26"), end: new Date("2025-12-01") });
  checks.equal(days.map((one) => [one.date, one.close]),
    [["2025-11-26", "16:00"], ["2025-11-28", "13:00"], ["2025-12-01", "16:00"]], "calendar with its half day");
  const assets = await client.getAssets({ status: "active" });
  checks.equal(assets.map((one) => one.symbol), ["SDS", "SQQQ", "SVIX", "TQQQ", "UPRO", "UVXY"], "assets");
  const asset = await client.getAsset({ asset_id_or_symbol: assets[3].id });
  checks.equal([asset.symbol, asset.class, asset.tradable], ["TQQQ", "us_equity", true], "an asset by its id");
}

async function orders() {
  const bought = await client.placeOrder({ symbol: "TQQQ", qty: 10, side: "buy", type: "market", time_in_force: "day" });
  checks.equal([bought.symbol, bought.qty, bought.side, bought.type], ["TQQQ", 10, "buy", "market"], "a market order is echoed");
  const done = await filled(bought.id);
  checks.equal([done.status, done.filled_qty], ["filled", 10], "it fills");
  checks.that(done.filled_avg_price > 0 && done.filled_at >= done.submitted_at, "with price and time", done.raw());
  const low = Number((done.filled_avg_price * 0.9).toFixed(2));
  const limit = await client.placeOrder({ symbol: "TQQQ", qty: 5, side: "buy", type: "limit", limit_price: low, time_in_force: "gtc" });
  await until(() => client.getOrder({ order_id: limit.id }), (one) => one.status === "new");
  const changed = await client.replaceOrder({ order_id: limit.id, qty: 6, limit_price: low, time_in_force: "gtc" });
  checks.equal([changed.qty, changed.limit_price, changed.raw().replaces], [6, low, limit.id], "a replacement");
  await until(() => client.getOrder({ order_id: changed.id }), (one) => one.status === "new");
  const open = await client.getOrders({ status: "open", symbols: ["TQQQ", "UPRO"] });
  checks.equal(open.map((one) => one.id), [changed.id], "open orders of two symbols");
  checks.equal(await client.cancelOrder({ order_id: changed.id }), true, "a cancel");
  checks.equal((await filled(changed.id)).status, "canceled", "is carried out");
  checks.equal(await client.cancelOrder({ order_id: changed.id }), false, "and not possible twice");
  await refused(() => client.placeOrder({ symbol: "TQQQ", qty: 100_000, side: "buy", type: "market", time_in_force: "day" }),
    40310000, /insufficient buying power/, "too large a buy is refused");
  await refused(() => client.getOrder({ order_id: "00000000-0000-4000-8000-000000000000" }), 40410000, /order not found/,
    "an unknown order");
}

async function positions_and_history() {
  const position = await client.getPosition({ symbol: "TQQQ" });
  checks.equal([position.qty, position.side], [10, "long"], "a position");
  checks.that(near(position.market_value, position.qty * position.current_price, 0.01), "its value", position.raw());
  const fills = await client.getAccountActivities({ activity_type: "FILL" });
  checks.that(fills.length >= 1 && fills.every((one) => one.symbol === "TQQQ" && one.price > 0), "activities", fills);
  checks.equal(sum(fills, "qty"), 10, "the fills add up");
  const history = await client.getPortfolioHistory({ period: "1D", timeframe: "5Min" });
  const account = await client.getAccount();
  checks.equal([history.base_value, history.timeframe, history.equity[0]], [100_000, "5Min", 100_000], "portfolio history");
  checks.that(near(history.equity.at(-1), account.equity, 30), "ends with the equity", [history.equity.at(-1), account.equity]);
  checks.that(history.profit_loss.every((gain, i) => near(gain, history.equity[i] - 100_000, 0.011)), "and has the profit");
  const half = await client.closePosition({ symbol: "TQQQ", qty: 4 });
  checks.equal([half.side, half.qty], ["sell", 4], "a part is closed");
  await filled(half.id);
  checks.equal((await client.getPositions()).map((one) => [one.symbol, one.qty]), [["TQQQ", 6]], "six are left");
  await client.closePositions({ cancel_orders: true });
  const none = await until(() => client.getPositions(), (list) => list.length === 0);
  checks.equal(none.length, 0, "all is closed");
}

async function settings_and_watchlists() {
  const changed = await client.updateAccountConfigurations({ trade_confirm_email: "none", suspend_trade: true, no_shorting: true,
    dtbp_check: "entry" });
  checks.equal([changed.trade_confirm_email, changed.suspend_trade, changed.no_shorting], ["none", true, true], "configurations");
  await refused(() => client.placeOrder({ symbol: "TQQQ", qty: 1, side: "buy", type: "market", time_in_force: "day" }),
    40310000, /rejected by user request/, "suspended trading refuses an order");
  await client.updateAccountConfigurations({ ...changed, suspend_trade: false });
  checks.equal((await client.getAccountConfigurations()).suspend_trade, false, "and is taken back");
  await refused(() => client.placeOrder({ symbol: "SDS", qty: 1, side: "sell", type: "market", time_in_force: "day" }),
    40310000, /not allowed to short/, "no_shorting refuses a short sale");

  const list = await client.createWatchlist({ name: "mine", symbols: ["TQQQ", "SQQQ"] });
  checks.equal(list.assets.map((one) => one.symbol), ["TQQQ", "SQQQ"], "a watchlist");
  const more = await client.addToWatchlist({ uuid: list.id, symbol: "UPRO" });
  checks.equal(more.assets.map((one) => one.symbol), ["TQQQ", "SQQQ", "UPRO"], "a symbol more");
  const less = await client.removeFromWatchlist({ uuid: list.id, symbol: "SQQQ" });
  checks.equal(less.assets.map((one) => one.symbol), ["TQQQ", "UPRO"], "one less");
  const renamed = await client.updateWatchlist({ uuid: list.id, name: "yours", symbols: ["SDS"] });
  checks.equal([renamed.name, renamed.assets.map((one) => one.symbol)], ["yours", ["SDS"]], "another name");
  checks.equal((await client.getWatchlists()).map((one) => one.name), ["yours"], "all watchlists");
  // The client reads JSON from the empty answer (204) that Alpaca's interface describes, prints that and throws {}.
  const print = console.error;
  console.error = () => {};
  await client.deleteWatchlist({ uuid: list.id }).catch(() => {});
  console.error = print;
  checks.equal(await client.getWatchlists(), [], "and none");
  await refused(() => client.getWatchlist({ uuid: list.id }), 40410000, /not found/, "it is gone");
}

async function market_data() {
  const range = { symbol: "TQQQ", start: new Date("2025-11-28T14:32:00Z"), end: new Date("2025-11-28T14:46:00Z") };
  const minutes = await client.getBars({ ...range, timeframe: "1Min" });
  checks.equal([minutes.symbol, minutes.bars.length, minutes.next_page_token], ["TQQQ", 15, null], "fifteen minute bars");
  const fives = await client.getBars({ ...range, timeframe: "5Min" });
  checks.equal(fives.bars.map((one) => one.t.toISOString().slice(11, 16)), ["14:35", "14:40", "14:45"], "bars of five minutes");
  checks.equal(fives.bars[1].v, sum(minutes.bars.slice(8, 13), "v"), "a long bar has the volume of its minutes");
  checks.equal([fives.bars[0].o, fives.bars[0].c], [minutes.bars[3].o, minutes.bars[7].c], "and their open and close");
  const whole = await client.getBars({ ...range, timeframe: "1Min", start: new Date("2025-11-28T14:45:00Z"),
    end: new Date("2025-11-28T14:49:00Z") });
  checks.equal([fives.bars[2].c, fives.bars[2].v], [whole.bars[4].c, sum(whole.bars, "v")], "also beyond the end of the query");
  const trades = await client.getTrades({ ...range, end: new Date("2025-11-28T14:33:00.999Z"), limit: 40 });
  checks.equal([trades.trades.length, typeof trades.next_page_token], [40, "string"], "a page of historical trades");
  const rest = await client.getTrades({ ...range, end: new Date("2025-11-28T14:33:00.999Z"), limit: 40, page_token: trades.next_page_token });
  checks.equal([rest.trades.length, rest.next_page_token], [21, null], "and the rest");
  const first = minutes.bars[0];
  const inside = [...trades.trades, ...rest.trades].slice(0, 60);
  checks.that(inside.every((one) => one.p >= first.l - 0.01 && one.p <= first.h + 0.01), "their prices are in the bar");
  const quotes = await client.getQuotes({ ...range, limit: 60 });
  checks.that(quotes.quotes.length === 60 && quotes.quotes.every((one, i) => one.bp < inside[i].p && one.ap > inside[i].p),
    "historical quotes enclose the trades");
  const snapshots = await client.getSnapshots({ symbols: ["TQQQ", "UPRO"] });
  const latest = await client.getLatestTrade({ symbol: "TQQQ" });
  checks.equal(Object.keys(snapshots), ["TQQQ", "UPRO"], "snapshots");
  checks.that(near(latest.trade.p, snapshots.TQQQ.latestTrade.p, 1) && latest.trade.t instanceof Date, "the latest trade", latest);
}

async function data_stream() {
  const stream = new AlpacaStream({ credentials: credentials(), type: "market_data", source: "iex" });
  const seen = { bar: [], quote: [], trade: [], subscription: [], error: [] };
  for (const name of Object.keys(seen)) stream.on(name, (one) => seen[name].push(one));
  await new Promise((done) => stream.once("authenticated", done));
  stream.subscribe("bars", ["TQQQ", "SQQQ"]);
  stream.subscribe("quotes", ["TQQQ"]);
  stream.subscribe("trades", ["TQQQ"]);
  await until(() => seen, (all) => all.bar.length >= 4 && all.trade.length >= 60);
  const last = seen.subscription.at(-1);
  checks.equal([last?.bars, last?.quotes, last?.trades], [["SQQQ", "TQQQ"], ["TQQQ"], ["TQQQ"]], "the whole set is acknowledged");
  checks.equal([...new Set(seen.bar.map((one) => one.S))].sort(), ["SQQQ", "TQQQ"], "bars of both symbols come (JSON)");
  checks.equal([...new Set([...seen.quote, ...seen.trade].map((one) => one.S))], ["TQQQ"], "quotes and trades of one");
  const start = seen.trade[0].t, end = seen.trade.at(-1).t;
  const stored = await ask(`/v2/stocks/TQQQ/trades?feed=iex&start=${start}&end=${end}`);
  const strip = ({ T, S, ...point }) => point;
  checks.equal(stored.trades, seen.trade.filter((one) => one.t <= end).map(strip), "history has the trades that were sent");
  const before = seen.quote.length;
  stream.unsubscribe("quotes", ["TQQQ"]);
  await until(() => seen.subscription.at(-1), (one) => one.quotes.length === 0);
  checks.equal(seen.subscription.at(-1).quotes, [], "quotes are unsubscribed");
  checks.that(before > 0 && seen.error.length === 0, "without an error", seen.error);
  stream.getConnection().close();
}

async function trading_stream() {
  const stream = new AlpacaStream({ credentials: credentials(), type: "account" });
  const seen = [], heard = [];
  stream.on("trade_updates", (one) => seen.push(one));
  stream.on("message", (one) => heard.push(one));
  await new Promise((done) => stream.once("authenticated", done));
  stream.subscribe("trade_updates");
  await until(() => heard, (list) => list.some((one) => one.stream === "listening"));
  checks.equal(heard.find((one) => one.stream === "listening")?.data, { streams: ["trade_updates"] }, "it listens");
  const bought = await client.placeOrder({ symbol: "UPRO", qty: 3, side: "buy", type: "market", time_in_force: "day" });
  await until(() => seen, (list) => list.some((one) => one.event === "fill"));
  const events = seen.filter((one) => one.order.id === bought.id);
  checks.equal(events.map((one) => one.event).filter((name) => name !== "partial_fill"), ["pending_new", "new", "fill"], "events");
  checks.equal([sum(events.filter((one) => one.qty), "qty"), events.at(-1)?.position_qty], [3, 3], "their shares add up");
  stream.getConnection().close();
}

await exercise(checks, [account_and_calendar, orders, positions_and_history, settings_and_watchlists, market_data, data_stream,
  trading_stream]);
