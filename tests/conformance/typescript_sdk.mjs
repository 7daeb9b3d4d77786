// npm @alpacahq/typescript-sdk: REST only (this version has no streams). It takes one base URL for everything and waits
// up to a second before each request, so independent ones are made together.
import { createClient } from "@alpacahq/typescript-sdk";
import { Checks, until } from "./checks.mjs";
import { address, ended, exercise, keyId, near, secret, sum } from "./exchange.mjs";

const checks = new Checks();
const client = createClient({ key: keyId, secret, baseURL: address });
const filled = (id) => until(() => client.getOrder({ order_id: id }), ended, 15_000);

/** The client throws the answer's text. */
async function refused(call, code, message, sentence) {
  try {
    checks.note(false, sentence, { succeeded: await call() });
  } catch (error) {
    const body = JSON.parse(error.message);
    checks.that(body.code === code && message.test(body.message), sentence, body);
  }
}

async function account_and_calendar() {
  const oauth = createClient({ accessToken: secret, baseURL: address });
  const wrong = createClient({ key: "PKWRONG", secret: "wrong", baseURL: address });
  const [account, same, clock, days, assets, asset] = await Promise.all([client.getAccount(), oauth.getAccount(),
    client.getClock(), client.getCalendar({ start: "2025-11-26", end: "2025-12-01" }), client.getAssets({ status: "active" }),
    client.getAsset({ symbol_or_asset_id: "UVXY" }),
    refused(() => wrong.getAccount(), 40110000, /not authorized/, "wrong keys are refused"),
    refused(() => client.getAsset({ symbol_or_asset_id: "ZZZZ" }), 40410000, /not found/, "an unknown asset")]);
  checks.equal([account.status, Number(account.cash), account.currency], ["ACTIVE", 100_000, "USD"], "account");
  checks.equal(same.id, account.id, "an access token opens the same account");
  checks.equal([clock.is_open, clock.next_close], [true, "2025-12-01T16:00:00-05:00"], "clock");
  checks.equal(days.map((one) => [one.date, one.close]),
    [["2025-11-26", "16:00"], ["2025-11-28", "13:00"], ["2025-12-01", "16:00"]], "calendar with its half day");
  checks.equal(assets.length, 6, "six assets");
  checks.equal([asset.symbol, asset.status, asset.fractionable], ["UVXY", "active", true], "an asset");
}

async function orders() {
  const order = (fields) => client.createOrder({ symbol: "TQQQ", qty: "4", side: "buy", type: "market", time_in_force: "day", ...fields });
  const [bought, resting] = await Promise.all([order({ client_order_id: "ts-1" }),
    order({ symbol: "UPRO", type: "limit", limit_price: "50", time_in_force: "gtc" })]);
  checks.equal([bought.symbol, bought.qty, bought.client_order_id], ["TQQQ", "4", "ts-1"], "a market order is echoed");
  const [done] = await Promise.all([filled(bought.id),
    refused(() => order({ client_order_id: "ts-1" }), 40010001, /must be unique/, "its client_order_id is used up"),
    refused(() => order({ qty: "1000000" }), 40310000, /insufficient buying power/, "too large a buy is refused"),
    refused(() => order({ type: "limit", limit_price: "10.123" }), 42210000, /sub-penny/, "so is a price below the cent")]);
  checks.equal([done.status, done.filled_qty], ["filled", "4"], "it fills");
  const changed = await client.replaceOrder({ order_id: resting.id, qty: "2", limit_price: "51" });
  checks.equal([changed.qty, changed.limit_price, changed.replaces], ["2", "51", resting.id], "a replacement");
  const open = await until(() => client.getOrders({ status: "open", limit: 10 }), (list) => list.some((one) => one.status === "new"));
  checks.equal(open.map((one) => one.id), [changed.id], "open orders");
  checks.equal(await client.cancelOrder({ order_id: changed.id }), {}, "a cancel has no content");
  checks.equal((await filled(changed.id)).status, "canceled", "and is carried out");
}

