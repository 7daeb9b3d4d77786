// The headline: is it well, what did it earn, what does it hold. One or two sentences a person would say.
import { dollars, listed, signed_percent } from "./format.js";

function result(account, over) {
  const { pnl, opening_equity } = account;
  if (pnl === null) return over ? "The session is over" : "No account figures yet";
  const share = opening_equity ? ` (${signed_percent(pnl / opening_equity)})` : "";
  const start = over ? "The session ended" : "Today it is";
  if (Math.abs(pnl) < 0.005) return `${start} even`;
  return `${start} ${pnl > 0 ? "up" : "down"} ${dollars(Math.abs(pnl))}${share}`;
}

function holding(positions) {
  const names = positions.filter((each) => each.shares !== 0).map((each) => each.symbol);
  if (names.length === 0) return "flat";
  return names.length <= 4 ? `holding ${listed(names)}` : `holding ${names.length} symbols`;
}

function health(actors) {
  const ill = actors.filter((each) => each.state !== "up");
  if (actors.length === 0) return "";
  if (ill.length === 0) return ` All ${actors.length} actors are well.`;
  if (ill.length > 3) return ` Not well: ${ill.length} of ${actors.length} actors.`;
  const words = ill.map((each) => `${each.name} is ${each.state}`);
  return ` Not well: ${listed(words)}.`;
}

/** From what the store knows; `snapshot` may be null. */
export function headline(snapshot, actors) {
  if (!snapshot?.account) return "Waiting for the first figures.";
  const over = snapshot.session?.phase === "closed";
  return `${result(snapshot.account, over)}, ${holding(snapshot.positions)}.${over ? "" : health(actors)}`;
}

/** What must not be overlooked, or "". */
export function alarm(snapshot) {
  const account = snapshot?.account;
  if (account?.halted) return `Trading is HALTED${account.halt_reason ? `: ${account.halt_reason}` : ""}. It stays so until an operator re-arms it.`;
  if (account?.halt_reason) return `No entries: ${account.halt_reason}. Exits go on.`;
  if (account?.paused) return "Entries are paused by an operator; exits go on.";
  return "";
}
