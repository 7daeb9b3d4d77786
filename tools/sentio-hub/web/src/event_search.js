// Which events does a search mean? All words must occur somewhere; "-word" must not. Pure.

export function parse_search(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return {
    wanted: words.filter((word) => !word.startsWith("-")),
    unwanted: words.filter((word) => word.startsWith("-") && word.length > 1).map((word) => word.slice(1)),
  };
}

/** kinds: a Set of kinds to show; empty: all. Newest first, at most `most`; also how many there are in all. */
export function find_events(events, text, kinds, most = 300) {
  const { wanted, unwanted } = parse_search(text);
  const rows = [];
  let count = 0;
  for (let i = events.length - 1; i >= 0; --i) {
    const event = events[i];
    if (kinds.size > 0 && !kinds.has(event.kind)) continue;
    if (wanted.length > 0 || unwanted.length > 0) {
      const all = `${event.kind} ${event.symbol} ${event.actor} ${event.text}`.toLowerCase();
      if (!wanted.every((word) => all.includes(word)) || unwanted.some((word) => all.includes(word))) continue;
    }
    ++count;
    if (rows.length < most) rows.push(event);
  }
  return { rows, count };
}
