// Does the hub's page show these words, in headless Chromium, within 15 s?
//   node seen.mjs PAGE_ADDRESS WEB_FOLDER WORD...
import { createRequire } from "node:module";
import { join } from "node:path";

const [address, web, ...words] = process.argv.slice(2);
const { chromium } = createRequire(join(web, "package.json"))("playwright-core");
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
try {
  await page.goto(address + "/");
  // One line of the events has them all.
  await page.waitForFunction(
    (all) => [...document.querySelectorAll("#events li")].some((line) => all.every((word) => line.textContent.includes(word))),
    words, { timeout: 15_000 });
} catch (problem) {
  console.log(await page.evaluate(() => document.body.innerText));
  console.error(problem.message);
  process.exitCode = 1;
} finally {
  await browser.close();
}
