// Keeps the hub's page open in headless Chromium until it is killed, and writes how many snapshots have come.
//   node watch_page.mjs http://127.0.0.1:PORT/ WEB_FOLDER COUNT_FILE
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [address, web, count_file] = process.argv.slice(2);
const { chromium } = createRequire(join(web, "package.json"))("playwright-core");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-dev-shm-usage"] });
process.on("SIGTERM", () => browser.close().finally(() => process.exit(0)));
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
let count = 0;
page.on("websocket", (socket) =>
  socket.on("framereceived", ({ payload }) => {
    if (JSON.parse(payload).type === "snapshot") writeFileSync(count_file, String(++count));
  }));
await page.goto(new URL("/", address).href);
