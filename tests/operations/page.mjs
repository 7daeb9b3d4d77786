// The hub's page of a running session in headless Chromium: its figures against those of the hub's own stream.
//   node page.mjs http://127.0.0.1:PORT WEB_FOLDER SCRATCH
import { createRequire } from "node:module";
import { join } from "node:path";

const [address, web, scratch] = process.argv.slice(2);
const { chromium } = createRequire(join(web, "package.json"))("playwright-core");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const problems = [];
const foreign = [];
let good = 0;
const check = (what, holds, found = "") => {
  if (!holds) throw new Error(`${what}: ${found}`);
  ++good;
  console.log(`good: ${what}`);
};

try {
  for (const [name, width, height] of [["desktop", 1280, 900], ["phone", 390, 844]]) {
    const page = await browser.newPage({ viewport: { width, height } });
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("request", (request) => new URL(request.url()).host !== new URL(address).host && foreign.push(request.url()));
    const snapshots = [];
    page.on("websocket", (socket) =>
      socket.on("framereceived", ({ payload }) => {
        const message = JSON.parse(payload);
        if (message.type === "snapshot") snapshots.push(message);
      }));
    await page.goto(address + "/");
    await page.waitForFunction(() => /live/.test(document.body.innerText), null, { timeout: 15_000 });
    await page.waitForTimeout(4_000);
    check(`${name}: snapshots arrive`, snapshots.length >= 3, `${snapshots.length} in 4 s`);
    const text = await page.evaluate(() => document.body.innerText);
    const money = (value) => "$" + Math.abs(value).toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    const last = snapshots.slice(-3).filter((each) => each.account);
    check(`${name}: the equity is the stream's`, last.some((each) => text.includes(money(each.account.equity))), text.slice(0, 300));
    const actors = snapshots.findLast((each) => each.actors)?.actors ?? [];
    check(`${name}: all actors are named`, actors.length === 14 && actors.every((each) => text.includes(each.name)), `${actors.length}`);
    const ranking = snapshots.findLast((each) => each.ranking)?.ranking ?? [];
    check(`${name}: all symbols are ranked`, ranking.length === 6 && ranking.every((each) => text.includes(each.symbol)), `${ranking.length}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
    check(`${name}: no sideways scroll`, !wide);
    await page.screenshot({ path: join(scratch, `${name}.png`), fullPage: true });
    await page.close();
  }
  check("no error on the console", problems.length === 0, problems.join("; "));
  check("no request to another host", foreign.length === 0, foreign.join("; "));
} catch (problem) {
  console.error(problem.message);
  process.exitCode = 1;
} finally {
  await browser.close();
}
if (good === 0) process.exitCode = 1;
