// Keeps the hub's page open in headless Chromium; when told to end (SIGTERM), writes what the page shows.
//   node watch_page.mjs http://127.0.0.1:PORT/ WEB_FOLDER TEXT_FILE
// Nothing looks into the browser before: a debugger that reads along would cost more than the page.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [address, web, text_file] = process.argv.slice(2);
const { chromium } = createRequire(join(web, "package.json"))("playwright-core");
const profile = mkdtempSync(join(tmpdir(), "watch-page-"));
const options = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--no-first-run", "--window-size=1280,900"];
const browser = spawn("/usr/bin/chromium", [...options, "--remote-debugging-port=0", `--user-data-dir=${profile}`, address],
  { stdio: "ignore" });
process.on("SIGTERM", async () => {
  try {
    const port = readFileSync(join(profile, "DevToolsActivePort"), "utf8").split("\n")[0];
    const connected = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
    writeFileSync(text_file, await connected.contexts()[0].pages()[0].innerText("body"));
  } catch (problem) {
    console.error(String(problem));
  }
  browser.on("exit", () => {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    process.exit(0);
  });
  browser.kill();
});
setInterval(() => {}, 1 << 30); // until then
