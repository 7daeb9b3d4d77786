// A session with as many symbols as wanted, each a disguised copy of a recorded one: for the page's speed.
export function with_many_symbols(session, count) {
  const names = Array.from({ length: count }, (_, i) => `S${String(i).padStart(3, "0")}`);
  const rounds = session.rounds.map((round) => {
    const base = round.signals;
    const signals = names.map((symbol, i) => {
      const from = base[i % base.length];
      const shift = 1 + Math.floor(i / base.length) / 50;
      return { ...from, symbol, close: Math.round(from.close * shift * 100) / 100, strength: from.strength / shift };
    });
    [...signals].sort((a, b) => b.strength - a.strength).forEach((each, place) => (each.rank = place + 1));
    const learners = signals.map((each, i) => ({ ...round.learners[i % base.length], symbol: each.symbol }));
    const rename = (symbol) => names[base.findIndex((each) => each.symbol === symbol)];
    return { ...round, signals, learners, book: { ...round.book, positions: round.book.positions.map((each) => ({ ...each, symbol: rename(each.symbol) })) } };
  });
  return { ...session, rounds };
}
