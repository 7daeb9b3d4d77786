// npm @polygon.io/client-js: aggregates by REST (axios, which asks for compressed answers) and the stocks stream.
import { GetStocksAggregatesTimespanEnum as Timespan, restClient, websocketClient } from "@polygon.io/client-js";
import { Checks, until } from "./checks.mjs";
import { address, ask, exercise, port, secret, sum } from "./exchange.mjs";

const checks = new Checks();
const rest = restClient(secret, address);
const day = "2025-11-28"; // a half day: 210 minutes
const new_york = (text) => new Date(`${day}T${text}-05:00`).getTime();

async function refused(call, status, message, sentence) {
  try {
    checks.note(false, sentence, { succeeded: await call() });
  } catch (error) {
    const body = error.response?.data;
    checks.that(error.response?.status === status && body?.status === "ERROR" && message.test(body?.error), sentence, body ?? String(error));
  }
}

async function aggregates() {
  const minutes = await rest.getStocksAggregates("TQQQ", 1, Timespan.Minute, day, day, false, "asc", 50_000);
  checks.equal([minutes.status, minutes.ticker, minutes.adjusted], ["OK", "TQQQ", false], "minute aggregates");
  checks.equal([minutes.resultsCount, minutes.results.length, minutes.next_url], [210, 210, undefined], "of a half day");
  checks.equal([minutes.results[0].t, minutes.results.at(-1).t], [new_york("09:30:00"), new_york("12:59:00")], "from open to close");
  const bars = await ask(`/v2/stocks/TQQQ/bars?timeframe=1Min&start=${day}&end=${day}&feed=iex`);
  checks.equal(minutes.results.map((one) => [one.o, one.c, one.v]), bars.bars.map((one) => [one.o, one.c, one.v]), "are Alpaca's bars");
  const down = await rest.getStocksAggregates("TQQQ", 1, Timespan.Minute, day, day, false, "desc", 50_000);
  checks.equal(down.results.map((one) => one.t), minutes.results.map((one) => one.t).reverse(), "and come in either order");

  const paged = restClient(secret, address, { pagination: true });
  const all = await paged.getStocksAggregates("TQQQ", 1, Timespan.Minute, day, day, false, "asc", 60);
  const times = all.results.map((one) => one.t).sort((a, b) => a - b); // the client puts later pages first
  checks.equal(times, minutes.results.map((one) => one.t), "the client follows next_url through four pages");
  checks.equal(all.count, 210, "and counts them");

  const hour = await rest.getStocksAggregates("TQQQ", 1, Timespan.Hour, String(new_york("10:30:00")), String(new_york("10:31:00")));
  const inside = minutes.results.filter((one) => one.t >= new_york("10:00:00") && one.t < new_york("11:00:00"));
  checks.equal([hour.resultsCount, hour.results[0].t, hour.queryCount], [1, new_york("10:00:00"), 60], "an hour is stretched to its ends");
  checks.equal([hour.results[0].o, hour.results[0].c, hour.results[0].v], [inside[0].o, inside.at(-1).c, sum(inside, "v")], "and has all of its minutes");
  const week = await rest.getStocksAggregates("TQQQ", 1, Timespan.Week, "2025-11-24", "2025-11-28");
  checks.equal([week.resultsCount, week.results[0].t], [1, new Date("2025-11-23T00:00:00-05:00").getTime()], "a week begins on Sunday");
  const days = await rest.getStocksAggregates("TQQQ", 1, Timespan.Day, "2025-11-24", "2025-11-28");
  checks.equal([days.resultsCount, week.results[0].v], [4, sum(days.results, "v")], "and has the volume of its four days");
  checks.equal([week.results[0].o, week.results[0].c], [days.results[0].o, days.results[3].c], "its open and its close");
}

