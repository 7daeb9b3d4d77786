// Actors by their place in the graph, and one sentence of health for many of them; pure.
import { listed, micros, number, rate } from "./format.js";

export const worst_state = (actors) =>
  actors.length === 0 ? "unknown" : actors.some((each) => each.state === "down") ? "down" : actors.some((each) => each.state === "restarting") ? "restarting" : "up";

export const signs = { up: "●", restarting: "▲", down: "■", unknown: "○" };

/** role → actors, in the order given; a symbol's actor under "symbols". */
export function by_place(actors) {
  const made = new Map();
  for (const each of actors) {
    const place = each.role === "symbol" ? "symbols" : each.role;
    if (!made.has(place)) made.set(place, []);
    made.get(place).push(each);
  }
  return made;
}

/** The second line of a node. */
export function figures_text(actor) {
  if (!actor) return "not reported";
  if (actor.state !== "up") return actor.state;
  return actor.mailbox > 0 ? `${rate(actor.rate)}, ${number(actor.mailbox)} waiting` : `${rate(actor.rate)}, ${micros(actor.handler_p99_us)}`;
}

/** Lines for a node that stands for many symbols. */
export function crowd_lines(actors) {
  if (actors.length === 0) return ["symbols", "not reported"];
  const count = (state) => actors.filter((each) => each.state === state).length;
  const states = ["up", "restarting", "down"].filter((state) => state === "up" || count(state) > 0).map((state) => `${count(state)} ${state}`);
  const sum = actors.reduce((all, each) => all + (each.rate ?? 0), 0);
  const slowest = actors.reduce((most, each) => Math.max(most, each.handler_p99_us ?? 0), 0);
  const ill = actors.filter((each) => each.state !== "up").map((each) => each.symbol || each.name);
  const lines = [`${actors.length} symbols`, states.join(", "), `${rate(sum)}, slowest p99 ${micros(slowest)}`];
  if (ill.length > 0) lines.push(ill.length > 3 ? `${ill.slice(0, 3).join(", ")} and ${ill.length - 3} more` : listed(ill));
  return lines;
}
