// The official Alpaca client against the bundled exchange, which `run` starts (see exchange.mjs).
import { Alpaca } from "@alpacahq/alpaca-trade-api";
import { Checks, until } from "./checks.mjs";

const keyId = process.env.SENTIO_KEY_ID;
const secret = process.env.SENTIO_SECRET;
const checks = new Checks();
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const alpaca = new Alpaca({ keyId, secret, paper: true, timeoutMs: 10_000, rateLimit: false });
const { orders, positions, account, clock, calendar, assets } = alpaca.trading;

async function faults(list) {
  const answer = await fetch(`https://localhost:${process.env.SENTIO_PORT}/faults`, {
    method: "POST",
    headers: { "APCA-API-KEY-ID": keyId, "APCA-API-SECRET-KEY": secret },
    body: JSON.stringify(list),
  });
  if (!answer.ok) throw new Error(`faults were refused: ${await answer.text()}`);
}

const order = (id) => orders.getOrderByOrderID({ orderId: id });
const ended = (one) => ["filled", "canceled", "expired", "rejected", "replaced"].includes(one.status);
const filled = (id) => until(() => order(id), ended);
const day = (date) => new Date(date).toISOString().slice(0, 10);

async function account_clock_calendar_assets() {
  const mine = await account.getAccount();
  checks.equal(mine.status, "ACTIVE", "the account is active");
  checks.that(mine.accountNumber.startsWith("PA"), "the account number marks paper", mine.accountNumber);
  checks.equal(Number(mine.cash), 100_000, "the cash is 100,000");
  checks.equal(Number(mine.equity), 100_000, "the equity is 100,000");
  checks.that(Number(mine.buyingPower) >= 100_000, "there is buying power", mine.buyingPower);
  checks.equal([mine.tradingBlocked, mine.accountBlocked], [false, false], "nothing is blocked");

  const now = await clock.legacyClock();
  checks.equal(now.isOpen, true, "the market is open");
  checks.equal(now.nextClose.toISOString(), "2025-12-01T21:00:00.000Z", "it closes at 16:00 New York");
  checks.equal(now.nextOpen.toISOString(), "2025-12-02T14:30:00.000Z", "it opens tomorrow at 09:30 New York");
  checks.that(now.timestamp > new Date("2025-12-01T15:00:00Z"), "venue time runs", now.timestamp);

  const days = await calendar.legacyCalendar({ start: new Date("2025-11-26"), end: new Date("2025-12-01") });
  checks.equal(days.map((one) => day(one.date)), ["2025-11-26", "2025-11-28", "2025-12-01"],
    "the calendar leaves out Thanksgiving and the weekend");
  checks.equal(days.map((one) => one.close), ["16:00", "13:00", "16:00"], "the day after it closes at 13:00");

  const asset = await assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: "TQQQ" });
  checks.equal([asset.symbol, asset.tradable, asset.status], ["TQQQ", true, "active"], "TQQQ can be traded");
  await checks.fails(() => assets.getV2AssetsSymbolOrAssetId({ symbolOrAssetId: "ZZZZ" }), "NotFoundError", 404, 40410000,
    /not found/, "an unknown asset is a NotFoundError");
  const wrong = new Alpaca({ keyId: "PKWRONG", secret: "wrong", paper: true, retry: false });
  let refusal = "";
  try {
    await wrong.trading.account.getAccount();
  } catch (error) {
    refusal = error.name;
  }
  checks.that(refusal === "AuthError" || refusal === "PermissionError", "wrong keys are refused", refusal);
}

