// Wires the parts: messages into the store, the store's topics to the panels, once per frame at most.
import { read_colours } from "./charts.js";
import { connection } from "./connection.js";
import { by_id } from "./dom.js";
import { load_session } from "./finished.js";
import { read_text } from "./messages.js";
import { make_actors } from "./panels/actors.js";
import { make_counters } from "./panels/counters.js";
import { make_equity } from "./panels/equity.js";
import { make_events } from "./panels/events.js";
import { make_faults } from "./panels/faults.js";
import { make_graph } from "./panels/graph.js";
import { make_header } from "./panels/header.js";
import { make_learners } from "./panels/learners.js";
import { make_positions } from "./panels/positions.js";
import { make_price } from "./panels/price.js";
import { make_ranking } from "./panels/ranking.js";
import { make_tiles } from "./panels/tiles.js";
import { apply, choose_instance, forget_session, make_store, shown_symbol } from "./store.js";
import { start_theme } from "./theme.js";
import { keep_token, take_token, token } from "./token.js";

const store = make_store();
store.mode = location.pathname.endsWith("/view") ? "view" : "live";
const dirty = new Set();
const asked = new Set(); // symbols whose prices were asked for
let frame = 0;
let hub = null;

take_token();
read_colours();

// ---- panels and the topics that they are drawn for
const header = make_header({ choose: select });
const equity = make_equity({ equity: by_id("equity"), drawdown: by_id("drawdown"), equity_read: by_id("equity-read"), drawdown_read: by_id("drawdown-read") });
const price = make_price({
  place: by_id("price"), read_place: by_id("price-read"), chips_place: by_id("price-symbols"), choose: choose_symbol,
  want_prices(symbol) {
    if (asked.has(symbol) || hub === null) return;
    asked.add(symbol);
    hub.send({ type: "prices", instance: store.selected, symbol });
  },
});
const parts = (name) => ({ place: by_id(name), read_place: by_id(`${name}-read`), filter: by_id(`${name}-filter`) });
const draw_events = make_events({ ...parts("events"), search: by_id("events-search"), kinds_place: by_id("events-kinds") });
const draw_faults = make_faults({ ...parts("faults"), list: by_id("faults-last"), legend: by_id("faults-legend") });
const panels = [
  [["snapshot", "instances", "actors", "link"], (now) => header.draw(now)],
  [["snapshot", "actors"], make_tiles(by_id("tiles"))],
  [["equity"], (now) => equity.draw(now)],
  [["prices", "marks", "ranking", "snapshot", "symbol"], (now) => price.draw(now)],
  [["ranking", "symbol"], make_ranking({ ...parts("ranking"), choose: choose_symbol, shown: () => shown_symbol(store) })],
  [["snapshot"], make_positions(parts("positions"))],
  [["actors", "size"], make_graph(parts("graph"))],
  [["events"], draw_events],
  [["events", "faults-clock", "size"], draw_faults],
  [["learners"], make_learners(parts("learners"))],
  [["actors"], make_actors(parts("actors"))],
  [["counters"], make_counters(by_id("counters"))],
];

function draw() {
  frame = 0;
  const topics = new Set(dirty);
  dirty.clear();
  for (const [wanted, draw_panel] of panels) if (wanted.some((topic) => topics.has(topic))) draw_panel(store);
}
function changed(topics) {
  for (const topic of topics) dirty.add(topic);
  // A hidden page gets no frames; the store goes on, and everything is drawn when it is looked at again.
  if (frame === 0 && dirty.size > 0) frame = requestAnimationFrame(draw);
}

const all_topics = () => panels.flatMap(([topics]) => topics);

// ---- what the person does
function choose_symbol(symbol) {
  store.symbol = symbol;
  changed(["symbol"]);
}
function select(instance) {
  store.selected = instance;
  forget_session(store);
  asked.clear();
  const words = new URLSearchParams(location.hash.slice(1));
  words.set("instance", instance);
  history.replaceState(null, "", `${location.pathname}${location.search}#${words}`);
  changed(all_topics());
  if (store.mode === "view") view(instance);
  else hub.send({ type: "select", instance });
}
for (const name of ["ranking", "learners", "actors"]) by_id(`${name}-filter`).addEventListener("input", () => changed([name]));
by_id("token").addEventListener("submit", (event) => {
  event.preventDefault();
  keep_token(by_id("token-text").value);
  if (store.mode === "view") view(store.selected);
  else hub.open();
});
start_theme(by_id("theme"), () => {
  read_colours();
  equity.repaint();
  price.repaint();
});

// ---- what the hub says
function take(message) {
  changed(apply(store, message, Date.now()));
  if (message.type === "hello" || message.type === "instances") {
    const wanted = store.selected || new URLSearchParams(location.hash.slice(1)).get("instance");
    const chosen = choose_instance(store.instances, wanted);
    if (!chosen) return;
    if (store.mode === "view") return; // the document says whose it is
    if (chosen !== store.selected) select(chosen);
    // After a lost connection the hub knows nothing of this page; the old figures stay until the new ones come.
    else if (message.type === "hello") hub.send({ type: "select", instance: chosen });
  }
}
function listen() {
  hub = new connection({
    token,
    heard(text) {
      const message = read_text(text);
      if (message === null) ++store.refused;
      else take(message);
    },
    changed(link) {
      store.link = link;
      asked.clear();
      changed(["link"]);
    },
  });
  hub.open();
}
async function view(instance) {
  try {
    const messages = await load_session(instance);
    store.link = { state: messages === null ? "token" : "open", since: null, next: null };
    for (const message of messages ?? []) {
      if (message.type === "history") store.selected = message.instance;
      take(message);
    }
  } catch (failure) {
    by_id("headline").textContent = failure.message;
    return;
  }
  changed([...all_topics(), "link"]);
}

setInterval(() => {
  header.tick(store);
  changed(Date.now() % 10_000 < 1000 ? ["faults-clock"] : []);
}, 1000);
new ResizeObserver(() => changed(["size"])).observe(by_id("graph"));
if (store.mode === "view") view(new URLSearchParams(location.hash.slice(1)).get("instance") ?? "");
else listen();
