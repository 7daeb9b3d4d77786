// The WebSocket to the hub: opened, lost, opened again. Tells `heard(text)` and `changed(link)`.
import { wait_ms } from "./backoff.js";

export const token_refused = 4401; // close code of the hub: no token, or a wrong one
const opening_ms = 8000; // an attempt that takes longer is given up
const silence_ms = 20_000; // an open connection that says nothing for so long is dead

export class connection {
  constructor({ token, heard, changed }) {
    this.heard = heard;
    this.changed = changed;
    this.token = token;
    this.attempt = 0;
    this.lost_since = null;
    this.socket = null;
    this.timer = 0;
    addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
  }

  open() {
    clearTimeout(this.timer);
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    const words = ["sentio.1"];
    if (this.token()) words.push(`sentio.token.${this.token()}`);
    let socket;
    try {
      socket = new WebSocket(`${scheme}//${location.host}/live`, words);
    } catch {
      // Characters that no token has.
      return this.changed({ state: "token", since: this.lost_since, next: null });
    }
    this.socket = socket;
    this.watch(opening_ms);
    socket.onopen = () => {
      this.lost_since = null;
      this.watch(silence_ms);
      this.changed({ state: "open", since: Date.now(), next: null });
    };
    socket.onmessage = (message) => {
      this.attempt = 0; // a hub that only accepts and closes is not asked every second
      this.watch(silence_ms);
      if (typeof message.data === "string") this.heard(message.data);
    };
    socket.onclose = (event) => socket === this.socket && this.lost(event.code);
  }

  send(message) {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(JSON.stringify(message));
  }

  watch(milliseconds) {
    clearTimeout(this.timer);
    const socket = this.socket;
    this.timer = setTimeout(() => {
      // close() alone waits for an answer of the other side, which may be frozen.
      socket.close();
      if (socket === this.socket) this.lost(0);
    }, milliseconds);
  }

  lost(code) {
    clearTimeout(this.timer);
    this.socket = null;
    this.lost_since ??= Date.now();
    if (code === token_refused) return this.changed({ state: "token", since: this.lost_since, next: null });
    const wait = wait_ms(this.attempt++, Math.random());
    this.changed({ state: "lost", since: this.lost_since, next: Date.now() + wait });
    this.timer = setTimeout(() => this.open(), wait);
  }

  /** The person is back, or the network is: do not wait any longer. */
  hurry() {
    if (this.socket === null && this.lost_since !== null) this.open();
  }
}
