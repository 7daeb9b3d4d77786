// The lanes of the fault timeline; pure. A lane is an actor, or "session" for what has none.

export const trouble_kinds = ["fault", "restart", "alert", "command"];

/** → {lanes: [{name, marks: [{at, kind, text}]}], from, to, count}; the busiest `most` actors have a lane of their own. */
export function timeline(events, session, most = 6) {
  const trouble = events.filter((event) => trouble_kinds.includes(event.kind));
  const counts = new Map();
  const name_of = (event) => event.actor || event.symbol || "session";
  for (const event of trouble) counts.set(name_of(event), (counts.get(name_of(event)) ?? 0) + 1);
  const names = [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([name]) => name);
  const own = new Set(names.slice(0, names.length > most ? most - 1 : most));
  const lanes = new Map([...own].sort().map((name) => [name, []]));
  if (names.length > own.size) lanes.set("others", []);
  for (const event of trouble) lanes.get(own.has(name_of(event)) ? name_of(event) : "others").push({ at: event.at, kind: event.kind, text: event.text });
  const times = trouble.map((event) => event.at);
  const first = times.length ? Math.min(...times) : Infinity;
  const latest = times.length ? Math.max(...times) : -Infinity;
  const from = Math.min(session?.open ?? first, first);
  const to = Math.max(session?.close ?? latest, latest, from + 60_000);
  return {
    lanes: [...lanes].map(([name, marks]) => ({ name, marks: thin(marks, (to - from) / 150) })),
    from: Number.isFinite(from) ? from : 0, to: Number.isFinite(to) ? to : 1, count: trouble.length,
  };
}

/** Marks of one kind that would lie on each other become one with a count. */
function thin(marks, gap) {
  const kept = [];
  const last_of = new Map();
  for (const mark of marks) {
    const last = last_of.get(mark.kind);
    if (last && mark.at - last.at < gap) {
      ++last.count;
      continue;
    }
    const made = { ...mark, count: 1 };
    last_of.set(mark.kind, made);
    kept.push(made);
  }
  return kept;
}
