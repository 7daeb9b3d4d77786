// Serves dist/index.html and replays the logs of a finished session as live messages. For tests and pictures
// only: the real server is the hub.
//   node dev/server.mjs --log-dir DIR [--date 2025-12-01] [--port 8088] [--from 120] [--speed 60] [--symbols 500]
// --from: the minute of the session to begin with; --speed: minutes of the session a minute. /view shows the
// finished session.
import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { finished_document, history_at, prices_at, snapshot_at } from "./replay.mjs";
import { load_session, session_dates } from "./log_session.mjs";
import { with_many_symbols } from "./many_symbols.mjs";
import { accept } from "./websocket.mjs";

const page = fileURLToPath(new URL("../dist/index.html", import.meta.url));

/**
 * options: {log_dir, date?, port?, from?, speed?, symbols?, events?, token?, period_ms?, alter?(snapshot)}. Resolves to
 * {address, say(message), drop(), refuse(on), pause(on), stop()}.
 */
export async function start_server(options) {
  const { log_dir, from = 0, speed = 60, events = [], token = "", period_ms = 1000, alter = (each) => each } = options;
  const dates = session_dates(log_dir);
  const date = options.date ?? dates[dates.length - 1];
  let session = load_session(log_dir, date);
  if (options.symbols) session = with_many_symbols(session, options.symbols);
  const instance = "desk-1";
  const viewers = new Set();
  const began = Date.now();
  let refusing = false;
  let paused = false;

  const venue_now = () => session.rounds[Math.min(from, session.rounds.length - 1)].at + (Date.now() - began) * speed;
  const index_now = () => {
    const at = venue_now();
    let index = Math.min(from, session.rounds.length - 1);
    while (index + 1 < session.rounds.length && session.rounds[index + 1].at <= at) ++index;
    return index;
  };
  const snapshot = () => alter(snapshot_at(session, index_now(), { instance, kind: session.kind, now: Math.min(venue_now(), session.hours.close) }));
  const say = (message) => viewers.forEach((viewer) => viewer.chosen && viewer.send(JSON.stringify(message)));

  let told = index_now();
  const timer = setInterval(() => {
    if (paused) return;
    const now = index_now();
    const [after, until] = [session.rounds[told].at, session.rounds[now].at];
    for (const event of session.events) if (event.at > after && event.at <= until) say({ type: "event", instance, ...event });
    told = now;
    if (viewers.size > 0) say(snapshot());
  }, period_ms);

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, "http://localhost");
    if (pathname === "/session.json") {
      const asked = searchParams.get("instance");
      const made = finished_document(dates.includes(asked) ? load_session(log_dir, asked) : session, dates);
      return response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(made));
    }
    if (pathname !== "/" && pathname !== "/view") return response.writeHead(404).end();
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" }).end(readFileSync(page));
  });
  server.on("upgrade", (request, socket) => {
    if (refusing || request.url !== "/live") return socket.destroy();
    const viewer = accept(request, socket);
    if (viewer === null) return;
    if (token && !viewer.spoken.includes(`sentio.token.${token}`)) return viewer.close(4401);
    viewers.add(viewer);
    viewer.on_close = () => viewers.delete(viewer);
    viewer.on_text = (text) => {
      const message = JSON.parse(text);
      if (message.type === "select") {
        viewer.chosen = true;
        const index = index_now();
        told = Math.max(told, index);
        viewer.send(JSON.stringify(history_at(session, index, { instance, events, whole: session.rounds[0].signals.length <= 20 })));
        viewer.send(JSON.stringify(snapshot()));
      }
      if (message.type === "prices") viewer.send(JSON.stringify(prices_at(session, index_now(), { instance, symbol: message.symbol })));
    };
    viewer.send(JSON.stringify({
      type: "hello", protocol: 1, version: "dev", at: Date.now(),
      instances: [{ id: instance, name: options.name ?? "desk-1", kind: session.kind, connected: true, since: began }],
    }));
  });
  await new Promise((ready) => server.listen(options.port ?? 0, "127.0.0.1", ready));
  return {
    session, instance, say, snapshot,
    address: `http://127.0.0.1:${server.address().port}`,
    drop: () => viewers.forEach((viewer) => viewer.cut()),
    refuse: (on) => (refusing = on),
    pause: (on) => (paused = on),
    async stop() {
      clearInterval(timer);
      viewers.forEach((viewer) => viewer.cut());
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = { type: "string" };
  const { values } = parseArgs({ options: { "log-dir": text, date: text, port: text, from: text, speed: text, symbols: text } });
  const number = (name, otherwise) => (values[name] === undefined ? otherwise : Number(values[name]));
  if (!values["log-dir"]) {
    console.error("dev/server.mjs: --log-dir DIR is missing; build/sentio-actors mock --log-dir DIR makes one");
    process.exit(2);
  }
  const started = await start_server({
    log_dir: values["log-dir"], date: values.date, port: number("port", 8088), from: number("from", 120), speed: number("speed", 60),
    symbols: number("symbols", 0),
  });
  console.log(`${started.address}  (finished session: ${started.address}/view)`);
}
