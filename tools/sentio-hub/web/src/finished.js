// A finished session: one document instead of a stream, folded by the same store and drawn by the same panels.
import { read_message } from "./messages.js";
import { token } from "./token.js";

/** [hello, history, snapshot...] as checked messages. Throws Error with a sentence. */
export function messages_of(document) {
  const parts = [document?.hello, document?.history, ...(Array.isArray(document?.snapshots) ? document.snapshots : [])];
  const types = ["hello", "history"];
  const made = parts.map((part, i) => read_message({ ...part, type: types[i] ?? "snapshot" }));
  if (made.length < 3 || made.includes(null)) throw new Error("The session's document is not one that this page understands.");
  return made;
}

/** instance: a session's id, or "" for the newest. */
export async function load_session(instance) {
  const words = token() ? { headers: { Authorization: `Bearer ${token()}` } } : {};
  const address = `/session.json${instance ? `?instance=${encodeURIComponent(instance)}` : ""}`;
  const answer = await fetch(address, { ...words, cache: "no-store" });
  if (answer.status === 401) return null;
  if (!answer.ok) throw new Error(`The session could not be read: the server answered ${answer.status}.`);
  return messages_of(await answer.json());
}
