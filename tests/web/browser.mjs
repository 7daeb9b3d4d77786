// A page in a browser on dev/server.mjs, for the tests that need one.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { made_up_logs, start_browser, web, without_browser } from "./lab.mjs";

export const skip = without_browser();
export const options = { skip, timeout: 60_000 };
const { start_server } = skip ? {} : await import(join(web, "dev/server.mjs"));

let browser;
let logs;
before(async () => {
  if (skip) return console.log(`skipped the page in a browser: ${skip}`);
  logs = made_up_logs();
  browser = await start_browser();
});
after(async () => {
  await browser?.close();
  if (logs) rmSync(logs, { recursive: true });
});

/** Runs `body` with a page on a server; afterwards: no request to another host, no error unless expected. */
export async function with_page(how, body) {
  const server = await start_server({ log_dir: logs, from: 80, speed: 1, period_ms: 250, ...how.server });
  const context = await browser.newContext({ viewport: how.viewport ?? { width: 1280, height: 800 }, colorScheme: how.scheme ?? "light", hasTouch: how.touch ?? false });
  const page = await context.newPage();
  const foreign = [];
  const errors = [];
  const host = new URL(server.address).host;
  const note = (address) => new URL(address).host !== host && !address.startsWith("data:") && foreign.push(address);
  await context.route("**/*", (route) => (note(route.request().url()), route.continue()));
  page.on("request", (request) => note(request.url()));
  page.on("websocket", (socket) => note(socket.url()));
  page.on("console", (line) => ["error", "warning"].includes(line.type()) && !line.text().startsWith("Canvas2D: Multiple readback") && errors.push(line.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  try {
    await page.goto(server.address + (how.path ?? "/"));
    if (how.ready !== false) await page.waitForFunction(() => document.querySelector("#link").className !== "link waiting" && document.querySelectorAll("#ranking tbody tr").length > 0);
    await body(page, server);
    assert.deepEqual(foreign, []);
    if (!how.errors) assert.deepEqual(errors, []);
  } finally {
    await context.close();
    await server.stop();
  }
}
export const text = (page, selector) => page.locator(selector).innerText();
export const rows = (page, table) => page.locator(`${table} tbody tr`).evaluateAll((lines) => lines.map((each) => [...each.cells].map((cell) => cell.textContent)));
export const link_is = (page, wanted, timeout = 15_000) => page.waitForFunction((text) => document.querySelector("#link").textContent.startsWith(text), wanted, { timeout });
/** How much is painted on the canvas besides its ground. */
export const painted = (page, chart) =>
  page.locator(`${chart} canvas`).evaluate((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i] > 0) ++count;
    return count;
  });