async function order_kinds() {
  const bought = await orders.market({ symbol: "TQQQ", qty: 10, side: "buy", clientOrderId: "market-1" });
  checks.equal([bought.symbol, bought.qty, bought.side, bought.type, bought.timeInForce, bought.clientOrderId],
    ["TQQQ", "10", "buy", "market", "day", "market-1"], "a market order is echoed");
  const done = await filled(bought.id);
  checks.equal([done.status, done.filledQty], ["filled", "10"], "the market order fills");
  checks.that(Number(done.filledAvgPrice) > 0, "its price is known", done.filledAvgPrice);
  const again = await orders.getOrderByClientOrderId({ clientOrderId: "market-1" });
  checks.equal(again.id, bought.id, "it is found by its client_order_id");
  await checks.fails(() => orders.market({ symbol: "TQQQ", qty: 10, side: "buy", clientOrderId: "market-1" }),
    "ValidationError", 422, 40010001, /client_order_id must be unique/, "the same client_order_id is refused");

  const price = Number(done.filledAvgPrice);
  const low = (price * 0.9).toFixed(2);
  const limit = await orders.limit({ symbol: "TQQQ", qty: 5, side: "buy", limitPrice: low });
  checks.equal([limit.type, limit.limitPrice, limit.qty], ["limit", String(Number(low)), "5"], "a limit order is echoed");
  const above = (price * 1.1).toFixed(2);
  const stop = await orders.stop({ symbol: "TQQQ", qty: 1, side: "buy", stopPrice: above });
  checks.equal([stop.type, stop.stopPrice, stop.qty], ["stop", String(Number(above)), "1"], "a stop order is echoed");
  const both = await orders.stopLimit({ symbol: "TQQQ", qty: 1, side: "buy", stopPrice: above, limitPrice: above });
  checks.equal([both.type, both.stopPrice, both.limitPrice], ["stop_limit", String(Number(above)), String(Number(above))],
    "a stop limit order is echoed");
  const notional = await orders.market({ symbol: "UPRO", notional: "500", side: "buy" });
  const share = await filled(notional.id);
  checks.equal([notional.notional, share.status], ["500", "filled"], "an order by its value fills");
  checks.that(Math.abs(Number(share.filledQty) * Number(share.filledAvgPrice) - 500) < 1, "it bought for 500", share.filledQty);

  await until(() => order(limit.id), (one) => one.status === "new");
  const changed = await orders.patchOrderByOrderId({
    orderId: limit.id, patchOrderRequest: { limitPrice: (price * 0.91).toFixed(2), qty: "6" } });
  checks.equal([changed.replaces, changed.qty], [limit.id, "6"], "a replaced order names the one before");
  const old = await order(limit.id);
  checks.equal([old.status, old.replacedBy], ["replaced", changed.id], "and the one before names it");
  await until(() => order(changed.id), (one) => one.status === "new");
  await orders.deleteOrderByOrderID({ orderId: changed.id });
  const canceled = await filled(changed.id);
  checks.equal([canceled.status, canceled.filledQty], ["canceled", "0"], "a canceled order is canceled");
  await checks.fails(() => orders.deleteOrderByOrderID({ orderId: changed.id }), "ValidationError", 422, 42210000, /./,
    "it cannot be canceled twice");
  for (const waiting of [stop, both]) {
    await until(() => order(waiting.id), (one) => one.status !== "pending_new");
    await orders.deleteOrderByOrderID({ orderId: waiting.id });
    checks.equal((await filled(waiting.id)).status, "canceled", `the ${waiting.type} order waited and is canceled`);
  }

  const far = await orders.limit({ symbol: "TQQQ", qty: 2, side: "buy", limitPrice: low, timeInForce: "gtc" });
  const open = await until(() => orders.getAllOrders({ status: "open", limit: 500, symbols: "TQQQ,UPRO" }),
    (list) => list.some((one) => one.id === far.id));
  checks.equal(open.map((one) => one.id), [far.id], "open orders are listed");
  const all = await orders.deleteAllOrders();
  checks.equal(all.map((one) => [one.id, one.status]), [[far.id, 200]], "cancel all answers for each order");
  const closed = await until(() => orders.getAllOrders({ status: "closed" }), (list) => list.some((one) => one.id === far.id));
  checks.equal(closed.find((one) => one.id === far.id)?.status, "canceled", "it is among the closed ones");
  return { price };
}

async function typed_errors({ price }) {
  const buy = (fields) => () => orders.limit({ symbol: "TQQQ", qty: 1, side: "buy", limitPrice: price.toFixed(2), ...fields });
  await checks.fails(buy({ limitPrice: "10.123" }), "ValidationError", 422, 42210000, /sub-penny/, "a price below the cent is refused");
  await checks.fails(buy({ symbol: "ZZZZ" }), "ValidationError", 422, 42210000, /asset/, "an unknown symbol is refused");
  await checks.fails(buy({ qty: 100_000 }), "PermissionError", 403, 40310000, /insufficient buying power/,
    "too large a buy is a PermissionError");
  await checks.fails(() => orders.market({ symbol: "TQQQ", qty: 50_000, side: "sell" }), "PermissionError", 403, 40310000,
    /insufficient qty/, "too large a sell is refused");
  await checks.fails(() => order("00000000-0000-4000-8000-000000000000"), "NotFoundError", 404, 40410000, /order not found/,
    "an unknown order is a NotFoundError");
  await checks.fails(() => orders.getOrderByClientOrderId({ clientOrderId: "nope" }), "NotFoundError", 404, 40410000, /./,
    "an unknown client_order_id too");
  await checks.fails(() => positions.getOpenPosition({ symbolOrAssetId: "SDS" }), "NotFoundError", 404, 40410000,
    /position does not exist/, "a position that is not held is a NotFoundError");
  const resting = await orders.limit({ symbol: "TQQQ", qty: 1, side: "sell", limitPrice: (price * 1.1).toFixed(2) });
  await until(() => order(resting.id), (one) => one.status === "new");
  await checks.fails(() => orders.market({ symbol: "TQQQ", qty: 1, side: "buy" }), "PermissionError", 403, 40310000,
    /wash trade/, "a market order against an own one is a wash trade");
  await orders.deleteOrderByOrderID({ orderId: resting.id });
  await filled(resting.id);
}

