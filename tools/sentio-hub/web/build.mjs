// Makes dist/index.html: one file, script and style inline, each allowed by its hash alone.
//   node build.mjs           writes dist/index.html
//   node build.mjs --check   writes nothing; exit 1 when dist/index.html is not what the sources give
import { createHash } from "node:crypto";
import { readFile, writeFile, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
export const bundle_file = here("dist/index.html");

async function bundle(entry, more = {}) {
  const made = await build({
    entryPoints: [here(entry)],
    bundle: true,
    minify: true,
    write: false,
    charset: "ascii", // the same bytes whatever the reader takes the file for
    target: ["chrome100", "firefox100", "safari15.4"],
    legalComments: "none", // uPlot's licence stands in the page as a comment
    logLevel: "warning",
    absWorkingDir: here("."),
    ...more,
  });
  return made.outputFiles[0].text.trimEnd();
}

const hash_of = (text) => `'sha256-${createHash("sha256").update(text, "utf8").digest("base64")}'`;

/** The whole page as text. */
export async function make_page() {
  const [template, licence, script, style] = await Promise.all([
    readFile(here("src/index.html"), "utf8"),
    readFile(here("node_modules/uplot/LICENSE"), "utf8"), // MIT wants to be named in every copy
    bundle("src/main.js", { format: "iife" }),
    bundle("src/style/page.css"),
  ]);
  const policy = [
    "default-src 'none'",
    `script-src ${hash_of(script)}`,
    `style-src ${hash_of(style)}`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const fill = { LICENCE: licence.trim(), POLICY: policy, STYLE: style, SCRIPT: script };
  // A function as replacement: "$&" and its like in the script are not patterns.
  return template.replace(/%(LICENCE|POLICY|STYLE|SCRIPT)%/g, (_, name) => fill[name]);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const page = await make_page();
  if (process.argv.includes("--check")) {
    const there = await readFile(bundle_file, "utf8").catch(() => "");
    const same = there === page;
    console.log(same ? "dist/index.html is what the sources give" : "dist/index.html differs: run npm run build");
    process.exit(same ? 0 : 1);
  }
  await mkdir(here("dist"), { recursive: true });
  await writeFile(bundle_file, page);
  console.log(`dist/index.html: ${Buffer.byteLength(page)} bytes`);
}
