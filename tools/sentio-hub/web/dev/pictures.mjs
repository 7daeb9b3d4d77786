// The pictures of the README: node dev/pictures.mjs --log-dir DIR [--out ../../../docs]
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { start_server } from "./server.mjs";

const { values } = parseArgs({ options: { "log-dir": { type: "string" }, out: { type: "string", default: "../../../docs" }, full: { type: "boolean" } } });
const minute = 60_000;
const from = 330;

const trouble = (session) => {
  const at = (i) => session.rounds[i].at + 12_000;
  return [
    { at: at(61), kind: "alert", actor: "feed", text: "no bar of SVIX for 180 s" },
    { at: at(148), kind: "fault", actor: "feed", text: "stream closed by the venue: 1006" },
    { at: at(148) + 2000, kind: "restart", actor: "feed", text: "connected again after 2.1 s, 0 bars missed" },
    { at: at(214), kind: "command", actor: "operator", text: "pause entries, by ops (signed)" },
    { at: at(221), kind: "command", actor: "operator", text: "resume entries, by ops (signed)" },
    { at: at(287), kind: "fault", actor: "symbol[SVIX]", symbol: "SVIX", text: "killed by an operator: kill SVIX" },
    { at: at(287) + 400, kind: "restart", actor: "symbol[SVIX]", symbol: "SVIX", text: "folded 287 bars in 11 ms, answers equal" },
  ];
};

const probe = await start_server({ log_dir: values["log-dir"] });
const events = trouble(probe.session);
await probe.stop();
const alter = (snapshot) => {
  for (const actor of snapshot.actors) {
    if (actor.name === "feed") Object.assign(actor, { restarts: 1, last_error: "stream closed by the venue: 1006" });
    if (actor.name === "symbol[SVIX]") Object.assign(actor, { restarts: 1, last_error: "killed by an operator: kill SVIX" });
  }
  return snapshot;
};
const server = await start_server({ log_dir: values["log-dir"], from, speed: 1, events, alter });
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const shots = [["dashboard", 1280, 800, "light"], ["dashboard-dark", 1280, 800, "dark"], ["dashboard-phone", 390, 844, "light"]];
for (const [name, width, height, colorScheme] of shots) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme });
  page.on("console", (line) => console.log(name, line.text()));
  page.on("pageerror", (error) => console.log(name, String(error)));
  await page.goto(server.address);
  await page.waitForFunction(() => document.querySelector("#link").textContent === "live" && document.querySelectorAll("#ranking tbody tr").length > 0);
  await page.waitForTimeout(600);
  await page.screenshot({ path: join(values.out, `${name}.png`) });
  if (values.full) await page.screenshot({ path: join(values.out, `${name}-full.png`), fullPage: true });
  await page.close();
}
await browser.close();
await server.stop();
console.log(`pictures in ${values.out}; minute ${from} of the session, ${minute / 1000} s a minute`);
