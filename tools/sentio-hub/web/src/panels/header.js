// The bar at the top: which instance, which session, is the page up to date; and what must not be overlooked.
import { by_id, element, set_class, set_hidden, set_text } from "../dom.js";
import { clock, clock_seconds, signed_percent, span } from "../format.js";
import { protocol } from "../messages.js";
import { alarm, headline } from "../sentence.js";

export const late_after_ms = 5000;

/** {state, text} of the connection, at this browser's time `now`; pure. */
export function link_words(store, now) {
  const { link } = store;
  if (store.mode === "view") return store.heard_at ? { state: "finished", text: "finished session" } : { state: "waiting", text: "reading the logs" };
  if (link.state === "token") return { state: "lost", text: "not connected: the hub asks for its token" };
  if (link.state === "lost") {
    const next = link.next === null ? "" : `, trying again in ${Math.max(0, Math.ceil((link.next - now) / 1000))}\u00a0s`;
    return { state: "lost", text: `not connected since ${clock_seconds(link.since)}${next}` };
  }
  if (link.state === "connecting") return { state: "waiting", text: "connecting" };
  if (store.hub && store.hub.protocol !== protocol)
    return { state: "late", text: `the hub speaks version ${store.hub.protocol ?? "?"} of the messages, this page ${protocol}: reload the page` };
  if (store.hub && store.instances.length === 0) return { state: "waiting", text: "connected; no instance reports yet" };
  if (store.heard_at === null) return { state: "waiting", text: "connected; waiting for figures" };
  const instance = store.instances.find((each) => each.id === store.selected);
  const gone = instance && !instance.connected ? "the instance is not connected to the hub; " : "";
  const age = now - store.heard_at;
  if (age > late_after_ms) return { state: "late", text: `${gone}no news for ${span(age / 1000)}` };
  return gone ? { state: "late", text: gone.slice(0, -2) } : { state: "live", text: "live" };
}

/** What a screen reader is told: changes of state, not seconds. */
const spoken = { live: "live", finished: "finished session", waiting: "waiting for figures", late: "no news, the figures are old", lost: "not connected, the figures are old" };

/** The tab's title says the most important thing first; pure. */
export function title_of(store, state) {
  const account = store.snapshot?.account;
  const words = [];
  if (state === "lost" || state === "late") words.push("✕ not up to date");
  if (account?.halted) words.push("▲ HALTED");
  else if (account?.halt_reason) words.push("▲ no entries");
  if (account?.pnl != null && account.opening_equity) words.push(signed_percent(account.pnl / account.opening_equity));
  const instance = store.instances.find((each) => each.id === store.selected);
  words.push(instance?.name || store.selected || "sentio-actors");
  return words.join(" · ");
}

export function make_header({ choose }) {
  const parts = Object.fromEntries(["instance", "kind", "session", "clock", "link", "headline", "alarm", "note", "refused", "token", "spoken"].map((name) => [name, by_id(name)]));
  parts.instance.addEventListener("change", () => choose(parts.instance.value));
  let listed = "";

  function draw_instances(store) {
    const now = JSON.stringify([store.selected, store.instances]);
    if (now === listed) return;
    listed = now;
    parts.instance.replaceChildren(
      ...store.instances.map((each) => element("option", { value: each.id }, (each.name || each.id) + (each.connected || each.kind === "finished" ? "" : " (away)"))),
    );
    parts.instance.value = store.selected;
    set_hidden(parts.instance, store.instances.length === 0);
    parts.instance.disabled = store.instances.length < 2;
  }

  return {
    draw(store) {
      draw_instances(store);
      const session = store.snapshot?.session;
      const kind = session?.kind ?? "";
      set_hidden(parts.kind, !kind);
      set_text(parts.kind, kind === "real" ? "REAL MONEY" : kind);
      set_class(parts.kind, kind === "real" ? "badge real" : "badge");
      const hours = session?.open ? `, ${clock(session.open)} to ${clock(session.close)}` : "";
      set_text(parts.session, session ? `${session.date}${hours}${session.phase ? ` · ${session.phase.replaceAll("_", " ")}` : ""}` : "");
      set_text(parts.clock, session ? clock_seconds(session.venue_time) : "");
      set_text(parts.headline, headline(store.snapshot, store.actors));
      set_text(parts.alarm, alarm(store.snapshot));
      set_hidden(parts.alarm, parts.alarm.textContent === "");
      set_text(parts.note, session?.data_note ?? "");
      set_hidden(parts.note, !session?.data_note);
      set_text(parts.refused, store.refused ? `${store.refused} messages of the hub were not understood and left out.` : "");
      this.tick(store);
    },
    tick(store) {
      const { state, text } = link_words(store, Date.now());
      set_text(parts.link, text);
      set_text(parts.spoken, spoken[state]);
      const title = title_of(store, state);
      if (document.title !== title) document.title = title;
      set_class(parts.link, `link ${state}`);
      document.body.classList.toggle("old", state === "late" || state === "lost");
      set_hidden(parts.token, store.link.state !== "token");
    },
  };
}
