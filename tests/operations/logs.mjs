// The page of a running session in headless Chromium against the logs that the run then leaves.
//   node logs.mjs PAGE_ADDRESS WEB_FOLDER LOG_FOLDER SESSION_DATE PROCESS_OF_THE_RUN
// Reads every panel a few times while the run goes on, ends the run, and looks the same minutes up in its logs.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [address, web, logs, date, run] = process.argv.slice(2);
const { chromium } = createRequire(join(web, "package.json"))("playwright-core");
const { clock, dollars, number, percent, signed, signed_dollars } = await import(join(web, "src/format.js"));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** All panels at one instant. */
const read_page = () => {
  const rows = (table) => [...document.querySelectorAll(`${table} tbody tr`)].map((line) => [...line.cells].map((cell) => cell.textContent));
  return {
    minute: /round of (\d\d:\d\d)/.exec(document.querySelector("#ranking-read").textContent)?.[1],
    tiles: [...document.querySelectorAll(".tiles dd.main")].map((each) => each.textContent),
    ranking: rows("#ranking"), positions: rows("#positions"), learners: rows("#learners"),
    fills: [...document.querySelectorAll("#events li")].filter((line) => line.querySelector(".what.fill")).map((line) => line.querySelector(".who").textContent).reverse(),
  };
};

const lines = (kind) => readFileSync(join(logs, `${kind}_${date}.jsonl`), "utf8").trim().split("\n").map((line) => JSON.parse(line));
const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

let good = 0;
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(address + "/");
  await page.waitForFunction(() => document.querySelectorAll("#positions tbody tr td:nth-child(2)").length > 0, null, { timeout: 30_000 });
  const seen = [];
  for (let i = 0; i < 20; ++i, await pause(500)) seen.push(await page.evaluate(read_page));
  process.kill(Number(run), "SIGINT");
  for (let i = 0; i < 100 && !existsSync(join(logs, "sessions.jsonl")); ++i) await pause(100);

  const signals = new Map();
  for (const line of lines("signals")) signals.set(clock(line.timestamp_ms), [...(signals.get(clock(line.timestamp_ms)) ?? []), line]);
  const books = new Map(lines("positions").map((line) => [clock(line.timestamp_ms), line]));
  const trades = lines("trades");
  const counts = { ranking: 0, account: 0, positions: 0, learners: 0, fills: 0 };
  const wrong = {};
  const count = (panel, shown, logged) => {
    if (same(shown, logged)) ++counts[panel];
    else wrong[panel] = `page ${JSON.stringify(shown)}, logs ${JSON.stringify(logged)}`;
  };
  for (const one of seen) {
    const round = signals.get(one.minute) ?? [];
    const book = books.get(one.minute) ?? {};
    count("ranking", one.ranking.map((row) => [row[0], row[1], row[2], row[3], row[4], row[6]]),
      [...round].sort((a, b) => a.rank - b.rank).map((line) => [number(line.rank), line.symbol, signed(line.strength, 1), percent(line.probability, 1), signed(line.edge_bp, 1), number(line.close, 2)]));
    count("account", [one.tiles[0], one.tiles[2], one.tiles[3]], [dollars(book.equity), percent(book.drawdown), number(book.positions?.length)]);
    count("positions", one.positions.map((row) => row.slice(0, 5)),
      (book.positions ?? []).map((each) => [each.symbol, number(each.shares), number(each.entry_price, 2), number(each.mark, 2), signed_dollars(each.unrealized_pnl, 0)]));
    // A learner is asked a moment before or after the round.
    const near = [...signals.keys()].filter((minute) => Math.abs(Date.parse(`2000-01-01T${minute}`) - Date.parse(`2000-01-01T${one.minute}`)) <= 120_000);
    const said = near.map((minute) => signals.get(minute).map((line) => [line.symbol, percent(line.probability, 1), percent(line.confidence, 1)]));
    const shown = one.learners.map((row) => row.slice(0, 3));
    count("learners", shown, said.find((each) => same(each, shown)) ?? said);
    const first = trades.slice(0, one.fills.length).map((line) => line.symbol);
    count("fills", one.fills, first);
  }
  for (const [panel, matches] of Object.entries(counts)) {
    // A fill between two rounds changes the book before the log's next line.
    if (matches < seen.length * 0.75) throw new Error(`${panel}: ${matches} of ${seen.length} looks show what the logs have; ${wrong[panel]}`);
    ++good;
    console.log(`good: ${panel}: ${matches} of ${seen.length} looks show what the logs have`);
  }
  if (new Set(seen.map((one) => one.minute)).size < 3) throw new Error("the page stood still");
} catch (problem) {
  console.error(problem.message);
  process.exitCode = 1;
} finally {
  await browser.close();
}
if (good === 0) process.exitCode = 1;