async function days() {
  const previous = await rest.getPreviousStocksAggregates("TQQQ");
  const whole = await rest.getStocksAggregates("TQQQ", 1, Timespan.Day, day, day);
  const { T, t, ...prices } = previous.results[0];
  const { t: label, ...wanted } = whole.results[0];
  checks.equal([T, t, label], ["TQQQ", new_york("13:00:00"), new_york("00:00:00")], "the previous day, by its close");
  checks.equal(prices, wanted, "has the day's prices");
  const grouped = await rest.getGroupedStocksAggregates(day);
  checks.equal(grouped.results.map((one) => one.T), ["SDS", "SQQQ", "SVIX", "TQQQ", "UPRO", "UVXY"], "the grouped day has all symbols");
  checks.equal(grouped.results[3], previous.results[0], "with the same prices");
  const none = await rest.getGroupedStocksAggregates("2025-11-27");
  checks.equal([none.status, none.resultsCount], ["OK", 0], "a holiday has none");
}

async function refusals() {
  await refused(() => restClient("wrong", address).getPreviousStocksAggregates("TQQQ"), 401, /Unknown API Key/, "a wrong key");
  await refused(() => rest.getTicker("TQQQ"), 404, /not found/, "a route that is not offered");
  await refused(() => rest.getStocksAggregates("TQQQ", 1, Timespan.Second ?? "second", day, day), 400, /not supported/, "seconds by REST");
  await refused(() => rest.getStocksAggregates("TQQQ", 1, Timespan.Minute, day, "2025-11-26"), 400, /before/, "a range that ends before it begins");
}

async function stream() {
  const socket = websocketClient(secret, `wss://localhost:${port}`).stocks();
  const seen = [];
  socket.onmessage = ({ data }) => seen.push(...JSON.parse(data));
  const of = (event, symbol) => seen.filter((one) => one.ev === event && (!symbol || one.sym === symbol));
  const said = (text) => of("status").some((one) => one.message === text);
  await until(() => said("authenticated"), (value) => value);
  checks.equal(seen.map((one) => one.status), ["connected", "auth_success"], "the stream connects and authenticates");
  socket.send(JSON.stringify({ action: "subscribe", params: "AM.*,A.TQQQ,T.TQQQ,Q.TQQQ,NOI.TQQQ" }));
  await until(() => of("AM").length >= 12 && of("T").length >= 60, (value) => value, 15_000);
  const answers = of("status").slice(2).map((one) => [one.status, one.message]);
  checks.equal(answers, [["success", "subscribed to: AM.*"], ["success", "subscribed to: A.TQQQ"], ["success", "subscribed to: T.TQQQ"],
    ["success", "subscribed to: Q.TQQQ"], ["error", "not available on this feed: NOI.TQQQ"]], "each topic is answered");
  checks.equal([...new Set(of("AM").map((one) => one.sym))].sort(), ["SDS", "SQQQ", "SVIX", "TQQQ", "UPRO", "UVXY"], "minutes of all symbols come");
  const trades = of("T"), seconds = of("A"), quotes = of("Q");
  checks.that(trades.length >= 60 && trades.every((one) => one.sym === "TQQQ" && one.p > 0 && one.s > 0), "trades come", trades.length);
  const by_second = new Map(trades.map((one) => [one.t, one]));
  const matched = seconds.filter((one) => by_second.has(one.s));
  checks.that(matched.length >= 50 && matched.every((one) => one.c === by_second.get(one.s).p && one.v === by_second.get(one.s).s),
    "second aggregates are those of the trades", [matched.length, matched[0]]);
  checks.that(quotes.length >= 60 && quotes.every((one) => one.bp < one.ap), "quotes come", quotes.length);
  const minute = of("AM", "TQQQ")[0];
  const stored = await rest.getStocksAggregates("TQQQ", 1, Timespan.Minute, String(minute.s), String(minute.s), false);
  checks.equal([minute.o, minute.h, minute.l, minute.c], ["o", "h", "l", "c"].map((key) => stored.results[0][key]), "a minute is the one that REST gives");
  socket.send(JSON.stringify({ action: "unsubscribe", params: "T.TQQQ" }));
  await until(() => said("unsubscribed from: T.TQQQ"), (value) => value);
  const before = of("T").length;
  await until(() => of("Q").length, (count) => count >= quotes.length + 60);
  checks.equal(of("T").length, before, "unsubscribed trades end");
  socket.close();
}

await exercise(checks, [aggregates, days, refusals, stream]);
