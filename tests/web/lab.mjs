// What the tests of the page share: where things are, a browser if there is one, and a made-up session's logs.
import { accessSync, constants, mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const web = fileURLToPath(new URL("../../tools/sentio-hub/web/", import.meta.url));
export const root = fileURLToPath(new URL("../../", import.meta.url));
const from_web = createRequire(join(web, "package.json"));

const can_run = (file) => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Chromium's file, or "". */
export const chromium_file = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find((file) => file && can_run(file)) ?? "";

/** A reason to skip, or false. */
export function without_browser() {
  if (!chromium_file) return "Chromium is not installed: apt-get install chromium";
  try {
    from_web.resolve("playwright-core");
    return false;
  } catch {
    return "playwright-core is not installed: npm ci in tools/sentio-hub/web";
  }
}

export async function start_browser() {
  const { chromium } = from_web("playwright-core");
  return chromium.launch({ executablePath: chromium_file, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

const minute = 60_000;
const line = (value) => `${JSON.stringify(value)}\n`;

/** Two sessions of `count` minutes in the journal's formats; six symbols, one position held from minute 5 to 25. */
export function made_up_logs(count = 120) {
  const directory = mkdtempSync(join(tmpdir(), "sentio-web-"));
  const symbols = ["SDS", "SQQQ", "SVIX", "TQQQ", "UPRO", "UVXY"];
  const days = { "2025-11-28": Date.UTC(2025, 10, 28, 14, 30), "2025-12-01": Date.UTC(2025, 11, 1, 14, 30) };
  const summaries = [];
  for (const [session, open] of Object.entries(days)) {
    const files = { signals: "", decisions: "", trades: "", positions: "" };
    const seq = { signals: 0, decisions: 0, trades: 0, positions: 0 };
    const put = (kind, at, value) => (files[kind] += line({ timestamp_ms: at, session, seq: seq[kind]++, ...value }));
    const price = (i, k) => Math.round(100 * (20 + 5 * i + Math.sin(k / 9 + i))) / 100;
    let [top, cash] = [100_000, 100_000];
    for (let k = 1; k <= count; ++k) {
      const at = open + k * minute;
      const strength = symbols.map((_, i) => 3 * Math.sin(k / 20 + i));
      const order = symbols.map((_, i) => i).sort((a, b) => strength[b] - strength[a]);
      symbols.forEach((symbol, i) =>
        put("signals", at, {
          symbol, bar_timestamp_ms: at - minute, fresh: true, open: price(i, k), close: price(i, k), volume: 1000, sigma_bp: 5 + i, signal: 1,
          probability: 0.5 + strength[i] / 20, confidence: 0.51, edge_bp: strength[i], strength: strength[i], entry_strength: strength[i],
          rank: order.indexOf(i) + 1, staleness_s: 0, prediction: [0.1, 0.1, 0.1], expert_z: [0, 0, 0, 0], expert_weight: [0.25, 0.25, 0.25, 0.25], barred: "none",
        }));
      const trade = (side, shares) => {
        put("decisions", at, { symbol: "TQQQ", decision: side === "BUY" ? "ENTER" : "EXIT", reason: "made up", rank: 1, strength: 1, bars_held: 0 });
        put("trades", at + 100, {
          decision_timestamp_ms: at, symbol: "TQQQ", action: side === "BUY" ? "ENTRY" : "EXIT", side, shares, price: price(3, k), value: price(3, k) * shares, spread_cost: 1,
          fees: 0, cost: 1, client_order_id: `s-test-${k}-TQQQ-${side[0]}-1`, execution_id: "x", decision: "ENTER", reason: "made up", no_print: false,
          ...(side === "SELL" ? { pnl: 12.5, pnl_pct: 0.001, bars_held: 20 } : {}),
        });
        cash += (side === "BUY" ? -1 : 1) * price(3, k) * shares;
      };
      if (k % 30 === 5) trade("BUY", 1000);
      if (k % 30 === 25) trade("SELL", 1000);
      const held = k % 30 >= 5 && k % 30 < 25;
      const equity = Math.round(100 * (cash + (held ? 1000 * price(3, k) : 0))) / 100;
      top = Math.max(top, equity);
      put("positions", at, {
        positions: held ? [{ symbol: "TQQQ", shares: 1000, entry_price: price(3, k - (k % 30) + 5), mark: price(3, k), unrealized_pnl: 1000 * (price(3, k) - price(3, k - (k % 30) + 5)), rank: 2, strength: 1.5, bars_held: (k % 30) - 5 }] : [],
        cash, equity, total_unrealized_pnl: 0, drawdown: 1 - equity / top,
      });
    }
    for (const [kind, text] of Object.entries(files)) writeFileSync(join(directory, `${kind}_${session}.jsonl`), text);
    summaries.push(line({ session, opening_equity: 100_000, closing_equity: cash, counters: { bars: 6 * count }, refused: { threshold: 40 } }));
  }
  writeFileSync(join(directory, "sessions.jsonl"), summaries.join(""));
  writeFileSync(join(directory, "run.json"), JSON.stringify({ title: "mock", data_note: "made up for the page's tests", symbols }));
  return directory;
}