async function closing() {
  const held = await positions.getAllOpenPositions();
  checks.equal(held.map((one) => one.symbol).sort(), ["TQQQ", "UPRO"], "both positions are held");
  const one = await positions.getOpenPosition({ symbolOrAssetId: "TQQQ" });
  checks.equal([one.qty, one.side, one.assetClass], ["10", "long", "us_equity"], "ten TQQQ are held");
  const half = await positions.deleteOpenPosition({ symbolOrAssetId: "TQQQ", percentage: 50 });
  checks.equal([half.side, half.qty, half.type], ["sell", "5", "market"], "half of it is sold at market");
  checks.equal((await filled(half.id)).status, "filled", "the sale fills");
  checks.equal((await positions.getOpenPosition({ symbolOrAssetId: "TQQQ" })).qty, "5", "five are left");
  const rest = await positions.deleteAllOpenPositions({ cancelOrders: true });
  checks.equal(rest.map((item) => [item.symbol, Number(item.status)]).sort(), [["TQQQ", 200], ["UPRO", 200]],
    "close all answers for each position");
  const none = await until(() => positions.getAllOpenPositions(), (list) => list.length === 0);
  checks.equal(none.length, 0, "nothing is held any more");
}

async function history() {
  const request = { symbols: ["TQQQ", "SQQQ"], timeframe: "1Min", start: new Date("2025-11-28T14:30:00Z"),
    end: new Date("2025-11-28T14:49:00Z"), feed: "iex", limit: 25 };
  const first = await alpaca.marketData.stocks.stockBars({ ...request, symbols: "SQQQ,TQQQ" });
  const counted = Object.values(first.bars).reduce((sum, list) => sum + list.length, 0);
  checks.equal(counted, 25, "the limit counts the bars of all symbols");
  checks.that(typeof first.nextPageToken === "string", "a second page is named", first.nextPageToken);
  const bars = await alpaca.marketData.collectStockBarsBySymbol(request);
  checks.equal(Object.entries(bars).map(([symbol, list]) => [symbol, list.length]).sort(), [["SQQQ", 20], ["TQQQ", 20]],
    "two pages hold twenty bars of each");
  const labels = bars.TQQQ.map((one) => new Date(one.t ?? one.timestamp).getTime());
  checks.that(labels.every((at, i) => at === labels[0] + i * 60_000), "the minutes follow each other", labels);
  const sound = Object.values(bars).flat().every((one) => one.l <= Math.min(one.o, one.c) && one.h >= Math.max(one.o, one.c));
  checks.that(sound, "lows and highs enclose open and close");
}

async function data_stream() {
  const stream = alpaca.marketData.stockStream({ feed: "iex", initialReconnectMs: 200 });
  const seen = { bars: [], updates: [], statuses: [], reconnected: 0, errors: [] };
  stream.onBar((one) => seen.bars.push(one));
  stream.onUpdatedBar((one) => seen.updates.push(one));
  stream.onStatus((one) => seen.statuses.push(one));
  stream.onReconnected(() => (seen.reconnected += 1));
  stream.onError((error) => seen.errors.push(String(error)));
  stream.onConnect(() => {
    stream.subscribeForBars(["TQQQ", "SQQQ"]);
    stream.subscribeForUpdatedBars(["TQQQ"]);
    stream.subscribeForStatuses(["*"]);
  });
  await faults([{ kind: "revised_bars" }]);
  stream.connect();
  await until(() => seen.bars.length, (count) => count >= 4);
  checks.equal([...new Set(seen.bars.map((one) => one.symbol))].sort(), ["SQQQ", "TQQQ"], "bars of both symbols come (msgpack)");
  const now = await clock.legacyClock();
  const age = (now.timestamp - seen.bars.at(-1).timestamp) / 1000;
  checks.that(age >= 60 && age < 150, "a bar comes when its minute is over", age);
  checks.equal(seen.bars[0].timestamp.getSeconds(), 0, "its label is a whole minute");
  // The first one may correct a bar of the time before the subscription.
  const corrected = (update) => update.symbol === "TQQQ" && seen.bars.some((one) => +one.timestamp === +update.timestamp);
  await until(() => seen.updates, (list) => list.some(corrected));
  checks.that(seen.updates.some(corrected), "updatedBars correct a bar that came", seen.updates);
  await faults([{ kind: "halt", symbol: "SVIX", for_ms: 60_000 }]);
  await until(() => seen.statuses.length, (count) => count >= 2);
  checks.equal(seen.statuses.map((one) => [one.symbol, one.statusCode]), [["SVIX", "H"], ["SVIX", "T"]],
    "a halt and its end are told");

  const second = alpaca.marketData.stockStream({ feed: "iex", reconnect: false });
  const refusals = [];
  second.onError((error) => refusals.push(String(error)));
  second.connect();
  await until(() => refusals.length, (count) => count >= 1);
  checks.that(/406|connection limit/.test(refusals[0] ?? ""), "a second session is refused with 406", refusals);
  second.disconnect();

  const before = seen.bars.length;
  await faults([{ kind: "data_drop", for_ms: 1_000 }]);
  await until(() => seen.reconnected, (count) => count >= 1, 20_000);
  checks.that(seen.reconnected >= 1, "the stream reconnects after a drop", seen);
  await until(() => seen.bars.length, (count) => count >= before + 2);
  checks.that(seen.bars.length >= before + 2, "and has its subscriptions again", seen.bars.length - before);
  stream.disconnect();
}

