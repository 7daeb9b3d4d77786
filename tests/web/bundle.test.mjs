// The pre-built page is what the sources give, and keeps to itself.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { web } from "./lab.mjs";

const page = readFileSync(join(web, "dist/index.html"), "utf8");
const built = existsSync(join(web, "node_modules/esbuild")) && existsSync(join(web, "node_modules/uplot"));

test("dist/index.html is byte for byte what the sources give, twice", { skip: !built && "npm ci in tools/sentio-hub/web was not run" }, async () => {
  const { make_page } = await import(join(web, "build.mjs"));
  const [first, second] = [await make_page(), await make_page()];
  assert.equal(first, second);
  assert.ok(first === page, "dist/index.html differs from its sources: npm run build in tools/sentio-hub/web");
});

test("the page allows its own script and style by hash, and nothing else", () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)[1];
  const script = /<script>([\s\S]*?)<\/script>/.exec(page)[1];
  const style = /<style>([\s\S]*?)<\/style>/.exec(page)[1];
  const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  const rules = Object.fromEntries(policy.split("; ").map((rule) => [rule.split(" ")[0], rule.split(" ").slice(1).join(" ")]));
  assert.deepEqual(rules, {
    "default-src": "'none'", "script-src": hash(script), "style-src": hash(style), "connect-src": "'self'", "img-src": "data:", "base-uri": "'none'", "form-action": "'none'",
  });
  assert.equal(page.match(/<script/g).length, 1);
  assert.doesNotMatch(page, /\son\w+="|\sstyle="|javascript:/);
});

test("the page names no other host, and is small", () => {
  const hosts = new Set([...page.replace(/<!-- [\s\S]*?-->/, "").matchAll(/\b(?:https?|wss?):\/\/([\w.-]+)/g)].map(([, host]) => host));
  assert.match(page, /Permission is hereby granted, free of charge/); // the charts' licence
  assert.deepEqual([...hosts], ["www.w3.org"]); // SVG's name space
  assert.ok(page.length < 160_000, `${page.length} bytes`);
});

test("nothing in the sources writes markup or runs text", () => {
  for (const name of readdirSync(join(web, "src"), { recursive: true }).filter((each) => each.endsWith(".js"))) {
    const text = readFileSync(join(web, "src", name), "utf8");
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/, name);
    assert.ok(text.split("\n").length <= 300, `${name} is longer than 300 lines`);
  }
});

test("the lock file names every package by hash, and no download address", () => {
  const lock = JSON.parse(readFileSync(join(web, "package-lock.json"), "utf8"));
  for (const [name, entry] of Object.entries(lock.packages)) {
    if (name === "") continue;
    assert.match(entry.integrity, /^sha512-/, name);
    if (entry.resolved) assert.match(entry.resolved, /^https:\/\/registry\.npmjs\.org\//, name);
  }
});