async function positions_and_history() {
  const [positions, position, fills, all, history, days] = await Promise.all([client.getPositions(),
    client.getPosition({ symbol_or_asset_id: "TQQQ" }), client.getActivity({ activity_type: "FILL" }), client.getActivities(),
    client.getPortfolioHistory({ period: "1D", timeframe: "15Min" }), client.getPortfolioHistory({ period: "1M", timeframe: "1D" })]);
  checks.equal(positions.map((one) => [one.symbol, one.qty]), [["TQQQ", "4"]], "positions");
  checks.equal([position.qty, position.side], ["4", "long"], "a position");
  checks.equal([sum(fills, "qty"), fills.length], [4, all.length], "activities");
  checks.equal([history.base_value, history.equity[0], history.timeframe], [100_000, 100_000, "15Min"], "portfolio history");
  checks.equal(days.equity.slice(0, -1).every((one) => one === 100_000), true, "earlier days had the cash");
  checks.that(near(days.equity.at(-1), Number(position.unrealized_pl) + 100_000, 20), "the last one has the position", days.equity.at(-1));
  const closed = await client.closePosition({ symbol_or_asset_id: "TQQQ" });
  checks.equal([closed.side, closed.qty], ["sell", "4"], "the position is closed");
  await filled(closed.id);
  checks.equal(await client.getPositions(), [], "nothing is held");
  checks.equal([await client.cancelOrders(), await client.closePositions()], [[], []], "there is nothing to cancel or close");
}

async function settings_and_watchlists() {
  const before = await client.getConfigurations();
  checks.equal([before.suspend_trade, before.no_shorting, before.max_margin_multiplier], [false, false, "1"], "configurations");
  const changed = await client.updateConfigurations({ suspend_trade: true, trade_confirm_email: "none" });
  checks.equal([changed.suspend_trade, changed.trade_confirm_email], [true, "none"], "are changed");
  const [account] = await Promise.all([client.getAccount(),
    refused(() => client.createOrder({ symbol: "TQQQ", qty: "1", side: "buy", type: "market", time_in_force: "day" }), 40310000,
      /user request/, "orders are refused while trading is suspended"),
    refused(() => client.updateConfigurations({ max_margin_multiplier: "4" }), 42210000, /margin/, "there is no margin")]);
  checks.equal(account.trade_suspended_by_user, true, "the account says so");
  const list = await client.createWatchlist({ name: "ts", symbols: ["TQQQ", "SDS"] });
  checks.equal(list.assets.map((one) => one.symbol), ["TQQQ", "SDS"], "a watchlist");
  const renamed = await client.updateWatchlist({ watchlist_id: list.id, name: "ts2", symbols: ["SVIX"] });
  checks.equal([renamed.name, renamed.assets.map((one) => one.symbol)], ["ts2", ["SVIX"]], "is changed");
  const [one, lists] = await Promise.all([client.getWatchlist({ watchlist_id: list.id }), client.getWatchlists()]);
  checks.equal([one.name, lists.length], ["ts2", 1], "is found");
  checks.equal(await client.deleteWatchlist({ watchlist_id: list.id }), {}, "is deleted");
  checks.equal([await client.getWatchlists(), (await client.updateConfigurations({ suspend_trade: false })).suspend_trade], [[], false],
    "all is as before");
}

async function market_data() {
  const range = { symbols: "TQQQ,SQQQ", start: "2025-11-28T14:30:00Z", end: "2025-11-28T14:34:00Z" };
  const [minutes, fives, days, quotes, trades, latest, latestBars, latestQuotes] = await Promise.all([
    client.getStocksBars({ ...range, timeframe: "1Min" }), client.getStocksBars({ ...range, timeframe: "5Min" }),
    client.getStocksBars({ symbols: "TQQQ", timeframe: "1Day", start: "2025-11-26", end: "2025-11-28" }),
    client.getStocksQuotes({ ...range, limit: 10_000 }), client.getStocksTrades({ ...range, limit: 10_000 }),
    client.getStocksTradesLatest({ symbols: "TQQQ" }), client.getStocksBarsLatest({ symbols: "TQQQ,SQQQ" }),
    client.getStocksQuotesLatest({ symbols: "TQQQ" })]);
  checks.equal([minutes.bars.TQQQ.length, minutes.bars.SQQQ.length], [5, 5], "minute bars of two symbols");
  checks.equal([fives.bars.TQQQ.length, fives.bars.TQQQ[0].v], [1, sum(minutes.bars.TQQQ, "v")], "are one bar of five minutes");
  checks.equal(days.bars.TQQQ.map((bar) => bar.t), ["2025-11-26T05:00:00Z", "2025-11-28T05:00:00Z"], "day bars");
  checks.equal([quotes.quotes.TQQQ.length, trades.trades.SQQQ.length], [240, 240], "historical quotes and trades, one a second");
  checks.that(quotes.quotes.TQQQ.every((one, i) => one.bp < trades.trades.TQQQ[i].p && trades.trades.TQQQ[i].p < one.ap),
    "trades are between the quotes");
  checks.equal([Object.keys(latest.trades), Object.keys(latestBars.bars), Object.keys(latestQuotes.quotes)],
    [["TQQQ"], ["SQQQ", "TQQQ"], ["TQQQ"]], "the latest");
}

await exercise(checks, [account_and_calendar, orders, positions_and_history, settings_and_watchlists, market_data]);