async function trading_stream() {
  const stream = alpaca.trading.stream({ initialReconnectMs: 200 });
  const seen = [];
  let ready = false;
  stream.onTradeUpdate((one) => seen.push(one));
  stream.onConnect(() => {
    stream.subscribeTradeUpdates();
    ready = true;
  });
  stream.connect();
  await until(() => ready, (value) => value);
  await pause(200);
  const bought = await orders.market({ symbol: "SQQQ", qty: 7, side: "buy", clientOrderId: "stream-1" });
  await until(() => seen, (list) => list.some((one) => one.event === "fill"));
  const events = seen.filter((one) => one.order.id === bought.id);
  checks.equal(events.map((one) => one.event).filter((name) => name !== "partial_fill"), ["pending_new", "new", "fill"],
    "an order's events come in their order");
  const executed = events.filter((one) => one.event.endsWith("fill"));
  checks.equal(executed.reduce((sum, one) => sum + Number(one.qty), 0), 7, "the executions add up to seven");
  const last = executed.at(-1);
  checks.equal([last?.order.filledQty, last?.positionQty, last?.order.clientOrderId], ["7", "7", "stream-1"],
    "the last one has the totals");
  checks.that(executed.every((one) => one.executionId), "each has an execution id", executed.map((one) => one.executionId));

  const sold = await alpaca.trading.submitAndWait(
    { type: "market", symbol: "SQQQ", qty: 7, side: "sell", clientOrderId: "wait-1" }, { timeoutMs: 10_000 });
  checks.equal([sold.status, sold.filledQty], ["filled", "7"], "submitAndWait sees the fill on a stream of its own");

  await faults([{ kind: "trading_drop", for_ms: 1_000 }]);
  let reconnected = false;
  stream.onReconnected(() => (reconnected = true));
  await until(() => reconnected, (value) => value, 20_000);
  checks.that(reconnected, "the trading stream reconnects after a drop");
  await pause(200);
  const next = await orders.market({ symbol: "SDS", qty: 1, side: "buy" });
  await until(() => seen, (list) => list.some((one) => one.order.id === next.id && one.event === "fill"));
  checks.that(seen.some((one) => one.order.id === next.id && one.event === "fill"), "and tells fills again");
  stream.disconnect();
}

async function limits() {
  await faults([{ kind: "rest_429", value: 1, for_ms: 20_000 }]);
  const once = new Alpaca({ keyId, secret, paper: true, retry: false });
  let refused;
  try {
    await once.trading.account.getAccount();
  } catch (error) {
    refused = error;
  }
  checks.equal([refused?.name, refused?.status, refused?.retryAfterMs], ["RateLimitError", 429, 1000],
    "too many requests are a RateLimitError with Retry-After");
  const mine = await alpaca.trading.account.getAccount();
  checks.equal(mine.status, "ACTIVE", "the client retries until it is let in");
  await faults([]);
}

async function main() {
  await account_clock_calendar_assets();
  const prices = await order_kinds();
  await typed_errors(prices);
  await closing();
  await history();
  await data_stream();
  await trading_stream();
  await limits();
}

main()
  .catch((error) => checks.note(false, "the exercise runs to its end", `${error.name}: ${error.message} ${error.stack}`))
  .finally(() => process.exit(checks.end()));
